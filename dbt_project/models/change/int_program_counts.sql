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
    count(*) as course_count,
    count(*) filter (where is_paired) as paired_count,
    count(*) filter (where is_at_caseness) as at_caseness_count,
    count(*) filter (where not is_at_caseness) as not_at_caseness_count,
    count(*) filter (where is_recovered) as recovered_count,
    count(*) filter (where not is_recovered) as not_recovered_count,
    count(*) filter (where is_reliably_recovered) as reliably_recovered_count,
    count(*) filter (where not is_reliably_recovered) as not_reliably_recovered_count,
    count(*) filter (where reliable_change_class = 'improved') as improved_count,
    count(*) filter (where reliable_change_class = 'unchanged') as unchanged_count,
    count(*) filter (where reliable_change_class = 'deteriorated') as deteriorated_count
from scoped
group by
    program, stratum_kind, stratum_id, period_kind, period, population, threshold_set
