"""What must be true of ``published.pub_change_bins`` before a dashboard may open the file.

What belongs here: the table's key and base, and how its bins lie.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites._disclosure import MEND, disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED
from expectations.wording import no_rows

KEY = (
    "program_id",
    "process_scale_id",
    "outcome_scale_id",
    "cell_number",
    "process_bin_low",
    "process_bin_high",
    "outcome_bin_low",
    "outcome_bin_high",
)

SUITE = TableSuite(
    schema="published",
    table="pub_change_bins",
    rules=(
        *disclosure_rules(
            key=KEY,
            base="sample_size",
            guarded=GUARDED,
        ),
        Rule(
            rule_id="rectangles_do_not_overlap",
            sentence="No two rectangles of a program and pair of scales overlap.",
            why="People in an overlap would be twice in the picture.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(
                "select 1 from batch as one inner join batch as other "
                "using (program_id, process_scale_id, outcome_scale_id) "
                "where one.cell_number < other.cell_number "
                "and one.process_bin_low < other.process_bin_high "
                "and other.process_bin_low < one.process_bin_high "
                "and one.outcome_bin_low < other.outcome_bin_high "
                "and other.outcome_bin_low < one.outcome_bin_high"
            ),
            columns=KEY,
        ),
    ),
)
