-- One row per episode and scale (primary scales and halves) with a form: when it first improved or
-- deteriorated reliably, when for good, and how many of its steps were sudden. What was not reached
-- is censored at the last score of the course.
with episode_scales as (

    select
        client_id,
        episode_id,
        program_id,
        instrument_id,
        scale_id
    from {{ ref('int_changes') }}
    where interval_name = 'first_to_last' and (is_primary or scale_kind = 'half')

),

courses as (

    select
        episode_id,
        scale_id,
        count(*) as moments_count,
        bool_and(is_ordered_by_day) as is_ordered_by_day,
        min(time_position) as first_position,
        max(time_position) as last_position,
        min(time_position) filter (where is_improved) as improved_position,
        -- The last score before it: improvement came somewhere between the two.
        min_by(previous_time_position, moment) filter (where is_improved) as unimproved_position,
        min(moment) filter (where is_improved) as improved_moment,
        min(time_position) filter (where is_improved_onwards) as lastingly_improved_position,
        min(time_position) filter (where is_deteriorated) as deteriorated_position,
        min(moment) filter (where is_deteriorated) as deteriorated_moment,
        min(time_position) filter (where is_deteriorated_onwards)
            as lastingly_deteriorated_position,
        count(*) filter (where is_step and is_sudden is not null) as judged_steps_count,
        count(*) filter (where is_sudden and step_improvement > 0) as sudden_gains_count,
        count(*) filter (where is_sudden and step_improvement < 0) as sudden_losses_count
    from {{ ref('int_score_steps') }}
    group by episode_id, scale_id

),

joined as (

    select
        episode_scales.*,
        coalesce(courses.moments_count, 0) as moments_count,
        courses.is_ordered_by_day,
        courses.first_position,
        courses.last_position,
        courses.improved_position,
        courses.unimproved_position,
        courses.improved_moment,
        courses.lastingly_improved_position,
        courses.deteriorated_position,
        courses.deteriorated_moment,
        courses.lastingly_deteriorated_position,
        coalesce(courses.judged_steps_count, 0) as judged_steps_count,
        coalesce(courses.sudden_gains_count, 0) as sudden_gains_count,
        coalesce(courses.sudden_losses_count, 0) as sudden_losses_count,
        criteria.change_rule_id,
        criteria.sd_source,
        case
            when courses.moments_count is null then 'no_score'
            when courses.moments_count = 1 then 'no_second_score'
            when criteria.change_rule_id is null then 'no_rule'
            when coalesce(criteria.standard_error_of_difference, 0) = 0
                then 'no_standard_deviation'
        end as unknown_reason
    from episode_scales
    left join courses
        on
            episode_scales.episode_id = courses.episode_id
            and episode_scales.scale_id = courses.scale_id
    left join {{ ref('int_change_criteria') }} as criteria
        on episode_scales.scale_id = criteria.scale_id

)

select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,

    ---------- the course
    moments_count,
    case when is_ordered_by_day then last_position end as last_day,
    case
        when is_ordered_by_day and moments_count > 1
            then (last_position - first_position) / (moments_count - 1)
    end as days_between_scores,

    ---------- first, and for good
    case
        when unknown_reason is not null then 'unknown'
        when improved_moment is null then 'censored'
        else 'reached'
    end as improvement_status,
    improved_moment,
    case when is_ordered_by_day then improved_position end as improved_day,
    case when is_ordered_by_day then lastingly_improved_position end as lastingly_improved_day,
    case when unknown_reason is null then lastingly_improved_position is not null end
        as is_lastingly_improved,
    case
        when unknown_reason is not null then 'unknown'
        when deteriorated_moment is null then 'censored'
        else 'reached'
    end as deterioration_status,
    deteriorated_moment,
    case when is_ordered_by_day then deteriorated_position end as deteriorated_day,
    case when is_ordered_by_day then lastingly_deteriorated_position end
        as lastingly_deteriorated_day,
    case when unknown_reason is null then lastingly_deteriorated_position is not null end
        as is_lastingly_deteriorated,
    unknown_reason,
    change_rule_id,
    sd_source,

    ---------- sudden steps
    judged_steps_count,
    sudden_gains_count,
    sudden_losses_count,

    ---------- what the order of changes needs
    improved_position,
    unimproved_position
from joined
