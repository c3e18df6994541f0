"""Refusal at the door: does a table of text look as if it identifies people?

What belongs here: the decision, column by column, from the header and from the distinct values,
made inside DuckDB on every value (one telephone number in the last row is found).
What does not: what identifiers look like (headers.py, patterns.py),
judging one column (judgements.py), refusing a file (the caller does that), and any
value: a finding names a column and a rule, never what was seen.

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
* Dates outside ``event_date_columns`` are birth dates when at least half of the distinct dates lie
  more than ten years before the latest event (95th percentile of the event dates; of all
  dates where no event date is mapped) or before 2010. Years only, so that the order of day and
  month does not matter.

What it cannot do: recognise one rare name among ordinary words, a birth date among event dates, or
nine bare digits without a header. It refuses what looks identified; it does not de-identify.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.landing.identifiers.columns import (
    DISTINCT,
    PROFILE,
    Column,
    profile,
    shown_names,
)
from orchestration.landing.identifiers.judgements import (
    judge_dates,
    judge_digits,
    judge_header,
    judge_text,
    latest_event_year,
    years_of,
)

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["Finding", "find_identifiers"]

_DROP = "Drop this column from the export"
_WHAT: dict[str, tuple[str, str]] = {
    "email": ("e-mail addresses", f"{_DROP}."),
    "phone": ("telephone or fax numbers", f"{_DROP}."),
    "ssn": (
        "social security numbers",
        f"{_DROP}, or replace it by a pseudonym made by the clinic.",
    ),
    "nhs_number": ("NHS numbers", f"{_DROP}, or replace it by a pseudonym made by the clinic."),
    "national_id": ("numbers of a person's documents, insurance or accounts", f"{_DROP}."),
    "medical_record_number": (
        "medical record numbers",
        "Replace them by pseudonyms whose key stays in the clinic.",
    ),
    "postcode": ("postcodes or ZIP codes", f"{_DROP}, or keep a region of at least 20 000 people."),
    "date_of_birth": (
        "dates of birth",
        f"{_DROP} and send an age band. If the dates are events, map the column as an event date.",
    ),
    "date_of_death": ("dates of death", f"{_DROP}, or send the year only."),
    "name": ("names of people", f"{_DROP}; use pseudonyms for clients and clinicians."),
    "address": ("addresses or places smaller than a state", f"{_DROP}."),
    "ip_address": ("IP addresses", f"{_DROP}; survey tools can anonymise responses on export."),
    "device": ("addresses of devices", f"{_DROP}."),
    "web_address": ("web addresses", f"{_DROP}."),
    "account_name": ("names of user accounts", f"{_DROP}."),
    "photo_or_biometric": ("pictures or biometric data", f"{_DROP}."),
    "location": ("geographic coordinates", f"{_DROP}."),
    "card_number": ("payment card or device numbers with a valid check digit", f"{_DROP}."),
    "iban": ("bank account numbers", f"{_DROP}."),
    "age_over_89": ("ages over 89", "Send 90 for every age over 89, or an age band."),
    "free_text": ("free text", f"{_DROP}; notes carry names that no pattern finds."),
}


@dataclass(frozen=True)
class Finding:
    """One reason to refuse a file.

    Attributes:
        column: the column's name, or `column <n>` where the name itself looks like an identifier.
        rule: a code of lower-case words, for example ``email`` or ``date_of_birth``.
        sentence: what was seen and where, without a value.
        how_to_mend: what whoever made the export can do.
    """

    column: str
    rule: str
    sentence: str
    how_to_mend: str


def find_identifiers(
    connection: "Connection",
    table: str,
    *,
    columns: Sequence[str],
    event_date_columns: Collection[str] = (),
    identifier_columns: Collection[str] = (),
) -> list[Finding]:
    """Every reason to believe that ``table`` identifies people, in the order of ``columns``.

    Args:
        connection: an open connection that may create temporary tables.
        table: the name of a table or view whose ``columns`` are text.
        columns: the columns to judge; all values of each are looked at.
        event_date_columns: columns mapped as dates of events; they are not judged as birth dates
            by their values, though a header that says birth still counts.
        identifier_columns: columns mapped as pseudonyms; shapes that digits have by chance count
            there only when nearly all values have them.

    Returns:
        One finding per column and rule; an empty list when nothing looks identified. No finding
        contains a value of the table.

    Raises:
        orchestration.warehouse.Error: the table or one of the columns does not exist.
    """
    findings: list[Finding] = []
    latest = latest_event_year(connection, table, event_date_columns)
    judged: list[Column] = []
    old_dates: list[tuple[Column, dict[int, int]]] = []
    shown = shown_names(connection, columns)
    for name in columns:
        column = profile(connection, table, name, shown[name])
        column.is_pseudonym = name in identifier_columns
        column.is_event = name in event_date_columns
        if column.distinct:
            judge_header(connection, column)
            judge_digits(connection, column)
            judge_text(connection, column)
            years = years_of(connection, column)
            if years:
                old_dates.append((column, years))
        judged.append(column)
    judge_dates(old_dates, latest)
    for temporary in (DISTINCT, PROFILE):
        connection.execute(f"drop table if exists {temporary}")
    for column in judged:
        if "date_of_death" in column.found:
            column.found.pop("date_of_birth", None)
        for rule, reason in column.found.items():
            what, mend = _WHAT[rule]
            sentence = f"Column {column.shown} looks like {what}: {reason}."
            findings.append(Finding(column.shown, rule, sentence, mend))
    return findings
