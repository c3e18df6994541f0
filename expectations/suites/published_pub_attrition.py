"""What must be true of ``published.pub_attrition`` before a dashboard may open the file.

What belongs here: the table's key and base.
What does not: the disclosure rules themselves (_disclosure.py).
"""

from expectations.rules import TableSuite
from expectations.suites._disclosure import disclosure_rules
from expectations.suites.published_pub_program_measures import GUARDED

SUITE = TableSuite(
    schema="published",
    table="pub_attrition",
    rules=disclosure_rules(
        key=("program_id", "step_number"),
        base="referred_count",
        guarded=GUARDED,
        shares={
            "previous_proportion": ("episode_count", "previous_count"),
            "referred_proportion": ("episode_count", "referred_count"),
        },
    ),
)
