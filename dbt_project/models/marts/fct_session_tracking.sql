-- Each score beside what the clinic's own closed courses with the same start scored after as long:
-- those of the same program where there are enough, else of all programs together.
with scores as (

    select * from {{ ref('int_tracked_scores') }}

),

trajectories as (

    select
        programs.program_id as judged_program_id,
        estimates.*
    from (
        select distinct
            scores.program_id,
            scores.scale_id,
            scores.is_timed_by_day
        from scores
    ) as programs
    inner join {{ source('change', 'trajectory_estimates') }} as estimates
        on
            programs.scale_id = estimates.scale_id
            and (
                programs.program_id = estimates.program_id
                or (programs.is_timed_by_day and estimates.program_id = 'all')
            )
    where estimates.status = 'estimated'
    qualify row_number() over (
            partition by programs.program_id, estimates.scale_id, estimates.held_out_part
            order by case when estimates.program_id = 'all' then 1 else 0 end
        ) = 1

),

criteria as (

    select * from {{ ref('int_change_criteria') }}

),

expected as (

    select
        scores.*,
        trajectories.program_id as reference_program_id,
        scores.elapsed > trajectories.elapsed_reach
        or scores.intake_score < trajectories.intake_minimum
        or scores.intake_score > trajectories.intake_maximum as is_beyond_reference,
        trajectories.intercept + trajectories.intake_slope * scores.intake_score
        + (trajectories.time_slope + trajectories.intake_time_slope * scores.intake_score)
        * scores.log_time as expected_score,
        trajectories.band_multiplier * sqrt(greatest(
            trajectories.variance_intercept
            + trajectories.variance_time_slope * scores.log_time
            + trajectories.variance_time_square_slope * power(scores.log_time, 2)
            + trajectories.variance_intake_slope * scores.intake_score,
            trajectories.variance_minimum
        )) as band_half_width,
        {{ is_on_side('scores.intake_score', 'criteria.clinical_operator', 'criteria.cutoff') }}
            as was_clinical,
        {{ is_on_side('scores.score', 'criteria.clinical_operator', 'criteria.cutoff') }}
            as is_clinical,
        ranges.score_minimum,
        ranges.score_maximum
    from scores
    left join trajectories
        on
            scores.program_id = trajectories.judged_program_id
            and scores.scale_id = trajectories.scale_id
            and scores.client_part = trajectories.held_out_part
    left join criteria
        on scores.scale_id = criteria.scale_id
    left join {{ ref('stg_registry__scales') }} as ranges
        on scores.scale_id = ranges.scale_id

),

banded as (

    select
        *,
        is_later and not is_beyond_reference as is_expected,
        -- Rounded, for the order of parallel sums moves the last digits; and inside the scale.
        round(least(greatest(expected_score, score_minimum), score_maximum), 8)
            as expected_within,
        round(
            least(greatest(expected_score - band_half_width, score_minimum), score_maximum), 8
        ) as band_low_within,
        round(
            least(greatest(expected_score + band_half_width, score_minimum), score_maximum), 8
        ) as band_high_within
    from expected

)

select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    scale_id,
    cast(administration_key as varchar) as administration_id,

    ---------- when
    occurred_on,
    day,
    course_position,
    time_position,
    is_ordered_by_day,
    elapsed,

    ---------- the score and what was to be expected
    intake_score,
    score,
    case when is_expected then expected_within end as expected_score,
    case when is_expected then band_low_within end as band_low,
    case when is_expected then band_high_within end as band_high,
    case when is_expected then reference_program_id end as reference_program_id,

    ---------- what it means
    case
        when not is_later then 'unknown'
        when was_clinical and not is_clinical then 'recovered_range'
        when not coalesce(is_expected, false) then 'unknown'
        when is_higher_better and score < band_low_within then 'off_track'
        when not is_higher_better and score > band_high_within then 'off_track'
        else 'on_track'
    end as tracking_state,
    case
        when not is_later then 'first_score'
        when was_clinical and not is_clinical then null
        when reference_program_id is null then 'too_few_courses'
        when is_beyond_reference then 'beyond_reference'
    end as unknown_reason,
    is_reference
from banded
