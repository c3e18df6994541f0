"""Claims about ``scout map`` on real exports and as a person calls it.

The judge of a proposal is the mapping that a person wrote for the same file (data_mappings).
"""

import csv
import re
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pyreadstat
import pytest
import yaml

from orchestration.errors import SettingsError
from orchestration.landing.columns import spell_out
from orchestration.landing.mapping import parse_mapping
from orchestration.landing.registry import load_registry
from orchestration.map_file import propose_for
from orchestration.proposing.proposal import Certainty
from orchestration.proposing.writing import values_of
from orchestration.settings import CHECKOUT, Settings
from tests.helpers import MAPPINGS, scout
from tests.landing_home import Home, seeds
from tests.oracle import shared_data

pytestmark = pytest.mark.slow  # dozens of files, each landed

SHARED = shared_data() or Path("absent")
on_real_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data folder is absent (set SCOUT_SHARED_DATA)"
)
REDCAP = sorted(path.stem for path in (MAPPINGS / "redcap").glob("[a-z]*.yml"))


@cache
def registry_of(source):
    """The shipped definitions and, for some public data, those that came with it."""
    own = MAPPINGS / source / "instruments"
    return load_registry(CHECKOUT / "seeds", own) if own.is_dir() else seeds()


def proposed(home, source, file_name):
    """What is proposed for a shared file, with the clinic's own definitions of that source."""
    return propose_for(Settings(home=home), registry_of(source), SHARED / source / file_name)


def slots(values, source):
    """Every column that a mapping places: instrument, item or scale, column, shift."""
    registry = registry_of(source)
    mapping = parse_mapping(values, "source.yml")
    wide = spell_out(mapping.reader.seen_as(mapping), registry, "source.yml")
    return {
        (wide.blocks[one.block].instrument_id, one.target, one.column, one.shift)
        for one in wide.slots
    }


def by_hand(source, mapping="source.yml"):
    return yaml.safe_load((MAPPINGS / source / mapping).read_text(encoding="utf-8"))


@on_real_data
@pytest.mark.parametrize(
    ("source", "file_name"),
    [("pospsy", "posPsy_AHI_CESD_original.csv"), ("suddengains", "sgdata.csv")],
)
def test_a_proposal_places_every_column_as_a_person_did(tmp_path, source, file_name):
    mapped = proposed(tmp_path, source, file_name)
    ours, theirs = values_of(mapped.proposal), by_hand(source)
    assert slots(ours, source) == slots(theirs, source)
    for key in ("format", "client_id", "day", "occasion", "attributes"):
        assert ours.get(key) == theirs.get(key), key
    assert mapped.is_ready
    assert yaml.safe_load(mapped.text) == ours


@on_real_data
def test_what_a_person_knew_and_no_header_says_is_left_open(tmp_path):
    mapped = proposed(tmp_path, "beat_the_blues", "BtheB.csv")
    hand = by_hand("beat_the_blues")
    found = slots(values_of(mapped.proposal), "beat_the_blues")
    assert found == slots(hand, "beat_the_blues")
    (stated,) = mapped.proposal.stated
    assert stated.reason.certainty is Certainty.LIKELY
    assert set(mapped.proposal.unplaced) == {"drug", "length"}
    assert not mapped.is_ready


@on_real_data
def test_names_that_nobody_could_know_place_nothing_and_every_candidate_is_named(tmp_path):
    mapped = proposed(tmp_path, "keng", "depress.csv")
    assert mapped.proposal.blocks == ()
    told = [one.text for one in mapped.proposal.open if "depr1i1 to depr1i20" in one.text]
    assert len(told) == 1
    assert "cesd" in told[0]
    assert "keng_depression" in told[0]


@on_real_data
def test_misspelt_headers_place_what_is_certain_and_nothing_wrongly(tmp_path):
    mapped = proposed(tmp_path, "suddengains", "sgdata_bad.csv")
    right = slots(by_hand("suddengains", "source_bad.yml"), "suddengains")
    found = slots(values_of(mapped.proposal), "suddengains")
    assert found <= right
    assert len(found) >= len(right) / 2


@on_real_data
def test_scores_under_a_name_that_says_no_instrument_are_not_placed(tmp_path):
    mapped = proposed(tmp_path, "jacobson_truax_1991", "sample_data.csv")
    assert mapped.proposal.stated == ()
    assert set(mapped.proposal.unplaced) == {"pre_data", "post_data"}


@on_real_data
@pytest.mark.parametrize("project", REDCAP)
def test_a_redcap_project_is_recognised_with_its_record_and_its_dictionary(tmp_path, project):
    folder = SHARED / "redcap" / "REDCapR" / project
    mapped = propose_for(Settings(home=tmp_path), seeds(), folder / "data.csv")
    values = values_of(mapped.proposal)
    hand = by_hand("redcap", f"{project}.yml")
    assert values["format"] == "redcap"
    assert values["client_id"] == hand["client_id"]
    dictionaries = [
        path.name for path in folder.glob("*") if "dict" in path.name or "meta" in path.name
    ]
    if len(dictionaries) == 1:
        assert values["redcap"] == {"dictionary": dictionaries[0]}
    else:
        assert any("dictionary" in one for one in mapped.proposal.to_fill)
    assert not mapped.is_ready


