"""Every golden form gets the score that was worked out by hand, through the real SQL.

What belongs here: the vectors, the shipped keys, the dbt models.
What does not: whether the vectors are sound (``test_scoring_vectors_arithmetic``).
"""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.sql_harness import sql_scout

VECTORS = Path(__file__).parent / "scoring_vectors.csv"
ROWS = list(csv.DictReader(VECTORS.open(encoding="utf-8", newline="")))
FORMS = {row["vector_id"]: row for row in ROWS}
# A gap is a cell left empty in one export and a line that is not there in another.
GAPS = ("empty", "absent")


def listed(row: dict[str, str]) -> int:
    """How many answers the written-out sum uses."""
    words = row["arithmetic"].partition(" | ")[0].partition(", reversed as ")[0]
    return len(re.findall(r"\d+", words))


# scale -> how many answers a complete form gives it
COMPLETE = {
    row["scale_id"]: listed(row) for row in ROWS if row["vector_id"].endswith("_all_minimum")
}


@pytest.fixture(scope="module", params=GAPS)
def scored(request: pytest.FixtureRequest) -> dict[tuple[str, str], dict[str, Any]]:
    """(form, scale) -> its row in int_scores; each form is one client's."""
    answers = []
    for key, (vector_id, row) in enumerate(FORMS.items(), start=1):
        for item, answer in enumerate(row["responses"].split(), start=1):
            if answer != "." or request.param == "empty":
                answers.append(
                    {
                        "administration_key": key,
                        "record_key": key * 100 + item,
                        "source": "golden",
                        "client_id": vector_id,
                        "instrument_id": row["instrument_id"],
                        "item": item,
                        "response": None if answer == "." else answer,
                        "response_shift": 0,
                        "repeat_number": 1,
                        "day": 0,
                    }
                )
    scout = sql_scout().build({"item_responses": answers}, until="scoring")
    return {(row["client_id"], row["scale_id"]): row for row in scout.rows("scoring.int_scores")}


@pytest.mark.parametrize("vector_id", FORMS)
def test_a_form_has_the_score_worked_out_by_hand(
    scored: dict[tuple[str, str], dict[str, Any]], vector_id: str
) -> None:
    for row in (row for row in ROWS if row["vector_id"] == vector_id):
        scale_id = row["scale_id"]
        found = scored.get((vector_id, scale_id))
        if set(row["responses"].split()) == {"."}:
            assert found is None  # a form without one answer was not filled in
        elif row["expected_score"]:
            assert found is not None, scale_id
            assert found["score"] == pytest.approx(float(row["expected_score"]), abs=1e-9), scale_id
            assert found["score_origin"] == "items"
            assert found["is_prorated"] == (listed(row) < COMPLETE[scale_id]), scale_id
        else:
            assert found is not None, scale_id
            assert found["score"] is None, scale_id
            assert not found["is_valid"]


def test_every_score_of_a_golden_form_is_judged(
    scored: dict[tuple[str, str], dict[str, Any]],
) -> None:
    assert set(scored) <= {(row["vector_id"], row["scale_id"]) for row in ROWS}
