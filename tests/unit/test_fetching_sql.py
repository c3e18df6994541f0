"""Claims about snapshots of a database, made with SQLite: what comes, in which bytes, and when not.

SQLite and DuckDB files need no server; what a server adds is in test_fetching_postgres.py.
"""

import csv
import os
import pickle
import sqlite3
import tracemalloc
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import duckdb
import pytest

from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.snapshots import put
from orchestration.fetching.sources import faults_before_fetching, fetch_all
from orchestration.fetching.spool import Spool
from orchestration.fetching.text import as_text
from orchestration.landing import files
from orchestration.landing.withdrawal import Tombstones
from tests.landing_home import Home

pytestmark = pytest.mark.slow  # dozens of files, each landed

HIDDEN = "hunter2-hunter2"
QUERY = (
    "select client as client_id, 'phq9' as instrument_id, question as item, answer as response, "
    "seen as occurred_on from answers"
)


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    """A clinic's database and a home that fetches from it."""
    database = tmp_path / "clinic.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table answers (client, question, answer, seen)")
        connection.executemany(
            "insert into answers values (?, ?, ?, '2024-03-01')",
            [(f"C{c}", q, (c + q) % 4) for c in range(3) for q in range(1, 10)],
        )
    monkeypatch.setenv("CLINIC_DATABASE", f"sqlite:///{database}")
    home = Home(tmp_path / "home")
    home.drop("source.yml", source(QUERY))
    with home.opened():
        yield home, database


def source(query, kind="responses", more=""):
    quoted = query.replace('"', '\\"').replace("\n", "\\n")
    return (
        f'format: sql\nsql:\n  connection: CLINIC_DATABASE\n  queries:\n    {kind}: "{quoted}"\n'
        f"{more}"
    )


def change(database, statement):
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(statement)
    connection.close()


def fetched(home):
    done = fetch_all(home.settings)
    assert not done.errors, done.errors
    return done.snapshots["clinic"]


def refusal(home):
    done = fetch_all(home.settings)
    assert len(done.errors) == 1
    return done.errors[0]


def answers_of(home):
    return home.current("item_responses", "client_id, item, response")


def test_every_row_lands_and_the_same_rows_are_no_news(clinic):
    home, _ = clinic
    (first,) = fetched(home)
    assert (first.rows, first.is_new) == (27, True)
    assert home.receive_one().rows_loaded == 27
    (again,) = fetched(home)
    assert not again.is_new
    assert home.receive_one().status == "already_loaded"


def test_the_order_in_which_a_database_gives_rows_does_not_matter(clinic):
    home, _ = clinic
    fetched(home)
    home.drop("source.yml", source(f"{QUERY} order by answer desc, client desc"))
    assert not fetched(home)[0].is_new


def test_a_correction_supersedes_and_a_correction_taken_back_does_too(clinic):
    home, database = clinic
    fetched(home)
    home.receive()
    before = answers_of(home)
    assert ("C0", "2", "2") in before
    for value in (3, 2, 3):
        change(database, f"update answers set answer = {value} where client='C0' and question=2")
        assert fetched(home)[0].is_new
        assert home.receive_one().status == "loaded"
        assert ("C0", "2", str(value)) in answers_of(home)
    change(database, "update answers set answer = 2 where client='C0' and question=2")
    for _ in range(2):
        fetched(home)
        home.receive()
    assert answers_of(home) == before
    # 2, 3, 2, 3, 2: five moments of the database, and the last was fetched twice.
    assert len(files.notes(home.settings.archive)) == 5


def test_the_archive_alone_rebuilds_what_was_fetched(clinic):
    home, database = clinic
    fetched(home)
    home.receive()
    expected = answers_of(home)
    database.unlink()
    for path in (home.settings.landing / "clinic").iterdir():
        path.unlink()
    (home.settings.landing / "clinic").rmdir()
    with home.opened():
        home.receive()
        assert answers_of(home) == expected


def test_a_client_who_withdrew_is_not_fetched_again(clinic):
    home, _ = clinic
    fetched(home)
    home.receive()
    tombstones = Tombstones(home.settings.withdrawals)
    tombstones.add("C1", set())
    tombstones.finish()
    (snapshot,) = fetched(home)
    assert snapshot.rows == 18
    text = (home.settings.landing / "clinic" / "responses-fetched.csv").read_text()
    assert "C0" in text
    assert "C1" not in text
    assert not fetched(home)[0].is_new


