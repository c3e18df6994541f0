"""The judge: a second, naive Scout in plain Python that the SQL must agree with.

What belongs here: scoring, change and relations written as a person would do them with a pencil:
dicts, lists and loops, one episode at a time, and where the public data lie that they are tried on.
What does not: numpy, pandas, SQL, speed, or a single line taken from the code under judgement.

Registry rows are dicts of text, just as ``csv.DictReader`` reads ``seeds/*.csv``: an empty cell or
an absent key is unknown, booleans are ``true`` / ``false``.
"""

import os
from collections.abc import Mapping
from pathlib import Path

Row = Mapping[str, str]


def number(row: Row, column: str) -> float | None:
    """The number in a registry cell, or None for an empty one."""
    text = (row.get(column) or "").strip()
    return float(text) if text else None


def required_number(row: Row, column: str) -> float:
    """The number in a registry cell that must not be empty."""
    value = number(row, column)
    if value is None:
        message = f"registry column {column} is empty where a number is needed"
        raise ValueError(message)
    return value


def flag(row: Row, column: str) -> bool:
    """The truth of a registry cell; empty is false."""
    return (row.get(column) or "").strip().lower() == "true"


def shared_data() -> Path | None:
    """The public data sets: SCOUT_SHARED_DATA, else ../shared/data beside the checkout."""
    named = os.environ.get("SCOUT_SHARED_DATA")
    folder = (
        Path(named) if named else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    )
    return folder if folder.is_dir() else None
