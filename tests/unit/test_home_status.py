"""`scout status`: what it says of a home, at any moment, and that looking changes nothing."""

import fcntl
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
)
from rich.console import Console

from orchestration import fingerprint, warehouse
from orchestration.automation.jobs import build_schedule
from orchestration.home_status import look
from orchestration.home_status_told import show
from orchestration.settings import Settings

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KNOWN = b"client_id,score\na,1\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with one release, made from one file of one source."""
    home = tmp_path / "home"
    settings = Settings(home=home, clock=lambda: NOW)
    (home / "landing" / "clinic").mkdir(parents=True)
    (home / "scratch").mkdir()
    (home / "landing" / "clinic" / "scores.csv").write_bytes(KNOWN)
    folder = settings.releases / "000004"
    folder.mkdir(parents=True)
    with warehouse.open_to_write(settings, folder / "evaluation.duckdb") as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.dq_loads as select 'clinic' as source, 'loaded' as status, "
            f"'{hashlib.sha256(KNOWN).hexdigest()}' as sha256, "
            "timestamp '2026-03-01 12:00' as loaded_at"
        )
        connection.execute(
            "create table marts.dq_refusal_report (source varchar, file_name varchar, "
            "reason varchar, refused_count bigint, how_to_mend varchar)"
        )
    settings.current.symlink_to(folder.relative_to(home))
    write_manifest(settings)
    return settings


def write_manifest(settings: Settings, **more: Any) -> None:
    manifest = {
        "sequence": 4,
        "published_at": "2026-03-01T12:00:00+00:00",
        "policy": {"disclosure_policy": "cms11", **more.pop("policy", {})},
        "files": {},
        "inputs": fingerprint.of_inputs(settings),
        **more,
    }
    (settings.current.resolve() / "manifest.json").write_text(json.dumps(manifest))


def in_release(settings: Settings, *statements: str) -> None:
    path = settings.current.resolve() / "evaluation.duckdb"
    with warehouse.open_to_write(settings, path) as connection:
        for statement in statements:
            connection.execute(statement)


def told(settings: Settings, *, as_json: bool = False) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=200)
    code = show(settings, console, as_json=as_json)
    return code, console.file.getvalue()  # type: ignore[attr-defined]


def tree(home: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in home.rglob("*")}


def test_a_home_where_all_is_well_says_which_release_and_asks_nothing(settings: Settings) -> None:
    code, text = told(settings)
    assert code == 0
    assert "4, published 2026-03-01T12:00:00+00:00, disclosure policy cms11" in text
    assert "Waiting    nothing" in text
    assert "clinic: last came 2026-03-01 12:00 UTC" in text


def test_looking_changes_nothing(settings: Settings) -> None:
    settings.dagster.mkdir()
    (settings.dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(settings.dagster)):
        pass
    before = tree(settings.home)
    told(settings)
    assert tree(settings.home) == before


def test_before_the_first_release_it_says_what_to_do(tmp_path: Path) -> None:
    code, text = told(Settings(home=tmp_path / "none"))
    assert code == 2
    assert "`scout run` publishes the first" in text
    assert not (tmp_path / "none").exists()


def test_a_file_that_the_release_has_not_seen_waits(settings: Settings) -> None:
    (settings.landing / "clinic" / "responses.csv").write_text("client_id\nb\n")
    (settings.landing / "clinic" / "responses.csv.part").write_text("half")
    # The same bytes under another name are no news.
    (settings.landing / "clinic" / "again.csv").write_bytes(KNOWN)
    status = look(settings)
    assert status.waiting == ("clinic/responses.csv",)
    assert told(settings)[0] == 0


def test_the_name_of_a_waiting_file_that_names_a_person_is_not_shown(settings: Settings) -> None:
    name = "mary.smith@example.org.csv"
    (settings.landing / "clinic" / name).write_text("client_id\nb\n")
    _, text = told(settings)
    assert "clinic/file 1 of the folder" in text
    assert "smith" not in text


def test_a_mapping_that_changed_is_news_although_no_file_waits(settings: Settings) -> None:
    (settings.landing / "clinic" / "source.yml").write_text("format: tidy\n")
    status = look(settings)
    assert status.waiting == ()
    assert status.is_changed


def test_what_was_refused_comes_with_how_to_mend_it(settings: Settings) -> None:
    in_release(
        settings,
        "insert into marts.dq_refusal_report values "
        "('clinic', 'a.csv', 'response_out_of_range', 3, 'Correct the answer.')",
    )
    code, text = told(settings)
    assert code == 0
    assert "clinic/a.csv: response_out_of_range, 3 rows" in text
    assert "Correct the answer." in text
    in_release(
        settings,
        "insert into marts.dq_refusal_report values "
        "('clinic', 'b.csv', 'looks_identified', null, 'Take the names out.')",
    )
    assert told(settings)[0] == 2


