"""From landing to a release: what is recovered, a second run, a held release, exit codes.

What belongs here: claims about runs. What does not: claims about the files of a release
(``test_published_contract``), or what a kill leaves behind (``faults``).
"""

import fcntl
import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from functools import partial
from math import sqrt
from pathlib import Path
from statistics import stdev
from typing import Any

import pytest
from scipy import stats

from orchestration.assets import disclosure
from orchestration.disclosure import deciding
from orchestration.disclosure.tables import TABLES
from orchestration.progress import SilentProgress
from orchestration.running import run_once
from orchestration.summary import exit_code
from tests.helpers import (
    EVALUATION,
    IMAGINARY_SOURCE,
    Built,
    copied,
    environment,
    mean,
    run,
    run_to_a_release,
    scout,
)

# -- what was planted ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recovered:
    """One planted effect beside what the warehouse says of it."""

    name: str
    planted: float
    estimate: float
    low: float
    high: float
    degrees: int

    @property
    def is_inside(self) -> bool:
        """Whether the 95 % interval holds the planted value."""
        return self.low <= self.planted <= self.high

    def is_inside_for(self, claims: int) -> bool:
        """Whether it does so once widened for that many claims at a time (Bonferroni)."""
        wider = stats.t.ppf(1 - 0.025 / claims, self.degrees) / stats.t.ppf(0.975, self.degrees)
        return abs(self.planted - self.estimate) <= wider * (self.high - self.low) / 2


def recovered(home: Built, effect: dict[str, Any]) -> Recovered:
    where = " and ".join(f"{column} = ?" for column in effect["where"])
    values = tuple(effect["where"].values())
    name, planted = effect["name"], effect["value"]
    if effect["statistic"] == "value":
        rows = home.evaluation(
            f"select {effect['column']}, interval_low, interval_high, client_count - 1 "
            f"from marts.{effect['table']} where {where}",
            *values,
        )
        assert len(rows) == 1, name
        return Recovered(name, planted, *rows[0])
    rows = home.evaluation(
        f"select {effect['column']} from marts.{effect['table']} "
        f"where {where} and {effect['column']} is not null",
        *values,
    )
    seen = [row[0] for row in rows]
    middle, degrees = mean(seen), len(seen) - 1
    reach = stats.t.ppf(0.975, degrees) * stdev(seen) / sqrt(len(seen))
    return Recovered(name, planted, middle, middle - reach, middle + reach, degrees)


def test_the_warehouse_recovers_what_was_planted(imaginary_home: Built) -> None:
    truth = json.loads((imaginary_home.home / "synthetic_truth.json").read_text(encoding="utf-8"))
    claims = [effect for effect in truth["effects"] if effect["table"]]
    assert len(claims) == 15
    found = [recovered(imaginary_home, effect) for effect in claims]
    missed = [one.name for one in found if not one.is_inside]
    assert len(missed) <= 2, missed
    assert [one.name for one in found if not one.is_inside_for(len(claims))] == []


def test_planted_mistakes_are_reported_where_they_were_planted(imaginary_home: Built) -> None:
    truth = json.loads((imaginary_home.home / "synthetic_truth.json").read_text(encoding="utf-8"))
    planted = truth["planted_mistakes"]
    impossible = planted["out_of_range_answers"]
    refused = imaginary_home.evaluation("select file_name, line, reason from marts.dq_refusals")
    assert refused == [(impossible["file"], impossible["line"], impossible["reason"])]
    disagreeing = imaginary_home.evaluation(
        "select count(*) from marts.fct_scores where abs(score - stated_score) > 0.01"
    )
    assert disagreeing == [(planted["disagreeing_stated_totals"]["count"],)]
    files = imaginary_home.evaluation("select file_name, rows_read from marts.dq_loads")
    # The clinic's repeated file has the same bytes, so whichever name came first is the load.
    repeated = planted["repeated_files"]
    both = {repeated["file"], repeated["same_bytes_as"]}
    assert len(both & {name for name, _ in files}) == 1
    assert all(rows == truth["row_counts"][name] for name, rows in files)


# -- a second run ----------------------------------------------------------------------------------


def test_a_second_run_finds_nothing_new_and_leaves_the_release(imaginary_home: Built) -> None:
    settings = imaginary_home.settings
    watched = [settings.warehouse, *settings.current.resolve().iterdir()]
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in watched}
    again = run(settings)
    assert not again.report.is_news
    assert exit_code(again.report) == 0
    assert [path.name for path in settings.releases.iterdir()] == ["000001"]
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in watched} == before


def test_the_command_line_says_nothing_new_and_where_the_files_are(imaginary_home: Built) -> None:
    finished = scout("run", "--home", imaginary_home.home)
    assert finished.returncode == 0, finished.stderr
    assert "Nothing new" in finished.stdout
    assert str(imaginary_home.settings.current / EVALUATION) in finished.stdout


