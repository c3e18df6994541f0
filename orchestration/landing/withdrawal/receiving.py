"""At the door: a file that arrives with a withdrawn client goes on without that client's records.

What belongs here: the one step between receiving a file and judging it.
What does not: the rewriting itself (erasing.py).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.landing.files import Received
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged, quoted
from orchestration.landing.withdrawal.erasing import Columns, erase
from orchestration.landing.withdrawal.tombstones import CLIENT, EPISODE, Tombstones

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["leave_out", "refuse_withdrawn"]


def leave_out(
    connection: "Connection",
    tombstones: Tombstones,
    mapping: Any,
    name: str,
    received: Received,
) -> tuple[Received, int]:
    """The received file without the records of withdrawn clients, and how many those were.

    A damaged file, or one of a format that cannot be rewritten, is returned as it came.
    """
    if not tombstones:
        return received, 0
    target = received.path.with_name(f"{received.sha256}.without")
    try:
        erased = erase(
            connection, received.path, target, Path(name).suffix.lower(), Columns.of(mapping),
            tombstones,
        )  # fmt: skip
    except Exception:  # noqa: BLE001 - whatever is wrong with it is for the judge to say
        erased = None
    if erased is None or not erased.removed:
        target.unlink(missing_ok=True)
        return received, 0
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    target.chmod(0o600)
    received.path.unlink()
    final = target.replace(received.path.with_name(sha256))
    return Received(final, sha256, final.stat().st_size), erased.removed


def refuse_withdrawn(
    connection: "Connection",
    tombstones: Tombstones,
    mapping: Any,
    tables: Iterable[Staged],
    name: str,
) -> None:
    """Refuse a file that still holds a withdrawn client: of a format that is not rewritten.

    Raises:
        FileRefusalError: withdrawn_client.
    """
    if not tombstones:
        return
    columns = Columns.of(mapping)
    for staged in tables:
        for column, kind in (
            (columns.client, CLIENT), ("client_id", CLIENT),
            (columns.episode, EPISODE), ("episode_id", EPISODE),
        ):  # fmt: skip
            if column not in staged.header:
                continue
            prefix = columns.prefix if kind == CLIENT else ""
            cells = connection.execute(
                f"select distinct {quoted(column)} from {staged.table} "
                f"where {quoted(column)} is not null"
            )
            while rows := cells.fetchmany(10_000):
                if any(tombstones.holds(kind, f"{prefix}{row[0]}") for row in rows):
                    message = (
                        f"{name} holds a client who withdrew, and Scout cannot take one client out "
                        "of this kind of file. Export it again without this client."
                    )
                    raise FileRefusalError("withdrawn_client", message)
