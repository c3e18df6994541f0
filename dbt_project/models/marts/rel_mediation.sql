select
    ---------- which
    stratum_kind,
    stratum_id,
    cause_kind,
    cause_id,
    mediator_scale_id,
    outcome_scale_id,
    window_name,

    ---------- how much: eight digits, for the order of parallel sums moves the last ones
    round(a, 8) as a,
    round(b, 8) as b,
    round(direct, 8) as direct,
    round(indirect, 8) as indirect,
    round(interval_low, 8) as interval_low,
    round(interval_high, 8) as interval_high,
    round(swapped_indirect, 8) as swapped_indirect,
    round(swapped_interval_low, 8) as swapped_interval_low,
    round(swapped_interval_high, 8) as swapped_interval_high,

    ---------- how many
    sample_size,

    ---------- how sure
    status,
    method,
    evidence_label
from {{ source('relations', 'mediation_estimates') }}
