-- Did self-compassion rise in a program, and for whom?
-- Read: A Hedges-corrected effect size in standard deviations of the first scores: positive is
-- better. Groups whose intervals overlap much are not shown to differ. Without a comparison group
-- it is not an effect.
select program_id, stratum_kind, stratum_id, estimate, interval_low, interval_high,
    sample_size, missing_count, status
from marts.fct_program_outcomes
where scale_id = 'scs_total' and metric_id = 'effect_size_baseline_sd' and period_kind = 'all'
    and population = 'finished_courses'
    and stratum_kind in ('all', 'condition', 'gender', 'age_band')
order by program_id, stratum_kind, stratum_id
