-- One row per episode, process scale and outcome scale that its program measures: which of the two
-- first improved reliably. Every episode with a form on any of these scales has its rows; where one
-- of the two cannot be judged the order is unknown and says why.
with courses as (

    select * from {{ ref('int_score_courses') }}

),

episodes as (

    select distinct
        client_id,
        episode_id,
        program_id
    from courses

),

program_scales as (

    select distinct
        program_id,
        scale_id
    from courses

),

asked as (

    select
        processes.program_id,
        pairs.process_scale_id,
        pairs.outcome_scale_id
    from {{ ref('int_scale_pairs') }} as pairs
    inner join program_scales as processes
        on pairs.process_scale_id = processes.scale_id
    inner join program_scales as outcomes
        on
            pairs.outcome_scale_id = outcomes.scale_id
            and processes.program_id = outcomes.program_id

),

paired as (

    select
        episodes.client_id,
        episodes.episode_id,
        episodes.program_id,
        asked.process_scale_id,
        asked.outcome_scale_id,
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
            episodes.episode_id = processes.episode_id
            and asked.process_scale_id = processes.scale_id
    left join courses as outcomes
        on
            episodes.episode_id = outcomes.episode_id
            and asked.outcome_scale_id = outcomes.scale_id

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
    ---------- which
    client_id,
    episode_id,
    program_id,
    process_scale_id,
    outcome_scale_id,

    ---------- which came first
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
