-- One row per scale, item and component: how the item's answer enters the scale.
-- A component is a group of items whose mean is taken first (the six subscales in one of the SCS
-- totals).
{{ config(materialized='table') }}

with numbered as (

    select
        scales.scale_id,
        scales.instrument_id,
        scale_items.item,
        scale_items.component,
        scale_items.is_reversed,
        items.response_minimum + items.response_maximum as range_sum,
        row_number() over (
            partition by scales.scale_id, scale_items.item order by scale_items.component
        ) as place
    from {{ ref('stg_registry__scales') }} as scales
    inner join {{ ref('stg_registry__scale_items') }} as scale_items
        on scales.scale_id = scale_items.scale_id
    inner join {{ ref('stg_registry__items') }} as items
        on
            scales.instrument_id = items.instrument_id
            and scale_items.item = items.item

)

select
    scale_id,
    instrument_id,
    item,
    component,
    -- Numbers for the names: grouping millions of rows by number takes a quarter of the time.
    cast(dense_rank() over (order by scale_id) as integer) as scale_number,
    cast(dense_rank() over (order by scale_id, component) as integer) as component_number,
    is_reversed,
    -- A reversed answer counts as minimum + maximum - answer.
    range_sum,
    -- An item that stands in two components (EDE-Q item 8) is one answered item all the same.
    case when place = 1 then 1 else 0 end as counted_once
from numbered
