-- One row per program and scale: how many people, how they scored first and last, how they changed.
-- Small numbers are held back: a value held back is NULL with the status `suppressed`, never 0.
-- Counts are of episodes; what decides is how many different clients stand behind them.
{%- set floor = var('disclosure_threshold') | int %}

with changes as (

    select * from {{ ref('fct_changes') }}
    where interval_name = 'first_to_last'

),

measures as (

    select
        program_id,
        scale_id,
        count(*) as episode_count,
        count(distinct client_id) as client_count,
        count(*) filter (where change is not null) as paired_count,
        count(distinct client_id) filter (where change is not null) as paired_clients,
        count(distinct client_id) filter (where change is null) as unpaired_clients,
        -- Ten digits first: the order of parallel sums moves the last ones, and with them a mean
        -- that lies half way between two of the digits shown.
        round(avg(baseline_score) filter (where change is not null), 10) as baseline_mean,
        round(avg(final_score) filter (where change is not null), 10) as final_mean,
        round(avg(improvement), 10) as improvement_mean,
        round(stddev_samp(improvement), 10) as improvement_sd,
        count(*) filter (where reliable_change_class <> 'unknown') as judged_count
    from changes
    group by program_id, scale_id

),

classes as (

    select
        measures.program_id,
        measures.scale_id,
        names.reliable_change_class,
        count(changes.episode_id) as class_count,
        count(distinct changes.client_id) as class_clients
    from measures
    cross join (values ('improved'), ('unchanged'), ('deteriorated'))
        as names (reliable_change_class)
    left join changes
        on
            measures.program_id = changes.program_id
            and measures.scale_id = changes.scale_id
            and names.reliable_change_class = changes.reliable_change_class
    group by measures.program_id, measures.scale_id, names.reliable_change_class

),

-- One small class could be had by subtracting the others from the total. So classes are held back
-- from the smallest up, until at least two are and the hidden ones together reach the floor.
ordered as (

    select
        *,
        bool_or(class_clients between 1 and {{ floor - 1 }}) over (
            partition by program_id, scale_id
        ) as has_small_class,
        row_number() over (
            partition by program_id, scale_id
            order by class_clients, reliable_change_class
        ) as size_order,
        coalesce(sum(class_clients) over (
            partition by program_id, scale_id
            order by class_clients, reliable_change_class
            rows between unbounded preceding and 1 preceding
        ), 0) as clients_in_smaller_classes
    from classes

),

protected as (

    select
        program_id,
        scale_id,
        reliable_change_class,
        case
            when
                has_small_class
                and (size_order <= 2 or clients_in_smaller_classes < {{ floor }})
                then null
            else class_count
        end as class_count
    from ordered

),

wide as (

    select
        program_id,
        scale_id,
        max(class_count) filter (where reliable_change_class = 'improved') as improved_count,
        max(class_count) filter (where reliable_change_class = 'unchanged') as unchanged_count,
        max(class_count) filter (where reliable_change_class = 'deteriorated')
            as deteriorated_count
    from protected
    group by program_id, scale_id

),

decided as (

    select
        measures.*,
        wide.improved_count,
        wide.unchanged_count,
        wide.deteriorated_count,
        case when scales.score_maximum - scales.score_minimum > 10 then 1 else 2 end as digits,
        case
            when measures.client_count < {{ floor }} then 'suppressed'
            when measures.paired_clients between 1 and {{ floor - 1 }} then 'suppressed'
            -- All minus paired would tell how few are missing.
            when measures.unpaired_clients between 1 and {{ floor - 1 }} then 'suppressed'
            else 'shown'
        end as episode_count_status,
        case
            when measures.paired_clients = 0 then 'not_computable'
            when measures.paired_clients < {{ floor }} then 'suppressed'
            else 'shown'
        end as paired_status,
        measures.judged_count = 0 as is_unjudged
    from measures
    inner join wide
        on
            measures.program_id = wide.program_id
            and measures.scale_id = wide.scale_id
    inner join {{ ref('dim_scales') }} as scales
        on measures.scale_id = scales.scale_id

),

rated as (

    select
        *,
        case
            when is_unjudged then 'not_computable'
            when paired_status <> 'shown' or improved_count is null then 'suppressed'
            else 'shown'
        end as improved_status,
        case
            when is_unjudged then 'not_computable'
            when paired_status <> 'shown' or unchanged_count is null then 'suppressed'
            else 'shown'
        end as unchanged_status,
        case
            when is_unjudged then 'not_computable'
            when paired_status <> 'shown' or deteriorated_count is null then 'suppressed'
            else 'shown'
        end as deteriorated_status,
        {{ t_quantile('paired_count - 1') }} * improvement_sd / sqrt(paired_count) as half_width
    from decided

)

select
    program_id,
    scale_id,
    'first_to_last' as interval_name,

    case when episode_count_status = 'shown' then episode_count end as episode_count,
    episode_count_status,
    case when paired_status <> 'suppressed' then paired_count end as paired_count,
    case paired_status when 'not_computable' then 'shown' else paired_status end
        as paired_count_status,

    case when paired_status = 'shown' then round(baseline_mean, digits) end as baseline_mean,
    paired_status as baseline_mean_status,
    case when paired_status = 'shown' then round(final_mean, digits) end as final_mean,
    paired_status as final_mean_status,
    case when paired_status = 'shown' then round(improvement_mean, digits) end
        as improvement_mean,
    case when paired_status = 'shown' then round(improvement_mean - half_width, digits) end
        as improvement_mean_interval_low,
    case when paired_status = 'shown' then round(improvement_mean + half_width, digits) end
        as improvement_mean_interval_high,
    paired_status as improvement_mean_status,

    case when improved_status = 'shown' then improved_count end as improved_count,
    improved_status as improved_count_status,
    case when unchanged_status = 'shown' then unchanged_count end as unchanged_count,
    unchanged_status as unchanged_count_status,
    case when deteriorated_status = 'shown' then deteriorated_count end as deteriorated_count,
    deteriorated_status as deteriorated_count_status,

    case when improved_status = 'shown' then round(improved_count / judged_count, 3) end
        as improved_proportion,
    case
        when improved_status = 'shown'
            then round({{ wilson_limit('improved_count', 'judged_count', '-') }}, 3)
    end as improved_proportion_interval_low,
    case
        when improved_status = 'shown'
            then round({{ wilson_limit('improved_count', 'judged_count', '+') }}, 3)
    end as improved_proportion_interval_high,
    improved_status as improved_proportion_status
from rated
