"""Bytes: receive a file under its hash, keep it in the archive, never lose it to a power cut.

What belongs here: opening, copying, hashing, fsync, rename, the note beside archived bytes.
What does not: what the bytes say.
"""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.errors import ScoutError
from orchestration.landing.refusals import FileRefusalError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Received:
    """A private copy of a landed file, named by its content.

    Attributes:
        path: where the copy lies.
        sha256: hash of the bytes, hex.
        byte_count: their number.
    """

    path: Path
    sha256: str
    byte_count: int


@dataclass(frozen=True)
class Note:
    """What the archive remembers of an accepted file besides its bytes.

    Attributes:
        sequence: the order in which files were accepted.
        source: the folder it came from.
        file_name: its name there.
        sha256: hash of the bytes, hex.
        mapping: the mapping under which it was last accepted, as parsed from ``source.yml``.
        rewritten: says that the bytes are not as they came: withdrawn clients were taken out.
        companions: key of the mapping -> hash of the companion file it was read with.
        accepted_at: when it was first accepted, UTC in ISO form: a warehouse that is rebuilt still
            tells what was known when. None in a note that an earlier version of Scout wrote.
    """

    sequence: int
    source: str
    file_name: str
    sha256: str
    mapping: dict[str, Any]
    rewritten: str | None = None
    companions: dict[str, str] = field(default_factory=dict)
    accepted_at: str | None = None


def sync_folder(folder: Path) -> None:
    """Make renames inside ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def receive_copy(path: Path, folder: Path) -> Received:
    """Copy a landed file into ``folder`` under its hash; only a quiet regular file is taken.

    Raises:
        FileRefusalError: not_a_regular_file, unreadable_file or file_changed.
    """
    name = path.name
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        if path.is_symlink():
            raise _not_regular(name) from None
        message = (
            f"{name} cannot be read. Give Scout permission to read it (chmod u+r), then run again."
        )
        raise FileRefusalError("unreadable_file", message) from None
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        os.close(descriptor)
        raise _not_regular(name)
    with os.fdopen(descriptor, "rb") as source:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / "receiving.part"
        digest = hashlib.sha256()
        byte_count = 0
        with open(partial, "wb", opener=_private) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
                byte_count += len(chunk)
        after = os.fstat(descriptor)
    marks = [(s.st_size, s.st_mtime_ns, s.st_ino) for s in (before, after)]
    if marks[0] != marks[1] or byte_count != after.st_size:
        partial.unlink()
        message = (
            f"{name} changed while it was being read. Wait until the copy into landing has "
            "ended, then run again."
        )
        raise FileRefusalError("file_changed", message)
    final = folder / digest.hexdigest()
    partial.replace(final)
    return Received(final, digest.hexdigest(), byte_count)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _not_regular(name: str) -> FileRefusalError:
    message = (
        f"{name} is a link, a folder or a device, not a file. Put the file itself into the "
        "source's folder."
    )
    return FileRefusalError("not_a_regular_file", message)


def archived(archive: Path, sha256: str) -> Received:
    """The archived bytes of a hash, verified.

    Raises:
        ScoutError: the bytes are missing or damaged.
    """
    path = archive / sha256
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        raise ScoutError(
            f"{path} is missing or cannot be read. Restore it from a backup."
        ) from None
    if digest.hexdigest() != sha256:
        raise ScoutError(
            f"{path} is damaged: its bytes do not match its name. Restore it from a backup."
        )
    return Received(path, sha256, path.stat().st_size)


def keep(
    received: Received, note: Note, archive: Path, companions: Iterable[Received] = ()
) -> None:
    """Put the bytes, their companions and their note into the archive to survive a power cut."""
    archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    for companion in companions:
        # A copy: the next file of the source is read with the same companion.
        if not (archive / companion.sha256).exists():
            staged = archive / f".{companion.sha256}.part"
            shutil.copyfile(companion.path, staged)
            _settle(staged, archive / companion.sha256)
    final = archive / received.sha256
    if received.path != final:
        staged = archive / f".{received.sha256}.part"
        try:
            received.path.replace(staged)
        except OSError:
            # Scratch lies on another file system: a rename cannot reach across.
            shutil.copyfile(received.path, staged)
        _settle(staged, final)
    beside = _note_path(archive, note.source, note.sha256)
    staged = archive / f".{beside.name}.part"
    # What most files have none of is left out.
    optional = ("companions", "rewritten", "accepted_at")
    said = {key: value for key, value in asdict(note).items() if key not in optional or value}
    staged.write_text(json.dumps(said, ensure_ascii=True, indent=1), encoding="ascii")
    _settle(staged, beside)
    sync_folder(archive)


def _settle(staged: Path, final: Path) -> None:
    staged.chmod(0o600)
    with staged.open("rb") as stream:
        os.fsync(stream.fileno())
    staged.replace(final)


def _note_path(archive: Path, source: str, sha256: str) -> Path:
    mark = hashlib.sha256(os.fsencode(source)).hexdigest()[:16]
    return archive / f"{sha256}.{mark}.json"


def discard(note: Note, archive: Path) -> None:
    """Take a note out of the archive, and its bytes where no other note names them."""
    _note_path(archive, note.source, note.sha256).unlink(missing_ok=True)
    if not any(archive.glob(f"{note.sha256}.*.json")):
        (archive / note.sha256).unlink(missing_ok=True)
    sync_folder(archive)


def notes(archive: Path) -> list[Note]:
    """Every note of the archive in the order in which the files were accepted.

    Raises:
        ScoutError: a note cannot be read.
    """
    return sorted(_read_notes(archive), key=lambda note: (note.sequence, note.source, note.sha256))


def _read_notes(archive: Path) -> Iterator[Note]:
    if not archive.is_dir():
        return
    for path in archive.glob("*.json"):
        try:
            yield Note(**json.loads(path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            raise ScoutError(f"{path} is damaged. Restore it from a backup.") from None
