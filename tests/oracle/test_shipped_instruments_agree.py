"""Random forms of every shipped instrument get the score that a person with the key would give.

What belongs here: the seeds as they are shipped, through the SQL and through the naive scorer.
What does not: definitions of a clinic's own (``test_scores_and_changes_agree``), worked-out sums
(``tests/golden``).
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.oracle import Row, flag, required_number
from tests.oracle.naive_scorer import NaiveScore, score
from tests.sql_harness import sql_scout

pytestmark = pytest.mark.slow  # hundreds of cases

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FORMS_EACH = 30
SKIPPED = (0, 0, 0, 1, 1, 2, 3, 4)  # answers left out; some forms miss half, or all but one


class Form(NamedTuple):
    """One filled-in form."""

    client_id: str
    instrument_id: str
    answers: dict[int, float]


@cache
def seed_rows(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scales_of(instrument_id: str) -> list[Row]:
    """The scales of an instrument that are scored from items."""
    return [
        row
        for row in seed_rows("scales")
        if row["instrument_id"] == instrument_id and row["scoring_rule"] != "stated_only"
    ]


INSTRUMENTS = [
    row["instrument_id"] for row in seed_rows("instruments") if scales_of(row["instrument_id"])
]


def answer(chance: Random, item: Row) -> float:
    """One answer anywhere in the item's range; between whole numbers where that is allowed."""
    low, high = (int(required_number(item, f"response_{end}")) for end in ("minimum", "maximum"))
    if flag(item, "is_fractional"):
        return chance.randint(10 * low, 10 * high) / 10
    return chance.randint(low, high)


def filled_in(chance: Random, instrument_id: str) -> list[Form]:
    """Forms with and without gaps; a gap is an item that some scale needs."""
    items = [row for row in seed_rows("items") if row["instrument_id"] == instrument_id]
    mine = {row["scale_id"] for row in scales_of(instrument_id)}
    needed = sorted({int(r["item"]) for r in seed_rows("scale_items") if r["scale_id"] in mine})
    forms = []
    for number in range(FORMS_EACH):
        count = chance.choice((*SKIPPED, len(needed) // 2, len(needed) - 1))
        skipped = chance.sample(needed, min(count, len(needed) - 1))
        answers = {int(item["item"]): answer(chance, item) for item in items}
        answers = {item: value for item, value in answers.items() if item not in skipped}
        forms.append(Form(f"{instrument_id}-{number}", instrument_id, answers))
    return forms


@pytest.fixture(scope="module")
def forms() -> dict[str, list[Form]]:
    chance = Random(20261125)  # noqa: S311 - the same forms each time, and no secret
    return {instrument_id: filled_in(chance, instrument_id) for instrument_id in INSTRUMENTS}


@pytest.fixture(scope="module")
def scored(forms: dict[str, list[Form]]) -> dict[tuple[str, str], dict[str, Any]]:
    """(form, scale) -> its row in int_scores."""
    rows = [
        {
            "administration_key": key,
            "record_key": 100 * key + item,
            "source": "random",
            "client_id": form.client_id,
            "instrument_id": form.instrument_id,
            "item": item,
            "response": value,
            "response_shift": 0,
            "repeat_number": 1,
            "day": 0,
        }
        for key, form in enumerate((each for group in forms.values() for each in group), start=1)
        for item, value in form.answers.items()
    ]
    scout = sql_scout().build({"item_responses": rows}, until="scoring")
    return {(row["client_id"], row["scale_id"]): row for row in scout.rows("scoring.int_scores")}


def by_hand(form: Form, scale: Row) -> NaiveScore:
    members = [row for row in seed_rows("scale_items") if row["scale_id"] == scale["scale_id"]]
    return score(form.answers, scale, members, seed_rows("items"))


@pytest.mark.parametrize("instrument_id", INSTRUMENTS)
def test_the_sql_scores_a_random_form_as_a_person_with_the_key_does(
    forms: dict[str, list[Form]],
    scored: dict[tuple[str, str], dict[str, Any]],
    instrument_id: str,
) -> None:
    kinds = defaultdict(set)
    for form in forms[instrument_id]:
        for scale in scales_of(instrument_id):
            expected = by_hand(form, scale)
            found = scored[form.client_id, scale["scale_id"]]
            if expected.score is None:
                assert found["score"] is None, scale["scale_id"]
            else:
                assert found["score"] == pytest.approx(expected.score, abs=1e-9), scale["scale_id"]
                low, high = (required_number(scale, f"score_{x}") for x in ("minimum", "maximum"))
                assert low - 1e-9 <= expected.score <= high + 1e-9
            assert found["is_prorated"] == expected.is_prorated, scale["scale_id"]
            assert found["is_valid"] == (expected.score is not None)
            kinds[scale["scale_id"]].add((found["is_valid"], found["is_prorated"]))
    for scale in scales_of(instrument_id):
        # Complete, too many gaps, and prorated where a rule allows it: each was tried.
        tried = {(True, False), (False, False)}
        tried |= {(True, True)} if scale["missing_rule"] != "none" else set()
        assert kinds[scale["scale_id"]] == tried


def test_every_instrument_with_an_item_key_was_tried() -> None:
    assert len(INSTRUMENTS) == len(seed_rows("instruments")) - 2  # ISS and RRS-10 as stated only
