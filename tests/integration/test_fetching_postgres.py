"""Claims about a real PostgreSQL as a source: what only a server can show.

The server is the one in the `pgserver` wheel, started on a socket of its own; run as root, it
makes itself a system user without rights.
"""

import subprocess
import sys
import tempfile

import pytest

from orchestration.fetching.databases import open_engine
from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.sources import fetch_all
from orchestration.fetching.sql import fetch_sql
from tests.landing_home import Home

pytestmark = pytest.mark.slow
HIDDEN = "hunter2%hunter2"
TABLES = """
create table answers (client text, question int, answer numeric(4, 2), seen date);
insert into answers (client, question, answer, seen)
    select 'C' || c, q, (c + q) % 4, date '2024-03-01' + c
    from generate_series(0, 199) as c, generate_series(1, 9) as q;
create role reader login password 'hunter2%hunter2';
grant select on answers to reader;
"""
QUERY = (
    "select client as client_id, 'phq9' as instrument_id, question as item, answer as response, "
    "seen as occurred_on from answers"
)


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server with one clinic's table and a reader who needs a password.

    Not in pytest's folders: those let nobody but their owner in.
    """
    pgserver = pytest.importorskip("pgserver", reason="pgserver has no wheel for this Python")
    folder = tempfile.mkdtemp(prefix="scout-postgres-")
    started = pgserver.get_server(folder, cleanup_mode="delete")
    started.psql(TABLES)
    access = started.pgdata / "pg_hba.conf"
    access.write_text("local all reader scram-sha-256\n" + access.read_text())
    started.psql("select pg_reload_conf()")
    yield started
    started.cleanup()


def address(server, password=HIDDEN, database="postgres"):
    quoted = password.replace("%", "%25")
    return f"postgresql://reader:{quoted}@/{database}?host={server.pgdata}"


@pytest.fixture
def home(tmp_path, monkeypatch, server):
    monkeypatch.setenv("CLINIC_DATABASE", address(server))
    found = Home(tmp_path / "home")
    found.drop("source.yml", source(QUERY))
    with found.opened():
        yield found


def source(query, more=""):
    return (
        "format: sql\nsql:\n  connection: CLINIC_DATABASE\n  queries:\n"
        f'    responses: "{query}"\n{more}'
    )


def refusal(home):
    (error,) = fetch_all(home.settings).errors
    assert "hunter2" not in error
    return error


def test_rows_land_and_a_correction_in_the_database_supersedes(home, server):
    done = fetch_all(home.settings)
    assert done.errors == ()
    assert home.receive_one().rows_loaded == 1800
    server.psql("update answers set answer = 3 where client = 'C0' and question = 4")
    assert fetch_all(home.settings).snapshots["clinic"][0].is_new
    assert home.receive_one().status == "loaded"
    current = home.current("item_responses", "client_id, item, response")
    assert len(current) == 1800
    assert ("C0", "4", "3") in current
    assert ("C0", "4", "0") not in current
    server.psql("update answers set answer = 0 where client = 'C0' and question = 4")


@pytest.mark.parametrize("statement", ["delete from answers", "insert into answers values ('x')"])
def test_a_writing_query_is_refused(home, server, statement):
    home.drop("source.yml", source(statement))
    assert "was not sent" in refusal(home)
    assert "1800" in server.psql("select count(*) from answers")


def test_the_server_itself_refuses_to_write_even_for_a_user_who_may(server):
    secret = Secret("OWNER", f"postgresql://postgres@/postgres?host={server.pgdata}")
    engine, database = open_engine(secret, 60)
    with engine.connect() as connection:
        for statement in database.opening(60, False):
            connection.exec_driver_sql(statement)
        with pytest.raises(Exception, match="read-only transaction"):
            connection.exec_driver_sql("create table made (a int)")
    engine.dispose()


def test_a_function_that_writes_is_refused_by_the_server(home, server):
    server.psql(
        "create or replace function sneaky() returns int language sql security definer as "
        "'delete from answers; select 1'"
    )
    home.drop("source.yml", source("select sneaky() as client_id, 1 as b"))
    assert "tried to write" in refusal(home)
    assert "1800" in server.psql("select count(*) from answers")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"password": "hunter2-wrong"}, "refused the user or the password"),
        ({"database": "nowhere"}, "no database of the name"),
    ],
)
def test_a_wrong_password_or_database_is_one_plain_sentence(
    home, server, monkeypatch, changed, word
):
    monkeypatch.setenv("CLINIC_DATABASE", address(server, **changed))
    told = refusal(home)
    assert word in told
    assert told.count("\n") == 0


def test_a_missing_column_is_told_without_the_servers_words(home):
    home.drop("source.yml", source("select no_such_column, client from answers"))
    assert "42703" in refusal(home)


def test_a_query_that_takes_too_long_is_stopped(home):
    slow = source("select pg_sleep(30)::text as client_id, 1 as b").replace(
        "  queries:", "  seconds: 1\n  queries:"
    )
    home.drop("source.yml", slow)
    assert "longer than allowed" in refusal(home)


def test_a_column_that_identifies_clients_refuses_the_source(home, server):
    home.drop(
        "source.yml",
        source(
            QUERY.replace(" from", ", client || '@example.org' as contact from"), "ignore: contact"
        ),
    )
    assert fetch_all(home.settings).errors == ()
    summary = home.receive_one()
    assert (summary.status, summary.refusal) == ("refused", "looks_identified")
    assert not list(home.settings.archive.glob("*"))


def test_every_type_arrives_as_text_that_landing_reads(server, tmp_path):
    columns = (
        "1::smallint as a, 12345678901::bigint as b, 0.10::numeric(9,2) as c, true as d, "
        "date '2024-02-29' as e, timestamp '2024-02-29 10:11:12.5' as f, null::text as g, "
        "'a,\"b' as h, 0.1::float8 as i, 'x:y %s %(z)s'::varchar as j, time '09:30' as k"
    )
    found = fetch_sql(
        tmp_path,
        Secret("X", address(server)),
        {"scores": f"select {columns}"},
        seconds=60,
        scratch=tmp_path / "scratch",
        notes=[],
        tell=lambda text: None,
    )
    assert found[0].rows == 1
    text = (tmp_path / "scores-fetched.csv").read_text().splitlines()[1]
    assert text == (
        '1,12345678901,0.10,true,2024-02-29,2024-02-29 10:11:12.500000,,"a,""b",0.1,'
        "x:y %s %(z)s,09:30:00"
    )


def test_memory_stays_flat_however_many_rows_come(server, tmp_path):
    """Half a million rows of 200 characters: 100 MB of text; the run keeps 32 MB and a batch."""
    script = f"""
