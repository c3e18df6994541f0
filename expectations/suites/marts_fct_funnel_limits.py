"""What must be true of ``marts.fct_funnel_limits`` in a release: one unit and rate per row.

What belongs here: that limits enclose the common rate and lie in order.
What does not: where they lie (unit tests of the statistics).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="marts",
    table="fct_funnel_limits",
    rules=(
        _marts.one_row_per(
            "one_row_per_unit_and_rate",
            "No two rows share a unit, a period and a rate.",
            "program_id",
            "unit_kind",
            "unit_id",
            "period_kind",
            "period",
            "population",
            "threshold_set",
            "metric_id",
        ),
        Rule(
            rule_id="limits_enclose_the_common_rate",
            sentence="The 99.8 % limits enclose the 95 % limits, and these the common rate.",
            why="A limit on the wrong side calls an ordinary unit an outlier.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "not (limit_998_low <= limit_95_low and limit_95_low <= target "
                "and target <= limit_95_high and limit_95_high <= limit_998_high)"
            ),
            columns=("target", "limit_95_low", "limit_95_high", "limit_998_low", "limit_998_high"),
        ),
        Rule(
            rule_id="over_dispersion_only_widens_the_limits",
            sentence="Limits that allow for over-dispersion are no narrower than the plain ones.",
            why="Allowing for differences between units cannot make a unit stand out.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "overdispersed_limit_95_low > limit_95_low + 1e-9 "
                "or overdispersed_limit_95_high < limit_95_high - 1e-9"
            ),
            columns=(
                "limit_95_low",
                "limit_95_high",
                "overdispersed_limit_95_low",
                "overdispersed_limit_95_high",
            ),
        ),
    ),
)
