-- How do we compare with what others published, where the two may be compared at all?
-- Read: difference is your number less the published one. is_published_inside_interval true: you
-- cannot be told apart from it. What may not be compared stands in the table with its reason.
select program_id, outcome, study, published_period, published_estimate,
    estimate, interval_low, interval_high, sample_size, missing_count,
    difference, is_published_inside_interval, status
from marts.fct_benchmarks
where is_comparable and stratum_kind = 'all' and population = 'finished_courses'
order by program_id, outcome, published_period desc
