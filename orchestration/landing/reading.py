"""A staged file becomes a temporary table of text, and its number of rows is proved.

What belongs here: one reader per format and the proof. Callers get the table and its lines.
What does not: what the columns mean.
"""

import itertools
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing import accountant, preflight
from orchestration.landing.refusals import FileRefusalError
from orchestration.warehouse import Error

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

TABLE = "landed"
DELIMITED = {".csv": ",", ".tsv": "\t"}
EXTENSIONS = (*DELIMITED, ".parquet", ".xlsx")
_LINE = "scout line"
_ROW_LINE = f"{TABLE}.rowid + 2"
_BATCH = 50_000
# An .xlsx is a zip archive: what it may grow to, so that a bomb is refused before it is opened.
_UNZIPPED_LIMIT = 2 << 30
_RATIO_LIMIT = 200


@dataclass(frozen=True)
class Staged:
    """A file as a table of text.

    Attributes:
        header: the column names, which are the table's columns.
        line: the SQL expression of the physical line on which a row begins (the header is line 1).
        rows_read: how many records the file holds, counted apart from DuckDB where bytes are text.
        ragged: the lines whose number of cells is wrong; they are not in the table.
    """

    header: tuple[str, ...]
    line: str
    rows_read: int
    ragged: tuple[int, ...] = ()


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """A text as SQL."""
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def header_of(
    connection: "Connection", path: Path, extension: str, delimiter: str, name: str
) -> tuple[tuple[str, ...], preflight.CsvFacts | None]:
    """The header of a staged file, and for text the facts that reading it needs.

    Raises:
        FileRefusalError: any fault that concerns the whole file.
    """
    if extension in DELIMITED:
        facts = preflight.look_at_csv(path, delimiter, name)
        return facts.header, facts
    if extension == ".parquet":
        preflight.name_the_bytes(path, name, b"PAR1")
        try:
            described = connection.execute(
                "describe select * from read_parquet(?)", [str(path)]
            ).fetchall()
        except Error:
            raise _unreadable(name) from None
        return preflight.check_header([row[0] for row in described], name), None
    preflight.name_the_bytes(path, name, b"PK\x03\x04")
    first = next(_sheet_rows(path, name), None)
    if first is None:
        raise FileRefusalError(
            "empty_file", f"{name} is empty. Export it again; a file needs a header and rows."
        )
    cells = [cell or "" for cell in first[1]]
    while cells and not cells[-1]:
        cells.pop()
    return preflight.check_header(cells, name), None


def stage(
    connection: "Connection",
    path: Path,
    extension: str,
    delimiter: str,
    name: str,
    header: tuple[str, ...],
    facts: preflight.CsvFacts | None,
) -> Staged:
    """Read the file into the temporary table :data:`TABLE`, every value as text.

    Raises:
        FileRefusalError: any fault that concerns the whole file.
    """
    connection.execute(f"drop table if exists {TABLE}")
    if facts is not None:
        staged = _stage_fast(connection, path, delimiter, facts) if facts.is_regular else None
        if staged is None:
            staged = _stage_rows(connection, header, _text_rows(path, delimiter, header, name))
    elif extension == ".parquet":
        staged = _stage_parquet(connection, path, header, name)
    else:
        staged = _stage_rows(connection, header, _workbook_rows(path, header, name))
    if staged.rows_read == 0:
        message = (
            f"{name} has a header and no rows. If that is right there is nothing to load; "
            "else export it again."
        )
        raise FileRefusalError("header_only", message)
    if facts is not None and facts.rows not in (None, staged.rows_read):
        raise _unreadable(name)
    held = _count(connection)
    if held + len(staged.ragged) != staged.rows_read:
        raise _unreadable(name)
    if facts is None or facts.may_have_blanks:
        _trim(connection, header)
    return staged


def _trim(connection: "Connection", header: tuple[str, ...]) -> None:
    """Take blanks off the ends of cells and make empty ones NULL, in the columns that have any.

    Looking first is cheap; trimming ten million clean cells is not.
    """
    patterns = ("' %'", "'% '", "E'\\t%'", "E'%\\t'")
    checks = []
    for column in map(quoted, header):
        found = " or ".join(f"{column} like {pattern}" for pattern in patterns)
        checks.append(f"coalesce(bool_or({column} = '' or {found}), false)")
    padded = connection.execute(f"select {', '.join(checks)} from {TABLE}").fetchall()
    for column, has_blanks in zip(header, padded[0] if padded else (), strict=True):
        if has_blanks:
            connection.execute(
                f"update {TABLE} set {quoted(column)} = nullif(trim({quoted(column)}, E' \\t'), '')"
            )


