"""FHIR resources become the answers, scores, clients and encounters they state, or are refused."""

import csv
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from orchestration.landing.formats.fhir import READERS
from orchestration.landing.formats.fhir.codes import index
from orchestration.landing.formats.fhir.identity import identifying
from orchestration.landing.formats.fhir.options import FhirOptions
from orchestration.landing.formats.fhir.records import Reading, Refused, Row
from orchestration.settings import CHECKOUT
from tests.fhir_resources import (
    ANSWERS,
    GAD7,
    LOINC,
    MAPPING,
    PHQ9,
    answers,
    bundle,
    coded,
    drop,
    form,
    item,
    observation,
    phq9,
)
from tests.landing_home import Home, assert_conserved, seeds

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
PLANTED = "Zwetschgenknoedel"


def reasons(tmp_path: Path, resource: dict[str, Any], mapping: str = MAPPING) -> dict[str, int]:
    """Why parts of a resource were refused; the law of conservation held."""
    with Home(tmp_path).opened() as home:
        drop(home, resource, mapping)
        file = home.receive_one()
        assert file.status == "loaded", file.message
        assert_conserved(file)
        return dict(file.reasons)


def refused(tmp_path: Path, resource: dict[str, Any], mapping: str = MAPPING) -> tuple[str, str]:
    """Code and message of a file that was refused whole and is not kept."""
    with Home(tmp_path).opened() as home:
        drop(home, resource, mapping)
        file = home.receive_one()
        assert file.status == "refused"
        assert not home.settings.archive.exists()
        assert PLANTED not in str(file.message)
        return str(file.refusal), str(file.message)


def test_a_form_with_loinc_link_ids_needs_no_mapping_of_items(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, phq9([0, 1, 2, 3, 0, 1, 2, 3, 0]))
        assert home.receive_one().rows_loaded == 9
        assert [response for _, _, response in answers(home)] == list("012301230")
        when = home.ask(
            "select distinct client_id, occurred_on, program_id from raw.item_responses"
        )
        assert when == [("c1", "2026-01-05", "cbt")]


WAYS: dict[str, dict[str, Any]] = {
    "a whole number": {"valueInteger": 2},
    "a decimal": {"valueDecimal": 2.0},
    "a quantity": {"valueQuantity": {"value": 2}},
    "the LOINC code of the answer": {"valueCoding": {"system": LOINC, "code": ANSWERS[2]}},
    "that code without its system": {"valueCoding": {"code": ANSWERS[2]}},
    "an own code with an ordinal": {
        "valueCoding": {"code": "x", "extension": [{"url": ORDINAL, "valueDecimal": 2}]}
    },
    "an own code with a weight": {
        "valueCoding": {"code": "x", "extension": [{"url": WEIGHT, "valueDecimal": 2.0}]}
    },
    "a weight beside the code": {
        "valueCoding": {"code": "x"},
        "extension": [{"url": WEIGHT, "valueDecimal": 2}],
    },
    "a code that the mapping gives a number": {"valueCoding": {"code": "often"}},
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_answer_is_two_however_it_is_written(tmp_path: Path, way: str) -> None:
    mapping = MAPPING + "fhir: {instruments: {gad7: {answers: {often: 2}}}}"
    with Home(tmp_path).opened() as home:
        drop(home, form(item(GAD7[0], **WAYS[way])), mapping)
        file = home.receive_one()
        assert_conserved(file)
        assert (file.reasons, answers(home)) == ({}, [("gad7", "1", "2")])


def test_the_one_known_coding_of_several_counts(tmp_path: Path) -> None:
    known = {"system": LOINC, "code": ANSWERS[1]}
    both = {
        "code": {
            "coding": [{"system": "urn:local", "code": "17"}, {"system": LOINC, "code": GAD7[3]}]
        }
    }
    value = {"valueCodeableConcept": {"coding": [{"system": "urn:local", "code": "b"}, known]}}
    with Home(tmp_path).opened() as home:
        drop(home, observation(GAD7[0], value, **both))
        assert home.receive_one().rows_loaded == 1
        assert answers(home) == [("gad7", "4", "1")]


DISAGREEING: dict[str, dict[str, Any]] = {
    "two answer codes": form(
        {
            "linkId": GAD7[0],
            "answer": [
                {"valueCoding": {"code": ANSWERS[1]}},
                {"valueCoding": {"code": ANSWERS[2]}},
            ],
        }
    ),
    "an ordinal and the answer's code": form(
        coded(GAD7[0], {"code": ANSWERS[1], "extension": [{"url": ORDINAL, "valueDecimal": 2}]})
    ),
    "two known codings of one answer": observation(
        GAD7[0],
        {"valueCodeableConcept": {"coding": [{"code": ANSWERS[1]}, {"code": ANSWERS[2]}]}},
    ),
    "a link id and what a contained questionnaire says of it": form(
        item(GAD7[0], 1),
        contained=[
            {
                "resourceType": "Questionnaire",
                "item": [{"linkId": GAD7[0], "code": [{"system": LOINC, "code": GAD7[1]}]}],
            }
        ],
    ),
    "two known codes of one question": observation(
        GAD7[0],
        {"valueInteger": 1},
        code={"coding": [{"system": LOINC, "code": GAD7[0]}, {"system": LOINC, "code": GAD7[1]}]},
    ),
}


@pytest.mark.parametrize("case", DISAGREEING)
def test_codes_that_disagree_have_the_answer_refused(tmp_path: Path, case: str) -> None:
    assert reasons(tmp_path, DISAGREEING[case]) == {"ambiguous_code": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"valueCoding": {"code": "LA6574-3"}}, "unknown_label"),
        ({"valueCoding": {"system": LOINC, "display": PLANTED}}, "unknown_label"),
        ({"valueInteger": 4}, "response_out_of_range"),
        ({"valueInteger": -1}, "response_out_of_range"),
        ({"valueDecimal": 1.5}, "response_not_a_number"),
        ({"valueInteger": 10**60}, "response_not_a_number"),
        ({"valueDate": "2026-01-05"}, "unknown_label"),
        ({"valueBoolean": True}, "unknown_label"),
        ({"valueQuantity": {"value": 2, "comparator": "<"}}, "response_not_a_number"),
    ],
)
def test_an_answer_that_is_no_answer_of_the_item_is_refused(
    tmp_path: Path, answer: dict[str, Any], reason: str
) -> None:
    assert reasons(tmp_path, form(item(GAD7[0], **answer), item(GAD7[1], 1))) == {reason: 1}


