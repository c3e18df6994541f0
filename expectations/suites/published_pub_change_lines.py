"""What must be true of ``published.pub_change_lines`` before a dashboard may open the file.

What belongs here: the table's key and base.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED

SUITE = TableSuite(
    schema="published",
    table="pub_change_lines",
    rules=disclosure_rules(
        key=("program_id", "process_scale_id", "outcome_scale_id", "process_change"),
        base="sample_size",
        guarded=GUARDED,
    ),
)
