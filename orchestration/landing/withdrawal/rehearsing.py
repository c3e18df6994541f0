"""Archived files: one written again, and whether all that hold a client can be, before any is.

What belongs here: an archived file with the mapping and the companions it was accepted with; the
rehearsal, of which nothing stays.
What does not: the order of the steps (``orchestration.forgetting``), the writing (erasing.py).
"""

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError
from orchestration.landing import files
from orchestration.landing.formats.erasure import Erased
from orchestration.landing.mapping import FILE_NAME, parse_mapping
from orchestration.landing.withdrawal.erasing import erase
from orchestration.landing.withdrawal.tombstones import Tombstones

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["erase_archived", "unwritable"]


def erase_archived(
    connection: "Connection",
    archive: Path,
    note: files.Note,
    target: Path,
    tombstones: Tombstones,
) -> Erased | None:
    """:func:`erase` for an archived file.

    Raises:
        ScoutError: the archive is damaged, or the file cannot be written again.
    """
    received = files.archived(archive, note.sha256)
    mapping = parse_mapping(note.mapping, f"archive note of {note.source}/{FILE_NAME}")
    beside = {key: files.archived(archive, sha256).path for key, sha256 in note.companions.items()}
    target.unlink(missing_ok=True)
    try:
        return erase(connection, received.path, target, note.file_name, mapping, tombstones, beside)
    except Exception as error:  # noqa: BLE001 - a message of another library may quote a cell
        message = (
            f"{note.source}/{note.file_name} could not be rewritten ({type(error).__name__}). "
            "Check the free space on the disk, then call `scout forget` again: it goes on where "
            "it stopped."
        )
        raise ScoutError(message) from None


def unwritable(
    connection: "Connection",
    archive: Path,
    scratch: Path,
    hashes: Collection[str],
    client: str,
    episodes: Collection[str],
) -> tuple[str, ...]:
    """The names and hashes of archived files that hold a client and cannot be written again.

    Args:
        connection: for what DuckDB reads.
        archive: where the files are; nothing in it is changed.
        scratch: where copies lie for a moment.
        hashes: the files to try.
        client: the client's id.
        episodes: the ids of the client's own episodes.
    """
    folder = scratch / "rehearsal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    stuck = []
    try:
        tombstones = Tombstones(folder)
        tombstones.add(client, set(episodes))
        for note in files.notes(archive):
            if note.sha256 not in hashes:
                continue
            try:
                erased = erase_archived(connection, archive, note, folder / "file", tombstones)
            except ScoutError:
                erased = None
            if erased is None:
                stuck.append(f"{note.source}/{note.file_name} (archive/{note.sha256[:12]}...)")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tuple(sorted(stuck))
