-- One row per program, process scale and outcome scale: do the changes go together? The floor of
-- pairs for an estimate lies above the floor for disclosure; what is too few says so.
select
    stratum_id as program_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,
    case when status = 'estimated' then sample_size end as sample_size,
    {{ shown_or('sample_size') }} as sample_size_status,
    case when status = 'estimated' then round(pearson_r, 2) end as pearson_r,
    case when status = 'estimated' then round(interval_low, 2) end as pearson_r_interval_low,
    case when status = 'estimated' then round(interval_high, 2) end as pearson_r_interval_high,
    {{ shown_or('pearson_r') }} as pearson_r_status,
    case when status = 'estimated' then round(improvement_r, 2) end as improvement_r,
    {{ shown_or('improvement_r') }} as improvement_r_status,
    method,
    evidence_label
from {{ ref('rel_change_associations') }}
where
    stratum_kind = 'program'
    and interval_name = 'first_to_last'
