select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    direction,
    model,

    ---------- how much: eight digits, for the order of parallel sums moves the last ones
    round(within_slope, 8) as within_slope,
    round(between_slope, 8) as between_slope,
    round(autoregression, 8) as autoregression,
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
from {{ source('relations', 'within_model_estimates') }}
