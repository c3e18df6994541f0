"""A clinic's own definitions stand beside the shipped ones, or are refused with a remedy.

What belongs here: files in a home's ``instruments`` folder, right and wrong.
What does not: the shipped seeds (``test_registry``).
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from orchestration.errors import SettingsError
from orchestration.landing.registry import Registry, load_registry
from orchestration.landing.registry.tables import TABLES
from orchestration.landing.registry.values import as_text
from tests.landing_home import registry_with
from tests.unit.test_registry import SEEDS, SHIPPED, registry

__all__ = ["registry"]


def test_a_clinics_own_default_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    files = {
        "thresholds": "threshold_id,scale_id,threshold_set,threshold_kind,operator,value,"
        "is_default,citation,status\n"
        "ours,gad7_total,ours,caseness,>=,10,true,our clinic,confirmed\n"
    }
    frame = load_registry(SEEDS, write(tmp_path / "instruments", files)).frames["thresholds"]
    case = frame[(frame["scale_id"] == "gad7_total") & (frame["threshold_kind"] == "caseness")]
    assert case.loc[case["is_default"] == "true", "threshold_id"].tolist() == ["ours"]
    others = frame[(frame["scale_id"] == "phq9_total") & (frame["is_default"] == "true")]
    assert sorted(others["threshold_kind"]) == [
        *("caseness", "minimal_important_difference", "reliable_change", "remission"),
    ]


def test_a_clinic_may_set_a_missing_item_rule_for_a_shipped_scale(tmp_path: Path) -> None:
    text = (
        "scale_id,missing_rule,minimum_items_answered,citation\nphq9_total,mean_of_answered,{},us\n"
    )
    for minimum, remedy in (("7", None), ("10", "only 9 items"), ("", "smallest number")):
        folder = write(tmp_path / f"at{minimum}", {"missing_rules": text.format(minimum)})
        if remedy is None:
            assert len(load_registry(SEEDS, folder).local_frames["missing_rules"]) == 1
        else:
            assert any(remedy in line for line in refusal(folder))


LOCAL = {
    "instruments": (
        "instrument_id,instrument_name,aliases,construct,role,citation,status\n"
        "pain,Pain Diary,PD;Pain-3,pain,outcome,our clinic 2026,confirmed\n"
    ),
    "items": (
        "instrument_id,item,response_minimum,response_maximum,status\npain,1-3,0,10,confirmed\n"
    ),
    "scales": (
        "scale_id,instrument_id,scale_name,scale_kind,is_primary,is_higher_better,scoring_rule,"
        "scoring_variant,multiplier,score_minimum,score_maximum,missing_rule,"
        "minimum_items_answered,citation,status\n"
        "pain_total,pain,Pain,total,true,false,sum,sum_of_items,1,0,30,none,,our clinic,confirmed\n"
    ),
    "scale_items": "scale_id,item,is_reversed,status\npain_total,1-3,FALSE,confirmed\n",
    "severity_bands": (
        "scale_id,band_set,band_order,label,score_minimum,score_maximum,is_default,status\n"
        "pain_total,ours,1,low,0,9,true,confirmed\n"
        "pain_total,ours,2,high,10,30,true,confirmed\n"
    ),
    "norms": (
        "norm_id,scale_id,population,population_kind,mean,standard_deviation,citation,status\n"
        "pain_town,pain_total,town,functional,4.5,3,our clinic,confirmed\n"
    ),
    "thresholds": (
        "threshold_id,scale_id,threshold_set,threshold_kind,operator,value,is_default,"
        "valid_from,valid_to,citation,status\n"
        "pain_case,pain_total,ours,caseness,>=,10,true,2026-01-01,,our clinic,confirmed\n"
    ),
    "change_rules": (
        "change_rule_id,scale_id,rule_set,method,sd_source,sd_norm_id,reliability,"
        "reliability_kind,cutoff_kind,clinical_source,clinical_norm_id,functional_norm_id,"
        "cutoff_threshold_id,is_default,citation,status\n"
        "pain_jt,pain_total,ours,jacobson_truax,published,pain_town,0.8,alpha,threshold,,,,"
        "pain_case,true,our clinic,confirmed\n"
    ),
    "timepoints": "occasion_label,timepoint,timepoint_order\nweek 6,mid,510\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8"))
    return folder


def refusal(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        registry_with(folder)
    return str(caught.value).splitlines()


def test_a_clinic_can_add_an_instrument_of_its_own(tmp_path: Path, registry: Registry) -> None:
    mine = load_registry(SEEDS, write(tmp_path / "instruments", LOCAL))
    assert mine.local_frames["items"]["item"].tolist() == ["1", "2", "3"]
    assert mine.local_frames["scale_items"]["is_reversed"].tolist() == ["false"] * 3
    assert list(mine.local_frames["instruments"]) == list(TABLES["instruments"].columns)
    assert mine.instrument_aliases["pain3"] == "pain"
    assert mine.item_aliases["pain", "pain_02"] == "2"
    pain = mine.scale_ranges.set_index("scale_id").loc["pain_total"]
    assert (pain["score_minimum"], pain["score_maximum"]) == (0, 30)
    assert mine.frames["instruments"]["origin"].tolist()[-1] == "local"
    assert mine.frames["instruments"].iloc[:-1].equals(registry.frames["instruments"])


def test_the_fingerprint_changes_exactly_with_what_landing_relies_on(
    tmp_path: Path, registry: Registry
) -> None:
    same = load_registry(SEEDS, tmp_path / "nowhere")
    words = {"timepoints": LOCAL["timepoints"]}
    words_only = load_registry(SEEDS, write(tmp_path / "words", words))
    mine = load_registry(SEEDS, write(tmp_path / "mine", LOCAL))
    wider = LOCAL | {
        "items": LOCAL["items"].replace(",10,", ",11,"),
        "scales": LOCAL["scales"].replace(",0,30,", ",0,33,"),
        "severity_bands": LOCAL["severity_bands"].replace("10,30", "10,33"),
    }
    assert same.fingerprint == registry.fingerprint == words_only.fingerprint
    other = load_registry(SEEDS, write(tmp_path / "wider", wider))
    assert len({registry.fingerprint, mine.fingerprint, other.fingerprint}) == 3
    assert re.fullmatch(r"[0-9a-f]{64}", mine.fingerprint)


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text + "\n,,\n",
        lambda text: text.replace(",", " , ").upper().replace("PAIN", "pain").lower(),
    ],
    ids=["byte mark", "Windows", "old Mac", "empty columns", "empty rows", "spaces"],
)
def test_a_file_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    files = LOCAL | {"items": spoil(LOCAL["items"])}
    mine = registry_with(write(tmp_path / "instruments", files))
    assert mine.local_frames["items"]["item"].tolist() == ["1", "2", "3"]


WRONG = [
    # what the claim is, file, text to replace, replacement, row, column, part of the remedy
    ("an unknown column", "items", "item,", "itm,", 1, None, "the columns are instrument_id"),
    ("a missing column", "items", ",status\n", "\n", 1, "status", "add it"),
    ("a column twice", "items", "item,", "item,item,", 1, "item", "keep one"),
    ("an empty cell", "instruments", "our clinic 2026", "", 2, "citation", "it is empty; write"),
    ("a role unheard of", "instruments", ",outcome,", ",nice,", 2, "role", "one of process"),
    ("an id with a capital", "instruments", "pain,Pain", "Pain,Pain", 2, "instrument_id", "lower"),
    ("a construct misspelt", "instruments", ",pain,outcome", ",depresion,outcome", 2, "construct",
     "write depression"),
    ("a status unheard of", "items", "confirmed", "sure", 2, "status", "one of confirmed"),
    ("a decimal comma", "norms", ",4.5,", ',"4,5",', 2, "mean", "a point for decimals"),
    ("not a number", "norms", ",4.5,", ",nan,", 2, "mean", "a point for decimals"),
    ("a yes for true", "scales", ",true,", ",yes,", 2, "is_primary", "true or false"),
    ("a date for a range", "items", "1-3", "01.03.2026", 2, "item", "1-24"),
    ("a range upside down", "items", "1-3", "3-1", 2, "item", "run upwards"),
    ("a scoring rule unheard of", "scales", "sum,sum", "median,sum", 2, "scoring_rule", "mean"),
    ("a method unheard of", "change_rules", "jacobson_truax", "magic", 2, "method", "jacobson"),
    ("a reliability of one", "change_rules", "0.8", "1", 2, "reliability", "between 0 and 1"),
    ("answers reversed", "items", ",0,10,", ",10,0,", 2, "response_maximum", "smaller number"),
    ("scores reversed", "scales", ",0,30,", ",30,0,", 2, "score_maximum", "smaller number"),
    ("a band reversed", "severity_bands", ",0,9,", ",9,0,", 2, "score_maximum", "smaller score"),
    ("dates reversed", "thresholds", "2026-01-01,", "2026-01-01,2025-01-01", 2, "valid_to", "earl"),
    ("an unconfirmed headline", "scales", "c,confirmed", "c,unconfirmed", 2, "is_primary", "false"),
    ("a scale named elsewise", "scales", "pain_total", "hurt_total", 2, "scale_id", "then _"),
    ("too few answers named", "scales", "none,,", "mean_of_answered,,", 2, "minimum_items_answered",
     "smallest number"),
    ("answers beyond the items", "scales", "none,,", "mean_of_answered,4,", 2,
     "minimum_items_answered", "only 3 items"),
    ("a rule without its norm", "change_rules", "pain_town", "", 2, "sd_norm_id", "needed where"),
    ("a cut-off not asked for", "change_rules", "threshold,", "none,", 2, "cutoff_threshold_id",
     "leave it empty"),
    ("an instrument unheard of", "items", "pain,", "pane,", 2, "instrument_id", "instruments.csv"),
    ("a scale unheard of", "scale_items", "pain_t", "pane_t", 2, "scale_id", "scales.csv"),
    ("a norm unheard of", "change_rules", "pain_town", "pane_town", 2, "sd_norm_id", "norms.csv"),
    ("a cut-off unheard of", "change_rules", "pain_case", "pane_case", 2, "cutoff_threshold_id",
     "thresholds.csv"),
    ("an item unheard of", "scale_items", "1-3", "1-4", 2, "item", "no such item"),
    ("an item twice", "items", "pain,1-3,0,10,confirmed\n",
     "pain,1-3,0,10,confirmed\npain,03,0,10,confirmed\n", 3, "instrument_id + item", "row 2"),
    ("a gap in the items", "items", "1-3", "2-4", 2, "item", "without a gap"),
    ("a range that does not follow", "scales", ",0,30,", ",0,40,", 2, "score_maximum", "give 30"),
    ("a group not asked for", "scale_items", "is_reversed,status\npain_total,1-3,FALSE,",
     "is_reversed,component,status\npain_total,1-3,FALSE,a,", 2, "component", "leave it empty"),
    ("a group left out", "scales", "sum,sum_of_items,1,0,30", "mean_of_component_means,m,1,0,10", 2,
     "component", "needs the group"),
    ("a scale without items", "scale_items", "pain_total,1-3,FALSE,confirmed\n", "", 2, "scale_id",
     "scale_items.csv"),
    ("items where none count", "scales", ",sum,", ",stated_only,", 2, "scale_id", "not made of"),
    ("a hole between bands", "severity_bands", "10,30", "12,30", 3, "score_minimum",
     "next possible"),
    ("bands that overlap", "severity_bands", "10,30", "9,30", 3, "score_minimum", "next possible"),
    ("bands that end early", "severity_bands", "10,30", "10,29", 3, "score_maximum",
     "highest score"),
    ("bands that start late", "severity_bands", ",0,9,", ",1,9,", 2, "score_minimum",
     "lowest score"),
    ("bands half default", "severity_bands", "30,true", "30,false", 3, "is_default",
     "same in each"),
    ("two default sets of bands", "severity_bands", "true,confirmed\n",
     "true,confirmed\npain_total,b,1,any,0,30,true,confirmed\n", 3, "is_default", "write false"),
    ("a cut-off outside the scale", "thresholds", ">=,10", ">=,31", 2, "value", "inside the score"),
    ("a cut-off that points away", "thresholds", ">=,10", "<=,10", 2, "operator", "turn it round"),
    ("two default cut-offs", "thresholds", "confirmed\n",
     "confirmed\npain_b,pain_total,b,caseness,>=,9,true,,,our clinic,confirmed\n", 3, "is_default",
     "write false"),
    ("two default rules", "change_rules", "confirmed\n",
     "confirmed\npain_b,pain_total,b,jacobson_truax,clinic_baseline,,0.8,alpha,none,,,,,true,"
     "our clinic,confirmed\n", 3, "is_default", "write false"),
    ("a norm of another scale", "change_rules", "published,pain_town",
     "published,phq9_total_nhs_cbt", 2, "sd_norm_id", "another scale"),
    ("a norm without a deviation", "norms", ",4.5,3,", ",4.5,,", 2, "sd_norm_id", "lacks"),
    ("a cut-off of another scale", "change_rules", "pain_case", "phq9_caseness_nhs", 2,
     "cutoff_threshold_id", "same scale"),
    ("a shipped instrument", "instruments", "pain,", "phq9,", 2, "instrument_id", "another id"),
    ("a shipped cut-off", "thresholds", "pain_case", "phq9_caseness_nhs", 2, "threshold_id",
     "another id"),
    ("a shipped word for an occasion", "timepoints", "week 6", "post", 2, "occasion_label",
     "another id"),
    ("a word in capitals", "timepoints", "week 6", "Week 6", 2, "occasion_label", "lower-case"),
    ("an item added to a shipped form", "items", "confirmed\n",
     "confirmed\nphq9,10,0,3,confirmed\n", 3, "instrument_id", "cannot be changed"),
    ("an item added to a shipped scale", "scale_items", "confirmed\n",
     "confirmed\nphq9_total,10,false,confirmed\n", 3, "scale_id", "cannot be changed"),
    ("a name another form answers to", "instruments", "PD;", "PHQ-9;", 2, "aliases", "another"),
    ("a row too long", "items", "10,confirmed", "10,confirmed,x", 2, None, "double quotes"),
    ("a row too short", "items", ",10,confirmed", ",10", 2, None, "4 cells"),
    ("a code for a range", "items", "status\npain,1-3,0,10,",
     "loinc_code,status\npain,1-3,0,10,1-1,", 2, "loinc_code", "a row each"),
    ("an unconfirmed default band", "severity_bands", "9,true,confirmed", "9,true,unconfirmed", 2,
     "is_default", "confirm the row"),
    ("answers counted where none may lack", "scales", "none,,", "none,2,", 2,
     "minimum_items_answered", "leave it empty"),
    ("a change of nothing", "thresholds", "caseness,>=,10", "reliable_change,>=,0", 2, "value",
     "above 0"),
    ("a change reached from above", "thresholds", "caseness,>=,10", "reliable_change,<=,5", 2,
     "operator", ">= or >"),
    ("a change beyond the scale", "thresholds", "caseness,>=,10", "reliable_change,>=,31", 2,
     "value", "larger than the score range"),
    ("bands numbered from two", "severity_bands", "ours,1,", "ours,3,", 2, "band_order",
     "numbered 1"),
    ("a band added to a shipped set", "severity_bands", "confirmed\n",
     "confirmed\nphq9_total,published,6,beyond,27,27,true,confirmed\n", 3, "band_set",
     "of your own"),
    ("one code on two items", "items", "status\npain,1-3,0,10,confirmed\n",
     "loinc_code,status\npain,1,0,10,1-1,confirmed\npain,2-3,0,10,,confirmed\n"
     "pain,4,0,10,1-1,confirmed\n", 4, "loinc_code", "keep it on one"),
    ("a default on an unconfirmed norm", "norms", "clinic,confirmed", "clinic,unconfirmed", 2,
     "sd_norm_id", "unconfirmed norm"),
    ("a default on an unconfirmed cut-off", "thresholds",
     "10,true,2026-01-01,,our clinic,confirmed",
     "10,false,2026-01-01,,our clinic,unconfirmed", 2, "cutoff_threshold_id",
     "unconfirmed threshold"),
    ("an id left out", "norms", "pain_town,pain", ",pain", 2, "norm_id", "it is empty"),
    ("a shipped item", "items", "confirmed\n", "confirmed\nphq9,1,0,3,confirmed\n", 3,
     "instrument_id", "cannot be changed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "remedy"),
    [case[1:] for case in WRONG],
    ids=[case[0] for case in WRONG],
)
def test_a_wrong_definition_is_refused_with_its_place_and_its_remedy(
    tmp_path: Path, name: str, old: str, new: str, line: int, column: str | None, remedy: str
) -> None:
    assert old in LOCAL[name]
    files = LOCAL | {name: LOCAL[name].replace(old, new, 1)}
    messages = refusal(write(tmp_path / "instruments", files))
    where = f"row {line}" + (f", column {column}:" if column else ":")
    assert [text for text in messages if where in text and remedy in text], messages


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ("instrument_id,item\npain,Sch\u00e4den".encode("cp1252"), "not UTF-8"),
        ("instrument_id,item\n".encode("utf-16"), "not UTF-8"),
        (b"instrument_id;item;response_minimum\npain;1;0\n", "not separated by commas"),
        (b"", "there is no header"),
        (b'instrument_id,item\n"pain,1\n', "column is missing"),
        (LOCAL["items"].replace("pain", '"pain').encode(), "quotation mark"),
    ],
)
def test_an_unreadable_file_is_one_clear_message(
    tmp_path: Path, content: bytes, remedy: str
) -> None:
    folder = write(tmp_path / "instruments", {"instruments": LOCAL["instruments"]})
    (folder / "items.csv").write_bytes(content)
    messages = refusal(folder)
    assert [text for text in messages if "instruments/items.csv" in text and remedy in text]


@pytest.mark.parametrize("name", ["item.csv", "Items.csv", "items.xlsx", "metric_dictionary.csv"])
def test_a_file_of_another_name_is_refused_and_not_passed_over(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "instruments", LOCAL)
    (folder / name).write_text("a,b\n", encoding="utf-8")
    assert [t for t in refusal(folder) if f"instruments/{name}" in t and "scale_items.csv" in t]


def test_notes_beside_the_definitions_are_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "instruments", LOCAL)
    for name in ("README.md", ".DS_Store", "~$items.xlsx"):
        (folder / name).write_text("x", encoding="utf-8")
    assert len(load_registry(SEEDS, folder).local_frames["items"]) == 3


def test_a_missing_seed_is_named(tmp_path: Path) -> None:
    for name in SHIPPED:
        if name != "norms":
            (tmp_path / f"{name}.csv").write_bytes((SEEDS / f"{name}.csv").read_bytes())
    with pytest.raises(SettingsError, match=r"norms\.csv: the file is missing"):
        load_registry(tmp_path, None)


def test_all_problems_are_counted_and_twenty_are_written_out(tmp_path: Path) -> None:
    rows = "".join(f"label {n},never,1\n" for n in range(25))
    text = LOCAL["timepoints"] + rows
    messages = refusal(write(tmp_path / "instruments", {"timepoints": text}))
    assert "25 problems" in messages[0]
    assert len(messages) == 1 + 20 + 1
    assert "5 more" in messages[-1]


def test_a_row_for_many_items_that_is_wrong_is_said_once(tmp_path: Path) -> None:
    files = LOCAL | {"items": LOCAL["items"].replace(",0,10,", ",10,0,")}
    messages = refusal(write(tmp_path / "instruments", files))
    assert "1 problem:" in messages[0]
    assert len(messages) == 2


def test_a_value_of_no_known_kind_has_no_spelling() -> None:
    assert [as_text(v) for v in (True, 3, Decimal("0.50"), date(2026, 1, 2), None)] == [
        *("true", "3", "0.50", "2026-01-02"),
        None,
    ]
    with pytest.raises(TypeError, match="float"):
        as_text(0.5)


def test_a_message_never_repeats_a_cell_because_it_may_be_a_client_file(tmp_path: Path) -> None:
    client = "Annabel-Quist-1974"
    files = {
        name: text.splitlines()[0]
        + "\n"
        + ",".join([client] * (text.splitlines()[0].count(",") + 1))
        for name, text in LOCAL.items()
    }
    files["norms"] = f"{client},b\n{client},2\n"
    messages = refusal(write(tmp_path / "instruments", files))
    assert len(messages) > 5
    assert not [text for text in messages if "Quist" in text]


def test_a_range_names_many_items_at_once_and_a_row_beside_it_adds_one(tmp_path: Path) -> None:
    items = LOCAL["items"].replace("1-3,0,10", "1 to 2,0,10").rstrip("\n")
    files = LOCAL | {"items": f"{items}\npain,3,0,10,derived\n"}
    mine = load_registry(SEEDS, write(tmp_path / "instruments", files)).local_frames["items"]
    expected = pd.DataFrame(
        {"item": ["1", "2", "3"], "status": ["confirmed", "confirmed", "derived"]}, dtype="str"
    )
    pd.testing.assert_frame_equal(mine[["item", "status"]], expected)


# ------------------------------------------------------------- which scales judge a program

MEASURES = "threshold_set,set_order,domain,condition_id,scale_id,priority,citation,status\n"


def test_a_clinic_can_judge_its_programs_by_measures_of_its_own(tmp_path: Path) -> None:
    rows = f"{MEASURES}ours,0,shame,,ess_total,1,our clinic,confirmed\n"
    mine = load_registry(SEEDS, write(tmp_path / "instruments", {"outcome_measures": rows}))
    frame = mine.frames["outcome_measures"]
    assert frame.iloc[-1][["threshold_set", "set_order", "origin"]].tolist() == [
        "ours", "0", "local",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("ours,1,shame,,ess_total,1,ours,confirmed\n", "nhs_talking_therapies has this place"),
        (
            "ours,0,shame,,ess_total,1,ours,confirmed\nours,2,mood,,phq9_total,1,ours,confirmed\n",
            "the other rows of this set say 0",
        ),
        (
            "ours,0,shame,,ess_total,1,ours,confirmed\nours,0,shame,,ess_total,2,ours,confirmed\n",
            "it repeats row",
        ),
    ],
    ids=["a place that is taken", "two places for one set", "the same measure twice"],
)
def test_which_set_judges_is_never_left_to_chance(tmp_path: Path, rows: str, what: str) -> None:
    folder = write(tmp_path / "instruments", {"outcome_measures": MEASURES + rows})
    assert any(what in line for line in refusal(folder))
