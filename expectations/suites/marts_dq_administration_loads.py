"""What must be true of ``marts.dq_administration_loads``: every scored form leads to a file.

What belongs here: that the way back from a score is whole.
What does not: walking it (``orchestration.desk``).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="dq_administration_loads",
    rules=(
        _marts.one_row_per(
            "one_row_per_form_and_file",
            "No two rows share a form and a file.",
            "administration_id",
            "load_id",
        ),
        Rule(
            rule_id="every_scored_form_stands_in_a_file",
            sentence="Each form with a valid score has a file that holds part of it.",
            why="A number that leads to no file cannot be defended, nor put right.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from marts.fct_scores as scores "
                "left join batch on scores.administration_id = batch.administration_id "
                "where scores.is_valid and batch.administration_id is null "
                "group by scores.administration_id"
            ),
            columns=("administration_id",),
            tables=("marts.fct_scores",),
        ),
        Rule(
            rule_id="lines_are_lines_of_a_file",
            sentence="Lines count from 1, the last is not before the first, and there is a record.",
            why="Somebody will look there.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "first_line < 1 or last_line < first_line or record_count < 1"
            ),
            columns=("first_line", "last_line", "record_count"),
        ),
    ),
)
