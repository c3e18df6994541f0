"""A value of a database as text, without loss.

What belongs here: one rule per kind of value. What does not: whether landing accepts the text.
"""

import json
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from orchestration.fetching.refusing import FetchError


def as_text(value: object, column: str) -> str:
    """A value as the snapshot writes it.

    NULL is empty; dates and times are ISO 8601, a midnight without a zone is its date; whole
    numbers carry no point whatever their type, other decimals keep every digit the database gave,
    floats the shortest text that reads back as the same float; booleans are true and false.

    Args:
        value: as the driver gave it.
        column: its column, for the message.

    Raises:
        FetchError: the column holds bytes or something Scout has no text for.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    raise FetchError(
        f"column {column} holds values of type {type(value).__name__}, which have no text. Leave "
        "the column out of the query, or cast it to text there."
    )


def _decimal(value: Decimal) -> str:
    is_whole = value.is_finite() and value == value.to_integral_value()
    return str(int(value)) if is_whole else f"{value:f}"


def _clock(value: timedelta) -> str:
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.days * 86_400 + value.seconds, 3600)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return f"{sign}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{fraction}"
