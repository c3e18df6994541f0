"""What must be true of ``marts.rel_pooled`` in a release: the link over groups.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._link import estimate_rules, is_a_share
from expectations.wording import no_row_where

KEY = (
    "pooled_over",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_pooled",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("estimate", -1),
        is_a_share("i_squared"),
        Rule(
            rule_id="another_group_is_less_certain_than_the_mean",
            sentence="The prediction range holds the mean, and tau squared is not below 0.",
            why="Whoever reads the interval of a mean as the range of groups expects too little.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "estimate not between prediction_low - 1e-9 and prediction_high + 1e-9 "
                "or tau_squared < 0 or strata_count < 0"
            ),
            columns=(
                "estimate",
                "prediction_low",
                "prediction_high",
                "tau_squared",
                "strata_count",
            ),
        ),
    ),
)
