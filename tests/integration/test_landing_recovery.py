"""Landing ends in the same state however it is interrupted, changed or rebuilt."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.errors import ScoutError
from orchestration.landing import desk, expressions, files, inbox, ledger, mapping
from orchestration.landing.inbox import LandingEvent
from tests.landing_home import RESPONSES, Home

pytestmark = pytest.mark.slow  # hundreds of cases

WIDE = (
    "format: wide\nclient_id: id\nday: day\ninstruments: {gad7: {items: 'q{item}'}}\nignore: "
    "[note]\n"
)
FORM = "id,day,q1,q2,q3,q4,q5,q6,q7,note\nc1,0,1,1,1,1,1,1,1,2\nc1,7,0,0,1,1,1,1,1,2\n"
CORRECTED = FORM.replace("c1,7,0", "c1,7,3")
STATE = "client_id, instrument_id, item, response, response_shift, day, line, record_key"
LEDGER = (
    "select load_sequence, source, file_name, status, rows_read, rows_loaded, rows_repeated, "
    "retired_by from raw.loads order by 1"
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as opened:
        yield opened


def fill(home: Home) -> None:
    """Two sources: one with a form and its correction, and one that calls its clients alike."""
    home.drop("source.yml", WIDE, "forms")
    home.drop("form_1.csv", FORM, "forms")
    home.drop("form_2.csv", CORRECTED, "forms")
    tidy = (
        "client_id,instrument_id,item,response,day\nc1,gad7,1,1,0\nc1,gad7,2,3,0\nc2,gad7,1,9,0\n"
    )
    home.drop("responses.csv", tidy, "tidy")


def state(home: Home) -> list[tuple]:  # type: ignore[type-arg]
    return home.current("item_responses", STATE)


def test_a_lost_warehouse_is_rebuilt_from_the_archive_alone(home: Home, tmp_path: Path) -> None:
    fill(home)
    home.receive()
    before, ledger_before = state(home), home.ask(LEDGER)
    (tmp_path / "landing").rename(tmp_path / "gone")
    with home.opened():
        summary = home.receive()
        assert {file.status for file in summary.files} == {"loaded"}
        assert state(home) == before
        assert home.ask(LEDGER) == ledger_before
        assert home.receive().files == ()


def test_a_second_call_changes_nothing(home: Home) -> None:
    fill(home)
    home.receive()
    before = home.ask("from raw.item_responses"), home.ask(LEDGER)
    assert {file.status for file in home.receive().files} == {"already_loaded"}
    assert (home.ask("from raw.item_responses"), home.ask(LEDGER)) == before


def test_a_warehouse_whose_keys_were_made_otherwise_is_read_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    with monkeypatch.context() as before:
        before.setattr(mapping, "RULES", "1")
        before.setattr(
            expressions,
            "record_key",
            lambda administration, target: expressions.key(
                [f"{administration}::varchar", f"{target}::varchar"]
            ),
        )
        home.receive()
    old = state(home)
    home.receive()
    new = state(home)
    assert [row[:-1] for row in new] == [row[:-1] for row in old]
    assert {row[-1] for row in new}.isdisjoint(row[-1] for row in old)
    home.drop("form_3.csv", CORRECTED.replace("c1,0,1", "c1,0,2"), "forms")
    third = next(file for file in home.receive().files if file.file_name == "form_3.csv")
    assert (third.counts.values_loaded, third.counts.superseded) == (1, 1)


class Killed(BaseException):
    """Stands for the end of the process: nothing may catch it and carry on."""


STEPS = ("receive_copy", "judge", "keep", "load", "add")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_a_kill_at_any_step_is_mended_by_the_next_call(
    tmp_path: Path, step: str, call: int, is_after: bool
) -> None:
    with Home(tmp_path / "whole").opened() as whole:
        fill(whole)
        whole.receive()
        expected, expected_ledger = state(whole), whole.ask(LEDGER)
    owner = {"receive_copy": files, "keep": files, "add": ledger}.get(step, desk)
    with Home(tmp_path / "killed").opened() as home:
        fill(home)
        real, calls = getattr(owner, step), []

        def stop(*arguments: object, **named: object) -> object:
            calls.append(1)
            if len(calls) == call and not is_after:
                raise Killed
            result = real(*arguments, **named)
            if len(calls) == call:
                raise Killed
            return result

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, step, stop)
            with pytest.raises(Killed):
                home.receive()
        summary = home.receive()
        assert summary.mapping_errors == ()
        assert state(home) == expected
        assert home.ask(LEDGER) == expected_ledger


def test_a_changed_mapping_loads_the_same_bytes_again_and_retires_the_old_load(home: Home) -> None:
    fill(home)
    home.receive()
    home.drop(
        "source.yml",
        WIDE.replace("'q{item}'", "'q{item}', stored_minimum: 0").replace("note]", "note, more]"),
        "forms",
    )
    first = home.receive()
    assert [file.status for file in first.files].count("loaded") == 2
    old = dict(
        home.ask("select load_sequence, retired_by from raw.loads where retired_by is not null")
    )
    # The other source is untouched: no correction reaches across.
    assert old == {1: 4, 2: 5}
    assert home.ask("select count(*) from raw.item_responses where load_sequence = 1") == [(14,)]
    assert {file.status for file in home.receive().files} == {"already_loaded"}


def test_after_a_change_the_current_rows_are_those_of_a_fresh_start(
    home: Home, tmp_path: Path
) -> None:
    fill(home)
    home.receive()
    changed = WIDE.replace("client_id: id", "client_id: id\nclient_id_prefix: x")
    home.drop("source.yml", changed, "forms")
    home.receive()
    with Home(tmp_path / "fresh").opened() as fresh:
        fill(fresh)
        fresh.drop("source.yml", changed, "forms")
        fresh.receive()
        assert state(home) == state(fresh)


def test_a_kill_between_reloads_is_mended_by_the_next_call(home: Home, tmp_path: Path) -> None:
    fill(home)
    home.receive()
    changed = WIDE.replace("client_id: id", "client_id: id\nclient_id_prefix: x")
    home.drop("source.yml", changed, "forms")

    def stop(event: LandingEvent) -> None:
        if event.phase == "loaded":
            raise Killed

    with pytest.raises(Killed):
        inbox.receive(home.connection, home.settings, home.registry, report=stop)
    home.receive()
    with Home(tmp_path / "fresh").opened() as fresh:
        fill(fresh)
        fresh.drop("source.yml", changed, "forms")
        fresh.receive()
        assert state(home) == state(fresh)
    assert home.ask("select count(*) from raw.loads where retired_by is null") == [(3,)]


def test_another_registry_loads_everything_again(home: Home) -> None:
    fill(home)
    home.receive()
    before = state(home)
    home.registry = replace(home.registry, fingerprint="0" * 64)
    home.receive()
    assert state(home) == before
    assert home.ask("select count(*) from raw.loads where retired_by is not null") == [(3,)]


def test_a_mapping_that_no_longer_fits_leaves_what_was_loaded(home: Home) -> None:
    fill(home)
    home.receive()
    before = state(home)
    home.drop("source.yml", WIDE.replace("\nignore: [note]", ""), "forms")
    for _ in range(2):
        summary = home.receive()
        refused = [file for file in summary.files if file.status == "refused"]
        assert {file.refusal for file in refused} == {"unmapped_column"}
        assert all("stays" in str(file.message) for file in refused)
        assert state(home) == before
    home.drop("source.yml", WIDE, "forms")
    assert {file.status for file in home.receive().files} == {"already_loaded"}


def test_a_refused_file_is_read_again_once_its_mapping_is_mended(home: Home) -> None:
    home.drop("source.yml", WIDE.replace("\nignore: [note]", ""))
    home.drop("form.csv", FORM)
    assert home.receive_one().status == "refused"
    home.drop("source.yml", WIDE)
    assert home.receive_one().status == "loaded"


def test_damaged_archive_bytes_are_named_and_nothing_is_loaded(home: Home) -> None:
    home.drop("responses.csv", f"{RESPONSES}c1,gad7,1,1,2026-01-05\n")
    sha256 = home.receive_one().sha256
    path = home.settings.archive / sha256
    path.write_bytes(path.read_bytes().replace(b",1,1,", b",1,2,"))
    with home.opened(), pytest.raises(ScoutError, match="Restore it from a backup"):
        home.receive()


def test_the_archive_note_holds_what_a_rebuild_needs_and_nothing_else(home: Home) -> None:
    home.drop("responses.csv", f"{RESPONSES}canary,gad7,1,1,2026-01-05\n")
    home.receive()
    (path,) = home.settings.archive.glob("*.json")
    note = json.loads(path.read_text())
    needed = {"sequence", "source", "file_name", "sha256", "mapping", "accepted_at"}
    assert set(note) == needed
    assert "canary" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
