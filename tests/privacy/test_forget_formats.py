"""Withdrawal holds in every format: one small file each, three clients, one of whom withdraws.

Judged by the bytes under the home, by the rows of the other two, which must be what they were, and
by the original dropped again. Landing alone: no dbt, no release.
"""

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from orchestration.fetching.sources import fetch_all
from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.erasure import Erased
from orchestration.landing.formats.statistical import read_table
from orchestration.landing.formats.statistical_values import as_texts, variable_of
from orchestration.landing.mapping import parse_mapping
from orchestration.landing.withdrawal import Tombstones, erase
from tests.fhir_resources import GAD7, form, item
from tests.landing_home import RESPONSES
from tests.privacy.test_forget import Clinic
from tests.redcap_stub import EVENTS, TOKEN, Project, serving

pytestmark = pytest.mark.slow  # dozens of files, each landed

DAY = "2026-01-05"
GONE, STAYS = "kanarie-0007", "client-0001"
CLIENTS = (STAYS, GONE, "client-0002")
ITEMS = range(1, 8)
GAD = "instruments: {{gad7: {{items: '{}'}}}}\n"


def answers(client: str) -> list[int]:
    """The seven answers of a client, each client's others."""
    return [(n + len(client) + ord(client[-1])) % 4 for n in ITEMS]


