"""One file rewritten without the records of withdrawn clients, byte for byte the same each time.

What belongs here: text, workbooks and Parquet; which rows go.
What does not: where files lie and what becomes of them.

Text keeps the bytes of every other record. A workbook is written anew with its first sheet alone,
the only one that is loaded; times of writing are taken out, so that the same input gives the same
bytes. Parquet is written anew by DuckDB on one thread.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.landing.withdrawal.tombstones import CLIENT, EPISODE, Tombstones

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["ERASABLE", "Columns", "Erased", "erase"]

ERASABLE = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
_LINE_LIMIT = 1 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Columns:
    """Where a source keeps ids, and how its text is written.

    Attributes:
        client: the column of the client's id.
        episode: the column of the episode's id.
        prefix: what the source's mapping puts before a client's id.
        delimiter: of text; None for the extension's own.
        encoding: of text.
    """

    client: str = "client_id"
    episode: str = "episode_id"
    prefix: str = ""
    delimiter: str | None = None
    encoding: str = "utf-8"

    @classmethod
    def of(cls, mapping: Any) -> "Columns":
        """The columns of a source's mapping; tidy files have their own names."""
        # `format: renamed` and fetched queries name tidy columns in a block of their own.
        renamed = getattr(getattr(mapping, "options", None), "columns", None) or {}
        return cls(
            getattr(mapping, "client_id", None) or renamed.get("client_id") or "client_id",
            getattr(mapping, "episode_id", None) or renamed.get("episode_id") or "episode_id",
            getattr(mapping, "client_id_prefix", None) or "",
            getattr(mapping, "delimiter", None),
            getattr(mapping, "encoding", None) or "utf-8",
        )


@dataclass(frozen=True)
class Erased:
    """What became of a file.

    Attributes:
        removed: records left out; 0 where the file holds no withdrawn client.
        remaining: records that stay.
    """

    removed: int
    remaining: int


def erase(
    connection: "Connection",
    source: Path,
    target: Path,
    extension: str,
    columns: Columns,
    tombstones: Tombstones,
) -> Erased | None:
    """Write ``source`` without withdrawn clients to ``target``; None for a format Scout cannot.

    ``target`` is of use only where something was removed and something remains.
    """
    finder = Finder(columns, tombstones)
    if extension == ".parquet":
        return _parquet(connection, source, target, finder)
    if extension == ".xlsx":
        return _workbook(source, target, finder)
    if extension in ERASABLE:
        delimiter = columns.delimiter or ("\t" if extension == ".tsv" else ",")
        return _text(source, target, finder, delimiter, columns.encoding)
    return None


class Finder:
    """Does a row belong to a withdrawn client?"""

    def __init__(self, columns: Columns, tombstones: Tombstones) -> None:
        self.columns, self.tombstones = columns, tombstones
        self.client_at: int | None = None
        self.episode_at: int | None = None

    def read_header(self, header: Sequence[str]) -> None:
        """Note where the ids stand."""
        names = [name.removeprefix("\ufeff").strip() for name in header]
        self.client_at = self._place(names, self.columns.client)
        self.episode_at = self._place(names, self.columns.episode)

    @staticmethod
    def _place(names: list[str], name: str) -> int | None:
        return names.index(name) if name in names else None

    def is_withdrawn(self, cells: Sequence[str]) -> bool:
        """Whether a row holds the id of a withdrawn client or episode."""
        texts = [cell.strip(" \t") for cell in cells]
        return any(self.kind_of(place, text) for place, text in enumerate(texts) if text)

    def kind_of(self, place: int, text: str) -> bool:
        """Whether the cell at ``place`` is such an id."""
        prefix, held = self.columns.prefix, self.tombstones
        if place == self.client_at and held.holds(CLIENT, prefix + text):
            return True
        if place == self.episode_at and held.holds(EPISODE, text):
            return True
        return held.holds_anywhere(text) or (bool(prefix) and held.holds_anywhere(prefix + text))


def _text(source: Path, target: Path, finder: Finder, delimiter: str, encoding: str) -> Erased:
    options: dict[str, Any] = {"encoding": encoding, "errors": "surrogateescape", "newline": ""}
    removed = remaining = 0
    is_first = True
    with source.open(**options) as stream, target.open("w", **options) as copy:
        for raw, cells in _records(stream, delimiter):
            if is_first and cells:
                finder.read_header(cells)
                is_first = False
                # A file whose header line is missing begins with a record.
                if not finder.is_withdrawn(cells):
                    copy.write(raw)
                    continue
            if cells and finder.is_withdrawn(cells):
                removed += 1
            else:
                remaining += bool(cells)
                copy.write(raw)
    return Erased(removed, remaining)


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


def _workbook(source: Path, target: Path, finder: Finder) -> Erased:
    import openpyxl

    removed = remaining = 0
    with source.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        fresh = openpyxl.Workbook(write_only=True)
        copy = fresh.create_sheet("sheet")
        is_first = True
        for row in sheet.iter_rows(values_only=True):
            cells = [_shown(value) for value in row]
            if is_first and any(cells):
                finder.read_header(cells)
                is_first = False
            elif any(cells) and finder.is_withdrawn(cells):
                removed += 1
                continue
            elif any(cells):
                remaining += 1
            copy.append(list(row))
        book.close()
    if removed:
        held = io.BytesIO()
        fresh.save(held)
        _without_times(held, target)
    return Erased(removed, remaining)


def _shown(value: object) -> str:
    """A cell as landing reads it."""
    if value is None:
        return ""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if is_whole else str(value)  # type: ignore[call-overload]


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


def _parquet(connection: "Connection", source: Path, target: Path, finder: Finder) -> Erased:
    relation = f"read_parquet({_literal(str(source))})"
    described = connection.execute(f"describe select * from {relation}").fetchall()
    header = [str(row[0]) for row in described]
    finder.read_header(header)
    conditions = []
    for place, column in enumerate(header):
        name = '"' + column.replace('"', '""') + '"'
        cell = f"trim({name}::varchar, E' \\t')"
        values = connection.execute(f"select distinct {cell} from {relation}").fetchall()
        gone = [str(row[0]) for row in values if row[0] and finder.kind_of(place, str(row[0]))]
        if gone:
            conditions.append(f"coalesce({cell} in ({', '.join(map(_literal, gone))}), false)")
    whole = _count(connection, f"select count(*) from {relation}")
    if not conditions:
        return Erased(0, whole)
    kept = f"select * from {relation} where not ({' or '.join(conditions)})"
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"copy ({kept}) to {_literal(str(target))} (format parquet)")
    remaining = _count(connection, f"select count(*) from read_parquet({_literal(str(target))})")
    return Erased(whole - remaining, remaining)


def _count(connection: "Connection", query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
