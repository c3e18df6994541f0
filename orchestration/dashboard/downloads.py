"""A table as a CSV file that a spreadsheet opens without running anything.

What belongs here: the bytes and the name of a download.
What does not: the button (``exhibit``), or a value that is not in the published table.
"""

import re

import pandas

# A cell that starts so is a formula to a spreadsheet (OWASP, "CSV injection").
_STARTS_A_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]")
_OUTSIDE_A_NAME = re.compile(r"[^a-z0-9]+")


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula, with the quote that makes it text."""
    if isinstance(value, str) and _STARTS_A_FORMULA.match(value):
        return f"'{value}"
    return value


def as_csv(frame: pandas.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, as Excel expects; every column, every status.

    Args:
        frame: the rows a page shows, with all columns of the published table.
    """
    safe = frame.map(harmless)
    safe.columns = [harmless(str(column)) for column in frame.columns]
    text: str = safe.to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def file_name(release: str, *parts: str) -> str:
    """A name of plain letters, whatever the labels hold: ``scout-release-3-change-all.csv``."""
    plain = [_OUTSIDE_A_NAME.sub("-", part.lower()).strip("-") for part in parts]
    return "-".join(["scout-release", release, *(part[:40] for part in plain if part)]) + ".csv"