def table(header: list[str], *rows: list[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()


def long(clients: tuple[str, ...], *, as_numbers: bool = False) -> list[list[object]]:
    return [
        [int(client) if as_numbers else client, "gad7", n, answer, DAY]
        for client in clients
        for n, answer in zip(ITEMS, answers(client), strict=True)
    ]


def wide(clients: tuple[str, ...]) -> str:
    header = ["pid", "day_of", *(f"q{n}" for n in ITEMS)]
    return table(header, *([client, DAY, *answers(client)] for client in clients))


def tidy(clients: tuple[str, ...]) -> str:
    return table(RESPONSES.strip().split(","), *long(clients))


def workbook(clients: tuple[str, ...]) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    numbers = clients[0].isdigit()
    for row in [RESPONSES.strip().split(","), *long(clients, as_numbers=numbers)]:
        book.active.append(row)
    book.save(held)
    return held.getvalue()


def parquet(clients: tuple[str, ...], folder: Path) -> bytes:
    """A number is the client where that can be: 7.0 in the file is the client 7."""
    frame = pd.DataFrame(long(clients), columns=RESPONSES.strip().split(","))
    frame["client_id"] = frame["client_id"].astype(float if clients[0].isdigit() else str)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"copy frame to '{folder / 'made'}' (format parquet)")
    return (folder / "made").read_bytes()


def renamed(clients: tuple[str, ...]) -> str:
    return table(["who", "instrument_id", "item", "response", "occurred_on"], *long(clients))


def coded(clients: tuple[str, ...]) -> str:
    rows = [
        [client, DAY, code, answer]
        for client in clients
        for code, answer in zip(GAD7, answers(client), strict=True)
    ]
    return table(["PATIENT", "DATE", "CODE", "VALUE"], *rows)


DICTIONARY = table(
    ["Variable / Field Name", "Form Name", "Field Type", "Field Label",
     "Choices, Calculations, OR Slider Labels", "Text Validation Type OR Show Slider Number",
     "Identifier?"],
    ["rid", "intake", "text", "Record ID", "", "", ""],
    ["pseudonym", "intake", "text", "Pseudonym", "", "", ""],
    ["day_of", "anxiety", "text", "Day", "", "date_ymd", ""],
    *([f"q{n}", "anxiety", "text", f"Item {n}", "", "integer", ""] for n in ITEMS),
)  # fmt: skip


def redcap(clients: tuple[str, ...]) -> str:
    """The client's id stands in the first event alone; the record number ties the second to it."""
    header = ["rid", "redcap_event_name", "pseudonym", "day_of", *(f"q{n}" for n in ITEMS)]
    rows = [
        [f"r{number}", event, client if event == "start_arm_1" else "", DAY, *answers(client)]
        for number, client in enumerate(clients)
        for event in ("start_arm_1", "end_arm_1")
    ]
    return table(header, *rows)


def redcap_labels(clients: tuple[str, ...]) -> str:
    header = ["Record ID", "Pseudonym", "Day", *(f"Item {n}" for n in ITEMS)]
    rows = ([n, client, DAY, *answers(client)] for n, client in enumerate(clients))
    return table(header, *rows)


def redcap_records(clients: tuple[str, ...]) -> str:
    return redcap_labels(clients).replace(
        redcap_labels(()), table(["rid", "pseudonym", "day_of", *(f"q{n}" for n in ITEMS)])
    )


def qualtrics(clients: tuple[str, ...]) -> str:
    names = ["RecordedDate", "ExternalReference", *(f"Q1_{n}" for n in ITEMS)]
    ids = ["recordedDate", "externalDataReference", *(f"QID1_{n}" for n in ITEMS)]
    rows = ([f"{DAY} 09:00:00", client, *answers(client)] for client in clients)
    imports = [json.dumps({"ImportId": one}) for one in ids]
    return table(names, [f"Question {name}" for name in names], imports, *rows)


def qualtrics_old(clients: tuple[str, ...]) -> str:
    names = ["V1", "V4", "V8", *(f"Q1_{n}" for n in ITEMS)]
    second = ["ResponseID", "ExternalDataReference", "EndDate", *("Question" for _ in ITEMS)]
    rows = ([f"R_{n}", client, DAY, *answers(client)] for n, client in enumerate(clients))
    return table(names, second, *rows)


def forms(clients: tuple[str, ...]) -> list[dict[str, object]]:
    return [
        one
        for client in clients
        for one in (
            {"resourceType": "Patient", "id": client, "gender": "female"},
            form(*map(item, GAD7, answers(client)), client=client, on=DAY),
        )
    ]


def bundle(clients: tuple[str, ...]) -> str:
    """A search's answer whose own address names the clients."""
    link = {"relation": "self", "url": f"https://ehr.example/Patient?_id={','.join(clients)}"}
    entries = [{"resource": one} for one in forms(clients)]
    told = {"resourceType": "Bundle", "type": "searchset", "link": [link], "entry": entries}
    return json.dumps(told, indent=1)


def bulk(clients: tuple[str, ...]) -> str:
    return "".join(json.dumps(one) + "\n" for one in forms(clients))


def package(write: Callable[..., None], **how: object) -> Callable[..., bytes]:
    def made(clients: tuple[str, ...], folder: Path) -> bytes:
        numbers = clients[0].isdigit()
        columns: dict[str, object] = {"pid": [int(c) if numbers else c for c in clients]}
        columns["day_of"] = [date.fromisoformat(DAY) for _ in clients]
        columns |= {f"q{n}": [float(answers(c)[n - 1]) for c in clients] for n in ITEMS}
        write(pd.DataFrame(columns), str(folder / "made"), **how)
        return (folder / "made").read_bytes()

    return made


@dataclass(frozen=True)
class Case:
    """One kind of file: its source's mapping, its name, how it is made, what lies beside it."""

    mapping: str
    name: str
    make: Callable[..., str | bytes]
    beside: dict[str, str] = field(default_factory=dict)

    def bytes_of(self, clients: tuple[str, ...], folder: Path) -> bytes:
        needs_folder = self.make.__code__.co_argcount == 2
        content = self.make(clients, folder) if needs_folder else self.make(clients)
        return content.encode() if isinstance(content, str) else content


WIDE = "client_id: pid\noccurred_on: day_of\n" + GAD.format("q{item}")
RENAMED = "format: renamed\nrenamed: {kind: responses, columns: {client_id: who}}\n"
CODED = "format: coded\nclient_id: PATIENT\noccurred_on: DATE\n"
CODED += f"coded: {{code: CODE, value: VALUE, take: [{', '.join(GAD7)}]}}\n"
REDCAP = "format: redcap\nclient_id: pseudonym\noccurred_on: day_of\nignore: [rid]\n"
REDCAP += "redcap: {dictionary: dictionary.csv}\n" + GAD.format("q{item}")
API = REDCAP.replace("redcap: {dictionary: dictionary.csv}\n", "").replace(
    "format: redcap", "format: redcap_api"
)
QUALTRICS = "format: qualtrics\nclient_id: ExternalReference\noccurred_on: RecordedDate\n"
QUALTRICS += GAD.format("Q1_{item}")
OLD = QUALTRICS.replace("ExternalReference", "ExternalDataReference").replace(
    "RecordedDate", "EndDate"
)
FETCHED = {
    "dictionary-fetched.csv": DICTIONARY,
    "events-fetched.csv": table(["event_name", "arm_num", "unique_event_name"], ["Start", 1, "s"]),
}
CASES = {
    "csv": Case("{}", "responses.csv", tidy),
    "xlsx": Case("{}", "responses.xlsx", workbook),
    "parquet": Case("{}", "responses.parquet", parquet),
    "wide": Case("format: wide\n" + WIDE, "table.csv", wide),
    "renamed": Case(RENAMED, "table.csv", renamed),
    "coded": Case(CODED, "table.csv", coded),
    "redcap": Case(REDCAP, "data.csv", redcap, {"dictionary.csv": DICTIONARY}),
    "redcap labels": Case(REDCAP, "data.csv", redcap_labels, {"dictionary.csv": DICTIONARY}),
    "redcap fetched": Case(API, "records-fetched.csv", redcap_records, FETCHED),
    "qualtrics": Case(QUALTRICS, "survey.csv", qualtrics),
    "qualtrics of old": Case(OLD, "survey.csv", qualtrics_old),
    "fhir bundle": Case("format: fhir\n", "export.json", bundle),
    "fhir bulk": Case("format: fhir\n", "export.ndjson", bulk),
    "sav": Case("format: spss\n" + WIDE, "gad.sav", package(pyreadstat.write_sav)),
    "zsav": Case("format: spss\n" + WIDE, "g.zsav", package(pyreadstat.write_sav, compress=True)),
    "por": Case("format: spss\n" + WIDE.replace("pid", "PID").replace("day_of", "DAY_OF").replace(
        "q{item}", "Q{item}"), "gad.por", package(pyreadstat.write_por)),
    "dta": Case("format: stata\n" + WIDE, "gad.dta", package(pyreadstat.write_dta)),
    "xpt": Case("format: sas\n" + WIDE, "gad.xpt", package(pyreadstat.write_xport)),
    # No program but SAS writes data sets: a transport file stands in for one.
    "sas7bdat": Case("format: sas\n" + WIDE, "gad.sas7bdat", package(pyreadstat.write_xport)),
    "sql": Case("format: sql\n", "responses-fetched.csv", tidy),
}  # fmt: skip
SELECTED = "select client_id, instrument_id, item, response, occurred_on from raw.item_responses"
SHORT = ("1", "7", "2")


@pytest.fixture(autouse=True)
def _data_sets_are_read_as_transport_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: str, user_missing: bool = False, **how: object) -> object:
        return pyreadstat.read_xport(path, **how)

    monkeypatch.setattr(pyreadstat, "read_sas7bdat", read)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_can_take_clients_out_of_all_that_it_reads(name: str) -> None:
    assert set(FORMATS[name].extensions) <= set(FORMATS[name].erasable)


