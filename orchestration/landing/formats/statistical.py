"""``format: spss | stata | sas``: the files of the statistical packages, through ReadStat.

What belongs here: the formats, and reading a file in chunks so that memory stays flat.
What does not: one value (statistical_values.py), what a column means. Labels of variables hold the
wording of items: they are not read into anything and never shown.
"""

import codecs
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from orchestration.landing import preflight
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import (
    Arrival,
    Format,
    Opened,
    Outline,
    check_tidy,
    check_wide,
)
from orchestration.landing.formats.erasure import Erased, Erasure
from orchestration.landing.formats.statistical_erasing import erase_file, is_rewritten, read_as
from orchestration.landing.formats.statistical_values import as_texts, variable_of
from orchestration.landing.mapping_values import Strict
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping as SourceMapping
    from orchestration.warehouse import Connection

# So many bytes of records are in memory at a time.
_CHUNK_BYTES = 16 << 20
_MOST_ROWS = 50_000


class StatisticalOptions(Strict):
    """How a file of a statistical package is read.

    Attributes:
        labels: whether a value that has a label is read as its label, not as its code.
    """

    labels: bool = False


class Statistical(Format):
    """A table of a statistical package: wide where instruments are mapped, else tidy by name."""

    options: ClassVar[type[StatisticalOptions]] = StatisticalOptions

    def check(self, mapping: "SourceMapping") -> None:
        """As a wide or a tidy table."""
        if mapping.delimiter is not None:
            raise ValueError("`delimiter` has no place here; remove it")
        if self.is_wide(mapping):
            check_wide(mapping)
        else:
            check_tidy(mapping)

    def is_wide(self, mapping: "SourceMapping") -> bool:
        """Whether the mapping says where the answers of an instrument stand."""
        return bool(mapping.instruments)

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at the header of the file."""
        kind = self.record_type(arrival.mapping, arrival.name)
        if kind is None:
            message = (
                f"{arrival.name}: the name of a tidy file starts with {', '.join(KINDS)}. Rename "
                f"it, or map `instruments` in {arrival.place}."
            )
            raise FileRefusalError("unknown_format", message)
        return StatisticalFile(arrival, self.name, kind)

    def erase(self, erasure: Erasure) -> Erased:
        """Row by row; the file is written anew."""
        check_end(erasure.source, erasure.name)
        table = read_table(erasure.source, erasure.extension, erasure.mapping.encoding)
        return erase_file(erasure, self.name, self.id_columns(erasure.mapping), table)


class Spss(Statistical):
    """SPSS: system files, compressed ones, portable files."""

    name: ClassVar[str] = "spss"
    extensions: ClassVar[tuple[str, ...]] = (".sav", ".zsav", ".por")
    erasable: ClassVar[tuple[str, ...]] = extensions


class Stata(Statistical):
    """Stata data files."""

    name: ClassVar[str] = "stata"
    extensions: ClassVar[tuple[str, ...]] = (".dta",)
    erasable: ClassVar[tuple[str, ...]] = extensions


class Sas(Statistical):
    """SAS data sets and transport files."""

    name: ClassVar[str] = "sas"
    extensions: ClassVar[tuple[str, ...]] = (".sas7bdat", ".xpt")
    erasable: ClassVar[tuple[str, ...]] = extensions


class StatisticalFile(Opened):
    """A file that was looked at.

    Attributes:
        missing_count: values that their package calls missing though something stood there.
    """

    def __init__(self, arrival: Arrival, package: str, kind: str) -> None:
        """Read the header.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.arrival = arrival
        self.kind = kind
        self.package = package
        self.missing_count = 0
        self.labels = arrival.mapping.options.labels
        check_end(arrival.path, arrival.name)
        self.facts = self._read(metadataonly=True)[1]
        names = list(self.facts.column_names)
        # A damaged header may leave a variable without a name.
        if not names or not all(isinstance(name, str) for name in names):
            raise staging.unreadable(arrival.name)
        self.outlines = (Outline(kind, preflight.check_header(names, arrival.name)),)

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the file into the table ``landed``."""
        name, header = self.arrival.name, self.outlines[0].header
        staged = staging.stage_rows(connection, self.kind, header, self._rows())
        counted = self.facts.number_rows
        if counted is not None and counted >= 0 and counted != staged.rows_read:
            raise staging.unreadable(name)
        if staged.rows_read == 0:
            raise staging.without_rows(name)
        staging.trim(connection, header)
        return (replace(staged, coded=self.missing_count),)

    def _rows(self) -> Iterator[tuple[int, list[str | None] | None]]:
        widths = self.facts.variable_storage_width.values()
        rows = min(_MOST_ROWS, max(1, _CHUNK_BYTES // max(1, 8 * len(widths), sum(widths))))
        done = 0
        while True:
            frame, facts = self._read(row_offset=done, row_limit=rows)
            texts = []
            for name in facts.column_names:
                variable = variable_of(facts, name, self.package, with_labels=self.labels)
                found, missing = as_texts(frame[name].tolist(), variable)
                self.missing_count += missing
                texts.append(found)
            for at, cells in enumerate(zip(*texts, strict=True)):
                # There are no lines: row n stands on the line it would have in a CSV export.
                yield done + at + 2, list(cells)
            done += len(frame)
            if len(frame) < rows:
                return

    def _read(self, **how: Any) -> tuple[Any, Any]:
        """What ReadStat makes of the file; a package's tagged missing values are counted."""
        arrival = self.arrival
        try:
            frame, facts = read_table(
                arrival.path, arrival.extension, arrival.mapping.encoding, **how
            )
        except Exception as error:  # noqa: BLE001 - a crafted file can raise anything; its text may hold values
            if "encoding" in str(error) or isinstance(error, UnicodeDecodeError):
                raise _wrong_encoding(arrival.name) from None
            raise staging.unreadable(arrival.name) from None
        self._clear_tagged(frame, facts)
        return frame, facts

    def _clear_tagged(self, frame: Any, facts: Any) -> None:
        """A letter among numbers is a tagged missing value, .a to .z or ._, and is counted."""
        for name in facts.column_names:
            if facts.readstat_variable_types.get(name) == "string" or name not in frame:
                continue
            # Where all of a chunk are tagged, pandas takes the column for text.
            if frame[name].dtype.kind not in "biuf":
                tagged = frame[name].map(lambda value: isinstance(value, str))
                self.missing_count += int(tagged.sum())
                frame[name] = frame[name].astype("object").where(~tagged, None)


