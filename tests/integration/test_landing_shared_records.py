"""Every record-system file of the shared data lands or is refused for the reason stated here."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from orchestration.settings import CHECKOUT
from tests.helpers import MAPPINGS
from tests.landing_home import Home, assert_conserved
from tests.oracle import shared_data

SHARED = shared_data()
ANSWER_CODES = CHECKOUT / "orchestration" / "landing" / "formats" / "fhir" / "answer_codes.csv"
pytestmark = pytest.mark.skipif(
    SHARED is None, reason="the shared data folder is absent (set SCOUT_SHARED_DATA)"
)

# folder, mapping, file -> (rows loaded, reasons) or the code of the whole file's refusal.
FATES: dict[tuple[str, str, str], tuple[int, dict[str, int]] | str] = {
    # Nine answers; what the display texts and the question on difficulty say is not asked for.
    ("fhir/argonaut", "argonaut", "questionnaireresponse-example-phq9.json"): (9, {}),
    # An adaptive form: three answers and the score.
    ("fhir/argonaut", "argonaut", "adaptive-questionnaireresponse-example-phq9.json"): (4, {}),
    # The registry holds no AUDIT-C.
    ("fhir/argonaut", "argonaut", "questionnaireresponse-example-audit-c.json"): (
        0,
        {"unknown_instrument": 1},
    ),
    ("fhir/argonaut", "argonaut", "questionnaire-example-phq9.json"): "not_data",
    ("fhir/mii", "mii", "QuestionnaireResponse-mii-exa-pro-phq-9-response.json"): (10, {}),
    ("fhir/mii", "mii", "Observation-mii-exa-pro-phq-9-observation.json"): (1, {}),
    ("fhir/mii", "mii", "Questionnaire-mii-qst-pro-phq-9.json"): "not_data",
    ("fhir/mii", "mii", "ValueSet-mii-vs-pro-phq-9-answer-list-ll358-3.json"): "not_data",
    ("synthea", "observations", "observations_mental_health.csv"): (9, {}),
    ("synthea", "encounters", "encounters.csv"): (604, {}),
    ("synthea", "patients", "patients_with_synthetic_PHI.csv"): "looks_identified",
}


def files_in(folder: str) -> set[str]:
    assert SHARED is not None
    return {path.name for path in (SHARED / folder).iterdir()}


def land(home: Home, folder: str, mapping: str, file: str) -> None:
    """Drop one file with its mapping."""
    assert SHARED is not None
    place = home.settings.landing / "clinic"
    place.mkdir(parents=True)
    shutil.copyfile(SHARED / folder / file, place / file)
    described = MAPPINGS / folder.split("/")[0] / f"{mapping}.yml"
    shutil.copyfile(described, place / "source.yml")


@pytest.mark.parametrize("folder", ["fhir/argonaut", "fhir/mii", "synthea"])
def test_no_file_is_left_without_a_stated_fate(folder: str) -> None:
    assert {file for where, _, file in FATES if where == folder} == files_in(folder)


@pytest.mark.parametrize(("folder", "mapping", "file"), FATES)
def test_each_file_has_the_fate_stated_above(
    tmp_path: Path, folder: str, mapping: str, file: str
) -> None:
    fate = FATES[folder, mapping, file]
    with Home(tmp_path).opened() as home:
        land(home, folder, mapping, file)
        found = home.receive_one()
        assert_conserved(found)
        if isinstance(fate, str):
            assert (found.status, found.refusal) == ("refused", fate)
            assert not home.settings.archive.exists()
        else:
            assert (found.status, found.rows_loaded, found.reasons) == ("loaded", *fate)


def test_the_german_form_adds_up_to_the_total_that_it_states(tmp_path: Path) -> None:
    file = "QuestionnaireResponse-mii-exa-pro-phq-9-response.json"
    with Home(tmp_path).opened() as home:
        land(home, "fhir/mii", "mii", file)
        home.receive_one()
        summed = home.ask("select sum(response::int), count(*) from raw.item_responses")
        stated = home.ask("select scale_id, score from raw.stated_scores")
        when = home.ask("select distinct client_id, occurred_on from raw.item_responses")
    # Nine answers of LA6571-9, which the published value set gives the ordinal 3.
    assert (summed, stated) == ([(27, 9)], [("phq9_total", "27")])
    assert when == [("example", "2023-10-01")]


def test_answers_of_the_argonaut_form_have_the_ordinals_of_its_questionnaire(
    tmp_path: Path,
) -> None:
    assert SHARED is not None
    file = SHARED / "fhir/argonaut/adaptive-questionnaireresponse-example-phq9.json"
    form = json.loads(file.read_text(encoding="utf-8"))
    weights = {
        option["valueCoding"]["code"]: extension["valueDecimal"]
        for question in form["contained"][0]["item"]
        for option in question.get("option", [])
        for extension in option["valueCoding"]["extension"]
        if extension["url"].endswith("ordinalValue")
    }
    expected = {
        (one["linkId"][-1], str(weights[one["answer"][0]["valueCoding"]["code"]]))
        for one in form["item"]
        if one["linkId"].startswith("g1.q")
    }
    with Home(tmp_path).opened() as home:
        land(home, "fhir/argonaut", "argonaut", file.name)
        home.receive_one()
        assert set(home.ask("select item, response from raw.item_responses")) == expected
        # The form states its score under the link id `score`.
        assert home.ask("select scale_id, score from raw.stated_scores") == [("phq9_total", "0")]


def test_of_syntheas_observations_the_two_totals_asked_for_come_in(tmp_path: Path) -> None:
    assert SHARED is not None
    path = SHARED / "synthea/observations_mental_health.csv"
    scales = {"44261-6": "phq9_total", "70274-6": "gad7_total"}
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    expected = sorted(
        (one["PATIENT"], scales[one["CODE"]], float(one["VALUE"]), one["DATE"][:10], number)
        for number, one in enumerate(lines, start=2)
        if one["CODE"] in scales
    )
    with Home(tmp_path).opened() as home:
        land(home, "synthea", "observations", path.name)
        home.receive_one()
        columns = "client_id, scale_id, score::double, occurred_on, line"
        assert sorted(home.ask(f"select {columns} from raw.stated_scores")) == expected


def test_the_declared_numbers_of_answers_are_those_of_the_published_value_set() -> None:
    assert SHARED is not None
    path = SHARED / "fhir/mii/ValueSet-mii-vs-pro-phq-9-answer-list-ll358-3.json"
    (included,) = json.loads(path.read_text(encoding="utf-8"))["compose"]["include"]
    published = {
        one["code"]: str(one["extension"][0]["valueDecimal"]) for one in included["concept"]
    }
    with ANSWER_CODES.open(encoding="utf-8", newline="") as stream:
        declared = [row for row in csv.DictReader(stream) if row["answer_list"] == "LL358-3"]
    for instrument in ("phq9", "phq8", "gad7"):
        ours = {
            row["code"]: row["response"] for row in declared if row["instrument_id"] == instrument
        }
        assert ours == published, instrument
