-- One row per unit (a program, a clinic, a condition or a year, never a person), population,
-- threshold set and rate: programs and clinics beside the limits within which chance alone would
-- leave most units of their size. Conditions differ in what they are and years in what came before:
-- no common rate is expected of them. A program's rate may be shown where it stands among the
-- rates; what may be shown of other units, which overlap, was decided beside those (overlaps).
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

cells as (

    select * from {{ source('disclosure', 'published_cells') }}
    where table_name = 'pub_comparisons'

),

-- Which count a rate takes over which.
rates as (

    select
        named.metric_id,
        named.numerator,
        named.denominator
    from (
        values
        ('reliable_improvement', 'improved', 'course'),
        ('reliable_deterioration', 'deteriorated', 'course'),
        ('recovery', 'recovered', 'asked'),
        ('reliable_recovery', 'reliably_recovered', 'asked')
    ) as named (metric_id, numerator, denominator)

),

outcomes as (

    select
        program_id,
        population,
        threshold_set,
        metric_id,
        estimate
    from {{ ref('pub_program_outcomes') }}
    where estimate_status = 'shown'

),

units as (

    select
        unit_kind,
        unit_id,
        population,
        threshold_set,
        metric_id,
        limit_95_low,
        limit_95_high,
        limit_998_low,
        limit_998_high,
        position,
        status,
        method
    from {{ ref('fct_funnel_limits') }}
    where
        unit_kind in ('program', 'clinic')
        and program_id = 'all'
        and period_kind = 'all'
        and adjustment = 'none'
    union all
    select
        case when period_kind = 'year' then 'period' else 'condition' end as unit_kind,
        case when period_kind = 'year' then period else stratum_id end as unit_id,
        population,
        threshold_set,
        metric_id,
        cast(null as double) as limit_95_low,
        cast(null as double) as limit_95_high,
        cast(null as double) as limit_998_low,
        cast(null as double) as limit_998_high,
        cast(null as varchar) as position,
        'not_computable' as status,
        method
    from {{ ref('fct_program_outcomes') }}
    where
        program_id = 'all'
        and sample_size > 0
        and (
            (stratum_kind = 'condition' and stratum_id <> 'unknown' and period_kind = 'all')
            or (stratum_kind = 'all' and period_kind = 'year' and period <> 'unknown')
        )

),

judged as (

    select
        units.unit_kind,
        units.unit_id,
        units.population,
        units.threshold_set,
        units.metric_id,
        units.limit_95_low,
        units.limit_95_high,
        units.limit_998_low,
        units.limit_998_high,
        units.position,
        units.status,
        units.method,
        everybody.estimate as target,
        numerators.value as numerator_count,
        denominators.value as sample_size,
        -- All units of another kind together are all programs together.
        case when units.unit_kind = 'program' then alone.estimate else everybody.estimate end
        is not null as is_open,
        coalesce(numerators.status, 'suppressed') as own_numerator_status,
        coalesce(denominators.status, 'suppressed') as own_size_status,
        policy.proportion_digits as digits
    from units
    inner join rates
        on units.metric_id = rates.metric_id
    cross join policy
    left join cells as numerators
        on
            numerators.block_id = concat_ws(
                '|', units.population, units.threshold_set, units.unit_kind, units.unit_id
            )
            and rates.numerator = numerators.cell
    left join cells as denominators
        on
            numerators.block_id = denominators.block_id
            and rates.denominator = denominators.cell
    left join outcomes as everybody
        on
            everybody.program_id = 'all'
            and units.population = everybody.population
            and units.threshold_set = everybody.threshold_set
            and units.metric_id = everybody.metric_id
    left join outcomes as alone
        on
            units.unit_id = alone.program_id
            and units.population = alone.population
            and units.threshold_set = alone.threshold_set
            and units.metric_id = alone.metric_id

),

decided as (

    select
        unit_kind,
        unit_id,
        population,
        threshold_set,
        metric_id,
        case when is_open and own_numerator_status = 'shown' then numerator_count end
            as numerator_count,
        case when is_open then own_numerator_status else 'suppressed' end
            as numerator_count_status,
        case when is_open and own_size_status = 'shown' then sample_size end as sample_size,
        case when is_open then own_size_status else 'suppressed' end as sample_size_status,
        target,
        limit_95_low,
        limit_95_high,
        limit_998_low,
        limit_998_high,
        position,
        status,
        method,
        digits
    from judged

),

rated as (

    select
        *,
        {{ proportion_status('numerator_count', 'sample_size') | indent(8) }} as estimate_status
    from decided

),

set_beside as (

    select
        *,
        case
            when status <> 'estimated' then 'not_computable'
            when estimate_status = 'shown' and target is null then 'suppressed'
            else estimate_status
        end as target_status
    from rated

)

select
    unit_kind,
    unit_id,
    population,
    threshold_set,
    metric_id,
    numerator_count,
    numerator_count_status,
    sample_size,
    sample_size_status,
    {{ shown_proportion('estimate', 'numerator_count', 'sample_size', 'digits') | indent(4) }},
    estimate_status,
    case when target_status = 'shown' then target end as target,
    {%- for limit in ['limit_95_low', 'limit_95_high', 'limit_998_low', 'limit_998_high'] %}
    case when target_status = 'shown' then {{ to_digits(limit, 'digits') | indent(4) }} end
        as {{ limit }},
    {%- endfor %}
    target_status,
    case when target_status = 'shown' then position end as position,
    method,
    'uncontrolled' as evidence_label,
    {{ kept_from_release() }}
from set_beside
