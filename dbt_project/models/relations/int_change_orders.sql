-- One row per episode and pair of scales that its program measures: which of the two first improved
-- reliably. Every episode with a form on any of these scales has its rows; where one of the two
-- cannot be judged the order is unknown and says why.
-- By numbers: these are the most rows that relations keep of single episodes, and texts would be
-- most of what is written. fct_change_order has the names.
with scales as (

    select
        scale_id,
        cast(row_number() over (order by scale_id) as integer) as scale
    from {{ ref('int_score_courses') }}
    group by scale_id

),

courses as (

    select
        numbered.episode_number,
        scales.scale,
        courses.improvement_status,
        courses.unknown_reason,
        courses.improved_position,
        courses.unimproved_position,
        courses.improved_day,
        courses.days_between_scores
    from {{ ref('int_score_courses') }} as courses
    inner join scales
        on courses.scale_id = scales.scale_id
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on courses.episode_id = numbered.episode_id

),

program_scales as (

    select distinct
        program_id,
        scale_id
    from {{ ref('int_score_courses') }}

),

asked as (

    select
        processes.program_id,
        pairs.pair,
        process_scales.scale as process_scale,
        outcome_scales.scale as outcome_scale
    from {{ ref('int_scale_pairs') }} as pairs
    inner join program_scales as processes
        on pairs.process_scale_id = processes.scale_id
    inner join program_scales as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and processes.program_id = outcomes.program_id
    inner join scales as process_scales
        on pairs.process_scale_id = process_scales.scale_id
    inner join scales as outcome_scales
        on pairs.outcome_scale_id = outcome_scales.scale_id

),

episodes as (

    select
        numbered.episode_number,
        measured.program_id
    from (
        select
            episode_id,
            min(program_id) as program_id
        from {{ ref('int_score_courses') }}
        group by episode_id
    ) as measured
    inner join {{ ref('int_episodes_numbered') }} as numbered
        on measured.episode_id = numbered.episode_id

),

paired as (

    select
        episodes.episode_number,
        asked.pair,
        coalesce(processes.improvement_status, 'unknown') as process_status,
        coalesce(outcomes.improvement_status, 'unknown') as outcome_status,
        processes.improved_position as process_improved_position,
        outcomes.improved_position as outcome_improved_position,
        processes.unimproved_position as process_unimproved_position,
        outcomes.unimproved_position as outcome_unimproved_position,
        processes.improved_day as process_improved_day,
        outcomes.improved_day as outcome_improved_day,
        processes.days_between_scores as process_days_between_scores,
        outcomes.days_between_scores as outcome_days_between_scores,
        case
            when coalesce(processes.improvement_status, 'unknown') = 'unknown'
                then concat('process_', coalesce(processes.unknown_reason, 'no_score'))
            when coalesce(outcomes.improvement_status, 'unknown') = 'unknown'
                then concat('outcome_', coalesce(outcomes.unknown_reason, 'no_score'))
        end as unknown_reason
    from episodes
    inner join asked
        on episodes.program_id = asked.program_id
    left join courses as processes
        on
            episodes.episode_number = processes.episode_number
            and asked.process_scale = processes.scale
    left join courses as outcomes
        on
            episodes.episode_number = outcomes.episode_number
            and asked.outcome_scale = outcomes.scale

),

ordered as (

    select
        *,
        case
            when 'unknown' in (process_status, outcome_status) then 'unknown'
            when process_status = 'censored' and outcome_status = 'censored' then 'neither'
            when outcome_status = 'censored' then 'process_only'
            when process_status = 'censored' then 'outcome_only'
            when process_improved_position < outcome_improved_position then 'process_first'
            when process_improved_position > outcome_improved_position then 'outcome_first'
            else 'together'
        end as order_class
    from paired

)

select
    episode_number,
    pair,
    order_class,
    -- Told apart: the later one was scored, and had not improved, when the earlier one had.
    case order_class
        when 'process_first' then outcome_unimproved_position >= process_improved_position
        when 'outcome_first' then process_unimproved_position >= outcome_improved_position
    end as is_order_resolved,
    unknown_reason,
    process_improved_day,
    outcome_improved_day,
    outcome_improved_day - process_improved_day as lead_days,
    process_days_between_scores,
    outcome_days_between_scores
from ordered
