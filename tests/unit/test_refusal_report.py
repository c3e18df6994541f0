"""The refusal report says per file and rule how often, where, and how to mend it: never a value."""

from pathlib import Path

import pytest
from rich.console import Console

from orchestration.doctor import examine
from orchestration.landing.refusal_report import HOW_TO_MEND, refusal_report, spans
from orchestration.landing.refusals import ROW_REASONS
from orchestration.refusals_told import markdown
from tests.landing_home import RESPONSES, Home

ROWS = (
    "c-1,gad7,1,1,2026-01-05\n"  # line 2
    "c-2,gad7,1,77,2026-01-05\n"
    "c-3,gad7,1,78,2026-01-05\n"
    "c-4,gad7,1,1,kanarie\n"  # line 5
    "c-5,gad7,1,79,2026-01-05\n"
)


def test_every_reason_has_a_sentence_that_mends_it() -> None:
    assert set(HOW_TO_MEND) == set(ROW_REASONS)
    assert all(text.endswith(".") and len(text) > 30 for text in HOW_TO_MEND.values())


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ([], ""),
        ([5], "5"),
        ([2, 3, 4, 9], "2-4, 9"),
        ([1, 3, 5, 7, 9, 11, 13, 14, 20], "1, 3, 5, 7, 9, 11 and 3 more"),
    ],
)
def test_lines_are_told_as_spans_and_the_rest_is_counted(lines: list[int], shown: str) -> None:
    assert spans(lines) == shown


def test_the_report_counts_places_and_mends_each_rule_of_each_file(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("responses.csv", RESPONSES + ROWS)
        home.drop("responses_wide.csv", "client_id,item\nc-1,1\n")
        report = refusal_report(home.connection, home.receive().files)
    told = [(one.file_name, one.reason, one.count, one.lines, one.columns) for one in report]
    assert told == [
        ("responses.csv", "response_out_of_range", 3, "3-4, 6", "response"),
        ("responses.csv", "unreadable_date", 1, "5", "occurred_on"),
        ("responses_wide.csv", "missing_column", None, "", ""),
    ]
    text = markdown(report)
    assert text.count("\n") == 4
    assert "| response_out_of_range | 3 | 3-4, 6 |" in text
    for value in ("kanarie", "77", "c-2"):
        assert value not in text
        assert value not in repr(report)


def test_markup_in_a_file_name_stays_text(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("responses<img src=x>|[a](b).csv", RESPONSES + ROWS)
        text = markdown(refusal_report(home.connection, home.receive().files))
    assert "<img" not in text.replace("\\<", "")
    assert "[a](b)" not in text


def test_the_doctor_explains_a_folder_and_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.drop("responses.csv", RESPONSES + ROWS)
    home.drop("responses_good.csv", RESPONSES + ROWS.splitlines()[0] + "\n")
    before = sorted(path.name for path in home.settings.home.rglob("*"))
    console = Console(record=True, width=200, quiet=False, file=(tmp_path / "said").open("w"))
    assert examine(home.settings, console) == 2
    said = console.export_text()
    assert "clinic/responses.csv line 3-4, 6, column response: response_out_of_range (3)" in said
    assert HOW_TO_MEND["unreadable_date"] in said
    assert "clinic/responses_good.csv: 1 rows, nothing to mend" in said
    assert "kanarie" not in said
    assert sorted(path.name for path in home.settings.home.rglob("*")) == before
