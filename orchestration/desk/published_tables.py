"""Which published tables there are, and what they say of themselves.

What belongs here: finding a release and its tables, with columns, types and descriptions.
What does not: reading rows (``exporting``, ``explaining``).
"""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE, PUBLISHED
from orchestration.publishing.release import Release, kept, read_current
from orchestration.settings import Settings

READABLE = (EVALUATION_FILE, DASHBOARD_FILE)


@dataclass(frozen=True)
class Column:
    """One column: its name, DuckDB's name of its type, and its description ('' if it has none)."""

    name: str
    data_type: str
    meaning: str


@dataclass(frozen=True)
class PublishedTable:
    """One table of one release.

    Attributes:
        file: the published file it lies in.
        schema, name: what it is called there.
        meaning: its description.
        columns: in order.
        row_count: how many rows it has.
    """

    file: str
    schema: str
    name: str
    meaning: str
    columns: tuple[Column, ...]
    row_count: int

    @property
    def full_name(self) -> str:
        """``schema.name``, as a query writes it."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def find_release(settings: Settings, sequence: int | None) -> Release:
    """The release with that number, the current one if None.

    Raises:
        SettingsError: there is no such release; the message says which there are.
    """
    if sequence is None:
        if (current := read_current(settings)) is None:
            message = f"Nothing is published in {settings.home} yet. `scout run` publishes."
            raise SettingsError(message)
        return current
    releases = kept(settings)
    for release in releases:
        if release.sequence == sequence:
            return release
    there = ", ".join(str(release.sequence) for release in releases) or "none"
    message = f"There is no release {sequence} in {settings.home}. Kept are: {there}."
    raise SettingsError(message)


@contextmanager
def opened(settings: Settings, release: Release, file: str) -> Iterator[warehouse.Connection]:
    """A reading connection to one file of a release."""
    path = release.folder / file
    if not path.is_file():
        message = f"Release {release.sequence} has no {file}: `scout verify` tells what is left."
        raise SettingsError(message)
    with warehouse.open_to_read(settings, path) as connection:
        yield connection


def tables_of(settings: Settings, release: Release, file: str) -> list[PublishedTable]:
    """Every table of one file of a release, by name."""
    schema = PUBLISHED[file][0]
    with opened(settings, release, file) as connection:
        columns: dict[str, list[Column]] = {}
        for table, *column in connection.execute(
            "select table_name, column_name, data_type, trim(coalesce(comment, ''), e' \\n') "
            "from duckdb_columns() where schema_name = ? order by table_name, column_index",
            [schema],
        ).fetchall():
            columns.setdefault(table, []).append(Column(*column))
        found = connection.execute(
            "select table_name, trim(coalesce(comment, ''), e' \\n') from duckdb_tables() "
            "where schema_name = ? order by table_name",
            [schema],
        ).fetchall()
        return [
            PublishedTable(
                file,
                schema,
                name,
                meaning,
                tuple(columns[name]),
                warehouse.count_rows(connection, schema, name),
            )
            for name, meaning in found
        ]


def find_table(settings: Settings, release: Release, name: str) -> PublishedTable:
    """One table by its name, with or without its schema, in either file.

    Raises:
        SettingsError: there is no such table; the message names those that are spelt alike.
    """
    tables = [table for file in READABLE for table in tables_of(settings, release, file)]
    for table in tables:
        if name in (table.name, table.full_name):
            return table
    alike = difflib.get_close_matches(name, [table.name for table in tables], n=2, cutoff=0.6)
    hint = f" Did you mean {' or '.join(alike)}?" if alike else ""
    message = f"Release {release.sequence} has no table {name!r}.{hint}"
    raise SettingsError(message)


def same_folder(path: Path) -> Path:
    """Where a file is written before it takes its name: beside it, so that the move is one step."""
    return path.with_name(f".{path.name}.part")
