-- One row per episode and primary outcome scale that began in the clinical range: the change to be
-- expected from where it began, and what lies beyond. Least squares of improvement on the first
-- score and the number of sessions before it, within groups of the same conditions, over the
-- reference sample: the clinic's own closed courses with both scores (metrics.md 2.5; ACORN), or
-- in place of all that the sample that a row of severity_references.csv names for the scale.
-- Conditions enter by centring on their own means, which is what a fixed effect for each would do
-- (Frisch & Waugh 1933), so two slopes solve the rest in closed form.
{%- set fewest = var('minimum_baseline_count') %}
with conditions as (

    {{ condition_sets() }}

),

first_forms as (

    select
        episode_id,
        scale_id,
        min_by(session_number, position) as session_number
    from {{ ref('int_session_scores') }}
    group by episode_id, scale_id

),

courses as (

    select
        ends.episode_id,
        ends.program_id,
        ends.scale_id,
        ends.first_score,
        case when scales.is_higher_better then 1 else -1 end * (ends.last_score - ends.first_score)
            as improvement,
        coalesce(conditions.condition_set, 'none') as condition_set,
        first_forms.session_number as first_session_number,
        ends.last_score is not null and coalesce(outcomes.has_ended, true) as is_reference
    from {{ ref('int_course_ends') }} as ends
    inner join {{ ref('stg_registry__scales') }} as scales
        on ends.scale_id = scales.scale_id
    inner join {{ ref('int_change_criteria') }} as criteria
        on ends.scale_id = criteria.scale_id
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on ends.episode_id = outcomes.episode_id
    inner join first_forms
        on
            ends.episode_id = first_forms.episode_id
            and ends.scale_id = first_forms.scale_id
    left join conditions
        on ends.episode_id = conditions.episode_id
    where {{ is_on_side('ends.first_score', 'criteria.clinical_operator', 'criteria.cutoff') }}

),

-- A group of conditions too small for a mean of its own joins the others that are.
grouped as (

    select
        episode_id,
        program_id,
        scale_id,
        first_score,
        improvement,
        first_session_number,
        is_reference,
        case
            when
                count(*) filter (where is_reference) over (partition by scale_id, condition_set)
                >= {{ fewest }}
                then condition_set
            else 'other'
        end as condition_group
    from courses

),

centred as (

    select
        *,
        count(*) filter (where is_reference) over (partition by scale_id) as reference_count,
        avg(improvement) filter (where is_reference) over (partition by scale_id)
            as reference_improvement,
        stddev_samp(improvement) filter (where is_reference) over (partition by scale_id)
            as reference_improvement_sd,
        stddev_samp(first_score) filter (where is_reference) over (partition by scale_id)
            as reference_sd,
        coalesce(
            avg(improvement) filter (where is_reference) over groups_of_conditions,
            avg(improvement) filter (where is_reference) over (partition by scale_id)
        ) as usual_improvement,
        first_score - coalesce(
            avg(first_score) filter (where is_reference) over groups_of_conditions,
            avg(first_score) filter (where is_reference) over (partition by scale_id)
        ) as severity,
        -- Nobody knows when: then it is as usual.
        coalesce(
            first_session_number
            - avg(first_session_number) filter (where is_reference) over groups_of_conditions,
            0
        ) as lateness
    from grouped
    window groups_of_conditions as (partition by scale_id, condition_group)

),

products as (

    select
        scale_id,
        sum(severity * severity) as severity_squares,
        sum(lateness * lateness) as lateness_squares,
        sum(severity * lateness) as severity_lateness,
        sum(severity * (improvement - usual_improvement)) as severity_improvement,
        sum(lateness * (improvement - usual_improvement)) as lateness_improvement,
        count(distinct condition_group) as group_count
    from centred
    where is_reference
    group by scale_id

),

-- Two unknowns where both vary and neither says what the other does; else the first score alone.
slopes as (

    select
        scale_id,
        group_count,
        severity_squares,
        severity_squares * lateness_squares - severity_lateness * severity_lateness
        > 0.000001 * severity_squares * lateness_squares as has_lateness,
        case
            when
                severity_squares * lateness_squares - severity_lateness * severity_lateness
                > 0.000001 * severity_squares * lateness_squares
                then (
                    severity_improvement * lateness_squares
                    - lateness_improvement * severity_lateness
                )
                / (severity_squares * lateness_squares - severity_lateness * severity_lateness)
            when severity_squares > 0.000001 then severity_improvement / severity_squares
        end as severity_slope,
        case
            when
                severity_squares * lateness_squares - severity_lateness * severity_lateness
                > 0.000001 * severity_squares * lateness_squares
                then (
                    lateness_improvement * severity_squares
                    - severity_improvement * severity_lateness
                )
                / (severity_squares * lateness_squares - severity_lateness * severity_lateness)
            else 0
        end as lateness_slope
    from products

)

select
    ---------- which
    centred.episode_id,
    centred.program_id,
    centred.scale_id,
    centred.is_reference and supplied.scale_id is null as is_reference,

    ---------- where it began and how far it came
    centred.first_score,
    centred.first_session_number,
    centred.condition_group,
    centred.improvement,
    -- Six digits: the order of parallel sums moves later ones, and means of them with it.
    round(
        case
            when supplied.scale_id is not null
                then supplied.improvement_mean
                    + supplied.slope * (centred.first_score - supplied.first_score_mean)
            else centred.usual_improvement
                + slopes.severity_slope * centred.severity
                + slopes.lateness_slope * centred.lateness
        end,
        6
    ) as expected_improvement,

    ---------- what it is set beside
    coalesce(supplied.sample_size, centred.reference_count, 0) as reference_count,
    coalesce(supplied.improvement_mean, round(centred.reference_improvement, 8))
        as reference_improvement,
    case
        when supplied.scale_id is not null then supplied.improvement_sd
        else round(centred.reference_improvement_sd, 8)
    end as reference_improvement_sd,
    coalesce(supplied.first_score_sd, round(centred.reference_sd, 8)) as reference_sd,
    case
        when supplied.scale_id is not null then 'supplied_reference_by_score'
        when slopes.has_lateness and slopes.group_count > 1
            then 'own_closed_courses_by_score_session_and_condition'
        when slopes.has_lateness then 'own_closed_courses_by_score_and_session'
        when slopes.group_count > 1 then 'own_closed_courses_by_score_and_condition'
        else 'own_closed_courses_by_score'
    end as method,
    case
        when
            coalesce(supplied.sample_size, centred.reference_count, 0)
            < {{ var('minimum_pairs') }}
            then 'too_few'
        when
            centred.improvement is null
            or coalesce(supplied.slope, slopes.severity_slope) is null
            or coalesce(supplied.first_score_sd, centred.reference_sd, 0) <= 0.000001
            then 'not_computable'
        else 'estimated'
    end as status
from centred
left join slopes
    on centred.scale_id = slopes.scale_id
left join {{ ref('stg_registry__severity_references') }} as supplied
    on centred.scale_id = supplied.scale_id
