select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    is_adjusted_for_time,
    direction,

    ---------- how much
    within_slope,
    between_slope,
    standard_error,
    interval_low,
    interval_high,

    ---------- how many
    client_count,
    occasion_count,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'within_person_estimates') }}
