"""Last year's report again: a rebuild as known at a date, and what a later run says has moved.

What belongs here: claims about two releases of one home and the rebuild of the first. What does
not: what raw held on a day (``unit/test_as_known``), drift case by case (``unit/test_drift``).
"""

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orchestration.progress import SilentProgress
from orchestration.running import run_as_of, unchanged_release
from orchestration.settings import Settings
from orchestration.summary import exit_code
from tests.helpers import (
    DASHBOARD,
    EVALUATION,
    IMAGINARY_SOURCE,
    Built,
    ask,
    contents,
    copied,
    run,
    scout,
)

CORRECTED = ("synthetic-000001", "synthetic-000002")
NEW = "synthetic-900001"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def land_corrections(settings: Settings) -> dict[str, int]:
    """One answer of every GAD-7 form of two clients corrected, and the forms of a new client."""
    folder = settings.landing / IMAGINARY_SOURCE
    with (folder / "responses_gad7.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    corrected = [
        row | {"response": str((int(row["response"]) + 1) % 4)}
        for row in rows
        if row["client_id"] in CORRECTED and row["item"] == "1"
    ]
    added = [
        row | {"client_id": NEW, "episode_id": f"{NEW}-1"}
        for row in rows
        if row["client_id"] == CORRECTED[0]
    ]
    with (folder / "responses_gad7_later.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(corrected + added)
    return {"corrected": len(corrected), "added": len({row["occurred_on"] for row in added})}


@dataclass(frozen=True)
class TwoReleases:
    """A home with a second release, the rebuild of the first, and what stood there between."""

    first: Built
    second: Built
    rebuilt: Built
    before: dict[str, str]
    forms: dict[str, int]
    day: date


@pytest.fixture(scope="module")
def two(small_home: Built, tmp_path_factory: pytest.TempPathFactory) -> TwoReleases:
    settings = copied(small_home, tmp_path_factory.mktemp("as_of") / "home")
    forms = land_corrections(settings)
    first = small_home.settings.current / "manifest.json"
    day = datetime.fromisoformat(json.loads(first.read_text())["published_at"]).date()
    later = datetime.now(UTC) + timedelta(days=2)
    settings = settings.model_copy(update={"clock": lambda: later})
    second = run(settings)
    assert second.report.release is not None, second.report.failures
    before = {name: sha256(path) for name, path in watched(settings).items()}
    rebuilt = Built(settings, run_as_of(settings, SilentProgress(), day))
    assert rebuilt.report.release is not None, rebuilt.report.failures
    return TwoReleases(small_home, second, rebuilt, before, forms, day)


def watched(settings: Settings) -> dict[str, Path]:
    current = {str(path): path for path in settings.current.resolve().rglob("*") if path.is_file()}
    return {"warehouse": settings.warehouse, **current}


@pytest.mark.parametrize("file", [EVALUATION, DASHBOARD])
def test_the_first_release_comes_out_again_after_corrections(two: TwoReleases, file: str) -> None:
    rebuilt = contents(two.rebuilt.home / f"as-of-{two.day}" / file)
    first = contents(two.first.settings.current / file)
    second = contents(two.second.settings.current / file)
    assert rebuilt.keys() == first.keys()
    assert [name for name in first if rebuilt[name] != first[name]] == []
    assert [name for name in first if second[name] != first[name]] != []


def test_a_rebuild_leaves_current_and_the_warehouse_byte_for_byte(two: TwoReleases) -> None:
    settings = two.second.settings
    assert {name: sha256(path) for name, path in watched(settings).items()} == two.before
    assert not (settings.scratch / "as_of").exists()
    again = run(settings)
    assert not again.report.is_news
    assert exit_code(again.report) == 0


def test_another_day_to_count_from_is_news(two: TwoReleases) -> None:
    settings = two.second.settings
    assert unchanged_release(settings) is not None
    other = settings.model_copy(update={"reference_day": two.day})
    assert unchanged_release(other) is None


def test_the_manifest_says_what_was_known_and_what_is_not_as_it_was(two: TwoReleases) -> None:
    assert two.rebuilt.report.release is not None
    told = two.rebuilt.report.release.manifest
    assert told["as_of"] == two.day.isoformat()
    assert told["as_known"]["later_count"] == 1
    assert told["as_known"]["withdrawals_since"] == 0
    assert "not_as_then" in told["as_known"]
    assert two.second.report.release is not None
    assert two.second.report.release.manifest["as_of"] is None


def test_what_moved_is_counted_with_why(two: TwoReleases) -> None:
    scores = two.second.evaluation(
        "select scale_id, reason, sum(added_count), sum(changed_count), max(largest_difference) "
        "from marts.dq_score_drift where subject = 'score' group by all order by all"
    )
    assert scores == [
        ("gad7_total", "corrected_file", 0, two.forms["corrected"], scores[0][4]),
        ("gad7_total", "new_file", two.forms["added"], 0, None),
    ]
    # An answer went up by one, or from 3 to 0.
    assert scores[0][4] in (1, 3)
    told = two.second.evaluation(
        "select distinct previous_release, changed_rules, load_count from marts.dq_score_drift"
    )
    assert told == [(1, "none", 1)]
    for home in (two.first, two.rebuilt):
        current = home.settings.home / (f"as-of-{two.day}" if home is two.rebuilt else "current")
        assert ask(current / EVALUATION, "select count(*) from marts.dq_score_drift") == [(0,)]


@pytest.mark.parametrize(
    ("day", "words"),
    [("2031-01-01", "future"), ("2001-01-01", "Nothing was known"), ("31.3.2025", "2025-03-31")],
)
def test_a_wrong_date_exits_2_and_says_what_to_write(
    small_home: Built, day: str, words: str
) -> None:
    finished = scout("run", "--home", small_home.home, "--as-of", day)
    assert finished.returncode == 2
    assert words in finished.stderr
    assert len(finished.stderr.strip().splitlines()) == 1
