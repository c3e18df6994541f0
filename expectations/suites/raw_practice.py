"""What must be true of ``raw.practice``: home practice as the clinic states it.

What belongs here: claims about keys, origin and identifying values.
What does not: claims that need another table of the clinic's data (staging).
"""

from expectations.rules import TableSuite
from expectations.suites import _raw

SUITE = TableSuite(
    schema="raw",
    table="practice",
    may_be_absent=True,
    rules=(
        _raw.is_present("client_id", "Practice of nobody counts for nobody."),
        _raw.is_present("practice_id", "Practice of nothing cannot be related to anything."),
        _raw.is_present("record_key", "A correction replaces a record by this key."),
        _raw.belongs_to_a_load(),
        *_raw.no_identifiers(),
    ),
)
