"""The ledger of loads: what was accepted or refused, under which contract, and in which order.

What belongs here: every statement about ``raw.loads``.
What does not: rows of files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.landing.loading import Counts

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


@dataclass(frozen=True)
class Load:
    """One line of the ledger.

    Attributes:
        sequence: the load's number.
        source: the folder.
        file_name: the name under which the bytes first came.
        sha256: hash of the bytes; None where they could not be read.
        contract: hash of mapping and registry.
        record_type: a tidy kind or ``wide``.
        status: loaded or refused.
        refusal: the code of a refused file.
        message: what a user needs to know.
        byte_count: size of the file.
        counts: what became of its rows.
    """

    sequence: int
    source: str
    file_name: str
    sha256: str | None
    contract: str
    record_type: str | None
    status: str
    refusal: str | None = None
    message: str | None = None
    byte_count: int | None = None
    counts: Counts = field(default_factory=Counts)


_COLUMNS = (
    "load_sequence, source, file_name, sha256, contract_sha256, record_type, status, "
    "refusal, message, "
    "byte_count, rows_read, rows_loaded, rows_refused, rows_repeated, values_loaded, values_refused"
)


def _load(row: Sequence[object]) -> Load:
    counts = Counts(*(int(str(value)) if value is not None else 0 for value in row[10:16]))
    return Load(*row[:10], counts=counts)  # type: ignore[arg-type,misc]  # an SQL row


def add(connection: "Connection", load: Load, known_since: datetime) -> None:
    """Write one line; ``known_since`` is what a rebuild as known at a date goes by."""
    counts = load.counts
    numbers = (
        counts.rows_read,
        counts.rows_loaded,
        counts.rows_refused,
        counts.rows_repeated,
        counts.values_loaded,
        counts.values_refused,
    )
    connection.execute(
        f"insert into raw.loads ({_COLUMNS}, load_id, loaded_at, retired_by) "
        f"values ({', '.join('?' * 18)}, null)",
        [
            load.sequence,
            load.source,
            load.file_name,
            load.sha256,
            load.contract,
            load.record_type,
            load.status,
            load.refusal,
            load.message,
            load.byte_count,
            *numbers,
            f"load-{load.sequence:06d}",
            known_since.astimezone(UTC).replace(tzinfo=None),
        ],
    )


def active(connection: "Connection") -> list[Load]:
    """The loads whose rows count, in order."""
    rows = connection.execute(
        f"select {_COLUMNS} from raw.loads where status = 'loaded' and retired_by is null "
        "order by load_sequence"
    ).fetchall()
    return [_load(row) for row in rows]


def active_load(connection: "Connection", source: str, sha256: str) -> Load | None:
    """The load of these bytes whose rows count, if there is one."""
    rows = connection.execute(
        f"select {_COLUMNS} from raw.loads where status = 'loaded' and retired_by is null "
        "and source = ? and sha256 = ?",
        [source, sha256],
    ).fetchall()
    return _load(rows[0]) if rows else None


def refused(
    connection: "Connection", source: str, sha256: str | None, contract: str, file_name: str
) -> Load | None:
    """The line that says these bytes were refused under this contract.

    Without a hash (the bytes could not be read) the file's name takes its place.
    """
    rows = connection.execute(
        f"select {_COLUMNS} from raw.loads where status = 'refused' and source = ? and "
        "contract_sha256 = ? "
        "and (sha256 = ? or (?::varchar is null and sha256 is null and file_name = ?)) "
        "order by load_sequence desc limit 1",
        [source, contract, sha256, sha256, file_name],
    ).fetchall()
    return _load(rows[0]) if rows else None


def reasons(connection: "Connection", sequence: int) -> dict[str, int]:
    """Reason -> number of refusals of one load."""
    rows = connection.execute(
        "select reason, count(*) from raw.refusals where load_sequence = ? group by reason "
        "order by reason",
        [sequence],
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def greatest_sequence(connection: "Connection") -> int:
    """The greatest number in use or promised to a load that is to come; 0 for none."""
    rows = connection.execute(
        "select greatest(coalesce(max(load_sequence), 0), coalesce(max(retired_by), 0)) from "
        "raw.loads"
    ).fetchall()
    return int(rows[0][0] or 0)


def entangled(connection: "Connection", after: int) -> set[int]:
    """Loads after ``after`` that left something out, or corrected or were corrected by another."""
    rows = connection.execute(
        """
        select load_sequence from raw.loads
        where status = 'loaded' and retired_by is null and load_sequence > ?
            and (rows_repeated > 0
                or load_sequence in (select load_sequence from raw.superseded)
                or load_sequence in (select superseded_by from raw.superseded))
        """,
        [after],
    ).fetchall()
    return {int(row[0]) for row in rows}


def retire(connection: "Connection", successors: dict[int, int]) -> None:
    """Mark loads as replaced: old number -> the number promised to what takes its place."""
    connection.execute("begin")
    for old, new in successors.items():
        connection.execute(
            "update raw.loads set retired_by = ? where load_sequence = ?", [new, old]
        )
    connection.execute("commit")


def promised(connection: "Connection") -> dict[tuple[str, str], int]:
    """(source, sha256) -> the number promised to a load that has not happened yet."""
    rows = connection.execute(
        """
        select source, sha256, max(retired_by) from raw.loads where retired_by is not null
        group by source, sha256
        having max(retired_by) not in (select load_sequence from raw.loads)
        """
    ).fetchall()
    return {(str(source), str(sha256)): int(number) for source, sha256, number in rows}


def used_sequences(connection: "Connection") -> set[int]:
    """Every number the ledger holds."""
    return {
        int(row[0]) for row in connection.execute("select load_sequence from raw.loads").fetchall()
    }
