"""The search for identifiers in what a format reads but hands on to nobody.

What belongs here: texts and columns that no landed table will hold though the bytes are kept.
What does not: what identifiers look like (identifiers), landed tables (acceptance.py).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from orchestration.landing.identifiers import find_identifiers, find_in_names, identified
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import quoted

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_MOST_TOLD = 5


def refuse_identified(
    connection: "Connection",
    table: str,
    columns: Sequence[str],
    name: str,
    *,
    dates: Collection[str] = (),
    pseudonyms: Collection[str] = (),
) -> None:
    """Refuse a file if a table made from it looks as if it identifies people.

    Args:
        connection: where the table is.
        table: a table of text.
        columns: its columns to search.
        name: how messages call the file.
        dates: those that hold dates of events.
        pseudonyms: those that hold pseudonyms.

    Raises:
        FileRefusalError: looks_identified.
    """
    findings = find_identifiers(
        connection,
        table,
        columns=columns,
        event_date_columns=dates,
        identifier_columns=pseudonyms,
    )
    findings += find_in_names(columns)
    if findings:
        raise identified(name, findings)


def refuse_telling(
    connection: "Connection", table: str, told: Mapping[str, str], opening: str, remedy: str
) -> None:
    """Refuse a file whose own description says that a column tells who somebody is.

    Args:
        connection: where the table is.
        table: a table of text.
        told: column -> what it holds, as the file's description says; one without values is fine.
        opening: what is wrong with the file, up to the columns.
        remedy: what to do, after them.

    Raises:
        FileRefusalError: looks_identified.
    """
    if not told:
        return
    counts = ", ".join(f"count({quoted(column)})" for column in told)
    held = connection.execute(f"select {counts} from {table}").fetchall()[0]
    found = [
        f"Column {column}: {what}."
        for (column, what), count in zip(told.items(), held, strict=True)
        if count
    ]
    if found:
        left = len(found) - _MOST_TOLD
        more = f" And {left} more such columns." if left > 0 else ""
        message = f"{opening} {' '.join(found[:_MOST_TOLD])}{more} {remedy}"
        raise FileRefusalError("looks_identified", message)