def test_an_answer_code_of_one_instrument_means_nothing_in_another(tmp_path: Path) -> None:
    mapping = MAPPING + 'fhir: {instruments: {wsas: {items: "w{item}"}}}'
    assert reasons(tmp_path, form(coded("w1", {"code": ANSWERS[3]})), mapping) == {
        "unknown_label": 1
    }


def test_groups_and_follow_up_questions_are_read_at_any_depth(tmp_path: Path) -> None:
    inner = {"linkId": "g", "item": [{"linkId": "h", "item": [item(GAD7[0], 1)]}]}
    followed = {"linkId": "x", "answer": [{"valueBoolean": True, "item": [item(GAD7[1], 2)]}]}
    with Home(tmp_path).opened() as home:
        drop(home, form(inner, followed), MAPPING + "ignore: [x]")
        assert home.receive_one().rows_loaded == 2
        assert answers(home) == [("gad7", "1", "1"), ("gad7", "2", "2")]


@pytest.mark.parametrize("link", [GAD7[4], f"/{GAD7[4]}", f"69737-5/{GAD7[4]}", f"gad-7.{GAD7[4]}"])
def test_a_link_id_may_be_the_code_or_end_in_it(tmp_path: Path, link: str) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, form(item(link, 3)))
        home.receive_one()
        assert answers(home) == [("gad7", "5", "3")]


def test_a_question_that_nobody_knows_is_refused_unless_it_is_ignored(tmp_path: Path) -> None:
    resource = form(item(GAD7[0], 1), item("difficulty", 2))
    assert reasons(tmp_path / "a", resource) == {"unknown_item": 1}
    assert reasons(tmp_path / "b", resource, MAPPING + "ignore: [diff*]") == {}


def test_a_form_of_an_unknown_instrument_is_one_refused_record(tmp_path: Path) -> None:
    resource = form(item("q1", 1), item("q2", 2), questionnaire="http://x.org/Questionnaire/audit")
    assert reasons(tmp_path, resource) == {"unknown_instrument": 1}


