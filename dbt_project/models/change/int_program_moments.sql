-- One row per program (and all), stratum, period, population and primary scale: what effect sizes
-- are made of, over the courses with both scores. Months and quarters are left to the rates: few
-- hold enough pairs.
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
            as improvement
    from {{ ref('int_course_ends') }} as ends
    inner join {{ ref('stg_registry__scales') }} as scales
        on ends.scale_id = scales.scale_id
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on ends.episode_id = outcomes.episode_id
    inner join {{ ref('int_episode_groups') }} as groups
        on ends.episode_id = groups.episode_id
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
    round(stddev_samp(improvement), 10) as improvement_sd
from scoped
group by program, stratum_kind, stratum_id, period_kind, period, population, scale_id
