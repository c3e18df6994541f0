-- One row per program (and all together, where time is counted in days), primary outcome scale and
-- part of the clients: the sums that the expected trajectory is fitted from. Each is a sum of
-- score^a x intake^b x log time^c over the later scores of courses that are over, log time being
-- ln(1 + elapsed).
with scores as (

    select
        program_id,
        scale_id,
        client_part,
        episode_id,
        elapsed,
        intake_score,
        score,
        log_time
    from {{ ref('int_tracked_scores') }}
    where is_reference
    union all
    select
        'all' as program_id,
        scale_id,
        client_part,
        episode_id,
        elapsed,
        intake_score,
        score,
        log_time
    from {{ ref('int_tracked_scores') }}
    where is_reference and is_timed_by_day

),

courses as (

    select
        program_id,
        scale_id,
        episode_id,
        max(elapsed) as last_elapsed,
        min(intake_score) as intake_score
    from scores
    group by program_id, scale_id, episode_id

),

-- Where the closed courses can be asked: as late as one in twenty of them still gave a score.
reaches as (

    select
        program_id,
        scale_id,
        round(percentile_cont(0.95) within group (order by last_elapsed), 6) as elapsed_reach,
        min(intake_score) as intake_minimum,
        max(intake_score) as intake_maximum
    from courses
    group by program_id, scale_id

)

select
    scores.program_id,
    scores.scale_id,
    scores.client_part,
    min(reaches.elapsed_reach) as elapsed_reach,
    min(reaches.intake_minimum) as intake_minimum,
    min(reaches.intake_maximum) as intake_maximum,
    count(distinct scores.episode_id) as episode_count,
    count(*) as score_count,
    {{ trajectory_sums('scores') }}
from scores
inner join reaches
    on
        scores.program_id = reaches.program_id
        and scores.scale_id = reaches.scale_id
group by scores.program_id, scores.scale_id, scores.client_part
