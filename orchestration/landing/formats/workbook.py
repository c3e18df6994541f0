"""Excel workbooks: the first sheet, its cells as a person sees them.

What belongs here: reading a sheet into a landed table; refusing an archive that unpacks too far.
What does not: old binary workbooks, which are refused by their bytes.
"""

import itertools
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing import decoding, preflight
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Opened, Outline
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

# An .xlsx is a zip archive: what it may grow to, so that a bomb is refused before it is opened.
_UNZIPPED_LIMIT = 2 << 30
_RATIO_LIMIT = 200


class Workbook(Opened):
    """A workbook that was looked at."""

    def __init__(self, arrival: Arrival, record_type: str) -> None:
        """Read the first row that holds anything.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.name, self.path, self.record_type = arrival.name, arrival.path, record_type
        self.decimal = arrival.mapping.decimal
        decoding.name_the_bytes(self.path, self.name, b"PK\x03\x04")
        first = next(_sheet_rows(self.path, self.name, self.decimal), None)
        if first is None:
            raise FileRefusalError(
                "empty_file",
                f"{self.name} is empty. Export it again; a file needs a header and rows.",
            )
        cells = [cell or "" for cell in first[1]]
        while cells and not cells[-1]:
            cells.pop()
        self.outlines = (Outline(record_type, preflight.check_header(cells, self.name)),)

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the sheet into the table ``landed``."""
        header = self.outlines[0].header
        staged = staging.stage_rows(connection, self.record_type, header, self._rows())
        if staged.rows_read == 0:
            raise staging.without_rows(self.name)
        staging.trim(connection, header)
        return (staged,)

    def _rows(self) -> Iterator[tuple[int, list[str | None] | None]]:
        width = len(self.outlines[0].header)
        for line, cells in itertools.islice(
            _sheet_rows(self.path, self.name, self.decimal), 1, None
        ):
            cells = cells + [None] * (width - len(cells))
            # A value to the right of the last named column belongs to no column.
            yield line, None if any(cells[width:]) else cells[:width]


def _sheet_rows(path: Path, name: str, decimal: str) -> Iterator[tuple[int, list[str | None]]]:
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
                cells = [cell_text(value, decimal) for value in values]
                if any(cell is not None for cell in cells):
                    yield line, cells
    except FileRefusalError:
        raise
    except Exception:  # noqa: BLE001 - a crafted workbook can raise anything; its text may hold values
        raise staging.unreadable(name) from None


def cell_text(value: object, decimal: str) -> str | None:
    """The text of a cell; a number is written as the source says it writes numbers."""
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
    if isinstance(value, float):
        return str(value).replace(".", decimal)
    return str(value)
