-- One row per administration and scale: what the items alone say, complete or not.
-- One path for every instrument. A component is a group of items whose mean is taken first
-- (the six subscales in one of the SCS totals); a plain sum or mean has a single component.
{{ config(materialized='view') }}

with answers as (

    select
        administration_key,
        instrument_id,
        item,
        response_value
    from {{ ref('stg_raw__item_responses') }}
    where response_value is not null

),

-- What each item adds to each scale it belongs to: value = intercept + sign x response.
keys as (

    select
        scales.scale_id,
        scales.instrument_id,
        scale_items.item,
        coalesce(scale_items.component, 'all items') as component,
        case when scale_items.is_reversed then -1.0 else 1.0 end as sign,
        case
            when scale_items.is_reversed then items.response_minimum + items.response_maximum
            else 0.0
        end as intercept
    from {{ ref('stg_registry__scales') }} as scales
    inner join {{ ref('stg_registry__scale_items') }} as scale_items
        on scales.scale_id = scale_items.scale_id
    inner join {{ ref('stg_registry__items') }} as items
        on
            scales.instrument_id = items.instrument_id
            and scale_items.item = items.item

),

components as (

    select
        answers.administration_key,
        keys.scale_id,
        keys.component,
        sum(keys.intercept + keys.sign * answers.response_value) as component_sum,
        count(*) as answered_count
    from answers
    inner join keys
        on
            answers.instrument_id = keys.instrument_id
            and answers.item = keys.item
    group by answers.administration_key, keys.scale_id, keys.component

)

select
    administration_key,
    scale_id,
    cast(sum(answered_count) as integer) as items_answered_count,
    sum(component_sum) as item_sum,
    -- Threads add in any order, which moves the last bit: unrounded, a score would change between
    -- two runs over the same answers, and no change at all would show as one of 1e-15.
    round(sum(component_sum / answered_count), 10) as component_mean_sum,
    cast(count(*) as integer) as components_answered_count
from components
group by administration_key, scale_id
