"""What was fetched becomes a file in landing: whole, in place at once, the same for the same rows.

What belongs here: writing CSV, counting it again, the rename, and what happens when a source goes
back to what it once was.
What does not: fetching, or reading what the file says. Rows of clients who withdrew are never
written: who they are is for ``landing.withdrawal`` to say.

Landing takes the same bytes once, however often they come. A source that changes a value and later
changes it back would give the first bytes again, and landing would keep the change that was taken
back. Such a snapshot is therefore written with other bytes of the same meaning: the first cells
are put in quotes, in a pattern that counts the returns. The archive remembers what was taken.
"""

import csv
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.fetching.refusing import FetchError
from orchestration.fetching.spool import Spool
from orchestration.landing.files import Note, sync_folder

Rows = Callable[[], Iterator[Sequence[str]]]
# Header and rows -> the question whether a row is left out.
LeaveOut = Callable[[Sequence[str], Rows], Callable[[Sequence[str]], bool]]
_NEEDS_QUOTES = frozenset(',"\r\n')
# What a cell may hold: landing refuses longer lines anyway.
_CELL_LIMIT = 1 << 24


@dataclass(frozen=True)
class Snapshot:
    """One file of a remote source.

    Attributes:
        name: the file's name in the source's folder.
        rows: records in it.
        is_new: whether its bytes were not there before.
    """

    name: str
    rows: int
    is_new: bool


def put(
    folder: Path,
    name: str,
    header: Sequence[str],
    spool: Spool,
    notes: Iterable[Note],
    leave_out: LeaveOut | None = None,
) -> Snapshot:
    """Make the file ``name`` hold exactly the rows of ``spool``, but for those left out.

    The file that is there stays readable until the new one is complete and on the disk.

    Args:
        folder: the source's folder in landing.
        name: the file's name.
        header: the column names.
        spool: the rows, in order.
        notes: what the archive remembers, of all sources.
        leave_out: tells the rows of clients who withdrew; None where nobody did.

    Raises:
        FetchError: the disk is full, or what was written is not what was fetched.
    """
    mine = [note for note in notes if note.source == folder.name]
    taken = {note.sha256 for note in mine}
    newest = next((one.sha256 for one in reversed(mine) if one.file_name == name), None)
    rows: Rows = spool.rows
    if leave_out is not None:
        goes = leave_out(header, spool.rows)

        def rows() -> Iterator[Sequence[str]]:
            return (row for row in spool.rows() if not goes(row))

    return _settle(folder / name, header, rows, taken, newest)


def put_companion(
    folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Snapshot:
    """Make a file that holds no records hold exactly these rows, in their order.

    Raises:
        FetchError: as :func:`put`.
    """
    return _settle(folder / name, header, lambda: iter(rows), set(), None)


def _settle(
    final: Path,
    header: Sequence[str],
    rows: Rows,
    taken: Collection[str],
    newest: str | None,
) -> Snapshot:
    partial = final.with_name(f".{final.name}.part")
    try:
        latest = file_hash(final) if final.exists() else newest
        for returns in range(len(taken) + 1):
            written, count = _write(partial, header, rows(), returns)
            if written == latest or written not in taken:
                break
        if final.exists() and written == latest:
            partial.unlink()
            return Snapshot(final.name, count, is_new=False)
        _prove(partial, header, count)
        partial.replace(final)
        sync_folder(final.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise FetchError(
            f"{final.name} could not be written ({type(error).__name__}). Check the free space on "
            "the disk and that Scout may write in the source's folder."
        ) from None
    return Snapshot(final.name, count, is_new=written != latest)


def _write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], returns: int
) -> tuple[str, int]:
    digest, count = hashlib.sha256(), -1
    path.unlink(missing_ok=True)
    with open(path, "xb", opener=_private) as file:
        for line in _lines(header, rows, returns):
            data = line.encode("utf-8")
            digest.update(data)
            file.write(data)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), count


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]], returns: int) -> Iterator[str]:
    yield _line(header, returns)
    returns >>= len(header)
    for row in rows:
        yield _line(row, returns)
        returns >>= len(row)


def _line(cells: Sequence[str], quoted: int) -> str:
    """One record; bit n of ``quoted`` puts cell n in quotes even where it needs none."""
    if not quoted:
        return ",".join(_cell(cell) for cell in cells) + "\n"
    return ",".join(_cell(cell, bool(quoted >> n & 1)) for n, cell in enumerate(cells)) + "\n"


def _cell(cell: str, always: bool = False) -> str:
    if always or not _NEEDS_QUOTES.isdisjoint(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _prove(path: Path, header: Sequence[str], rows: int) -> None:
    """Read the file again with Python's own reader and count."""
    csv.field_size_limit(_CELL_LIMIT)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        widths_fit = next(reader, None) == list(header)
        found = 0
        for row in reader:
            found += 1
            widths_fit &= len(row) == len(header)
    if not widths_fit or found != rows:
        path.unlink()
        raise FetchError(
            f"{path.name[1:].removesuffix('.part')}: {rows:,} rows were fetched and {found:,} "
            "were written. Nothing was changed; run again."
        )


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
