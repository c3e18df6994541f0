select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    direction,
    early_window,

    ---------- how much: eight digits, for the order of parallel sums moves the last ones
    round(estimate, 8) as estimate,
    round(own_estimate, 8) as own_estimate,
    round(mean_slope, 8) as mean_slope,
    round(standard_error, 8) as standard_error,
    round(interval_low, 8) as interval_low,
    round(interval_high, 8) as interval_high,

    ---------- how many
    client_count,
    occasion_count,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'early_change_estimates') }}
