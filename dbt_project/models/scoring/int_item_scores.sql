-- One row per administration and scale: what the items alone say, complete or not.
-- One path for every instrument: answers are added up by group of items, and scales are made of the
-- groups (int_item_groups).
{{ config(materialized='view') }}

with sums as (

    select
        answers.administration_key,
        item_groups.item_group,
        -- Summed from the lowest answer: a value of both sides keeps DuckDB 2.0 from grouping by
        -- item before the join, which makes ten million groups of one answer each.
        sum(answers.response_value - item_groups.response_minimum) as raised_sum,
        sum(item_groups.response_minimum) as minimum_sum,
        count(*) as answered_count
    from {{ ref('stg_raw__item_responses') }} as answers
    inner join {{ ref('int_item_groups') }} as item_groups
        on
            answers.instrument_id = item_groups.instrument_id
            and answers.item = item_groups.item
    where answers.response_value is not null
    group by answers.administration_key, item_groups.item_group

),

-- What each group of items adds to each scale it belongs to.
keys as (

    select
        item_groups.item_group,
        memberships.component_number,
        memberships.is_reversed,
        memberships.range_sum,
        memberships.counted_once
    from {{ ref('int_item_groups') }} as item_groups
    inner join {{ ref('int_scale_memberships') }} as memberships
        on
            item_groups.instrument_id = memberships.instrument_id
            and item_groups.item = memberships.item
    where item_groups.item = item_groups.first_item

),

components as (

    select
        sums.administration_key,
        keys.component_number,
        sum(
            case
                when keys.is_reversed
                    then sums.answered_count * keys.range_sum - sums.minimum_sum - sums.raised_sum
                else sums.minimum_sum + sums.raised_sum
            end
        ) as component_sum,
        sum(sums.answered_count) as answered_count,
        sum(sums.answered_count * keys.counted_once) as items_answered_count
    from sums
    inner join keys
        on sums.item_group = keys.item_group
    group by sums.administration_key, keys.component_number

),

scales as (

    select distinct
        component_number,
        scale_number,
        scale_id
    from {{ ref('int_scale_memberships') }}

),

totals as (

    select
        components.administration_key,
        scales.scale_number,
        cast(sum(components.items_answered_count) as integer) as items_answered_count,
        sum(components.component_sum) as item_sum,
        -- Threads add in any order, which moves the last bit: unrounded, a score would change
        -- between two runs over the same answers, and no change at all would show as one of 1e-15.
        round(sum(components.component_sum / components.answered_count), 10) as component_mean_sum,
        cast(count(*) as integer) as components_answered_count
    from components
    inner join scales
        on components.component_number = scales.component_number
    group by components.administration_key, scales.scale_number

),

scale_names as (

    select distinct
        scale_number,
        scale_id
    from scales

)

select
    totals.administration_key,
    scale_names.scale_id,
    totals.items_answered_count,
    totals.item_sum,
    totals.component_mean_sum,
    totals.components_answered_count
from totals
inner join scale_names
    on totals.scale_number = scale_names.scale_number
