"""How a source writes: delimiters, encodings, decimal commas, missing codes, answers in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.landing.mapping import parse_mapping
from orchestration.landing.registry import load_registry
from orchestration.settings import CHECKOUT
from tests.landing_home import RESPONSES, Home, assert_conserved, seeds

ROW = "c1,gad7,1,2,2026-01-05\n"
SCORES = "client_id,instrument_id,scale_id,score,day\n"
WIDE = "format: wide\nclient_id: id\nday: day\ninstruments: {gad7: {items: 'q{item}'}}\n"
ANSWERS = "select item, response from raw.item_responses order by item"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as opened:
        yield opened


# ------------------------------------------------------------------ delimiters and encodings


@pytest.mark.parametrize("mark", [";", "|", "\t", "~", "^", "#"])
def test_any_declared_mark_separates_columns(home: Home, mark: str) -> None:
    home.drop("source.yml", f'delimiter: "{mark}"\n'.replace("\t", "\\t"))
    home.drop("responses.csv", (RESPONSES + ROW).replace(",", mark))
    assert home.receive_one().rows_loaded == 1


@pytest.mark.parametrize("mark", [";;", "a", "5", '"', "\n", "§", " ", "."])
def test_a_mark_that_cannot_separate_is_refused_with_the_key(mark: str) -> None:
    with pytest.raises(SettingsError, match="Key `delimiter`: give one character"):
        parse_mapping({"delimiter": mark}, "landing/clinic/source.yml")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("utf-8-sig", "größe"),
        ("utf-16", "größe"),
        ("cp1251", "неделя"),
        ("koi8-r", "неделя"),
        ("cp1250", "týden"),
        ("iso8859-2", "týden"),
        ("iso8859-7", "εβδομάδα"),
        ("latin-1", "größe"),
        ("mac-roman", "größe"),
    ],
)
def test_a_declared_encoding_is_read_and_its_letters_survive(
    home: Home, encoding: str, word: str
) -> None:
    home.drop("source.yml", f"encoding: {encoding}\n")
    text = f"client_id,instrument_id,item,response,occasion\nc1,gad7,1,2,{word}\n"
    home.drop("responses.csv", text.encode(encoding))
    assert home.receive_one().rows_loaded == 1
    assert home.ask("select occasion from raw.item_responses") == [(word,)]


def test_utf_16_is_refused_unless_declared_and_half_a_letter_is_refused_when_it_is(
    home: Home,
) -> None:
    home.drop("responses.csv", (RESPONSES + ROW).encode("utf-16"))
    file = home.receive_one()
    assert (file.refusal, "encoding: utf-16" in str(file.message)) == ("wrong_encoding", True)
    home.drop("source.yml", "encoding: utf-16\n")
    assert home.receive_one().status == "loaded"
    home.drop("responses.csv", (RESPONSES + ROW).encode("utf-16")[:-1])
    files = [file for file in home.receive().files if file.status == "refused"]
    assert [file.refusal for file in files] == ["wrong_encoding"]


# ------------------------------------------------------------------ decimal commas


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decimal", "written", "kept"),
    [
        (",", "9,5", "9.5"),
        (",", "9", "9"),
        (",", "9.5", None),
        (",", "1.009", None),
        (",", "1.009,5", None),
        (".", "9.5", "9.5"),
        (".", "9,5", None),
        (".", "1,009", None),
        (".", "1,009.5", None),
    ],
)
def test_the_declared_mark_makes_decimals_and_marks_of_thousands_are_refused(
    home: Home, decimal: str, written: str, kept: str | None
) -> None:
    home.drop("source.yml", f"decimal: '{decimal}'\ndelimiter: ';'\n")
    text = f"{SCORES}c1,gad7,gad7_total,{{}},0\n".replace(",", ";").format(written)
    home.drop("scores.csv", text)
    file = home.receive_one()
    assert_conserved(file)
    assert home.ask("select score from raw.stated_scores") == ([(kept,)] if kept else [])
    assert file.reasons == ({} if kept else {"score_not_a_number": 1})


def test_days_have_the_decimal_comma_too_and_whole_answers_may_carry_one(home: Home) -> None:
    home.drop("source.yml", WIDE + "decimal: ','\ndelimiter: ';'\n")
    home.drop("form.csv", "id;day;q1;q2;q3;q4;q5;q6;q7\nc1;7,5;1,0;1;1;1;1;1;1,5\n")
    file = home.receive_one()
    assert file.reasons == {"response_not_a_number": 1}
    assert home.ask("select distinct day from raw.item_responses") == [("7.5",)]
    assert home.ask("select response from raw.item_responses where item = '1'") == [("1.0",)]


def test_numbers_of_a_parquet_file_are_numbers_whatever_the_declared_mark(home: Home) -> None:
    home.drop("source.yml", "decimal: ','\n")
    path = home.drop("scores.parquet", b"")
    home.connection.execute(
        "copy (select 'c1' as client_id, 'gad7' as instrument_id, 'gad7_total' as scale_id, "
        f"9.5::double as score, 0 as day) to '{path}' (format parquet)"
    )
    assert home.receive_one().rows_loaded == 1
    assert home.ask("select score from raw.stated_scores") == [("9.5",)]


# ------------------------------------------------------------------ missing codes


def test_declared_codes_are_missing_and_counted_and_undeclared_ones_are_refused(
    home: Home,
) -> None:
    home.drop("source.yml", "missing: [77, 99, -9, NA]\n")
    codes = ["77", "99", "99.0", "-9", "NA", "", "9"]
    rows = [f"c1,gad7,{n},{code},2026-01-05\n" for n, code in enumerate(codes, start=1)]
    home.drop("responses.csv", RESPONSES + "".join(rows))
    file = home.receive_one()
    assert_conserved(file)
    assert (file.rows_loaded, file.reasons) == (6, {"response_out_of_range": 1})
    assert home.ask("select count(response) from raw.item_responses") == [(0,)]
    assert file.counts.values_coded == 5
    assert file.remark == "5 values hold a declared code for no answer."


def test_a_code_may_hold_for_one_instrument_or_column_alone(home: Home) -> None:
    home.drop(
        "source.yml", "missing: {instruments: {GAD-7: [7]}, columns: {response: [refused]}}\n"
    )
    home.drop(
        "responses.csv",
        f"{RESPONSES}c1,gad7,1,7,2026-01-05\nc1,wsas,1,7,2026-01-05\nc1,wsas,2,refused,2026-01-05\n",
    )
    file = home.receive_one()
    assert (file.rows_loaded, file.counts.values_coded) == (3, 2)
    assert home.ask(
        "select instrument_id, item, response from raw.item_responses order by all"
    ) == [
        ("gad7", "1", None),
        ("wsas", "1", "7"),
        ("wsas", "2", None),
    ]


def test_a_code_that_could_be_an_answer_is_never_guessed_at(home: Home) -> None:
    home.drop("source.yml", "missing: [8]\n")
    home.drop("responses.csv", f"{RESPONSES}c1,gad7,1,8,2026-01-05\nc1,wsas,1,8,2026-01-05\n")
    file = home.receive_one()
    assert (file.rows_loaded, file.reasons) == (1, {"ambiguous_code": 1})


def test_a_wide_source_names_the_column_whose_answers_a_code_could_be(home: Home) -> None:
    home.drop("source.yml", WIDE + "missing: [3]\n")
    (message,) = home.receive().mapping_errors
    assert "key `missing`: 3 could be a value of column q1" in message
    assert "`missing.columns`" in message


def test_wide_codes_hold_where_they_are_declared_and_a_form_of_codes_alone_is_no_form(
    home: Home,
) -> None:
    home.drop("source.yml", WIDE + "missing: {everywhere: [-9], columns: {q1: [3]}}\n")
    head = "id,day,q1,q2,q3,q4,q5,q6,q7\n"
    home.drop("form.csv", f"{head}c1,0,3,3,-9,1,1,1,1\nc2,0,3,-9,-9,-9,-9,-9,-9\n")
    file = home.receive_one()
    assert_conserved(file)
    assert file.counts.values_coded == 9
    assert home.ask(
        "select item, response from raw.item_responses where item < '4' order by 1"
    ) == [
        ("1", None),
        ("2", "3"),
        ("3", None),
    ]
    assert home.ask("select count(*) from raw.item_responses where client_id = 'c2'") == [(0,)]


@pytest.mark.parametrize(
    ("meaning", "kept", "reasons"),
    [
        (None, [("2", "1")], {"response_not_a_number": 1}),
        ("zero", [("1", "0"), ("2", "1")], {}),
        ("missing", [("1", None), ("2", "1")], {}),
    ],
)
def test_the_number_that_sas_keeps_for_zero_means_what_is_declared(
    home: Home, meaning: str | None, kept: list[tuple], reasons: dict[str, int]
) -> None:
    home.drop("source.yml", f"sas_tiny_zeros: {meaning}\n" if meaning else "")
    tiny = "5.397605346934028e-79"
    home.drop("responses.csv", f"{RESPONSES}c1,gad7,1,{tiny},2026-01-05\nc1,gad7,2,1,2026-01-05\n")
    assert home.receive_one().reasons == reasons
    assert home.ask(ANSWERS) == kept


# ------------------------------------------------------------------ answers in words


def test_labels_become_the_numbers_they_stand_for_whatever_their_capitals_and_spaces(
    home: Home,
) -> None:
    words = ["Not at all", "SEVERAL  DAYS", " more than half the days", "Nearlyeveryday", "2"]
    words.append("not at all sure")  # the older form
    rows = [f"c1,gad7,{n},{word},2026-01-05\n" for n, word in enumerate(words, start=1)]
    home.drop("responses.csv", RESPONSES + "".join(rows))
    assert home.receive_one().rows_loaded == 6
    assert [answer for _, answer in home.ask(ANSWERS)] == ["0", "1", "2", "3", "2", "0"]


def test_an_unknown_label_is_refused_and_another_instruments_label_is_unknown(home: Home) -> None:
    home.drop(
        "responses.csv",
        f"{RESPONSES}c1,gad7,1,sometimes,2026-01-05\nc1,core10,1,sometimes,2026-01-05\n"
        "c1,gad7,2,not often,2026-01-05\n",
    )
    file = home.receive_one()
    assert_conserved(file)
    assert (file.rows_loaded, file.reasons) == (1, {"unknown_label": 2})
    assert home.ask("select instrument_id, response from raw.item_responses") == [("core10", "2")]


def test_labels_of_a_wide_form_mean_the_answer_whatever_its_stored_minimum(home: Home) -> None:
    home.drop("source.yml", WIDE.replace("'q{item}'", "'q{item}', stored_minimum: 1"))
    row = "c1,0,not at all,several days,2,4,1,maybe,\n"
    home.drop("form.csv", f"id,day,q1,q2,q3,q4,q5,q6,q7\n{row}")
    file = home.receive_one()
    assert_conserved(file)
    assert file.reasons == {"unknown_label": 1}
    meant = "select item, response::int - response_shift from raw.item_responses order by item"
    assert home.ask(meant) == [("1", 0), ("2", 1), ("3", 1), ("4", 3), ("5", 0), ("7", None)]


def test_a_clinic_adds_labels_of_its_language_to_a_shipped_instrument(tmp_path: Path) -> None:
    local = tmp_path / "instruments"
    local.mkdir()
    head = "instrument_id,label,response,status\n"
    (local / "response_labels.csv").write_text(f"{head}gad7,Überhaupt nicht,0,confirmed\n")
    with Home(tmp_path, load_registry(CHECKOUT / "seeds", local)).opened() as home:
        home.drop("responses.csv", f"{RESPONSES}c1,gad7,1,überhaupt nicht,2026-01-05\n")
        assert home.receive_one().rows_loaded == 1
        assert home.ask(ANSWERS) == [("1", "0")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("gad7,Not  At All,1,confirmed", "has this label for another answer already"),
        ("gad7,not at all,0,confirmed", "choose another id"),
        ("gad7,immer,4,confirmed", "no item of the instrument allows this answer"),
        ("gad7,3,3,confirmed", "a label holds words"),
        ("gad17,immer,3,confirmed", "no row of instruments.csv defines this id"),
    ],
)
def test_a_wrong_row_of_labels_is_named_with_its_column(
    tmp_path: Path, row: str, told: str
) -> None:
    (tmp_path / "response_labels.csv").write_text(f"instrument_id,label,response,status\n{row}\n")
    with pytest.raises(SettingsError, match=told):
        load_registry(CHECKOUT / "seeds", tmp_path)


def test_labels_are_part_of_what_a_load_relies_on() -> None:
    assert len({label for _, label in seeds().response_labels}) > 10
    assert ("gad7", "notatall") in seeds().response_labels


# ------------------------------------------------------------------ answers between whole numbers


@pytest.mark.parametrize("is_fractional", [True, False])
@pytest.mark.parametrize("shape", ["tidy", "wide"])
def test_only_items_declared_fractional_take_answers_between_whole_numbers(
    tmp_path: Path, is_fractional: bool, shape: str
) -> None:
    ranges = seeds().item_ranges.assign(is_fractional=is_fractional)
    with Home(tmp_path, replace(seeds(), item_ranges=ranges)).opened() as home:
        if shape == "tidy":
            rows = "c1,gad7,1,2.5,2026-01-05\nc1,gad7,2,3.5,2026-01-05\n"
            home.drop("responses.csv", RESPONSES + rows)
        else:
            home.drop("source.yml", WIDE)
            home.drop("form.csv", "id,day,q1,q2,q3,q4,q5,q6,q7\nc1,0,2.5,3.5,,,,,\n")
        file = home.receive_one()
        allowed = {"response_out_of_range": 1}
        assert file.reasons == (allowed if is_fractional else {"response_not_a_number": 2})
