-- One row per program (and all), stratum, period, population and primary scale: what effect sizes
-- are made of, over the courses with both scores, and what the severity-adjusted ones are. Months
-- and quarters are left to the rates: few hold enough pairs.
with pairs as (

    select
        outcomes.program_id,
        groups.stratum_kind,
        groups.stratum_id,
        groups.period_kind,
        groups.period,
        outcomes.population,
        ends.scale_id,
        ends.first_score,
        ends.last_score,
        case when scales.is_higher_better then 1 else -1 end * (ends.last_score - ends.first_score)
            as improvement,
        residuals.episode_id is not null as began_clinical,
        residuals.improvement - residuals.expected_improvement as residual,
        residuals.reference_count,
        residuals.reference_improvement,
        residuals.reference_improvement_sd,
        residuals.reference_sd,
        residuals.method as reference_method
    from {{ ref('int_course_ends') }} as ends
    inner join {{ ref('stg_registry__scales') }} as scales
        on ends.scale_id = scales.scale_id
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on ends.episode_id = outcomes.episode_id
    inner join {{ ref('int_episode_groups') }} as groups
        on ends.episode_id = groups.episode_id
    left join {{ ref('int_severity_residuals') }} as residuals
        on
            ends.episode_id = residuals.episode_id
            and ends.scale_id = residuals.scale_id
    where scales.is_primary and groups.period_kind in ('all', 'year')

),

scoped as (

    select
        program_id as program,
        *
    from pairs
    union all
    select
        'all' as program,
        *
    from pairs

)

select
    program as program_id,
    stratum_kind,
    stratum_id,
    period_kind,
    period,
    population,
    scale_id,
    count(last_score) as pairs_count,
    count(*) - count(last_score) as unpaired_count,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(avg(first_score) filter (where last_score is not null), 10) as first_mean,
    round(stddev_samp(first_score) filter (where last_score is not null), 10) as first_sd,
    round(avg(last_score), 10) as last_mean,
    round(stddev_samp(last_score), 10) as last_sd,
    round(avg(improvement), 10) as improvement_mean,
    round(stddev_samp(improvement), 10) as improvement_sd,
    -- The same of what lies beyond the expected, for those who began in the clinical range.
    count(*) filter (where began_clinical) as clinical_count,
    count(residual) as residual_count,
    round(avg(residual), 10) as residual_mean,
    round(stddev_samp(residual), 10) as residual_sd,
    max(reference_count) as reference_count,
    max(reference_improvement) as reference_improvement,
    max(reference_improvement_sd) as reference_improvement_sd,
    max(reference_sd) as reference_sd,
    max(reference_method) as reference_method
from scoped
group by program, stratum_kind, stratum_id, period_kind, period, population, scale_id
