"""REDCap exports come in with their data dictionary, or are refused for what it says of them.

The real projects lie in the shared data folder; each has a mapping in tests/data_mappings/redcap.
"""

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from orchestration.landing.registry import Registry, load_registry
from orchestration.settings import CHECKOUT
from tests.integration.test_landing_real_files import SHARED
from tests.landing_home import Home, assert_conserved

pytestmark = pytest.mark.slow  # dozens of files, each landed

MAPPINGS = CHECKOUT / "tests" / "data_mappings" / "redcap"
PROJECTS = SHARED / "redcap" / "REDCapR"
on_real_projects = pytest.mark.skipif(
    not PROJECTS.is_dir(), reason="the shared data folder is absent (set SCOUT_SHARED_DATA)"
)
TAGGED, NOTES = "tags it as an identifier", "notes are free text"
FILES = "uploaded files are named by whoever uploaded them"


@cache
def definitions() -> Registry:
    """The shipped definitions and those of the example projects."""
    return load_registry(CHECKOUT / "seeds", MAPPINGS / "instruments")


def dictionary_of(folder: Path) -> list[dict[str, str]]:
    """The data dictionary as Python's own reader sees it, by the API's names."""
    (path,) = [one for one in folder.iterdir() if "ictiona" in one.name]
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    names = {0: "name", 3: "kind", 7: "validation", 10: "identifier"}
    return [{key: row[at] for at, key in names.items()} for row in rows[1:]]


@contextmanager
def opened(folder: Path, project: Path, mapping: str, data: str | None = None) -> Iterator[Home]:
    """A home with a project's companions, its mapping and its data (or ``data`` instead)."""
    with Home(folder, definitions()).opened() as home:
        place = home.settings.landing / "clinic"
        place.mkdir(parents=True)
        for path in project.glob("*.csv"):
            is_data = path.name in ("data.csv", "data-old.csv") or "_DATA_" in path.name
            if not is_data and path.name != "metadata.csv":
                shutil.copy(path, place)
        (source,) = [*project.glob("data.csv"), *project.glob("*_DATA_*.csv")]
        text = source.read_text(encoding="utf-8-sig") if data is None else data
        (place / "data.csv").write_text(text, encoding="utf-8")
        shutil.copy(MAPPINGS / f"{mapping}.yml", place / "source.yml")
        yield home


# Project -> what its file is refused for, as the message says it.
REFUSED = {
    "arm-multiple-delete": ("birth_date", "dates of birth"),
    "blank-for-gray-status": ("telephone", TAGGED),
    "checkboxes-1": ("desired_result", NOTES),
    "clinical-trial-1": ("name_last", TAGGED),
    "dag": ("first_name", TAGGED),
    "decimal-comma": ("name", TAGGED),
    "decimal-comma-and-dot": ("name", TAGGED),
    "longitudinal": ("telephone_1", TAGGED),
    "nonnumeric-record-id": ("name", "names of people"),
    "repeating-instruments": ("first_name", TAGGED),
    "repeating-instruments-sparse": ("dob", TAGGED),
    "simple": ("address", TAGGED),
    "survey": ("email", TAGGED),
    "vignette-repeating": ("image_profile", FILES),
}
# Project -> rows read, rows loaded, reasons.
LANDED: dict[str, tuple[int, int, dict[str, int]]] = {
    "multilevel-model-1": (220, 220, {}),
    "potentially-problematic-values": (2, 0, {"unreadable_date": 2}),
    "russian": (3, 3, {}),
}


@on_real_projects
def test_every_project_of_the_folder_is_expected_to_land_or_to_be_refused() -> None:
    assert {path.name for path in PROJECTS.iterdir()} == {*REFUSED, *LANDED}
    assert len({*REFUSED, *LANDED}) == 17


@on_real_projects
@pytest.mark.parametrize(("name", "why"), REFUSED.items(), ids=list(REFUSED))
def test_a_project_with_people_in_it_is_refused_whole_and_the_column_is_named(
    tmp_path: Path, name: str, why: tuple[str, str]
) -> None:
    with opened(tmp_path, PROJECTS / name, name) as home:
        file = home.receive_one()
        assert (file.status, file.refusal) == ("refused", "looks_identified")
        column, reason = why
        assert f"olumn {column}" in str(file.message)
        assert reason in str(file.message)
        assert not any(home.settings.archive.glob("*"))


@on_real_projects
@pytest.mark.parametrize("name", LANDED)
def test_a_project_without_people_lands_row_by_row(tmp_path: Path, name: str) -> None:
    with opened(tmp_path, PROJECTS / name, name) as home:
        file = home.receive_one()
        assert_conserved(file)
        assert (file.rows_read, file.rows_loaded, file.reasons) == LANDED[name]


