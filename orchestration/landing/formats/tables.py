"""``format: tidy`` and ``format: wide``: tables whose ending tells how to read them.

What belongs here: which reader an ending has; a tidy file's kind by its name.
What does not: reading (delimited.py, workbook.py, parquet.py), what a mapping spells out.
"""

from typing import TYPE_CHECKING, ClassVar

from orchestration.landing.formats.contract import Arrival, Format, Opened, check_wide
from orchestration.landing.formats.delimited import DELIMITERS, Delimited
from orchestration.landing.formats.erasing_tables import erase_table
from orchestration.landing.formats.erasure import Erased, Erasure
from orchestration.landing.formats.parquet import Parquet
from orchestration.landing.formats.workbook import Workbook
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping
    from orchestration.warehouse import Connection


class Tidy(Format):
    """One record a line; the file's name begins with what its records are."""

    name: ClassVar[str] = "tidy"
    extensions: ClassVar[tuple[str, ...]] = (*DELIMITERS, ".parquet", ".xlsx")
    # Nothing reads .txt, but a clinic may leave one in landing.
    erasable: ClassVar[tuple[str, ...]] = (*extensions, ".txt")

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at a table."""
        kind = self.record_type(arrival.mapping, arrival.name)
        if kind is None:
            message = (
                f"{arrival.name}: the name of a tidy file starts with {', '.join(KINDS)}. Rename "
                f"it, or describe its columns in {arrival.place}."
            )
            raise FileRefusalError("unknown_format", message)
        if arrival.extension in DELIMITERS:
            return Delimited(arrival, kind)
        if arrival.extension == ".parquet":
            return Parquet(connection, arrival, kind)
        return Workbook(arrival, kind)

    def erase(self, erasure: Erasure) -> Erased:
        """Row by row."""
        return erase_table(erasure, *self.id_columns(erasure.mapping))


class Wide(Tidy):
    """Many answers a line; the mapping says which column holds what."""

    name: ClassVar[str] = "wide"

    def check(self, mapping: "Mapping") -> None:
        """A wide mapping names the client, the instruments and their time."""
        check_wide(mapping)

    def is_wide(self, mapping: "Mapping") -> bool:
        """Always."""
        return True
