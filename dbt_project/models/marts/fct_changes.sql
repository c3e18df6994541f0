select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    interval_name,

    ---------- the two scores
    baseline_score,
    final_score,
    baseline_day,
    final_day,

    ---------- the change
    change,
    improvement,
    reliable_change_index,
    reliable_change_class,
    outcome_class,
    unknown_reason,

    ---------- how it was judged
    method,
    change_rule_id as threshold_id,
    sd_source
from {{ ref('int_changes') }}