@on_real_data
def test_a_table_of_coded_observations_is_mapped_as_a_person_did(tmp_path):
    path = SHARED / "synthea" / "observations_mental_health.csv"
    mapped = propose_for(Settings(home=tmp_path), seeds(), path)
    values, hand = values_of(mapped.proposal), by_hand("synthea", "observations.yml")
    for key in ("format", "client_id", "occurred_on"):
        assert values[key] == hand[key]
    for key in ("code", "value"):
        assert values["coded"][key] == hand["coded"][key]
    assert set(hand["coded"]["take"]) <= set(values["coded"]["take"])
    assert set(mapped.proposal.unplaced) == {hand["occasion"], *hand["ignore"]}


@on_real_data
@pytest.mark.parametrize(
    ("file_name", "least"),
    [
        ("synthea/patients_with_synthetic_PHI.csv", 12),
        ("redcap/REDCapR/simple/data.csv", 5),
        ("qualtrics/sample.csv", 1),
        ("qualtrics/sample_legacy.csv", 1),
    ],
)
def test_a_file_that_identifies_people_is_warned_of(tmp_path, file_name, least):
    mapped = propose_for(Settings(home=tmp_path), seeds(), SHARED / file_name)
    assert len(mapped.warnings) >= least
    assert all("Column" in one for one in mapped.warnings)
    assert "# identifying:" in mapped.text
    assert not mapped.is_ready


@on_real_data
@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("qualtrics/sample.csv", "qualtrics"),
        ("qualtrics/sample_legacy.csv", "qualtrics"),
        ("synthea/observations_mental_health.csv", "coded"),
        ("synthea/encounters.csv", "wide"),
        ("redcap/REDCapRITS/ExampleProject_DATA_2018-06-07_1129.csv", "redcap"),
        ("fhir/mii/QuestionnaireResponse-mii-exa-pro-phq-9-response.json", "fhir"),
        ("fhir/argonaut/questionnaireresponse-example-phq9.json", "fhir"),
    ],
)
def test_the_kind_of_a_real_file_is_told(tmp_path, file_name, kind):
    proposal = propose_for(Settings(home=tmp_path), seeds(), SHARED / file_name).proposal
    assert proposal.format == kind
    assert proposal.blocks == ()


@on_real_data
@pytest.mark.parametrize(
    "file_name",
    [
        "synthea/patients_with_synthetic_PHI.csv",
        "synthea/encounters.csv",
        "redcap/REDCapR/longitudinal/data.csv",
        "redcap/REDCapR/survey/data.csv",
    ],
)
def test_no_cell_of_a_real_file_is_in_its_proposal(tmp_path, file_name):
    text = propose_for(Settings(home=tmp_path), seeds(), SHARED / file_name).text
    with (SHARED / file_name).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    words = set(re.findall(r"[^\s,;:()'\"]+", text))
    told = {word for name in header for word in (name, *name.split("_"))}
    # Shorter cells are numbers and words that the proposal's own sentences hold.
    cells = {cell for row in rows for cell in row if len(cell) >= 6}
    assert len(cells) > 0
    shown = {cell for cell in cells if cell in words} - told
    assert len(shown) == 0, f"{len(shown)} cells are shown"


GERMAN = (
    "Code;Datum;{items};PHQ9-Summe;Gewicht\n"
    "A1;24.03.2024;{low};9;70,5\n"
    "A2;25.03.2024;{high};27;80,25\n"
    "A3;02.04.2024;{zero};0;\n"
)


def german(folder, more=""):
    items = ";".join(f"PHQ9_{n}" for n in range(1, 10))
    text = GERMAN.format(
        items=items, low=";".join("1" * 9), high=";".join("3" * 9), zero=";".join("0" * 9)
    )
    path = folder / "größe.csv"
    path.write_bytes((text + more).replace("Gewicht", "Größe").encode("cp1252"))
    return path


def test_how_a_file_is_written_is_part_of_the_proposal(tmp_path):
    mapped = propose_for(Settings(home=tmp_path), seeds(), german(tmp_path))
    values = values_of(mapped.proposal)
    assert values["delimiter"] == ";"
    assert values["encoding"] == "cp1252"
    assert values["decimal"] == ","
    assert values["date_format"] == "%d.%m.%Y"
    assert (values["client_id"], values["occurred_on"]) == ("Code", "Datum")
    assert set(mapped.proposal.unplaced) == {"Größe"}


