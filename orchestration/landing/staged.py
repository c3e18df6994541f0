"""One landed table: what every format makes of a file, and what every later step works on.

What belongs here: the shape of a landed table and how SQL names it, its columns and its texts.
What does not: making one (``formats``), what its columns mean.
"""

from dataclasses import dataclass

# In SQL every landed table goes by this alias, whatever its own name is.
TABLE = "landed"


@dataclass(frozen=True)
class Staged:
    """One table of a file, every value as text, blanks trimmed and empty cells NULL.

    Attributes:
        record_type: a tidy kind (``tidy.KINDS``), or ``wide``.
        header: the column names, which are the table's columns.
        line: SQL that numbers the table's rows, each differently; for a text file the physical line
            on which a row begins (the header is line 1). Columns are spelt ``landed."name"``.
        rows_read: how many records the file holds for this table, refused ones included, counted
            apart from DuckDB where bytes are text.
        refused: (line, reason) of each record that could not become a row; none is in the table.
        table: the temporary table's name.
        place: SQL of the number a person is told instead of ``line``, where several rows come from
            one thing, such as a resource of a bundle; None where both are the same.
        timepoint: of a wide table, SQL of the timepoint of a row's occasion; None where unknown.
        occasion_order: likewise, SQL of a number by which the occasions of a client follow.
        set_aside: how many of ``rows_read`` nobody asked for, such as other codes of a hospital's
            table; they have no fault, add nothing and are not in the table.
        coded: how many values became blank while reading because the file's own format, not the
            mapping, calls them missing.
    """

    record_type: str
    header: tuple[str, ...]
    line: str
    rows_read: int
    refused: tuple[tuple[int, str], ...] = ()
    table: str = TABLE
    place: str | None = None
    timepoint: str | None = None
    occasion_order: str | None = None
    set_aside: int = 0
    coded: int = 0

    @property
    def relation(self) -> str:
        """The table as it stands after ``from`` or ``join``."""
        return self.table if self.table == TABLE else f"{self.table} as {TABLE}"


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | None) -> str:
    """A text as SQL."""
    return "null" if text is None else "'" + text.replace("'", "''") + "'"
