-- What became of the improvement after the end: kept, lost, newly gained or never there, for every
-- course with an end score and a form at follow-up. A form after the end of the episode is one too.
with later_forms as (

    select
        scores.episode_id,
        scores.scale_id,
        coalesce(
            scores.occasion,
            case when scores.timepoint = 'follow_up' then 'follow_up' end,
            'after_end'
        ) as follow_up_label,
        scores.administration_key,
        scores.time_position,
        scores.score
    from {{ ref('int_scores') }} as scores
    inner join {{ ref('int_episodes') }} as episodes
        on scores.episode_id = episodes.episode_id
    where not scores.is_unordered and not ({{ is_of_course('scores', 'episodes') }})

),

-- Of several forms under one label the first with a score.
follow_ups as (

    select
        episode_id,
        scale_id,
        follow_up_label,
        score
    from later_forms
    qualify row_number() over (
            partition by episode_id, scale_id, follow_up_label
            order by score is null, time_position, administration_key
        ) = 1

),

ends as (

    select
        course_ends.episode_id,
        course_ends.program_id,
        course_ends.scale_id,
        course_ends.first_score,
        case when scales.is_higher_better then 1 else -1 end as direction,
        criteria.reliable_change_points,
        case when scales.is_higher_better then 1 else -1 end
        * (course_ends.last_score - course_ends.first_score)
        > criteria.reliable_change_points as was_improved
    from {{ ref('int_course_ends') }} as course_ends
    inner join {{ ref('stg_registry__scales') }} as scales
        on course_ends.scale_id = scales.scale_id
    left join {{ ref('int_change_criteria') }} as criteria
        on course_ends.scale_id = criteria.scale_id
    where scales.is_primary and course_ends.last_score is not null

),

scoped as (

    select
        program_id as program,
        *
    from ends
    union all
    select
        'all' as program,
        *
    from ends

),

-- Everybody with an end score, whether or not anybody asked again.
with_ends as (

    select
        program,
        scale_id,
        count(*) filter (where was_improved) as improved_count,
        count(*) filter (where not was_improved) as not_improved_count
    from scoped
    group by program, scale_id

),

followed as (

    select
        scoped.program,
        scoped.scale_id,
        follow_ups.follow_up_label,
        count(*) filter (where scoped.was_improved) as asked_improved_count,
        count(*) filter (where not scoped.was_improved) as asked_not_improved_count,
        count(*) filter (where scoped.was_improved is null) as unjudged_count,
        count(*) filter (
            where scoped.was_improved
            and scoped.direction * (follow_ups.score - scoped.first_score)
            > scoped.reliable_change_points
        ) as kept_count,
        count(*) filter (
            where scoped.was_improved
            and scoped.direction * (follow_ups.score - scoped.first_score)
            <= scoped.reliable_change_points
        ) as lost_count,
        count(*) filter (
            where not scoped.was_improved
            and scoped.direction * (follow_ups.score - scoped.first_score)
            > scoped.reliable_change_points
        ) as new_count,
        count(*) filter (
            where not scoped.was_improved
            and scoped.direction * (follow_ups.score - scoped.first_score)
            <= scoped.reliable_change_points
        ) as never_count
    from scoped
    inner join follow_ups
        on
            scoped.episode_id = follow_ups.episode_id
            and scoped.scale_id = follow_ups.scale_id
    group by scoped.program, scoped.scale_id, follow_ups.follow_up_label

),

metrics as (

    select named.metric_id
    from (
        values
        ('improvement_kept'), ('improvement_lost'), ('improvement_new'), ('improvement_never')
    ) as named (metric_id)

),

classed as (

    select
        followed.program,
        followed.scale_id,
        followed.follow_up_label,
        metrics.metric_id,
        case metrics.metric_id
            when 'improvement_kept' then followed.kept_count
            when 'improvement_lost' then followed.lost_count
            when 'improvement_new' then followed.new_count
            else followed.never_count
        end as numerator_count,
        case
            when metrics.metric_id in ('improvement_kept', 'improvement_lost')
                then followed.kept_count + followed.lost_count
            else followed.new_count + followed.never_count
        end as sample_size,
        case
            when metrics.metric_id in ('improvement_kept', 'improvement_lost')
                then followed.asked_improved_count
            else followed.asked_not_improved_count
        end as asked_count,
        followed.unjudged_count,
        case
            when metrics.metric_id in ('improvement_kept', 'improvement_lost')
                then with_ends.improved_count - followed.asked_improved_count
            else with_ends.not_improved_count - followed.asked_not_improved_count
        end as without_follow_up_count
    from followed
    inner join with_ends
        on
            followed.program = with_ends.program
            and followed.scale_id = with_ends.scale_id
    cross join metrics

)

select
    ---------- which
    program as program_id,
    follow_up_label,
    scale_id,
    metric_id,

    ---------- how much
    case when sample_size > 0 then round(cast(numerator_count as double) / sample_size, 10) end
        as estimate,
    case
        when sample_size > 0
            then {{ wilson_limit('cast(numerator_count as double)', 'sample_size', '-') }}
    end as interval_low,
    case
        when sample_size > 0
            then {{ wilson_limit('cast(numerator_count as double)', 'sample_size', '+') }}
    end as interval_high,

    ---------- how many
    numerator_count,
    sample_size,
    asked_count - sample_size as missing_count,
    unjudged_count,
    without_follow_up_count,

    ---------- how sure
    case when sample_size > 0 then 'estimated' else 'not_computable' end as status,
    'wilson' as method,
    'descriptive' as evidence_label
from classed