def test_a_proposal_that_is_complete_is_loaded_whole(tmp_path):
    path = german(tmp_path)
    mapped = propose_for(Settings(home=tmp_path / "other"), seeds(), path)
    home = Home(tmp_path / "home")
    home.drop("export.csv", path.read_bytes())
    home.drop("source.yml", f"{mapped.text}ignore: [Größe]\n")
    with home.opened():
        summary = home.receive_one()
        assert (summary.status, summary.reasons, summary.rows_loaded) == ("loaded", {}, 3)
        assert home.ask("select count(*) from raw.item_responses") == [(27,)]
        assert home.ask("select count(*) from raw.stated_scores") == [(3,)]


@pytest.mark.parametrize("dates", [("01/02/2024", "03/04/2024"), ("2024/02/01", "2024/13/01")])
def test_dates_that_can_be_read_in_two_ways_are_asked_for(tmp_path, dates):
    lines = [f"C{n},{date}," + ",".join("123"[:1] * 9) for n, date in enumerate(dates)]
    header = "client_id,completed_on," + ",".join(f"phq9_{n}" for n in range(1, 10))
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    mapped = propose_for(Settings(home=tmp_path), seeds(), path)
    assert mapped.proposal.to_fill
    assert not mapped.is_ready


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("nothing.csv", b"", "empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n", "image"),
        ("header.csv", b"a,b\n", "no rows"),
        ("notes.docx", b"PK\x03\x04", "does not read"),
        ("book.xlsx", b"PK\x03\x04broken", "damaged"),
        ("quote.csv", b'a,b\n"1,2\n', "quot"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_landing_tells_it(tmp_path, name, content, word):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        propose_for(Settings(home=tmp_path), seeds(), path)
    assert word in str(caught.value)


@pytest.mark.parametrize(
    "line",
    ["Ann Example,34,3", "C1,2024-01-02,3", "ann@example.org,x,y", "17,3.5,2", "a,1234567,b"],
)
def test_a_first_line_that_is_a_record_is_refused_and_not_shown(tmp_path, line):
    path = tmp_path / "export.csv"
    path.write_text(f"{line}\nBob Person,1,2\n")
    with pytest.raises(SettingsError, match="header line") as caught:
        propose_for(Settings(home=tmp_path), seeds(), path)
    assert not any(cell in str(caught.value) for cell in line.split(",") if len(cell) > 2)


@pytest.mark.parametrize(("ending", "kind"), [(".sav", "spss"), (".dta", "stata"), (".xpt", "sas")])
def test_a_statistics_programs_file_is_read_by_its_own_reader(tmp_path, ending, kind):
    frame = pd.DataFrame(
        {"code": ["A", "B"], "day": [0.0, 7.0]} | {f"gad7_{n}": [0.0, 3.0] for n in range(1, 8)}
    )
    path = tmp_path / f"export{ending}"
    writer = {"spss": "write_sav", "stata": "write_dta", "sas": "write_xport"}[kind]
    getattr(pyreadstat, writer)(frame, str(path))
    mapped = propose_for(Settings(home=tmp_path), seeds(), path)
    assert mapped.proposal.format == kind
    assert [one.instrument_id for one in mapped.proposal.blocks] == ["gad7"]
    assert mapped.is_ready


def test_a_parquet_file_and_a_workbook_are_read_too(tmp_path):
    frame = pd.DataFrame(
        {"client_id": ["A", "B"], "day": [0, 7]} | {f"gad7_{n}": [0, 3] for n in range(1, 8)}
    )
    duckdb.sql("from frame").write_parquet(str(tmp_path / "export.parquet"))
    frame.to_excel(tmp_path / "export.xlsx", index=False)
    for name in ("export.parquet", "export.xlsx"):
        mapped = propose_for(Settings(home=tmp_path), seeds(), tmp_path / name)
        assert mapped.is_ready, name
        assert [one.instrument_id for one in mapped.proposal.blocks] == ["gad7"]


@pytest.mark.slow
def test_a_person_maps_a_file_and_the_doctor_takes_it(tmp_path):
    source = tmp_path / "home" / "landing" / "clinic"
    header = "client_id,completed_on," + ",".join(f"phq9_{n:02d}" for n in range(1, 10))
    rows = [
        f"C{n},2024-03-{n + 1:02d}," + ",".join(str((n + i) % 4) for i in range(9))
        for n in range(8)
    ]
    (tmp_path / "export.csv").write_text("\n".join([header, *rows]) + "\n")
    # The folder of the source is not there yet.
    arguments = ("map", tmp_path / "export.csv", "--out", source / "source.yml")
    done = scout(*arguments, "--home", tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "export.csv").rename(source / "export.csv")
    assert "named phq9, which has 9 items; all values are within 0-3" in done.stdout
    assert "sure" in done.stdout
    healthy = scout("doctor", "--home", tmp_path / "home")
    assert healthy.returncode == 0, healthy.stdout
    again = scout("map", source / "export.csv", *arguments[2:], "--home", tmp_path / "home")
    assert again.returncode == 2
    assert "exists" in again.stderr
