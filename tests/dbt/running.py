"""Calling dbt on this checkout in a folder of the test session.

What belongs here: where dbt reads and writes, and what it left behind.
What does not: what is expected of it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.assets import dbt_calling
from orchestration.assets.parsed_project import parsed_project
from orchestration.settings import Settings

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
        return Settings(home=self.folder).warehouse

    @property
    def reading(self) -> Path:
        """What dbt wrote when it read the project, once for all that ask."""
        return parsed_project(Settings(home=self.folder)).path

    def run(self, *arguments: str) -> None:
        """Run one dbt command; a failure ends the test with what dbt said."""
        from dbt.contracts.graph.manifest import Manifest

        # dbt writes what it compiles into what it has read: each command has its own to write in.
        own = Manifest.from_msgpack(self.reading.with_name("manifest.msgpack").read_bytes())
        done = dbt_calling.invoke(
            Settings(home=self.folder), arguments, target=self.folder / "target", manifest=own
        )
        if not done.success:
            told = done.exception or "\n".join(
                f"{each.node.name}: {each.status}: {each.message}"
                for each in done.result
                if each.status in ("error", "fail", "runtime error")
            )
            pytest.fail(f"dbt {' '.join(arguments)}:\n{told}"[:4000], pytrace=False)

    def artifact(self, name: str) -> dict[str, Any]:
        """One of the JSON files that dbt leaves behind."""
        found: dict[str, Any] = json.loads((self.folder / "target" / name).read_text())
        return found
