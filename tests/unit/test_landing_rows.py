"""What happens to each row: loaded, refused with a reason, or repeated; and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.landing_home import RESPONSES, Home, assert_conserved

SCORES = "client_id,instrument_id,scale_id,score,day\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path).opened() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        (",gad7,1,2,2026-01-05", "missing_key", "client_id"),
        ("c1,,1,2,2026-01-05", "missing_key", "instrument_id"),
        ("c1,gad7, ,2,2026-01-05", "missing_key", "item"),
        ("c1,gad7,1,2,", "missing_time", "occurred_on"),
        ("c1,gad77,1,2,2026-01-05", "unknown_instrument", "instrument_id"),
        ("c1,gad7,8,2,2026-01-05", "unknown_item", "item"),
        ("c1,gad7,1,often,2026-01-05", "unknown_label", "response"),
        ("c1,gad7,1,2.5,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,0x1,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,1e0,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,1_0,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,٣,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,\u00a02,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,NaN,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,12345678901,2026-01-05", "response_not_a_number", "response"),
        ("c1,gad7,1,4,2026-01-05", "response_out_of_range", "response"),
        ("c1,gad7,1,-1,2026-01-05", "response_out_of_range", "response"),
        ("c1,gad7,1,2,2026-02-30", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,2026-1-5", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,05/01/2026", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,20260105", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,infinity", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,1899-12-31", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2,2026-11-25", "unreadable_date", "occurred_on"),
        ("c1,gad7,1,2", "ragged_row", None),
        ("c1,gad7,1,2,2026-01-05,more", "ragged_row", None),
    ],
)
def test_a_faulty_answer_is_refused_with_its_line_and_column(
    home: Home, row: str, reason: str, column: str | None
) -> None:
    home.drop("responses.csv", f"{RESPONSES}c1,gad7,2,1,2026-01-05\n{row}\n")
    file = home.receive_one()
    assert (file.rows_read, file.rows_loaded, file.rows_refused) == (2, 1, 1)
    assert file.reasons == {reason: 1}
    assert home.ask("select line, column_name, reason from raw.refusals") == [(3, column, reason)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        ("c1,gad7,gad7_sum,9,0", "unknown_scale", "scale_id"),
        ("c1,gad7,gad7_total,high,0", "score_not_a_number", "score"),
        ('c1,gad7,gad7_total,"9,5",0', "score_not_a_number", "score"),
        ("c1,gad7,gad7_total,22,0", "score_out_of_range", "score"),
        ("c1,gad7,gad7_total,9,first", "unreadable_day", "day"),
        ("c1,gad7,gad7_total,9,", "missing_time", "day"),
    ],
)
def test_a_faulty_stated_score_is_refused_with_its_line_and_column(
    home: Home, row: str, reason: str, column: str
) -> None:
    home.drop("scores.csv", f"{SCORES}c2,gad7,gad7_total,9,-3.5\n{row}\n")
    file = home.receive_one()
    assert (file.rows_loaded, file.reasons) == (1, {reason: 1})
    assert home.ask("select line, column_name from raw.refusals") == [(3, column)]


def test_accepted_spellings_are_kept_as_given(home: Home) -> None:
    home.drop(
        "responses.csv",
        f"{RESPONSES}c1,GAD-7,01, 2 ,2026-01-05T09:30:00Z\nc1,gad7,gad7_2,3.0,2026-01-05\n"
        "00123,gad7,3,,2026-01-05\nNA,gad7,3,0,2026-11-24\n",
    )
    assert home.receive_one().rows_loaded == 4
    assert home.ask(
        "select client_id, instrument_id, item, response, occurred_on, line"
        " from raw.item_responses order by line"
    ) == [
        ("c1", "gad7", "1", "2", "2026-01-05", 2),
        ("c1", "gad7", "2", "3.0", "2026-01-05", 3),
        ("00123", "gad7", "3", None, "2026-01-05", 4),
        ("NA", "gad7", "3", "0", "2026-11-24", 5),
    ]


def test_line_numbers_are_physical_with_blank_lines_crlf_and_embedded_newlines(home: Home) -> None:
    home.drop(
        "responses.csv",
        "client_id,instrument_id,item,response,occurred_on,mode\r\n"
        '\r\nc1,gad7,1,1,2026-01-05,"on\r\npaper"\r\n\r\nc1,gad7,2,1,2026-01-05,\r\n'
        "c1,gad7,3,9,2026-01-05,\r\n",
    )
    file = home.receive_one()
    assert (file.rows_read, file.rows_loaded, file.rows_refused) == (3, 2, 1)
    assert home.ask("select line from raw.item_responses order by line") == [(3,), (6,)]
    assert home.ask("select line from raw.refusals") == [(7,)]


def test_a_declared_date_format_and_missing_codes_are_understood(home: Home) -> None:
    home.drop("source.yml", "date_format: '%d/%m/%Y'\nmissing: [-9, refused]\ndelimiter: ';'\n")
    text = f"{RESPONSES}c1,gad7,1,-9,31/12/2025\nc1,gad7,2,refused,31/12/2025\n"
    home.drop("responses.csv", (text + "c1,gad7,3,3,12/31/2025\n").replace(",", ";"))
    file = home.receive_one()
    assert (file.rows_loaded, file.reasons) == (2, {"unreadable_date": 1})
    assert home.ask("select distinct response, occurred_on from raw.item_responses") == [
        (None, "2025-12-31")
    ]


def test_exact_repetitions_are_counted_and_stored_once(home: Home) -> None:
    row = "c1,gad7,1,2,2026-01-05\n"
    home.drop("responses.csv", RESPONSES + row + "c1,gad7,2,2,2026-01-05\n" + row)
    file = home.receive_one()
    assert (file.rows_loaded, file.rows_repeated, file.message) == (2, 1, None)
    assert home.ask("select count(*) from raw.item_responses") == [(2,)]


def test_two_administrations_under_one_label_are_both_kept_and_reported(home: Home) -> None:
    head = "client_id,instrument_id,item,response,occasion\n"
    first = "c1,gad7,1,0,2\nc1,gad7,2,1,2\n"
    second = "c1,gad7,1,3,2\nc1,gad7,2,1,2\n"
    home.drop("responses.csv", head + first + second + "c2,gad7,1,1,2\n")
    file = home.receive_one()
    assert (file.rows_loaded, file.rows_repeated, file.counts.conflicts) == (5, 0, 1)
    assert file.message is not None
    kept = home.ask(
        "select item, response, repeat_number, line from raw.item_responses"
        " where client_id = 'c1' order by line"
    )
    assert kept == [("1", "0", 1, 2), ("2", "1", 1, 3), ("1", "3", 2, 4), ("2", "1", 2, 5)]
    counted = "select count(distinct administration_key), count(distinct record_key) from"
    assert home.ask(f"{counted} raw.item_responses") == [(3, 5)]


def test_a_correction_supersedes_and_the_earlier_row_stays(home: Home) -> None:
    home.drop("responses_1.csv", f"{RESPONSES}c1,gad7,1,1,2026-01-05\nc1,gad7,2,2,2026-01-05\n")
    home.receive_one()
    home.drop("responses_2.csv", f"{RESPONSES}c1,gad7,1,3,2026-01-05\nc1,gad7,2,2.0,2026-01-05\n")
    second = home.receive().files[1]
    assert (second.rows_loaded, second.rows_repeated, second.counts.superseded) == (1, 1, 1)
    assert home.ask("select response from raw.item_responses order by load_sequence, item") == [
        ("1",),
        ("2",),
        ("3",),
    ]
    assert home.current("item_responses", "item, response") == [("1", "3"), ("2", "2")]
    assert home.ask("select record_type, load_sequence, superseded_by from raw.superseded") == [
        ("item_responses", 1, 2)
    ]


def test_a_value_that_returns_supersedes_again(home: Home) -> None:
    for number, answer in enumerate((1, 3, 1), start=1):
        home.drop(
            f"responses_{number}.csv",
            f"{RESPONSES}c1,gad7,1,{answer},2026-01-05\nc9,gad7,{number},0,2026-01-05\n",
        )
        home.receive()
    assert home.current("item_responses", "client_id, response") == [
        ("c1", "1"),
        ("c9", "0"),
        ("c9", "0"),
        ("c9", "0"),
    ]
    assert home.ask("select count(*) from raw.superseded") == [(2,)]


def test_the_same_bytes_under_another_name_are_a_no_op(home: Home) -> None:
    text = f"{RESPONSES}c1,gad7,1,1,2026-01-05\n"
    home.drop("responses_1.csv", text)
    home.drop("responses_2.csv", text)
    files = home.receive().files
    assert [file.status for file in files] == ["loaded", "already_loaded"]
    assert home.ask("select count(*) from raw.item_responses") == [(1,)]
    assert [file.status for file in home.receive().files] == ["already_loaded"] * 2
    assert home.ask("select count(*) from raw.loads") == [(1,)]


WIDE = """
format: wide
client_id: id
program_id: msc
day: days
instruments:
  gad7: {items: "q{item}", stored_minimum: 1, stated: {gad7_total: total}}
