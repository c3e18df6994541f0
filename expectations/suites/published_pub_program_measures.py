"""What must be true of ``published.pub_program_measures`` before a dashboard may open the file.

What belongs here: the table's key and base, and the list of tables that are guarded.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules

# Whoever adds a pub_ table adds a module like this one, and the table here.
GUARDED = ("pub_program_measures",)

SUITE = TableSuite(
    schema="published",
    table="pub_program_measures",
    rules=disclosure_rules(
        key=("program_id", "scale_id", "interval_name"), base="client_count", guarded=GUARDED
    ),
)
