-- One row per scale and interval: how everybody with both scores stood before and after. The
-- methods that compare a person with the cohort take all their numbers from here alone.
{{ config(materialized='view') }}

select
    scale_id,
    interval_name,
    count(*) as pairs_count,
    -- Rounded, so that the order in which parallel workers add up cannot move a last digit.
    round(avg(baseline_score), 10) as pairs_baseline_mean,
    round(stddev_samp(baseline_score), 10) as pairs_baseline_sd,
    round(avg(final_score), 10) as pairs_final_mean,
    round(stddev_samp(final_score), 10) as pairs_final_sd,
    -- NULL for constants: what rounding leaves of a spread is none.
    case
        when stddev_samp(baseline_score) > 1e-9 and stddev_samp(final_score) > 1e-9
            then round(corr(baseline_score, final_score), 10)
    end as pairs_correlation
from {{ ref('int_intervals') }}
where baseline_score is not null and final_score is not null
group by scale_id, interval_name
