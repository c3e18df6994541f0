"""Claims about the contract of formats, made with a toy format that gives two tables of one file.

The toy, ``format: slips``, reads lines such as ``C1 gad7 3 0 2 1``: client, instrument, day and the
answers in order. A line that is no slip is refused; a companion file gives every client's group.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from orchestration.errors import SettingsError
from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.contract import Arrival, Format, Opened, Outline
from orchestration.landing.formats.staging import LINE, count, stage_rows
from orchestration.landing.mapping import parse_mapping
from orchestration.landing.mapping_values import Strict, Text
from orchestration.landing.staged import Staged
from tests.landing_home import Home, assert_conserved

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

COLUMNS = ("client_id", "instrument_id", "item", "response", "day")
SOURCE = "format: slips\nslips: {groups: groups.txt}\n"
SLIPS = "C1 gad7 0 0 1 9 9\nnot a slip\nC2 gad7 7 3\n"


class SlipOptions(Strict):
    """The toy's own block."""

    groups: Text | None = None


class OpenedSlips(Opened):
    """A file of slips."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.outlines = (Outline("responses", COLUMNS), Outline("clients", ("client_id", "band")))

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        lines = self.arrival.path.read_text().splitlines()
        answers, refused = [], []
        for number, line in enumerate(lines, start=1):
            client, *rest = line.split()
            if not rest[-1].isdigit():
                refused.append((number, "ragged_row"))
                continue
            instrument, day, *given = rest
            answers += [
                [client, instrument, str(item), answer, day, str(number)]
                for item, answer in enumerate(given, start=1)
            ]
        responses = stage_rows(
            connection, "responses", COLUMNS, enumerate(answers), "landed_a", place="slip"
        )
        read = responses.rows_read + len(refused)
        responses = replace(responses, rows_read=read, refused=tuple(refused))
        groups = self.arrival.companions["slips.groups"].read_text().split()
        bands = [[client, groups[0]] for client in sorted({row[0] for row in answers})]
        clients = stage_rows(
            connection, "clients", ("client_id", "band"), enumerate(bands), "landed_b"
        )
        assert count(connection, "landed_b") == len(bands)
        assert LINE in clients.line
        return responses, clients


class Slips(Format):
    """The toy."""

    name: ClassVar[str] = "slips"
    extensions: ClassVar[tuple[str, ...]] = (".slip",)
    options = SlipOptions

    def companions(self, mapping):
        return {"slips.groups": mapping.options.groups} if mapping.options.groups else {}

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        return OpenedSlips(arrival)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(FORMATS, "slips", Slips())
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", SOURCE)
        home.drop("groups.txt", "adults")
        yield home


def drop(home: Home) -> None:
    home.drop("monday.slip", SLIPS)


def test_two_tables_of_one_file_are_loaded_and_their_rows_add_up(home: Home) -> None:
    drop(home)
    file = home.receive_one()
    assert_conserved(file)
    # Five answers, the line that is no slip, and two clients; two answers are out of range.
    assert (file.rows_read, file.rows_loaded, file.rows_refused) == (8, 5, 3)
    assert file.record_type == "responses, clients"
    assert home.ask("select count(*) from raw.item_responses") == [(3,)]
    assert home.ask("select client_id, attribute, value from raw.clients order by all") == [
        ("C1", "band", "adults"),
        ("C2", "band", "adults"),
    ]


def test_refusals_name_the_thing_a_person_can_find_and_count_each_of_its_answers(
    home: Home,
) -> None:
    drop(home)
    file = home.receive_one()
    assert file.reasons == {"ragged_row": 1, "response_out_of_range": 2}
    assert home.ask("select line, reason from raw.refusals order by all") == [
        (1, "response_out_of_range"),
        (1, "response_out_of_range"),
        (2, "ragged_row"),
    ]
    assert home.ask("select distinct client_id, line from raw.item_responses order by all") == [
        ("C1", 1),
        ("C2", 3),
    ]


def test_a_companion_is_no_file_of_records_and_a_changed_one_has_the_data_read_again(
    home: Home,
) -> None:
    drop(home)
    home.receive_one()
    home.drop("groups.txt", "elders")
    home.receive()
    assert home.current("clients", "client_id, value") == [("C1", "elders"), ("C2", "elders")]
    assert home.ask("select count(*) from raw.loads where retired_by is null") == [(1,)]


def test_the_archive_alone_brings_back_a_file_that_needs_its_companion(
    home: Home, tmp_path: Path
) -> None:
    drop(home)
    home.receive_one()
    before = home.current("clients", "client_id, value")
    for path in (home.settings.landing / "clinic").iterdir():
        path.unlink()
    (home.settings.landing / "clinic").rmdir()
    with Home(tmp_path).opened() as again:
        again.receive()
        assert again.current("clients", "client_id, value") == before


def test_a_missing_companion_is_a_fault_of_the_mapping_that_names_key_and_folder(
    home: Home,
) -> None:
    drop(home)
    (home.settings.landing / "clinic" / "groups.txt").unlink()
    (message,) = home.receive().mapping_errors
    assert "landing/clinic/source.yml: key `slips.groups`" in message
    assert "Put it there" in message


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"format": "slips", "slips": {"group": "x"}}, "did you mean `groups`?"),
        ({"format": "slips", "slips": 3}, "write `key: value` lines under it"),
        ({"format": "tidy", "slips": {"groups": "x"}}, "`slips` belongs to `format: slips`"),
        ({"format": "slips", "options": {"groups": "x"}}, "`options` is not known"),
        ({"format": "clay"}, "use one of tidy, wide"),
    ],
    ids=["unknown key", "no block", "another format's block", "inner name", "unknown format"],
)
def test_a_formats_own_block_is_checked_and_its_faults_name_key_and_fix(
    home: Home, written: dict, told: str
) -> None:
    with pytest.raises(SettingsError, match="landing/clinic/source") as caught:
        parse_mapping(written, "landing/clinic/source.yml")
    assert told in str(caught.value)


def test_a_mapping_with_a_formats_own_block_survives_being_written_down(home: Home) -> None:
    mapping = parse_mapping({"format": "slips", "slips": {"groups": "x.txt"}}, "here")
    assert mapping.canonical() == '{"format":"slips","slips":{"groups":"x.txt"}}'
    assert parse_mapping(json.loads(mapping.canonical()), "here") == mapping


def test_the_text_of_mappings_without_such_a_block_is_what_it_always_was(home: Home) -> None:
    assert parse_mapping({}, "here").canonical() == "{}"
    instruments = {"gad7": {"items": "q{item}"}}
    wide = {"format": "wide", "client_id": "id", "day": "d", "instruments": instruments}
    assert parse_mapping(wide, "here").canonical() == (
        '{"format":"wide","client_id":"id","day":"d","instruments":{"gad7":{"items":"q{item}"}}}'
    )
