"""Numbers and codes as a person reads them, the same way as on the charts beside them.

What belongs here: a cell of a published row as text, or what its status is called.
What does not: markup (``markup``), how a number is spelt (``orchestration.charts.words``).
"""

from collections.abc import Mapping
from typing import Any, Literal

import pandas

from orchestration.charts.words import (
    HELD_BACK,
    NOT_COMPUTABLE,
    count,
    percent,
    plain,
    with_interval,
)
from orchestration.charts.words import number as decimal

Kind = Literal[
    "text",
    "count",
    "percent",
    "points",
    "fine_points",
    "coefficient",
    "moment",
    "day",
    "code",
    "flag",
]
Row = Mapping[str, Any]

ALL = "all"
ALL_PROGRAMS = "All programs"
NOTHING = "\N{EN DASH}"
_DIGITS = {"points": 1, "fine_points": 2, "coefficient": 2}
_STATUSES = {"suppressed": HELD_BACK, "not_computable": NOT_COMPUTABLE}


def is_missing(value: object) -> bool:
    """Whether there is nothing to show: NULL, however pandas spells it."""
    return value is None or value is pandas.NA or value is pandas.NaT or value != value


def words(code: object) -> str:
    """A code of the file as words: ``finished_courses`` is "finished courses"."""
    if is_missing(code):
        return NOTHING
    return _STATUSES.get(str(code), plain(str(code)))


def sentence_case(text: str) -> str:
    """The same with a capital first letter."""
    return text[:1].upper() + text[1:]


def number(value: Any, kind: Kind) -> str:
    """One value in the format of its kind; a dash where there is none.

    Args:
        value: a count, a share (0-1), points of a scale (fine where its range is short), a
            coefficient (a correlation or a slope), a UTC moment, a code.
        kind: which of these it is.
    """
    if is_missing(value):
        return NOTHING
    if kind == "count":
        return count(float(value))
    if kind == "percent":
        return percent(float(value))
    if kind in _DIGITS:
        return decimal(float(value), _DIGITS[kind])
    if kind == "moment":
        return f"{pandas.Timestamp(value):%Y-%m-%d %H:%M} UTC"
    if kind == "day":
        return f"{pandas.Timestamp(value):%Y-%m-%d}"
    if kind == "flag":
        return "yes" if value else "no"
    return words(value) if kind == "code" else str(value)


def status_of(row: Row, column: str) -> str:
    """``shown``, ``suppressed`` or ``not_computable``; a value without a status is shown."""
    status = row.get(f"{column}_status")
    return "shown" if is_missing(status) else str(status)


def told(row: Row, column: str, kind: Kind) -> str:
    """A value, or what its status is called: "62%", "held back"."""
    status = status_of(row, column)
    return number(row.get(column), kind) if status == "shown" else words(status)


def told_with_interval(row: Row, column: str, kind: Kind) -> str:
    """The same with its interval where it has one: "62% (53% to 71%)"."""
    value = row.get(column)
    low, high = row.get(f"{column}_interval_low"), row.get(f"{column}_interval_high")
    if status_of(row, column) != "shown" or any(map(is_missing, (value, low, high))):
        return told(row, column, kind)
    numbers = float(str(value)), float(str(low)), float(str(high))
    if kind == "percent":
        return with_interval(*numbers, "proportion")
    return with_interval(*numbers, digits=_DIGITS[kind])
