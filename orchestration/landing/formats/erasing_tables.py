"""Tables without the records of withdrawn clients, byte for byte the same each time.

What belongs here: delimited text, workbooks and Parquet.
What does not: which columns hold ids, or what else a format knows of its rows.

Text keeps the bytes of every other record. A workbook is written anew with its first sheet alone,
the only one that is loaded; times of writing are taken out, so that the same input gives the same
bytes. Parquet is written anew by DuckDB on one thread. Cells are compared as landing reads them.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from orchestration.landing.formats.delimited import DELIMITERS
from orchestration.landing.formats.erasure import Erased, Erasure, RowFinder, RowTest, row_test
from orchestration.landing.formats.parquet import as_text
from orchestration.landing.formats.workbook import cell_text
from orchestration.landing.staged import literal, quoted

__all__ = ["erase_table", "erase_text"]

_LINE_LIMIT = 1 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# Rows of the header, told from the first rows: their number and the names of the columns.
Header = Callable[[list[list[str]]], tuple[int, list[str]]]


def erase_table(erasure: Erasure, client: str, episode: str) -> Erased:
    """Take withdrawn clients out of a table whose ending says how it is written.

    Args:
        erasure: the task.
        client: the column of the client's id.
        episode: the column of the episode's id.
    """
    finder = RowFinder(erasure.ids, client, episode)
    if erasure.extension == ".parquet":
        return _parquet(erasure, finder)
    if erasure.extension == ".xlsx":
        return _workbook(erasure, finder)
    return erase_text(erasure, finder)


def _one_row(rows: list[list[str]]) -> tuple[int, list[str]]:
    return 1, rows[0]


def erase_text(
    erasure: Erasure, finder: RowFinder, header: Header = _one_row, group: int | None = None
) -> Erased:
    """Take withdrawn clients out of delimited text.

    Args:
        erasure: the task.
        finder: whom to look for.
        header: tells from the first three records which of them are the header's.
        group: as of :func:`row_test`.
    """
    first = [cells for cells, _ in zip(_cells(erasure), range(3), strict=False)]
    if not first:
        return Erased(0, 0)
    height, names = header(first)
    goes = row_test(finder, names, lambda: _cells(erasure), group)
    removed = remaining = number = 0
    options = _options(erasure)
    with erasure.source.open(**options) as stream, erasure.target.open("w", **options) as copy:
        for raw, cells in _records(stream, _delimiter(erasure)):
            number += bool(cells)
            # A file whose header line is missing begins with a record.
            if cells and goes(cells):
                removed += 1
                continue
            remaining += bool(cells) and number > height
            copy.write(raw)
    return Erased(removed, remaining)


def _options(erasure: Erasure) -> dict[str, Any]:
    encoding = erasure.mapping.encoding
    return {"encoding": encoding, "errors": "surrogateescape", "newline": ""}


def _delimiter(erasure: Erasure) -> str:
    return erasure.mapping.delimiter or DELIMITERS.get(erasure.extension, ",")


def _cells(erasure: Erasure) -> Iterator[list[str]]:
    with erasure.source.open(**_options(erasure)) as stream:
        for _, cells in _records(stream, _delimiter(erasure)):
            if cells:
                yield cells


def _records(stream: io.TextIOBase, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Every record as its own text and its cells; damaged quoting ends a record with its line."""
    pending: list[str] = []

    def lines() -> Iterator[str]:
        while line := stream.readline(_LINE_LIMIT):
            pending.append(line)
            yield line

    source = lines()
    csv.field_size_limit(_LINE_LIMIT)
    while True:
        reader = csv.reader(source, delimiter=delimiter)
        try:
            for cells in reader:
                yield "".join(pending), cells
                pending.clear()
            return
        except csv.Error:
            for line in pending:
                yield line, line.rstrip("\r\n").split(delimiter)
            pending.clear()


def _workbook(erasure: Erasure, finder: RowFinder) -> Erased:
    import openpyxl

    removed = remaining = 0
    goes: RowTest | None = None
    with erasure.source.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        fresh = openpyxl.Workbook(write_only=True)
        copy = fresh.create_sheet("sheet")
        for row in sheet.iter_rows(values_only=True):
            cells = [cell_text(value, erasure.mapping.decimal) or "" for value in row]
            if any(cells):
                if goes is None:
                    goes = row_test(finder, cells, tuple, None)
                elif goes(cells):
                    removed += 1
                    continue
                else:
                    remaining += 1
            copy.append(list(row))
        book.close()
    # Saved in any case: until then openpyxl keeps the rows in a file of its own.
    held = io.BytesIO()
    fresh.save(held)
    if removed:
        _without_times(held, erasure.target)
    return Erased(removed, remaining)


def _without_times(held: io.BytesIO, target: Path) -> None:
    with zipfile.ZipFile(held) as members, zipfile.ZipFile(target, "w") as copy:
        for name in sorted(members.namelist()):
            content = members.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(info, content)


def _parquet(erasure: Erasure, finder: RowFinder) -> Erased:
    connection = erasure.connection
    relation = f"read_parquet({literal(str(erasure.source))})"
    described = connection.execute(f"describe select * from {relation}").fetchall()
    finder.read_header([str(row[0]) for row in described])
    conditions = []
    for place, (column, kind, *_) in enumerate(described):
        # 17.0 in a column of numbers is the client 17.
        text = as_text(quoted(str(column)), str(kind), erasure.mapping.decimal)
        cell = f"trim({text}, E' \\t')"
        values = connection.execute(f"select distinct {cell} from {relation}").fetchall()
        gone = [str(row[0]) for row in values if row[0] and finder.tells(place, str(row[0]))]
        if gone:
            conditions.append(f"coalesce({cell} in ({', '.join(map(literal, gone))}), false)")
    whole = _count(connection, relation)
    if not conditions:
        return Erased(0, whole)
    kept = f"select * from {relation} where not ({' or '.join(conditions)})"
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"copy ({kept}) to {literal(str(erasure.target))} (format parquet)")
    remaining = _count(connection, f"read_parquet({literal(str(erasure.target))})")
    return Erased(whole - remaining, remaining)


def _count(connection: Any, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])
