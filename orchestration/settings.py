"""One frozen class: every path, the clock and the policy numbers.

What belongs here: where things are and which numbers are policy.
What does not: opening any of them. The policy numbers themselves stand once, described, under
``vars`` in ``dbt_project/dbt_project.yml``, because the SQL needs them too; here they get types.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parent.parent
HOME_VARIABLE = "SCOUT_HOME"


class Policy(BaseModel):
    """The numbers a clinic may argue about; described where they stand, in ``dbt_project.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reliable_change_z: float = Field(gt=0)
    response_proportion: float = Field(gt=0, le=1)
    finished_course_contacts: int = Field(ge=1)
    minimum_baseline_count: int = Field(ge=2)
    minimum_pairs: int = Field(ge=4)
    minimum_cases_per_predictor: int = Field(ge=2)
    minimum_clients_concurrent: int = Field(ge=3)
    minimum_clients_lagged: int = Field(ge=3)
    minimum_reliability_forms: int = Field(ge=3)
    maximum_reliability_forms: int = Field(ge=30)
    stated_score_tolerance: float = Field(gt=0)
    disclosure_threshold: int = Field(ge=1)
    confidence: float = Field(gt=0, lt=1)
    interval_z: float = Field(gt=0)


def _now() -> datetime:
    return datetime.now(UTC)


class Settings(BaseModel):
    """Where one clinic's Scout lives and by which numbers it runs.

    Attributes:
        home: the folder that holds all run-time data, outside the source tree by habit.
        checkout: the folder that holds ``seeds/`` and ``dbt_project/``.
        clock: the only source of the present moment (UTC), so that tests can stop it.
        memory_limit: what DuckDB may use, in its own notation.
        threads: worker threads for DuckDB.
        releases_kept: how many published releases stay on disk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    checkout: Path = CHECKOUT
    clock: Callable[[], datetime] = _now
    memory_limit: str = Field(default="4GB", pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|MiB|GiB)$")
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, le=64)
    releases_kept: int = Field(default=3, ge=1)

    @classmethod
    def from_environment(cls, home: Path | None = None) -> "Settings":
        """Settings for ``home``, else ``$SCOUT_HOME``, else ``./var``.

        Raises:
            SettingsError: a setting has a value Scout cannot use.
        """
        chosen = home or Path(os.environ.get(HOME_VARIABLE) or "var")
        values: dict[str, object] = {"home": chosen.expanduser().absolute()}
        for name in ("memory_limit", "threads", "releases_kept"):
            if given := os.environ.get(f"SCOUT_{name.upper()}"):
                values[name] = given
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            fields = ", ".join(f"SCOUT_{str(e['loc'][0]).upper()}" for e in error.errors())
            message = (
                f"Settings: {fields} has a value Scout cannot use. "
                "Unset it, or give memory as 4GB and counts as whole numbers."
            )
            raise SettingsError(message) from None

    @property
    def landing(self) -> Path:
        """What clinics drop, one folder per source."""
        return self.home / "landing"

    @property
    def instruments(self) -> Path:
        """A clinic's own definitions, same columns as the seeds."""
        return self.home / "instruments"

    @property
    def archive(self) -> Path:
        """The bytes of every accepted file, named by their SHA-256."""
        return self.home / "archive"

    @property
    def warehouse(self) -> Path:
        """The working database: raw and every stage; one writer."""
        return self.home / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """One folder per verified release."""
        return self.home / "releases"

    @property
    def current(self) -> Path:
        """The symbolic link to the newest release."""
        return self.home / "current"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage (DAGSTER_HOME)."""
        return self.home / "dagster"

    @property
    def lock(self) -> Path:
        """The file that one run at a time locks."""
        return self.home / "run.lock"

    @property
    def scratch(self) -> Path:
        """Working files that may vanish: dbt's target, spilled data, files being received."""
        return self.home / "scratch"

    @property
    def withdrawals(self) -> Path:
        """Keyed hashes of withdrawn clients, their key, and the log of withdrawals."""
        return self.home / "withdrawals"

    @property
    def seeds(self) -> Path:
        """The reference data that ships with Scout."""
        return self.checkout / "seeds"

    @property
    def dbt_project(self) -> Path:
        """The dbt project that ships with Scout."""
        return self.checkout / "dbt_project"

    @cached_property
    def policy(self) -> Policy:
        """The policy numbers, read from the one place they stand."""
        text = (self.dbt_project / "dbt_project.yml").read_text(encoding="utf-8")
        return Policy.model_validate(yaml.safe_load(text)["vars"])
