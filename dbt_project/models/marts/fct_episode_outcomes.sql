select
    ---------- ids
    client_id,
    episode_id,
    program_id,

    ---------- the course
    ended_on,
    ending,
    contact_count,
    contact_source,
    is_finished,
    population,
    is_counted,

    ---------- the outcome
    is_at_caseness,
    is_recovered,
    is_reliably_improved,
    is_reliably_recovered,
    is_reliably_deteriorated,
    reliable_change_class,
    recovery_class,
    outcome_status,
    unknown_reason,

    ---------- how it was judged
    threshold_set,
    domain_count,
    paired_domain_count,
    is_paired,
    has_fallback_measure
from {{ ref('int_episode_outcomes') }}
