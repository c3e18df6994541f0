"""From a registry file to checked rows, each with the line it stands on.

What belongs here: decoding, the header, the cells of a row, ranges of items, the list of problems.
What does not: rules across rows (``registry.keys`` and others), what landing makes of them.

A message names file, row, column and the remedy, and never repeats a cell: somebody may have put a
client file where definitions belong.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, get_args, get_origin

from pydantic import ValidationError

from orchestration.errors import SettingsError
from orchestration.landing.registry.rows import Row
from orchestration.landing.registry.tables import Table
from orchestration.landing.registry.values import DIFFERENT_ITEMS

MOST_LISTED = 20
_RANGE = re.compile(r"([0-9]{1,4})\s*(?:-|\u2013|to)\s*([0-9]{1,4})")

Origin = Literal["seed", "local"]


class _Lines(Protocol):
    """The part of ``csv.reader`` that is used: rows, and the line reached so far."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class Entry:
    """One row as it was found.

    Attributes:
        place: folder and file name, such as ``instruments/items.csv``.
        line: the row's first line in the file, counted from 1 for the header.
        origin: whether it came with Scout or from the clinic.
        cells: column -> stripped text of every cell that is not empty.
        row: the checked row, or None where a cell is wrong.
    """

    place: str
    line: int
    origin: Origin
    cells: dict[str, str]
    row: Row | None


@dataclass
class Problems:
    """What is wrong so far, in the order a person would meet it."""

    lines: list[str] = field(default_factory=list)

    def add(
        self, place: str, what: str, line: int | None = None, column: str | None = None
    ) -> None:
        """Notes one problem; without ``line`` and ``column`` it is about the whole file."""
        where = [place]
        where += [f"row {line}"] if line is not None else []
        where += [f"column {column}"] if column is not None else []
        text = f"{', '.join(where)}: {what}."
        if text not in self.lines:  # a row that stands for many items is wrong once
            self.lines.append(text)

    def at(self, entry: Entry, column: str, what: str) -> None:
        """Notes a problem of one cell."""
        self.add(entry.place, what, entry.line, column)

    def raise_if_any(self) -> None:
        """Stops with every problem, at most 20 of them written out.

        Raises:
            SettingsError: there is at least one problem.
        """
        if not self.lines:
            return
        count = len(self.lines)
        more = [f"  ... and {count - MOST_LISTED} more"] if count > MOST_LISTED else []
        noun = "1 problem" if count == 1 else f"{count} problems"
        raise SettingsError(
            "\n".join(
                [f"The instrument definitions cannot be used, {noun}:"]
                + [f"  {line}" for line in self.lines[:MOST_LISTED]]
                + more
            )
        )