@pytest.mark.parametrize(
    ("kind", "clients", "prefix"),
    [
        *((kind, CLIENTS, "") for kind in CASES),
        # An id of one digit stands in every file: only its column, with the prefix, says whose.
        *(pytest.param(kind, SHORT, "site-", marks=pytest.mark.slow) for kind in CASES),
    ],
)
def test_a_withdrawn_client_is_nowhere_and_stays_away(
    tmp_path: Path, kind: str, clients: tuple[str, ...], prefix: str
) -> None:
    case, clinic = CASES[kind], Clinic(tmp_path / "home")
    gone = clients[1]
    mapping = case.mapping + (f"client_id_prefix: {prefix}\n" if prefix else "")
    clinic.drop("source.yml", mapping.removeprefix("{}"))
    for name, content in case.beside.items():
        clinic.drop(name, content)
    original = case.bytes_of(clients, tmp_path)
    clinic.drop(case.name, original)
    assert clinic.land() == {case.name: "loaded"}
    whole = sorted(clinic.ask(SELECTED))
    others = [row for row in whole if row[0] != prefix + gone]
    assert {row[0] for row in whole} == {prefix + client for client in clients}
    assert len(others) == 2 * len(ITEMS)

    clinic.forget(prefix + gone)
    if not gone.isdigit():
        assert clinic.holding(gone) == set()
    for again in ("landed", "rebuilt from the archive"):
        clinic.land()
        assert sorted(clinic.ask(SELECTED)) == others, again
        assert clinic.ask(
            "select count(*) from raw.loads "
            "where rows_read <> rows_loaded + rows_refused + rows_repeated or status <> 'loaded'"
        ) == [(0,)]
        kept = clinic.settings.home / "kept"
        shutil.move(clinic.settings.landing, kept)
        clinic.settings.landing.mkdir()
        clinic.settings.warehouse.unlink()
    clinic.settings.landing.rmdir()
    shutil.move(kept, clinic.settings.landing)
    hashes = {path.name for path in clinic.settings.archive.iterdir()}

    clinic.drop(case.name, original)
    clinic.land()
    assert clinic.land() == {case.name: "already_loaded"}
    assert sorted(clinic.ask(SELECTED)) == others
    assert {path.name for path in clinic.settings.archive.iterdir()} == hashes


