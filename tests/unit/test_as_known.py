"""What a copy as known at a date holds is what raw itself held at the end of that day.

The judge is raw: every table was copied out after each day's files had come in. What belongs here:
the day against the ledger. What does not: the run that builds on it (``integration``).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.landing.as_known import Known, carry_over, check_day
from orchestration.landing.raw_tables import RECORD_TABLES
from orchestration.settings import iso_day
from tests.landing_home import RESPONSES, Home, seeds

TABLES = ("loads", "refusals", "refused_answers", "superseded", *RECORD_TABLES)
FIRST, SECOND, THIRD = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 9)

Held = dict[str, list[tuple]]  # type: ignore[type-arg]


def held(connection: warehouse.Connection) -> Held:
    return {
        table: connection.execute(f"select * from raw.{table} order by all").fetchall()
        for table in TABLES
    }


def receive_on(home: Home, day: date) -> Held:
    """A day's run, one minute before midnight, and what raw holds then."""
    late = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    home.settings = home.settings.model_copy(update={"clock": lambda: late})
    home.receive()
    return held(home.connection)


def known_on(home: Home, day: date) -> tuple[Known, Held]:
    home.connection.execute("attach ':memory:' as rebuilt")
    home.connection.execute("use rebuilt")
    try:
        known = carry_over(home.connection, "memory", day)
        return known, held(home.connection)
    finally:
        home.connection.execute("use memory")
        home.connection.execute("detach rebuilt")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as opened:
        yield opened


@pytest.mark.slow
def test_each_day_is_known_as_it_was(home: Home) -> None:
    home.drop(
        "responses_march.csv",
        f"{RESPONSES}c1,gad7,1,2,2026-03-01\nc1,gad7,2,1,2026-03-01\nc2,gad7,1,9,2026-03-01\n",
    )
    home.drop("clients.csv", "client_id,age_band\nc1,30-39\n")
    first = receive_on(home, FIRST)
    # One answer corrected, one added, one attribute corrected, and a file that is refused whole.
    home.drop("responses_more.csv", f"{RESPONSES}c1,gad7,1,3,2026-03-01\nc1,gad7,3,0,2026-03-01\n")
    home.drop("clients_later.csv", "client_id,age_band\nc1,40-49\n")
    home.drop("responses_empty.csv", "")
    second = receive_on(home, SECOND)
    # A definition changed: every file is read again, what was read before is retired.
    home.registry = replace(seeds(), fingerprint="another")
    third = receive_on(home, THIRD)

    assert len(first["superseded"]) == 0
    assert len(second["superseded"]) == 2
    assert sum(row[-1] is not None for row in third["loads"]) == 4
    assert known_on(home, FIRST)[1] == first
    assert known_on(home, date(2026, 3, 3))[1] == first
    assert known_on(home, SECOND)[1] == second
    assert known_on(home, THIRD)[1] == third
    # Two files, with three of four rows in order; three more came later, and each was read twice.
    assert known_on(home, FIRST)[0] == Known(2, 0, 3, 3)


def test_a_warehouse_that_was_lost_still_knows_since_when(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("responses_a.csv", f"{RESPONSES}c1,gad7,1,2,2026-03-01\n")
        first = receive_on(home, FIRST)
        home.drop("responses_b.csv", f"{RESPONSES}c1,gad7,1,3,2026-03-01\n")
        second = receive_on(home, SECOND)
    with Home(tmp_path).opened() as anew:
        rebuilt = receive_on(anew, THIRD)
        assert rebuilt == second
        assert known_on(anew, FIRST)[1] == first


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 3, 10), "future"), (date(2026, 3, 1), "2026-03-02")]
)
def test_a_day_of_which_nothing_can_be_known_is_refused(home: Home, day: date, words: str) -> None:
    home.drop("responses_a.csv", f"{RESPONSES}c1,gad7,1,2,2026-03-01\n")
    receive_on(home, FIRST)
    with pytest.raises(SettingsError, match=words):
        check_day(home.connection, day, THIRD)
    check_day(home.connection, FIRST, THIRD)
    check_day(home.connection, THIRD, THIRD)


@pytest.mark.parametrize("text", ["2026-02-30", "20260301", "1", "2026-3-1", "yesterday", ""])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        iso_day(text)
    assert iso_day("2026-03-01") == date(2026, 3, 1)
