-- One row per stratum, scale and statistic: how reliable the clinic's own answers are.
with estimates as (

    select * from {{ source('relations', 'scale_reliability_estimates') }}

),

retest as (

    select * from {{ source('relations', 'retest_estimates') }}

),

stacked as (

    select
        stratum_kind,
        stratum_id,
        scale_id,
        'alpha' as statistic,
        alpha as estimate,
        alpha_interval_low as interval_low,
        alpha_interval_high as interval_high,
        sample_size,
        item_count,
        cast(null as double) as median_days,
        status,
        'Cronbach 1951, interval of Feldt 1965, first form of each client' as method
    from estimates
    union all
    select
        stratum_kind,
        stratum_id,
        scale_id,
        'omega' as statistic,
        omega as estimate,
        omega_interval_low as interval_low,
        omega_interval_high as interval_high,
        sample_size,
        item_count,
        cast(null as double) as median_days,
        case when status = 'estimated' and omega is null then 'not_computable' else status end
            as status,
        'McDonald 1999, one factor by minimum residuals, interval of Bonett 2002 (approximate), '
        || 'first form of each client' as method
    from estimates
    union all
    select
        stratum_kind,
        stratum_id,
        scale_id,
        'retest' as statistic,
        retest_r as estimate,
        retest_interval_low as interval_low,
        retest_interval_high as interval_high,
        sample_size,
        cast(null as bigint) as item_count,
        median_days,
        status,
        'Pearson, interval of Fisher, first two baselines of an episode' as method
    from retest

)

select
    ---------- which
    stratum_kind,
    stratum_id,
    scale_id,
    statistic,

    ---------- how much
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,

    ---------- how many
    sample_size,
    cast(item_count as integer) as item_count,
    median_days,

    ---------- how sure
    status,
    method,
    'descriptive' as evidence_label
from stacked