def test_a_file_that_cannot_be_written_without_the_client_stays_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = Clinic(tmp_path / "home")
    clinic.drop("source.yml", CASES["sav"].mapping)
    clinic.drop("first.sav", CASES["sav"].bytes_of(CLIENTS, tmp_path))
    clinic.land()
    clinic.forget()
    clinic.land()
    clinic.drop("second.sav", CASES["sav"].bytes_of((GONE, STAYS), tmp_path))

    def fail(*_: object, **__: object) -> None:
        raise ValueError(GONE)

    monkeypatch.setattr(pyreadstat, "write_sav", fail)
    assert clinic.land()["second.sav"] == "refused"
    assert {row[0] for row in clinic.ask(SELECTED)} == {STAYS, "client-0002"}
    assert clinic.holding(GONE) == {"landing/clinic/second.sav"}


@pytest.mark.parametrize("name", ["sav", "dta", "xpt"])
def test_a_package_keeps_what_its_file_says_of_the_others(tmp_path: Path, name: str) -> None:
    """Dates, single precision, labels and missing values are read as before."""
    kind, write = {"sav": ("spss", pyreadstat.write_sav), "dta": ("stata", pyreadstat.write_dta),
                   "xpt": ("sas", pyreadstat.write_xport)}[name]  # fmt: skip
    frame = pd.DataFrame({
        "pid": [GONE, STAYS, "client-0002"],
        "on_day": [date(2026, 1, 5), date(1959, 12, 31), None],
        "single": pd.array([3.45, 0.1, 2.0], dtype="float32"),
        "coded": [1.0, 9.0, 0.0],
        "words": ["a", "männlich", ""],
    })  # fmt: skip
    how: dict[str, object] = {"column_labels": {"coded": "what it is"}}
    if name != "xpt":
        how["variable_value_labels"] = {"coded": {0.0: "never", 1.0: "once"}}
    if name == "sav":
        how["missing_ranges"] = {"coded": [9]}
    if name == "dta":
        frame["coded"] = [1.0, "a", 0.0]
        how["missing_user_values"] = {"coded": ["a"]}
    source, target = tmp_path / f"in.{name}", tmp_path / "out"
    write(frame, str(source), **how)
    instruments = {"gad7": {"items": "coded"}}
    keys = {"format": kind, "client_id": "pid", "day": "on_day", "instruments": instruments}
    mapping = parse_mapping(keys, "")
    tombstones = Tombstones(tmp_path / "withdrawals")
    tombstones.add(GONE, set())
    before = texts(read_table(source, f".{name}", "utf-8"), kind)
    assert erase(None, source, target, source.name, mapping, tombstones) == Erased(1, 2)
    # Scout writes UTF-8 whatever encoding a source declares for the files of others.
    table = read_table(target, f".{name}", "cp1252")
    assert texts(table, kind) == before[1:]
    assert before[1][1] == "1959-12-31"
    assert before[1][-1] == "männlich"
    facts = table[1]
    if name != "xpt":
        assert facts.variable_value_labels["coded"] == {0.0: "never", 1.0: "once"}
    if name == "dta":
        assert facts.missing_user_values == {"coded": ["a"]}
    assert facts.column_names_to_labels["coded"] == "what it is"


def texts(table: tuple[Any, Any], kind: str) -> list[tuple[str | None, ...]]:
    """Every row as landing reads it."""
    frame, facts = table
    columns = [
        as_texts(frame[name].tolist(), variable_of(facts, name, kind, with_labels=False))[0]
        for name in facts.column_names
    ]
    return list(zip(*columns, strict=True))