def read_table(path: Path, table: Table, origin: Origin, problems: Problems) -> list[Entry]:
    """The rows of one file, a range of items written out as one row per item.

    Args:
        path: a CSV file with a header; UTF-8 with or without a mark, any line ends.
        table: what the file may hold.
        origin: ``seed`` or ``local``; a local file may leave optional columns out.
        problems: receives what is wrong, file by file and row by row.

    Returns:
        One entry per row; none at all if the file as a whole cannot be read.
    """
    place = f"{path.parent.name}/{path.name}"
    text = _decoded(path, place, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _without_empty_end([name.strip().lower() for name in next(reader, [])])
        if not _header_fits(header, table, origin, place, problems):
            return []
        return list(_entries(reader, header, table, origin, place, problems))
    except csv.Error:
        what = "a quotation mark is not closed or stands in the wrong place; save the file again"
        problems.add(place, f"{what} as CSV UTF-8", reader.line_num)
        return []


def _decoded(path: Path, place: str, problems: Problems) -> str | None:
    try:
        data = path.read_bytes()
    except OSError:
        problems.add(place, "the file is missing or cannot be read; put it there with read rights")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        problems.add(place, "the file is not UTF-8 text; save it as CSV UTF-8 (comma delimited)")
        return None
    return text


def _without_empty_end(cells: list[str]) -> list[str]:
    """Spreadsheets like to add empty columns on the right; they mean nothing."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _header_fits(
    header: list[str], table: Table, origin: Origin, place: str, problems: Problems
) -> bool:
    before = len(problems.lines)
    if len(header) <= 1 and any(mark in "".join(header) for mark in ";\t|"):
        problems.add(place, "the columns are not separated by commas; save it as CSV with commas")
        return False
    if not any(header):
        problems.add(place, f"there is no header; the first row names {', '.join(table.columns)}")
        return False
    for position, name in enumerate(header, start=1):
        if name not in table.columns:
            what = f"column {position} is not known here; the columns are"
            problems.add(place, f"{what} {', '.join(table.columns)}", 1)
        elif name in header[: position - 1]:
            problems.add(place, "this column appears twice; keep one of the two", 1, name)
    for name in table.columns if origin == "seed" else table.required:
        if name not in header:
            problems.add(place, "this column is missing; add it", 1, name)
    return len(problems.lines) == before


def _entries(
    reader: _Lines,
    header: list[str],
    table: Table,
    origin: Origin,
    place: str,
    problems: Problems,
) -> Iterator[Entry]:
    last_line = 1
    for values in reader:
        line = last_line + 1
        last_line = reader.line_num
        if not any(value.strip() for value in values):
            continue
        values = values[: len(header)] + _without_empty_end(values[len(header) :])
        if len(values) != len(header):
            what = f"the row has {len(values)} cells and the header {len(header)}"
            problems.add(place, f"{what}; put text that holds a comma in double quotes", line)
            continue
        cells = {n: v.strip() for n, v in zip(header, values, strict=True) if v.strip()}
        for written_out in _expanded(cells, table, place, line, problems):
            row = _checked(written_out, table, place, line, problems)
            yield Entry(place, line, origin, written_out, row)


def _expanded(
    cells: dict[str, str], table: Table, place: str, line: int, problems: Problems
) -> list[dict[str, str]]:
    """One copy of the cells per item where ``item`` is a range; twenty-four rows are too many."""
    match = _RANGE.fullmatch(cells.get("item", "")) if "item" in table.columns else None
    if match is None:
        return [cells]
    first, last = int(match[1]), int(match[2])
    if not 1 <= first <= last <= DIFFERENT_ITEMS:
        what = f"the range must run upwards and stay within 1-{DIFFERENT_ITEMS}; write it as 1-24"
        problems.add(place, what, line, "item")
        return []
    if "loinc_code" in cells:
        what = "a range of items cannot share one code; give those items a row each"
        problems.add(place, what, line, "loinc_code")
        return []
    return [cells | {"item": str(item)} for item in range(first, last + 1)]


def _checked(
    cells: dict[str, str], table: Table, place: str, line: int, problems: Problems
) -> Row | None:
    try:
        row = table.model.model_validate(cells)
    except ValidationError as error:
        for found in error.errors(include_input=False, include_url=False):
            column = str(found["loc"][0])
            what = "it is empty" if found["type"] == "missing" else "the value is not allowed"
            problems.add(place, f"{what}; write {_remedy(table, column)}", line, column)
        return None
    wrong = list(row.problems())
    for column, what in wrong:
        problems.add(place, what, line, column)
    return None if wrong else row


def _remedy(table: Table, column: str) -> str:
    info = table.model.model_fields[table.fields[column]]
    return info.description or next(_kinds(info.annotation))


def _kinds(annotation: object) -> Iterator[str]:
    """What the parts of an optional or closed kind of value say of themselves."""
    for option in (annotation, *get_args(annotation)):
        if get_origin(option) is Literal:
            yield f"one of {', '.join(str(value) for value in get_args(option))}"
        for detail in getattr(option, "__metadata__", ()):
            if description := getattr(detail, "description", None):
                yield str(description)
