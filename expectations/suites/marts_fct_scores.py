"""What must be true of ``marts.fct_scores`` in a release: one administration x scale per row.

What belongs here: the table's contract.
What does not: the scores themselves (scoring_int_scores.py).
"""

from expectations.rules import TableSuite
from expectations.suites import _marts

SUITE = TableSuite(
    schema="marts",
    table="fct_scores",
    rules=(
        _marts.one_row_per(
            "one_row_per_administration_and_scale",
            "No two rows share an administration and a scale.",
            "administration_id",
            "scale_id",
        ),
        *_marts.is_present(
            "administration_id",
            "client_id",
            "instrument_id",
            "scale_id",
            "scoring_variant",
            "score_origin",
            "is_valid",
        ),
    ),
)
