-- Who recovers, of how many at caseness, and what could the unknown do to that?
-- Read: Of those at caseness at the start, the share (0-1) that recovered reliably. missing_count
-- is how many of them nobody knows; bound_low and bound_high are the rate if none or all of those
-- recovered.
select program_id, threshold_set, stratum_kind, stratum_id, estimate, interval_low, interval_high,
    sample_size, missing_count, bound_low, bound_high, status
from marts.fct_program_outcomes
where metric_id = 'reliable_recovery' and period_kind = 'all'
    and population = 'finished_courses'
    and stratum_kind in ('all', 'condition', 'gender', 'age_band', 'ethnicity')
order by program_id, threshold_set, stratum_kind, stratum_id
