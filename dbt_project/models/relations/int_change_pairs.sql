-- One row per episode, process scale, outcome scale and interval in which both changed scores
-- are known: a change beside a change, as measured (later minus earlier).
-- The parts of a process scale (subscales, and pairs of a component and its opposite) are related
-- over the whole course only: over every interval they would be most of the work and say no more.
with scales as (

    select
        scales.scale_id,
        scales.instrument_id,
        scales.is_higher_better,
        scales.is_primary,
        scales.scale_kind,
        scales.score_minimum + scales.score_maximum as range_sum
    from {{ ref('stg_registry__scales') }} as scales
    where scales.role = 'process'

),

-- What the primary scale of an instrument is related to, its parts are.
outcomes_of_parts as (

    select
        scales.instrument_id,
        pairs.outcome_scale_id,
        pairs.outcome_is_higher_better
    from {{ ref('int_scale_pairs') }} as pairs
    inner join scales
        on pairs.process_scale_id = scales.scale_id
    where scales.is_primary
    group by scales.instrument_id, pairs.outcome_scale_id, pairs.outcome_is_higher_better

),

comparisons as (

    select
        process_scale_id,
        process_is_higher_better,
        outcome_scale_id,
        outcome_is_higher_better,
        false as is_part
    from {{ ref('int_scale_pairs') }}
    union all
    select
        scales.scale_id as process_scale_id,
        scales.is_higher_better as process_is_higher_better,
        outcomes_of_parts.outcome_scale_id,
        outcomes_of_parts.outcome_is_higher_better,
        true as is_part
    from scales
    inner join outcomes_of_parts
        on scales.instrument_id = outcomes_of_parts.instrument_id
    where scales.scale_kind = 'subscale' and not scales.is_primary
    union all
    select
        opposites.pair_id as process_scale_id,
        scales.is_higher_better as process_is_higher_better,
        outcomes_of_parts.outcome_scale_id,
        outcomes_of_parts.outcome_is_higher_better,
        true as is_part
    from {{ ref('component_pairs') }} as opposites
    inner join scales
        on opposites.scale_id = scales.scale_id
    inner join outcomes_of_parts
        on scales.instrument_id = outcomes_of_parts.instrument_id

),

changes as (

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

),

-- A component with its opposite turned round.
pair_changes as (

    select
        components.client_id,
        components.episode_id,
        opposites.pair_id as scale_id,
        components.interval_name,
        (components.baseline_score + scales.range_sum - opposed.baseline_score) / 2
            as baseline_score,
        (components.final_score + scales.range_sum - opposed.final_score) / 2 as final_score,
        (components.change - opposed.change) / 2 as change
    from changes as components
    inner join {{ ref('component_pairs') }} as opposites
        on components.scale_id = opposites.scale_id
    inner join scales
        on opposites.opposite_scale_id = scales.scale_id
    inner join changes as opposed
        on
            opposites.opposite_scale_id = opposed.scale_id
            and components.episode_id = opposed.episode_id
            and components.interval_name = opposed.interval_name
    where components.interval_name = 'first_to_last'

),

process_changes as (

    select * from changes
    where
        interval_name = 'first_to_last'
        or scale_id in (select pairs.process_scale_id from {{ ref('int_scale_pairs') }} as pairs)
    union all
    select * from pair_changes

)

select
    processes.client_id,
    processes.episode_id,
    comparisons.process_scale_id,
    comparisons.outcome_scale_id,
    comparisons.process_is_higher_better,
    comparisons.outcome_is_higher_better,
    processes.interval_name,
    processes.baseline_score as process_baseline,
    processes.final_score as process_final,
    processes.change as process_change,
    outcomes.baseline_score as outcome_baseline,
    outcomes.final_score as outcome_final,
    outcomes.change as outcome_change
from process_changes as processes
inner join comparisons
    on
        processes.scale_id = comparisons.process_scale_id
        and (not comparisons.is_part or processes.interval_name = 'first_to_last')
inner join changes as outcomes
    on
        comparisons.outcome_scale_id = outcomes.scale_id
        and processes.episode_id = outcomes.episode_id
        and processes.interval_name = outcomes.interval_name
