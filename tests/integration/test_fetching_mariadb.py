"""Claims about a real MariaDB as a source; skipped, with the reason, where none is installed."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pymysql
import pytest

from orchestration.fetching.refusing import FetchError, Secret
from orchestration.fetching.sql import fetch_sql

DAEMON, INSTALLER = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        DAEMON is None or INSTALLER is None,
        reason="no MariaDB server is installed (Debian: mariadb-server)",
    ),
]
HIDDEN = "hunter2-hunter2"
SET_UP = (
    "create database clinic",
    "create table clinic.forms (pid varchar(9), total decimal(4,2), seen date, entered datetime,"
    " was_here boolean, at_time time)",
    "insert into clinic.forms values ('C1', 2.00, '2024-01-02', '2024-01-02 10:00:00', true,"
    " '10:11:12'), ('C2', 1.50, null, null, false, null)",
    f"create user clinician@localhost identified by '{HIDDEN}'",
    "grant all on clinic.* to clinician@localhost",
    "create function clinic.sneaky() returns int deterministic modifies sql data "
    "begin delete from clinic.forms; return 1; end",
)


@pytest.fixture(scope="module")
def socket():
    """A server on a socket of its own; run as root, it serves as `nobody`.

    Not in pytest's folders: those let nobody but their owner in.
    """
    folder = Path(tempfile.mkdtemp(prefix="scout-mariadb-"))
    as_whom = []
    if os.geteuid() == 0:
        as_whom = ["--user=nobody"]
        shutil.chown(folder, "nobody")
    data = f"--datadir={folder / 'data'}"
    subprocess.run(
        [INSTALLER, "--no-defaults", data, "--auth-root-authentication-method=normal", *as_whom],
        check=True,
        capture_output=True,
    )
    path = folder / "socket"
    server = subprocess.Popen(
        [DAEMON, "--no-defaults", data, f"--socket={path}", "--skip-networking", *as_whom],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if path.exists():
                break
            time.sleep(0.1)
        with pymysql.connect(unix_socket=str(path), user="root") as connection:
            for statement in SET_UP:
                connection.cursor().execute(statement)
        yield path
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder)


def fetch(socket, folder, query, scheme="mariadb", password=HIDDEN, seconds=60):
    address = f"{scheme}://clinician:{password}@localhost/clinic?unix_socket={socket}"
    return fetch_sql(
        folder,
        Secret("CLINIC_DATABASE", address),
        {"scores": query},
        seconds=seconds,
        scratch=folder / "scratch",
        notes=[],
        tell=lambda text: None,
    )


@pytest.mark.parametrize("scheme", ["mariadb", "mysql"])
def test_rows_arrive_as_text_that_landing_reads(socket, tmp_path, scheme):
    (found,) = fetch(socket, tmp_path, "select * from forms", scheme)
    assert found.rows == 2
    assert (tmp_path / "scores-fetched.csv").read_text().splitlines()[1:] == [
        "C1,2,2024-01-02,2024-01-02 10:00:00,1,10:11:12",
        "C2,1.50,,,0,",
    ]


@pytest.mark.parametrize(
    ("query", "more", "word"),
    [
        ("select sneaky() as a, 1 as b", {}, "tried to write"),
        ("select no_such, 1 as b from forms", {}, "42S22"),
        ("select sleep(20) as a, pid from forms", {"seconds": 1}, "longer than allowed"),
        ("select * from forms", {"password": "wrong"}, "refused the user or the password"),
    ],
)
def test_a_fault_is_one_sentence_and_nothing_is_written(socket, tmp_path, query, more, word):
    with pytest.raises(FetchError, match=word) as caught:
        fetch(socket, tmp_path, query, **more)
    assert HIDDEN not in str(caught.value)
    assert fetch(socket, tmp_path, "select * from forms")[0].rows == 2
