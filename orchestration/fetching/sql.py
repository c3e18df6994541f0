"""A database is read: one query per record type, all of one moment, batch by batch.

What belongs here: the transaction, the rows, the counts that must agree.
What does not: kinds of databases (databases.py), what a value looks like as text (text.py).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.fetching.databases import Database, explained, open_engine
from orchestration.fetching.queries import require_reading
from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.snapshots import LeaveOut, Snapshot, put
from orchestration.fetching.spool import Spool
from orchestration.fetching.text import as_text
from orchestration.landing.files import Note

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH = 5_000


def fetch_sql(
    folder: Path,
    secret: Secret,
    queries: Mapping[str, str],
    *,
    seconds: int,
    scratch: Path,
    notes: Iterable[Note],
    tell: Callable[[str], None],
    leave_out: LeaveOut | None = None,
) -> list[Snapshot]:
    """Bring every query's rows into a file of the source's folder.

    All queries see one moment of the database where it can do that, and none is sent unless all of
    them only read. Either every file is fetched before the first is put in place, or none.

    Args:
        folder: the source's folder in landing.
        secret: the database's address.
        queries: record type -> query.
        seconds: how long one query may take.
        scratch: where rows wait while they are sorted.
        notes: what the archive remembers.
        tell: is told what is being done.
        leave_out: tells the rows of clients who withdrew.

    Returns:
        One snapshot per query, in their order. A query without rows gives none.

    Raises:
        FetchError: anything went wrong; the files of the last time are still there.
    """
    notes = list(notes)
    require_reading(queries)
    engine, database = open_engine(secret, seconds)
    spools: dict[str, tuple[tuple[str, ...], Spool]] = {}
    try:
        with _connected(engine, database, secret, seconds) as connection:
            for kind, query in queries.items():
                tell(f"query {kind}")
                spools[kind] = _read(connection, database, kind, query, scratch, secret, tell)
        return [
            put(folder, file_name(kind), header, spool, notes, leave_out)
            for kind, (header, spool) in spools.items()
            if _has_rows(folder, kind, spool)
        ]
    finally:
        for _, spool in spools.values():
            spool.close()
        engine.dispose()


def file_name(kind: str) -> str:
    """The file of one record type: its name begins as landing wants it."""
    return f"{kind}-fetched.csv"


def _has_rows(folder: Path, kind: str, spool: Spool) -> bool:
    if spool.count:
        return True
    if (folder / file_name(kind)).exists():
        raise FetchError(
            f"query `{kind}` returned no rows where there were some before; the last snapshot "
            f"stays. If that is right, remove {file_name(kind)} from the source's folder."
        )
    return False


def _connected(engine: Any, database: Database, secret: Secret, seconds: int) -> Any:
    """A connection inside a transaction that is never committed."""
    try:
        connection = engine.connect()
    except Exception as error:  # noqa: BLE001 - drivers raise their own; their words stay here
        raise explained(error, secret, "connecting to the database") from None
    try:
        is_mariadb = bool(getattr(connection.dialect, "is_mariadb", False))
        for statement in database.opening(seconds, is_mariadb):
            connection.exec_driver_sql(statement)
    except Exception as error:  # noqa: BLE001 - as above
        connection.close()
        raise explained(error, secret, "asking for a read-only transaction") from None
    # Closing rolls back.
    return closing(connection)


def _read(
    connection: "Connection",
    database: Database,
    kind: str,
    query: str,
    scratch: Path,
    secret: Secret,
    tell: Callable[[str], None],
) -> tuple[tuple[str, ...], Spool]:
    spool = Spool(scratch)
    try:
        query = query.strip().rstrip(";")
        # Without parameters the text goes as it stands: no sign in it means a placeholder.
        options = {"no_parameters": True}
        result = connection.execution_options(
            **options, stream_results=True, yield_per=_BATCH
        ).exec_driver_sql(query)
        header = _checked(tuple(str(name) for name in result.keys()), kind)  # noqa: SIM118 - a result is no dict
        for batch in result.partitions(_BATCH):
            for row in batch:
                spool.add([as_text(v, c) for v, c in zip(row, header, strict=True)])
            tell(f"query {kind}: {spool.count:,} rows")
        result.close()
        if database.can_count:
            counted = connection.execution_options(
                **options, stream_results=False, yield_per=None
            ).exec_driver_sql(f"select count(*) from (\n{query}\n) as scout_counted")
            if (expected := int(counted.scalar_one())) != spool.count:
                raise FetchError(
                    f"query `{kind}`: the database counts {expected:,} rows and {spool.count:,} "
                    "came. Nothing was changed; run again."
                )
    except FetchError:
        spool.close()
        raise
    except Exception as error:  # noqa: BLE001 - drivers raise their own; their words stay here
        spool.close()
        raise explained(error, secret, f"query `{kind}`") from None
    return header, spool


def _checked(header: tuple[str, ...], kind: str) -> tuple[str, ...]:
    if len(set(header)) < len(header) or not all(name.strip() for name in header):
        raise FetchError(
            f"query `{kind}` gives two columns one name, or a column none. Name each with AS."
        )
    if len(header) < 2:
        raise FetchError(f"query `{kind}` gives one column only; a record has a client and more.")
    return header
