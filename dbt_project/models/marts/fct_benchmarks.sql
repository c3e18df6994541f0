-- One row per published effect or rate and local group: both numbers side by side, and whether they
-- may be compared. A difference stands only where both are the same statistic, found in the same
-- way; everything else says why not. An effect that nothing here measures has one row without a
-- local number. Local numbers are those of the whole time, in every group.
with published as (

    select * from {{ ref('stg_registry__published_effects') }}
    -- Nothing unconfirmed is a default; the registry sees to that.
    where is_default

),

local_numbers as (

    select * from {{ ref('fct_program_outcomes') }}
    where period_kind = 'all'

),

scales as (

    select
        scale_id,
        construct
    from {{ ref('stg_registry__scales') }}

),

rates as (

    select
        published.published_effect_id,
        local_numbers.program_id,
        local_numbers.stratum_kind,
        local_numbers.stratum_id,
        local_numbers.population,
        cast(null as varchar) as scale_id,
        local_numbers.metric_id as local_metric_id,
        local_numbers.estimate,
        local_numbers.interval_low,
        local_numbers.interval_high,
        local_numbers.sample_size,
        local_numbers.missing_count,
        local_numbers.status,
        local_numbers.method
    from published
    inner join local_numbers
        on
            published.metric_id = local_numbers.metric_id
            and published.threshold_set = local_numbers.threshold_set

),

-- The same effect size where there is one here. What stands beside a statistic that this clinic
-- cannot have (between groups, or of an unstated deviation) is the form benchmarks mostly use.
effects as (

    select
        published.published_effect_id,
        local_numbers.program_id,
        local_numbers.stratum_kind,
        local_numbers.stratum_id,
        local_numbers.population,
        local_numbers.scale_id,
        local_numbers.metric_id as local_metric_id,
        local_numbers.estimate,
        local_numbers.interval_low,
        local_numbers.interval_high,
        local_numbers.sample_size,
        local_numbers.missing_count,
        local_numbers.status,
        local_numbers.method
    from published
    inner join local_numbers
        on
            local_numbers.metric_id = case
                when
                    published.metric_id in (
                        'effect_size_change_sd',
                        'effect_size_average_sd',
                        'effect_size_raw_score_sd'
                    )
                    then published.metric_id
                else 'effect_size_baseline_sd'
            end
    inner join scales
        on
            local_numbers.scale_id = scales.scale_id
            and scales.scale_id = coalesce(published.scale_id, scales.scale_id)
            and scales.construct = coalesce(published.outcome_construct, scales.construct)
    where
        published.metric_id not in ('effect_size_reference_sd', 'cross_sectional_r')
        and published.threshold_set is null
        and coalesce(published.scale_id, published.outcome_construct) is not null

),

moments as (

    select
        published.published_effect_id,
        moments.*,
        moments.improvement_mean / published.reference_sd as size,
        {{ t_quantile('moments.pairs_count - 1') }}
        * moments.improvement_sd / sqrt(moments.pairs_count) / published.reference_sd as margin,
        case
            when moments.pairs_count < {{ var('minimum_pairs') }} then 'too_few'
            else 'estimated'
        end as status
    from published
    inner join {{ ref('int_program_moments') }} as moments
        on published.scale_id = moments.scale_id
    where published.metric_id = 'effect_size_reference_sd' and moments.period_kind = 'all'

),

-- In the published deviation, which is a constant: no correction for a small sample, and the width
-- is that of the mean improvement.
reference_effects as (

    select
        published_effect_id,
        program_id,
        stratum_kind,
        stratum_id,
        population,
        scale_id,
        'effect_size_reference_sd' as local_metric_id,
        case when status = 'estimated' then size end as estimate,
        case when status = 'estimated' then size - margin end as interval_low,
        case when status = 'estimated' then size + margin end as interval_high,
        pairs_count as sample_size,
        unpaired_count as missing_count,
        status,
        'published_sd' as method
    from moments

),

both_sides as (

    select * from rates
    union all
    select * from effects
    union all
    select * from reference_effects

),

paired as (

    select
        published.published_effect_id,
        coalesce(both_sides.program_id, 'all') as program_id,
        coalesce(both_sides.stratum_kind, 'all') as stratum_kind,
        coalesce(both_sides.stratum_id, 'all') as stratum_id,
        both_sides.population,
        published.threshold_set,
        coalesce(both_sides.scale_id, published.scale_id) as scale_id,
        published.outcome,
        published.metric_id,
        both_sides.local_metric_id,
        both_sides.estimate,
        both_sides.interval_low,
        both_sides.interval_high,
        coalesce(both_sides.sample_size, 0) as sample_size,
        coalesce(both_sides.missing_count, 0) as missing_count,
        coalesce(both_sides.status, 'not_computable') as status,
        both_sides.method,
        published.estimate as published_estimate,
        published.interval_low as published_interval_low,
        published.interval_high as published_interval_high,
        published.people_count as published_people_count,
        published.studies_count as published_studies_count,
        published.study,
        published.published_period,
        published.design,
        published.comparison,
        published.population as published_population,
        published.citation,
        published.doi,
        published.origin,
        case
            when both_sides.published_effect_id is null then 'not_measured_here'
            when published.comparison <> 'none' then 'no_comparison_arm'
            when published.metric_id <> both_sides.local_metric_id then 'another_statistic'
            when
                published.design in ('national_statistics', 'target')
                and both_sides.population <> 'finished_courses'
                then 'another_population'
            when both_sides.status <> 'estimated' then both_sides.status
        end as not_comparable_reason
    from published
    left join both_sides
        on published.published_effect_id = both_sides.published_effect_id

)

select
    ---------- which
    published_effect_id,
    program_id,
    stratum_kind,
    stratum_id,
    population,
    threshold_set,
    scale_id,
    outcome,
    metric_id,

    ---------- here: ten digits, as everywhere
    local_metric_id,
    round(estimate, 10) as estimate,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    sample_size,
    missing_count,
    status,
    method,
    'uncontrolled' as evidence_label,

    ---------- published
    published_estimate,
    published_interval_low,
    published_interval_high,
    published_people_count,
    published_studies_count,

    ---------- side by side
    not_comparable_reason is null as is_comparable,
    not_comparable_reason,
    case when not_comparable_reason is null then round(estimate - published_estimate, 10) end
        as difference,
    case
        when not_comparable_reason is null
            then published_estimate between interval_low and interval_high
    end as is_published_inside_interval,

    ---------- where it comes from
    study,
    published_period,
    design,
    comparison,
    published_population,
    citation,
    doi,
    origin
from paired
