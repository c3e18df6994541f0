"""`scout export`: what was published is what a stranger's program reads, in every format."""

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from pyreadstat import read_dta, read_sav
from typer.testing import CliRunner

from orchestration import warehouse
from orchestration.cli import app
from orchestration.desk.exporting import Order, export
from orchestration.desk.formats import ROWS_AT_MOST, Format, label_of, names_in
from orchestration.errors import SettingsError
from orchestration.settings import Settings

LONG = "previous_proportion_interval_high"
COLUMNS = (
    "client_id", "reliable_change_class", "is_case", "occurred_on", "occurred_at", "score",
    "sample_size", LONG,
)  # fmt: skip
ROWS: list[tuple[Any, ...]] = [
    ("a", "improved", True, date(2025, 2, 28), datetime(2025, 2, 28, 23, 59, 58), 0.1, 7, 0.5),
    ("=1+1", "unknown", False, date(1959, 12, 31), datetime(1900, 1, 1), -3.25, -2, None),
    ("@b", None, None, None, None, None, None, None),
    ("-5", "unchanged", None, date(2024, 2, 29), None, 1e-12, 2**40, 1.0),
    (None, "deteriorated", True, None, datetime(2026, 1, 1), 12345678.875, 0, 0.0),
    ("", "improved", False, date(2000, 1, 1), None, 2.0, 1, None),
]  # fmt: skip


