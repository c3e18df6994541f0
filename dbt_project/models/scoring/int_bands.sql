-- One row per scale, set of bands and band, edge to edge: a prorated 9.5 lies in the band that 9
-- ends.
{{ config(materialized='view') }}

select
    scale_id,
    band_set,
    is_default,
    label,
    valid_from,
    valid_to,
    score_minimum as score_from,
    coalesce(
        lead(score_minimum) over (
            partition by scale_id, band_set order by band_order, score_minimum
        ),
        cast('infinity' as double)
    ) as score_below
from {{ ref('stg_registry__severity_bands') }}
where status <> 'unconfirmed'