def test_what_is_fetched_does_not_depend_on_where_from(clinic, monkeypatch):
    home, database = clinic
    fetched(home)
    home.receive()
    moved = database.rename(database.with_name("moved.db"))
    monkeypatch.setenv("OTHER", f"sqlite:///{moved}")
    text = source(QUERY).replace("CLINIC_DATABASE", "OTHER")
    home.drop("source.yml", text)
    assert not fetched(home)[0].is_new
    assert home.receive_one().status == "already_loaded"


@pytest.mark.parametrize("query", ["delete from answers", "select 1 as a; drop table answers"])
def test_a_query_that_writes_is_refused_before_it_is_sent(clinic, query):
    home, database = clinic
    home.drop("source.yml", source(query))
    assert "was not sent" in refusal(home)
    connection = sqlite3.connect(database)
    assert connection.execute("select count(*) from answers").fetchone() == (27,)
    connection.close()


def test_a_query_that_fails_leaves_the_last_snapshot(clinic):
    home, database = clinic
    fetched(home)
    folder = home.settings.landing / "clinic"
    before = (folder / "responses-fetched.csv").read_bytes()
    for statement, word in (
        ("delete from answers", "returned no rows"),
        ("drop table answers", "failed"),
    ):
        change(database, statement)
        assert word in refusal(home)
        assert (folder / "responses-fetched.csv").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["responses-fetched.csv", "source.yml"]


def test_a_source_that_fails_stops_no_other(clinic):
    home, _ = clinic
    broken = source(QUERY).replace("CLINIC_DATABASE", "NOT_SET_ANYWHERE")
    home.drop("source.yml", broken, source="broken")
    done = fetch_all(home.settings)
    assert list(done.snapshots) == ["clinic"]
    assert len(done.errors) == 1
    assert "landing/broken/source.yml" in done.errors[0]
    assert "NOT_SET_ANYWHERE is not set" in done.errors[0]


def test_a_column_that_identifies_clients_refuses_the_file_before_it_is_archived(clinic):
    home, database = clinic
    change(database, "alter table answers add column email")
    change(database, "update answers set email = client || '@example.org'")
    home.drop(
        "source.yml", source(f"{QUERY}".replace(" from", ", email from"), more="ignore: email")
    )
    fetched(home)
    summary = home.receive_one()
    assert (summary.status, summary.refusal) == ("refused", "looks_identified")
    assert not list(home.settings.archive.glob("*"))


@pytest.mark.parametrize(
    ("address", "word"),
    [
        (f"postgresql://reader:{HIDDEN}@127.0.0.1:1/clinic", "cannot be reached"),
        (f"mysql://reader:{HIDDEN}@127.0.0.1:1/clinic", "cannot be reached"),
        (f"mariadb://reader:{HIDDEN}@127.0.0.1:1/clinic", "cannot be reached"),
        (f"mssql://reader:{HIDDEN}@127.0.0.1:1/clinic", "cannot be reached"),
        (f"oracle://reader:{HIDDEN}@127.0.0.1:1/clinic", "no address of a database"),
        (f"postgresql//reader:{HIDDEN}", "no address of a database"),
        (f"sqlite:////nowhere/{HIDDEN}.db", "does not exist"),
    ],
)
def test_no_fault_of_a_connection_tells_the_secret(clinic, monkeypatch, address, word):
    home, _ = clinic
    monkeypatch.setenv("CLINIC_DATABASE", address)
    told = refusal(home)
    assert word in told
    assert HIDDEN not in told
    assert told.count("\n") == 0


def test_a_secret_cannot_be_written_into_the_mapping(clinic):
    home, _ = clinic
    home.drop("source.yml", source(QUERY).replace("CLINIC_DATABASE", f"mysql://a:{HIDDEN}@b/c"))
    (error,) = home.receive().mapping_errors
    assert "sql.connection" in error
    assert "environment variable" in error
    assert HIDDEN not in error


@pytest.mark.parametrize(
    ("query", "variable", "word"),
    [
        (QUERY, "CLINIC_DATABASE", None),
        (QUERY, "NOT_SET_ANYWHERE", "not set"),
        ("delete from answers", "CLINIC_DATABASE", "was not sent"),
    ],
)
def test_what_would_keep_a_source_from_being_fetched_is_told_beforehand(
    clinic, query, variable, word
):
    home, database = clinic
    database.unlink()
    home.drop("source.yml", source(query).replace("CLINIC_DATABASE", variable))
    faults = faults_before_fetching(home.settings)
    assert len(faults) == (word is not None)
    assert all(str(word) in fault for fault in faults)


