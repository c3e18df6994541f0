"""Dagster's own record of a run, written quickly.

What belongs here: what makes its SQLite event log cheap enough for some thousand events a run.
What does not: what is recorded, or a record of ours (``quality.rule_results``, the manifest).

Measured on the imaginary clinic: without the first two, a fifth of a run is spent on this log, and
a fifth of what is left without the others.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

_engines: dict[str, Any] = {}


def let_the_event_log_be_quick() -> None:
    """Do not wait for the disk after each event; do not do or ask again what stays the same.

    Dagster commits each event by itself: a power cut costs a page of its history, no data. It also
    makes a new engine for each event, which compiles every statement anew, and opens the file up
    to five times for it; asks for each whether the log has the tables and columns of an upgrade;
    and writes the event of a check as JSON twice.
    """
    from dagster._core.storage.event_log import sql_event_log
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
    storage: Any = sqlite_event_log.SqliteEventLogStorage
    for question in ("has_table", "_has_asset_key_col_on_connection"):
        setattr(storage, question, _asked_once(getattr(storage, question)))
    writing = vars(sql_event_log)
    writing["serialize_value"] = _kept_for_a_second_time(writing["serialize_value"])


def _asked_once(question: Callable[..., bool]) -> Callable[..., bool]:
    """A question whether a log has what its last argument names: a yes stays a yes."""

    def asked(storage: Any, *arguments: Any) -> bool:
        known = vars(storage).setdefault("_known_to_be_there", set())
        fact = (question.__name__, arguments[-1])
        if fact not in known and question(storage, *arguments):
            known.add(fact)
        return fact in known

    return asked


def _kept_for_a_second_time(serialize: Callable[..., str]) -> Callable[..., str]:
    """The same writing, of one value after another; Dagster's events do not change."""
    last: tuple[Any, str] = None, ""

    def serialized(value: Any, *arguments: Any, **named: Any) -> str:
        nonlocal last
        if arguments or named:
            return serialize(value, *arguments, **named)
        # One pair, replaced whole: another thread may be writing too.
        pair = last
        if value is not pair[0]:
            pair = last = value, serialize(value)
        return pair[1]

    return serialized


def _relax(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def _stay(**_options: object) -> None:
    """Nothing: what a process holds of this log ends with it."""
