select
    ---------- which
    stratum_kind,
    stratum_id,
    process_scale_id,
    outcome_scale_id,
    interval_name,

    ---------- how many
    estimates.sample_size,

    ---------- how much: ten digits, for the order of parallel sums moves the last ones
    round(estimates.pearson_r, 10) as pearson_r,
    round(estimates.interval_low, 10) as interval_low,
    round(estimates.interval_high, 10) as interval_high,
    round(estimates.spearman_rho, 10) as spearman_rho,
    round(estimates.spearman_interval_low, 10) as spearman_interval_low,
    round(estimates.spearman_interval_high, 10) as spearman_interval_high,
    round(estimates.partial_r, 10) as partial_r,
    round(estimates.partial_interval_low, 10) as partial_interval_low,
    round(estimates.partial_interval_high, 10) as partial_interval_high,
    round(estimates.residualised_r, 10) as residualised_r,
    round(estimates.residualised_interval_low, 10) as residualised_interval_low,
    round(estimates.residualised_interval_high, 10) as residualised_interval_high,
    round(estimates.slope, 10) as slope,
    round(estimates.slope_interval_low, 10) as slope_interval_low,
    round(estimates.slope_interval_high, 10) as slope_interval_high,
    round(estimates.slope_in_rci, 10) as slope_in_rci,
    round(estimates.slope_in_rci_interval_low, 10) as slope_in_rci_interval_low,
    round(estimates.slope_in_rci_interval_high, 10) as slope_in_rci_interval_high,
    round(estimates.improvement_r, 10) as improvement_r,
    round(estimates.true_r, 10) as true_r,
    round(estimates.true_r_interval_low, 10) as true_r_interval_low,
    round(estimates.true_r_interval_high, 10) as true_r_interval_high,
    estimates.true_r_reason,
    round(estimates.process_reliability, 10) as process_reliability,
    estimates.process_reliability_source,
    round(estimates.process_change_reliability, 10) as process_change_reliability,
    round(estimates.outcome_reliability, 10) as outcome_reliability,
    estimates.outcome_reliability_source,
    round(estimates.outcome_change_reliability, 10) as outcome_change_reliability,

    ---------- how much everybody changed, by which a line can be drawn
    {%- for moment in [
        'process_change_mean', 'process_change_sd', 'outcome_change_mean', 'outcome_change_sd'
    ] %}
    case when estimates.status = 'estimated' then round(moments.{{ moment }}, 10) end
        as {{ moment }},
    {%- endfor %}

    ---------- how sure
    estimates.status,
    estimates.method,
    estimates.evidence_label
from {{ source('relations', 'change_association_estimates') }} as estimates
left join {{ ref('int_change_association_moments') }} as moments
    using (stratum_kind, stratum_id, process_scale_id, outcome_scale_id, interval_name)
