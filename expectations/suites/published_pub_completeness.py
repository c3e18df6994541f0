"""What must be true of ``published.pub_completeness`` before a dashboard may open the file.

What belongs here: the table's key and base, and that it tells no count of its own.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED
from expectations.wording import no_rows

MEASURES, ATTRITION = "published.pub_program_measures", "published.pub_attrition"

SUITE = TableSuite(
    schema="published",
    table="pub_completeness",
    rules=(
        *disclosure_rules(
            key=("program_id", "instrument_id"),
            base="episode_count",
            guarded=GUARDED,
            shares={
                "measured_proportion": ("measured_count", "episode_count"),
                "paired_proportion": ("paired_count", "measured_count"),
            },
        ),
        Rule(
            rule_id="every_count_stands_in_another_table",
            sentence="Every count is the one that pub_attrition or pub_program_measures shows.",
            why="The auditor attacks those tables; another number would be published unattacked.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(
                "select 1 from batch "
                f"left join {MEASURES} as measures "
                "on measures.program_id = batch.program_id and measures.scale_id = batch.scale_id "
                f"left join {ATTRITION} as attrition "
                "on attrition.program_id = batch.program_id and attrition.step_number = 1 "
                "where coalesce(batch.episode_count <> attrition.referred_count, "
                "batch.episode_count is not null) "
                "or coalesce(batch.measured_count <> measures.episode_count, "
                "batch.measured_count is not null) "
                "or coalesce(batch.paired_count <> measures.paired_count, "
                "batch.paired_count is not null)"
            ),
            columns=("program_id", "scale_id", "episode_count", "measured_count", "paired_count"),
            tables=(MEASURES, ATTRITION),
        ),
    ),
)
