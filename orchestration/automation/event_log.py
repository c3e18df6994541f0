"""Dagster's own record of a run, written quickly.

What belongs here: what makes its SQLite event log cheap enough for some thousand events a run.
What does not: what is recorded, or a record of ours (``quality.rule_results``, the manifest).

Measured on the imaginary clinic: without both, a fifth of a run is spent on this log.
"""

import sqlite3
from typing import Any

_engines: dict[str, Any] = {}


def let_the_event_log_be_quick() -> None:
    """Do not wait for the disk after each event, and keep connections and compiled statements.

    Dagster commits each event by itself: a power cut costs a page of its history, no data. It also
    makes a new engine for each event, which compiles every statement anew, and opens the file up
    to five times for it.
    """
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from sqlalchemy import Engine, QueuePool, create_engine, event

    if event.contains(Engine, "connect", _relax):
        return
    event.listen(Engine, "connect", _relax)

    def kept(url: str, **options: Any) -> Engine:
        if url not in _engines:
            engine = create_engine(url, **options | {"poolclass": QueuePool})
            # Dagster takes each engine down after use, and with it the connections.
            vars(engine)["dispose"] = _stay
            _engines[url] = engine
        made: Engine = _engines[url]
        return made

    vars(sqlite_event_log)["create_engine"] = kept


def _relax(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def _stay(**_options: object) -> None:
    """Nothing: what a process holds of this log ends with it."""
