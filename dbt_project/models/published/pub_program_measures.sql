-- One row per program and scale: how many people, how they scored first and last, how they changed.
-- What may be shown of a count was decided before (disclosure); a mean rests on its count. A value
-- held back is NULL with the status `suppressed`, never 0.
with policy as (

    select * from {{ source('disclosure', 'disclosure_policy') }}

),

cells as (

    {{ published_cells('pub_program_measures', [
        'episode_count', 'paired_count', 'judged_count', 'improved_count', 'unchanged_count',
        'deteriorated_count'
    ]) | indent(4) }}

),

measures as (

    select
        program_id,
        scale_id,
        count(*) filter (where change is not null) as pair_count,
        count(*) filter (where reliable_change_class <> 'unknown') = 0 as is_unjudged,
        -- Ten digits first: the order of parallel sums moves the last ones, and with them a mean
        -- that lies half way between two of the digits shown.
        round(avg(baseline_score) filter (where change is not null), 10) as baseline_mean,
        round(avg(final_score) filter (where change is not null), 10) as final_mean,
        round(avg(improvement), 10) as improvement_mean,
        round(stddev_samp(improvement), 10) as improvement_sd
    from {{ ref('fct_changes') }}
    where interval_name = 'first_to_last'
    group by program_id, scale_id

),

decided as (

    select
        measures.program_id,
        measures.scale_id,
        measures.is_unjudged,
        measures.baseline_mean,
        measures.final_mean,
        measures.improvement_mean,
        cells.episode_count,
        cells.episode_count_status,
        cells.paired_count,
        cells.paired_count_status,
        cells.judged_count,
        cells.improved_count,
        cells.unchanged_count,
        cells.deteriorated_count,
        {%- for count in ['judged', 'improved', 'unchanged', 'deteriorated'] %}
        case when measures.is_unjudged then 'not_computable' else cells.{{ count }}_count_status end
            as {{ count }}_count_status,
        {%- endfor %}
        policy.mean_digits
        + case when scales.score_maximum - scales.score_minimum > 10 then 0 else 1 end as digits,
        policy.proportion_digits,
        case
            when measures.pair_count = 0 then 'not_computable'
            when
                cells.paired_count_status = 'suppressed'
                or measures.pair_count < policy.smallest_for_means
                then 'suppressed'
            else 'shown'
        end as mean_status,
        {{ t_quantile('measures.pair_count - 1') }}
        * measures.improvement_sd / sqrt(nullif(measures.pair_count, 0)) as half_width
    from measures
    inner join cells
        on cells.block_id = concat_ws('|', measures.program_id, measures.scale_id)
    inner join {{ ref('dim_scales') }} as scales
        on measures.scale_id = scales.scale_id
    cross join policy

),

rated as (

    select
        *,
        case
            when is_unjudged then 'not_computable'
            else {{ proportion_status('improved_count', 'judged_count') | indent(12) }}
        end as improved_proportion_status
    from decided

)

select
    program_id,
    scale_id,
    'first_to_last' as interval_name,

    episode_count,
    episode_count_status,
    paired_count,
    paired_count_status,

    case when mean_status = 'shown' then {{ to_digits('baseline_mean', 'digits') | indent(4) }} end
        as baseline_mean,
    mean_status as baseline_mean_status,
    case when mean_status = 'shown' then {{ to_digits('final_mean', 'digits') | indent(4) }} end
        as final_mean,
    mean_status as final_mean_status,
    case
        when mean_status = 'shown'
            then {{ to_digits('improvement_mean', 'digits') | indent(12) }}
    end
        as improvement_mean,
    case
        when mean_status = 'shown'
            then {{ to_digits('improvement_mean - half_width', 'digits') | indent(12) }}
    end
        as improvement_mean_interval_low,
    case
        when mean_status = 'shown'
            then {{ to_digits('improvement_mean + half_width', 'digits') | indent(12) }}
    end
        as improvement_mean_interval_high,
    mean_status as improvement_mean_status,

    case when judged_count_status = 'shown' then judged_count end as judged_count,
    judged_count_status,
    case when improved_count_status = 'shown' then improved_count end as improved_count,
    improved_count_status,
    case when unchanged_count_status = 'shown' then unchanged_count end as unchanged_count,
    unchanged_count_status,
    case when deteriorated_count_status = 'shown' then deteriorated_count end
        as deteriorated_count,
    deteriorated_count_status,

    -- From the counts as they are shown: it tells nothing that they do not.
    {{ shown_proportion(
        'improved_proportion', 'improved_count', 'judged_count', 'proportion_digits'
    ) | indent(4) }},
    improved_proportion_status,
    {{ kept_from_release() }}
from rated
