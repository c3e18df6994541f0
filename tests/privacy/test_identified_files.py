"""A file that identifies people is refused whole, wherever in it they stand, before it is kept.

Each case is a folder as an analyst would drop it, with one canary in a place that is easily
overlooked. The claim is checked on bytes: after the refusal no file under the home but the dropped
one holds the canary, and neither does anything that was said.
"""

import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from tests.landing_home import RESPONSES, Home
from tests.oracle import shared_data

pytestmark = pytest.mark.slow  # many homes

CANARY = "kanarie.vogel@example.org"
NAME = "Susan Kowalski"
ORDINARY = "made by the clinic's system"
WIDE = (
    "format: wide\nclient_id: id\nday: day\n"
    "instruments: {gad7: {items: 'q{item}'}}\nattributes: {arm: group}\nignore: ['*']\n"
)


def tidy(ids: Callable[[int], str] = "c-{:04d}".format, count: int = 30) -> str:
    return RESPONSES + "".join(
        f"{ids(n)},gad7,{item},1,2026-01-05\n" for n in range(count) for item in range(1, 8)
    )


def wide(**more: str) -> str:
    columns = {"id": "c-{n:04d}", "day": "0", **{f"q{n}": "1" for n in range(1, 8)}}
    columns |= {"group": "course", **more}
    rows = [",".join(value.format(n=n) for value in columns.values()) for n in range(30)]
    return "\n".join([",".join(columns), *rows]) + "\n"


