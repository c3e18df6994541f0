-- One row per episode, process scale, outcome scale and interval in which both changed scores
-- are known: a change beside a change, as measured (later minus earlier).
with changes as (

    select
        client_id,
        episode_id,
        scale_id,
        interval_name,
        baseline_score,
        final_score,
        change
    from {{ ref('int_changes') }}
    where change is not null

)

select
    processes.client_id,
    processes.episode_id,
    pairs.process_scale_id,
    pairs.outcome_scale_id,
    pairs.process_is_higher_better,
    pairs.outcome_is_higher_better,
    processes.interval_name,
    processes.baseline_score as process_baseline,
    processes.final_score as process_final,
    processes.change as process_change,
    outcomes.baseline_score as outcome_baseline,
    outcomes.final_score as outcome_final,
    outcomes.change as outcome_change
from changes as processes
inner join {{ ref('int_scale_pairs') }} as pairs
    on processes.scale_id = pairs.process_scale_id
inner join changes as outcomes
    on
        pairs.outcome_scale_id = outcomes.scale_id
        and processes.episode_id = outcomes.episode_id
        and processes.interval_name = outcomes.interval_name