@on_real_projects
def test_the_repeating_project_of_redcaprits_is_refused_for_the_customers_first_name(
    tmp_path: Path,
) -> None:
    with opened(tmp_path, SHARED / "redcap" / "REDCapRITS", "REDCapRITS") as home:
        file = home.receive_one()
        assert (file.status, file.refusal) == ("refused", "looks_identified")
        assert "olumn customer looks like names of people" in str(file.message)


# ------------------------------------------------------------------ exported as REDCap offers it


def without(project: Path, *more: str) -> tuple[str, list[dict[str, str]]]:
    """The export without tagged fields, notes, files and ``more``: as text and as records."""
    (path,) = [*project.glob("data.csv"), *project.glob("*_DATA_*.csv")]
    records = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    gone = {
        field["name"]
        for field in dictionary_of(project)
        if field["identifier"] == "y"
        or field["kind"] in ("notes", "file")
        or field["validation"] in ("email", "phone")
    } | set(more)
    columns = [column for column in records[0] if column not in gone]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(records)
    return buffer.getvalue(), records


# Project -> columns that no dictionary tags, and the column whose values are stated scores.
STATED = {
    "blank-for-gray-status": ((), "bmi"),
    "dag": ((), "bmi"),
    "decimal-comma": ((), "height"),
    "decimal-comma-and-dot": ((), "height_comma"),
    "repeating-instruments": ((), "bp_systolic"),
    "repeating-instruments-sparse": ((), "bp_systolic"),
    "simple": ((), "bmi"),
    "vignette-repeating": ((), "sbp"),
}


@on_real_projects
@pytest.mark.parametrize("name", STATED)
def test_without_what_its_dictionary_tags_a_project_lands_with_every_value(
    tmp_path: Path, name: str
) -> None:
    more, column = STATED[name]
    text, records = without(PROJECTS / name, *more)
    with opened(tmp_path, PROJECTS / name, name, text) as home:
        file = home.receive_one()
        assert_conserved(file)
        assert file.status == "loaded", file.message
        assert (file.rows_read, file.reasons) == (len(records), {})
        # A number that REDCap validated with a comma is the same number with a point.
        expected = sorted(
            (float(row[column].replace(",", ".")), row.get("redcap_repeat_instance") or "once")
            for row in records
            if row[column]
        )
        found = home.ask("select score::double, occasion from raw.stated_scores order by all")
        assert found == expected


@on_real_projects
def test_events_become_occasions_in_their_order_and_arms_an_attribute(tmp_path: Path) -> None:
    project = PROJECTS / "longitudinal"
    # Dates that nobody tagged and nobody maps as events look like dates of birth.
    text, records = without(project, "cpq9")
    with opened(tmp_path, project, "longitudinal", text) as home:
        file = home.receive_one()
        assert_conserved(file)
        assert file.status == "loaded", file.message
        expected = sorted(
            (row["study_id"], row["redcap_event_name"], str(item), row[f"pmq{item}"])
            for row in records
            for item in range(1, 5)
            if row[f"pmq{item}"]
        )
        found = home.ask(
            "select client_id, occasion, item, response from raw.item_responses "
            "where response is not null order by all"
        )
        assert found == expected
        assert expected, "the project holds answers"
        events = list(csv.DictReader((project / "event.csv").open(newline="")))
        order = {row["unique_event_name"]: n for n, row in enumerate(events)}
        ordered = home.ask(
            "select distinct occasion, occasion_order::bigint from raw.item_responses"
        )
        ranks = sorted((rank, order[occasion]) for occasion, rank in ordered)
        assert [place for _, place in ranks] == sorted(place for _, place in ranks)
        arms = {(row["study_id"], row["redcap_event_name"][-1]) for row in records}
        assert set(home.ask("select client_id, arm from raw.episodes")) == arms


@on_real_projects
def test_boxes_of_a_group_that_nobody_touched_in_an_incomplete_form_are_no_answers(
    tmp_path: Path,
) -> None:
    text, records = without(PROJECTS / "checkboxes-1")
    with opened(tmp_path, PROJECTS / "checkboxes-1", "checkboxes-1", text) as home:
        file = home.receive_one()
        assert_conserved(file)
        assert (file.rows_read, file.reasons) == (len(records), {})
        found = home.ask(
            "select client_id, string_agg(coalesce(response, '-'), '' order by item::int) "
            "from raw.item_responses group by 1 order by 1"
        )
        # Four boxes, then five; form 2 is complete for 1 and 3, and untouched for 4.
        assert found == [("1", "100010100"), ("2", "----01010"), ("3", "111100000")]


