-- How well each alert foretold the outcome, on the clinic's own closed courses. An alert counts
-- where it was raised before the last score of the course, which decides the outcome; one raised at
-- that score foretells nothing and counts as missed.
with courses as (

    select
        alerts.program_id,
        outcomes.population,
        alerts.alert_kind,
        alerts.lead_days,
        alerts.lead_occasions,
        targets.predicted_outcome,
        case
            when outcomes.reliable_change_class = 'unknown' then null
            when targets.predicted_outcome = 'deteriorated'
                then outcomes.reliable_change_class = 'deteriorated'
            else outcomes.reliable_change_class <> 'improved'
        end as has_target,
        -- An alert whose place beside the last score is unknown has not been judged either.
        case alerts.alert_status
            when 'not_raised' then false
            when 'raised' then alerts.is_in_time
        end as is_foretold,
        case alerts.alert_status
            when 'not_raised' then false
            when 'raised' then not alerts.is_in_time
        end as is_late
    from {{ ref('fct_alerts') }} as alerts
    inner join {{ ref('int_episode_outcomes') }} as outcomes
        on alerts.episode_id = outcomes.episode_id
    cross join (values ('not_improved'), ('deteriorated')) as targets (predicted_outcome)
    where outcomes.is_counted

),

scoped as (

    select
        program_id as scope,
        *
    from courses
    union all
    select
        'all' as scope,
        *
    from courses

),

counted as (

    select
        scope as program_id,
        population,
        alert_kind,
        predicted_outcome,
        count(*) as course_count,
        count(*) filter (where has_target is null) as unknown_outcome_count,
        count(*) filter (where has_target is not null and is_foretold is null)
            as unknown_alert_count,
        count(*) filter (where has_target and is_foretold) as true_positives,
        count(*) filter (where not has_target and is_foretold) as false_positives,
        count(*) filter (where has_target and not is_foretold) as false_negatives,
        count(*) filter (where not has_target and not is_foretold) as true_negatives,
        count(*) filter (where has_target is not null and is_late) as late_count,
        percentile_cont(0.25) within group (
            order by case when has_target and is_foretold then lead_days end
        ) as lead_days_low,
        percentile_cont(0.5) within group (
            order by case when has_target and is_foretold then lead_days end
        ) as lead_days_median,
        percentile_cont(0.75) within group (
            order by case when has_target and is_foretold then lead_days end
        ) as lead_days_high,
        percentile_cont(0.25) within group (
            order by case when has_target and is_foretold then lead_occasions end
        ) as lead_occasions_low,
        percentile_cont(0.5) within group (
            order by case when has_target and is_foretold then lead_occasions end
        ) as lead_occasions_median,
        percentile_cont(0.75) within group (
            order by case when has_target and is_foretold then lead_occasions end
        ) as lead_occasions_high,
        count(lead_days) filter (where has_target and is_foretold) as lead_days_count
    from scoped
    group by scope, population, alert_kind, predicted_outcome

),

rates as (

    select
        counted.program_id,
        counted.population,
        counted.alert_kind,
        counted.predicted_outcome,
        counted.course_count,
        counted.unknown_outcome_count,
        counted.unknown_alert_count,
        metrics.metric_id,
        case metrics.metric_id
            when 'alert_sensitivity' then counted.true_positives
            when 'alert_specificity' then counted.true_negatives
            when 'alert_positive_predictive_value' then counted.true_positives
            when 'alert_negative_predictive_value' then counted.true_negatives
            when 'alert_base_rate' then counted.true_positives + counted.false_negatives
            when 'alert_rate'
                then counted.true_positives + counted.false_positives + counted.late_count
            when 'alert_late_rate' then counted.late_count
        end as numerator_count,
        case metrics.metric_id
            when 'alert_sensitivity' then counted.true_positives + counted.false_negatives
            when 'alert_specificity' then counted.true_negatives + counted.false_positives
            when 'alert_positive_predictive_value'
                then counted.true_positives + counted.false_positives
            when 'alert_negative_predictive_value'
                then counted.true_negatives + counted.false_negatives
            when 'alert_lead_days' then counted.lead_days_count
            when 'alert_lead_occasions' then counted.true_positives
            else counted.true_positives + counted.false_positives
                + counted.true_negatives + counted.false_negatives
        end as sample_size,
        case metrics.metric_id
            when 'alert_lead_days' then counted.lead_days_median
            when 'alert_lead_occasions' then counted.lead_occasions_median
        end as median,
        case metrics.metric_id
            when 'alert_lead_days' then counted.lead_days_low
            when 'alert_lead_occasions' then counted.lead_occasions_low
        end as quartile_low,
        case metrics.metric_id
            when 'alert_lead_days' then counted.lead_days_high
            when 'alert_lead_occasions' then counted.lead_occasions_high
        end as quartile_high
    from counted
    cross join (
        values
        ('alert_sensitivity'), ('alert_specificity'), ('alert_positive_predictive_value'),
        ('alert_negative_predictive_value'), ('alert_base_rate'), ('alert_rate'),
        ('alert_late_rate'), ('alert_lead_days'), ('alert_lead_occasions')
    ) as metrics (metric_id)

)

select
    ---------- which
    program_id,
    population,
    alert_kind,
    predicted_outcome,
    metric_id,

    ---------- how much
    coalesce(numerator_count / cast(nullif(sample_size, 0) as double), median) as estimate,
    case
        when sample_size > 0 and numerator_count is not null
            then greatest(
                    {{ wilson_limit('numerator_count', 'cast(sample_size as double)', '-') }}, 0
                )
    end as interval_low,
    case
        when sample_size > 0 and numerator_count is not null
            then least(
                    {{ wilson_limit('numerator_count', 'cast(sample_size as double)', '+') }}, 1
                )
    end as interval_high,
    quartile_low,
    quartile_high,

    ---------- how many
    numerator_count,
    sample_size,
    course_count,
    unknown_outcome_count,
    unknown_alert_count,

    ---------- how sure
    case when sample_size > 0 then 'estimated' else 'not_computable' end as status,
    case
        when metric_id in ('alert_lead_days', 'alert_lead_occasions')
            then 'median_of_true_alerts'
        else 'wilson'
    end as method,
    'temporally ordered' as evidence_label
from rates
