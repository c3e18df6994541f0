-- Does self-compassion work through shame? Beside it the model with the two exchanged.
-- Read: What goes from self-compassion through the mediator to the outcome, in points. Where the
-- exchanged model is as far from 0, the order of the two cannot be told.
select mediator_scale_id, outcome_scale_id, window_name, indirect as estimate,
    interval_low, interval_high, swapped_indirect, swapped_interval_low, swapped_interval_high,
    sample_size, status, evidence_label
from marts.rel_mediation
where stratum_kind = 'all' and cause_id = 'scs_total' and window_name = 'middle_then_last'
order by mediator_scale_id, outcome_scale_id
