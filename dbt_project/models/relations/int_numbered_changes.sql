-- One row per episode by which somebody counts, scale that is compared and interval of which the
-- change is known, by number: what pairs of changes are put together from, many times over. Among
-- the scales are pairs of a component and its opposite, which nobody scored as such.
-- The parts of a process scale are kept over the whole course only: over every interval they
-- would be most of the work and say no more.
with scales as (

    select
        scale_id,
        scale,
        bool_and(is_part) as is_part
    from (
        select
            process_scale_id as scale_id,
            process_scale as scale,
            is_part
        from {{ ref('int_comparisons') }}
        union all
        select
            outcome_scale_id as scale_id,
            outcome_scale as scale,
            is_part
        from {{ ref('int_comparisons') }}
    ) as compared
    group by scale_id, scale

),

changes as (

    select
        numbered.episode_number,
        scales.scale,
        intervals.interval_number,
        intervals.is_whole_course,
        case
            when intervals.is_whole_course then numbered.whole_course_combination
            else numbered.interval_combination
        end as combination,
        changes.baseline_score,
        changes.final_score,
        changes.change
    from {{ ref('int_changes') }} as changes
    inner join scales
        on changes.scale_id = scales.scale_id
    inner join {{ ref('int_intervals_numbered') }} as intervals
        on changes.interval_name = intervals.interval_name
    inner join {{ ref('int_episode_combinations') }} as numbered
        on changes.episode_id = numbered.episode_id
    where
        changes.change is not null
        and (intervals.is_whole_course or not scales.is_part)

),

opposites as (

    select
        component_pairs.scale_id,
        component_pairs.opposite_scale_id,
        pairs.scale as pair_scale,
        registry.score_minimum + registry.score_maximum as range_sum
    from {{ ref('component_pairs') }} as component_pairs
    inner join scales as pairs
        on component_pairs.pair_id = pairs.scale_id
    inner join {{ ref('stg_registry__scales') }} as registry
        on component_pairs.opposite_scale_id = registry.scale_id

),

-- Read once more, narrow: of the frame above all would be kept in memory.
part_changes as (

    select
        numbered.episode_number,
        numbered.whole_course_combination as combination,
        changes.scale_id,
        intervals.interval_number,
        changes.baseline_score,
        changes.final_score,
        changes.change
    from {{ ref('int_changes') }} as changes
    inner join {{ ref('int_intervals_numbered') }} as intervals
        on changes.interval_name = intervals.interval_name
    inner join {{ ref('int_episode_combinations') }} as numbered
        on changes.episode_id = numbered.episode_id
    where
        changes.change is not null
        and intervals.is_whole_course
        and changes.scale_id in (
            select component_pairs.scale_id from {{ ref('component_pairs') }} as component_pairs
            union all
            select component_pairs.opposite_scale_id
            from {{ ref('component_pairs') }} as component_pairs
        )

),

-- A component with its opposite turned round.
pair_changes as (

    select
        components.episode_number,
        opposites.pair_scale as scale,
        components.interval_number,
        true as is_whole_course,
        components.combination,
        (components.baseline_score + opposites.range_sum - opposed.baseline_score) / 2
            as baseline_score,
        (components.final_score + opposites.range_sum - opposed.final_score) / 2 as final_score,
        (components.change - opposed.change) / 2 as change
    from part_changes as components
    inner join opposites
        on components.scale_id = opposites.scale_id
    inner join part_changes as opposed
        on
            opposites.opposite_scale_id = opposed.scale_id
            and components.episode_number = opposed.episode_number
            and components.interval_number = opposed.interval_number

)

select * from changes
union all
select * from pair_changes
