"""The search for identifiers in what a format reads but hands on to nobody.

What belongs here: texts and columns that no landed table will hold though the bytes are kept.
What does not: what identifiers look like (identifiers), landed tables (acceptance.py).
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from orchestration.landing.identifiers import find_identifiers, find_in_names, identified

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


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
