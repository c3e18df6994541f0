select
    ---------- which
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,

    ---------- the course
    moments_count,
    last_day,
    days_between_scores,

    ---------- reliably improved: first, and for good
    improvement_status,
    improved_moment,
    improved_day,
    is_lastingly_improved,
    lastingly_improved_day,

    ---------- reliably deteriorated: first, and for good
    deterioration_status,
    deteriorated_moment,
    deteriorated_day,
    is_lastingly_deteriorated,
    lastingly_deteriorated_day,

    ---------- sudden steps
    judged_steps_count,
    sudden_gains_count,
    sudden_losses_count,

    ---------- how it was judged
    unknown_reason,
    change_rule_id as threshold_id
from {{ ref('int_score_courses') }}
