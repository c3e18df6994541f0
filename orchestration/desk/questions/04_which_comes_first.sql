-- Which moves first within a person? Read both directions; the plain model is for comparison only.
-- Read: Points on the second scale, one wave later, per point on the first within one person. One
-- direction away from 0 and the other near it is order in time, and not yet a cause.
select outcome_scale_id, direction, estimate, interval_low, interval_high,
    client_count as sample_size, wave_count, status, evidence_label
from marts.rel_cross_lagged
where stratum_kind = 'all' and model = 'random_intercept' and process_scale_id = 'scs_total'
order by outcome_scale_id, direction desc
