-- One row per episode, comparison (a process scale and an outcome scale) and interval in which both
-- changed scores are known: a change beside a change, as measured (later minus earlier).
-- The parts of a process scale are related over the whole course only: over every interval they
-- would be most of the work and say no more.
with comparisons as (

    select * from {{ ref('int_comparisons') }}

),

-- Every scale that is compared, with a number to join by.
scales as (

    select
        scale_id,
        bool_and(is_part) as is_part,
        cast(row_number() over (order by scale_id) as integer) as scale
    from (
        select
            process_scale_id as scale_id,
            is_part
        from comparisons
        union all
        select
            outcome_scale_id as scale_id,
            is_part
        from comparisons
    ) as compared
    group by scale_id

),

intervals as (

    select * from {{ ref('int_intervals_numbered') }}

),

changes as (

    select
        numbered.episode_number,
        scales.scale,
        intervals.interval_number,
        intervals.is_whole_course,
        changes.baseline_score,
        changes.final_score,
        changes.change
    from {{ ref('int_changes') }} as changes
    inner join scales
        on changes.scale_id = scales.scale_id
    inner join intervals
        on changes.interval_name = intervals.interval_name
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on changes.episode_id = numbered.episode_id
    where
        changes.change is not null
        and (intervals.is_whole_course or not scales.is_part)

),

opposites as (

    select
        components.scale,
        opposed.scale as opposite_scale,
        pairs.scale as pair_scale,
        registry.score_minimum + registry.score_maximum as range_sum
    from {{ ref('component_pairs') }} as component_pairs
    inner join scales as components
        on component_pairs.scale_id = components.scale_id
    inner join scales as opposed
        on component_pairs.opposite_scale_id = opposed.scale_id
    inner join scales as pairs
        on component_pairs.pair_id = pairs.scale_id
    inner join {{ ref('stg_registry__scales') }} as registry
        on component_pairs.opposite_scale_id = registry.scale_id

),

-- A component with its opposite turned round.
pair_changes as (

    select
        components.episode_number,
        opposites.pair_scale as scale,
        components.interval_number,
        components.is_whole_course,
        (components.baseline_score + opposites.range_sum - opposed.baseline_score) / 2
            as baseline_score,
        (components.final_score + opposites.range_sum - opposed.final_score) / 2 as final_score,
        (components.change - opposed.change) / 2 as change
    from changes as components
    inner join opposites
        on components.scale = opposites.scale
    inner join changes as opposed
        on
            opposites.opposite_scale = opposed.scale
            and components.episode_number = opposed.episode_number
            and components.interval_number = opposed.interval_number
    where components.is_whole_course

),

process_changes as (

    select * from changes
    union all
    select * from pair_changes

),

numbered_comparisons as (

    select
        comparisons.comparison,
        processes.scale as process_scale,
        outcomes.scale as outcome_scale
    from comparisons
    inner join scales as processes
        on comparisons.process_scale_id = processes.scale_id
    inner join scales as outcomes
        on comparisons.outcome_scale_id = outcomes.scale_id

)

select
    processes.episode_number,
    comparisons.comparison,
    processes.interval_number,
    processes.is_whole_course,
    processes.baseline_score as process_baseline,
    processes.final_score as process_final,
    processes.change as process_change,
    outcomes.baseline_score as outcome_baseline,
    outcomes.final_score as outcome_final,
    outcomes.change as outcome_change
from process_changes as processes
inner join numbered_comparisons as comparisons
    on
        processes.scale = comparisons.process_scale
inner join changes as outcomes
    on
        comparisons.outcome_scale = outcomes.scale
        and processes.episode_number = outcomes.episode_number
        and processes.interval_number = outcomes.interval_number
