"""Names and statuses that every table by hand has.

What belongs here: the programs and scales of the tables, and how a value is told or held back.
What does not: rows.
"""

SHOWN, HELD, NOT = "shown", "suppressed", "not_computable"
LARGE, TINY = "explicit", "tiny"
PROCESS, OUTCOME, OTHER, MECHANISM = "scs_total", "phq9_total", "gad7_total", "ess_total"
COMPONENTS = (
    ("scs_common_humanity", "Common humanity", True),
    ("scs_isolation", "Isolation", False),
    ("scs_mindfulness", "Mindfulness", True),
    ("scs_over_identification", "Over-identification", False),
    ("scs_self_judgment", "Self-judgment", False),
    ("scs_self_kindness", "Self-kindness", True),
)


def estimated(
    column: str, value: float | None, low: float | None = None, high: float | None = None
) -> dict[str, object]:
    """A value with its interval and its status, as every published table has them."""
    return {
        column: value,
        f"{column}_interval_low": low,
        f"{column}_interval_high": high,
        f"{column}_status": HELD if value is None else SHOWN,
    }


def counted(column: str, value: int | None) -> dict[str, object]:
    return {column: value, f"{column}_status": HELD if value is None else SHOWN}


def pair(program: str = LARGE, outcome: str = OUTCOME) -> dict[str, object]:
    return {
        "program_id": program,
        "process_scale_id": PROCESS,
        "outcome_scale_id": outcome,
    }
