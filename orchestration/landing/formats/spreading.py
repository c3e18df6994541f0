"""Several landed tables out of one stream of records.

What belongs here: writing rows of several kinds in batches, so that memory stays flat.
What does not: what a record is, which kinds a format has.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing.formats.staging import LINE
from orchestration.landing.staged import TABLE, Staged, quoted

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_BATCH = 20_000
# The number that people are told: that of the record a row comes from.
PLACE = "scout place"


class Spread:
    """One temporary table per kind, filled in the order of the stream.

    Attributes:
        set_aside: how many records were met that nobody asked for.
    """

    def __init__(self, connection: "Connection", headers: Mapping[str, tuple[str, ...]]) -> None:
        """Make the tables.

        Args:
            connection: where they are made.
            headers: kind (a tidy kind) -> its columns.
        """
        self.set_aside = 0
        self._connection = connection
        self._headers = headers
        self._waiting: dict[str, list[list[object]]] = {kind: [] for kind in headers}
        self._rows = dict.fromkeys(headers, 0)
        self._refused: dict[str, list[tuple[int, str]]] = {kind: [] for kind in headers}
        self._line = 0
        for kind, header in headers.items():
            declared = ", ".join(f"{quoted(column)} varchar" for column in (*header, PLACE))
            connection.execute(f"drop table if exists {table_of(kind)}")
            connection.execute(
                f"create temp table {table_of(kind)} ({quoted(LINE)} bigint, {declared})"
            )

    def add(self, kind: str, place: int, cells: Mapping[str, str | None]) -> None:
        """Add a row; blank cells become NULL, blanks at the ends go.

        Args:
            kind: which table.
            place: the number of the record it comes from.
            cells: column -> text; a column that is left out is NULL.
        """
        self._line += 1
        texts = [_trimmed(cells.get(column)) for column in self._headers[kind]]
        waiting = self._waiting[kind]
        waiting.append([self._line, *texts, str(place)])
        if len(waiting) >= _BATCH:
            self._flush(kind)

    def refuse(self, kind: str, place: int, reason: str) -> None:
        """Count a record that gave no row."""
        self._refused[kind].append((place, reason))

    def finish(self) -> tuple[Staged, ...]:
        """The landed tables that hold anything or refused anything."""
        staged: list[Staged] = []
        for kind, header in self._headers.items():
            self._flush(kind)
            refused = tuple(self._refused[kind])
            if self._rows[kind] or refused:
                staged.append(
                    Staged(
                        kind,
                        header,
                        f"{TABLE}.{quoted(LINE)}",
                        self._rows[kind] + len(refused),
                        refused,
                        table_of(kind),
                        f"{TABLE}.{quoted(PLACE)}::bigint",
                    )
                )
            else:
                self._connection.execute(f"drop table if exists {table_of(kind)}")
        if staged:
            # What gave no row has to be told of somewhere: with the first table.
            rows_read = staged[0].rows_read + self.set_aside
            staged[0] = replace(staged[0], rows_read=rows_read, set_aside=self.set_aside)
        return tuple(staged)

    def _flush(self, kind: str) -> None:
        waiting = self._waiting[kind]
        if not waiting:
            return
        names = [LINE, *(f"c{n}" for n in range(len(self._headers[kind]) + 1))]
        frame = pd.DataFrame(waiting, columns=names, dtype="object").astype({LINE: "int64"})
        self._connection.register("scout_batch", frame)
        self._connection.execute(f"insert into {table_of(kind)} select * from scout_batch")
        self._connection.unregister("scout_batch")
        self._rows[kind] += len(waiting)
        waiting.clear()


def table_of(kind: str) -> str:
    """The name of a kind's table."""
    return f"{TABLE}_{kind}"


def _trimmed(text: str | None) -> str | None:
    # JSON can escape half a character, which no database can store.
    return (text or "").encode("utf-8", "replace").decode("utf-8").strip(" \t") or None
