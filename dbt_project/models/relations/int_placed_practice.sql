-- One row per exercise whose episode is known: an exercise belongs to the episode of its client
-- that it was done in; without dates, to the only one.
with episodes as (

    select
        numbered.episode_number,
        episodes.client_id,
        episodes.started_on,
        episodes.ended_on
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on episodes.episode_id = numbered.episode_id

)

select
    practice.record_key,
    episodes.episode_number,
    practice.practice_id,
    practice.minutes,
    practice.practised_on,
    practice.stated_day,
    coalesce(
        practice.stated_day,
        {{ datediff('episodes.started_on', 'practice.practised_on', 'day') }}
    ) as practised_day,
    {{ datediff('episodes.started_on', 'episodes.ended_on', 'day') }} as episode_days
from {{ ref('stg_raw__practice') }} as practice
inner join episodes
    on
        practice.client_id = episodes.client_id
        and coalesce(practice.practised_on >= episodes.started_on, true)
        and coalesce(practice.practised_on <= episodes.ended_on, true)
qualify count(*) over (partition by practice.record_key) = 1
