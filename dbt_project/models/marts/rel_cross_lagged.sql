select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    model,
    direction,

    ---------- how much: eight digits, for the order of parallel sums moves the last ones
    round(estimate, 8) as estimate,
    round(autoregression, 8) as autoregression,
    round(standard_error, 8) as standard_error,
    round(interval_low, 8) as interval_low,
    round(interval_high, 8) as interval_high,

    ---------- how many
    wave_count,
    client_count,

    ---------- how sure
    status,
    reason,
    method,
    evidence_label
from {{ source('relations', 'cross_lagged_estimates') }}
