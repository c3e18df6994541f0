"""What a release says it was made from.

What belongs here: reading ``lineage.json`` and walking it.
What does not: writing it (``publishing.lineage``).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.publishing.lineage import LINEAGE_FILE, ancestry
from orchestration.publishing.release import Release


@dataclass(frozen=True)
class SourceFile:
    """A file that was loaded: its number, folder, name, bytes, kind of records, rows and time."""

    load_id: str
    source: str
    file_name: str
    sha256: str
    record_type: str | None
    rows_loaded: int
    loaded_at: str


@dataclass(frozen=True)
class Lineage:
    """Which tables were made from which, how many rows each had, and which files were loaded.

    Attributes:
        made_from: for each ``schema.table`` those that it reads.
        rows: for each stored table its rows; None for a view.
        grain: for each table the columns that single out one row, where somebody stated them.
        files: every file that counts in the release.
    """

    made_from: dict[str, list[str]]
    rows: dict[str, int | None]
    grain: dict[str, list[str]]
    files: tuple[SourceFile, ...]

    def ancestors(self, table: str) -> list[str]:
        """Everything that ``table`` was made from, nearest first."""
        return ancestry([table], self.made_from)[1:]


def read_lineage(release: Release) -> Lineage | None:
    """What the release was made from; None where it was made before this was written down."""
    path: Path = release.folder / LINEAGE_FILE
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return None
    return Lineage(
        {table: found["made_from"] for table, found in told["tables"].items()},
        {table: found["rows"] for table, found in told["tables"].items()},
        {table: found.get("grain", []) for table, found in told["tables"].items()},
        tuple(SourceFile(**file) for file in told["files"]),
    )
