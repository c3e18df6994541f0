"""Refusal at the door: does a table of text look as if it identifies people?

What belongs here: the door's two questions: do its columns identify people (judging.py), and does
what lies beside them (beside.py: file name, header, odd lines, other sheets)?
What does not: refusing a file (the caller does that), and any value: a finding names a column and a
rule, never what was seen.

How a column is judged. Its values are trimmed, made distinct and classed (plain number or code,
digits, date, text); only the rest is searched with the expensive expressions. Then:

* A value that has the shape of an identifier and of nothing else (e-mail, punctuated telephone or
  social security number, spaced NHS number with its check digit, spaced postcode, street address,
  IP, URL) is a finding on its own, in every column.
* A value that has the shape by chance (9 or 10 bare digits, a code like a postcode, a single first
  name) counts only as a share of the column. One random ten-digit number in eleven carries a
  valid NHS check digit, so the share asked is 60 % of ten, 95 % of twenty for mapped pseudonyms.
* A header counts only with values that could be what it says: an empty or yes/no `phone` column
  identifies nobody.
* A pseudonym is looked into: a birth date, a name or a national number inside a code counts by its
  share in a sample of the values (samples.py, national.py).
* Dates outside ``event_date_columns`` are birth dates when at least half of the distinct dates lie
  more than ten years before the latest event (95th percentile of the event dates; of all
  dates where no event date is mapped) or before 2010. Years only, so that the order of day and
  month does not matter.

What it cannot do: recognise one rare name among ordinary words, a birth date among event dates, or
nine bare digits without a header. It refuses what looks identified; it does not de-identify.
"""

from orchestration.landing.identifiers.beside import find_beside, find_in_name, find_in_names
from orchestration.landing.identifiers.findings import Finding, identified
from orchestration.landing.identifiers.judging import find_identifiers

__all__ = [
    "Finding",
    "find_beside",
    "find_identifiers",
    "find_in_name",
    "find_in_names",
    "identified",
]
