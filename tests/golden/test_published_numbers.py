"""What others published about scores and change comes out of the real SQL.

What belongs here: numbers printed in a paper, a manual or metrics.md, beside the SQL's.
What does not: whole data sets (``tests/integration/test_real_input``), random clinics.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.sql_harness import SqlScout, sql_scout

# metrics.md 2.2: ten people, lower is better, reliability .86; functional mean 5, SD 4.5.
PRE = (20, 18, 15, 22, 12, 17, 9, 14, 19, 16)
POST = (8, 10, 14, 23, 6, 9, 10, 5, 18, 7)
INDEX = (-5.842, -3.895, -0.487, 0.487, -2.921, -3.895, 0.487, -4.382, -0.487, -4.382)
CUTOFFS = {"a": 8.437, "b": 14.000, "c": 11.013}
# By hand from the index and the cut-off, R recovered, I improved, - unchanged. The eighth person
# begins at 14, which is cut-off b itself and so still on its clinical side.
CLASSES = {"a": "RI--RI-R-R", "b": "RR--IR-R-R", "c": "RR--RR-R-R"}
WORDS = {"R": "recovered", "I": "improved", "-": "unchanged"}
MIRROR = 100  # a scale on which higher is better: 100 minus the other's score

Rows = list[dict[str, str]]


def stated_only(scale_id: str, *, is_higher_better: bool = False) -> dict[str, str]:
    return {
        "scale_id": scale_id,
        "instrument_id": "golden",
        "scale_kind": "total",
        "is_primary": "false",
        "is_higher_better": str(is_higher_better).lower(),
        "scoring_rule": "stated_only",
        "multiplier": "1",
        "missing_rule": "none",
    }


def rule(scale_id: str, **changed: str) -> dict[str, str]:
    return {
        "change_rule_id": f"{scale_id}_rule",
        "scale_id": scale_id,
        "method": "jacobson_truax",
        "sd_source": "clinic_baseline",
        "reliability": "0.86",
        "cutoff_kind": "none",
        "clinical_source": "clinic_baseline",
        "functional_norm_id": f"{scale_id}_functional",
        "is_default": "true",
    } | changed


def functional(scale_id: str, mean: float, deviation: float) -> dict[str, str]:
    norm = {"norm_id": f"{scale_id}_functional", "scale_id": scale_id}
    return norm | {"mean": str(mean), "standard_deviation": str(deviation)}


def before_and_after(scores: Mapping[str, Sequence[tuple[float, float]]]) -> Rows:
    """Stated scores: scale -> one (first, last) for each person."""
    return [
        {
            "administration_key": str(2 * person + visit),
            "record_key": f"{number}0{2 * person + visit}",
            "source": "golden",
            "client_id": f"p{person}",
            "instrument_id": "golden",
            "scale_id": scale_id,
            "score": str(score),
            "repeat_number": "1",
            "day": str(60 * visit),
        }
        for number, (scale_id, people) in enumerate(scores.items(), start=1)
        for person, ends in enumerate(people)
        for visit, score in enumerate(ends)
    ]


@pytest.fixture(scope="module")
def ten_people() -> dict[str, Any]:
    """The ten people on six scales: cut-off a, b and c, each also with the sign turned."""
    names = {f"golden_{kind}{sign}": (kind, sign) for kind in CUTOFFS for sign in ("", "_up")}
    people = list(zip(PRE, POST, strict=True))
    turned = [(MIRROR - before, MIRROR - after) for before, after in people]
    local = {
        "instruments": [{"instrument_id": "golden", "role": "outcome"}],
        "scales": [stated_only(name, is_higher_better=bool(up)) for name, (_, up) in names.items()],
        "norms": [
            functional(name, MIRROR - 5 if up else 5, 4.5) for name, (_, up) in names.items()
        ],
        "change_rules": [rule(name, cutoff_kind=kind) for name, (kind, _) in names.items()],
    }
    raw = before_and_after({name: turned if up else people for name, (_, up) in names.items()})
    return tables(sql_scout().build({"stated_scores": raw}, local, until="change"))


def tables(scout: SqlScout) -> dict[str, Any]:
    """Scale -> its criterion; (scale, person) -> the change from first to last."""
    return {
        "criteria": {row["scale_id"]: row for row in scout.rows("change.int_change_criteria")},
        "changes": {
            (row["scale_id"], int(row["client_id"][1:])): row
            for row in scout.rows("change.int_changes")
            if row["interval_name"] == "first_to_last"
        },
    }


@pytest.mark.parametrize("up", ["", "_up"])
def test_the_ten_people_have_the_published_spread_and_index(
    ten_people: dict[str, Any], up: str
) -> None:
    criterion = ten_people["criteria"][f"golden_c{up}"]
    assert criterion["standard_deviation"] == pytest.approx(3.8816, abs=5e-5)
    assert criterion["standard_error_of_difference"] == pytest.approx(2.0539, abs=5e-5)
    assert criterion["reliable_change_points"] == pytest.approx(4.0257, abs=5e-5)
    sign = -1 if up else 1
    changes = [ten_people["changes"][f"golden_c{up}", person] for person in range(10)]
    found = [round(sign * row["reliable_change_index"], 3) for row in changes]
    assert found == list(INDEX)
    assert [row["improvement"] for row in changes] == [
        before - after for before, after in zip(PRE, POST, strict=True)
    ]
    words = [row["reliable_change_class"] for row in changes]
    assert (words.count("improved"), words.count("unchanged")) == (6, 4)


@pytest.mark.parametrize("up", ["", "_up"])
@pytest.mark.parametrize("kind", CUTOFFS)
def test_each_cutoff_lies_where_it_is_published_and_classes_by_its_side(
    ten_people: dict[str, Any], kind: str, up: str
) -> None:
    scale_id = f"golden_{kind}{up}"
    criterion = ten_people["criteria"][scale_id]
    expected = MIRROR - CUTOFFS[kind] if up else CUTOFFS[kind]
    assert criterion["cutoff"] == pytest.approx(expected, abs=5e-4)
    assert criterion["clinical_operator"] == ("<=" if up else ">=")
    classes = [ten_people["changes"][scale_id, person]["outcome_class"] for person in range(10)]
    assert classes == [WORDS[letter] for letter in CLASSES[kind]]


def test_a_published_spread_gives_the_published_index() -> None:
    # metrics.md 2.2, second check: SD 7.5, reliability .80 -> S_diff 4.7434, 9.2971 points.
    published = {"sd_source": "published", "sd_norm_id": "golden_x_functional"}
    local = {
        "instruments": [{"instrument_id": "golden", "role": "outcome"}],
        "scales": [stated_only("golden_x")],
        "norms": [functional("golden_x", 0, 7.5)],
        "change_rules": [rule("golden_x", reliability="0.80", **published)],
    }
    # Two people are too few for an SD of their own: 9.25 points down is no reliable change.
    raw = before_and_after({"golden_x": [(20, 10.75), (20, 10.5)]})
    found = tables(sql_scout().build({"stated_scores": raw}, local, until="change"))
    criterion = found["criteria"]["golden_x"]
    assert criterion["standard_error_of_difference"] == pytest.approx(4.7434, abs=5e-5)
    assert criterion["reliable_change_points"] == pytest.approx(9.2971, abs=5e-4)
    rows = [found["changes"]["golden_x", person] for person in range(2)]
    assert [row["reliable_change_class"] for row in rows] == ["unchanged", "improved"]
    assert {row["outcome_class"] for row in rows} == {"unknown"}
    assert {row["unknown_reason"] for row in rows} == {"no_cutoff"}


@pytest.mark.parametrize(
    ("instrument", "items", "answered", "fewest", "score"),
    [
        # PHQ-9: up to two missing, each replaced by the mean of the answered (Arrieta 2017).
        ("phq9", 9, (2,) * 7, 7, 18.0),
        ("phq9", 9, (3, 3, 3, 1, 1, 1, 1, 1), 7, 15.75),
        ("phq9", 9, (3,) * 6, 7, None),
        # CORE-10: 10 x total / answered.
        ("core10", 10, (4, 4, 4, 1, 1, 1, 1, 1, 1), 9, 20.0),
    ],
)
def test_a_clinics_rule_for_gaps_prorates_as_published(
    instrument: str, items: int, answered: tuple[int, ...], fewest: int, score: float | None
) -> None:
    rules = {
        "scale_id": f"{instrument}_total",
        "missing_rule": "mean_of_answered",
        "minimum_items_answered": str(fewest),
    }
    # The last items are missing. Items 2 and 3 of the CORE-10 count the other way round.
    reversed_items = (2, 3) if instrument == "core10" else ()
    given = [
        4 - answer if item in reversed_items else answer
        for item, answer in enumerate(answered, start=1)
    ]
    raw = [
        {
            "administration_key": 1,
            "record_key": item,
            "source": "golden",
            "client_id": "p1",
            "instrument_id": instrument,
            "item": item,
            "response": answer,
            "response_shift": 0,
            "repeat_number": 1,
            "day": 0,
        }
        for item, answer in enumerate(given, start=1)
    ]
    scout = sql_scout().build({"item_responses": raw}, {"missing_rules": [rules]}, until="scoring")
    (row,) = [row for row in scout.rows("scoring.int_scores") if row["scale_kind"] == "total"]
    assert row["score"] == (None if score is None else pytest.approx(score))
    assert row["is_prorated"] is (score is not None)
    assert (row["items_answered_count"], row["item_count"]) == (len(answered), items)


@pytest.mark.parametrize(
    ("scale_id", "score", "band", "is_case"),
    [
        # Kroenke 2001: 5, 10, 15, 20; caseness from 10.
        ("phq9_total", 4, "minimal", False),
        ("phq9_total", 9, "mild", False),
        ("phq9_total", 10, "moderate", True),
        ("phq9_total", 14, "moderate", True),
        ("phq9_total", 15, "moderately severe", True),
        ("phq9_total", 20, "severe", True),
        # Spitzer 2006: 5, 10, 15; caseness from 8 in NHS Talking Therapies.
        ("gad7_total", 7, "mild", False),
        ("gad7_total", 8, "mild", True),
        ("gad7_total", 15, "severe", True),
    ],
)
def test_a_total_falls_on_its_published_side(
    scale_id: str, score: int, band: str, is_case: bool
) -> None:
    stated = before_and_after({scale_id: [(score, score)]})
    stated = [row | {"instrument_id": scale_id.split("_")[0]} for row in stated]
    rows = sql_scout().build({"stated_scores": stated}, until="scoring").rows("scoring.int_scores")
    assert {(row["severity_band"], row["is_case"]) for row in rows} == {(band, is_case)}