def test_what_the_phq_8_and_the_phq_9_share_is_not_guessed(tmp_path: Path) -> None:
    eight = phq9([1] * 8)
    assert reasons(tmp_path / "a", eight) == {"unknown_instrument": 8}
    for name, more in {
        "the ninth item": phq9([1] * 9),
        "the panel's code": eight | {"questionnaire": "http://loinc.org/q/44249-1|2.1"},
        "the questionnaire's name": eight | {"questionnaire": "Questionnaire/PHQ-9"},
    }.items():
        assert reasons(tmp_path / name, more) == {}, name
    mapping = MAPPING + "fhir: {instruments: {phq8: {}}}"
    assert reasons(tmp_path / "the mapping", eight, mapping) == {}


def test_two_instruments_in_one_form_go_their_own_ways(tmp_path: Path) -> None:
    pairs = zip([*PHQ9, *GAD7], [1] * 9 + [2] * 7, strict=True)
    with Home(tmp_path).opened() as home:
        drop(home, form(*(item(code, value) for code, value in pairs)))
        home.receive_one()
        counted = "select instrument_id, count(*), sum(response::int) from raw.item_responses"
        assert home.ask(f"{counted} group by 1 order by 1") == [("gad7", 7, 14), ("phq9", 9, 9)]


def test_a_contained_questionnaire_explains_link_ids_and_own_answer_codes(tmp_path: Path) -> None:
    option = {"valueCoding": {"code": "b", "extension": [{"url": ORDINAL, "valueDecimal": 1}]}}
    question = {
        "linkId": "1.1",
        "code": [{"system": LOINC, "code": GAD7[2]}],
        "answerOption": [option],
    }
    definition = {
        "resourceType": "Questionnaire",
        "id": "q",
        "item": [{"linkId": "1", "item": [question]}],
    }
    resource = form(coded("1.1", {"code": "b"}), contained=[definition], questionnaire="#q")
    with Home(tmp_path).opened() as home:
        drop(home, resource)
        home.receive_one()
        assert answers(home) == [("gad7", "3", "1")]


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped", None])
def test_a_form_that_is_not_final_is_one_refused_record(tmp_path: Path, status: str | None) -> None:
    assert reasons(tmp_path, phq9([1] * 9, status=status)) == {"not_final": 1}


@pytest.mark.parametrize("status", ["preliminary", "registered", "cancelled", "entered-in-error"])
def test_an_observation_that_is_not_final_is_refused(tmp_path: Path, status: str) -> None:
    resource = observation("44261-6", {"valueQuantity": {"value": 9}}, status=status)
    assert reasons(tmp_path, resource) == {"not_final": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"subject": {"reference": "Group/g1"}}, "missing_key"),
        ({"subject": None}, "missing_key"),
        ({"authored": None}, "missing_time"),
        ({"authored": "2026-01"}, "unreadable_date"),
        ({"authored": "2027-01-05"}, "unreadable_date"),
    ],
)
def test_a_form_without_client_or_day_is_refused(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    assert reasons(tmp_path, form(item(GAD7[0], 1)) | changes) == {reason: 1}


@pytest.mark.parametrize(
    "subject",
    [
        "Patient/p1",
        "https://x.org/fhir/Patient/p1",
        "Patient/p1/_history/3",
        "urn:uuid:p1",
    ],
)
def test_the_last_part_of_the_subject_is_the_client(tmp_path: Path, subject: str) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, form(item(GAD7[0], 1), subject={"reference": subject}))
        home.receive_one()
        assert home.ask("select client_id from raw.item_responses") == [("p1",)]


def test_observations_state_totals_and_answers(tmp_path: Path) -> None:
    components = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueInteger": 1} for code in GAD7
    ]
    resource = bundle(
        observation("44261-6", {"valueQuantity": {"value": 12}}),
        observation("44249-1", {"valueInteger": 12}, effectiveDateTime="2026-02-05"),
        observation("69737-5", component=components),
        observation("8480-6", {"valueQuantity": {"value": 120}}),
    )
    with Home(tmp_path).opened() as home:
        drop(home, resource)
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == {}
        scores = home.ask(
            "select scale_id, score, occurred_on, line from raw.stated_scores order by 3"
        )
        assert scores == [
            ("phq9_total", "12", "2026-01-05", 1),
            ("phq9_total", "12", "2026-02-05", 2),
        ]
        assert answers(home) == [("gad7", str(n), "1") for n in range(1, 8)]


