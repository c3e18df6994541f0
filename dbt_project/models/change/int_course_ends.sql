-- One row per episode and scale that an outcome or an effect can be taken on (primary, or named by
-- a threshold set): first and last score of the course. Scores after the end of the episode and at
-- follow-up are not of the course. The last score is from a later moment than the first: two forms
-- on one day are one occasion.
with course_scores as (

    select
        sequences.episode_id,
        sequences.program_id,
        sequences.scale_id,
        sequences.score,
        sequences.position,
        sequences.time_position,
        min(sequences.time_position) over (
            partition by sequences.episode_id, sequences.scale_id
        ) as first_time
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('int_episodes') }} as episodes
        on sequences.episode_id = episodes.episode_id
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    where
        (
            scales.is_primary
            or sequences.scale_id in (
                select measures.scale_id
                from {{ ref('stg_registry__outcome_measures') }} as measures
            )
        )
        and {{ is_of_course('sequences', 'episodes') }}

)

select
    episode_id,
    min(program_id) as program_id,
    scale_id,
    min_by(score, position) as first_score,
    max_by(score, position) filter (where time_position > first_time) as last_score
from course_scores
group by episode_id, scale_id
