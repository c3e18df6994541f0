-- One row per program (and all), stratum, period, population and threshold set: how many courses
-- ended how. Every class is counted, the unknown too, so that each denominator is the sum of its
-- classes.
with outcomes as (

    select
        outcomes.*,
        groups.stratum_kind,
        groups.stratum_id,
        groups.period_kind,
        groups.period
    from {{ ref('int_episode_outcomes') }} as outcomes
    inner join {{ ref('int_episode_groups') }} as groups
        on outcomes.episode_id = groups.episode_id

),

scoped as (

    select
        program_id as program,
        *
    from outcomes
    union all
    select
        'all' as program,
        *
    from outcomes

)

select
    program as program_id,
    stratum_kind,
    stratum_id,
    period_kind,
    period,
    population,
    coalesce(threshold_set, 'none') as threshold_set,
    {{ course_counts() }}
from scoped
group by
    program, stratum_kind, stratum_id, period_kind, period, population, threshold_set