def release_at(home: Path, sequence: int = 1) -> Settings:
    """A home with one small release made by hand: a mart, and a table of the dashboard."""
    settings = Settings(home=home)
    folder = settings.releases / f"{sequence:06d}"
    folder.mkdir(parents=True)
    with warehouse.open_to_write(settings, folder / "evaluation.duckdb") as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_things (client_id varchar, reliable_change_class varchar, "
            "is_case boolean, occurred_on date, occurred_at timestamp, score double, "
            f"sample_size bigint, {LONG} double)"
        )
        connection.executemany("insert into marts.fct_things values (?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
        connection.execute("comment on table marts.fct_things is 'One row per thing.'")
        connection.execute("comment on column marts.fct_things.score is '=Points, of 27.'")
    with warehouse.open_to_write(settings, folder / "dashboard.duckdb") as connection:
        connection.execute("create schema published")
        connection.execute(
            "create table published.pub_things as select * from (values "
            "('p', 12, 'shown'), ('q', null, 'suppressed'), ('r', null, 'not_computable')) "
            "as rows(program_id, episode_count, episode_count_status)"
        )
    manifest = {"sequence": sequence, "files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    settings.current.unlink(missing_ok=True)
    settings.current.symlink_to(folder.relative_to(home))
    return settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return release_at(tmp_path / "home")


def exported(settings: Settings, form: Format, folder: Path, table: str = "fct_things") -> Path:
    done = export(settings, Order(table, form, folder), lambda _table, _rows: None)
    return done[0].file


def escaped(text: str | None) -> str | None:
    return f"'{text}" if text and text[0] in "=+-@" else text


def test_a_parquet_file_holds_exactly_the_rows(settings: Settings, tmp_path: Path) -> None:
    file = exported(settings, Format.PARQUET, tmp_path)
    assert duckdb.sql(f"from '{file}'").fetchall() == ROWS


def test_a_csv_file_holds_the_rows_and_tells_no_text_from_an_empty_one(
    settings: Settings, tmp_path: Path
) -> None:
    file = exported(settings, Format.CSV, tmp_path)
    types = ", ".join(
        f"'{name}': '{kind}'"
        for name, kind in zip(
            COLUMNS,
            ("varchar", "varchar", "boolean", "date", "timestamp", "double", "bigint", "double"),
            strict=True,
        )
    )
    found = duckdb.sql(
        f"from read_csv('{file}', columns={{{types}}}, header=true, allow_quoted_nulls=false)"
    ).fetchall()
    assert found == [(escaped(row[0]), *row[1:]) for row in ROWS]


def test_an_excel_file_holds_texts_numbers_dates_and_truths_as_such(
    settings: Settings, tmp_path: Path
) -> None:
    sheet = openpyxl.load_workbook(exported(settings, Format.EXCEL, tmp_path))["data"]
    header, *lines = sheet.iter_rows(values_only=True)
    assert header == COLUMNS
    for line, row in zip(lines, ROWS, strict=True):
        wanted = [escaped(row[0]), *row[1:]]
        for found, meant in zip(line, wanted, strict=True):
            if isinstance(meant, date) and meant.year < 1901:
                # Excel has no such days: the text it is.
                assert found == str(meant)
            elif isinstance(meant, datetime):
                assert found == meant
            elif isinstance(meant, date):
                assert isinstance(found, datetime)
                assert found.date() == meant
            else:
                assert found == meant
                assert isinstance(found, bool) == isinstance(meant, bool)


@pytest.mark.parametrize("form", [Format.CSV, Format.EXCEL])
def test_no_cell_of_a_spreadsheet_computes_and_no_number_is_touched(
    settings: Settings, tmp_path: Path, form: Format
) -> None:
    file = exported(settings, form, tmp_path)
    if form is Format.CSV:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [list(row) for row in csv.reader(lines)]
        assert rows[2][5] == "-3.25"
    else:
        book = openpyxl.load_workbook(file)
        rows = [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds
    with file.with_name("fct_things.dictionary.csv").open(encoding="utf-8", newline="") as lines:
        rows += [list(row) for row in csv.reader(lines)]
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert not [text for text in texts if text[:1] in ("=", "+", "@", "\t") and text]
    assert "'=1+1" in texts
    assert "'-5" in texts


@pytest.mark.parametrize(
    ("form", "reader"), [(Format.SPSS, read_sav), (Format.STATA, read_dta)], ids=["spss", "stata"]
)
def test_a_statistics_program_reads_values_dates_words_and_missing(
    settings: Settings, tmp_path: Path, form: Format, reader: Any
) -> None:
    frame, meta = reader(exported(settings, form, tmp_path))
    words = meta.variable_value_labels["reliable_change_class"]
    assert words == {1: "improved", 2: "unchanged", 3: "deteriorated", 4: "unknown"}
    assert meta.variable_value_labels["is_case"] == {0: "no", 1: "yes"}
    for (_, found), row in zip(frame.iterrows(), ROWS, strict=True):
        cells = [None if value != value else value for value in found.tolist()]
        assert cells[0] == (row[0] or "")
        assert (words[cells[1]] if cells[1] is not None else None) == row[1]
        assert (bool(cells[2]) if cells[2] is not None else None) == row[2]
        assert cells[3] == row[3]
        assert (cells[4].to_pydatetime() if cells[4] is not None else None) == row[4]
        assert cells[5:] == list(row[5:])


def test_stata_gets_names_of_32_letters_and_spss_the_whole_one(
    settings: Settings, tmp_path: Path
) -> None:
    _, stata = read_dta(exported(settings, Format.STATA, tmp_path))
    _, spss = read_sav(exported(settings, Format.SPSS, tmp_path))
    assert stata.column_names[-1] == "previous_prop_ci_high"
    assert spss.column_names[-1] == LONG


def test_names_that_would_become_the_same_stay_apart() -> None:
    stems = [f"{'a' * 40}_{end}" for end in ("one", "two", "three")]
    names = names_in([*stems, "a" * 32], Format.STATA)
    assert len(set(names.values())) == 4
    assert all(len(name) <= 32 for name in names.values())
    assert names["a" * 32] == "a" * 32


@pytest.mark.parametrize(
    ("form", "reader"), [(Format.SPSS, read_sav), (Format.STATA, read_dta)], ids=["spss", "stata"]
)
def test_a_number_that_was_held_back_stays_held_back_and_says_so(
    settings: Settings, tmp_path: Path, form: Format, reader: Any
) -> None:
    frame, meta = reader(exported(settings, form, tmp_path, "pub_things"))
    labels = meta.variable_value_labels["episode_count_status"]
    told = [labels[code] for code in frame["episode_count_status"]]
    assert told == ["shown", "suppressed", "not_computable"]
    assert frame["episode_count"].isna().tolist() == [False, True, True]


def test_a_word_that_nobody_numbered_leaves_the_column_text(tmp_path: Path) -> None:
    settings = release_at(tmp_path / "home")
    path = settings.current.resolve() / "evaluation.duckdb"
    with warehouse.open_to_write(settings, path) as connection:
        connection.execute("insert into marts.fct_things (reliable_change_class) values ('new')")
    frame, meta = read_sav(exported(settings, Format.SPSS, tmp_path))
    assert "reliable_change_class" not in meta.variable_value_labels
    assert frame["reliable_change_class"].tolist()[-1] == "new"
    assert frame["reliable_change_class"].tolist()[0] == "improved"


def test_the_dictionary_beside_it_explains_every_column(settings: Settings, tmp_path: Path) -> None:
    exported(settings, Format.STATA, tmp_path)
    with (tmp_path / "fct_things.dictionary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows[0]["meaning"].startswith("One row per thing.")
    assert [row["column_name"] for row in rows[1:]] == list(COLUMNS)
    told = {row["column_name"]: row for row in rows}
    assert told["score"]["meaning"] == "'=Points, of 27."
    assert told[LONG]["name_in_stata"] == "previous_prop_ci_high"
    assert told["is_case"]["words_in_spss_and_stata"] == "0 = no; 1 = yes"


def test_a_file_that_is_there_is_not_replaced_unless_it_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "fct_things.csv"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="is there already"):
        exported(settings, Format.CSV, tmp_path)
    assert target.read_text(encoding="utf-8") == "mine"
    export(settings, Order("fct_things", Format.CSV, tmp_path, is_forced=True), lambda *_: None)
    assert target.read_text(encoding="utf-8").startswith("client_id,")
    # The dictionary of the same table is not in the way of a second format.
    exported(settings, Format.PARQUET, tmp_path)


def test_a_dictionary_that_is_somebody_elses_file_is_not_replaced(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "fct_things.dictionary.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"dictionary\.csv is there already"):
        exported(settings, Format.CSV, tmp_path)


def test_a_writer_that_fails_leaves_no_half_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(*arguments: Any) -> None:
        arguments[4].write_text("half", encoding="utf-8")
        raise OSError

    monkeypatch.setattr("orchestration.desk.exporting.write", half)
    with pytest.raises(SettingsError, match="cannot be written"):
        exported(settings, Format.CSV, tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_table_too_large_for_the_format_is_refused_before_anything_is_written(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROWS_AT_MOST, Format.EXCEL, len(ROWS) - 1)
    with pytest.raises(SettingsError, match="parquet or csv"):
        exported(settings, Format.EXCEL, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_all_writes_every_mart_and_nothing_of_the_dashboard(
    settings: Settings, tmp_path: Path
) -> None:
    done = export(settings, Order("all", Format.CSV, tmp_path / "out"), lambda *_: None)
    assert [one.table.name for one in done] == ["fct_things"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "fct_things.csv",
        "fct_things.dictionary.csv",
    ]


def test_a_label_ends_with_a_whole_sentence_or_a_whole_word() -> None:
    assert label_of("First one. Second one.", 80) == "First one. Second one."
    assert label_of("First one. Second one that is long.", 20) == "First one."
    assert label_of("One sentence that never ends", 20) == "One sentence that…"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fct_thing"], "Did you mean fct_things"),
        (["fct_things", "--release", "7"], "no release 7"),
        (["fct_things", "--out", "things.sav"], "does not end with .csv"),
    ],
)
def test_a_wrong_order_is_answered_with_the_way_out(
    settings: Settings, arguments: list[str], said: str
) -> None:
    result = CliRunner().invoke(app, ["export", *arguments, "--home", str(settings.home)])
    assert isinstance(result.exception, SettingsError)
    assert said in str(result.exception)


def test_files_of_people_are_for_their_owners_eyes_only(settings: Settings, tmp_path: Path) -> None:
    file = exported(settings, Format.CSV, tmp_path)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.parametrize("form", list(Format))
def test_an_empty_table_and_a_long_text_are_exported_too(tmp_path: Path, form: Format) -> None:
    settings = release_at(tmp_path / "home")
    long = "é" + "x" * 5000
    with warehouse.open_to_write(settings, settings.current / "evaluation.duckdb") as connection:
        connection.execute("create table marts.nothing (a varchar, b double, c date, d boolean)")
        connection.execute("create table marts.fct_long as select ? as told", [long])
    assert exported(settings, form, tmp_path, "nothing").is_file()
    file = exported(settings, form, tmp_path, "fct_long")
    if form.is_statistical:
        frame, _ = read_sav(file) if form is Format.SPSS else read_dta(file)
        assert frame["told"].tolist() == [long]
