-- One row per scale and severity band, edge to edge: a prorated 9.5 lies in the band that 9 ends.
{{ config(materialized='view') }}

select
    scale_id,
    label,
    score_minimum as score_from,
    coalesce(
        lead(score_minimum) over (partition by scale_id order by band_order, score_minimum),
        cast('infinity' as double)
    ) as score_below
from {{ ref('stg_registry__severity_bands') }}
where is_default
