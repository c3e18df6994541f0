select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    is_adjusted_for_time,
    direction,

    ---------- how much: ten digits, for the order of parallel sums moves the last ones
    round(within_slope, 10) as within_slope,
    round(between_slope, 10) as between_slope,
    round(standard_error, 10) as standard_error,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,

    ---------- how many
    client_count,
    occasion_count,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'within_person_estimates') }}
