"""When the next file is expected: what a source.yml may say of it, and who is told.

What belongs here: the key ``expected_every``, Dagster's windows, since when a rule fails.
What does not: who is late (``dq_freshness`` has its own test beside the model).
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.rules import RuleResult, Status
from orchestration import warehouse
from orchestration.assets.raw import build_sources
from orchestration.checks import arrivals, results
from orchestration.errors import SettingsError
from orchestration.landing.mapping import parse_mapping
from orchestration.settings import Settings


def land(home: Path, source: str, text: str | None) -> None:
    folder = home / "landing" / source
    folder.mkdir(parents=True)
    if text is not None:
        (folder / "source.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "days"), [("7 days", 7), ("1 day", 1), ("2 weeks", 14), (30, 30), ("90 days", 90)]
)
def test_a_rhythm_is_written_as_people_say_it(written: object, days: int) -> None:
    assert parse_mapping({"expected_every": written}, "source.yml").expected_every == days


@pytest.mark.parametrize("written", ["weekly", "7", "7 months", 0, -7, True, 1.5, "99999 days"])
def test_a_rhythm_that_cannot_be_read_names_its_key(written: object) -> None:
    with pytest.raises(SettingsError, match="`expected_every`"):
        parse_mapping({"expected_every": written}, "source.yml")


def test_another_rhythm_reads_no_file_again() -> None:
    plain, stated = (parse_mapping(values, "p") for values in ({}, {"expected_every": "7 days"}))
    assert plain.contract("f", {}) == stated.contract("f", {})


def test_a_folder_that_says_nothing_or_wrongly_expects_nothing(tmp_path: Path) -> None:
    land(tmp_path, "weekly", "expected_every: 7 days\n")
    land(tmp_path, "tidy", None)
    land(tmp_path, "wrong", "formatt: wide\n")
    assert arrivals.stated(tmp_path / "landing") == {"tidy": None, "weekly": 7, "wrong": None}


def test_dagster_watches_a_source_that_states_its_rhythm(tmp_path: Path) -> None:
    land(tmp_path, "weekly", "expected_every: 8 days\n")
    land(tmp_path, "tidy", None)
    policies = {
        spec.key.to_user_string(): spec.freshness_policy
        for spec in build_sources(Settings(home=tmp_path))
    }
    assert policies["landing/tidy"] is None
    watched = policies["landing/weekly"]
    assert watched is not None
    assert watched.warn_window is not None
    assert watched.warn_window.to_timedelta() == timedelta(days=8)
    assert watched.fail_window.to_timedelta() == timedelta(days=12)


def test_since_when_a_rule_fails_is_the_first_run_of_the_unbroken_series(tmp_path: Path) -> None:
    day = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def judged(number: int, status: Status) -> datetime | None:
        settings = Settings(home=tmp_path, clock=lambda: day + timedelta(days=number))
        result = RuleResult(
            schema_name="raw", table_name="loads", rule="rule", severity="warning", status=status,
            evaluated_count=1, unexpected_count=1, seconds=0.0,
        )  # fmt: skip
        # A gate that is judged again in one run replaces what it found before.
        for _ in range(2):
            results.record(settings, f"run {number}", "raw", [result])
        with warehouse.open_to_read(settings) as connection:
            rows = connection.execute(
                "select failing_since from quality.rule_results where run_id = ?", [f"run {number}"]
            ).fetchall()
        assert len(rows) == 1
        since: datetime | None = rows[0][0]
        return since

    first = (day + timedelta(days=1)).replace(tzinfo=None)
    assert judged(0, "pass") is None
    assert judged(1, "fail") == first
    assert judged(2, "error") == first
    assert judged(3, "pass_with_failures") is None
    assert judged(4, "fail") == first + timedelta(days=3)