# ------------------------------------------------------------------ a small project, made here

DICTIONARY = """"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note",\
"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?
rid,intake,,text,Record ID,,,,,,
note,intake,,notes,Remarks,,,,,,
mail,intake,,text,Contact,,,email,,,
visited,anxiety,,text,Day of the form,,,date_ymd,,,
"""
ANCHORS = "0, Not at all | 1, Several days | 2, More than half the days | 3, Nearly every day"
DICTIONARY += "".join(
    f'g{item},anxiety,,radio,"<b>Question</b> {item}","{ANCHORS}",,,,,\n' for item in range(1, 8)
)
DICTIONARY += 'total,anxiety,,calc,Sum,"sum([g1],[g2])",,,,,\n'
DICTIONARY += 'ticks,habits,,checkbox,Habits,"1, one | 2, two",,,,,\n'
EVENTS = (
    "event_name,arm_num,unique_event_name\nStart,1,start_arm_1\nEnd,1,end_arm_1\n"
    "Start,2,start_arm_2\n"
)
ARMS = "arm_num,name\n1,Drug\n2,None\n"
HEAD = "rid,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,"
RAW_HEAD = HEAD + "visited,g1,g2,g3,g4,g5,g6,g7,total,anxiety_complete"
SOURCE = """
format: redcap
files: [data.csv]
client_id: rid
redcap:
  dictionary: dictionary.csv
  event_file: events.csv
  arm_file: arms.csv
  events: {start_arm_1: {timepoint: baseline, day: 0}, end_arm_1: {timepoint: end, day: 70.5}}
instruments:
  gad7: {items: "g{item}", stated: {gad7_total: total}, occurred_on: visited}
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path, definitions()).opened() as home:
        home.drop("dictionary.csv", DICTIONARY)
        home.drop("events.csv", EVENTS)
        home.drop("arms.csv", ARMS)
        home.drop("source.yml", SOURCE)
        yield home


def test_event_and_instance_make_the_occasion_its_day_and_its_timepoint(home: Home) -> None:
    home.drop(
        "data.csv",
        f"{RAW_HEAD}\nA-1,start_arm_1,,,2026-01-05,0,1,2,3,0,1,2,9,2\n"
        "A-1,start_arm_1,anxiety,2,2026-01-12,0,0,0,0,0,0,0,0,2\n"
        "A-1,end_arm_1,,,,1,1,1,1,1,1,1,7,2\n",
    )
    file = home.receive_one()
    assert_conserved(file)
    assert (file.rows_loaded, file.reasons) == (3, {})
    assert home.ask(
        "select distinct occasion, day, timepoint, occurred_on from raw.stated_scores order by all"
    ) == [
        ("end_arm_1", "70.5", "end", None),
        ("start_arm_1", "0", "baseline", "2026-01-05"),
        ("start_arm_1 2", "0", "baseline", "2026-01-12"),
    ]
    ordered = home.ask(
        "select occasion from raw.stated_scores group by occasion "
        "order by min(occasion_order::bigint)"
    )
    assert ordered == [("start_arm_1",), ("start_arm_1 2",), ("end_arm_1",)]


LABEL_HEAD = (
    "Record ID,Event Name,Repeat Instrument,Repeat Instance,Day of the form,"
    + ",".join(f"Question {item}" for item in range(1, 8))
    + ",Sum,Complete?"
)
LABELS = "Not at all,Several days,More than half the days,Nearly every day,Not at all,Not at all"


@pytest.mark.parametrize("head", [RAW_HEAD, LABEL_HEAD], ids=["raw header", "header of labels"])
def test_a_label_export_says_the_same_as_a_raw_one(home: Home, head: str) -> None:
    home.drop(
        "data.csv",
        f"{head}\nA-1,Start (Arm 1: Drug),,,2026-01-05,{LABELS},Several days,7,Complete\n",
    )
    assert home.receive_one().reasons == {}
    assert home.ask("select response from raw.item_responses order by item") == [
        (answer,) for answer in "0123001"
    ]
    assert home.ask("select distinct occasion, day from raw.stated_scores") == [
        ("start_arm_1", "0")
    ]


def test_a_label_that_the_dictionary_does_not_know_is_refused_even_where_it_is_a_number(
    home: Home,
) -> None:
    answers = LABELS.replace("Not at all,Several", "Never,2", 1)
    home.drop(
        "data.csv", f"{RAW_HEAD}\nA-1,Start (Arm 1: Drug),,,2026-01-05,{answers},,7,Unverified\n"
    )
    file = home.receive_one()
    assert_conserved(file)
    assert file.reasons == {"unknown_label": 2}


def test_codes_that_mean_other_answers_than_the_mapping_says_refuse_the_file(home: Home) -> None:
    shifted = "1, Not at all | 2, Several days | 3, More than half the days | 4, Nearly every day"
    home.drop("dictionary.csv", DICTIONARY.replace(ANCHORS, shifted))
    home.drop("data.csv", f"{RAW_HEAD}\nA-1,start_arm_1,,,2026-01-05,1,1,1,1,1,1,1,7,2\n")
    file = home.receive_one()
    assert file.refusal == "wrong_companion"
    assert "gives the code 1 to the answer that gad7 counts as 0" in str(file.message)
    home.drop("source.yml", SOURCE.replace('"g{item}"', '"g{item}", stored_minimum: 1'))
    assert home.receive_one().status == "loaded"
    assert home.ask("select distinct response::int - response_shift from raw.item_responses") == [
        (0,)
    ]


@pytest.mark.parametrize(
    ("column", "reason"), [("note", NOTES), ("mail", "REDCap validates it as email")]
)
def test_free_text_and_contacts_refuse_the_file_only_when_they_hold_values(
    home: Home, column: str, reason: str
) -> None:
    row = "A-1,start_arm_1,,,2026-01-05,1,1,1,1,1,1,1,7,2"
    home.drop("source.yml", SOURCE + f"ignore: [{column}]\n")
    home.drop("data.csv", f"{RAW_HEAD},{column}\n{row},x\n")
    file = home.receive_one()
    assert (file.refusal, f"Column {column}: {reason}" in str(file.message)) == (
        "looks_identified",
        True,
    )
    home.drop("data.csv", f"{RAW_HEAD},{column}\n{row},\n")
    assert home.receive_one().status == "loaded"


@pytest.mark.parametrize(
    ("status", "boxes", "kept"),
    [
        ("", "0,0", None),  # grey: the form was never opened
        ("0", "0,0", None),
        ("0", "1,0", ["1", "0"]),
        ("2", "0,0", ["0", "0"]),
    ],
)
def test_boxes_count_as_answers_once_one_is_ticked_or_the_form_is_complete(
    home: Home, status: str, boxes: str, kept: list[str] | None
) -> None:
    source = SOURCE.replace(
        'gad7: {items: "g{item}", stated: {gad7_total: total}, occurred_on: visited}',
        'choices_example: {items: {"1": ticks___1, "2": ticks___2}}',
    )
    home.drop("source.yml", source)
    home.drop(
        "data.csv",
        f"rid,redcap_event_name,ticks___1,ticks___2,habits_complete\nA-1,start_arm_1,{boxes},{status}\n",
    )
    file = home.receive_one()
    assert_conserved(file)
    found = home.ask("select response from raw.item_responses order by item")
    assert found == [(answer,) for answer in kept or []]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("dictionary.csv", "a,b\n1,2\n", "lacks columns of a REDCap data dictionary"),
        ("dictionary.csv", b"\xff\xfe", "no UTF-8 CSV file"),
        ("dictionary.csv", DICTIONARY.partition("\n")[0], "holds no fields"),
        ("events.csv", "event_name\nStart\n", "lacks the columns event_name, arm_num"),
    ],
)
def test_a_companion_that_is_none_refuses_the_data_and_says_where_it_comes_from(
    home: Home, name: str, content: str | bytes, told: str
) -> None:
    home.drop(name, content)
    home.drop("data.csv", f"{RAW_HEAD}\nA-1,start_arm_1,,,2026-01-05,1,1,1,1,1,1,1,7,2\n")
    file = home.receive_one()
    assert (file.status, file.refusal) == ("refused", "wrong_companion")
    assert name in str(file.message)
    assert told in str(file.message)


def test_a_column_that_the_dictionary_does_not_know_refuses_the_file_by_its_position(
    home: Home,
) -> None:
    home.drop("source.yml", SOURCE + "ignore: ['*']\n")
    home.drop("data.csv", f"{RAW_HEAD},canary\nA-1,start_arm_1,,,2026-01-05,1,1,1,1,1,1,1,7,2,x\n")
    file = home.receive_one()
    assert file.refusal == "unmapped_column"
    assert "position 15" in str(file.message)
    assert "canary" not in str(file.message)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("occasion: visited\n", "occasion"),
        ("day: visited\n", "`day` and days of `redcap.events` exclude each other"),
    ],
)
def test_what_redcap_itself_tells_is_not_mapped_twice(home: Home, change: str, key: str) -> None:
    home.drop("source.yml", SOURCE + change)
    (message,) = home.receive().mapping_errors
    assert key in message
