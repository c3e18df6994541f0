"""What must be true of ``marts.fct_follow_up`` in a release: one fate of an improvement per row.

What belongs here: that kept and lost, new and never are all of those known.
What does not: which form is a follow-up (unit tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.suites._shares import SHARE
from expectations.wording import no_rows

GROUP = "program_id, follow_up_label, scale_id"

SUITE = TableSuite(
    schema="marts",
    table="fct_follow_up",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_fate",
            "No two rows share a program, a follow-up, a scale and a fate.",
            "program_id",
            "follow_up_label",
            "scale_id",
            "metric_id",
        ),
        SHARE,
        Rule(
            rule_id="the_fates_sum_to_their_denominator",
            sentence="Kept and lost are all who had improved; new and never all who had not.",
            why="An improvement that is neither kept nor lost has vanished from the report.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                f"select 1 from batch group by {GROUP}, "
                "metric_id in ('improvement_kept', 'improvement_lost') "
                "having sum(numerator_count) <> max(sample_size) "
                "or min(sample_size) <> max(sample_size) or count(*) <> 2"
            ),
            columns=(*GROUP.split(", "), "metric_id", "numerator_count", "sample_size"),
        ),
    ),
)
