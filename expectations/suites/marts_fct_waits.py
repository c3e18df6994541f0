"""What must be true of ``marts.fct_waits`` in a release: one wait of one group per row.

What belongs here: that shares and quartiles can be, and that a longer limit holds no fewer.
What does not: which dates a wait lies between (unit tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._shares import SHARE
from expectations.wording import no_row_where, no_rows

GROUP = ("program_id", "stratum_kind", "stratum_id")

SUITE = TableSuite(
    schema="marts",
    table="fct_waits",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_wait",
            "No two rows share a group and a metric.",
            *GROUP,
            "metric_id",
        ),
        SHARE,
        Rule(
            rule_id="quartiles_are_in_order_and_not_negative",
            sentence="A quarter waited no longer than a half, and nobody less than a day of none.",
            why="A negative wait is a slip of a date; it is counted as missing, never averaged.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "not (0 <= lower_quartile_days and lower_quartile_days <= median_days "
                "and median_days <= upper_quartile_days)"
            ),
            columns=("lower_quartile_days", "median_days", "upper_quartile_days"),
        ),
        Rule(
            rule_id="a_longer_limit_holds_no_fewer",
            sentence="Within 126 days were at least as many as within 42.",
            why="Whoever was seen within six weeks was seen within eighteen.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where metric_id like 'first_contact_within_%' "
                f"group by {', '.join(GROUP)} "
                "having max(case when limit_days = 42 then numerator_count end) "
                "> max(case when limit_days = 126 then numerator_count end)"
            ),
            columns=(*GROUP, "metric_id", "limit_days", "numerator_count"),
        ),
    ),
)