# -- a held release --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def held(imaginary_home: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A run that held back small numbers alone, and forgot the neighbours that tell them."""
    settings = copied(imaginary_home, tmp_path_factory.mktemp("held") / "home")
    with pytest.MonkeyPatch.context() as patch:
        forgetful = partial(deciding.decide_release, is_complementary=False)
        patch.setattr(deciding, "decide_release", forgetful)
        # Nor did it look at what the last release says of the same people.
        patch.setattr(disclosure, "_last_file", lambda _run, _name: None)
        return Built(settings, run_once(settings, SilentProgress(), always=True))


def test_a_release_that_gives_small_numbers_away_is_held(held: Built) -> None:
    assert held.report.is_news
    assert held.report.release is None
    assert exit_code(held.report) == 1
    (failure,) = held.report.failures
    assert "pub_program_measures: a small count can be worked out exactly" in str(failure)
    failed = {
        (gate, result.table_name, result.rule)
        for gate, result in held.report.rules
        if result.status == "fail" and result.severity == "critical"
    }
    assert failed == {("disclosure", "dashboard", "no_small_count_can_be_worked_out")}


def test_the_same_clinic_protected_gives_nothing_away(imaginary_home: Built) -> None:
    release = imaginary_home.report.release
    assert release is not None
    told = release.manifest["disclosure"]
    assert told["policy"] == "cms11"
    assert told["audit"]["is_clean"]
    assert told["audit"]["attacked"] > 100
    assert told["complementary"] > 0


def test_a_held_release_leaves_the_last_good_files_in_place(
    held: Built, imaginary_home: Built
) -> None:
    assert held.settings.current.readlink() == imaginary_home.settings.current.readlink()
    published = imaginary_home.settings.current.resolve()
    for path in published.rglob("*"):
        if path.is_file():
            kept = held.settings.current / path.relative_to(published)
            assert kept.read_bytes() == path.read_bytes()
    assert [path.name for path in held.settings.releases.iterdir() if path.name.isdigit()] == [
        "000001"
    ]


def test_what_failed_is_kept_as_counts(held: Built) -> None:
    found = held.warehouse(
        "select rule, evaluated_count, unexpected_count from quality.rule_results "
        "where status = 'fail' and severity = 'critical'"
    )
    assert found
    assert all(unexpected > 0 for _, _, unexpected in found)


# -- one newcomer ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_a_newcomer(small_home: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small clinic with one client more, who answers as another did."""
    settings = copied(small_home, tmp_path_factory.mktemp("newcomer") / "home")
    folder = settings.landing / IMAGINARY_SOURCE
    twin, newcomer = _NEWCOMER
    for name in ("episodes", "sessions", "responses_phq9", "responses_gad7", "responses_scs"):
        header, *lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        own = [line.replace(twin, newcomer) for line in lines if line.startswith(twin)]
        text = "\n".join([header, *own, ""])
        (folder / f"{name}_newcomer.csv").write_text(text, encoding="utf-8")
    return run_to_a_release(settings)


_NEWCOMER = ("synthetic-000001", "synthetic-900001")


def test_a_newcomer_is_in_the_marts_and_moves_no_published_number(
    small_home: Built, with_a_newcomer: Built
) -> None:
    (program,) = with_a_newcomer.evaluation(
        "select program_id from marts.dim_episodes where client_id = ?", _NEWCOMER[1]
    )
    for table in TABLES:
        asked = f"select * except (kept_from_release) from published.{table} order by all"
        assert with_a_newcomer.dashboard(asked) == small_home.dashboard(asked), table
    kept = with_a_newcomer.dashboard(
        "select distinct program_id, kept_from_release from published.pub_attrition"
    )
    assert (program[0], 1) in kept
    assert ("all", 1) in kept
    assert {release for name, release in kept if name not in (program[0], "all")} == {None}


# -- exit codes ------------------------------------------------------------------------------------


def test_a_home_that_another_run_holds_says_so_and_exits_3(imaginary_home: Built) -> None:
    with imaginary_home.settings.lock.open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        for command in ("run", "check"):
            finished = scout(command, "--home", imaginary_home.home)
            assert finished.returncode == 3
            assert str(os.getpid()) in finished.stderr
            assert "Wait until it ends" in finished.stderr
            assert len(finished.stderr.strip().splitlines()) == 1


def test_a_home_that_is_a_file_exits_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        finished = scout("run", "--home", home)
        assert finished.returncode == 2
        assert len(finished.stderr.strip().splitlines()) == 1
        assert "--home" in finished.stderr


def test_a_wrong_setting_exits_2_and_names_it(tmp_path: Path) -> None:
    finished = scout("run", "--home", tmp_path, SCOUT_THREADS="many")
    assert finished.returncode == 2
    assert "SCOUT_THREADS" in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_suites_alone_pass_on_a_published_home(imaginary_home: Built) -> None:
    finished = scout("check", "--home", imaginary_home.home, COLUMNS="200")
    assert finished.returncode == 0, finished.stderr
    assert "no critical failure" in finished.stdout


def test_help_needs_no_home_and_imports_nothing_heavy() -> None:
    code = textwrap.dedent(
        """
        import sys
        import orchestration.cli
        heavy = {"dagster", "dbt", "great_expectations", "pandas", "duckdb"} & set(sys.modules)
        print(sorted(heavy))
        """
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )
    assert finished.stdout.strip() == "[]"