def test_a_secret_shows_in_no_form():
    secret = Secret("CLINIC_DATABASE", HIDDEN)
    assert HIDDEN not in f"{secret} {secret!r} {vars(Secret)}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_wide_query_is_read_by_the_mapping(clinic):
    home, database = clinic
    change(database, "create table wide as select 'C1' as pid, 4 as day, 12 as total")
    more = "client_id: pid\nday: day\ninstruments:\n  phq9: {stated: {phq9_total: total}}\n"
    home.drop("source.yml", source("select * from wide", "wide", more))
    fetched(home)
    assert home.receive_one().status == "loaded"
    assert home.ask("select client_id, score from raw.stated_scores") == [("C1", "12")]


def test_a_duckdb_file_is_a_source_and_reads_nothing_beside_it(clinic, tmp_path, monkeypatch):
    home, _ = clinic
    path = tmp_path / "clinic.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table answers as select 'C1' as client, 1 as question, 2 as answer, "
            "date '2024-03-01' as seen"
        )
    monkeypatch.setenv("CLINIC_DATABASE", f"duckdb:///{path}")
    fetched(home)
    assert home.receive_one().rows_loaded == 1
    (tmp_path / "beside.csv").write_text("a,b\n1,2\n")
    home.drop("source.yml", source(f"select * from read_csv('{tmp_path}/beside.csv')"))
    assert "failed" in refusal(home)


VALUES = [
    (None, ""),
    ("", ""),
    ("3", "3"),
    (3, "3"),
    (True, "true"),
    (False, "false"),
    (Decimal("3.00"), "3"),
    (Decimal("-0.0"), "0"),
    (Decimal("3.10"), "3.10"),
    (Decimal("1E+20"), "100000000000000000000"),
    (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
    (3.0, "3"),
    (0.1, "0.1"),
    (1e300, "1e+300"),
    (float("nan"), "nan"),
    (date(2024, 3, 1), "2024-03-01"),
    (datetime(2024, 3, 1), "2024-03-01"),
    (datetime(2024, 3, 1, 9, 30), "2024-03-01 09:30:00"),
    (datetime(2024, 3, 1, tzinfo=UTC), "2024-03-01 00:00:00+00:00"),
    (datetime(2024, 3, 1, 9, tzinfo=timezone(timedelta(hours=2))), "2024-03-01 09:00:00+02:00"),
    (time(9, 30), "09:30:00"),
    (timedelta(hours=25, minutes=1, microseconds=5), "25:01:00.000005"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ({"b": 1, "a": "é"}, '{"a": "é", "b": 1}'),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_a_value_becomes_text_without_loss(value, text):
    assert as_text(value, "column") == text


def test_bytes_have_no_text_and_the_message_has_no_byte():
    with pytest.raises(FetchError) as caught:
        as_text(b"hunter", "picture")
    assert "picture" in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_awkward_text_survives_the_file(tmp_path):
    rows = [['a "b", c', "x\ny"], ["é\u2028", " padded "], ["", "NULL"], ["\\", "'"]]
    spool = Spool(tmp_path / "scratch")
    for row in rows:
        spool.add(row)
    (tmp_path / "clinic").mkdir()
    put(tmp_path / "clinic", "scores-fetched.csv", ("a", "b"), spool, [])
    with (tmp_path / "clinic" / "scores-fetched.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(csv.reader(file)) == sorted([["a", "b"], *rows])
    mode = (tmp_path / "clinic" / "scores-fetched.csv").stat().st_mode
    assert mode & 0o777 == 0o600


def test_a_disk_that_fails_leaves_the_last_snapshot(tmp_path, monkeypatch):
    folder = tmp_path / "clinic"
    folder.mkdir()
    for attempt in range(2):
        spool = Spool(tmp_path / "scratch")
        spool.add([str(attempt), "x"])
        if attempt:
            before = (folder / "scores-fetched.csv").read_bytes()
            monkeypatch.setattr(os, "fsync", _no_space)
            with pytest.raises(FetchError, match="free space"):
                put(folder, "scores-fetched.csv", ("a", "b"), spool, [])
        else:
            put(folder, "scores-fetched.csv", ("a", "b"), spool, [])
    assert (folder / "scores-fetched.csv").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["scores-fetched.csv"]


def _no_space(_descriptor):
    raise OSError(28, "No space left on device")


def test_sorting_goes_through_the_disk_and_memory_stays_flat(tmp_path):
    tracemalloc.start()
    spool = Spool(tmp_path, run_bytes=100_000)
    for number in range(60_000):
        spool.add([f"{number * 7919 % 60_000:05d}", "x" * 20])
    found = (row[0] for row in spool.rows())
    assert all(row == f"{number:05d}" for number, row in enumerate(found))
    assert next(found, None) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    spool.close()
    assert spool.count == 60_000
    # The rows alone are 2 MB of text and some 12 MB as Python objects.
    assert peak < 4_000_000
