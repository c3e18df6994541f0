-- Is the link the same across diagnoses, programs and clinics?
-- Read: The mean correlation over the groups and, as prediction_low and prediction_high, where
-- that of one more group would lie. A wide prediction says: not the same everywhere. i_squared is
-- the share of the differences that is more than chance.
select pooled_over, outcome_scale_id, estimate, interval_low, interval_high,
    prediction_low, prediction_high, i_squared, strata_count, sample_size, status
from marts.rel_pooled
where process_scale_id = 'scs_total' and interval_name = 'first_to_last'
order by pooled_over, outcome_scale_id
