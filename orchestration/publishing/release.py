"""A release: a new folder, verified and fsynced, to which ``current`` then moves.

What belongs here: building the folder, its manifest, the switch, and clearing old folders.
What does not: deciding whether a release may be published (the checks do).
A reader never waits and never sees half: it opens ``current/…`` and keeps what it opened.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.publishing.catalogue import (
    PUBLISHED,
    REFRESHED,
    copy_comments,
    copy_table,
)
from orchestration.settings import Settings

MANIFEST = "manifest.json"
CANDIDATE = ".candidate"
REPORTS = "reports"
# In place of the manifest where a withdrawal left no more of a release than its dashboard.
SPENT = "withdrawn.json"


@dataclass(frozen=True)
class Release:
    """A published release.

    Attributes:
        sequence: its number; a later release has a higher one, whatever the clock says.
        folder: where its files are.
        manifest: what its ``manifest.json`` says.
    """

    sequence: int
    folder: Path
    manifest: dict[str, Any]


def read_current(settings: Settings) -> Release | None:
    """The release that ``current`` points at, or None before the first."""
    try:
        return _read(settings.current.resolve(strict=True))
    except OSError:
        return None


def kept(settings: Settings) -> list[Release]:
    """The releases that are still there and have a manifest, oldest first."""
    found = (_read(folder) for _, folder in _numbered(settings))
    return [release for release in found if release is not None]


def _read(folder: Path) -> Release | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Release(int(manifest["sequence"]), folder, manifest)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_intact(release: Release) -> bool:
    """Whether every file of the release still has the bytes its manifest names."""
    files: dict[str, Any] = release.manifest["files"]
    return all(
        (release.folder / name).is_file() and file_hash(release.folder / name) == told["sha256"]
        for name, told in files.items()
    )


def build_candidate(
    settings: Settings, say: Callable[[str], None] = lambda _: None
) -> dict[str, int]:
    """Copy the declared tables of the warehouse into a candidate folder.

    Args:
        settings: the home.
        say: told what is being copied: millions of rows take minutes.

    Returns:
        Row counts by ``schema.table``.
    """
    folder = candidate_folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    counts: dict[str, int] = {}
    for name, (schema, tables) in PUBLISHED.items():
        with _attached(settings, folder / name) as connection:
            connection.execute(f"create schema if not exists release.{schema}")
            for table in tables:
                say(f"copying {schema}.{table}")
                counts[f"{schema}.{table}"] = copy_table(connection, schema, table)
            copy_comments(connection, schema, tables)
    return counts


def refresh(settings: Settings) -> dict[str, int]:
    """Copy again what was written after the candidate was built (``catalogue.REFRESHED``).

    Returns:
        Row counts by ``schema.table``.
    """
    counts: dict[str, int] = {}
    for file, tables in REFRESHED.items():
        schema = PUBLISHED[file][0]
        with _attached(settings, candidate_folder(settings) / file) as connection:
            for table in tables:
                counts[f"{schema}.{table}"] = copy_table(connection, schema, table)
            copy_comments(connection, schema, tables)
    return counts


def publish_candidate(settings: Settings, facts: dict[str, Any]) -> Release:
    """Seal the candidate with its manifest, make it durable, and move ``current`` to it.

    A rebuild as known at a date leaves ``current`` alone: the link ``as-of-<date>`` names it, and
    it stays until it is rebuilt or deleted.

    Args:
        settings: the home.
        facts: what the manifest is to say beside sequence, time and files.

    Returns:
        The release that the link now names.
    """
    folder = candidate_folder(settings)
    earlier = _numbered(settings)
    sequence = next_sequence(settings)
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    files = {
        name: {"sha256": file_hash(folder / name), "bytes": (folder / name).stat().st_size}
        for name in names
    }
    manifest = {
        "sequence": sequence,
        "published_at": settings.clock().isoformat(timespec="seconds"),
        "files": files,
        **facts,
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    for path in [*sorted(folder.rglob("*")), folder]:
        path.chmod(0o600 if path.is_file() else 0o700)
        _fsync(path)
    target = settings.releases / f"{_prefix(settings)}{sequence:06d}"
    folder.rename(target)
    _fsync(settings.releases)
    _switch(settings, target)
    _prune(earlier, kept=settings.releases_kept - 1 if settings.as_of is None else 0)
    return Release(sequence, target, manifest)


def earlier_folders(settings: Settings) -> list[Path]:
    """The folders of the releases that are still there, the oldest first."""
    return [path for _, path in _numbered(settings)]


def last_told(settings: Settings) -> tuple[int, Path] | None:
    """Number and folder of the release that readers know last, though no link may name it.

    After a withdrawal its dashboard alone is left, for the next release to be compared with.
    """
    current = read_current(settings)
    if current is not None:
        return current.sequence, current.folder
    plain = _numbered(settings.model_copy(update={"as_of": None}))
    return plain[-1] if plain else None


def policy_of(folder: Path) -> str | None:
    """By which disclosure policy the numbers in a release's folder were held back, where told."""
    for name in (MANIFEST, SPENT):
        try:
            told = json.loads((folder / name).read_text(encoding="utf-8"))
            policy: str | None = told["disclosure"]["policy"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        return policy
    return None


def next_sequence(settings: Settings) -> int:
    """The number that the next release will have."""
    return 1 + max((number for number, _ in _numbered(settings)), default=0)


def write_report(settings: Settings, name: str, page: str | bytes) -> None:
    """Put a page or a picture among the candidate's reports; ``name`` may have a folder in it."""
    path = candidate_folder(settings) / REPORTS / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(page.encode() if isinstance(page, str) else page)


def link_of(settings: Settings) -> Path:
    """The symbolic link that names what these settings publish."""
    return (
        settings.home / _prefix(settings).removesuffix(".") if settings.as_of else settings.current
    )


def remove_links(settings: Settings) -> None:
    """Take away every link to a release; the caller removes what they name."""
    for link in (settings.current, *settings.home.glob("as-of-*")):
        if link.is_symlink():
            link.unlink()


def candidate_folder(settings: Settings) -> Path:
    """Where the next release is built."""
    return settings.releases / CANDIDATE


@contextmanager
def _attached(settings: Settings, path: Path) -> Iterator[warehouse.Connection]:
    """An in-memory connection with the warehouse to read and one release file to write."""
    with warehouse.in_memory(settings) as connection:
        warehouse.attach(connection, settings.warehouse, "warehouse", read_only=True)
        warehouse.attach(connection, path, "release", read_only=False)
        # One transaction: a thousand descriptions would each be written to disk by themselves.
        connection.begin()
        yield connection
        connection.commit()
        connection.execute("checkpoint release")


def _prefix(settings: Settings) -> str:
    return f"as-of-{settings.as_of}." if settings.as_of else ""


def _numbered(settings: Settings) -> list[tuple[int, Path]]:
    """The releases of this kind (plain, or as known at that date) in order."""
    if not settings.releases.is_dir():
        return []
    prefix = _prefix(settings)
    found = [
        (path.name.removeprefix(prefix), path)
        for path in settings.releases.iterdir()
        if path.name.startswith(prefix)
    ]
    return sorted((int(number), path) for number, path in found if number.isdigit())


def _switch(settings: Settings, target: Path) -> None:
    link = link_of(settings)
    beside = settings.home / f".{link.name}.new"
    beside.unlink(missing_ok=True)
    # Relative, so that the home can be moved or mounted elsewhere.
    beside.symlink_to(target.relative_to(settings.home))
    beside.replace(link)
    _fsync(settings.home)


def _prune(earlier: list[tuple[int, Path]], kept: int) -> None:
    for _, path in earlier[: max(len(earlier) - kept, 0)]:
        shutil.rmtree(path, ignore_errors=True)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    # DuckDB's files and a new folder's entries are not durable before this (reliability.md 0.1).
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
