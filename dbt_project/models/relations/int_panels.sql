-- One row per episode, scale pair and moment at which both scales were scored: the panel that
-- within-person slopes are taken from. The moment is the day where the episode has days, else the
-- place among its occasions; of two scores at one moment the first stands.
-- A view: stored, it would be the largest table of the warehouse, and it is read once.
{{ config(materialized='view') }}

with scales as (

    select
        scale_id,
        cast(row_number() over (order by scale_id) as integer) as scale
    from (
        select process_scale_id as scale_id from {{ ref('int_scale_pairs') }}
        union
        select outcome_scale_id as scale_id from {{ ref('int_scale_pairs') }}
    ) as paired

),

pairs as (

    select
        pairs.pair,
        processes.scale as process_scale,
        outcomes.scale as outcome_scale
    from {{ ref('int_scale_pairs') }} as pairs
    inner join scales as processes
        on pairs.process_scale_id = processes.scale_id
    inner join scales as outcomes
        on pairs.outcome_scale_id = outcomes.scale_id

),

-- Written twice, for each is read narrow and by itself: one frame that both sides took would be
-- kept in memory whole.
processes as (

    select
        numbered.episode_number,
        scales.scale,
        sequences.time_position,
        sequences.is_ordered_by_day,
        sequences.score
    from {{ ref('int_score_sequences') }} as sequences
    inner join scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on sequences.episode_id = numbered.episode_id
    where sequences.is_first_of_moment

),

outcomes as (

    select
        numbered.episode_number,
        scales.scale,
        sequences.time_position,
        sequences.score
    from {{ ref('int_score_sequences') }} as sequences
    inner join scales
        on sequences.scale_id = scales.scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on sequences.episode_id = numbered.episode_id
    where
        sequences.is_first_of_moment
        and scales.scale in (select pairs.outcome_scale from pairs)

)

select
    processes.episode_number,
    pairs.pair,
    processes.time_position,
    processes.is_ordered_by_day,
    row_number() over panel as moment,
    processes.score as process_score,
    outcomes.score as outcome_score,
    first_value(processes.time_position) over panel as first_time_position,
    first_value(processes.score) over panel as first_process_score,
    first_value(outcomes.score) over panel as first_outcome_score,
    lag(processes.score) over panel as previous_process_score,
    lag(processes.score, 2) over panel as earlier_process_score,
    lag(outcomes.score) over panel as previous_outcome_score,
    lag(outcomes.score, 2) over panel as earlier_outcome_score
from processes
inner join pairs
    on processes.scale = pairs.process_scale
inner join outcomes
    on
        pairs.outcome_scale = outcomes.scale
        and processes.episode_number = outcomes.episode_number
        and processes.time_position = outcomes.time_position
window panel as (
    partition by processes.episode_number, pairs.pair
    order by processes.time_position
)