def test_an_observation_whose_value_is_absent_leaves_its_answer_blank(tmp_path: Path) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, observation(GAD7[0], dataAbsentReason={"text": "declined"}))
        assert home.receive_one().reasons == {}
        assert answers(home) == [("gad7", "1", None)]


def test_an_encounter_is_an_occasion_or_an_episode_as_the_mapping_has_it(tmp_path: Path) -> None:
    resource = form(item(GAD7[0], 1), encounter={"reference": "Encounter/e7"})
    for key in ("occasion", "episode_id"):
        with Home(tmp_path / key).opened() as home:
            drop(home, resource, MAPPING + f"fhir: {{encounter: {key}}}")
            home.receive_one()
            assert home.ask(f"select {key} from raw.item_responses") == [("e7",)]


def encounter(number: int, start: str, status: str = "finished") -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "status": status,
        "subject": {"reference": "Patient/c1"},
        "episodeOfCare": [{"reference": "EpisodeOfCare/ep1"}],
        "period": {"start": start, "end": start},
    }


def test_encounters_become_sessions_in_the_order_of_their_dates(tmp_path: Path) -> None:
    resource = bundle(
        encounter(1, "2026-01-19"),
        encounter(2, "2026-01-05"),
        encounter(3, "2026-01-12", "cancelled"),
        encounter(4, "2026-01-26", "in-progress"),
    )
    with Home(tmp_path).opened() as home:
        drop(home, resource, MAPPING + "fhir: {encounters: sessions}")
        file = home.receive_one()
        assert_conserved(file)
        assert file.reasons == {"not_final": 1}
        sessions = home.ask("select session_number, held_on, attended from raw.sessions order by 1")
        assert sessions == [
            ("1", "2026-01-05", "true"),
            ("2", "2026-01-12", "false"),
            ("3", "2026-01-19", "true"),
        ]


def test_encounters_become_episodes(tmp_path: Path) -> None:
    resource = bundle(
        encounter(1, "2026-01-05T09:00:00Z"), encounter(2, "2026-02-05", "in-progress")
    )
    with Home(tmp_path).opened() as home:
        drop(home, resource, MAPPING + "fhir: {encounters: episodes}")
        assert home.receive_one().rows_loaded == 2
        found = "select client_id, episode_id, program_id, started_on, ending from raw.episodes"
        assert home.ask(f"{found} order by 2") == [
            ("c1", "e1", "cbt", "2026-01-05", None),
            ("c1", "e2", "cbt", "2026-02-05", "ongoing"),
        ]


def test_of_a_patient_only_gender_and_mapped_extensions_are_taken(tmp_path: Path) -> None:
    band = {"url": "http://x.org/age-band", "valueCode": "30-39"}
    patient = {"resourceType": "Patient", "id": "c1", "gender": "female", "extension": [band]}
    with Home(tmp_path).opened() as home:
        drop(home, patient, MAPPING + "fhir: {attributes: {age_band: 'http://x.org/age-band'}}")
        home.receive_one()
        found = home.ask("select client_id, attribute, value from raw.clients order by all")
        assert found == [("c1", "age_band", "30-39"), ("c1", "gender", "female")]


PERSONAL: dict[str, Any] = {
    "name": [{"family": PLANTED}],
    "telecom": [{"value": PLANTED}],
    "address": [{"city": PLANTED}],
    "identifier": [{"value": PLANTED}],
    "birthDate": "1980",
    "_birthDate": {"extension": [{"url": "x", "valueDate": "1980-01-01"}]},
    "photo": [{"data": PLANTED}],
    "contact": [{"name": {"family": PLANTED}}],
    "deceasedDateTime": "2020-01-01",
    "text": {"status": "generated", "div": PLANTED},
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"}],
}


@pytest.mark.parametrize("element", PERSONAL)
def test_a_patient_with_a_personal_element_has_the_file_refused(
    tmp_path: Path, element: str
) -> None:
    patient = {"resourceType": "Patient", "id": "c1", element: PERSONAL[element]}
    code, message = refused(tmp_path, bundle(phq9([1] * 9), patient))
    assert code == "looks_identified"
    assert f"Resource 2 has Patient.{element}" in message


