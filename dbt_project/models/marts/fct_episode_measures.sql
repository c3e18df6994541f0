select
    ---------- which
    episode_id,
    threshold_set,
    domain,
    scale_id,
    is_fallback,

    ---------- the course
    first_score,
    last_score,
    improvement,

    ---------- what it means
    was_case,
    is_case,
    reliable_change_class,
    unknown_reason,

    ---------- how it was judged
    caseness_rule_id,
    change_rule_id
from {{ ref('int_episode_measures') }}
