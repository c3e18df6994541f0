"""What must be true of ``marts.rel_components`` in a release: parts beside relief.

What belongs here: its key, and what its numbers can be. What does not: whether they are right (unit
tests, benchmarks).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._link import estimate_rules, is_a_share
from expectations.wording import no_rows

KEY = (
    "stratum_kind",
    "stratum_id",
    "process_instrument_id",
    "outcome_scale_id",
    "interval_name",
    "predictor_set",
    "predictor_id",
)

SUITE = TableSuite(
    schema="marts",
    table="rel_components",
    rules=(
        *estimate_rules(*KEY),
        is_a_share("relative_weight"),
        is_a_share("r_squared"),
        Rule(
            rule_id="weights_add_up_to_what_is_explained",
            sentence="The relative weights of a regression add up to its R squared.",
            why="A share of something has to be a share of it.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                f"select 1 from batch where status = 'estimated' group by {', '.join(KEY[:-1])} "
                "having abs(sum(relative_weight) - max(r_squared)) > 1e-6"
            ),
            columns=(*KEY[:-1], "status", "relative_weight", "r_squared"),
        ),
    ),
)
