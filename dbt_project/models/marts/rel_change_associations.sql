select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,

    ---------- how many
    sample_size,

    ---------- how much
    pearson_r,
    interval_low,
    interval_high,
    spearman_rho,
    partial_r,
    partial_interval_low,
    partial_interval_high,
    residualised_r,
    slope,
    slope_interval_low,
    slope_interval_high,
    improvement_r,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'change_association_estimates') }}
