-- Two of the three criteria are enough for a row, so that whoever does without one of them finds
-- every step that meets the other two.
with steps as (

    select
        steps.*,
        case when steps.step_improvement > 0 then 'gain' else 'loss' end as step_direction,
        case when coalesce(steps.is_large, false) then 1 else 0 end
        + case when coalesce(steps.is_large_in_proportion, false) then 1 else 0 end
        + case when coalesce(steps.is_beyond_fluctuation, false) then 1 else 0 end
            as criteria_met_count
    from {{ ref('int_score_steps') }} as steps
    where steps.is_step and steps.step_improvement <> 0

)

select
    ---------- which
    courses.client_id,
    steps.episode_id,
    courses.program_id,
    courses.instrument_id,
    steps.scale_id,
    steps.moment,
    steps.step_direction,

    ---------- from where to where
    steps.previous_occasion,
    steps.occasion,
    steps.previous_day,
    steps.day,
    steps.score_before,
    steps.score as score_after,
    steps.step_improvement,
    steps.step_proportion,
    steps.mean_before,
    steps.mean_after,
    steps.scores_before_count,
    steps.scores_after_count,

    ---------- by which criteria
    steps.is_large,
    steps.is_large_in_proportion,
    steps.is_beyond_fluctuation,
    steps.is_sudden,
    steps.is_step_reversed,

    ---------- how it was judged
    steps.reliable_change_points,
    courses.sd_source,
    steps.critical_t,
    courses.change_rule_id as threshold_id
from steps
inner join {{ ref('int_score_courses') }} as courses
    on
        steps.episode_id = courses.episode_id
        and steps.scale_id = courses.scale_id
where steps.criteria_met_count >= 2
