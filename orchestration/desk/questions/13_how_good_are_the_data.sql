-- How good are the data: how many courses have a first and a last score to judge by?
-- Read: The share (0-1) of courses with a first and a last score. Every other answer is about
-- these courses only; a rate below .9 is a reason to look for the forms that are missing.
select program_id, threshold_set, stratum_kind, stratum_id, period, estimate, interval_low,
    interval_high, sample_size, missing_count, status
from marts.fct_program_outcomes
where metric_id = 'paired_data' and population = 'finished_courses'
    and (stratum_kind in ('all', 'clinic') and period_kind = 'all'
        or stratum_kind = 'all' and period_kind = 'year')
order by program_id, threshold_set, stratum_kind, stratum_id, period
