-- One row per episode, comparison (a process scale and an outcome scale) and interval in which both
-- changed scores are known: a change beside a change, as measured (later minus earlier). The parts
-- of a process scale are related over the whole course only.
-- A view: putting the pairs together takes less time than storing them.
{{ config(materialized='view') }}

with comparisons as (

    select
        comparison,
        process_scale,
        outcome_scale
    from {{ ref('int_comparisons') }}

),

processes as (

    select * from {{ ref('int_numbered_changes') }}

),

-- What the others are looked up in: the fewer these are, the more clients fit into memory.
outcomes as (

    select
        episode_number,
        scale,
        interval_number,
        baseline_score,
        final_score,
        change
    from {{ ref('int_numbered_changes') }}
    where scale in (select comparisons.outcome_scale from comparisons)

)

select
    processes.episode_number,
    comparisons.comparison,
    processes.interval_number,
    processes.is_whole_course,
    processes.combination,
    processes.baseline_score as process_baseline,
    processes.final_score as process_final,
    processes.change as process_change,
    outcomes.baseline_score as outcome_baseline,
    outcomes.final_score as outcome_final,
    outcomes.change as outcome_change
from processes
inner join comparisons
    on processes.scale = comparisons.process_scale
inner join outcomes
    on
        comparisons.outcome_scale = outcomes.scale
        and processes.episode_number = outcomes.episode_number
        and processes.interval_number = outcomes.interval_number
