"""What is at work in a home: a run, the schedule, the daemon. Looking changes nothing.

What belongs here: reading the lock of a run, and what Dagster wrote down, without Dagster.
What does not: starting or stopping anything (``running``, ``user_interface``).
"""

import fcntl
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

# The daemon says every half minute that it lives; Dagster itself calls it dead after five.
_HEARTBEAT_SECONDS = 300


def running_process(lock: Path) -> int | None:
    """The process that holds the home, or None.

    A shared lock is asked for only where the process that the file names still lives, so that a run
    which starts at this very moment does not find the home taken by somebody who only looks.
    """
    try:
        named = int(lock.read_text(encoding="ascii").strip())
        os.kill(named, 0)
    except PermissionError:
        pass
    except (OSError, ValueError):
        return None
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return named
    finally:
        os.close(descriptor)
    return None


def is_on(settings: Settings, kind: str) -> bool:
    """Whether the daily schedule (SCHEDULE) or the folder watcher (SENSOR) is turned on."""
    rows = _rows_of_dagster(
        settings.dagster / "schedules" / "schedules.db",
        "select status, instigator_body from instigators where instigator_type = ?",
        kind,
    )
    names = {"SCHEDULE": "daily", "SENSOR": "landing"}
    return any(status == "RUNNING" and _name(body) == names[kind] for status, body in rows)


def _name(body: str) -> str | None:
    told: Any = json.loads(body)
    name = told.get("origin", {}).get("job_name")
    return name if isinstance(name, str) else None


def is_daemon_alive(settings: Settings, now: datetime) -> bool:
    """Whether `scout ui` is running, which starts what is turned on; ``now`` is UTC."""
    rows = _rows_of_dagster(
        settings.dagster / "history" / "runs.db", "select max(timestamp) from daemon_heartbeats"
    )
    last = rows[0][0] if rows else None
    if not last:
        return False
    return (now - datetime.fromisoformat(str(last))).total_seconds() < _HEARTBEAT_SECONDS


def _rows_of_dagster(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    """Rows of one of Dagster's SQLite files; none where it is not there or not as expected."""
    if not path.exists():
        return []
    # Without a log beside it nobody has it open, and looking must not make one.
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as connection:
            return connection.execute(query, values).fetchall()
    except sqlite3.Error:
        return []
