-- One row per episode: how it ended, over all domains of its threshold set together. Three-valued
-- throughout: what a missing score leaves open is NULL, and an episode is never counted as not
-- recovered because nobody knows.
with episodes as (

    select * from {{ ref('int_episodes') }}

),

session_counts as (

    select
        episode_id,
        count(*) filter (where {{ is_attended('attended') }}) as attended_count
    from {{ ref('stg_raw__sessions') }}
    group by episode_id

),

form_counts as (

    select
        episode_id,
        count(distinct time_position) as moments_count
    from {{ ref('int_scores') }}
    where not is_unplaced and not is_unordered
    group by episode_id

),

-- What a program's files tell decides what can be known of its episodes.
programs as (

    select
        episodes.program_id,
        bool_or(session_counts.episode_id is not null) as states_sessions,
        bool_or(episodes.ended_on is not null or episodes.ending is not null) as states_endings
    from episodes
    left join session_counts
        on episodes.episode_id = session_counts.episode_id
    group by episodes.program_id

),

contacts as (

    select
        episodes.*,
        case when programs.states_sessions then 'sessions' else 'forms' end as contact_source,
        case
            when programs.states_sessions then coalesce(session_counts.attended_count, 0)
            else coalesce(form_counts.moments_count, 0)
        end as contact_count,
        case
            when programs.states_endings
                then episodes.ended_on is not null
                    or coalesce(episodes.ending in ('planned', 'unplanned'), false)
        end as has_ended
    from episodes
    inner join programs
        on episodes.program_id = programs.program_id
    left join session_counts
        on episodes.episode_id = session_counts.episode_id
    left join form_counts
        on episodes.episode_id = form_counts.episode_id

),

domains as (

    select
        episode_id,
        min(threshold_set) as threshold_set,
        count(*) as domain_count,
        count(*) filter (where last_score is not null) as paired_domain_count,
        count(*) filter (where was_case) as cases_at_start,
        count(*) filter (where not was_case) as no_cases_at_start,
        count(*) filter (where is_case) as cases_at_end,
        count(*) filter (where not is_case) as no_cases_at_end,
        count(*) filter (where reliable_change_class = 'improved') as improved_count,
        count(*) filter (where reliable_change_class = 'deteriorated') as deteriorated_count,
        count(*) filter (where reliable_change_class = 'unknown') as unknown_count,
        bool_or(is_fallback) as has_fallback,
        -- The first reason in the order in which a score comes about.
        min(case unknown_reason
            when 'no_score' then 1
            when 'no_second_score' then 2
            when 'no_rule' then 3
            when 'no_cutoff' then 4
        end) as reason_rank
    from {{ ref('int_episode_measures') }}
    group by episode_id

),

judged as (

    select
        contacts.*,
        domains.threshold_set,
        domains.reason_rank,
        domains.has_fallback,
        coalesce(domains.paired_domain_count, 0) as paired_domain_count,
        coalesce(domains.domain_count, 0) as domain_count,
        case
            when domains.cases_at_start > 0 then true
            when domains.no_cases_at_start = domains.domain_count then false
        end as is_at_caseness,
        -- One domain still a case settles it, whatever the other was.
        case
            when domains.cases_at_end > 0 then false
            when domains.no_cases_at_end = domains.domain_count then true
        end as is_below_caseness_at_end,
        case
            when coalesce(domains.unknown_count, 1) > 0 then 'unknown'
            when domains.improved_count > 0 and domains.deteriorated_count = 0 then 'improved'
            when domains.deteriorated_count > 0 and domains.improved_count = 0 then 'deteriorated'
            else 'unchanged'
        end as reliable_change_class
    from contacts
    left join domains
        on contacts.episode_id = domains.episode_id

),

concluded as (

    select
        *,
        case
            when is_at_caseness is null then 'unknown'
            when not is_at_caseness then 'not_at_caseness'
            when is_below_caseness_at_end is null then 'unknown'
            when is_below_caseness_at_end then 'recovered'
            else 'not_recovered'
        end as recovery_class,
        case when reliable_change_class <> 'unknown' then reliable_change_class = 'improved' end
            as is_reliably_improved
    from judged

)

select
    ---------- ids
    client_id,
    episode_id,
    program_id,

    ---------- the course
    ended_on,
    ending,
    contact_source,
    contact_count,
    has_ended,
    has_ended and contact_count >= {{ var('finished_course_contacts') }} as is_finished,
    -- Whom rates are taken over: finished courses, or, where a program states no ending at all,
    -- courses of as many contacts.
    case
        when has_ended is null then 'courses' else 'finished_courses'
    end as population,
    coalesce(has_ended, true) and contact_count >= {{ var('finished_course_contacts') }}
        as is_counted,

    ---------- the outcome
    threshold_set,
    domain_count,
    paired_domain_count,
    domain_count > 0 and paired_domain_count = domain_count as is_paired,
    coalesce(has_fallback, false) as has_fallback_measure,
    is_at_caseness,
    case when is_at_caseness then is_below_caseness_at_end end as is_recovered,
    is_reliably_improved,
    case when reliable_change_class <> 'unknown' then reliable_change_class = 'deteriorated' end
        as is_reliably_deteriorated,
    case when is_at_caseness then is_below_caseness_at_end and is_reliably_improved end
        as is_reliably_recovered,
    reliable_change_class,
    recovery_class,
    case when 'unknown' in (reliable_change_class, recovery_class) then 'unknown' else 'known' end
        as outcome_status,
    case
        when 'unknown' not in (reliable_change_class, recovery_class) then null
        when threshold_set is null then 'no_measure'
        when reason_rank = 1 then 'no_score'
        when reason_rank = 2 then 'no_second_score'
        when reason_rank = 3 then 'no_rule'
        else 'no_cutoff'
    end as unknown_reason
from concluded
