"""What must be true of ``marts.rel_practice`` in a release: practice beside change.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._link import estimate_rules, is_a_share
from expectations.wording import no_row_where

KEY = (
    "stratum_kind",
    "stratum_id",
    "practice_id",
    "component_scale_id",
    "interval_name",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_practice",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("estimate", -1),
        Rule(
            rule_id="a_controlled_p_is_no_smaller_than_the_plain_one",
            sentence="p lies between 0 and q, and q is at most 1.",
            why="Many comparisons make chance findings likelier, never rarer.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where("p_value < 0 or q_value < p_value - 1e-9 or q_value > 1"),
            columns=("p_value", "q_value"),
        ),
    ),
)