def read_table(path: Path, extension: str, encoding: str, **how: Any) -> tuple[Any, Any]:
    """A file, or a part of it, as pyreadstat's frame and description; dates stay numbers.

    Args:
        path: the file.
        extension: how its name ends.
        encoding: the one its source declares.
        how: further arguments of pyreadstat.
    """
    import pyreadstat

    extension = read_as(path, extension)
    name = {".por": "por", ".dta": "dta", ".sas7bdat": "sas7bdat", ".xpt": "xport"}.get(
        extension, "sav"
    )
    read: Callable[..., tuple[Any, Any]] = getattr(pyreadstat, f"read_{name}")
    # Portable and transport files know no missing values of the user's own.
    if extension not in (".por", ".xpt"):
        how["user_missing"] = True
    # A file says its own encoding; a declared one stands for files that do not, or wrongly.
    if encoding != "utf-8" and extension != ".por" and not is_rewritten(path):
        how["encoding"] = codecs.lookup(encoding).name
    with warnings.catch_warnings():
        # It warns of names given twice, which the header's check then tells of.
        warnings.simplefilter("ignore")
        return read(str(path), disable_datetime_conversion=True, **how)


def check_end(path: Path, name: str) -> None:
    """Refuse files whose end is missing, which ReadStat would read as shorter ones.

    Raises:
        FileRefusalError: empty_file, unreadable_file.
    """
    size = path.stat().st_size
    if size == 0:
        message = f"{name} is empty. Export it again; a file needs a header and rows."
        raise FileRefusalError("empty_file", message)
    with path.open("rb") as stream:
        head = stream.read(11)
        stream.seek(max(0, size - 160))
        tail = stream.read()
    is_cut = {
        # Transport files are written in records of 80 bytes.
        ".xpt": size % 80 != 0,
        # Portable files end in a Z, repeated to the end of the line.
        ".por": not tail.rstrip().endswith(b"Z"),
        ".dta": head == b"<stata_dta>" and not tail.rstrip(b"\r\n").endswith(b"</stata_dta>"),
    }
    if is_cut.get(read_as(path, Path(name).suffix.lower()), False):
        raise staging.unreadable(name)


def _wrong_encoding(name: str) -> FileRefusalError:
    message = (
        f"{name} holds text that is not in the encoding it claims. Write `encoding: cp1252` (or "
        "the encoding it was saved with) into source.yml."
    )
    return FileRefusalError("wrong_encoding", message)
