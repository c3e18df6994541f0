"""At the door: a file that arrives with a withdrawn client goes on without that client's records.

What belongs here: the one step between receiving a file and judging it.
What does not: the rewriting itself (erasing.py).
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing.files import Received
from orchestration.landing.mapping import Mapping
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged, quoted
from orchestration.landing.withdrawal.erasing import erase
from orchestration.landing.withdrawal.tombstones import CLIENT, EPISODE, Tombstones

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["leave_out", "refuse_withdrawn"]


def leave_out(
    connection: "Connection",
    tombstones: Tombstones,
    mapping: Mapping,
    name: str,
    received: Received,
    companions: Dictionary[str, Received],
) -> tuple[Received, int]:
    """The received file without the records of withdrawn clients, and how many those were.

    A file whose ending its source does not read is returned as it came: it will be refused.

    Raises:
        FileRefusalError: whether it holds them cannot be told, or it cannot be written without
            them; it must not come in.
    """
    if not tombstones or Path(name).suffix.lower() not in mapping.reader.extensions:
        return received, 0
    target = received.path.with_name(f"{received.sha256}.without")
    beside = {key: one.path for key, one in companions.items()}
    try:
        erased = erase(connection, received.path, target, name, mapping, tombstones, beside)
    except FileRefusalError:
        raise
    except Exception:  # noqa: BLE001 - a message of another library may quote a cell
        target.unlink(missing_ok=True)
        message = (
            f"{name} cannot be read or written reliably, so that clients who withdrew cannot be "
            "left out. Export it again, without them if you can."
        )
        raise FileRefusalError("unreadable_file", message) from None
    if erased is None or not erased.removed:
        target.unlink(missing_ok=True)
        return received, 0
    # Of a file that holds nobody else, nothing may have been written.
    target.touch()
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    target.chmod(0o600)
    received.path.unlink()
    final = target.replace(received.path.with_name(sha256))
    return Received(final, sha256, final.stat().st_size), erased.removed


def refuse_withdrawn(
    connection: "Connection",
    tombstones: Tombstones,
    mapping: Mapping,
    tables: Iterable[Staged],
    name: str,
) -> None:
    """Refuse a file that still holds a withdrawn client: of a format that is not rewritten.

    Raises:
        FileRefusalError: withdrawn_client.
    """
    if not tombstones:
        return
    client, episode = mapping.reader.id_columns(mapping)
    for staged in tables:
        for column, kind in (
            (client, CLIENT), ("client_id", CLIENT),
            (episode, EPISODE), ("episode_id", EPISODE),
        ):  # fmt: skip
            if column not in staged.header:
                continue
            prefix = (mapping.client_id_prefix or "") if kind == CLIENT else ""
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
