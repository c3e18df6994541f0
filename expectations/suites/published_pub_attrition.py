"""What must be true of ``published.pub_attrition`` before a dashboard may open the file.

What belongs here: the table's key and base.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="published",
    table="pub_attrition",
    rules=(
        *disclosure_rules(
            key=("program_id", "step_number"),
            base="referred_count",
            guarded=GUARDED,
            shares={
                "previous_proportion": ("episode_count", "previous_count"),
                "referred_proportion": ("episode_count", "referred_count"),
            },
        ),
        Rule(
            rule_id="taken_and_lost_sum_to_the_step_before",
            sentence="Where all are shown, those who took a step and those lost at it are together "
            "those of the step before.",
            why="Somebody would have vanished between two steps.",
            severity="critical",
            when_it_fails=MEND,
            threshold="Exactly; where the disclosure policy rounds, what rounded numbers allow.",
            expectation=no_row_where(
                "abs(episode_count + lost_count - previous_count) > 2 * (:disclosure_rounding - 1)"
            ),
            columns=("episode_count", "lost_count", "previous_count"),
        ),
    ),
)
