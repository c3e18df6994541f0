"""The newest release's dashboard file as frames: opened, read whole, closed.

What belongs here: which file is current, how to know that it is another one, reading it.
What does not: what a table means (the pages), keeping frames between runs (``shell``).
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas

from orchestration.charts.selecting import Prepared
from orchestration.errors import ScoutError
from orchestration.publishing.catalogue import DASHBOARD_FILE, PUBLISHED
from orchestration.settings import Settings
from orchestration.warehouse import Error, open_to_read

SCHEMA, _ = PUBLISHED[DASHBOARD_FILE]
# DuckDB hands an open file's connection to whoever opens the same path in the same process, even
# if the path has been replaced since (dashboard.md, "Rules learnt"): one reader at a time.
_ONE_READER = threading.Lock()


@dataclass(frozen=True)
class Identity:
    """What tells one published file from another, though both are called ``current``."""

    path: Path
    inode: int
    modified_ns: int
    size: int


@dataclass(frozen=True)
class Release:
    """Every published table of one release. Its frames are shared: nobody changes them.

    Two are equal if they were read from the same file.

    Attributes:
        identity: the file they were read from.
        tables: by table name, rows in the file's order; a value not shown is missing. Prepared, so
            that many charts of one release do not each take the frames apart.
        comments: by table name, what the table says of itself.
        column_comments: by table name, then column name.
    """

    identity: Identity
    tables: Prepared = field(repr=False, compare=False)
    comments: Mapping[str, str] = field(repr=False, compare=False)
    column_comments: Mapping[str, Mapping[str, str]] = field(repr=False, compare=False)

    @property
    def number(self) -> str:
        """The release's number, as its folder is called."""
        return self.identity.path.parent.name.lstrip("0") or "0"

    def table(self, name: str) -> pandas.DataFrame | None:
        """One table, or None where this release was made without it."""
        return self.tables.get(name)


def current_identity(settings: Settings) -> Identity | None:
    """Which file is current now; None before the first release."""
    try:
        path = (settings.current / DASHBOARD_FILE).resolve(strict=True)
        found = path.stat()
    except OSError:
        return None
    return Identity(path, found.st_ino, found.st_mtime_ns, found.st_size)


def read(settings: Settings, identity: Identity) -> Release:
    """The whole file: small, because it holds aggregates only.

    Raises:
        ScoutError: the file has gone or is not a database.
    """
    with _ONE_READER, open_to_read(settings, identity.path) as connection:
        try:
            described = connection.execute(
                "select table_name, comment from duckdb_tables() where schema_name = ?"
                " order by table_name",
                [SCHEMA],
            ).fetchall()
            columns = connection.execute(
                "select table_name, column_name, comment from duckdb_columns()"
                " where schema_name = ? order by table_name, column_index",
                [SCHEMA],
            ).fetchall()
            tables = {
                table: connection.execute(f'select * from {SCHEMA}."{table}"').df()
                for table, _ in described
            }
        except Error as error:
            message = f"{identity.path.name} cannot be read ({type(error).__name__})."
            raise ScoutError(message) from None
    column_comments: dict[str, dict[str, str]] = {}
    for table, column, comment in columns:
        column_comments.setdefault(table, {})[column] = comment or ""
    comments = {table: comment or "" for table, comment in described}
    return Release(identity, Prepared(tables), comments, column_comments)
