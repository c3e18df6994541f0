"""What lies beside the columns of a file and is archived with it: names, lines, other sheets.

What belongs here: the judgement of a file's name, of its header's names, of lines that do not fit
the header, and of the parts of a workbook that no reader loads.
What does not: the columns themselves (:func:`find_identifiers`), reading files into rows.

The archive keeps the bytes of a file whole. What an analyst does not see in the rows (a second
sheet, a comment, a cell too many) would be kept too, so it is looked at before.
"""

import csv
import itertools
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing.identifiers.columns import quoted
from orchestration.landing.identifiers.findings import Finding, finding
from orchestration.landing.identifiers.judging import find_identifiers
from orchestration.landing.identifiers.patterns import PATTERNS, compiled
from orchestration.landing.identifiers.samples import is_name_of_a_person

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["find_beside", "find_in_name", "find_in_names"]

_TABLE = "beside_the_rows"
_BATCH = 20_000
# The rest of the shapes need a column to be judged.
_TELLING = tuple(
    (rule, compiled(PATTERNS[shape]))
    for rule, shape in (
        ("email", "email"),
        ("phone", "phone"),
        ("ssn", "ssn"),
        ("nhs_number", "nhs_named"),
        ("national_id", "national"),
        ("national_id", "nino"),
    )
)
_PART_LIMIT = 4 << 20
# What the maker of a workbook typed; `creator` and `lastModifiedBy` name staff, as every workbook
# does, and no client.
_TYPED = ("title", "subject", "description", "keywords", "category", "contentStatus")


def find_in_name(name: str) -> Finding | None:
    """Whether the name of a file or folder names a person; a finding never repeats it."""
    stem = name.rsplit(".", 1)[0] if "." in name[1:] else name
    rules = _rules_of([name, stem, stem.replace("_", " ")])
    if is_name_of_a_person(stem):
        rules.append("name")
    return finding("the file's name", rules[0], "the name itself has that shape") if rules else None


def find_in_names(names: Sequence[str]) -> list[Finding]:
    """Whether a header holds a person's values instead of names of columns."""
    rules = _rules_of(names)
    if any(is_name_of_a_person(name, is_whole=True) for name in names):
        rules.append("name")
    return [finding("the header line", rule, "a column's name has that shape") for rule in rules]


