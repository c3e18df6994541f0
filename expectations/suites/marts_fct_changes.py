"""What must be true of ``marts.fct_changes`` in a release: one episode x scale x interval per row.

What belongs here: the table's contract.
What does not: the changes themselves (change_int_changes.py).
"""

from expectations.rules import TableSuite
from expectations.suites import _marts

SUITE = TableSuite(
    schema="marts",
    table="fct_changes",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_scale_and_interval",
            "No two rows share an episode, a scale and an interval.",
            "episode_id",
            "scale_id",
            "interval_name",
        ),
        *_marts.is_present(
            "client_id",
            "episode_id",
            "instrument_id",
            "scale_id",
            "interval_name",
            "reliable_change_class",
            "outcome_class",
        ),
    ),
)
