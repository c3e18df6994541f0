-- One row per episode, process scale (or part of one) and thing delivered or practised: how much of
-- it there was up to the scale's middle score, and the scale's first, middle and last score. It is
-- the mean of a level of the therapy over the sessions with one, or minutes of practice a week of
-- clients who kept a diary at any time. What has no day has no place before a score.
with scales as (

    select scale_id
    from {{ ref('stg_registry__scales') }}
    where role = 'process' and (is_primary or scale_kind = 'subscale')

),

-- Of an even number the earlier of the two in the middle, as in int_course_windows.
middles as (

    select
        sequences.episode_id,
        sequences.scale_id,
        max(case when sequences.position = 1 then sequences.score end) as first_score,
        max(
            case
                when sequences.position = floor((sequences.positions_count + 1) / 2)
                    then sequences.score
            end
        ) as middle_score,
        max(case when sequences.position = sequences.positions_count then sequences.score end)
            as final_score,
        max(
            case
                when sequences.position = floor((sequences.positions_count + 1) / 2)
                    then sequences.day
            end
        ) as middle_day,
        max(sequences.day) as final_day
    from {{ ref('int_score_sequences') }} as sequences
    inner join scales
        on sequences.scale_id = scales.scale_id
    where sequences.is_ordered_by_day and sequences.positions_count >= 3
    group by sequences.episode_id, sequences.scale_id

),

levels as (

    select
        sessions.episode_id,
        kinds.cause_id,
        coalesce(
            sessions.stated_day,
            {{ datediff('episodes.started_on', 'sessions.held_on', 'day') }}
        ) as delivered_day,
        case kinds.cause_id
            when 'presence' then {{ stated_level('sessions.presence') | indent(12) }}
            when 'alliance' then {{ stated_level('sessions.alliance') | indent(12) }}
            when 'interventions' then {{ stated_level('sessions.interventions') | indent(12) }}
            else sessions.alliance_score
        end as amount
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join {{ ref('int_episodes') }} as episodes
        on sessions.episode_id = episodes.episode_id
    cross join (
        values ('presence'), ('alliance'), ('interventions'), ('alliance_score')
    ) as kinds (cause_id)

),

-- An exercise belongs to the episode it was done in; without dates, to the client's only one.
practised as (

    select
        episodes.episode_id,
        practice.minutes,
        coalesce(
            practice.stated_day,
            {{ datediff('episodes.started_on', 'practice.practised_on', 'day') }}
        ) as practised_day
    from {{ ref('stg_raw__practice') }} as practice
    inner join {{ ref('int_episodes') }} as episodes
        on
            practice.client_id = episodes.client_id
            and coalesce(practice.practised_on >= episodes.started_on, true)
            and coalesce(practice.practised_on <= episodes.ended_on, true)
    qualify count(*) over (partition by practice.record_key) = 1

),

amounts as (

    select
        middles.episode_id,
        middles.scale_id,
        'delivery' as cause_kind,
        levels.cause_id,
        avg(levels.amount) as early_amount
    from middles
    inner join levels
        on middles.episode_id = levels.episode_id and middles.middle_day >= levels.delivered_day
    where levels.amount is not null
    group by middles.episode_id, middles.scale_id, levels.cause_id
    union all
    select
        middles.episode_id,
        middles.scale_id,
        'practice' as cause_kind,
        'minutes_per_week' as cause_id,
        sum(
            case
                when practised.practised_day <= middles.middle_day then practised.minutes
                else 0
            end
        ) / ((1 + min(middles.middle_day)) / 7.0) as early_amount
    from middles
    inner join practised
        on middles.episode_id = practised.episode_id
    where middles.middle_day >= 0 and practised.practised_day is not null
    group by middles.episode_id, middles.scale_id

)

select
    amounts.episode_id,
    amounts.scale_id,
    amounts.cause_kind,
    amounts.cause_id,
    amounts.early_amount,
    middles.first_score,
    middles.middle_score,
    middles.final_score,
    middles.middle_day,
    middles.final_day
from amounts
inner join middles
    on amounts.episode_id = middles.episode_id and amounts.scale_id = middles.scale_id
