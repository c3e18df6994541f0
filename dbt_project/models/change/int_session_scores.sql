-- One row per score of a course on a primary scale of an outcome: after how many attended sessions
-- it was filled in. A form of the day of a session comes after that session. Where sessions cannot
-- be placed beside the forms in time, a form labelled `session n` says so itself; where a program
-- states no sessions, moments at which such a form was filled in stand for contacts, as in
-- int_episode_outcomes.
with scores as (

    select
        sequences.episode_id,
        sequences.program_id,
        sequences.scale_id,
        sequences.position,
        sequences.time_position,
        sequences.day,
        sequences.occurred_on,
        sequences.timepoint,
        sequences.score,
        case when scales.is_higher_better then 1 else -1 end as direction
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('int_episodes') }} as episodes
        on sequences.episode_id = episodes.episode_id
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('stg_registry__instruments') }} as instruments
        on scales.instrument_id = instruments.instrument_id
    where
        scales.is_primary
        and instruments.role = 'outcome'
        and {{ is_of_course('sequences', 'episodes') }}

),

-- One dated form ties the calendar to the days of the episode.
references_found as (

    select
        episode_id,
        min_by(occurred_on, day) as reference_on,
        min(day) as reference_day
    from scores
    where occurred_on is not null and day is not null
    group by episode_id

),

attended as (

    select
        sessions.episode_id,
        coalesce(
            sessions.stated_day,
            references_found.reference_day
            + {{ datediff('references_found.reference_on', 'sessions.held_on', 'day') }},
            cast({{ datediff('episodes.started_on', 'sessions.held_on', 'day') }} as double)
        ) as day
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join {{ ref('int_episodes') }} as episodes
        on sessions.episode_id = episodes.episode_id
    left join references_found
        on sessions.episode_id = references_found.episode_id
    where {{ is_attended('sessions.attended') }}

),

-- A session that nobody can date would be counted late or never: then no form of the episode is
-- placed by dates.
undated as (

    select distinct episode_id
    from attended
    where day is null

),

events as (

    select
        episode_id,
        cast(null as varchar) as scale_id,
        cast(null as bigint) as position,
        day,
        1 as session_count
    from attended
    union all
    select
        episode_id,
        scale_id,
        position,
        day,
        0 as session_count
    from scores
    where day is not null

),

placed as (

    select
        episode_id,
        scale_id,
        position,
        sum(session_count) over (
            partition by episode_id
            order by day asc, session_count desc
            rows between unbounded preceding and current row
        ) as session_number
    from events
    qualify scale_id is not null

)

select
    scores.episode_id,
    scores.program_id,
    scores.scale_id,
    scores.position,
    scores.time_position,
    scores.score,
    scores.direction,
    cast(
        case
            when outcomes.contact_source = 'forms'
                then dense_rank() over (
                        partition by scores.episode_id order by scores.time_position
                    )
            when undated.episode_id is null and placed.session_number is not null
                then placed.session_number
            when scores.timepoint like 'session %'
                then try_cast(split_part(scores.timepoint, ' ', 2) as bigint)
        end
        as bigint
    ) as session_number
from scores
inner join {{ ref('int_episode_outcomes') }} as outcomes
    on scores.episode_id = outcomes.episode_id
left join placed
    on
        scores.episode_id = placed.episode_id
        and scores.scale_id = placed.scale_id
        and scores.position = placed.position
left join undated
    on scores.episode_id = undated.episode_id
