-- One row per scale: how the clinic's own clients score at the first form of their episodes.
{{ config(materialized='view') }}

select
    scale_id,
    count(*) as baseline_count,
    avg(score) as baseline_mean,
    stddev_samp(score) as baseline_sd
from {{ ref('int_score_sequences') }}
where position = 1
group by scale_id
