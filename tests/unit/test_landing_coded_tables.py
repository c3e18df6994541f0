"""Tables of coded observations and tables under other names come in as tidy files would."""

from pathlib import Path

import pytest

from tests.landing_home import Home, assert_conserved

HEADER = "PATIENT,DATE,CODE,VALUE\n"
MAPPING = """
format: coded
program_id: cbt
client_id: PATIENT
occurred_on: DATE
coded: {code: CODE, value: VALUE, take: [44261-6, 69725-0]}
"""
RENAMED = """
format: renamed
program_id: cbt
renamed:
  kind: scores
  columns:
    {client_id: who, instrument_id: form, scale_id: scale, score: points, occurred_on: filled}
"""


def drop(home: Home, rows: str, mapping: str = MAPPING) -> None:
    home.drop("source.yml", mapping)
    home.drop("table.csv", HEADER + rows)


def test_totals_and_answers_come_from_one_table(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,44261-6,12\nc1,2026-01-05,69725-0,2\nc2,2026-01-05,44261-6,3\n")
        file = home.receive_one()
        assert_conserved(file)
        assert file.rows_loaded == 3
        scores = home.ask(
            "select client_id, scale_id, score, line from raw.stated_scores order by 4"
        )
        assert scores == [("c1", "phq9_total", "12", 2), ("c2", "phq9_total", "3", 4)]
        answers = home.ask(
            "select client_id, instrument_id, item, response from raw.item_responses"
        )
        assert answers == [("c1", "gad7", "1", "2")]


def test_rows_with_other_codes_are_counted_and_add_nothing(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        others = "".join(f"c{n},2026-01-05,8480-6,{100 + n}\n" for n in range(20))
        drop(home, others + "c1,2026-01-05,44261-6,12\nc1,2026-01-06,44261-6,99\n")
        file = home.receive_one()
        assert_conserved(file)
        counted = (file.rows_read, file.rows_loaded, file.rows_refused, file.rows_repeated)
        assert counted == (22, 1, 1, 20)
        assert file.reasons == {"score_out_of_range": 1}
        assert "20 records are of kinds that nobody asked for" in str(file.remark)


def test_a_row_without_a_code_and_a_ragged_one_are_refused(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,44261-6,12\nc1,2026-01-05,,12\nc1,2026-01-05\n")
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == {"missing_key": 1, "ragged_row": 1}
        assert home.ask("select line from raw.refusals order by 1") == [(3,), (4,)]


def test_codes_of_any_system_may_be_named(tmp_path: Path) -> None:
    named = MAPPING.replace("[44261-6, 69725-0]", "{A1: phq9_total, A2: phq9_1}")
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,A1,12\nc1,2026-01-05,A2,2\n", named)
        assert home.receive_one().rows_loaded == 2
        assert home.ask("select scale_id from raw.stated_scores") == [("phq9_total",)]
        assert home.ask("select instrument_id, item from raw.item_responses") == [("phq9", "1")]


@pytest.mark.parametrize(
    ("take", "what"),
    [
        ("[99999-9]", "the registry knows no such code"),
        ("{A1: phq10_total}", "the registry knows no scale or item"),
        ("[44250-9]", "say which of phq8_1, phq9_1"),
    ],
)
def test_a_code_that_is_not_clear_is_asked_about(tmp_path: Path, take: str, what: str) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,44261-6,12\n", MAPPING.replace("[44261-6, 69725-0]", take))
        file = home.receive_one()
        assert file.refusal == "wrong_mapping"
        assert what in str(file.message)


def test_a_table_without_any_code_that_is_taken_is_refused(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,8480-6,120\n")
        file = home.receive_one()
        assert file.refusal == "not_data"
        assert "none of its 1 rows" in str(file.message)


@pytest.mark.slow
def test_a_name_in_a_row_that_is_not_taken_has_the_file_refused(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,44261-6,12\nc1,2026-01-05,remark,ann@example.org\n")
        file = home.receive_one()
        assert file.refusal == "looks_identified"
        assert "ann" not in str(file.message)
        assert not home.settings.archive.exists()


def test_a_header_that_names_a_person_has_the_file_refused(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING + "ignore: ['*']")
        home.drop(
            "table.csv", "PATIENT,DATE,CODE,VALUE,ann@example.org\nc1,2026-01-05,44261-6,12,1\n"
        )
        file = home.receive_one()
        assert file.refusal == "looks_identified"
        assert "ann" not in str(file.message)


@pytest.mark.parametrize(
    ("header", "code", "what"),
    [
        ("PATIENT,DATE,CODE,VALUE,EXTRA", "unmapped_column", "EXTRA"),
        ("PATIENT,DATE,CODE,AMOUNT", "missing_column", "VALUE"),
    ],
)
def test_columns_are_held_against_the_mapping(
    tmp_path: Path, header: str, code: str, what: str
) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", MAPPING)
        home.drop("table.csv", header + "\nc1,2026-01-05,44261-6,12" + ",x" * header.count("EXTRA"))
        file = home.receive_one()
        assert file.refusal == code
        assert what in str(file.message)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("client_id: PATIENT", "`client_id` is missing"),
        ("occurred_on: DATE", "he time is missing"),
    ],
)
def test_a_mapping_that_lacks_what_every_row_needs_is_refused(
    tmp_path: Path, line: str, what: str
) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, "c1,2026-01-05,44261-6,12\n", MAPPING.replace(line, ""))
        (error,) = home.receive().mapping_errors
        assert what in error


def test_a_tidy_table_may_have_other_names(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", RENAMED)
        home.drop("export.csv", "form,who,scale,points,filled\nphq9,c1,phq9_total,12,2026-01-05\n")
        assert home.receive_one().rows_loaded == 1
        columns = "client_id, instrument_id, scale_id, score, occurred_on"
        expected = [("c1", "phq9", "phq9_total", "12", "2026-01-05")]
        assert home.ask(f"select {columns} from raw.stated_scores") == expected


def test_two_columns_may_swap_their_names(tmp_path: Path) -> None:
    swapped = (
        "\nformat: renamed\nrenamed: {kind: clients, columns: {client_id: sex, sex: client_id}}"
    )
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", swapped)
        home.drop("export.csv", "client_id,sex\nfemale,c1\n")
        home.receive_one()
        assert home.ask("select client_id, attribute, value from raw.clients") == [
            ("c1", "sex", "female")
        ]


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        home.drop("source.yml", RENAMED)
        home.drop("export.csv", "form,who,scale,filled\nphq9,c1,phq9_total,2026-01-05\n")
        file = home.receive_one()
        assert file.refusal == "missing_column"
        assert "points" in str(file.message)