def _stage_fast(
    connection: "Connection", path: Path, delimiter: str, facts: preflight.CsvFacts
) -> Staged | None:
    """DuckDB's own reader, or None where it does not agree with the accountant."""
    columns = ", ".join(f"{literal(column)}: 'varchar'" for column in facts.header)
    try:
        connection.execute(
            f"create temp table {TABLE} as select * from read_csv({literal(str(path))}, "
            "auto_detect = false, "
            f"header = true, delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
            "strict_mode = true, "
            f"null_padding = false, compression = 'none', columns = {{{columns}}}, "
            f"max_line_size = {accountant.LINE_LIMIT + 1})"
        )
        agreed = _count(connection) == facts.rows
    except Error:
        agreed = False
    if not agreed or facts.rows is None:
        connection.execute(f"drop table if exists {TABLE}")
        return None
    return Staged(facts.header, _ROW_LINE, facts.rows)


def _stage_parquet(
    connection: "Connection", path: Path, header: tuple[str, ...], name: str
) -> Staged:
    try:
        described = connection.execute(
            "describe select * from read_parquet(?)", [str(path)]
        ).fetchall()
        columns = ", ".join(
            f"{_as_text(quoted(original), kind)} as {quoted(column)}"
            for (original, kind, *_), column in zip(described, header, strict=True)
        )
        connection.execute(
            f"create temp table {TABLE} as select {columns} from read_parquet({literal(str(path))})"
        )
        counted = connection.execute(
            "select sum(num_rows)::bigint from parquet_file_metadata(?)", [str(path)]
        ).fetchall()
    except Error:
        raise _unreadable(name) from None
    # A Parquet file has no lines: row n stands on the line it would have in a CSV export.
    return Staged(header, _ROW_LINE, counted[0][0] or 0)


def _as_text(column: str, kind: str) -> str:
    if kind in ("DOUBLE", "FLOAT"):
        is_whole = f"{column} = trunc({column}) and abs({column}) < 1e15"
        return f"case when {is_whole} then {column}::bigint::varchar else {column}::varchar end"
    if kind.startswith("DECIMAL"):
        whole = f"trunc({column})"
        text = f"{whole}::hugeint::varchar"
        return f"case when {column} = {whole} then {text} else {column}::varchar end"
    return f"{column}::varchar"


def _stage_rows(
    connection: "Connection",
    header: tuple[str, ...],
    rows: Iterable[tuple[int, list[str | None] | None]],
) -> Staged:
    """Insert rows that Python has read; None stands for a ragged one."""
    names = [_LINE, *(f"c{n}" for n in range(len(header)))]
    declared = ", ".join(f"{quoted(column)} varchar" for column in header)
    connection.execute(f"create temp table {TABLE} ({quoted(_LINE)} bigint, {declared})")
    ragged: list[int] = []
    good = 0
    source = iter(rows)
    while batch := list(itertools.islice(source, _BATCH)):
        ragged += [line for line, cells in batch if cells is None]
        whole = [[line, *cells] for line, cells in batch if cells is not None]
        if not whole:
            continue
        frame = pd.DataFrame(whole, columns=names, dtype="object").astype({_LINE: "int64"})
        connection.register("scout_batch", frame)
        connection.execute(f"insert into {TABLE} select * from scout_batch")
        connection.unregister("scout_batch")
        good += len(whole)
    return Staged(header, f"{TABLE}.{quoted(_LINE)}", good + len(ragged), tuple(ragged))


def _text_rows(
    path: Path, delimiter: str, header: tuple[str, ...], name: str
) -> Iterator[tuple[int, list[str | None] | None]]:
    for first, _, cells in accountant.records(path, delimiter, len(header), name):
        yield first, None if cells is None else [cell or None for cell in cells]


def _workbook_rows(
    path: Path, header: tuple[str, ...], name: str
) -> Iterator[tuple[int, list[str | None] | None]]:
    width = len(header)
    for line, cells in itertools.islice(_sheet_rows(path, name), 1, None):
        cells = cells + [None] * (width - len(cells))
        # A value to the right of the last named column belongs to no column.
        yield line, None if any(cells[width:]) else cells[:width]


def _sheet_rows(path: Path, name: str) -> Iterator[tuple[int, list[str | None]]]:
    """The rows of the first sheet that hold anything, with the numbers Excel shows."""
    import openpyxl

    try:
        with zipfile.ZipFile(path) as members:
            sizes = [(one.file_size, one.compress_size) for one in members.infolist()]
        if sum(size for size, _ in sizes) > _UNZIPPED_LIMIT or any(
            size > 1 << 20 and size > packed * _RATIO_LIMIT for size, packed in sizes
        ):
            message = f"{name} unpacks to more than Scout accepts. Export the sheet as CSV."
            raise FileRefusalError("unreadable_file", message)
        with path.open("rb") as stream:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [_cell(value) for value in values]
                if any(cell is not None for cell in cells):
                    yield line, cells
    except FileRefusalError:
        raise
    except Exception:  # noqa: BLE001 - a crafted workbook can raise anything; its text may hold values
        raise _unreadable(name) from None


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _count(connection: "Connection") -> int:
    return int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])


def _unreadable(name: str) -> FileRefusalError:
    message = f"{name} is damaged or cannot be read reliably. Export it again."
    return FileRefusalError("unreadable_file", message)
