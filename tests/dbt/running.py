"""Calling dbt on this checkout in a folder of the test session.

What belongs here: where dbt reads and writes, and what it left behind.
What does not: what is expected of it.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DBT_PROJECT = CHECKOUT / "dbt_project"


@dataclass(frozen=True)
class Dbt:
    """The dbt project of this checkout, run in a folder of the test session.

    Attributes:
        folder: where dbt writes and where the warehouse lies.
    """

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds into."""
        return self.folder / "warehouse.duckdb"

    def run(self, *arguments: str) -> None:
        """Run one dbt command; a failure ends the test with what dbt said."""
        environment = os.environ | {
            "SCOUT_WAREHOUSE": str(self.warehouse),
            "SCOUT_SPILL": str(self.folder / "spill"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DO_NOT_TRACK": "1",
        }
        places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
        command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", *arguments, *places]
        done = subprocess.run(
            command, env=environment, cwd=DBT_PROJECT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.fail(f"dbt {' '.join(arguments)}:\n{done.stdout[-4000:]}", pytrace=False)

    def artifact(self, name: str) -> dict[str, Any]:
        """One of the JSON files that dbt leaves behind."""
        found: dict[str, Any] = json.loads((self.folder / "target" / name).read_text())
        return found
