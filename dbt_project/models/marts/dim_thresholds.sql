-- One row per published threshold of a scale, whoever it is from; the default ones are used.
select
    threshold_id,
    scale_id,
    threshold_set,
    threshold_kind,
    operator,
    value,
    population,
    is_default,
    valid_from,
    valid_to,
    citation,
    status,
    origin
from {{ ref('stg_registry__thresholds') }}
