"""What must be true of ``published.pub_program_outcomes`` before a dashboard may open the file.

What belongs here: the table's key and base.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED

SUITE = TableSuite(
    schema="published",
    table="pub_program_outcomes",
    rules=disclosure_rules(
        key=("program_id", "population", "threshold_set", "metric_id"),
        base="sample_size",
        guarded=GUARDED,
        shares={"estimate": ("numerator_count", "sample_size")},
    ),
)