def find_beside(
    connection: "Connection",
    path: Path,
    *,
    lines: Collection[int] = (),
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> list[Finding]:
    """Findings in the parts of a file that become no rows.

    Args:
        connection: an open connection that may create temporary tables.
        path: the received bytes: delimited text, or a workbook (a zip archive).
        lines: the lines that do not fit the header and are refused one by one.
        delimiter: what separates cells in text.
        encoding: of text.
    """
    if zipfile.is_zipfile(path):
        return _in_workbook(connection, path, lines)
    if not lines:
        return []
    rows = _cells_of_lines(path, lines, delimiter, encoding)
    return _in_rows(connection, rows, "a line that does not fit the header")


def _rules_of(texts: Iterable[str]) -> list[str]:
    """The shapes that tell in one short text, asked in Python: a query would cost more."""
    held = list(texts)
    return [rule for rule, shape in _TELLING if any(shape.search(text) for text in held)]


def _cells_of_lines(
    path: Path, lines: Collection[int], delimiter: str, encoding: str
) -> Iterator[list[str]]:
    wanted = set(lines)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for number, line in enumerate(stream, start=1):
            if number in wanted:
                try:
                    yield next(csv.reader([line], delimiter=delimiter), [])
                except csv.Error:
                    yield line.split(delimiter)


def _in_rows(connection: "Connection", rows: Iterable[list[str]], where: str) -> list[Finding]:
    """Cells without a header: whatever tells alone, wherever it stands."""
    cells = ([cell] for row in rows for cell in row if cell and cell.strip())
    found = _judged(connection, cells, ["cells"])
    return [finding(where, one.rule, "a value has that shape") for one in found]


def _judged(
    connection: "Connection", rows: Iterable[Sequence[str | None]], header: Sequence[str]
) -> list[Finding]:
    names = [f"c{place}" for place in range(len(header))]
    declared = ", ".join(f"{quoted(column)} varchar" for column in header)
    connection.execute(f"create or replace temp table {_TABLE} ({declared})")
    source = iter(rows)
    while batch := list(itertools.islice(source, _BATCH)):
        connection.register("beside_batch", pd.DataFrame(batch, columns=names, dtype="object"))
        connection.execute(f"insert into {_TABLE} select * from beside_batch")
        connection.unregister("beside_batch")
    found = find_identifiers(connection, _TABLE, columns=header)
    connection.execute(f"drop table {_TABLE}")
    return found


def _in_workbook(connection: "Connection", path: Path, lines: Collection[int]) -> list[Finding]:
    found: list[Finding] = []
    with zipfile.ZipFile(path) as members:
        names = members.namelist()
        for part, rule, where in (
            ("xl/media/", "photo_or_biometric", "pictures in the workbook"),
            ("xl/embeddings/", "photo_or_biometric", "files inside the workbook"),
        ):
            if any(name.startswith(part) for name in names):
                found.append(finding(where, rule, "their bytes would be kept unseen"))
        for name in names:
            if re.match(r"xl/(?:threadedComments/|comments)", name) and _text(members, name, "t"):
                found.append(finding("comments on cells", "free_text", "they would be kept unseen"))
                break
        if any(name.startswith("xl/drawings/") and _text(members, name, "a:t") for name in names):
            found.append(finding("text boxes", "free_text", "they would be kept unseen"))
        typed = [
            text
            for name in ("docProps/core.xml", "docProps/custom.xml")
            if name in names
            for tag in (*(f"(?:dc|cp):{tag}" for tag in _TYPED), "vt:lpwstr")
            for text in _text(members, name, tag)
        ]
    found += _in_rows(connection, [typed], "the workbook's document properties")
    found += [
        finding("the workbook's document properties", "name", "a value has that shape")
        for text in typed
        if is_name_of_a_person(text)
    ][:1]
    return found + _in_sheets(connection, path, lines)


def _text(members: zipfile.ZipFile, name: str, tag: str) -> list[str]:
    """What stands in the elements of one part, read without an XML parser and its bombs."""
    with members.open(name) as stream:
        part = stream.read(_PART_LIMIT).decode("utf-8", "replace")
    found = re.findall(rf"<{tag}(?: [^>]*)?>([^<]+)</{tag}>", part)
    if tag == "t":
        found += re.findall(r"<text(?: [^>]*)?>([^<]+)</text>", part)
    return [text.strip() for text in found if text.strip()]


def _in_sheets(connection: "Connection", path: Path, lines: Collection[int]) -> list[Finding]:
    """The sheets that are not loaded, the names of all, and rows wider than the header."""
    import openpyxl

    found: list[Finding] = []
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        if any(is_name_of_a_person(name) for name in book.sheetnames):
            found.append(finding("a sheet's name", "name", "the name itself has that shape"))
        found += [
            finding("a sheet's name", rule, "the name itself has that shape")
            for rule in _rules_of(book.sheetnames)
        ]
        for number, sheet in enumerate(book.worksheets, start=1):
            sheet.reset_dimensions()
            rows = (
                [None if cell is None else str(cell) for cell in row]
                for row in sheet.iter_rows(values_only=True)
            )
            if number == 1:
                if lines:
                    wide = (row for line, row in enumerate(rows, start=1) if line in set(lines))
                    cells = ([cell for cell in row if cell] for row in wide)
                    found += _in_rows(connection, cells, "a row wider than the header")
                continue
            found += _in_sheet(connection, rows, number)
        book.close()
    return found


def _in_sheet(
    connection: "Connection", rows: Iterator[list[str | None]], number: int
) -> list[Finding]:
    header = next((row for row in rows if any(row)), [])
    if not header:
        return []
    names = [str(cell or f"column {place}") for place, cell in enumerate(header, start=1)]
    names = [
        name if names.index(name) == place else f"{name} {place + 1}"
        for place, name in enumerate(names)
    ]
    width = len(names)
    found = _judged(connection, (([*row, *[None] * width])[:width] for row in rows), names)
    found += find_in_names(names)
    return [finding(f"sheet {number}, {one.column}", one.rule, one.reason) for one in found]
