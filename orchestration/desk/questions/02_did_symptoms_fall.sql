-- Did symptoms fall, how far, and how many people got reliably worse?
-- Read: Effect sizes are positive where people got better; reliable_deterioration is the share
-- (0-1) that got worse by more than the questionnaire's noise. Read the two together.
select program_id, coalesce(scale_id, threshold_set) as measured_by, metric_id,
    estimate, interval_low, interval_high, sample_size, missing_count, status
from marts.fct_program_outcomes
where stratum_kind = 'all' and period_kind = 'all' and population = 'finished_courses'
    and (metric_id = 'reliable_deterioration' or metric_id = 'effect_size_baseline_sd'
        and scale_id in (select scale_id from marts.dim_scales where role = 'outcome'))
order by metric_id, measured_by, program_id
