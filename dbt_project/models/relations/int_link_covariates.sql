-- One row per episode that somebody counts by and thing known of it that may bear on the link:
-- where mechanisms stood at the start, what was delivered (share of sessions with a level, mean
-- alliance score), what was practised at home (minutes a week, of all and of each practice, and
-- days a week), and how far each part of the process changed.
-- Lines that loops write are not laid out by hand.
-- noqa: disable=LT05
{%- set levels = ['presence', 'alliance', 'interventions'] -%}
{%- set amounts = levels + ['alliance_score'] %}

with people as (

    select
        episode_number,
        episode_id
    from {{ ref('int_relation_strata') }}
    where stratum_kind = 'program'

),

scales as (

    select
        scale_id,
        role,
        is_primary,
        scale_kind
    from {{ ref('stg_registry__scales') }}

),

changes as (

    select
        people.episode_number,
        changes.scale_id,
        changes.baseline_score,
        changes.change
    from {{ ref('int_changes') }} as changes
    inner join people
        on changes.episode_id = people.episode_id
    where changes.interval_name = 'first_to_last'

),

-- The three levels are stated as yes or no, or as a number.
sessions as (

    select
        people.episode_number
        {%- for level in levels %},
        avg({{ stated_level('sessions.' ~ level) | indent(8) }}) as {{ level }}
        {%- endfor %},
        avg(sessions.alliance_score) as alliance_score
    from {{ ref('stg_raw__sessions') }} as sessions
    inner join people
        on sessions.episode_id = people.episode_id
    group by people.episode_number

),

delivered as (

    select
        sessions.episode_number,
        amounts.covariate_id,
        case amounts.covariate_id
            {%- for amount in amounts %}
            when '{{ amount }}' then sessions.{{ amount }}
            {%- endfor %}
        end as covariate_value
    from sessions
    cross join (
        values ('{{ amounts | join("'), ('") }}')
    ) as amounts (covariate_id)

),

practised as (

    select
        people.episode_number,
        practice.practice_id,
        practice.minutes,
        coalesce(
            cast(practice.practised_on as varchar), cast(practice.stated_day as varchar)
        ) as practice_day,
        practice.practised_on,
        practice.stated_day,
        practice.episode_days
    from {{ ref('int_placed_practice') }} as practice
    inner join people
        on practice.episode_number = people.episode_number

),

-- Over the whole episode; where it has no dates, from the first exercise to the last.
weeks as (

    select
        episode_number,
        (
            1 + coalesce(
                max(episode_days),
                {{ datediff('min(practised_on)', 'max(practised_on)', 'day') }},
                max(stated_day) - min(stated_day)
            )
        ) / 7.0 as weeks_count
    from practised
    group by episode_number

)

select
    changes.episode_number,
    'baseline_score' as covariate_kind,
    changes.scale_id as covariate_id,
    changes.baseline_score as covariate_value
from changes
inner join scales
    on changes.scale_id = scales.scale_id
where
    scales.role = 'mechanism' and scales.is_primary and changes.baseline_score is not null
union all
select
    changes.episode_number,
    'component_change' as covariate_kind,
    changes.scale_id as covariate_id,
    changes.change as covariate_value
from changes
inner join scales
    on changes.scale_id = scales.scale_id
where
    scales.role = 'process' and scales.scale_kind = 'subscale' and not scales.is_primary
    and changes.change is not null
union all
select
    episode_number,
    'delivery' as covariate_kind,
    covariate_id,
    covariate_value
from delivered
where covariate_value is not null
union all
select
    practised.episode_number,
    'practice' as covariate_kind,
    practised.practice_id as covariate_id,
    sum(practised.minutes) / min(weeks.weeks_count) as covariate_value
from practised
inner join weeks using (episode_number)
group by practised.episode_number, practised.practice_id
union all
select
    practised.episode_number,
    'practice' as covariate_kind,
    'minutes_per_week' as covariate_id,
    sum(practised.minutes) / min(weeks.weeks_count) as covariate_value
from practised
inner join weeks using (episode_number)
group by practised.episode_number
union all
select
    practised.episode_number,
    'practice' as covariate_kind,
    'days_per_week' as covariate_id,
    count(distinct practised.practice_day) / min(weeks.weeks_count) as covariate_value
from practised
inner join weeks using (episode_number)
group by practised.episode_number
