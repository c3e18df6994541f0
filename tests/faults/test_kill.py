"""A run that is killed at any moment loses nothing: the next run publishes what it would have.

reliability.md F-01 to F-04. The kill is SIGKILL to the whole process group, so that dbt dies with
Scout and nobody cleans up. The judge is a run of the same files that nobody interrupted.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.publishing.release import is_intact, read_current
from orchestration.settings import SYNTHETIC_NOTE, Settings
from orchestration.summary import exit_code
from tests.helpers import (
    CLI,
    Built,
    assert_same_release,
    environment,
    lend_parsed_project,
    run,
    scout,
)

LOOK_EVERY_SECONDS = 0.002
PATIENCE_SECONDS = 400

Moment = Callable[[Settings], bool]


def archive_has_a_file(settings: Settings) -> bool:
    """The first bytes are safe, the warehouse does not know them yet."""
    return settings.archive.is_dir() and any(settings.archive.iterdir())


def the_checks_are_through(gate: str) -> Moment:
    """The run has told that a gate's checks passed: the next gate's models are being built."""

    def moment(settings: Settings) -> bool:
        return f"{gate}: " in told_by(settings).read_text(encoding="utf-8")

    return moment


def told_by(settings: Settings) -> Path:
    """Where what the run prints is kept."""
    return settings.home.parent / "told.txt"


def candidate_is_being_built(settings: Settings) -> bool:
    """Half a release lies beside the published ones."""
    return (settings.releases / ".candidate" / "evaluation.duckdb").exists()


def release_has_its_name(settings: Settings) -> bool:
    """The folder is renamed; ``current`` moves in the next instant, or just has."""
    return (settings.releases / "000001").exists()


MOMENTS: dict[str, Moment] = {
    "raw": archive_has_a_file,
    "staging": the_checks_are_through("raw"),
    "scoring": the_checks_are_through("staging"),
    "candidate": candidate_is_being_built,
    "released": release_has_its_name,
}
# Somewhere within the second or more that building takes. Seeded, so that a failure comes back; a
# wider range belongs to a nightly run.
DELAYS = random.Random(20260101)  # noqa: S311 - not for secrets
AFTER_SECONDS = {"staging": DELAYS.uniform(0.2, 1.5), "scoring": DELAYS.uniform(0.2, 1.5)}


def run_until_killed(settings: Settings, moment: str) -> None:
    """Start ``scout run`` and kill its whole process group at the moment."""
    with told_by(settings).open("w", encoding="utf-8") as told:
        running = subprocess.Popen(
            [*CLI, "run", "--home", str(settings.home)],
            stdout=told,
            stderr=told,
            start_new_session=True,
            env=environment() | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        given_up = time.monotonic() + PATIENCE_SECONDS
        while not MOMENTS[moment](settings):
            assert running.poll() is None, f"the run ended before {moment}"
            assert time.monotonic() < given_up, f"{moment} never came"
            time.sleep(LOOK_EVERY_SECONDS)
        time.sleep(AFTER_SECONDS.get(moment, 0))
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        code = running.wait()
    assert code == -signal.SIGKILL, f"the run was over before it could be killed at {moment}"


def fresh_copy(reference: Built, home: Path) -> Settings:
    """A home with the same files that has never been run."""
    settings = Settings(home=home)
    home.mkdir(mode=0o700)
    for folder in ("landing", "instruments"):
        shutil.copytree(reference.home / folder, home / folder)
    shutil.copy(reference.home / SYNTHETIC_NOTE, home)
    lend_parsed_project(reference.home, home)
    return settings


def assert_nothing_half_is_published(settings: Settings) -> None:
    """A reader sees a whole release or none."""
    if settings.current.is_symlink():
        found = read_current(settings)
        assert found is not None
        assert is_intact(found)


def assert_nothing_is_left_over(settings: Settings) -> None:
    receiving = settings.scratch / "receiving"
    assert not receiving.exists() or not any(receiving.iterdir())
    assert not (settings.releases / ".candidate").exists()
    assert not (settings.home / ".current.new").exists()
    assert not settings.warehouse.with_suffix(".duckdb.wal").exists()
    assert not any(path.name.startswith(".") for path in settings.archive.iterdir())
    spill = settings.scratch / "spill"
    assert not spill.exists() or not any(spill.iterdir())


@pytest.mark.parametrize(
    "moments",
    [["raw"], ["raw", "staging"], ["scoring"], ["candidate"], ["released"]],
    ids=" then ".join,
)
def test_a_killed_run_is_made_good_by_the_next(
    small_home: Built, tmp_path: Path, moments: list[str]
) -> None:
    settings = fresh_copy(small_home, tmp_path / "home")
    for moment in moments:
        run_until_killed(settings, moment)
        assert_nothing_half_is_published(settings)
    finished = run(settings)
    assert exit_code(finished.report) == 0, [str(failure) for failure in finished.report.failures]
    assert_same_release(settings.home, small_home.home)
    assert_nothing_is_left_over(settings)
    found = read_current(settings)
    assert found is not None
    assert is_intact(found)
    again = scout("run", "--home", settings.home)
    assert (again.returncode, "Nothing new" in again.stdout) == (0, True)


def test_two_homes_with_other_answers_do_not_pass_for_the_same(
    small_home: Built, imaginary_home: Built
) -> None:
    """The comparison above can fail."""
    with pytest.raises(AssertionError, match=r"fct_scores.*rel_within_person"):
        assert_same_release(small_home.home, imaginary_home.home)
