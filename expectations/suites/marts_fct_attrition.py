"""What must be true of ``marts.fct_attrition`` in a release: one step of one group per row.

What belongs here: that nobody is lost between two steps without being counted as lost.
What does not: what a step is (unit tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

GROUP = "program_id, stratum_kind, stratum_id"

SUITE = TableSuite(
    schema="marts",
    table="fct_attrition",
    rules=(
        _marts.one_row_per(
            "one_row_per_group_and_step",
            "No two rows share a group and a step.",
            "program_id",
            "stratum_kind",
            "stratum_id",
            "step_number",
        ),
        Rule(
            rule_id="each_step_starts_from_the_one_before",
            sentence="Whoever reached a step is the denominator of the next.",
            why="A funnel that changes its denominator on the way shows any rate one likes.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from (select previous_count, lag(episode_count) over "
                f"(partition by {GROUP} order by step_number) as reached from batch) as steps "
                "where previous_count <> reached"
            ),
            columns=(
                "program_id",
                "stratum_kind",
                "stratum_id",
                "step_number",
                "episode_count",
                "previous_count",
            ),
        ),
        Rule(
            rule_id="nobody_joins_on_the_way",
            sentence="A step has no more episodes than the one before, and the rest are lost.",
            why="Nobody reaches a step without the steps before it.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "episode_count > previous_count or lost_count <> previous_count - episode_count"
            ),
            columns=("episode_count", "previous_count", "lost_count"),
        ),
    ),
)
