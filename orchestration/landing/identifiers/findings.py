"""The words of a finding: what a rule means and how whoever made the export can mend it.

What belongs here: one sentence pair per rule, and the shape of a finding.
What does not: finding anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.refusals import FileRefusalError

__all__ = ["Finding", "finding", "identified"]

_MOST_TOLD = 5
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
    "plain_hash": (
        "plain hashes of small numbers, which anybody can compute back in seconds",
        "Make keyed pseudonyms instead: `scout pseudonymise`.",
    ),
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
        reason: why the rule holds, in a few words.
    """

    column: str
    rule: str
    sentence: str
    how_to_mend: str
    reason: str = ""


def finding(column: str, rule: str, reason: str) -> Finding:
    """The finding that ``rule`` holds for ``column``, with its sentences."""
    what, mend = _WHAT[rule]
    where = column if " " in column and not column.startswith("column ") else f"Column {column}"
    sentence = f"{where[0].upper()}{where[1:]} looks like {what}: {reason}."
    return Finding(column, rule, sentence, mend, reason)


def identified(name: str, findings: Sequence[Finding]) -> FileRefusalError:
    """The refusal of a file in which something was found, ``name`` being how messages call it."""
    told = " ".join(f"{one.sentence} {one.how_to_mend}" for one in findings[:_MOST_TOLD])
    left = len(findings) - _MOST_TOLD
    more = f" And {left} more such columns." if left > 0 else ""
    return FileRefusalError(
        "looks_identified",
        f"{name} looks as if it identifies people; nothing of it was kept. {told}{more}",
    )
