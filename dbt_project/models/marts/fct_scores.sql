select
    ---------- ids
    client_id,
    episode_id,
    program_id,
    instrument_id,
    scale_id,
    scoring_variant,

    ---------- when
    day,
    occurred_on,
    occasion,
    timepoint,

    ---------- the score
    score,
    score_origin,
    items_answered_count,
    is_prorated,
    is_valid,
    severity_band,
    is_case,

    ---------- beside it
    administration_id,
    item_count,
    stated_score,
    is_conflict,
    is_unplaced,
    is_unordered
from {{ ref('int_scores') }}
