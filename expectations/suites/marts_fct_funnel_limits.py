"""What must be true of ``marts.fct_funnel_limits`` in a release: one unit and rate per row.

What belongs here: that limits enclose the common rate, and that raw and adjusted agree on whom they
are about.
What does not: where they lie (unit tests of the statistics).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="fct_funnel_limits",
    rules=(
        _marts.one_row_per(
            "one_row_per_unit_and_rate",
            "No two rows share a unit, a period, a rate and an adjustment.",
            "program_id",
            "unit_kind",
            "unit_id",
            "period_kind",
            "period",
            "population",
            "threshold_set",
            "metric_id",
            "adjustment",
        ),
        Rule(
            rule_id="expected_sums_to_observed",
            sentence="Over the units of a group the case-mix model expects as many as there were.",
            why="A model that expects too many makes every unit look worse than the common rate.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where adjustment = 'case_mix' and unit_kind = 'program' "
                "and expected_count is not null group by period_kind, period, population, "
                "threshold_set, metric_id "
                "having abs(sum(expected_count) - sum(numerator_count)) > 0.01"
            ),
            columns=(
                "adjustment",
                "unit_kind",
                "expected_count",
                "numerator_count",
                "period_kind",
                "period",
                "population",
                "threshold_set",
                "metric_id",
            ),
        ),
        Rule(
            rule_id="both_adjustments_are_of_the_same_courses",
            sentence="Beside every adjusted rate stands the raw one of the same courses.",
            why="An adjusted rate alone hides how far the adjustment moved it.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch group by program_id, unit_kind, unit_id, period_kind, period, "
                "population, threshold_set, metric_id having count(*) <> 2 "
                "or min(sample_size) <> max(sample_size) "
                "or min(numerator_count) <> max(numerator_count)"
            ),
            columns=(
                "program_id",
                "unit_kind",
                "unit_id",
                "period_kind",
                "period",
                "population",
                "threshold_set",
                "metric_id",
                "sample_size",
                "numerator_count",
            ),
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
