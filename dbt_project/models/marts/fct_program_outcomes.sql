with rates as (

    select * from {{ source('change', 'program_rate_estimates') }}

),

effects as (

    select * from {{ source('change', 'program_effect_estimates') }}

),

adjusted as (

    select * from {{ source('change', 'severity_estimates') }}

),

numbers as (

    select
        program_id,
        stratum_kind,
        stratum_id,
        period_kind,
        period,
        population,
        threshold_set,
        cast(null as varchar) as scale_id,
        metric_id,
        estimate,
        interval_low,
        interval_high,
        numerator_count,
        sample_size,
        missing_count,
        bound_low,
        bound_high,
        cast(null as double) as uncorrected_estimate,
        status,
        method
    from rates
    union all
    select
        program_id,
        stratum_kind,
        stratum_id,
        period_kind,
        period,
        population,
        cast(null as varchar) as threshold_set,
        scale_id,
        metric_id,
        estimate,
        interval_low,
        interval_high,
        cast(null as bigint) as numerator_count,
        sample_size,
        missing_count,
        cast(null as double) as bound_low,
        cast(null as double) as bound_high,
        uncorrected_estimate,
        status,
        method
    from effects
    union all
    select
        program_id,
        stratum_kind,
        stratum_id,
        period_kind,
        period,
        population,
        cast(null as varchar) as threshold_set,
        scale_id,
        metric_id,
        estimate,
        interval_low,
        interval_high,
        cast(null as bigint) as numerator_count,
        sample_size,
        missing_count,
        cast(null as double) as bound_low,
        cast(null as double) as bound_high,
        cast(null as double) as uncorrected_estimate,
        status,
        method
    from adjusted

)

select
    ---------- which
    program_id,
    stratum_kind,
    stratum_id,
    period_kind,
    period,
    population,
    threshold_set,
    scale_id,
    metric_id,

    ---------- how much: ten digits, for the order of parallel sums moves the last ones
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(uncorrected_estimate, 10) as uncorrected_estimate,

    ---------- how many, and what the unknown could do to it
    numerator_count,
    sample_size,
    missing_count,
    round(bound_low, 10) as bound_low,
    round(bound_high, 10) as bound_high,

    ---------- how sure
    status,
    method
from numbers
