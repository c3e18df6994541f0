"""What must be true of ``published.pub_loads`` before a dashboard may open the file.

What belongs here: that numbers of rows are too coarse to count people by.
What does not: the files themselves (raw_loads.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._about_the_data import MEND, about_the_data
from expectations.suites._raw import EMAIL, SSN
from expectations.wording import no_row_where

ROWS = ("rows_read", "rows_loaded", "rows_refused", "rows_repeated")

SUITE = TableSuite(
    schema="published",
    table="pub_loads",
    rules=(
        *about_the_data(
            ("source",),
            ("file_count", "refused_file_count", *ROWS, "expected_days", "days_since_arrival"),
        ),
        Rule(
            rule_id="numbers_of_rows_are_in_hundreds",
            sentence="Every number of rows is none or a multiple of a hundred.",
            why="A file may hold a row per person, and the exact number would count them.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_row_where(" or ".join(f"{rows} % 100 <> 0" for rows in ROWS)),
            columns=ROWS,
        ),
        Rule(
            rule_id="no_source_name_identifies_a_person",
            sentence="No source's name looks like an e-mail address or a US SSN.",
            why="The names of sources are published.",
            severity="critical",
            when_it_fails="Rename that folder of landing, and run again.",
            expectation=no_row_where(
                " or ".join(f"({pattern.format(column='source')})" for pattern in (EMAIL, SSN))
            ),
            columns=("source",),
        ),
    ),
)