def test_a_mapping_to_mend_needs_somebody(settings: Settings) -> None:
    write_manifest(settings, to_mend={"mappings": ["landing/clinic/source.yml: key `fles`"]})
    code, text = told(settings)
    assert code == 2
    assert "key `fles`" in text


@pytest.mark.parametrize(("expected", "late"), [(4, True), (5, False), ("null", False)])
def test_a_source_is_late_by_today_and_not_by_the_day_of_the_release(
    settings: Settings, expected: object, late: bool
) -> None:
    # Nine days have passed since 1 March, and twice the expected time is allowed.
    write_manifest(settings, policy={"late_arrival_factor": 2.0})
    in_release(
        settings,
        "create table marts.dq_freshness as select 'clinic' as source, "
        f"timestamp '2026-03-01 12:00' as last_arrival_at, {expected}::double as expected_days, "
        "'on_time' as freshness",
    )
    code, text = told(settings)
    assert code == (2 if late else 0)
    assert ("LATE" in text) == late


@pytest.fixture
def at_work(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the home and its warehouse, as a run does."""
    script = (
        "import sys, time; from pathlib import Path; from orchestration import warehouse; "
        "from orchestration.settings import Settings; settings = Settings(home=Path(sys.argv[1]))\n"
        "with warehouse.hold(settings), warehouse.open_to_write(settings):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(settings.home)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_while_a_run_is_at_work_it_is_named_and_everything_else_is_told(
    settings: Settings, at_work: subprocess.Popen[bytes]
) -> None:
    settings.held_report.write_text("a page")
    code, text = told(settings)
    assert f"at work now (process {at_work.pid})" in text
    assert "4, published" in text
    assert code == 2


def test_a_lock_that_a_killed_run_left_behind_is_no_run(settings: Settings) -> None:
    settings.lock.write_text(str(os.getpid()))
    assert look(settings).running_process is None
    with settings.lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert look(settings).running_process == os.getpid()


def test_a_held_run_is_told_with_the_rule_that_held_it(settings: Settings) -> None:
    settings.held_report.write_text("a page")
    with warehouse.open_to_write(settings) as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.rules as select 'raw' as gate, 'raw.loads' as table_name, "
            "unnest(['a', 'b']) as rule, unnest(['Rows add up.', 'Old news.']) as sentence"
        )
        connection.execute(
            "create table quality.rule_results as select * from (values "
            "('r1', 'b', 'fail', timestamp '2026-03-01'), ('r2', 'a', 'fail', now()::timestamp), "
            "('r2', 'b', 'pass', now()::timestamp)) as rows(run_id, rule, status, checked_at), "
            "(select 'raw' as gate, 'raw.loads' as table_name, 'critical' as severity)"
        )
    code, text = told(settings)
    assert code == 2
    assert "published nothing" in text
    assert "raw.loads: Rows add up." in text
    assert "Old news." not in text


def test_the_schedule_is_on_once_it_is_turned_on_in_dagster(settings: Settings) -> None:
    assert look(settings).schedule is False
    settings.dagster.mkdir()
    (settings.dagster / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    definitions = dg.Definitions(schedules=[build_schedule()])
    repository = definitions.get_repository_def()
    with dg.DagsterInstance.from_config(str(settings.dagster)) as instance:
        origin = _origin_of("daily")
        assert repository.has_schedule_def("daily")
        started = ScheduleInstigatorData("0 5 * * *", 1.0)
        instance.add_instigator_state(
            InstigatorState(origin, InstigatorType.SCHEDULE, InstigatorStatus.RUNNING, started)
        )
        status = look(settings)
    assert status.schedule is True
    assert status.sensor is False
    _, text = told(settings)
    assert "on, folder watcher off; but `scout ui` is not running" in text


def _origin_of(name: str) -> Any:
    from dagster._core.remote_origin import (
        InProcessCodeLocationOrigin,
        RemoteInstigatorOrigin,
        RemoteRepositoryOrigin,
    )
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

    place = InProcessCodeLocationOrigin(
        LoadableTargetOrigin(module_name="orchestration.definitions")
    )
    return RemoteInstigatorOrigin(RemoteRepositoryOrigin(place, "__repository__"), name)


def test_json_holds_the_same_and_can_be_read_by_a_program(settings: Settings) -> None:
    code, text = told(settings, as_json=True)
    read = json.loads(text)
    assert code == 0
    assert read["release"]["sequence"] == 4
    assert read["needs_somebody"] is False
    arrived = datetime.fromisoformat(read["arrivals"][0]["last_arrival_at"])
    assert NOW - arrived == timedelta(days=9)
