-- One row per episode, process scale (or part of one) and thing delivered or practised: how much of
-- it there was up to the scale's middle score, and the scale's first, middle and last score. It is
-- the mean of a level of the therapy over the sessions with one, or minutes of practice a week of
-- clients who kept a diary at any time. What has no day has no place before a score.
-- Practice is asked of the parts, which exercises aim at; a level of the therapy of the total.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT02,LT05
{%- set levels = ['presence', 'alliance', 'interventions'] -%}
{%- set amounts = levels + ['alliance_score'] %}

with scales as (

    select
        scale_id,
        is_primary,
        cast(row_number() over (order by scale_id) as integer) as scale
    from {{ ref('stg_registry__scales') }}
    where role = 'process' and (is_primary or scale_kind = 'subscale')

),

episodes as (

    select
        numbered.episode_number,
        episodes.episode_id,
        episodes.started_on
    from {{ ref('int_episodes') }} as episodes
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on episodes.episode_id = numbered.episode_id

),

-- Of an even number the earlier of the two in the middle, as in int_course_windows.
middles as (

    select
        episodes.episode_number,
        scales.scale,
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
    inner join episodes
        on sequences.episode_id = episodes.episode_id
    where
        sequences.is_ordered_by_day
        and sequences.positions_count >= 3
        -- Nothing else is looked at: grouping every score would be most of the work.
        and sequences.position in (
            1, floor((sequences.positions_count + 1) / 2), sequences.positions_count
        )
    group by episodes.episode_number, scales.scale

),

-- Scales of one form share their middle day: what came before it is added up once.
middle_days as (

    select distinct
        episode_number,
        middle_day
    from middles

),

levels as (

    select
        episodes.episode_number,
        coalesce(
            sessions.stated_day,
            {{ datediff('episodes.started_on', 'sessions.held_on', 'day') }}
        ) as delivered_day,
        {%- for level in levels %}
        {{ stated_level('sessions.' ~ level) | indent(8) }} as {{ level }},
        {%- endfor %}
        sessions.alliance_score
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join episodes
        on sessions.episode_id = episodes.episode_id

),

delivered as (

    select
        middle_days.episode_number,
        middle_days.middle_day
        {%- for amount in amounts %},
        avg(levels.{{ amount }}) as {{ amount }}
        {%- endfor %}
    from middle_days
    inner join levels
        on
            middle_days.episode_number = levels.episode_number
            and middle_days.middle_day >= levels.delivered_day
    group by middle_days.episode_number, middle_days.middle_day

),

amounts as (

    select
        delivered.episode_number,
        delivered.middle_day,
        'delivery' as cause_kind,
        kinds.cause_id,
        case kinds.cause_id
            {%- for amount in amounts %}
            when '{{ amount }}' then delivered.{{ amount }}
            {%- endfor %}
        end as early_amount
    from delivered
    cross join (
        values ('{{ amounts | join("'), ('") }}')
    ) as kinds (cause_id)
    union all
    select
        middle_days.episode_number,
        middle_days.middle_day,
        'practice' as cause_kind,
        'minutes_per_week' as cause_id,
        sum(
            case
                when practised.practised_day <= middle_days.middle_day then practised.minutes
                else 0
            end
        ) / ((1 + middle_days.middle_day) / 7.0) as early_amount
    from middle_days
    inner join {{ ref('int_placed_practice') }} as practised
        on middle_days.episode_number = practised.episode_number
    where middle_days.middle_day >= 0 and practised.practised_day is not null
    group by middle_days.episode_number, middle_days.middle_day

)

-- What is of one episode beside each other: it is looked up while it is near.
select
    middles.episode_number,
    scales.scale_id,
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
    on
        amounts.episode_number = middles.episode_number
        and amounts.middle_day = middles.middle_day
inner join scales
    on middles.scale = scales.scale
where
    amounts.cause_kind = 'practice'
    or (scales.is_primary and amounts.early_amount is not null)
order by middles.episode_number
