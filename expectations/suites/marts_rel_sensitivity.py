"""What must be true of ``marts.rel_sensitivity`` in a release: the link by other analyses.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._link import estimate_rules
from expectations.wording import values_are_in

KEY = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
    "analysis",
)
ANALYSES = (
    "all_available",
    "completers_only",
    "given_both_baselines",
    "dropout_weighted",
    "regression_to_the_mean",
    "negative_control",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_sensitivity",
    rules=(
        *estimate_rules(*KEY),
        Rule(
            rule_id="analyses_are_known_words",
            sentence="The analysis is one of the six there are.",
            why="A row nobody can name cannot be read.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("analysis", ANALYSES),
            columns=("analysis",),
        ),
    ),
)
