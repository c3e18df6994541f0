"""What must be true of ``marts.rel_moderation`` in a release: for whom the link is stronger.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import TableSuite
from expectations.suites._link import estimate_rules, is_a_share

KEY = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
    "moderator_kind",
    "moderator_id",
    "moderator_level",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_moderation",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("p_value"),
    ),
)