OTHERS = {
    "a reference by identifier": {
        "resourceType": "Observation",
        "subject": {"identifier": {"system": "urn:us", "value": "7"}},
    },
    "an encounter's episode": {
        "resourceType": "Encounter",
        "episodeOfCare": [{"reference": "https://ehr.example/EpisodeOfCare/e-9/_history/2"}],
    },
    "a member of a group": {
        "resourceType": "Group",
        "member": [{"entity": {"reference": "Patient/7"}}],
    },
    "the client": {"resourceType": "Patient", "id": "7"},
}
STAYING = [
    {"resourceType": "Observation", "id": "7", "subject": {"reference": "Patient/8"}},
    {"resourceType": "Patient", "id": "8", "extension": [{"url": "7", "valueString": "Patient/7"}]},
]


@pytest.mark.parametrize("width", [1, 7, 1 << 20])
@pytest.mark.parametrize("indent", [None, 2])
def test_resources_of_the_client_go_and_the_others_keep_their_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indent: int | None, width: int
) -> None:
    """However the bundle is written and wherever its bytes are cut while it is read."""
    monkeypatch.setattr("orchestration.landing.formats.fhir.entries.CHUNK", width)
    tombstones = Tombstones(tmp_path / "withdrawals")
    tombstones.add("7", {"e-9"})
    mapping = parse_mapping({"format": "fhir", "fhir": {"client_identifier": "urn:us"}}, "")
    source, target = tmp_path / "in.json", tmp_path / "out"

    def written(resources: list[object]) -> str:
        told = {"resourceType": "Bundle", "type": "collection", "x": {"entry": [1, "entry", {}]}}
        entries = [{"fullUrl": 'of "] , { \\', "resource": one} for one in resources]
        text = json.dumps(told | {"entry": entries, "total": 1.5}, indent=indent)
        return text.replace('"total": 1.5', '"total": 1.50')

    mixed = [*OTHERS.values(), STAYING[0], *OTHERS.values(), STAYING[1], OTHERS["the client"]]
    for name, whole in (("first", mixed), ("alone", [*OTHERS.values()]), ("none", STAYING)):
        source.write_text(written(whole))
        kept = [one for one in whole if one in STAYING]
        erased = erase(None, source, target, "in.json", mapping, tombstones)
        assert erased == Erased(len(whole) - len(kept), len(kept)), name
        assert json.loads(target.read_text()) == json.loads(written(kept))
        if kept:
            # But for the blanks around the entries that went.
            assert "".join(target.read_text().split()) == "".join(written(kept).split())


# The pseudonym is a field of the first event alone: the other rows follow their record.
PROJECT = """
format: redcap_api
redcap_api: {{url: "{url}", token: CLINIC_TOKEN}}
client_id: arm
instruments: {{phq9: {{items: "phq9_{{item}}"}}}}
ignore: [record_id]
"""


def test_a_database_and_a_project_that_still_hold_the_client_do_not_bring_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = Clinic(tmp_path / "home")
    with sqlite3.connect(tmp_path / "clinic.db") as connection:
        columns = RESPONSES.strip()
        connection.execute(f"create table answers ({columns})")
        connection.executemany("insert into answers values (?, ?, ?, ?, ?)", long(CLIENTS))
    monkeypatch.setenv("CLINIC_DATABASE", f"sqlite:///{tmp_path / 'clinic.db'}")
    monkeypatch.setenv("CLINIC_TOKEN", TOKEN)
    clinic.drop(
        "source.yml",
        "format: sql\nsql: {connection: CLINIC_DATABASE, "
        "queries: {responses: select * from answers}}\n",
    )
    project = Project(3)
    for number, client in enumerate(CLIENTS, start=1):
        project.write(str(number), EVENTS[0], "", arm=client)
    with serving(project) as server:
        clinic.drop("source.yml", PROJECT.format(url=server.url), "project")

        def fetch() -> None:
            fetched = fetch_all(clinic.settings)
            assert not fetched.errors
            clinic.land()

        fetch()
        assert clinic.holding(GONE) >= {
            "landing/clinic/responses-fetched.csv",
            "landing/project/records-fetched.csv",
        }
        clinic.forget()
        for _ in range(2):
            fetch()
            assert clinic.holding(GONE) == set()
            found = {row[0] for row in clinic.ask(SELECTED)}
            assert found == {STAYS, "client-0002"}
    rows = (clinic.settings.landing / "project" / "records-fetched.csv").read_text()
    assert not any(line.startswith("2,") for line in rows.splitlines())
    assert sum(line.startswith("1,") for line in rows.splitlines()) == 3
