"""Files of SPSS, Stata and SAS come in as CSV with the same values would, or are refused."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml

from orchestration.landing.formats.contract import Arrival
from orchestration.landing.mapping import parse_mapping
from orchestration.landing.refusals import FileRefusalError
from tests.landing_home import Home, assert_conserved, seeds

pytestmark = pytest.mark.slow  # dozens of files, each landed

WORDING = "the wording of an item"
MAPPING = """
format: {package}
program_id: cbt
client_id: id
occurred_on: filled
instruments:
  gad7: {{items: "q{{item}}", stated: {{gad7_total: total}}}}
ignore: ["stamp"]
"""
WRITERS: dict[str, tuple[str, Callable[..., None]]] = {
    "gad.sav": ("spss", pyreadstat.write_sav),
    "gad.zsav": ("spss", lambda frame, path: pyreadstat.write_sav(frame, path, compress=True)),
    "gad.dta": ("stata", pyreadstat.write_dta),
    "gad.xpt": (
        "sas",
        lambda frame, path: pyreadstat.write_xport(frame, path, file_format_version=8),
    ),
}


def answers(**changes: Any) -> pd.DataFrame:
    """Two forms of the GAD-7: all ones on a day before 1960, all twos on one after."""
    columns: dict[str, Any] = {
        "id": ["c1", "c2"],
        "filled": [date(1959, 12, 31), date(2026, 3, 1)],
        "stamp": pd.to_datetime([datetime(2026, 1, 5, 10, 11, 12), None]),
    }
    columns |= {f"q{item}": [1.0, 2.0] for item in range(1, 8)}
    columns["total"] = [7.0, 14.0]
    return pd.DataFrame(columns | changes)


def write(home: Home, name: str, frame: pd.DataFrame, more: str = "", **how: Any) -> Path:
    package, writer = WRITERS[name]
    home.drop("source.yml", MAPPING.format(package=package) + more)
    path = home.settings.landing / "clinic" / name
    writer(frame, str(path), **how)
    return path


def found(home: Home) -> list[tuple[Any, ...]]:
    return home.ask(
        "select client_id, occurred_on, count(*), min(response), max(response) "
        "from raw.item_responses group by all order by all"
    )


@pytest.mark.parametrize("name", WRITERS)
def test_each_package_gives_the_same_answers_totals_and_dates(tmp_path: Path, name: str) -> None:
    with Home(tmp_path).opened() as home:
        write(home, name, answers())
        file = home.receive_one()
        assert_conserved(file)
        assert (file.status, file.rows_read, file.rows_loaded) == ("loaded", 2, 2)
        assert found(home) == [
            ("c1", "1959-12-31", 7, "1", "1"),
            ("c2", "2026-03-01", 7, "2", "2"),
        ]
        totals = home.ask("select client_id, score from raw.stated_scores order by all")
        assert totals == [("c1", "7"), ("c2", "14")]


def test_a_portable_file_comes_in_with_its_names_in_capitals(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        text = MAPPING.format(package="spss").replace("q{item}", "Q{item}")
        for name in ("id", "filled", "total", "stamp"):
            text = text.replace(f": {name}", f": {name.upper()}").replace(
                f'["{name}', f'["{name.upper()}'
            )
        home.drop("source.yml", text)
        pyreadstat.write_por(answers(), str(home.settings.landing / "clinic" / "gad.por"))
        file = home.receive_one()
        assert (file.status, file.rows_loaded) == ("loaded", 2), file.message
        assert found(home)[1] == ("c2", "2026-03-01", 7, "2", "2")


def test_a_moment_with_a_time_of_day_stays_on_its_day(tmp_path: Path) -> None:
    late = pd.to_datetime([datetime(2026, 1, 5, 23, 59, 59), datetime(1970, 1, 1)])
    for name in WRITERS:
        with Home(tmp_path / name).opened() as home:
            write(home, name, answers(filled=late))
            home.receive_one()
            days = home.ask("select distinct occurred_on from raw.item_responses order by all")
            assert days == [("1970-01-01",), ("2026-01-05",)], name


def test_a_number_in_single_precision_is_told_as_it_was_typed(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        path = write(home, "gad.dta", answers())
        # pandas' own writer stores single precision; ReadStat's makes it double.
        frame = answers(total=np.array([3.45, 7.1], dtype="float32"))
        frame["filled"] = pd.to_datetime(frame["filled"])
        dates = {"filled": "td", "stamp": "tc"}
        frame.to_stata(path, write_index=False, convert_dates=dates, version=118)
        home.receive_one()
        scores = home.ask("select score from raw.stated_scores order by client_id")
        assert scores == [("3.45",), ("7.1",)]


def test_what_spss_calls_missing_is_missing_and_not_out_of_range(tmp_path: Path) -> None:
    frame = answers(q1=[9.0, 1.0], q2=[97.0, 1.0], q3=[np.nan, 1.0])
    with Home(tmp_path).opened() as home:
        ranges = {"q1": [9], "q2": [{"lo": 90, "hi": 99}]}
        write(home, "gad.sav", frame, missing_ranges=ranges)
        file = home.receive_one()
        assert (file.reasons, file.rows_loaded) == ({}, 2)
        # The blank one is no code.
        assert file.counts.values_coded == 2
        blank = home.ask(
            "select item from raw.item_responses where client_id = 'c1' and response is null "
            "order by all"
        )
        assert blank == [("1",), ("2",), ("3",)]


def test_a_code_that_nobody_declared_missing_is_refused(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        write(home, "gad.sav", answers(q1=[9.0, 1.0]))
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == {"response_out_of_range": 1}


def test_tagged_missing_values_of_stata_are_missing(tmp_path: Path) -> None:
    frame = answers(q1=pd.Series(["a", 1.0], dtype=object), q2=pd.Series(["z", 1.0], dtype=object))
    with Home(tmp_path).opened() as home:
        write(home, "gad.dta", frame, missing_user_values={"q1": ["a"], "q2": ["z"]})
        file = home.receive_one()
        assert (file.reasons, file.rows_loaded) == ({}, 2)
        assert file.counts.values_coded == 2
        blank = home.ask("select item from raw.item_responses where response is null order by all")
        assert blank == [("1",), ("2",)]


def test_a_column_of_nothing_but_tagged_missing_values_is_blank(tmp_path: Path) -> None:
    frame = answers(q1=pd.Series(["a", "b"], dtype=object))
    with Home(tmp_path).opened() as home:
        write(home, "gad.dta", frame, missing_user_values={"q1": ["a", "b"]})
        file = home.receive_one()
        assert (file.reasons, file.counts.values_coded) == ({}, 2)
        first = home.ask("select response from raw.item_responses where item = '1'")
        assert first == [(None,), (None,)]


@pytest.mark.parametrize(
    ("block", "reasons", "stored"),
    [
        ("", {"response_not_a_number": 1}, []),
        ("sas_tiny_zeros: zero", {}, [("0",)]),
        ("sas_tiny_zeros: missing", {}, [(None,)]),
    ],
)
def test_the_tiny_zeros_of_sas_mean_what_the_mapping_says(
    tmp_path: Path, block: str, reasons: dict[str, int], stored: list[tuple[str | None]]
) -> None:
    with Home(tmp_path).opened() as home:
        write(home, "gad.xpt", answers(q1=[5.397605346934028e-79, 1.0]), block)
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == reasons
        first = home.ask(
            "select response from raw.item_responses where item = '1' and client_id = 'c1'"
        )
        assert first == stored


LABELS = {f"q{item}": {1: "Several days", 2: "More than half the days"} for item in range(1, 8)}


def test_value_labels_are_left_alone_unless_they_are_asked_for(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        write(home, "gad.sav", answers(), variable_value_labels=LABELS)
        assert home.receive_one().rows_loaded == 2
        assert found(home)[0][3:] == ("1", "1")


def test_value_labels_that_are_asked_for_take_the_place_of_codes(tmp_path: Path) -> None:
    words = {f"q{item}": {1: "3", 2: "0"} for item in range(1, 8)}
    with Home(tmp_path).opened() as home:
        write(home, "gad.sav", answers(), "spss: {labels: true}", variable_value_labels=words)
        assert home.receive_one().rows_loaded == 2
        assert [row[3:] for row in found(home)] == [("3", "3"), ("0", "0")]


def test_no_message_shows_a_label_of_a_variable(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        frame = answers(extra=["x", "y"])
        write(home, "gad.sav", frame, column_labels=[WORDING] * len(frame.columns))
        file = home.receive_one()
        assert file.refusal == "unmapped_column"
        assert "extra" in str(file.message)
        assert WORDING not in str(file.message)


def test_a_tidy_table_needs_no_mapping_but_its_format(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "client_id": ["c1"],
            "instrument_id": ["phq9"],
            "scale_id": ["phq9_total"],
            "score": [12.0],
            "occurred_on": [date(2026, 1, 5)],
        }
    )
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", "format: stata")
        path = home.settings.landing / "clinic" / "scores_2026.dta"
        pyreadstat.write_dta(frame, str(path))
        assert home.receive_one().rows_loaded == 1
        assert home.ask("select score, occurred_on from raw.stated_scores") == [
            ("12", "2026-01-05")
        ]


def test_names_in_a_data_set_have_it_refused_whole(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        write(home, "gad.sav", answers(stamp=["ann@example.org", "bob@example.org"]))
        file = home.receive_one()
        assert file.refusal == "looks_identified"
        assert "example.org" not in str(file.message)
        assert not home.settings.archive.exists()


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kept", [0.0, 0.02, 0.4, 0.97])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, name: str, kept: float) -> None:
    with Home(tmp_path).opened() as home:
        path = write(home, name, answers())
        whole = path.read_bytes()
        # Not at a multiple of 80, where a transport file shows no sign of it.
        path.write_bytes(whole[: int(len(whole) * kept) // 80 * 80 + (7 if kept else 0)])
        file = home.receive_one()
        assert file.status == "refused"
        assert file.refusal == ("unreadable_file" if kept else "empty_file")
        assert home.ask("select count(*) from raw.item_responses") == [(0,)]


@pytest.mark.parametrize("name", [*WRITERS, "gad.sas7bdat"])
def test_bytes_that_are_no_data_set_are_refused(tmp_path: Path, name: str) -> None:
    package = "sas" if name.endswith("bdat") else WRITERS[name][0]
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING.format(package=package))
        home.drop(name, b"id,q1\nc1,1\n" * 400)
        file = home.receive_one()
        assert (file.status, file.refusal) == ("refused", "unreadable_file")
        assert file.message == f"{name} is damaged or cannot be read reliably. Export it again."


def test_rows_beyond_one_chunk_come_in_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.landing.formats.statistical._MOST_ROWS", 3)
    people = 10
    frame = pd.DataFrame(
        {
            "id": [f"c{n}" for n in range(people)],
            "filled": [date(2026, 1, 5)] * people,
            "stamp": [1.0] * people,
            **{f"q{item}": [float(n % 4) for n in range(people)] for item in range(1, 8)},
            "total": [0.0] * people,
        }
    )
    for name in WRITERS:
        with Home(tmp_path / name).opened() as home:
            write(home, name, frame)
            assert home.receive_one().rows_loaded == people
            stored = home.ask(
                "select client_id, response, line from raw.item_responses where item = '4'"
            )
            expected = [(f"c{n}", str(n % 4), n + 2) for n in range(people)]
            assert sorted(stored) == expected, name


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
def test_damaged_bytes_are_read_or_refused_and_never_anything_else(
    tmp_path: Path, name: str
) -> None:
    draw = random.Random(20261123)  # noqa: S311 - a seeded test
    WRITERS[name][1](answers(), str(tmp_path / name))
    whole = (tmp_path / name).read_bytes()
    mapping = parse_mapping(yaml.safe_load(MAPPING.format(package=WRITERS[name][0])), "source.yml")
    arrival = Arrival(name, tmp_path / name, mapping, seeds(), "source.yml", tmp_path)
    fates: Counter[str] = Counter()
    with Home(tmp_path / "home").opened() as home:
        for _ in range(120):
            damaged = bytearray(whole)
            for _ in range(draw.choice([1, 1, 5])):
                damaged[draw.randrange(len(damaged))] = draw.randrange(256)
            (tmp_path / name).write_bytes(damaged)
            try:
                opened = mapping.reader.open(home.connection, arrival)
                fates["read"] += opened.stage(home.connection)[0].rows_read > 0
            except FileRefusalError as refusal:
                fates[refusal.code] += 1
    assert fates.total() == 120
    assert min(fates["read"], fates["unreadable_file"]) > 0
