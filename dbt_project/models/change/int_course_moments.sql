-- One row per episode and primary scale with three scores or more at different times: what a line
-- through them needs to know. Time is days where every score of the scale has one, else the place
-- in the sequence, so that all episodes of a scale share one clock.
with clocked as (

    select
        sequences.episode_id,
        sequences.scale_id,
        sequences.score,
        case
            when bool_and(sequences.is_ordered_by_day) over (partition by sequences.scale_id)
                then sequences.time_position
            else sequences.position - 1
        end as moment
    from {{ ref('int_score_sequences') }} as sequences
    inner join {{ ref('stg_registry__scales') }} as scales
        on sequences.scale_id = scales.scale_id
    where scales.is_primary and sequences.positions_count >= 3

)

select
    episode_id,
    scale_id,
    count(*) as occasion_count,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(sum(moment), 8) as moment_sum,
    round(sum(moment * moment), 8) as moment_sum_squares,
    round(sum(score), 8) as score_sum,
    round(sum(score * score), 8) as score_sum_squares,
    round(sum(moment * score), 8) as moment_score_sum
from clocked
group by episode_id, scale_id
having max(moment) > min(moment)
