-- One row per episode, scale and moment of its course (primary scales and halves): how far from the
-- first score, and the step from the session before as a sudden gain or loss (Tang & DeRubeis 1999,
-- as the R package suddengains codes it; metrics.md 2.2). Of several scores at one moment the first
-- stands at the start and the last later on, as in int_course_ends.
with course_scores as (

    select
        sequences.episode_id,
        sequences.program_id,
        sequences.scale_id,
        sequences.position,
        sequences.time_position,
        sequences.is_ordered_by_day,
        sequences.day,
        sequences.occasion,
        sequences.occasion_order,
        sequences.score,
        scales.is_higher_better,
        scales.score_minimum,
        scales.score_maximum,
        case when scales.is_higher_better then 1 else -1 end * sequences.score as health,
        min(sequences.time_position) over (
            partition by sequences.episode_id, sequences.scale_id
        ) as first_time
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('int_episodes') }} as episodes
        on sequences.episode_id = episodes.episode_id
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    where
        (scales.is_primary or scales.scale_kind = 'half')
        and {{ is_of_course('sequences', 'episodes') }}

),

moments as (

    select *
    from course_scores
    qualify row_number() over (
            partition by episode_id, scale_id, time_position
            order by case when time_position = first_time then position else -position end
        ) = 1

),

numbered as (

    select
        *,
        row_number() over sequence as moment,
        lag(occasion_order) over sequence as previous_occasion_order,
        occasion_order = min(occasion_order) over course as is_first,
        occasion_order = max(occasion_order) over course as is_last
    from moments
    window
        sequence as (partition by episode_id, scale_id order by time_position),
        course as (partition by episode_id, scale_id)

),

-- How many courses had begun and not ended at an occasion, and how many have a score there.
occasions as (

    select
        program_id,
        scale_id,
        occasion_order,
        count(*) as scored_count,
        sum(count(*) filter (where is_first)) over (
            partition by program_id, scale_id order by occasion_order
        ) as begun_count,
        sum(count(*) filter (where is_last)) over (
            partition by program_id, scale_id order by occasion_order
        ) - count(*) filter (where is_last) as ended_count
    from numbered
    where occasion_order is not null
    group by program_id, scale_id, occasion_order

),

-- The occasions at which a program gives a scale, numbered: they tell that a form was left out. One
-- that hardly anybody has (a form between two sessions) is none of them.
planned as (

    select
        program_id,
        scale_id,
        occasion_order,
        row_number() over (
            partition by program_id, scale_id order by occasion_order
        ) as planned_place
    from occasions
    where 10 * scored_count >= begun_count - ended_count

),

-- Sessions are the planned occasions where every form names one and they rise with time; else the
-- moments as they came, for then no plan is known.
placed as (

    select
        numbered.*,
        case
            when
                bool_and(
                    planned.planned_place is not null
                    and coalesce(
                        numbered.occasion_order > numbered.previous_occasion_order,
                        numbered.moment = 1
                    )
                ) over (partition by numbered.episode_id, numbered.scale_id)
                then planned.planned_place
            else numbered.moment
        end as place
    from numbered
    left join planned
        on
            numbered.program_id = planned.program_id
            and numbered.scale_id = planned.scale_id
            and numbered.occasion_order = planned.occasion_order

),

surrounded as (

    select
        *,
        first_value(health) over sequence as first_health,
        lag(time_position) over sequence as previous_time_position,
        lag(day) over sequence as previous_day,
        lag(occasion) over sequence as previous_occasion,
        place - lag(place) over sequence = 1 as is_step,
        lag(score) over sequence as score_before,
        health - lag(health) over sequence as step_improvement,
        count(*) over three_before as scores_before_count,
        count(*) over three_from_here as scores_after_count,
        avg(health) over three_before as health_before,
        avg(health) over three_from_here as health_after,
        var_samp(health) over three_before as variance_before,
        var_samp(health) over three_from_here as variance_after,
        min(health) over later as lowest_later,
        max(health) over later as highest_later
    from placed
    window
        sequence as (partition by episode_id, scale_id order by place),
        three_before as (
            partition by episode_id, scale_id order by place
            range between 3 preceding and 1 preceding
        ),
        three_from_here as (
            partition by episode_id, scale_id order by place
            range between current row and 2 following
        ),
        later as (
            partition by episode_id, scale_id order by place
            rows between 1 following and unbounded following
        )

),

