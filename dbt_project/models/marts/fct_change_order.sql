select
    ---------- which
    episodes.client_id,
    episodes.episode_id,
    episodes.program_id,
    pairs.process_scale_id,
    pairs.outcome_scale_id,

    ---------- which came first
    orders.order_class,
    orders.is_order_resolved,
    orders.unknown_reason,

    ---------- by how much, at which resolution
    orders.process_improved_day,
    orders.outcome_improved_day,
    orders.lead_days,
    orders.process_days_between_scores,
    orders.outcome_days_between_scores,
    'temporally ordered' as evidence_label
from {{ ref('int_change_orders') }} as orders
inner join {{ ref('int_scale_pairs') }} as pairs
    on orders.pair = pairs.pair
inner join {{ ref('int_episodes_numbered') }} as numbered
    on orders.episode_number = numbered.episode_number
inner join {{ ref('int_episodes') }} as episodes
    on numbered.episode_id = episodes.episode_id
