select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    order_basis,

    ---------- how many
    episode_count,
    process_first_count,
    together_count,
    outcome_first_count,
    process_only_count,
    outcome_only_count,
    neither_count,
    unknown_count,

    ---------- how much, and at which resolution
    estimate,
    interval_low,
    interval_high,
    sample_size,
    p_value,
    median_lead_days,
    process_days_between_scores,
    outcome_days_between_scores,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'change_order_estimates') }}
