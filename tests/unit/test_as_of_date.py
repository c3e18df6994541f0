"""The day from which time is counted is the latest in the data, unless a day is named.

The macro needs nothing of dbt but ``ref`` and ``env_var``, so it is rendered by Jinja alone and
asked of three tables written by hand.
"""

import os
from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pytest

from orchestration.assets.dbt_calling import dbt_environment
from orchestration.errors import SettingsError
from orchestration.settings import CHECKOUT, Settings

MACRO = CHECKOUT / "dbt_project" / "macros" / "as_of_date.sql"


def as_of_date(connection: duckdb.DuckDBPyConnection, named: str = "") -> object:
    template = jinja2.Environment(autoescape=False).from_string(  # noqa: S701 - SQL, not HTML
        MACRO.read_text(encoding="utf-8") + "{{ as_of_date() }}",
        globals={"ref": lambda name: name, "env_var": lambda _name, default: named or default},
    )
    row = connection.execute(f"select {template.render()}").fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def staged() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create table stg_raw__sessions (held_on date)")
    connection.execute("create table int_administrations (occurred_on date)")
    connection.execute("create table int_episodes (started_on date, ended_on date)")
    return connection


@pytest.mark.parametrize("latest", ["held_on", "occurred_on", "started_on", "ended_on"])
def test_it_is_the_latest_day_of_sessions_forms_and_episodes(
    staged: duckdb.DuckDBPyConnection, latest: str
) -> None:
    days = dict.fromkeys(("held_on", "occurred_on", "started_on", "ended_on"), "2026-01-05")
    days[latest] = "2026-03-31"
    staged.execute("insert into stg_raw__sessions values (?), (null)", [days["held_on"]])
    staged.execute("insert into int_administrations values (?)", [days["occurred_on"]])
    staged.execute("insert into int_episodes values (?, ?)", [days["started_on"], days["ended_on"]])
    assert as_of_date(staged) == date(2026, 3, 31)
    assert as_of_date(staged, "2026-02-28") == date(2026, 2, 28)


def test_without_a_date_anywhere_there_is_none(staged: duckdb.DuckDBPyConnection) -> None:
    assert as_of_date(staged) is None
    assert as_of_date(staged, "2026-02-28") == date(2026, 2, 28)


def test_the_named_day_reaches_dbt_and_no_other_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOUT_AS_OF", "2026-02-28")
    named = Settings.from_environment(tmp_path)
    assert named.reference_day == date(2026, 2, 28)
    for settings, told in ((named, "2026-02-28"), (Settings(home=tmp_path), "")):
        with dbt_environment(settings):
            assert os.environ["SCOUT_AS_OF"] == told


@pytest.mark.parametrize("text", ["28.2.2026", "2026-02-30", "20260228", "5"])
def test_a_day_that_is_none_is_a_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SCOUT_AS_OF", text)
    with pytest.raises(SettingsError, match="SCOUT_AS_OF"):
        Settings.from_environment(tmp_path)
