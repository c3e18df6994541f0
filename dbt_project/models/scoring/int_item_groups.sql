-- One row per item: the group of items whose answers enter the same scales in the same way.
-- Sums over a group serve every scale the group belongs to: the 26 answers of an SCS are added up
-- into six sums once, and its eleven scales are made of those.
{{ config(materialized='table') }}

with memberships as (

    select * from {{ ref('int_scale_memberships') }}

),

sizes as (

    select
        instrument_id,
        item,
        count(*) as membership_count
    from memberships
    group by instrument_id, item

),

-- Two items belong together when each membership of the one is a membership of the other.
pairs as (

    select
        mine.instrument_id,
        mine.item,
        other.item as other_item,
        count(*) as common_count
    from memberships as mine
    inner join memberships as other
        on
            mine.scale_id = other.scale_id
            and mine.component = other.component
            and mine.is_reversed = other.is_reversed
            and mine.range_sum = other.range_sum
            and mine.counted_once = other.counted_once
    group by mine.instrument_id, mine.item, other.item

),

first_items as (

    select
        pairs.instrument_id,
        pairs.item,
        min(pairs.other_item) as first_item
    from pairs
    inner join sizes as mine
        on
            pairs.instrument_id = mine.instrument_id
            and pairs.item = mine.item
    inner join sizes as other
        on
            pairs.instrument_id = other.instrument_id
            and pairs.other_item = other.item
    where
        pairs.common_count = mine.membership_count
        and pairs.common_count = other.membership_count
    group by pairs.instrument_id, pairs.item

)

select
    first_items.instrument_id,
    first_items.item,
    first_items.first_item,
    cast(
        dense_rank() over (order by first_items.instrument_id, first_items.first_item) as integer
    ) as item_group,
    items.response_minimum
from first_items
inner join {{ ref('stg_registry__items') }} as items
    on
        first_items.instrument_id = items.instrument_id
        and first_items.item = items.item
