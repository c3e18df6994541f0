"""The only importer of duckdb: open to read, open to write, limits and locks.

What belongs here: how a DuckDB file is opened, limited and closed, and who may write.
What does not: what the tables mean.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

from orchestration.errors import SettingsError, WarehouseBusyError
from orchestration.settings import Settings

__all__ = ["Connection", "Error", "hold", "in_memory", "open_to_read", "open_to_write"]

Error = duckdb.Error
# Files written so can be read by every DuckDB client since 1.0 (dashboard.md, "Rules learnt").
STORAGE_VERSION = "v1.0.0"


def _limits(settings: Settings) -> dict[str, str]:
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
    connection = duckdb.connect(":memory:", config=_limits(settings))
    try:
        yield connection
    finally:
        connection.close()


def _connect(path: Path, settings: Settings, *, read_only: bool) -> Connection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=_limits(settings))
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            message = (
                f"{path.name} is held by another process. Close what has it open "
                "(a shell, a notebook, another `scout run`) and run again; "
                "readers should open current/evaluation.duckdb instead."
            )
            raise WarehouseBusyError(message) from None
        message = (
            f"{path} cannot be opened as a DuckDB file. If it was damaged, move it away: "
            "the next `scout run` rebuilds it from the archive."
        )
        raise SettingsError(message) from None


@contextmanager
def hold(settings: Settings) -> Iterator[None]:
    """Hold the home for one run; the kernel lets go of the lock when the process ends.

    Raises:
        WarehouseBusyError: another run holds it.
        SettingsError: the home cannot be written to.
    """
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
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "ignore").strip() or "unknown"
            message = (
                f"Another run (process {holder}) is working in {settings.home}. "
                "Wait until it ends, then run again; nothing was changed."
            )
            raise WarehouseBusyError(message) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
