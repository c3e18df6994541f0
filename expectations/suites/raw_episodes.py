"""What must be true of ``raw.episodes``: episodes of care as the clinic states them.

What belongs here: claims about keys, origin and identifying values.
What does not: claims that need another table of the clinic's data (staging).
"""

from expectations.rules import TableSuite
from expectations.suites import _raw

SUITE = TableSuite(
    schema="raw",
    table="episodes",
    may_be_absent=True,
    rules=(
        _raw.is_present("client_id", "An episode of nobody counts for nobody."),
        _raw.is_present("record_key", "A correction replaces a record by this key."),
        _raw.belongs_to_a_load(),
        *_raw.no_identifiers(),
    ),
)
