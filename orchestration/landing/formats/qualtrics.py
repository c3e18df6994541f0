"""``format: qualtrics``: a survey's CSV export with three header rows, or the two of old ones.

What belongs here: the header rows, what Qualtrics adds, which columns tell who answered.
What does not: reading text (delimited.py), what an answer means.
"""

import csv
import itertools
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from orchestration.landing import decoding, preflight
from orchestration.landing.accountant import open_text, unterminated
from orchestration.landing.formats.contract import Arrival, Format, Opened, Outline, check_wide
from orchestration.landing.formats.delimited import DELIMITERS, Delimited
from orchestration.landing.formats.erasing_tables import erase_text
from orchestration.landing.formats.erasure import Erased, Erasure, RowFinder
from orchestration.landing.formats.searching import refuse_telling
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import TABLE, Staged, quoted

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping
    from orchestration.warehouse import Connection

# What Qualtrics adds to a survey, by the ids of the third row and by the names of old exports.
_HARMLESS = frozenset(
    (
        "startDate",
        "endDate",
        "status",
        "progress",
        "duration",
        "finished",
        "recordedDate",
        "_recordId",
        "externalDataReference",
        "distributionChannel",
        "userLanguage",
        "ResponseID",
        "ResponseSet",
        "ExternalDataReference",
        "Status",
        "StartDate",
        "EndDate",
        "Finished",
    )
)
_TELLING = {
    "ipAddress": "IP addresses",
    "recipientLastName": "names of recipients",
    "recipientFirstName": "names of recipients",
    "recipientEmail": "e-mail addresses of recipients",
    "locationLatitude": "coordinates",
    "locationLongitude": "coordinates",
    "Name": "names of recipients",
    "EmailAddress": "e-mail addresses of recipients",
    "IPAddress": "IP addresses",
    "LocationLatitude": "coordinates",
    "LocationLongitude": "coordinates",
    "LocationAccuracy": "coordinates",
}
_FREE_TEXT = re.compile(r"QID[0-9]+(_[0-9]+)*_TEXT")
_STATUS_IDS = ("status", "Status")
# Somebody trying the survey out, in codes and in words.
_PREVIEWS = ("1", "Survey Preview")


@dataclass(frozen=True)
class _Head:
    """The header rows of an export.

    Attributes:
        names: the columns' names.
        ids: what each column is to Qualtrics: its import id, or its old name.
        first_end: the physical line on which the first header row ends.
        last_end: the physical line on which the last one ends.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]
    first_end: int
    last_end: int


class Qualtrics(Format):
    """A CSV export of a Qualtrics survey."""

    name: ClassVar[str] = "qualtrics"
    extensions: ClassVar[tuple[str, ...]] = tuple(DELIMITERS)
    erasable: ClassVar[tuple[str, ...]] = extensions

    def check(self, mapping: "Mapping") -> None:
        """A survey is a wide table."""
        check_wide(mapping)

    def is_wide(self, mapping: "Mapping") -> bool:
        """Always."""
        return True

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at an export."""
        return _Survey(arrival)

    def erase(self, erasure: Erasure) -> Erased:
        """Answer by answer; the header rows stay, though they alone are no file."""

        def header(rows: list[list[str]]) -> tuple[int, list[str]]:
            found = _header_of(rows)
            return (1, rows[0]) if found is None else (found[2], list(found[0]))

        return erase_text(
            erasure, RowFinder(erasure.ids, *self.id_columns(erasure.mapping)), header
        )


