-- Ten digits: the order of parallel sums moves the last ones.
select
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,
    moderator_kind,
    moderator_id,
    moderator_level,
    sample_size,
    round(moderator_value, 10) as moderator_value,
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(p_value, 10) as p_value,
    status,
    method,
    evidence_label
from {{ source('relations', 'moderation_estimates') }}
