"""Claims about where fetching stands in a run: before landing, told at the end, also by Dagster."""

import io
import sqlite3

import dagster as dg
import pytest
from rich.console import Console

from orchestration.assets.raw import build_raw_assets
from orchestration.fetching.sources import Fetched
from orchestration.publishing.release import Release
from orchestration.run_context import RunContext, RunReport
from orchestration.settings import Settings
from orchestration.summary import exit_code, tell

ERROR = "landing/clinic/source.yml: not fetched, the last snapshot stays: the server is away."


def report(tmp_path, errors):
    release = Release(1, tmp_path, {"published_at": "2026-11-23"})
    return RunReport(release=release, is_news=False, fetched=Fetched({}, errors))


def test_a_source_that_was_not_fetched_ends_as_a_source_error_although_nothing_is_new(tmp_path):
    assert exit_code(report(tmp_path, ())) == 0
    assert exit_code(report(tmp_path, (ERROR,))) == 2


def test_the_summary_says_what_was_not_fetched_and_how_to_mend_it(tmp_path):
    out = io.StringIO()
    tell(Console(file=out, width=200), Settings(home=tmp_path), report(tmp_path, (ERROR,)))
    assert ERROR in out.getvalue()


@pytest.mark.slow
def test_a_run_that_dagster_started_by_itself_fetches_before_it_lands(tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / "clinic.db") as connection:
        connection.execute("create table people as select 'C1' as client_id, '30-39' as age_band")
    monkeypatch.setenv("CLINIC_DATABASE", f"sqlite:///{tmp_path / 'clinic.db'}")
    folder = tmp_path / "home" / "landing" / "clinic"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(
        "format: sql\nsql:\n  connection: CLINIC_DATABASE\n"
        "  queries: {clients: select * from people}\n"
    )
    run = RunContext(Settings(home=tmp_path / "home", threads=1, memory_limit="1GB"))
    assert dg.materialize([build_raw_assets(run)]).success
    assert run.report.fetched.snapshots["clinic"][0].rows == 1
    (file,) = run.report.landing.files
    assert (file.status, file.rows_loaded) == ("loaded", 1)
