"""One value of a statistical package as text: missing values, labels, epochs, precision.

What belongs here: what SPSS, Stata and SAS mean by a number.
What does not: files and chunks (statistical.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

_SPSS_EPOCH = datetime(1582, 10, 14)
_EPOCH = datetime(1960, 1, 1)
# Format of a variable -> (epoch, length of its unit). The rest of a format is width and decimals.
_MOMENTS: dict[str, tuple[tuple[str, datetime, timedelta], ...]] = {
    "spss": (
        (
            r"(A|E|J|S)?DATE[0-9.]*|(DATETIME|YMDHMS)[0-9.]*",
            _SPSS_EPOCH,
            timedelta(seconds=1),
        ),
    ),
    "stata": (
        (r"%-?[0-9]*(td|d).*", _EPOCH, timedelta(days=1)),
        (r"%-?[0-9]*t[cC].*", _EPOCH, timedelta(milliseconds=1)),
    ),
    "sas": (
        (
            r"(DATE|DDMMYY[BCDNPS]?|MMDDYY[BCDNPS]?|YYMMDD[BCDNPS]?|E8601DA|B8601DA|JULIAN|WORDDATE"
            r"|WEEKDATE|NLDATE)[0-9.]*",
            _EPOCH,
            timedelta(days=1),
        ),
        (r"(DATETIME|DATEAMPM|E8601DT|B8601DT|DTDATE|NLDATM)[0-9.]*", _EPOCH, timedelta(seconds=1)),
    ),
}


@dataclass(frozen=True)
class Variable:
    """How one variable becomes text.

    Attributes:
        moment: epoch and unit of a date; None where it is none.
        missing: ranges of values that the user declared missing.
        labels: value -> label, where labels are asked for.
        is_single: the file holds its numbers in single precision.
    """

    moment: tuple[datetime, timedelta] | None
    missing: tuple[tuple[Any, Any], ...]
    labels: Mapping[object, str]
    is_single: bool


def variable_of(facts: Any, name: str, package: str, *, with_labels: bool) -> Variable:
    """What a file says of one of its variables.

    Args:
        facts: pyreadstat's description of the file.
        name: the variable's name.
        package: spss, stata or sas.
        with_labels: whether labels take the place of codes.
    """
    declared = str((facts.original_variable_types or {}).get(name) or "")
    stored = facts.readstat_variable_types.get(name)
    moment = next(
        (
            (epoch, unit)
            for pattern, epoch, unit in _MOMENTS[package]
            if stored != "string" and re.fullmatch(pattern, declared, re.IGNORECASE)
        ),
        None,
    )
    ranges = (facts.missing_ranges or {}).get(name) or []
    labels = (facts.variable_value_labels or {}).get(name) or {}
    missing = tuple((one["lo"], one["hi"]) for one in ranges)
    return Variable(moment, missing, labels if with_labels else {}, stored == "float")


def as_texts(values: Sequence[Any], variable: Variable) -> tuple[list[str | None], int]:
    """Values as text, blank ones as None, and how many of them stand in a missing range."""
    is_missing = [_is_declared_missing(value, variable) for value in values]
    texts = [
        None if missing else _text(value, variable)
        for value, missing in zip(values, is_missing, strict=True)
    ]
    return texts, sum(is_missing)


def _is_declared_missing(value: Any, variable: Variable) -> bool:
    return value is not None and any(
        isinstance(low, str) == isinstance(value, str) and low <= value <= high
        for low, high in variable.missing
    )


def _text(value: Any, variable: Variable) -> str | None:
    # Only NaN differs from itself.
    if value is None or value != value:
        return None
    if value in variable.labels:
        return variable.labels[value]
    if isinstance(value, str):
        return value if value.strip() else None
    if variable.moment is not None:
        return _moment(value, *variable.moment)
    return _number(value, is_single=variable.is_single)


def _number(value: float, *, is_single: bool) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # The shortest text that means the number as it was stored: 3.45, not 3.450000047683716.
    return str(np.float32(value)) if is_single else repr(value)


def _moment(value: float, epoch: datetime, unit: timedelta) -> str:
    """A date in its package's count, as ISO; what no calendar holds stays as it stands."""
    try:
        found = epoch + value * unit
    except (OverflowError, ValueError):
        return repr(value)
    if found.hour == found.minute == found.second == found.microsecond == 0:
        return found.date().isoformat()
    return found.replace(microsecond=0).isoformat(" ")
