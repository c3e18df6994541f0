select
    ---------- which
    client_id,
    episode_id,
    program_id,
    process_scale_id,
    outcome_scale_id,

    ---------- which came first
    order_class,
    is_order_resolved,
    unknown_reason,

    ---------- by how much, at which resolution
    process_improved_day,
    outcome_improved_day,
    lead_days,
    process_days_between_scores,
    outcome_days_between_scores,
    'temporally ordered' as evidence_label
from {{ ref('int_change_orders') }}
