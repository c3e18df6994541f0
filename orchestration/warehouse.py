"""The only importer of duckdb: open to read, open to write, limits and locks.

What belongs here: how a DuckDB file is opened, limited and closed, and who may write.
What does not: what the tables mean.
"""

import fcntl
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas
from duckdb import DuckDBPyConnection as Connection

from orchestration.errors import SettingsError, WarehouseBusyError
from orchestration.settings import Settings

__all__ = [
    "PATIENCE_SECONDS",
    "Connection",
    "Error",
    "attach",
    "count_rows",
    "held_error",
    "hold",
    "hold_until_exit",
    "in_memory",
    "is_held",
    "let_go_of_leftovers",
    "limits",
    "open_to_read",
    "open_to_write",
    "read_table",
    "replace_table",
]

Error = duckdb.Error
# Files written so can be read by every DuckDB client since 1.0 (dashboard.md, "Rules learnt").
STORAGE_VERSION = "v1.0.0"


def limits(settings: Settings) -> dict[str, str]:
    """DuckDB's settings for this home: memory, threads, where to spill, nothing to download."""
    settings.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "memory_limit": settings.memory_limit,
        "threads": str(settings.threads),
        "temp_directory": str(settings.scratch / "spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


@contextmanager
def open_to_write(settings: Settings, path: Path | None = None) -> Iterator[Connection]:
    """A writing connection to ``path`` (the warehouse unless given), checkpointed and closed after.

    Raises:
        WarehouseBusyError: another process has the file open.
        SettingsError: the file is not a database Scout can open.
    """
    target = path or settings.warehouse
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = _connect(target, settings, read_only=False)
    try:
        yield connection
        connection.execute("checkpoint")
    finally:
        connection.close()
    target.chmod(0o600)


@contextmanager
def open_to_read(settings: Settings, path: Path | None = None) -> Iterator[Connection]:
    """A reading connection to ``path`` (the warehouse unless given).

    Raises:
        WarehouseBusyError: another process is writing to the file.
        SettingsError: the file does not exist or is not a database Scout can open.
    """
    target = path or settings.warehouse
    if not target.exists():
        message = f"There is no {target.name} in {target.parent} yet. Run `scout run` first."
        raise SettingsError(message)
    connection = _connect(target, settings, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def in_memory(settings: Settings) -> Iterator[Connection]:
    """A connection that leaves no file behind, with the same limits."""
    connection = duckdb.connect(":memory:", config=dict(limits(settings)))
    try:
        yield connection
    finally:
        connection.close()


def attach(connection: Connection, path: Path, name: str, *, read_only: bool) -> None:
    """Attach the database at ``path`` as ``name``, one of Scout's own words.

    A file that is written so has a storage version that every DuckDB client since 1.0 reads.
    """
    mode = "read_only" if read_only else f"storage_version '{STORAGE_VERSION}'"
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {name} ({mode})")


# A child of a run that was killed may write for some seconds more before it notices.
PATIENCE_SECONDS = 15.0


def _connect(path: Path, settings: Settings, *, read_only: bool) -> Connection:
    started = time.monotonic()
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=dict(limits(settings)))
        except (duckdb.IOException, duckdb.ConnectionException) as error:
            if not is_held(error):
                message = (
                    f"{path} cannot be opened as a DuckDB file. If it was damaged, move it away: "
                    "the next `scout run` rebuilds it from the archive."
                )
                raise SettingsError(message) from None
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise held_error(path) from None
        let_go_of_leftovers()


def is_held(error: BaseException | None) -> bool:
    """Whether a file could not be opened because somebody else, or a leftover, has it open."""
    # Within one process DuckDB refuses a second connection with other limits.
    return isinstance(error, duckdb.ConnectionException) or (
        isinstance(error, duckdb.IOException) and "lock" in str(error).lower()
    )


def let_go_of_leftovers() -> None:
    """Wait a little, and free connections that nobody refers to any more."""
    gc.collect()
    time.sleep(0.5)


def held_error(path: Path) -> WarehouseBusyError:
    """What to say when a file stays held."""
    return WarehouseBusyError(
        f"{path.name} is held by another process. Close what has it open "
        "(a shell, a notebook, another `scout run`) and run again; "
        "readers should open current/evaluation.duckdb instead."
    )


# Homes that this process holds, each with the descriptor of its lock file.
_held: dict[Path, int] = {}


@contextmanager
def hold(settings: Settings) -> Iterator[None]:
    """Hold the home while the block runs; the kernel lets go when the process ends, however.

    Raises:
        WarehouseBusyError: another run holds it.
        SettingsError: the home cannot be written to.
    """
    hold_until_exit(settings)
    try:
        yield
    finally:
        os.close(_held.pop(settings.lock))


def hold_until_exit(settings: Settings) -> None:
    """Hold the home for the rest of this process; nothing happens if it already does.

    Raises:
        WarehouseBusyError: another run holds it.
        SettingsError: the home cannot be written to.
    """
    if settings.lock in _held:
        return
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(settings.lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        message = (
            f"Scout cannot write to {settings.home}. Give its owner permission "
            f"(chmod u+rwx {settings.home}) or choose another folder with --home."
        )
        raise SettingsError(message) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "ignore").strip() or "unknown"
        os.close(descriptor)
        message = (
            f"Another run (process {holder}) is working in {settings.home}. "
            "Wait until it ends, then run again; nothing was changed."
        )
        raise WarehouseBusyError(message) from None
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    _held[settings.lock] = descriptor


_FEW_WORDS = 1_000


def read_table(
    connection: Connection, name: str, *, as_categories: bool = False
) -> pandas.DataFrame:
    """A table as a frame, in one order, whatever order parallel workers wrote its rows in.

    Args:
        connection: any connection.
        name: ``schema.table``.
        as_categories: text columns of at most a thousand different values come as categories in
            the order of the alphabet: a million copies of a word take more time and memory than
            all the numbers beside them.
    """
    table = connection.table(name)
    if not as_categories:
        return table.order("all").df()
    columns = []
    for column, kind in zip(table.columns, table.types, strict=True):
        words: list[tuple[str]] = []
        if str(kind) == "VARCHAR":
            words = connection.execute(
                f"select distinct {column} from {name} where {column} is not null "
                f"order by 1 limit {_FEW_WORDS + 1}"
            ).fetchall()
        if not 0 < len(words) <= _FEW_WORDS:
            columns.append(column)
            continue
        quoted = ", ".join("'" + word.replace("'", "''") + "'" for (word,) in words)
        columns.append(f"cast({column} as enum ({quoted})) as {column}")
    return connection.sql(f"select {', '.join(columns)} from {name}").order("all").df()


def replace_table(connection: Connection, schema: str, name: str, frame: pandas.DataFrame) -> None:
    """Store ``frame`` as ``schema.name``, with the column types its dtypes name, empty or not.

    Args:
        connection: a writing connection.
        schema: an existing or new schema, one of Scout's own names.
        name: the table's name, one of Scout's own.
        frame: its columns become the table's, in order; a missing value becomes NULL.
    """
    columns = ", ".join(
        f'"{column}" {_SQL_TYPES[_kind(dtype)]}' for column, dtype in frame.dtypes.items()
    )
    connection.execute(f'create schema if not exists "{schema}"')
    connection.execute(f'create or replace table "{schema}"."{name}" ({columns})')
    if len(frame):
        connection.register("incoming_frame", frame)
        connection.execute(f'insert into "{schema}"."{name}" select * from incoming_frame')
        connection.unregister("incoming_frame")


_SQL_TYPES = {"b": "boolean", "i": "bigint", "f": "double", "M": "timestamp", "O": "varchar"}


def _kind(dtype: object) -> str:
    kind = getattr(dtype, "kind", "O")
    return "i" if kind == "u" else kind if kind in _SQL_TYPES else "O"


def count_rows(connection: Connection, schema: str, name: str) -> int:
    """The number of rows of ``schema.name``, two of Scout's own names."""
    # All of the result, for a result that is left unread blocks the connection.
    rows = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchall()
    return int(rows[0][0])
