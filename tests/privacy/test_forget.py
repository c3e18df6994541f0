"""A client who withdrew is gone: from every byte under the home, and for good.

Judged by reading every file under the home, by every cell of both kinds of database, by the rows of
everybody else, which must be what they were, and by a kill at each step.
"""

import hashlib
import json
import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration import forgetting, warehouse
from orchestration.errors import ScoutError, SettingsError
from orchestration.landing.as_known import carry_over
from orchestration.landing.inbox import receive
from orchestration.landing.withdrawal import Journal, Tombstones, erase, verify
from orchestration.settings import Settings
from tests.helpers import scout
from tests.landing_home import NOW, RESPONSES, seeds

pytestmark = pytest.mark.slow  # dozens of files, each landed

GONE, STAYS = "kanarie-0007", "client-0001"
EPISODE = "kanarie-visit-12"


def rows(*clients: str, day: str = "2026-01-05") -> str:
    return "".join(
        f"{client},gad7,{item},{item % 4},{day}\n" for client in clients for item in range(1, 8)
    )


class Clinic:
    """A home with a real warehouse file and landing alone: no dbt, no release."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, clock=lambda: NOW, threads=1, memory_limit="1GB")

    def drop(self, name: str, content: str | bytes, source: str = "clinic") -> Path:
        path = self.settings.landing / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land(self) -> dict[str, str]:
        with warehouse.open_to_write(self.settings) as connection:
            summary = receive(connection, self.settings, seeds())
        assert not summary.mapping_errors
        return {file.file_name: file.status for file in summary.files}

    def ask(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        with warehouse.open_to_read(self.settings) as connection:
            return connection.execute(query).fetchall()

    def forget(self, client: str = GONE) -> dict[str, int]:
        return forgetting.forget(self.settings, client, forgetting.look_for(self.settings, client))

    def holding(self, *words: str) -> set[str]:
        """Files under the home whose bytes or name hold one of the words."""
        found = set()
        for folder, _, names in os.walk(self.settings.home):
            for name in names:
                path = Path(folder) / name
                content = b"" if path.is_symlink() else path.read_bytes()
                for word in words:
                    if (
                        word in name
                        or word.encode() in content
                        or word.encode("utf-16-le") in content
                    ):
                        found.add(str(path.relative_to(self.settings.home)))
        return found

    def raw(self) -> dict[str, list[tuple]]:  # type: ignore[type-arg]
        tables = ("item_responses", "clients", "episodes", "sessions", "practice")
        return {
            table: self.ask(f"select * exclude (load_sequence, line) from raw.{table} order by all")
            for table in tables
        }


def furnish(clinic: Clinic, *clients: str) -> None:
    clinic.drop("responses.csv", RESPONSES + rows(*clients))
    clinic.drop("responses_2.csv", RESPONSES + rows(*reversed(clients), day="2026-02-05"))
    clinic.drop("responses_alone.csv", RESPONSES + rows(GONE, day="2026-03-05"))
    episodes = [f"{c},{EPISODE if c == GONE else 'visit-' + c[-4:]},course" for c in clients]
    clinic.drop("episodes.csv", "client_id,episode_id,program_id\n" + "\n".join(episodes) + "\n")
    sessions = [f"{EPISODE if c == GONE else 'visit-' + c[-4:]},1,2026-01-06" for c in clients]
    clinic.drop("sessions.csv", "episode_id,session_number,held_on\n" + "\n".join(sessions) + "\n")


CLIENTS = (STAYS, GONE, "client-0002", "client-0003")


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path / "home")


@pytest.fixture(scope="module")
def landed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Clinic(tmp_path_factory.mktemp("landed") / "home")
    furnish(made, *CLIENTS)
    made.land()
    return made.settings.home


@pytest.fixture
def landed(landed_once: Path, tmp_path: Path) -> Clinic:
    """A home of its own in which the four clients were landed."""
    shutil.copytree(landed_once, tmp_path / "home")
    return Clinic(tmp_path / "home")


def test_nothing_under_the_home_holds_the_client_afterwards(landed: Clinic) -> None:
    assert {"warehouse.duckdb", "landing/clinic/responses.csv"} <= landed.holding(GONE)
    done = landed.forget()
    assert done == {"files_rewritten": 4, "files_removed": 1, "records_removed": 23}
    assert landed.holding(GONE, EPISODE) == set()
    landed.land()
    assert landed.holding(GONE, EPISODE) == set()
    assert stat.S_IMODE((landed.settings.withdrawals / "key").stat().st_mode) == 0o600


def test_a_report_as_known_before_goes_too_and_cannot_be_made_with_the_client_again(
    landed: Clinic,
) -> None:
    folder = landed.settings.releases / "as-of-2026-01-01.000001"
    folder.mkdir(parents=True)
    (folder / "evaluation.duckdb").write_text(GONE, encoding="ascii")
    link = landed.settings.home / "as-of-2026-01-01"
    link.symlink_to(folder)
    landed.forget()
    assert not link.is_symlink()
    assert not folder.exists()
    later = NOW + timedelta(days=30)
    landed.settings = landed.settings.model_copy(update={"clock": lambda: later})
    landed.land()
    # What stays is known since it came, so that a rebuild finds it, and the client not.
    with (
        warehouse.open_to_read(landed.settings) as held,
        warehouse.in_memory(landed.settings) as it,
    ):
        assert held.execute("select distinct loaded_at from raw.loads").fetchall() == [
            (NOW.replace(tzinfo=None),)
        ]
        warehouse.attach(it, landed.settings.warehouse, "held", read_only=True)
        assert carry_over(it, "held", NOW.date()).file_count == 4
        assert it.execute(
            "select count(*) from raw.item_responses where client_id = ?", [GONE]
        ).fetchall() == [(0,)]


def test_everybody_else_is_what_they_would_be_had_the_client_never_come(
    landed: Clinic, tmp_path: Path
) -> None:
    landed.forget()
    landed.land()
    never = Clinic(tmp_path / "never")
    furnish(never, *(client for client in CLIENTS if client != GONE))
    (never.settings.landing / "clinic" / "responses_alone.csv").unlink()
    never.land()
    assert landed.raw() == never.raw()
    counts = "file_name, sha256, rows_read, rows_loaded, rows_refused, rows_repeated"
    loads = f"select {counts} from raw.loads order by all"
    assert landed.ask(loads) == never.ask(loads)


def test_the_warehouse_is_rebuilt_from_the_archive_alone(landed: Clinic) -> None:
    landed.forget()
    landed.land()
    before = landed.raw()
    shutil.rmtree(landed.settings.landing)
    landed.settings.landing.mkdir()
    landed.settings.warehouse.unlink()
    landed.land()
    assert landed.raw() == before
    for path in landed.settings.archive.iterdir():
        if path.suffix == ".json":
            note = json.loads(path.read_text())
            content = (landed.settings.archive / note["sha256"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == note["sha256"]
            assert "rewritten on 2026-11-23" in note["rewritten"]


def test_the_client_does_not_come_back_with_the_original_file(clinic: Clinic) -> None:
    furnish(clinic, *CLIENTS)
    original = (clinic.settings.landing / "clinic" / "responses.csv").read_bytes()
    alone = (clinic.settings.landing / "clinic" / "responses_alone.csv").read_bytes()
    clinic.land()
    clinic.forget()
    clinic.land()
    before = clinic.raw()
    clinic.drop("responses.csv", original)
    clinic.drop("responses_alone.csv", alone)
    clinic.drop("responses_new.csv", RESPONSES + rows(GONE, STAYS, day="2026-09-09"))
    statuses = clinic.land()
    assert statuses["responses.csv"] == "already_loaded"
    assert statuses["responses_alone.csv"] == "refused"
    assert statuses["responses_new.csv"] == "loaded"
    assert clinic.ask("select distinct client_id from raw.item_responses order by 1") == [
        (client,) for client in sorted(CLIENTS) if client != GONE
    ]
    assert len(clinic.raw()["item_responses"]) == len(before["item_responses"]) + 7
    # What the clinic drops is the clinic's; nothing that Scout keeps holds the client.
    assert {place.split("/")[0] for place in clinic.holding(GONE)} == {"landing"}


STEPS = [
    "remove_releases",
    "_mend_archived",
    "_mend_landed",
    "files.keep",
    "files.discard",
    "Tombstones.finish",
]


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_is_finished_by_the_next_call(
    landed: Clinic, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:

    class Killed(BaseException):
        pass

    holder, _, name = step.rpartition(".")
    place = getattr(forgetting, holder) if holder else forgetting
    real = getattr(place, name)
    calls = []

    def dying(*words: object) -> object:
        calls.append(step)
        if (when == "before" and len(calls) == 2) or (name == "finish" and when == "before"):
            raise Killed
        result = real(*words)
        if when == "after" and (len(calls) == 2 or name in ("finish", "remove_releases")):
            raise Killed
        if when == "before" and name == "remove_releases":
            raise Killed
        return result

    with monkeypatch.context() as patched:
        patched.setattr(place, name, dying)
        with pytest.raises(Killed):
            landed.forget()
    forgetting.finish_pending(landed.settings)
    assert forgetting.finish_pending(landed.settings) is None
    assert landed.holding(GONE, EPISODE) == set()
    landed.land()
    assert len(landed.raw()["item_responses"]) == 3 * 2 * 7
    lines = forgetting.journal(landed.settings).lines()
    # Killed after the line was written and before that was known, it says so twice.
    assert [line["event"] for line in lines] in (
        ["begun", "finished"],
        ["begun", "finished", "finished"],
    )
    assert verify(lines)


def test_a_client_whose_id_is_a_small_number_takes_no_answer_of_others_along(
    clinic: Clinic,
) -> None:
    clinic.drop("responses.csv", RESPONSES + rows("1", "2", "3"))
    clinic.land()
    clinic.forget("1")
    clinic.land()
    counted = "select client_id, count(*) from raw.item_responses group by 1 order by 1"
    assert clinic.ask(counted) == [("2", 7), ("3", 7)]


def test_a_prefix_of_the_mapping_belongs_to_the_id(clinic: Clinic) -> None:
    for source in ("north", "south"):
        clinic.drop("source.yml", f"client_id_prefix: {source}-\n", source)
        clinic.drop("responses.csv", RESPONSES + rows("c-000001", "c-000002"), source)
    clinic.land()
    clinic.forget("north-c-000001")
    clinic.land()
    assert clinic.ask("select distinct client_id from raw.item_responses order by 1") == [
        ("north-c-000002",), ("south-c-000001",), ("south-c-000002",),
    ]  # fmt: skip


def test_an_unknown_client_changes_nothing(landed: Clinic) -> None:
    holding = forgetting.look_for(landed.settings, "nobody-0001")
    assert (holding.records, holding.episodes) == (0, frozenset())
    assert not landed.settings.withdrawals.exists()


def test_lost_tombstones_stop_everything_instead_of_letting_clients_back(landed: Clinic) -> None:
    landed.forget()
    (landed.settings.withdrawals / "key").unlink()
    with pytest.raises(ScoutError, match="would come back"):
        landed.land()


@pytest.mark.parametrize("extension", ["csv", "xlsx", "parquet"])
def test_a_file_is_rewritten_the_same_way_each_time(tmp_path: Path, extension: str) -> None:
    source = tmp_path / f"in.{extension}"
    records = [["client_id", "score"], [GONE, 3], [STAYS, 4], [f" {GONE}", 5], [STAYS, None]]
    if extension == "csv":
        text = "\ufeff" + "".join(f"{a},{'' if b is None else b}\r\n" for a, b in records)
        source.write_text(text + f'"{STAYS}","two\r\nlines"\r\n', encoding="utf-8", newline="")
    elif extension == "xlsx":
        book = openpyxl.Workbook()
        for record in records:
            book.active.append(record)
        book.save(source)
    tombstones = Tombstones(tmp_path / "withdrawals")
    tombstones.add(GONE, set())
    made = []
    with duckdb.connect(config={"threads": "1"}) as connection:
        if extension == "parquet":
            values = ", ".join(f"('{a}', {'null' if b is None else b})" for a, b in records[1:])
            query = f"select * from (values {values}) as t(client_id, score)"
            connection.execute(f"copy ({query}) to '{source}' (format parquet)")
        for number in range(2):
            target = tmp_path / f"out{number}"
            erased = erase(connection, source, target, source.name, None, tombstones)
            assert erased is not None
            assert (erased.removed, erased.remaining) == (2, 3 if extension == "csv" else 2)
            made.append(target.read_bytes())
    assert made[0] == made[1]
    assert GONE.encode() not in made[0]
    if extension == "csv":
        expected = f"\ufeffclient_id,score\r\n{STAYS},4\r\n{STAYS},\r\n"
        assert made[0].decode() == expected + f'"{STAYS}","two\r\nlines"\r\n'


def test_the_log_tells_of_every_change_to_it(tmp_path: Path) -> None:
    log = Journal(tmp_path / "log.jsonl")
    for number in range(4):
        log.add("begun" if number % 2 == 0 else "finished", NOW, {"records": number})
    lines = log.lines()
    assert verify(lines)
    assert not verify(lines[1:])
    assert not verify([*lines[:1], *lines[2:]])
    for place in range(4):
        changed = [dict(line) for line in lines]
        changed[place]["records"] += 1
        assert not verify(changed)
    # A torn last line is dropped and the chain goes on.
    with log.path.open("a") as file:
        file.write('{"number": 5, "ev')
    log.add("begun", NOW, {})
    assert verify(log.lines())
    assert len(log.lines()) == 5


def test_the_tombstones_tell_nobody_who_it_was(tmp_path: Path) -> None:
    one, other = Tombstones(tmp_path / "a"), Tombstones(tmp_path / "b")
    for tombstones in (one, other):
        tombstones.add(GONE, {EPISODE})
        assert tombstones.holds("client", GONE)
        assert tombstones.holds("episode", EPISODE)
        assert not tombstones.holds("client", STAYS)
    texts = [(tmp_path / name / "tombstones.json").read_text() for name in "ab"]
    marks = [set(json.loads(text)["marks"]) for text in texts]
    assert not marks[0] & marks[1]
    assert hashlib.sha256(GONE.encode()).hexdigest() not in texts[0]


@pytest.mark.slow
def test_the_command_erases_publishes_anew_and_names_nobody(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path / "home")
    furnish(clinic, *CLIENTS)
    home = ("--home", clinic.settings.home)
    assert scout("run", *home).returncode == 0
    first = clinic.settings.current.resolve().name
    asked = scout("forget", GONE, *home)
    assert asked.returncode != 0
    assert clinic.settings.current.resolve().name == first
    assert scout("forget", "nobody-0001", "--yes", *home).returncode == 2
    finished = scout("forget", GONE, "--yes", *home)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "23 records" in finished.stdout
    assert GONE not in finished.stdout + finished.stderr + asked.stdout
    assert clinic.holding(GONE, EPISODE) == set()
    assert clinic.settings.current.resolve().name > first
    evaluation = clinic.settings.current / "evaluation.duckdb"
    with duckdb.connect(str(evaluation.resolve()), read_only=True) as connection:
        clients = connection.execute(
            "select client_id from marts.dim_clients order by 1"
        ).fetchall()
    assert [row[0] for row in clients] == sorted(client for client in CLIENTS if client != GONE)
    assert clinic.ask("select event from raw.withdrawals order by number") == [
        ("begun",), ("finished",),
    ]  # fmt: skip
    again = scout("forget", GONE, "--yes", *home)
    assert (again.returncode, "forgotten before" in again.stdout) == (0, True)


def test_a_file_that_cannot_be_rewritten_is_named_and_nothing_is_changed(
    landed: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(GONE)

    monkeypatch.setattr("orchestration.landing.withdrawal.rehearsing.erase", broken)
    before = landed.holding(GONE)
    with pytest.raises(SettingsError, match=r"episodes\.csv.*Nothing was changed") as refused:
        landed.forget()
    assert GONE not in str(refused.value)
    assert landed.holding(GONE) == before
    assert not landed.settings.withdrawals.exists()
