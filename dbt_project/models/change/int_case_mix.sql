-- One row per program, population, threshold set, year of ending, clinic, clinician and everything
-- known of an episode at its start: how many counted courses there were and how they ended. What is
-- known at the start: the first score on up to two domains of the set, in SDs of its scale above
-- the mean and upward where worse; conditions; age band; whether the client had been here before.
-- Gender, ethnicity and the like are left out on purpose: to adjust for them would hide what the
-- splits are there to show.
with first_scores as (

    select
        measures.episode_id,
        dense_rank() over (partition by measures.threshold_set order by measures.domain)
            as domain_number,
        round(
            case when scales.is_higher_better then -1 else 1 end
            * (measures.first_score - avg(measures.first_score) over scale)
            / nullif(stddev_samp(measures.first_score) over scale, 0),
            3
        ) as severity
    from {{ ref('int_episode_measures') }} as measures
    left join {{ ref('stg_registry__scales') }} as scales
        on measures.scale_id = scales.scale_id
    window scale as (partition by measures.scale_id)

),

severities as (

    select
        episode_id,
        max(case when domain_number = 1 then severity end) as first_severity,
        max(case when domain_number = 2 then severity end) as second_severity
    from first_scores
    group by episode_id

),

conditions as (

    {{ condition_sets() }}

),

starts as (

    select
        episode_id,
        client_id,
        clinic_id,
        clinician_id,
        coalesce(started_on > min(started_on) over (partition by client_id), false)
            as has_earlier_episode
    from {{ ref('int_episodes') }}

)

select
    outcomes.program_id,
    outcomes.population,
    coalesce(outcomes.threshold_set, 'none') as threshold_set,
    coalesce(cast(year(outcomes.ended_on) as varchar), 'unknown') as year,
    coalesce(starts.clinic_id, 'unknown') as clinic,
    coalesce(starts.clinician_id, 'unknown') as clinician,
    coalesce(conditions.condition_set, 'none') as condition_set,
    coalesce(bands.attribute_value, 'unknown') as age_band,
    case when starts.has_earlier_episode then 'yes' else 'no' end as has_earlier_episode,
    severities.first_severity,
    severities.second_severity,
    {{ course_counts() }}
from {{ ref('int_episode_outcomes') }} as outcomes
inner join starts
    on outcomes.episode_id = starts.episode_id
left join severities
    on outcomes.episode_id = severities.episode_id
left join conditions
    on outcomes.episode_id = conditions.episode_id
left join {{ ref('stg_raw__clients') }} as bands
    on
        starts.client_id = bands.client_id
        and bands.attribute = 'age_band'
where outcomes.is_counted
group by
    outcomes.program_id, outcomes.population, outcomes.threshold_set, year(outcomes.ended_on),
    starts.clinic_id, starts.clinician_id, conditions.condition_set, bands.attribute_value,
    starts.has_earlier_episode, severities.first_severity, severities.second_severity
