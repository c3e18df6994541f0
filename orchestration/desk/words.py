"""The words a column may hold, each with a number: the value labels of SPSS and Stata files.

What belongs here: closed lists of Scout's own words, by the column's name.
What does not: a clinic's own words (programs, conditions), or what a word means (the column's
description says).
"""

# The number of a word is its place, from 1. New words go to the end, so that a syntax file that was
# written for an older export goes on meaning the same.
_WORDS: dict[str, tuple[str, ...]] = {
    "alert_kind": ("deterioration", "off_track", "not_seen", "alliance_drop", "mechanism"),
    "alert_status": ("raised", "not_raised", "unknown"),
    "direction": ("concurrent", "process_to_outcome", "outcome_to_process"),
    "ending": ("planned", "unplanned", "ongoing"),
    "evidence_label": (
        "descriptive",
        "uncontrolled",
        "concurrent",
        "temporally ordered",
        "controlled",
    ),
    "important_change_class": ("improved", "unchanged", "deteriorated", "unknown"),
    "improvement_status": ("reached", "censored", "unknown"),
    "deterioration_status": ("reached", "censored", "unknown"),
    "order_class": (
        "process_first",
        "together",
        "outcome_first",
        "process_only",
        "outcome_only",
        "neither",
        "unknown",
    ),
    "outcome_class": ("recovered", "improved", "unchanged", "deteriorated", "harmed", "unknown"),
    "outcome_status": ("known", "unknown"),
    "recovery_class": ("recovered", "not_recovered", "not_at_caseness", "unknown"),
    "reliable_change_class": ("improved", "unchanged", "deteriorated", "unknown"),
    "role": ("process", "mechanism", "outcome", "alliance"),
    "score_origin": ("items", "stated"),
    "self_compassion_content": ("explicit", "implicit", "none", "unknown"),
    "severity": ("critical", "warning"),
    "status": ("estimated", "too_few", "not_computable"),
    "tracking_state": ("on_track", "off_track", "recovered_range", "unknown"),
}
_STATUS = ("shown", "suppressed", "not_computable")


def words_of(column: str) -> tuple[str, ...]:
    """The words that a text column of this name may hold, in the order of their numbers, or ()."""
    known = _WORDS.get(column)
    if known is None and column.endswith("_status"):
        return _STATUS
    return known or ()
