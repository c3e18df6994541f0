"""The independent count: every record of a text file by Python's strict csv reader.

What belongs here: records with their physical lines, and quotation marks that do not pair up.
What does not: DuckDB, and what a column means.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.landing.refusals import FileRefusalError

# Characters; also the longest field that is read into memory.
LINE_LIMIT = 1 << 20


def unterminated(name: str, line: int) -> FileRefusalError:
    """The refusal of a file whose quotes do not pair up."""
    message = (
        f"{name}, line {line}: a quotation mark opens here and is not closed properly, so the "
        "rows after it "
        "cannot be told apart. Correct that line, or export the file again."
    )
    return FileRefusalError("unterminated_quote", message)


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """A UTF-8 file for the csv module, its lines untranslated, its fields bounded."""
    before = csv.field_size_limit(LINE_LIMIT)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    finally:
        csv.field_size_limit(before)


def records(
    path: Path, delimiter: str, width: int, name: str
) -> Iterator[tuple[int, int, list[str] | None]]:
    """Every record after the header as (first line, last line, cells).

    The cells are None where the record is ragged: more or fewer than ``width``, or a quotation mark
    in a place where it cannot stand, on that line alone. Blank lines are no records.

    Raises:
        FileRefusalError: unterminated_quote, where damage may reach beyond one line.
    """
    with open_text(path) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        has_header = False
        while True:
            first = reader.line_num + 1
            try:
                cells: list[str] | None = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # Anything but a stray mark on one line (end of data, endless field) has no bounds.
                if "expected after" not in str(error):
                    raise unterminated(name, first) from None
                cells = None
            if cells == []:
                continue
            if not has_header:
                has_header = True
                continue
            last = reader.line_num
            if cells is None or len(cells) != width:
                if last > first:
                    raise unterminated(name, first)
                cells = None
            yield first, last, cells
