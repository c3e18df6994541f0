-- How sure are we: would leaving early, unlike starts or chance alone have made the link?
-- Read: Slopes of symptom change per point of self-compassion change under other assumptions. The
-- answer is sure where all agree; regression_to_the_mean is how much unreliable first scores alone
-- would make.
select outcome_scale_id, analysis, estimate, interval_low, interval_high,
    standardised_estimate, sample_size, status, method
from marts.rel_sensitivity
where stratum_kind = 'all' and process_scale_id = 'scs_total'
    and interval_name = 'first_to_last'
order by outcome_scale_id, analysis
