-- Ten digits: the order of parallel sums moves the last ones.
select
    stratum_kind,
    stratum_id,
    practice_id,
    component_scale_id,
    interval_name,
    sample_size,
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(p_value, 10) as p_value,
    round(q_value, 10) as q_value,
    comparisons_count,
    status,
    method,
    evidence_label
from {{ source('relations', 'practice_estimates') }}