measured as (

    select
        surrounded.*,
        criteria.reliable_change_points,
        (surrounded.health - surrounded.first_health) / criteria.standard_error_of_difference
            as improvement_index,
        -- What Tang & DeRubeis take a quarter of: their scale is 0 at its healthy end.
        case
            when surrounded.is_higher_better
                then surrounded.score_maximum - surrounded.score_before
            else surrounded.score_before - coalesce(surrounded.score_minimum, 0)
        end as distance_to_health,
        case when surrounded.step_improvement < 0 then -1 else 1 end as step_sign,
        surrounded.scores_before_count + surrounded.scores_after_count - 2 as degrees_of_freedom
    from surrounded
    left join {{ ref('int_change_criteria') }} as criteria
        on surrounded.scale_id = criteria.scale_id

),

judged as (

    select
        *,
        improvement_index > {{ var('reliable_change_z') }} as is_improved,
        improvement_index < -{{ var('reliable_change_z') }} as is_deteriorated,
        case
            when scores_before_count >= 2 and scores_after_count >= 2
                then {{ sudden_gain_critical_t('degrees_of_freedom') }}
        end as critical_t,
        sqrt(
            (
                (scores_before_count - 1) * variance_before
                + (scores_after_count - 1) * variance_after
            ) / nullif(degrees_of_freedom, 0)
        ) as pooled_sd,
        -- To nine places: 3.8 - 3.4 is 0.4 and their floats are less.
        case
            when is_step then abs(step_improvement) >= reliable_change_points
        end as is_large,
        case
            when is_step
                then
                    round(abs(step_improvement), 9)
                    >= round({{ var('sudden_gain_proportion') }} * distance_to_health, 9)
        end as is_large_in_proportion,
        round(
            health - {{ var('sudden_gain_reversal_proportion') }} * step_improvement, 9
        ) as turning_point
    from measured

),

concluded as (

    select
        *,
        case
            when is_step
                then
                    round(step_sign * (health_after - health_before), 9) > critical_t * pooled_sd
        end as is_beyond_fluctuation
    from judged

)

select
    ---------- which
    episode_id,
    scale_id,
    moment,
    time_position,
    is_ordered_by_day,
    previous_time_position,
    previous_day,
    day,
    previous_occasion,
    occasion,

    ---------- against the first score
    score,
    improvement_index,
    is_improved,
    is_deteriorated,
    bool_and(is_improved) over onwards as is_improved_onwards,
    bool_and(is_deteriorated) over onwards as is_deteriorated_onwards,

    ---------- against the session before
    is_step,
    score_before,
    step_improvement,
    case when distance_to_health > 0 then step_improvement / distance_to_health end
        as step_proportion,
    scores_before_count,
    scores_after_count,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(case when is_higher_better then health_before else -health_before end, 10)
        as mean_before,
    round(case when is_higher_better then health_after else -health_after end, 10)
        as mean_after,
    critical_t,
    reliable_change_points,
    is_large,
    is_large_in_proportion,
    is_beyond_fluctuation,
    is_large and is_large_in_proportion and is_beyond_fluctuation as is_sudden,
    case
        when step_improvement > 0 then round(lowest_later, 9) < turning_point
        when step_improvement < 0 then round(highest_later, 9) > turning_point
    end as is_step_reversed
from concluded
window onwards as (
    partition by episode_id, scale_id order by moment
    rows between current row and unbounded following
)
