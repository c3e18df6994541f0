select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,

    ---------- how many
    sample_size,

    ---------- how much: ten digits, for the order of parallel sums moves the last ones
    round(pearson_r, 10) as pearson_r,
    round(interval_low, 10) as interval_low,
    round(interval_high, 10) as interval_high,
    round(spearman_rho, 10) as spearman_rho,
    round(spearman_interval_low, 10) as spearman_interval_low,
    round(spearman_interval_high, 10) as spearman_interval_high,
    round(partial_r, 10) as partial_r,
    round(partial_interval_low, 10) as partial_interval_low,
    round(partial_interval_high, 10) as partial_interval_high,
    round(residualised_r, 10) as residualised_r,
    round(residualised_interval_low, 10) as residualised_interval_low,
    round(residualised_interval_high, 10) as residualised_interval_high,
    round(slope, 10) as slope,
    round(slope_interval_low, 10) as slope_interval_low,
    round(slope_interval_high, 10) as slope_interval_high,
    round(slope_in_rci, 10) as slope_in_rci,
    round(slope_in_rci_interval_low, 10) as slope_in_rci_interval_low,
    round(slope_in_rci_interval_high, 10) as slope_in_rci_interval_high,
    round(improvement_r, 10) as improvement_r,
    round(true_r, 10) as true_r,
    round(true_r_interval_low, 10) as true_r_interval_low,
    round(true_r_interval_high, 10) as true_r_interval_high,
    true_r_reason,
    round(process_reliability, 10) as process_reliability,
    process_reliability_source,
    round(process_change_reliability, 10) as process_change_reliability,
    round(outcome_reliability, 10) as outcome_reliability,
    outcome_reliability_source,
    round(outcome_change_reliability, 10) as outcome_change_reliability,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'change_association_estimates') }}
