-- One row per scale: how the clinic's own clients score at the first form of their episodes.
{{ config(materialized='view') }}

select
    scale_id,
    count(*) as baseline_count,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(avg(score), 10) as baseline_mean,
    round(stddev_samp(score), 10) as baseline_sd
from {{ ref('int_score_sequences') }}
where position = 1
group by scale_id
