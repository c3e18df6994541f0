-- One row per episode, scale pair and moment at which both scales were scored: the panel that
-- within-person slopes are taken from. The moment is the day where the episode has days, else the
-- place among its occasions; of two scores at one moment the first by key stands.
with scores as (

    select
        client_id,
        episode_id,
        scale_id,
        time_position,
        is_ordered_by_day,
        score
    from {{ ref('int_score_sequences') }}
    qualify row_number() over (
            partition by episode_id, scale_id, time_position
            order by position
        ) = 1

)

select
    processes.client_id,
    processes.episode_id,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    processes.time_position,
    processes.is_ordered_by_day,
    row_number() over (
        partition by processes.episode_id, pairs.process_scale_id, pairs.outcome_scale_id
        order by processes.time_position
    ) as moment,
    processes.score as process_score,
    outcomes.score as outcome_score,
    lag(processes.score) over (
        partition by processes.episode_id, pairs.process_scale_id, pairs.outcome_scale_id
        order by processes.time_position
    ) as previous_process_score,
    lag(processes.score, 2) over (
        partition by processes.episode_id, pairs.process_scale_id, pairs.outcome_scale_id
        order by processes.time_position
    ) as earlier_process_score,
    lag(outcomes.score) over (
        partition by processes.episode_id, pairs.process_scale_id, pairs.outcome_scale_id
        order by processes.time_position
    ) as previous_outcome_score,
    lag(outcomes.score, 2) over (
        partition by processes.episode_id, pairs.process_scale_id, pairs.outcome_scale_id
        order by processes.time_position
    ) as earlier_outcome_score
from scores as processes
inner join {{ ref('int_scale_pairs') }} as pairs
    on processes.scale_id = pairs.process_scale_id
inner join scores as outcomes
    on
        pairs.outcome_scale_id = outcomes.scale_id
        and processes.episode_id = outcomes.episode_id
        and processes.time_position = outcomes.time_position
