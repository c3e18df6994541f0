-- Ten digits: the order of parallel sums moves the last ones.
select
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,
    analysis,
    sample_size,
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(standardised_estimate, 10) as standardised_estimate,
    status,
    method,
    evidence_label
from {{ source('relations', 'sensitivity_estimates') }}
