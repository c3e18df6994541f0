-- One row per unit (a program or a clinic, never a person), population, threshold set and rate:
-- beside the limits within which chance alone would leave most units of its size. A unit's counts
-- may be shown where those of all units together may, here and among the rates: they are known.
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

cells as (

    {{ published_cells('pub_comparisons', [
        'course', 'asked', 'improved', 'recovered', 'reliably_recovered'
    ]) | indent(4) }}

),

counts as (

    select
        cells.block_id,
        rates.metric_id,
        case rates.metric_id
            when 'reliable_improvement' then cells.improved
            when 'recovery' then cells.recovered
            else cells.reliably_recovered
        end as numerator_count,
        case rates.metric_id
            when 'reliable_improvement' then cells.improved_status
            when 'recovery' then cells.recovered_status
            else cells.reliably_recovered_status
        end as numerator_count_status,
        case rates.metric_id when 'reliable_improvement' then cells.course else cells.asked end
            as sample_size,
        case rates.metric_id
            when 'reliable_improvement' then cells.course_status
            else cells.asked_status
        end as sample_size_status
    from cells
    cross join (
        values ('reliable_improvement'), ('recovery'), ('reliable_recovery')
    ) as rates (metric_id)

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

judged as (

    select
        funnel.unit_kind,
        funnel.unit_id,
        funnel.population,
        funnel.threshold_set,
        funnel.metric_id,
        funnel.limit_95_low,
        funnel.limit_95_high,
        funnel.limit_998_low,
        funnel.limit_998_high,
        funnel.position,
        funnel.status,
        funnel.method,
        everybody.estimate as target,
        own.numerator_count,
        own.sample_size,
        -- A program's rate stands among the rates; all clinics together are all programs together.
        case
            when funnel.unit_kind = 'program' then alone.estimate is not null
            else
                everybody.estimate is not null
                and coalesce(wholes.numerator_count_status, 'suppressed') = 'shown'
                and coalesce(wholes.sample_size_status, 'suppressed') = 'shown'
        end as is_open,
        coalesce(own.numerator_count_status, 'suppressed') as own_numerator_status,
        coalesce(own.sample_size_status, 'suppressed') as own_size_status,
        policy.proportion_digits as digits
    from {{ ref('fct_funnel_limits') }} as funnel
    cross join policy
    left join counts as own
        on
            own.block_id = concat_ws(
                '|', funnel.unit_kind, funnel.unit_id, funnel.population, funnel.threshold_set
            )
            and funnel.metric_id = own.metric_id
    left join counts as wholes
        on
            wholes.block_id = concat_ws(
                '|', funnel.unit_kind, 'all', funnel.population, funnel.threshold_set
            )
            and funnel.metric_id = wholes.metric_id
    left join outcomes as everybody
        on
            everybody.program_id = 'all'
            and funnel.population = everybody.population
            and funnel.threshold_set = everybody.threshold_set
            and funnel.metric_id = everybody.metric_id
    left join outcomes as alone
        on
            funnel.unit_id = alone.program_id
            and funnel.population = alone.population
            and funnel.threshold_set = alone.threshold_set
            and funnel.metric_id = alone.metric_id
    where
        funnel.unit_kind in ('program', 'clinic')
        and funnel.program_id = 'all'
        and funnel.period_kind = 'all'
        and funnel.adjustment = 'none'
        and funnel.metric_id in ('reliable_improvement', 'recovery', 'reliable_recovery')

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