attributes: {arm: group, age_band: age}
"""


def test_a_form_of_which_an_answer_was_refused_is_remembered(home: Home) -> None:
    home.drop("responses.csv", f"{RESPONSES}c1,gad7,1,9,2024-01-01\nc2,gad7,1,1,2024-01-01\n")
    home.receive()
    # By the form's key alone, which says nothing of the client.
    (key,) = home.ask("select administration_key from raw.item_responses where client_id = 'c2'")
    refused = home.ask("select load_sequence, administration_key from raw.refused_answers")
    assert len(refused) == 1
    assert refused[0][0] == 1
    assert refused[0][1] != key[0]


@pytest.mark.slow
@pytest.mark.parametrize(("says", "preferred"), [("", False), ("stated_wins: true\n", True)])
def test_a_source_says_whether_its_stated_totals_win(
    home: Home, says: str, preferred: bool
) -> None:
    line = "id,days,q1,q2,q3,q4,q5,q6,q7,total,group,age\nc1,0,1,2,3,4,1,1,1,5,a,30-39\n"
    home.drop("source.yml", WIDE + says, "wide")
    home.drop("form.csv", line, "wide")
    home.receive()
    assert home.current("stated_scores", "is_preferred") == [(preferred,)]
    # The same file read under the other mapping is read again.
    home.drop("source.yml", WIDE + ("" if says else "stated_wins: true\n"), "wide")
    home.receive()
    assert home.current("stated_scores", "is_preferred") == [(not preferred,)]


def test_a_correction_reaches_its_own_source_only(home: Home) -> None:
    first = f"{RESPONSES}c1,gad7,1,1,2024-01-01\n"
    home.drop("responses.csv", first, "north")
    home.drop("responses.csv", first.replace("1,1,2024", "1,2,2024"), "south")
    home.receive()
    # Both clinics call a client c1: two people until the clinic says otherwise.
    assert home.current("item_responses", "source, response") == [("north", "1"), ("south", "2")]
    assert home.ask("from raw.superseded") == []


def test_tidy_and_wide_forms_of_the_same_data_give_the_same_records(home: Home) -> None:
    wide = "id,days,q1,q2,q3,q4,q5,q6,q7,total,group,age\n"
    wide += "c1,0,1,2,3,4,1,,1,5,a,30-39\nc1,7,1,1,1,1,1,1,9,,a,30-39\nc2,0,,,,,,,,3,b,\n"
    home.drop("source.yml", WIDE, "wide")
    home.drop("form.csv", wide, "wide")
    answers = [(n, v) for n, v in enumerate(("0", "1", "2", "3", "0", "", "0"), start=1)]
    tidy = "client_id,program_id,instrument_id,item,response,day\n"
    tidy += "".join(f"c1,msc,gad7,{item},{value},0\n" for item, value in answers)
    tidy += "".join(f"c1,msc,gad7,{item},0,7\n" for item in range(1, 7)) + "c1,msc,gad7,7,8,7\n"
    scores = f"{SCORES}c1,gad7,gad7_total,5,0\nc2,gad7,gad7_total,3,0\n"
    (file,) = home.receive().files
    assert (file.rows_read, file.rows_loaded, file.rows_refused) == (3, 2, 1)
    assert file.reasons == {"response_out_of_range": 1}
    columns = (
        "client_id, instrument_id, item, response::integer - response_shift, day,"
        " administration_key, record_key, repeat_number"
    )
    wide_items = home.current("item_responses", columns)
    wide_scores = home.current("stated_scores", "client_id, scale_id, score, day, record_key")
    with Home(home.settings.home / "other").opened() as other:
        other.drop("responses.csv", tidy, "wide")
        other.drop("scores.csv", scores, "wide")
        for one in other.receive().files:
            assert_conserved(one)
        assert other.current("item_responses", columns) == wide_items
        assert (
            other.current("stated_scores", "client_id, scale_id, score, day, record_key")
            == wide_scores
        )
    assert len(wide_items) == 13
    assert home.ask("select client_id, arm, program_id from raw.episodes order by all") == [
        ("c1", "a", "msc"),
        ("c2", "b", "msc"),
    ]
    assert home.ask("select client_id, attribute, value from raw.clients") == [
        ("c1", "age_band", "30-39")
    ]


def test_a_wide_line_without_a_client_is_refused_even_when_blank(home: Home) -> None:
    home.drop("source.yml", WIDE)
    home.drop(
        "form.csv",
        "id,days,q1,q2,q3,q4,q5,q6,q7,total,group,age\nc1,0,1,1,1,1,1,1,1,0,a,\n,,,,,,,,,,,\n",
    )
    file = home.receive_one()
    assert (file.rows_loaded, file.rows_refused, file.reasons) == (1, 1, {"missing_key": 1})


def test_occasions_in_columns_become_ordered_administrations(home: Home) -> None:
    home.drop(
        "source.yml",
        "format: wide\nclient_id: id\ninstruments:\n  phq9:\n"
        "    stated: {phq9_total: 'p_{occasion}'}\n    occasions:\n"
        "      pre: {day: 0, timepoint: baseline}\n      post: {occurred_on: when}\n",
    )
    home.drop("totals.csv", "id,p_pre,p_post,when\nc1,20,9,2026-03-01\nc2,18,,\n")
    assert home.receive_one().rows_loaded == 2
    assert home.ask(
        "select client_id, score, occasion, occasion_order, day, occurred_on, timepoint"
        " from raw.stated_scores order by line, occasion_order"
    ) == [
        ("c1", "20", "pre", "0", "0", None, "baseline"),
        ("c1", "9", "post", "1", None, "2026-03-01", None),
        ("c2", "18", "pre", "0", "0", None, "baseline"),
    ]


def test_each_tidy_kind_reaches_its_table(home: Home) -> None:
    home.drop("clients.csv", "client_id,age_band,gender\nc1,30-39,f\nc2,,m\n")
    home.drop(
        "episodes.csv",
        "client_id,episode_id,program_id,condition_id,started_on\n"
        "c1,e1,msc,anxiety,2026-01-01\nc1,e1,msc,depression,2026-01-01\nc2,e2,msc,,soon\n"
        "c1,e1,msc,anxiety,2026-01-02\n",
    )
    home.drop(
        "sessions.csv",
        "episode_id,session_number,held_on,alliance_score\ne1,1,2026-01-01,5.5\ne1,2,2026-01-08,good\n,3,,\n",
    )
    home.drop(
        "practice.csv",
        "client_id,practice_id,day,minutes\nc1,affectionate_breathing,3,10\nc1,affectionate_breathing,3,10\nc1,affectionate_breathing,x,1\n",
    )
    files = {file.file_name: file for file in home.receive().files}
    for file in files.values():
        assert_conserved(file)
    assert files["clients.csv"].rows_loaded == 2
    assert files["episodes.csv"].reasons == {"duplicate_key": 1, "unreadable_date": 1}
    assert files["sessions.csv"].reasons == {"missing_key": 1, "score_not_a_number": 1}
    assert (files["practice.csv"].rows_repeated, files["practice.csv"].reasons) == (
        1,
        {"unreadable_day": 1},
    )
    assert home.ask("select episode_id, condition_id from raw.episodes order by all") == [
        ("e1", "anxiety"),
        ("e1", "depression"),
    ]
    assert home.ask("select client_id, attribute, value from raw.clients order by all") == [
        ("c1", "age_band", "30-39"),
        ("c1", "gender", "f"),
        ("c2", "age_band", None),
        ("c2", "gender", "m"),
    ]


def test_a_changed_description_supersedes_by_key(home: Home) -> None:
    home.drop("episodes_1.csv", "client_id,episode_id,program_id,ending\nc1,e1,msc,ongoing\n")
    home.receive()
    home.drop("episodes_2.csv", "client_id,episode_id,program_id,ending\nc1,e1,msc,planned\n")
    home.receive()
    assert home.current("episodes", "ending") == [("planned",)]
    assert home.ask("select count(*) from raw.episodes") == [(2,)]
