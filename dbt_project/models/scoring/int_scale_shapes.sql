-- One row per scale: how many items and components it has, and all that scoring needs to know.
{{ config(materialized='view') }}

with scales as (

    select * from {{ ref('stg_registry__scales') }}

),

sizes as (

    select
        scale_id,
        cast(count(distinct item) as integer) as item_count,
        cast(count(distinct component) as integer) as component_count
    from {{ ref('stg_registry__scale_items') }}
    group by scale_id

)

select
    scales.scale_id,
    scales.instrument_id,
    scales.scale_kind,
    scales.is_primary,
    scales.is_higher_better,
    scales.construct,
    scales.scoring_rule,
    scales.converted_from,
    scales.scoring_variant,
    scales.multiplier,
    scales.missing_rule,
    scales.minimum_items_answered,
    coalesce(sizes.item_count, 0) as item_count,
    coalesce(sizes.component_count, 0) as component_count
from scales
left join sizes
    on scales.scale_id = sizes.scale_id