OTHERS: dict[str, dict[str, Any]] = {
    "the name of the subject": phq9(
        [1] * 9, subject={"reference": "Patient/c1", "display": PLANTED}
    ),
    "a number of the subject": phq9(
        [1] * 9, subject={"identifier": {"system": "s", "value": PLANTED}}
    ),
    "the name of the author": phq9([1] * 9, author={"display": PLANTED}),
    "a number for a pseudonym": phq9([1] * 9, client="123-45-6789"),
    "a search by a number": phq9([1] * 9, subject={"reference": f"Patient?identifier=s|{PLANTED}"}),
    "a clinician's name": bundle(
        phq9([1] * 9), {"resourceType": "Practitioner", "name": [{"family": PLANTED}]}
    ),
    "a contained patient": phq9(
        [1] * 9, contained=[{"resourceType": "Patient", "name": [PLANTED]}]
    ),
    "a written narrative": phq9([1] * 9, text={"status": "additional", "div": PLANTED}),
    "a note": observation("44261-6", {"valueInteger": 3}, note=[{"text": PLANTED}]),
    "an attachment": form(item(GAD7[0], 1), item("x", valueAttachment={"data": PLANTED})),
    "a typed e-mail address": form(
        item(GAD7[0], 1), item("x", valueString=f"{PLANTED}@example.org")
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", OTHERS)
def test_what_names_a_person_elsewhere_has_the_file_refused(tmp_path: Path, case: str) -> None:
    assert refused(tmp_path, OTHERS[case], MAPPING + "ignore: [x]")[0] == "looks_identified"


def test_an_identifier_whose_system_is_mapped_is_the_client(tmp_path: Path) -> None:
    resource = form(item(GAD7[0], 1), subject={"identifier": {"system": "urn:p", "value": "p9"}})
    with Home(tmp_path).opened() as home:
        drop(home, resource, MAPPING + "fhir: {client_identifier: 'urn:p'}")
        home.receive_one()
        assert home.ask("select client_id from raw.item_responses") == [("p9",)]


@pytest.mark.parametrize("kind", ["Questionnaire", "ValueSet", "CodeSystem", "Practitioner"])
def test_a_file_without_data_is_refused_as_such(tmp_path: Path, kind: str) -> None:
    code, message = refused(tmp_path, {"resourceType": kind, "id": "x"})
    assert code == "not_data"
    assert f"{kind} (1)" in message


def test_a_kind_of_resource_that_fhir_does_not_know_is_not_shown(tmp_path: Path) -> None:
    code, message = refused(tmp_path, {"resourceType": PLANTED})
    assert code == "not_data"
    assert "another resource (1)" in message


def test_what_stands_beside_data_is_counted_and_set_aside(tmp_path: Path) -> None:
    beside = [{"resourceType": kind} for kind in ("Questionnaire", "Organization", "Encounter")]
    with Home(tmp_path).opened() as home:
        drop(home, bundle(*beside, phq9([1] * 9), observation("8480-6", {"valueInteger": 120})))
        file = home.receive_one()
        assert_conserved(file)
        counted = (file.rows_read, file.rows_loaded, file.rows_refused, file.rows_repeated)
        assert counted == (13, 9, 0, 4)
        assert "4 records are of kinds that nobody asked for" in str(file.remark)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("format: fhir\nclient_id: x", "`client_id` belongs to `format: wide`"),
        ("format: fhir\nfhir: {encounters: visits}", "Key `fhir.encounters`"),
        ("format: fhir\nfhir: {encounters: episodes}", "`program_id`"),
        ("format: fhir\nfhir: {instruments: {phq9: {item: x}}}", "did you mean `items`"),
        ("format: fhir\nfhir: {attributes: {gender: x}}", "rename it"),
        ("format: wide\nfhir: {}", "belongs to `format: fhir`"),
    ],
)
def test_a_wrong_block_is_named_with_its_key(tmp_path: Path, text: str, what: str) -> None:
    with Home(tmp_path).opened() as home:
        drop(home, phq9([1] * 9), text)
        (error,) = home.receive().mapping_errors
        assert what in error


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ("{phqq9: {}}", "did you mean `phq9`?"),
        ("{phq9: {items: {12: x}}}", "`.items.12: the instrument has no such item"),
        ("{phq9: {items: [a, b]}}", "2 link ids are listed and the instrument has 9 items"),
        ("{phq9: {items: 'q'}}", "the template needs {item}"),
        (
            "{phq9: {stated: {gad7_total: x}}}",
            "`.stated.gad7_total: the instrument has no such scale",
        ),
    ],
)
def test_a_block_that_the_registry_does_not_bear_out_is_named(
    tmp_path: Path, block: str, what: str
) -> None:
    code, message = refused(tmp_path, phq9([1] * 9), MAPPING + f"fhir: {{instruments: {block}}}")
    assert code == "wrong_mapping"
    assert what in message


