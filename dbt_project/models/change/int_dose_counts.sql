-- One row per rate, program (and all), way of counting contacts, ending and number of sessions. Of
-- `reliable_improvement` and `reliable_recovery`, per threshold set: how many ended courses were of
-- exactly that many attended sessions, and how they came out. Of `first_improvement`, per primary
-- outcome scale: how many courses showed their first reliable improvement after that many sessions
-- (having), or were last seen then without one (without). The top group holds all from there on.
{%- set top = var('dose_top_sessions') %}
with courses as (

    select
        outcomes.*,
        {{ ending_kind('outcomes.ending') }} as ending_kind
    from {{ ref('int_episode_outcomes') }} as outcomes
    where coalesce(outcomes.has_ended, true) and outcomes.contact_count >= 1

),

firsts as (

    select
        *,
        min(position) over course as first_position,
        min_by(score, position) over course as first_score,
        min_by(time_position, position) over course as first_time
    from {{ ref('int_session_scores') }}
    window course as (partition by episode_id, scale_id)

),

-- A scale without a rule says nothing of reliable change, so it has no such row.
watched as (

    select
        firsts.episode_id,
        firsts.scale_id,
        bool_or(firsts.session_number is null) as is_unplaced,
        max(firsts.session_number) as last_session,
        min(firsts.session_number) filter (
            where
            firsts.time_position > firsts.first_time
            and firsts.direction * (firsts.score - firsts.first_score)
            > criteria.reliable_change_points
        ) as improved_session
    from firsts
    inner join {{ ref('int_change_criteria') }} as criteria
        on firsts.scale_id = criteria.scale_id
    where criteria.reliable_change_points is not null
    group by firsts.episode_id, firsts.scale_id

),

-- Each course in its own program and in all, under its own ending and under all.
wholes as (

    select
        programs.is_all as is_all_programs,
        endings.is_all as is_all_endings
    from (values (true), (false)) as programs (is_all)
    cross join (values (true), (false)) as endings (is_all)

),

scoped as (

    select
        case when wholes.is_all_programs then 'all' else courses.program_id end as program,
        case when wholes.is_all_endings then 'all' else courses.ending_kind end as ending_group,
        courses.*
    from courses
    cross join wholes

),

ended as (

    select
        program as program_id,
        contact_source,
        ending_group as ending_kind,
        coalesce(threshold_set, 'none') as threshold_set,
        cast(least(contact_count, {{ top }}) as bigint) as session_count,
        count(*) as course_count,
        count(*) filter (where is_reliably_improved) as improved_count,
        count(*) filter (where not is_reliably_improved) as not_improved_count,
        count(*) filter (where is_reliably_recovered) as recovered_count,
        count(*) filter (where not is_reliably_recovered) as not_recovered_count,
        count(*) filter (where not is_at_caseness) as not_at_caseness_count
    from scoped
    group by program, contact_source, ending_group, threshold_set, least(contact_count, {{ top }})

),

improved as (

    select
        scoped.program as program_id,
        scoped.contact_source,
        scoped.ending_group as ending_kind,
        watched.scale_id,
        -- NULL: the forms have no place among the sessions.
        case
            when not watched.is_unplaced
                then least(coalesce(watched.improved_session, watched.last_session), {{ top }})
        end as session_count,
        not watched.is_unplaced and coalesce(watched.improved_session <= {{ top }}, false)
            as has_improved
    from scoped
    inner join watched
        on scoped.episode_id = watched.episode_id

)

select
    'reliable_improvement' as rate_id,
    program_id,
    contact_source,
    ending_kind,
    threshold_set,
    cast(null as varchar) as scale_id,
    session_count,
    course_count,
    improved_count as having_count,
    not_improved_count as without_count,
    cast(0 as bigint) as left_out_count
from ended
union all
select
    'reliable_recovery' as rate_id,
    program_id,
    contact_source,
    ending_kind,
    threshold_set,
    cast(null as varchar) as scale_id,
    session_count,
    course_count,
    recovered_count as having_count,
    not_recovered_count as without_count,
    not_at_caseness_count as left_out_count
from ended
union all
select
    'first_improvement' as rate_id,
    program_id,
    contact_source,
    ending_kind,
    cast(null as varchar) as threshold_set,
    scale_id,
    session_count,
    count(*) as course_count,
    count(*) filter (where has_improved) as having_count,
    count(*) filter (where not has_improved) as without_count,
    cast(0 as bigint) as left_out_count
from improved
group by program_id, contact_source, ending_kind, scale_id, session_count
