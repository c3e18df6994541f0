"""Qualtrics exports come in with two or three header rows, unless they tell who answered."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.test_landing_real_files import SHARED
from tests.landing_home import Home, assert_conserved

SAMPLES = SHARED / "qualtrics"
on_real_exports = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the shared data folder is absent (set SCOUT_SHARED_DATA)"
)
REAL = """
format: qualtrics
client_id: {client}
occurred_on: EndDate
instruments: {{gad7: {{items: {{"1": Q1}}}}}}
ignore: [Q2*]
"""
SOURCE = """
format: qualtrics
client_id: ExternalReference
occurred_on: RecordedDate
instruments: {gad7: {items: "Q1_{item}"}}
"""
# Column -> (question, import id)
COLUMNS = {
    "StartDate": ("Start Date", "startDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    **{f"Q1_{n}": (f"Question\nnumber {n}", f"QID1_{n}") for n in range(1, 8)},
    "Q2": ("Anything, in words", "QID2_TEXT"),
}
ROW = {
    "StartDate": "2026-01-05 09:00:00",
    "Status": "0",
    "Finished": "1",
    "RecordedDate": "2026-01-05 09:10:00",
    "ResponseId": "R_1",
    "ExternalReference": "c1",
    **{f"Q1_{n}": str(n % 4) for n in range(1, 8)},
}


def export(*rows: dict[str, str], header_rows: int = 3) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerow([question for question, _ in COLUMNS.values()])
    if header_rows == 3:
        writer.writerow([json.dumps({"ImportId": one}) for _, one in COLUMNS.values()])
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return buffer.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", SOURCE + "ignore: [Q2]\n")
        yield home


def test_three_header_rows_are_understood_and_lines_are_those_of_the_file(home: Home) -> None:
    bad = ROW | {"ExternalReference": "c2", "Q1_3": "9"}
    text = export(ROW, bad)
    home.drop("survey.csv", text)
    file = home.receive_one()
    assert_conserved(file)
    assert (file.rows_read, file.rows_loaded, file.reasons) == (2, 1, {"response_out_of_range": 1})
    assert home.ask(
        "select client_id, item, response from raw.item_responses where line = "
        "(select min(line) from raw.item_responses) order by item"
    ) == [("c1", str(n), str(n % 4)) for n in range(1, 8)]
    # The questions hold line breaks: seven more lines than records.
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines, start=1) if line.startswith("2026")]
    assert home.ask("select distinct line from raw.item_responses order by 1") == [
        (place,) for place in places
    ]
    assert home.ask("select distinct line from raw.refusals") == [(places[1],)]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("IPAddress", "192.0.2.1", "IP addresses"),
        ("RecipientEmail", "a@example.org", "e-mail addresses"),
        ("Q2", "whatever was typed", "free text"),
    ],
)
def test_columns_that_tell_who_answered_refuse_the_file_only_with_values(
    home: Home, column: str, value: str, what: str
) -> None:
    home.drop("survey.csv", export(ROW, ROW | {column: value}))
    file = home.receive_one()
    assert (file.status, file.refusal) == ("refused", "looks_identified")
    assert f"Column {column}: {what}" in str(file.message)
    assert value not in str(file.message)
    home.drop("survey.csv", export(ROW))
    assert home.receive_one().status == "loaded"


def test_somebody_trying_the_survey_out_is_refused_as_a_preview(home: Home) -> None:
    tries = [
        ROW | {"Status": status, "ExternalReference": "t"} for status in ("1", "Survey Preview")
    ]
    home.drop("survey.csv", export(*tries, ROW))
    file = home.receive_one()
    assert_conserved(file)
    assert (file.rows_read, file.rows_loaded, file.reasons) == (3, 1, {"preview_record": 2})


def test_choice_texts_are_answers_in_words(home: Home) -> None:
    words = {f"Q1_{n}": "Several days" for n in range(1, 8)} | {"Q1_7": "Rarely"}
    home.drop("survey.csv", export(ROW | words))
    assert home.receive_one().reasons == {"unknown_label": 1}
    assert home.ask("select distinct response from raw.item_responses") == [("1",)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_marks_and_encodings_of_exports_are_read(home: Home, encoding: str) -> None:
    home.drop("source.yml", SOURCE + f"ignore: [Q2]\nencoding: {encoding}\n")
    home.drop("survey.csv", export(ROW).encode(encoding))
    assert home.receive_one().rows_loaded == 1


def test_a_file_without_the_header_rows_of_qualtrics_is_refused_and_says_which_it_wants(
    home: Home,
) -> None:
    home.drop("survey.csv", export(ROW, header_rows=2))
    file = home.receive_one()
    assert (file.status, file.refusal) == ("refused", "unknown_format")
    assert "names, questions, import ids" in str(file.message)


@on_real_exports
@pytest.mark.parametrize(
    ("name", "client"), [("sample.csv", "ResponseId"), ("sample_legacy.csv", "ResponseID")]
)
def test_the_real_exports_are_refused_for_their_addresses_and_coordinates(
    tmp_path: Path, name: str, client: str
) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", REAL.format(client=client))
        home.drop(name, (SAMPLES / name).read_bytes())
        file = home.receive_one()
        assert (file.status, file.refusal) == ("refused", "looks_identified")
        assert "Column IPAddress: IP addresses" in str(file.message)
        assert "Column LocationLatitude: coordinates" in str(file.message)
        assert not any(home.settings.archive.glob("*"))


@on_real_exports
@pytest.mark.parametrize(
    ("name", "client"), [("sample.csv", "ResponseId"), ("sample_legacy.csv", "ResponseID")]
)
def test_the_real_exports_land_once_those_columns_are_empty(
    tmp_path: Path, name: str, client: str
) -> None:
    telling = {
        "IPAddress",
        "LocationLatitude",
        "LocationLongitude",
        "LocationAccuracy",
        "Name",
        "Q2",
    }
    rows = list(csv.reader((SAMPLES / name).open(encoding="utf-8-sig", newline="")))
    named = [
        first if name == "sample.csv" or not first.startswith("V") else second
        for first, second in zip(rows[0], rows[1], strict=True)
    ]
    *heads, last = rows
    last = ["" if column in telling else cell for column, cell in zip(named, last, strict=True)]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([*heads, last])
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", REAL.format(client=client))
        home.drop(name, buffer.getvalue())
        file = home.receive_one()
        assert (file.status, file.rows_read, file.rows_loaded) == ("loaded", 1, 1), file.message
        found = home.ask("select client_id, item, response, occurred_on from raw.item_responses")
        answer = last[named.index("Q1")]
        assert found == [("R_2YPOQ602ER1jkf1", "1", answer, "2017-07-18")]
