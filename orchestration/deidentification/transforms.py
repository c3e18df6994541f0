"""What becomes of one value: pure functions from text to text.

What belongs here: pseudonyms, shifted dates, days, ages over 89 and ZIP codes.
What does not: files, and which column gets which (plan.py).

Sources: 45 CFR 164.514(b)(2)(i) (B) and (C): three digits of a ZIP code where more than 20 000
people live there, ages over 89 as one group; the restricted ZIP codes are those of the 2000
census as OCR's guidance of 2012 lists them.
"""

import base64
import re
import unicodedata
from datetime import date, datetime, timedelta

from orchestration.deidentification.keys import Key

__all__ = [
    "RESTRICTED_ZIP",
    "UnreadableError",
    "age",
    "canonical",
    "pseudonym",
    "read_date",
    "shift_of",
    "zip3",
]

_RESTRICTED = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893"
RESTRICTED_ZIP = frozenset(_RESTRICTED.split())
# 80 bits: that any two of ten million clients share one has a chance of 1 in 24 thousand million.
_PSEUDONYM_BYTES = 10
_WEEKS = 52


class UnreadableError(ValueError):
    """A value is not what its column is said to hold; never carries the value."""


def canonical(text: str) -> str:
    """An id as it is compared: one Unicode form, no blanks around it; otherwise as it is."""
    return unicodedata.normalize("NFC", text).strip()


def pseudonym(key: Key, kind: str, identifier: str) -> str:
    """A keyed pseudonym: ``p-`` and 16 lower-case letters and digits.

    HMAC-SHA-256 cut to 80 bits. Without the key nobody can try ids out, as one can with a plain
    hash: all seven-digit record numbers take seconds.
    """
    digest = key.digest(f"pseudonym of a {kind}", canonical(identifier))
    return "p-" + base64.b32encode(digest[:_PSEUDONYM_BYTES]).decode("ascii").lower()


def shift_of(key: Key, client: str) -> timedelta:
    """How far a client's dates move: 1 to 52 whole weeks back, the same for all of them.

    Whole weeks keep the weekday. A free shift would not hide it: a few weekday visits betray the
    shift modulo 7 (reliability.md P-10).
    """
    number = int.from_bytes(key.digest("date shift", canonical(client))[:8], "big")
    return -timedelta(weeks=1 + number % _WEEKS)


def read_date(text: str, date_format: str) -> date:
    """A date in the declared format.

    Raises:
        UnreadableError: it is not such a date.
    """
    try:
        return datetime.strptime(text.strip(), date_format).date()
    except ValueError:
        raise UnreadableError from None


def age(text: str) -> str:
    """``90+`` for every age over 89, else the age as it is.

    Raises:
        UnreadableError: it is not a number of years.
    """
    text = text.strip()
    if text in ("", "90+"):
        return text
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]+)?", text):
        raise UnreadableError
    return "90+" if float(text.replace(",", ".")) >= 90 else text


def zip3(text: str) -> str:
    """The first three digits of a ZIP code, ``000`` where fewer than 20 000 people live there.

    Raises:
        UnreadableError: it is not a ZIP code.
    """
    text = text.strip()
    if not text:
        return text
    found = re.fullmatch(r"([0-9]{3})(?:[0-9]{2}(?:-?[0-9]{4})?)?", text)
    if found is None:
        raise UnreadableError
    return "000" if found[1] in RESTRICTED_ZIP else found[1]
