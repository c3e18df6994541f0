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

    ---------- by other measures than reliability
    improvement_proportion,
    is_response,
    is_remission,
    important_change_class,
    improved_probability,
    importantly_improved_probability,

    ---------- how it was judged
    method,
    change_rule_id as threshold_id,
    sd_source
from {{ ref('int_changes') }}
