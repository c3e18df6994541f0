"""Delimited text (CSV, TSV): DuckDB reads it where the accountant agrees, else Python does.

What belongs here: reading text into a landed table, and the proof of its number of rows.
What does not: asking bytes what they are (decoding.py), counting records (accountant.py).
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from orchestration.landing import accountant, decoding, preflight
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Opened, Outline
from orchestration.landing.staged import TABLE, Staged, literal
from orchestration.warehouse import Error

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

Naming = Callable[[list[str]], list[str]]
DELIMITERS = {".csv": ",", ".tsv": "\t"}


class Delimited(Opened):
    """A delimited file that was looked at."""

    def __init__(self, arrival: Arrival, record_type: str, naming: Naming | None = None) -> None:
        """Look at a file's bytes.

        Args:
            arrival: the file.
            record_type: as of :class:`Outline`.
            naming: the names of the columns, from the cells of the header where those are others.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.name, self.original = arrival.name, arrival.path
        self.delimiter = arrival.mapping.delimiter or DELIMITERS.get(arrival.extension, ",")
        decoding.name_the_bytes(arrival.path, arrival.name, encoding=arrival.mapping.encoding)
        self.path = decoding.as_utf8(
            arrival.path,
            arrival.mapping.encoding,
            arrival.scratch / f"{arrival.path.name}.utf8",
            arrival.name,
        )
        self.facts = preflight.look_at_csv(self.path, self.delimiter, self.name, naming)
        self.record_type = record_type
        self.outlines = (Outline(record_type, self.facts.header),)

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the file into the table ``landed``."""
        connection.execute(f"drop table if exists {TABLE}")
        staged = self._stage_fast(connection) if self.facts.is_regular else None
        if staged is None:
            header = self.facts.header
            staged = staging.stage_rows(connection, self.record_type, header, self._rows())
        if staged.rows_read == 0:
            raise staging.without_rows(self.name)
        if self.facts.rows not in (None, staged.rows_read):
            raise staging.unreadable(self.name)
        if self.facts.may_have_blanks:
            staging.trim(connection, staged.header)
        if self.path != self.original:
            self.path.unlink()
        return (staged,)

    def _stage_fast(self, connection: "Connection") -> Staged | None:
        """DuckDB's own reader, or None where it does not agree with the accountant."""
        facts = self.facts
        columns = ", ".join(f"{literal(column)}: 'varchar'" for column in facts.header)
        try:
            connection.execute(
                f"create temp table {TABLE} as select * from read_csv({literal(str(self.path))}, "
                "auto_detect = false, "
                f"header = true, delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', "
                "strict_mode = true, "
                f"null_padding = false, compression = 'none', columns = {{{columns}}}, "
                f"max_line_size = {accountant.LINE_LIMIT + 1})"
            )
            agreed = staging.count(connection) == facts.rows
        except Error:
            agreed = False
        if not agreed or facts.rows is None:
            connection.execute(f"drop table if exists {TABLE}")
            return None
        return Staged(self.record_type, facts.header, staging.ROW_LINE, facts.rows)

    def _rows(self) -> Iterator[tuple[int, list[str | None] | None]]:
        width = len(self.facts.header)
        for first, _, cells in accountant.records(self.path, self.delimiter, width, self.name):
            yield first, None if cells is None else [cell or None for cell in cells]
