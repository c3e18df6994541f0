-- Which part of self-compassion goes with relief when all six stand side by side?
-- Read: Standardised slopes with the other parts held still; relative_weight is a part's share of
-- what all explain. Where intervals cover 0 and each other, no part is shown to matter more.
select outcome_scale_id, predictor_id, estimate, interval_low, interval_high,
    relative_weight, sample_size, status, evidence_label
from marts.rel_components
where stratum_kind = 'all' and predictor_set = 'components' and interval_name = 'first_to_last'
order by outcome_scale_id, relative_weight desc
