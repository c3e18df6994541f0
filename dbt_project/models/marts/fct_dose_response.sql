select
    ---------- which
    metric_id,
    program_id,
    contact_source,
    ending_kind,
    threshold_set,
    scale_id,
    session_count,
    session_count is not null and session_count >= {{ var('dose_top_sessions') }} as is_top_group,

    ---------- how much: ten digits, as everywhere
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,

    ---------- how many
    numerator_count,
    sample_size,
    missing_count,
    left_out_count,
    course_count,
    censored_count,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('change', 'dose_response_estimates') }}
