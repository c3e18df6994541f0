"""What formats share when they make a landed table.

What belongs here: inserting rows that Python has read, trimming, counting, the common refusals.
What does not: any one format.
"""

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import TABLE, Staged, quoted

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

LINE = "scout line"
ROW_LINE = f"{TABLE}.rowid + 2"
_BATCH = 50_000


def stage_rows(
    connection: "Connection",
    record_type: str,
    header: tuple[str, ...],
    rows: Iterable[tuple[int, list[str | None] | None]],
    table: str = TABLE,
    place: str | None = None,
) -> Staged:
    """Insert rows that Python has read into a new table, in batches.

    Args:
        connection: where the temporary table is made.
        record_type: as of :class:`Staged`.
        header: the columns.
        rows: (line, cells), each line once; None in place of the cells of a ragged row.
        table: the table's name.
        place: the name of a last column that the header does not list: the number a person is told
            instead of the line, as text.
    """
    columns = header if place is None else (*header, place)
    names = [LINE, *(f"c{n}" for n in range(len(columns)))]
    declared = ", ".join(f"{quoted(column)} varchar" for column in columns)
    connection.execute(f"drop table if exists {table}")
    connection.execute(f"create temp table {table} ({quoted(LINE)} bigint, {declared})")
    ragged: list[int] = []
    good = 0
    source = iter(rows)
    while batch := list(itertools.islice(source, _BATCH)):
        ragged += [line for line, cells in batch if cells is None]
        whole = [[line, *cells] for line, cells in batch if cells is not None]
        if not whole:
            continue
        frame = pd.DataFrame(whole, columns=names, dtype="object").astype({LINE: "int64"})
        connection.register("scout_batch", frame)
        connection.execute(f"insert into {table} select * from scout_batch")
        connection.unregister("scout_batch")
        good += len(whole)
    return Staged(
        record_type,
        header,
        f"{TABLE}.{quoted(LINE)}",
        good + len(ragged),
        tuple((line, "ragged_row") for line in ragged),
        table,
        None if place is None else f"{TABLE}.{quoted(place)}::bigint",
    )


def trim(connection: "Connection", header: tuple[str, ...], table: str = TABLE) -> None:
    """Take blanks off the ends of cells and make empty ones NULL, in the columns that have any.

    Looking first is cheap; trimming ten million clean cells is not.
    """
    patterns = ("' %'", "'% '", "E'\\t%'", "E'%\\t'")
    checks = []
    for column in map(quoted, header):
        found = " or ".join(f"{column} like {pattern}" for pattern in patterns)
        checks.append(f"coalesce(bool_or({column} = '' or {found}), false)")
    padded = connection.execute(f"select {', '.join(checks)} from {table}").fetchall()
    for column, has_blanks in zip(header, padded[0] if padded else (), strict=True):
        if has_blanks:
            connection.execute(
                f"update {table} set {quoted(column)} = nullif(trim({quoted(column)}, E' \\t'), '')"
            )


def count(connection: "Connection", table: str = TABLE) -> int:
    """The number of rows of a table."""
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def prove(connection: "Connection", staged: Staged, name: str) -> None:
    """Refuse a file whose table does not hold every record that was counted.

    Raises:
        FileRefusalError: unreadable_file.
    """
    accounted = count(connection, staged.table) + len(staged.refused) + staged.set_aside
    if accounted != staged.rows_read:
        raise unreadable(name)


def unreadable(name: str) -> FileRefusalError:
    """The refusal of a file that cannot be read, or not as a whole."""
    message = f"{name} is damaged or cannot be read reliably. Export it again."
    return FileRefusalError("unreadable_file", message)


def without_rows(name: str) -> FileRefusalError:
    """The refusal of a file that holds no record."""
    message = (
        f"{name} has a header and no rows. If that is right there is nothing to load; "
        "else export it again."
    )
    return FileRefusalError("header_only", message)
