"""One frozen class: every path, the clock and the policy numbers.

What belongs here: where things are and which numbers are policy.
What does not: opening any of them. The policy numbers themselves stand once, described, under
``vars`` in ``dbt_project/dbt_project.yml``, because the SQL needs them too; here they get types.
"""

import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from orchestration.alert_settings import AlertSettings
from orchestration.disclosure import policies
from orchestration.errors import SettingsError

CHECKOUT = Path(__file__).resolve().parent.parent
HOME_VARIABLE = "SCOUT_HOME"
# Written beside an imaginary clinic's files (synthetic.writing).
SYNTHETIC_NOTE = "SYNTHETIC.md"
SYNTHETIC_SOURCE = "imaginary_clinic"
REFERENCE_DAY_VARIABLE = "SCOUT_AS_OF"


class Policy(BaseModel):
    """The numbers a clinic may argue about; described where they stand, in ``dbt_project.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reliable_change_z: float = Field(gt=0)
    response_proportion: float = Field(gt=0, le=1)
    sudden_gain_proportion: float = Field(gt=0, le=1)
    sudden_gain_reversal_proportion: float = Field(gt=0, le=1)
    finished_course_contacts: int = Field(ge=1)
    minimum_baseline_count: int = Field(ge=2)
    minimum_pairs: int = Field(ge=4)
    minimum_cases_per_predictor: int = Field(ge=2)
    minimum_clients_concurrent: int = Field(ge=3)
    minimum_clients_lagged: int = Field(ge=3)
    early_change_first_day: int = Field(ge=1)
    early_change_last_day: int = Field(ge=1)
    resampling_blocks: int = Field(ge=100)
    bootstrap_replicates: int = Field(ge=200)
    bootstrap_seed: int = Field(ge=0)
    minimum_reliability_forms: int = Field(ge=3)
    maximum_reliability_forms: int = Field(ge=30)
    minimum_tracking_courses: int = Field(ge=10)
    tracking_band: float = Field(gt=0, lt=1)
    mechanism_day: int = Field(ge=1)
    mechanism_tolerance_days: int = Field(ge=0)
    alliance_drop_sd: float = Field(gt=0)
    alliance_minimum_scores: int = Field(ge=1)
    not_seen_days: int = Field(ge=1)
    stated_score_tolerance: float = Field(gt=0)
    disclosure_policy: str
    minimum_k: int = Field(ge=0)
    dose_top_sessions: int = Field(ge=2)
    minimum_dose_courses: int = Field(ge=1)
    minimum_case_mix_courses: int = Field(ge=10)
    minimum_arrival_gaps: int = Field(ge=1)
    late_arrival_factor: float = Field(ge=1)
    minimum_compared_forms: int = Field(ge=2)
    drift_difference: float = Field(gt=0)
    drift_standard_errors: float = Field(gt=0)
    missing_answers_rise: float = Field(gt=0, lt=1)
    refused_share: float = Field(ge=0, le=1)
    missing_share: float = Field(ge=0, le=1)
    volume_share: float = Field(ge=0, le=1)
    volume_arrivals: int = Field(ge=1)
    paired_share: float = Field(ge=0, le=1)
    paired_courses: int = Field(ge=1)
    confidence: float = Field(gt=0, lt=1)
    interval_z: float = Field(gt=0)


def _now() -> datetime:
    return datetime.now(UTC)


def iso_day(text: object) -> date:
    """A day written as 2026-03-31, and nothing else that a library would take for a date.

    Raises:
        ValueError: it is written otherwise, or there is no such day.
    """
    if isinstance(text, date):
        return text
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(text)):
        message = "not a day in ISO form"
        raise ValueError(message)
    return date.fromisoformat(str(text))


class Settings(BaseModel):
    """Where one clinic's Scout lives and by which numbers it runs.

    Attributes:
        home: the folder that holds all run-time data, outside the source tree by habit.
        checkout: the folder that holds ``seeds/`` and ``dbt_project/``.
        clock: the only source of the present moment (UTC), so that tests can stop it.
        memory_limit: what DuckDB may use, in its own notation.
        threads: worker threads for DuckDB.
        releases_kept: how many published releases stay on disk.
        disclosure_policy: this clinic's, in place of the one in ``dbt_project.yml``.
        minimum_k: this clinic's, likewise.
        reference_day: the day from which "open now" and "not seen for" are counted; the latest day
            in the data unless ``$SCOUT_AS_OF`` names one (macro ``as_of_date``).
        alerts: whom to tell when a run fails (SCOUT_ALERT_…); nobody unless set.
        as_of: rebuild from what was known at the end of this day (UTC), beside the warehouse; None
            in every plain run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    checkout: Path = CHECKOUT
    clock: Callable[[], datetime] = _now
    memory_limit: str = Field(default="4GB", pattern=r"^[0-9]+(\.[0-9]+)?(MB|GB|MiB|GiB)$")
    threads: int = Field(default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, le=64)
    releases_kept: int = Field(default=3, ge=1)
    disclosure_policy: str | None = None
    minimum_k: int | None = Field(default=None, ge=0)
    reference_day: Annotated[date, BeforeValidator(iso_day)] | None = None
    alerts: AlertSettings = AlertSettings()
    as_of: date | None = None

    @classmethod
    def from_environment(cls, home: Path | None = None) -> "Settings":
        """Settings for ``home``, else ``$SCOUT_HOME``, else ``./var``.

        Raises:
            SettingsError: a setting has a value Scout cannot use.
        """
        chosen = home or Path(os.environ.get(HOME_VARIABLE) or "var")
        values: dict[str, object] = {
            "home": chosen.expanduser().absolute(),
            "alerts": AlertSettings.from_environment(),
        }
        for name in (
            "memory_limit",
            "threads",
            "releases_kept",
            "disclosure_policy",
            "minimum_k",
        ):
            if given := os.environ.get(f"SCOUT_{name.upper()}"):
                values[name] = given
        if given := os.environ.get(REFERENCE_DAY_VARIABLE):
            values["reference_day"] = given
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            named = {"reference_day": REFERENCE_DAY_VARIABLE}
            places = [str(e["loc"][0]) for e in error.errors()]
            fields = ", ".join(named.get(place, f"SCOUT_{place.upper()}") for place in places)
            message = (
                f"Settings: {fields} has a value Scout cannot use. "
                "Unset it, or give memory as 4GB, counts as whole numbers and a day as 2026-03-31."
            )
            raise SettingsError(message) from None
        if settings.disclosure_policy is not None:
            policies.named(settings.disclosure_policy)
        return settings

    @property
    def is_synthetic(self) -> bool:
        """Whether every client of this home is imaginary; every page and summary says so."""
        if not (self.home / SYNTHETIC_NOTE).exists():
            return False
        # A source of somebody else's beside it: then it would be a false promise.
        sources = self.landing.iterdir() if self.landing.is_dir() else ()
        return all(path.name == SYNTHETIC_SOURCE for path in sources if path.is_dir())

    @property
    def held_report(self) -> Path:
        """The quality report of a run that published nothing; gone once one does."""
        return self.home / "held.html"

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
        """The working database: raw and every stage; one writer.

        A rebuild as known at a date works in one of its own and leaves the home's as it is.
        """
        folder = self.home if self.as_of is None else self.scratch / "as_of"
        return folder / "warehouse.duckdb"

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
        """The policy numbers, read from the one place they stand, with this clinic's own."""
        text = (self.dbt_project / "dbt_project.yml").read_text(encoding="utf-8")
        own = self.model_dump(include={"disclosure_policy", "minimum_k"}, exclude_none=True)
        return Policy.model_validate(yaml.safe_load(text)["vars"] | own)