def test_json_that_is_no_fhir_is_refused(tmp_path: Path) -> None:
    for name, content in {
        "a": "[1, 2]",
        "b": '{"a": 1}',
        "c": '"x"',
        "d": json.dumps({"entry": []}),
    }.items():
        with Home(tmp_path / name).opened() as home:
            home.drop("source.yml", MAPPING)
            home.drop("r.json", content)
            assert home.receive_one().refusal == "unknown_format"


def test_a_history_is_refused_because_it_holds_old_versions(tmp_path: Path) -> None:
    code, _ = refused(tmp_path, bundle(phq9([1] * 9)) | {"type": "history"})
    assert code == "unknown_format"


def test_every_declared_answer_is_in_its_instruments_range() -> None:
    with (CHECKOUT / "orchestration/landing/formats/fhir/answer_codes.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    ranges = {
        str(row["instrument_id"]): range(row["response_minimum"], row["response_maximum"] + 1)
        for row in seeds().item_ranges.to_dict("records")
    }
    assert len({(row["instrument_id"], row["code"]) for row in rows}) == len(rows)
    assert all(int(row["response"]) in ranges[row["instrument_id"]] for row in rows)
    assert all(row["source"] and row["status"] in ("confirmed", "derived") for row in rows)


NONSENSE: tuple[Any, ...] = (None, True, 7, -1.5, "", "x", [], {}, [None], ["x"], [[]], {"a": "b"})


def spoilt(draw: random.Random, value: Any) -> Any:
    """A resource with nonsense in place of one of its parts."""
    if draw.random() < 0.12 or not isinstance(value, dict | list) or not value:
        return draw.choice(NONSENSE)
    if isinstance(value, list):
        at = draw.randrange(len(value))
        return [*value[:at], spoilt(draw, value[at]), *value[at + 1 :]]
    key = draw.choice(sorted(value))
    return value | {key: spoilt(draw, value[key])}


@pytest.mark.slow
def test_nonsense_in_any_place_is_read_or_refused_and_never_anything_else() -> None:
    options = FhirOptions.model_validate({"encounters": "sessions", "encounter": "occasion"})
    codes = index(seeds(), options, "source.yml")
    reading = Reading(codes, options, ("diff*",), "cbt")
    coding = {"code": ANSWERS[1], "extension": [{"url": ORDINAL, "valueDecimal": 1}]}
    definition = {
        "resourceType": "Questionnaire",
        "code": [{"code": "69737-5"}],
        "item": [
            {"linkId": "a", "code": [{"code": GAD7[0]}], "answerOption": [{"valueCoding": coding}]}
        ],
    }
    whole = [
        phq9(
            [1, 2, 3],
            encounter={"reference": "Encounter/e"},
            text={"status": "generated", "div": ""},
        ),
        form(
            {"linkId": "g", "item": [coded("a", coding)]}, contained=[definition], questionnaire="q"
        ),
        observation(GAD7[0], {"valueCodeableConcept": {"coding": [coding]}}),
        observation(
            "69737-5", component=[{"code": {"coding": [{"code": GAD7[1]}]}, "valueInteger": 1}]
        ),
        observation("44261-6", {"valueQuantity": {"value": 3}}, effectivePeriod={"start": "2026"}),
        encounter(1, "2026-01-05"),
        {"resourceType": "Patient", "id": "c1", "gender": "male", "extension": [{"url": "x"}]},
    ]
    draw = random.Random(20261123)  # noqa: S311 - a seeded test
    outcomes: Counter[str] = Counter()
    for _ in range(6000):
        kept = draw.choice(whole)
        made = spoilt(draw, kept)
        if not isinstance(made, dict):
            continue
        made["resourceType"] = kept["resourceType"]
        if identifying(made, options) is None:
            for outcome in READERS[made["resourceType"]](made, reading):
                assert isinstance(outcome, Row | Refused)
                if isinstance(outcome, Row):
                    assert all(
                        cell is None or isinstance(cell, str) for cell in outcome.cells.values()
                    )
                outcomes[type(outcome).__name__] += 1
    assert min(outcomes["Row"], outcomes["Refused"]) > 500
