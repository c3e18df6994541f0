"""What must be true of ``published.pub_release`` before a dashboard may open the file.

What belongs here: that it is one row, complete, and counts files and rules only.
What does not: other tables.
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._about_the_data import MEND, about_the_data
from expectations.wording import no_rows

SUITE = TableSuite(
    schema="published",
    table="pub_release",
    rules=(
        *about_the_data(
            ("release_number",),
            (
                "release_number",
                "source_count",
                "late_source_count",
                "file_count",
                "refused_file_count",
                "rule_count",
                "failing_rule_count",
                "smallest_count",
                "rounding",
            ),
        ),
        Rule(
            rule_id="there_is_one_row",
            sentence="The table has one row, with the release's number, time and policy.",
            why="Every page of a dashboard says from it which release is shown.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(
                "select 1 from (select count(*) as row_count, count(release_number) as numbered, "
                "count(built_at) as timed, count(policy_name) as with_policy from batch) as facts "
                "where row_count <> 1 or numbered <> 1 or timed <> 1 or with_policy <> 1"
            ),
            columns=("release_number", "built_at", "policy_name"),
            needs_rows=False,
        ),
    ),
)
