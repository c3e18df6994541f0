"""What must be true of ``published.pub_rule_results`` before a dashboard may open the file.

What belongs here: that what rules counted among people's rows is told coarsely or not at all.
What does not: the rules.
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._about_the_data import MEND, about_the_data
from expectations.suites._disclosure import SMALLEST
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="published",
    table="pub_rule_results",
    rules=(
        *about_the_data(("gate", "table_name", "rule"), ("evaluated_count", "unexpected_count")),
        Rule(
            rule_id="rows_of_people_are_not_counted_exactly",
            sentence="Outside files and published rows, no number of judged rows is there, and no "
            "number of failing ones from 1 to just below the disclosure threshold.",
            why="Such a row is a person, a form or an answer.",
            severity="critical",
            when_it_fails=MEND,
            threshold=SMALLEST,
            expectation=no_row_where(
                "gate <> 'published' and table_name <> 'raw.loads' "
                "and (evaluated_count is not null "
                "or (unexpected_count > 0 and unexpected_count < :disclosure_threshold))"
            ),
            columns=("gate", "table_name", "evaluated_count", "unexpected_count"),
        ),
    ),
)
