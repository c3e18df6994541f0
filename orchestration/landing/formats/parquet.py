"""Parquet: DuckDB reads it, its own footer counts it.

What belongs here: reading a Parquet file into a landed table of text.
What does not: other columnar files.
"""

from typing import TYPE_CHECKING

from orchestration.landing import decoding, preflight
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Opened, Outline
from orchestration.landing.staged import TABLE, Staged, literal, quoted
from orchestration.warehouse import Error

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


class Parquet(Opened):
    """A Parquet file that was looked at."""

    def __init__(self, connection: "Connection", arrival: Arrival, record_type: str) -> None:
        """Read the footer.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.name, self.path, self.record_type = arrival.name, arrival.path, record_type
        self.decimal = arrival.mapping.decimal
        decoding.name_the_bytes(self.path, self.name, b"PAR1")
        self.described = self._described(connection)
        header = preflight.check_header([name for name, _ in self.described], self.name)
        self.outlines = (Outline(record_type, header),)

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the file into the table ``landed``."""
        header = self.outlines[0].header
        columns = ", ".join(
            f"{as_text(quoted(original), kind, self.decimal)} as {quoted(column)}"
            for (original, kind), column in zip(self.described, header, strict=True)
        )
        connection.execute(f"drop table if exists {TABLE}")
        try:
            connection.execute(
                f"create temp table {TABLE} as select {columns} "
                f"from read_parquet({literal(str(self.path))})"
            )
            counted = connection.execute(
                "select sum(num_rows)::bigint from parquet_file_metadata(?)", [str(self.path)]
            ).fetchall()
        except Error:
            raise staging.unreadable(self.name) from None
        rows = counted[0][0] or 0
        if rows == 0:
            raise staging.without_rows(self.name)
        staging.trim(connection, header)
        # A Parquet file has no lines: row n stands on the line it would have in a CSV export.
        return (Staged(self.record_type, header, staging.ROW_LINE, rows),)

    def _described(self, connection: "Connection") -> list[tuple[str, str]]:
        try:
            rows = connection.execute(
                "describe select * from read_parquet(?)", [str(self.path)]
            ).fetchall()
        except Error:
            raise staging.unreadable(self.name) from None
        return [(str(row[0]), str(row[1])) for row in rows]


def as_text(column: str, kind: str, decimal: str) -> str:
    """SQL of a value's text; a number is written as the source says it writes numbers."""
    written = f"{column}::varchar"
    if decimal != "." and kind.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        written = f"replace({written}, '.', {literal(decimal)})"
    if kind in ("DOUBLE", "FLOAT"):
        is_whole = f"{column} = trunc({column}) and abs({column}) < 1e15"
        return f"case when {is_whole} then {column}::bigint::varchar else {written} end"
    if kind.startswith("DECIMAL"):
        whole = f"trunc({column})"
        text = f"{whole}::hugeint::varchar"
        return f"case when {column} = {whole} then {text} else {written} end"
    return written
