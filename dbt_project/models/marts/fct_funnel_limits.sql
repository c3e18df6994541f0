select
    ---------- which
    program_id,
    unit_kind,
    unit_id,
    period_kind,
    period,
    population,
    threshold_set,
    metric_id,
    adjustment,
    adjusted_for,

    ---------- the rate and what it is set beside: ten digits, as everywhere
    round(estimate, 10) as estimate,
    round(target, 10) as target,
    numerator_count,
    sample_size,
    round(expected_count, 10) as expected_count,
    round(observed_to_expected, 10) as observed_to_expected,
    unit_count,
    round(dispersion_ratio, 10) as dispersion_ratio,
    round(between_unit_variance, 10) as between_unit_variance,

    ---------- the limits
    round(limit_95_low, 10) as limit_95_low,
    round(limit_95_high, 10) as limit_95_high,
    round(limit_998_low, 10) as limit_998_low,
    round(limit_998_high, 10) as limit_998_high,
    position,

    ---------- the limits that allow for what is usual among these units
    round(overdispersed_limit_95_low, 10) as overdispersed_limit_95_low,
    round(overdispersed_limit_95_high, 10) as overdispersed_limit_95_high,
    round(overdispersed_limit_998_low, 10) as overdispersed_limit_998_low,
    round(overdispersed_limit_998_high, 10) as overdispersed_limit_998_high,
    overdispersed_position,

    ---------- how sure
    status,
    method,
    'descriptive' as evidence_label
from {{ source('change', 'funnel_estimates') }}
