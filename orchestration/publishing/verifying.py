"""Whether published releases still are what their manifests say: `scout verify`.

What belongs here: comparing the bytes and row counts of a release with its manifest.
What does not: mending anything, or judging the data (``expectations``).
"""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.publishing.catalogue import PUBLISHED
from orchestration.publishing.release import MANIFEST, Release, file_hash, kept, read_current
from orchestration.settings import Settings


@dataclass(frozen=True)
class Finding:
    """What was compared in one file, and what differed, in a sentence; empty where all agrees."""

    file: str
    compared: str
    differs: str


def verify(settings: Settings, console: Console, sequence: int | None) -> int:
    """Show what was compared; 0 if every release is what its manifest says, else 1.

    Args:
        settings: the home.
        console: where it is shown.
        sequence: one release; all that are kept if None.

    Raises:
        SettingsError: there is no such release.
    """
    releases = [found for found in kept(settings) if sequence in (None, found.sequence)]
    if not releases:
        what = f"release {sequence}" if sequence is not None else "release"
        message = f"There is no {what} in {settings.home}. `scout run` publishes one."
        raise SettingsError(message)
    current = read_current(settings)
    table = Table("release", "file", "compared", "result", box=None)
    broken = 0
    for release in releases:
        is_current = current is not None and current.sequence == release.sequence
        for finding in examine(settings, release):
            broken += bool(finding.differs)
            table.add_row(
                f"{release.sequence}{' (current)' if is_current else ''}",
                finding.file,
                finding.compared,
                f"[bold red]{finding.differs}[/]" if finding.differs else "[green]agrees[/]",
            )
    console.print(table)
    console.print(
        f"{broken} of {table.row_count} files are not what was published: "
        "`scout run --always` publishes anew."
        if broken
        else f"{table.row_count} files in {len(releases)} releases are what was published."
    )
    return 1 if broken else 0


def examine(settings: Settings, release: Release) -> list[Finding]:
    """One finding per file that the manifest names, and per file that it does not."""
    named = release.manifest["files"]
    there = {
        path.relative_to(release.folder).as_posix()
        for path in release.folder.rglob("*")
        if path.is_file()
    }
    stray = sorted(there - set(named) - {MANIFEST})
    return [
        *(_examine_file(settings, release, name) for name in sorted(named)),
        *(Finding(name, "that it was published", "nobody published this file") for name in stray),
    ]


def _examine_file(settings: Settings, release: Release, name: str) -> Finding:
    path = release.folder / name
    if not path.is_file():
        return Finding(name, "that it is there", "the file is gone")
    if file_hash(path) != release.manifest["files"][name]["sha256"]:
        return Finding(name, "hash", "the bytes have changed")
    told: dict[str, int] = release.manifest.get("row_counts", {})
    schema = PUBLISHED[name][0] if name in PUBLISHED else None
    tables = sorted(table for table in told if schema and table.startswith(f"{schema}."))
    if not tables:
        return Finding(name, "hash", "")
    with warehouse.open_to_read(settings, path) as connection:
        counts = {table: warehouse.count_rows(connection, *table.split(".")) for table in tables}
    wrong = [table for table in tables if counts[table] != told[table]]
    compared = f"hash, rows of {len(tables)} tables"
    return Finding(name, compared, f"row counts differ: {', '.join(wrong)}" if wrong else "")
