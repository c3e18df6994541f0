"""What must be true of ``published.pub_sudden_gains`` before a dashboard may open the file.

What belongs here: the table's key and base.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED

SUITE = TableSuite(
    schema="published",
    table="pub_sudden_gains",
    rules=disclosure_rules(
        key=("program_id", "scale_id"),
        base="course_count",
        guarded=GUARDED,
        shares={"gain_proportion": ("gain_count", "course_count")},
    ),
)
