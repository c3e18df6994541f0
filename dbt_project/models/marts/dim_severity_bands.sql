-- One row per scale, set of bands and severity band; the default set is used.
select
    scale_id,
    band_set,
    band_order,
    label,
    score_minimum,
    score_maximum,
    population,
    is_default,
    valid_from,
    valid_to,
    citation,
    status,
    origin
from {{ ref('stg_registry__severity_bands') }}
