"""What one cell of a registry file may hold, and how a person is told so.

What belongs here: the kinds of values, each with a description that completes "write ...", and the
one spelling of each.
What does not: which column holds which kind (``registry.tables`` and the kinds of rows).
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

LONGEST_TEXT = 400
DIFFERENT_ITEMS = 500


def _flag(value: object) -> object:
    """``true`` or ``false`` in any case, because spreadsheets write ``TRUE``; nothing else."""
    return {"true": True, "false": False}.get(str(value).lower(), "neither")


def _whole(value: object) -> object:
    """A whole number as people and spreadsheets write it; never ``1e3`` or ``1_000``."""
    return value if re.fullmatch(r"-?[0-9]{1,6}(\.0+)?", str(value)) else "not a whole number"


def _number(value: object) -> object:
    """A plain decimal number with a point; never ``nan``, ``1e3`` or a decimal comma."""
    return value if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", str(value)) else "not a number"


def _day(value: object) -> object:
    """A date in ISO form; never a bare number, which would be read as seconds."""
    return value if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)) else "not a date"


def plain_label(text: str) -> str:
    """An answer in words as labels are compared: one spelling, no capitals, no spaces."""
    spaced = re.sub(r"\s+", "", unicodedata.normalize("NFC", text))
    return spaced.lower().translate({0x2018: "'", 0x2019: "'"})


Identifier = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,99}$",
        description="an id of lower-case letters, digits and _, starting with a letter",
    ),
]
Text = Annotated[
    str, Field(max_length=LONGEST_TEXT, description=f"text of at most {LONGEST_TEXT} letters")
]
Flag = Annotated[bool, BeforeValidator(_flag), Field(description="true or false")]
Whole = Annotated[int, BeforeValidator(_whole), Field(description="a whole number")]
Count = Annotated[
    int, BeforeValidator(_whole), Field(ge=1, description="a whole number of at least 1")
]
Number = Annotated[
    Decimal, BeforeValidator(_number), Field(description="a number, with a point for decimals")
]
Positive = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, description="a number above 0")]
Share = Annotated[
    Decimal, BeforeValidator(_number), Field(gt=0, lt=1, description="a number between 0 and 1")
]
Item = Annotated[
    int,
    BeforeValidator(_whole),
    Field(
        ge=1,
        le=DIFFERENT_ITEMS,
        description=(
            "an item number from 1, or a range such as 1-24 "
            "(format the column as text if a spreadsheet turns the range into a date)"
        ),
    ),
]
Day = Annotated[date, BeforeValidator(_day), Field(description="a date such as 2026-11-23")]
Status = Literal["confirmed", "derived", "unconfirmed"]


def as_text(value: object) -> str | None:
    """One spelling per value: ``true`` / ``false``, plain decimals, ISO dates; None stays None.

    Raises:
        TypeError: the value is of a kind no row holds.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str | int | date):
        return str(value)
    if isinstance(value, NoneType):
        return None
    raise TypeError(type(value).__name__)
