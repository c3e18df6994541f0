-- Do people whose self-compassion rose more also lose more symptoms?
-- Read: The correlation of change with change. With symptoms it is negative where both went well;
-- improvement_r says the same with both signs turned to better. Together is not because.
select stratum_id as program_id, outcome_scale_id, pearson_r as estimate, interval_low,
    interval_high, improvement_r, sample_size, status, evidence_label
from marts.rel_change_associations
where stratum_kind in ('all', 'program') and interval_name = 'first_to_last'
    and process_scale_id = 'scs_total'
order by outcome_scale_id, stratum_kind, stratum_id