def workbook(change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for line in tidy(count=5).splitlines():
        book.active.append(line.split(","))
    book.properties.creator = "Petra Schmidt"  # staff, as in every workbook
    book.properties.title = ORDINARY
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _second_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("contacts")
    sheet.append(["client_id", "reach"])
    sheet.append(["c-0001", CANARY])


def _hidden_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("key")
    sheet.sheet_state = "hidden"
    sheet.append(["client_id", "surname"])
    sheet.append(["c-0001", "Kanarie"])


def _comment(book: openpyxl.Workbook) -> None:
    book.active["B3"].comment = Comment(f"ask {CANARY}", "clinic")


def _title(book: openpyxl.Workbook) -> None:
    book.properties.subject = f"Anxiety of {NAME}"


def _sheet_name(book: openpyxl.Workbook) -> None:
    book.active.title = NAME


def _beyond_the_header(book: openpyxl.Workbook) -> None:
    book.active["H4"] = CANARY


def _with_picture(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as members:
        members.writestr("xl/media/image1.png", b"\x89PNG" + CANARY.encode())
    return stream.getvalue()


def _parquet_with_bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "made.parquet"
        scan = "from_hex('FFD8FFE0' || repeat('0102030405', 20)) as scan"
        connection.execute(
            f"copy (select 'c-' || n as client_id, '25-34' as age_band, {scan} "
            f"from range(30) as t(n)) to '{path}' (format parquet)"
        )
        return path.read_bytes()


def _born(n: int) -> str:
    return (date(1948, 3, 9) + timedelta(days=n * 601)).strftime("%d%m%Y")


# What it is -> (file name, content, source.yml, the rule).
CASES: dict[str, tuple[str, str | bytes, str | None, str]] = {
    "e-mail addresses as client ids": (
        "responses.csv",
        tidy(lambda n: f"kanarie{n}@example.org"),
        None,
        "e-mail",
    ),
    "names as client ids": (
        "responses.csv",
        tidy(lambda n: f"susan.kowalski{n:02d}"),
        None,
        "names of people",
    ),
    "birth dates inside client ids": (
        "responses.csv",
        tidy(lambda n: f"kan{_born(n)}"),
        None,
        "dates of birth",
    ),
    "a listed secret in an ignored column": (
        "export.csv",
        wide(reach=f"{CANARY}"),
        WIDE,
        "e-mail",
    ),
    "an attribute that is a place of living": (
        "export.csv",
        wide(group="{n} Kanarie Street"),
        WIDE,
        "addresses",
    ),
    "a second sheet": ("responses.xlsx", workbook(_second_sheet), None, "e-mail"),
    "a hidden sheet": ("responses.xlsx", workbook(_hidden_sheet), None, "names of people"),
    "a comment on a cell": ("responses.xlsx", workbook(_comment), None, "free text"),
    "the document's properties": ("responses.xlsx", workbook(_title), None, "names of people"),
    "the name of a sheet": ("responses.xlsx", workbook(_sheet_name), None, "names of people"),
    "a cell beyond the header": (
        "responses.xlsx",
        workbook(_beyond_the_header),
        None,
        "e-mail",
    ),
    "a picture in a workbook": (
        "responses.xlsx",
        _with_picture(workbook()),
        None,
        "pictures",
    ),
    "a column of bytes": ("clients.parquet", _parquet_with_bytes(), None, "pictures"),
    "a line with a cell too many": (
        "responses.csv",
        tidy() + f"c-0001,gad7,1,1,2026-01-06,{CANARY}\n",
        None,
        "e-mail",
    ),
    "a person's values for a header": (
        "export.csv",
        wide().replace("group", f"group,{CANARY}", 1).replace("course\n", "course,1\n"),
        WIDE,
        "e-mail",
    ),
    "a name in the file's name": ("responses_susan_kowalski.csv", tidy(), None, "names of people"),
    "an address in the file's name": (f"responses {CANARY}.csv", tidy(), None, "e-mail"),
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home").opened() as opened:
        yield opened


@pytest.mark.parametrize(("name", "content", "mapping", "what"), CASES.values(), ids=list(CASES))
def test_an_identified_file_is_refused_whole_before_it_is_kept(
    home: Home, name: str, content: str | bytes, mapping: str | None, what: str
) -> None:
    home.drop(name, content)
    if mapping is not None:
        home.drop("source.yml", mapping)
    outcome = home.receive_one()
    assert (outcome.status, outcome.refusal) == ("refused", "looks_identified")
    assert what in (outcome.message or "")
    said = f"{outcome} {home.events} {home.ask('select * from raw.loads')}".lower()
    assert not any(told in said for told in ("kanarie", "kowalski", "susan"))
    assert all(home.ask(f"select count(*) from raw.{t}") == [(0,)] for t in ("clients", "sessions"))
    assert home.ask("select count(*) from raw.item_responses") == [(0,)]
    shutil.rmtree(home.settings.landing)
    kept = [
        Path(folder) / file for folder, _, files in os.walk(home.settings.home) for file in files
    ]
    assert kept == []


@pytest.mark.parametrize(
    ("name", "content", "mapping"),
    [
        ("responses.csv", tidy(), None),
        ("responses_2024-03-01.csv", tidy(), None),
        ("responses.xlsx", workbook(), None),
        ("export.csv", wide(reach="yes"), WIDE),
        ("export.csv", wide() + "c-9999,0,1,1\n", WIDE),
    ],
    ids=["tidy", "a date in the name", "a workbook", "an ignored column", "a short line"],
)
def test_the_same_file_without_the_secret_is_let_in(
    home: Home, name: str, content: str | bytes, mapping: str | None
) -> None:
    home.drop(name, content)
    if mapping is not None:
        home.drop("source.yml", mapping)
    assert home.receive_one().status == "loaded"


def test_the_patient_table_of_synthea_is_refused_whole(home: Home) -> None:
    shared = shared_data()
    path = shared / "synthea" / "patients_with_synthetic_PHI.csv" if shared else None
    if path is None or not path.exists():
        pytest.skip("the Synthea patient table is absent (set SCOUT_SHARED_DATA)")
    home.drop("clients.csv", path.read_bytes().replace(b"Id,", b"client_id,", 1))
    outcome = home.receive_one()
    assert (outcome.status, outcome.refusal) == ("refused", "looks_identified")
    assert home.ask("select count(*) from raw.clients") == [(0,)]
    assert not home.settings.archive.exists()
    first = pd.read_csv(path, dtype=str).iloc[0]
    for column in ("SSN", "FIRST", "LAST", "ADDRESS", "BIRTHDATE"):
        assert str(first[column]) not in str(outcome)
