"""What must be true of ``marts.rel_delivery`` in a release: the link beside delivery.

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
    "delivery_id",
    "predictor",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_delivery",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("p_value"),
    ),
)
