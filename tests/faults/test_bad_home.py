"""A home that is not as it should be ends in one message that says how to mend it, or in a rebuild.

reliability.md F-14 to F-17, F-20: permissions, stale locks, a damaged or lost warehouse, a damaged
release. Bad input files are tested in ``integration/test_landing_bad_input``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.running import unchanged_release
from orchestration.settings import Settings
from tests.helpers import (
    DASHBOARD,
    Built,
    assert_same_release,
    copied,
    environment,
    run_to_a_release,
    scout,
)

NOBODY = 65534
# Root may do anything, so as root the command gives its rights away, after it imported what nobody
# may not read.
AS_NOBODY = f"""
import os, sys
import orchestration.cli, orchestration.running, orchestration.summary
import orchestration.progress, rich.console, rich.table, rich.status
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
orchestration.cli.main()
"""


def scout_as_nobody(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """``scout …`` by somebody who owns nothing here."""
    return subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *(str(argument) for argument in arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(),
    )


@pytest.fixture
def open_tmp(tmp_path: Path) -> Path:
    """A folder that others may pass through: pytest's own are closed to them."""
    folder = Path("/tmp") / f"scout-nobody-{os.getpid()}-{tmp_path.name}"  # noqa: S108
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


def one_message(finished: "subprocess.CompletedProcess[str]") -> str:
    """What the command said, if it is one message and not a traceback."""
    assert "Traceback" not in finished.stdout + finished.stderr
    lines = finished.stderr.strip().splitlines()
    assert len(lines) == 1, f"{len(lines)} lines on standard error"
    return lines[0]


@pytest.mark.parametrize("mode", [0o000, 0o555], ids=["closed", "read_only"])
def test_a_home_without_permission_is_named_with_the_way_to_mend_it(
    open_tmp: Path, mode: int
) -> None:
    home = open_tmp / "home"
    home.mkdir()
    home.chmod(mode)
    finished = scout_as_nobody("run", "--home", home)
    home.chmod(0o700)
    assert finished.returncode == 2
    told = one_message(finished)
    assert str(home) in told
    assert "chmod u+rwx" in told
    assert list(home.iterdir()) == []


def test_a_home_that_cannot_be_made_is_named(open_tmp: Path) -> None:
    finished = scout_as_nobody("run", "--home", open_tmp / "not" / "yet")
    assert finished.returncode == 2
    assert str(open_tmp / "not" / "yet") in one_message(finished)


def test_one_folder_of_a_home_without_permission_is_named(open_tmp: Path) -> None:
    home = open_tmp / "home"
    home.mkdir()
    home.chmod(0o777)
    (home / "dagster").mkdir(mode=0o500)
    finished = scout_as_nobody("run", "--home", home)
    assert finished.returncode == 2
    assert "chmod" in one_message(finished)


def test_a_lock_file_that_nobody_holds_is_no_lock(small_home: Built, tmp_path: Path) -> None:
    settings = copied(small_home, tmp_path / "home")
    settings.lock.write_text("999999", encoding="ascii")
    finished = scout("run", "--home", settings.home)
    assert finished.returncode == 0
    assert "Nothing new" in finished.stdout


@pytest.mark.parametrize("name", [DASHBOARD, "evaluation.duckdb"])
def test_a_damaged_release_is_not_up_to_date(small_home: Built, tmp_path: Path, name: str) -> None:
    settings = copied(small_home, tmp_path / "home")
    assert unchanged_release(settings) is not None
    damaged = settings.current.resolve() / name
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 0x01
    damaged.write_bytes(data)
    assert unchanged_release(settings) is None


@pytest.mark.parametrize("text", ["", "{", '{"sequence": 1}', "[]", '{"sequence": 1, "files": []}'])
def test_a_damaged_manifest_is_not_up_to_date(small_home: Built, tmp_path: Path, text: str) -> None:
    settings = copied(small_home, tmp_path / "home")
    (settings.current.resolve() / "manifest.json").write_text(text, encoding="utf-8")
    assert unchanged_release(settings) is None


def damage(path: Path, how: str) -> None:
    data = path.read_bytes()
    path.write_bytes(
        {
            "garbage": b"this is no database " * 5000,
            "empty": b"",
            "truncated": data[: len(data) // 2],
            "header": b"\0" * 4096 + data[4096:],
        }[how]
    )


@pytest.fixture(scope="module")
def untouched(small_home: Built, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of this module's own."""
    return copied(small_home, tmp_path_factory.mktemp("damaged") / "home")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["garbage", "truncated", "header"])
def test_a_damaged_warehouse_is_named_with_the_way_to_mend_it(
    untouched: Settings, small_home: Built, how: str
) -> None:
    damage(untouched.warehouse, how)
    finished = scout("run", "--always", "--home", untouched.home)
    shutil.copyfile(small_home.settings.warehouse, untouched.warehouse)
    assert finished.returncode == 2
    told = finished.stdout + finished.stderr
    assert "warehouse.duckdb" in told
    assert "move it away" in told
    assert "Traceback" not in told
    # The last good release stays.
    published = small_home.settings.current.resolve()
    for path in published.rglob("*"):
        if path.is_file():
            kept = untouched.current / path.relative_to(published)
            assert kept.read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_a_lost_warehouse_is_rebuilt_from_the_archive_alone(
    small_home: Built, tmp_path: Path
) -> None:
    settings = copied(small_home, tmp_path / "home")
    settings.warehouse.unlink()
    shutil.rmtree(settings.landing)
    run_to_a_release(settings)
    assert settings.current.resolve().name == "000002"
    assert_same_release(settings.home, small_home.home)


def test_an_environment_variable_names_the_home(small_home: Built) -> None:
    finished = scout("run", SCOUT_HOME=str(small_home.home))
    assert finished.returncode == 0
    assert str(small_home.home) in finished.stdout
    assert os.environ.get("SCOUT_HOME") != str(small_home.home)