import resource
from pathlib import Path
from orchestration.fetching.refusing import Secret
from orchestration.fetching.sql import fetch_sql
def peak(rows):
    query = "select n as client_id, repeat('x', 200) as b from generate_series(1, %d) as n" % rows
    fetch_sql(Path({str(tmp_path)!r}), Secret("X", {address(server)!r}), {{"scores": query}},
        seconds=120, scratch=Path({str(tmp_path)!r}), notes=[], tell=lambda text: None)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small = peak(1000)
print((peak(500_000) - small) // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) < 90


def test_two_queries_see_one_moment(home, server):
    """A row that is added between two queries of one source is in neither."""
    kinds = {
        "responses": QUERY,
        "scores": "select client as client_id, count(*) as score from answers, pg_sleep(0.5) "
        "group by client",
    }
    told = []

    def add_a_row(text):
        if text == "query scores" and not told:
            told.append(text)
            server.psql("insert into answers values ('late', 1, 1, '2024-03-01')")

    folder = home.settings.landing / "clinic"
    try:
        found = fetch_sql(
            folder,
            Secret("X", address(server)),
            kinds,
            seconds=60,
            scratch=home.settings.scratch,
            notes=[],
            tell=add_a_row,
        )
    finally:
        server.psql("delete from answers where client = 'late'")
    assert told
    assert [one.rows for one in found] == [1800, 200]


def test_nothing_is_put_in_place_unless_every_query_came(home, server):
    folder = home.settings.landing / "clinic"
    with pytest.raises(FetchError):
        fetch_sql(
            folder,
            Secret("X", address(server)),
            {"responses": QUERY, "scores": "select nope, 1 as a from answers"},
            seconds=60,
            scratch=home.settings.scratch,
            notes=[],
            tell=lambda text: None,
        )
    assert [path.name for path in folder.iterdir()] == ["source.yml"]