class _Survey(Opened):
    """An export that was looked at."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        delimiter = arrival.mapping.delimiter or DELIMITERS[arrival.extension]
        encoding = arrival.mapping.encoding
        decoding.name_the_bytes(arrival.path, arrival.name, encoding=encoding)
        decoded = arrival.scratch / f"{arrival.path.name}.utf8"
        text = decoding.as_utf8(arrival.path, encoding, decoded, arrival.name)
        # Every line is known to be short, and every quotation mark to have its pair, from here on.
        preflight.look_at_csv(text, delimiter, arrival.name, _numbered)
        self.head = _head(text, delimiter, arrival.name)
        cut = arrival.scratch / f"{arrival.path.name}.cut"
        _leave_out_rows(text, cut, self.head)
        if text != arrival.path:
            text.unlink()
        inner = replace(
            arrival, path=cut, mapping=arrival.mapping.model_copy(update={"encoding": "utf-8"})
        )
        self.cut = cut
        self.text = Delimited(inner, "wide", lambda _: list(self.head.names))
        header = self.text.facts.header
        self.ids = dict(zip(header, self.head.ids, strict=True))
        known = {column for column, one in self.ids.items() if one in _HARMLESS | _TELLING.keys()}
        nameless = {one for one in header if one.startswith("column ")}
        self.outlines = (Outline("wide", header, frozenset(known | nameless)),)

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the answers, refuse what tells who gave them, set previews aside."""
        (staged,) = self.text.stage(connection)
        self.cut.unlink()
        self._refuse_telling(connection, staged)
        skipped = self.head.last_end - self.head.first_end
        staged = replace(
            staged,
            line=f"({staged.line} + {skipped})",
            refused=tuple((line + skipped, reason) for line, reason in staged.refused),
        )
        statuses = [column for column, one in self.ids.items() if one in _STATUS_IDS]
        if not statuses:
            return (staged,)
        where = f"{quoted(statuses[0])} in {_PREVIEWS}"
        tries = connection.execute(f"select {staged.line} from {TABLE} where {where}").fetchall()
        connection.execute(f"delete from {TABLE} where {where}")
        refused = tuple((int(line), "preview_record") for (line,) in tries)
        return (replace(staged, refused=staged.refused + refused),)

    def _refuse_telling(self, connection: "Connection", staged: Staged) -> None:
        wide = self.arrival.wide
        mapped = wide.columns(self.arrival.mapping) if wide else {}
        told = {
            column: _TELLING.get(one, "free text")
            for column, one in self.ids.items()
            if one in _TELLING or (_FREE_TEXT.fullmatch(one) and column not in mapped)
        }
        refuse_telling(
            connection,
            staged.table,
            told,
            f"{self.arrival.name} tells who answered; nothing of it was kept.",
            "Turn on 'Anonymize responses' in the survey's options, and leave these columns and "
            "text entries out of the export.",
        )


def _numbered(cells: list[str]) -> list[str]:
    """Names for a first look, in which the header is not understood yet."""
    return [f"{number}" for number, _ in enumerate(cells, start=1)]


def _head(path: Path, delimiter: str, name: str) -> _Head:
    """The header rows of an export.

    Raises:
        FileRefusalError: unknown_format, where they are not as Qualtrics writes them.
    """
    ends, rows = [], []
    with open_text(path) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for row in itertools.islice(reader, 3):
                rows.append(row)
                ends.append(reader.line_num)
        except csv.Error:
            raise unterminated(name, reader.line_num) from None
    found = _header_of(rows)
    if found is not None:
        names, ids, height = found
        return _Head(names, ids, ends[0], ends[height - 1])
    message = (
        f"{name} lacks the header rows of a Qualtrics export (names, questions, import ids). "
        "Export it again as CSV and do not open it in between, or write `format: wide` into "
        "source.yml if it has one header row."
    )
    raise FileRefusalError("unknown_format", message)


def _header_of(rows: list[list[str]]) -> tuple[tuple[str, ...], tuple[str, ...], int] | None:
    """Names, ids and number of the header rows that open an export; None for no export."""
    names = tuple(rows[0])
    if len(rows) == 3 and len(rows[2]) == len(names) and (ids := _import_ids(rows[2])):
        return names, ids, 3
    if len(rows) >= 2 and len(rows[1]) == len(names) and "ResponseID" in rows[1]:
        # Old exports call what Qualtrics adds V1, V2 ...; the second row says what each is.
        plain = tuple(
            second if re.fullmatch("V[0-9]+", first) else first
            for first, second in zip(names, rows[1], strict=True)
        )
        return plain, plain, 2
    return None


def _import_ids(cells: list[str]) -> tuple[str, ...]:
    """The ids in a row such as ``{"ImportId":"QID1"}``; nothing where it is no such row."""
    found = []
    for cell in cells:
        try:
            told = json.loads(cell)
        except ValueError:
            return ()
        if not isinstance(told, dict) or "ImportId" not in told:
            return ()
        found.append(str(told["ImportId"]))
    return tuple(found)


def _leave_out_rows(path: Path, target: Path, head: _Head) -> None:
    """Copy a text without the header rows after the first."""
    with open_text(path) as source, target.open("w", encoding="utf-8", newline="") as copy:
        for number, line in enumerate(source, start=1):
            if not head.first_end < number <= head.last_end:
                copy.write(line)
