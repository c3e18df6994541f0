"""The golden vectors are sound before any SQL meets them.

What belongs here: does a written-out sum use the answers of its row and give the score beside it.
What does not: Scout's scoring, and the seeds: this file judges the judge.
"""

import ast
import csv
import operator
import re
from fractions import Fraction
from pathlib import Path

import pytest

VECTORS = Path(__file__).parent / "scoring_vectors.csv"
ROWS = list(csv.DictReader(VECTORS.open(encoding="utf-8", newline="")))
SCORED = [row for row in ROWS if row["expected_score"]]
UNSCORED = [row for row in ROWS if not row["expected_score"]]
# instrument: number of items, lowest and highest answer
FORMATS = {
    "scs": (26, 1, 5),
    "scs_sf": (12, 1, 5),
    "ess": (25, 1, 4),
    "oas": (18, 0, 4),
    "eiss": (8, 0, 4),
    "gad7": (7, 0, 3),
    "phq9": (9, 0, 3),
    "phq8": (8, 0, 3),
    "dass21": (21, 0, 3),
    "cesd": (20, 0, 3),
    "bdi2": (21, 0, 3),
    "hads": (14, 0, 3),
    "core10": (10, 0, 4),
    "wsas": (5, 0, 8),
}
PATTERNS = {
    *("all_minimum", "all_maximum", "alternating", "staircase"),
    *("one_missing", "last_missing", "too_many_missing", "nothing_answered"),
}
OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(text: str) -> Fraction:
    """The exact value of a sum of whole numbers with + - * / and brackets, and nothing else."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return Fraction(node.value)
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(text)

    return value(ast.parse(text, mode="eval").body)


def name(row: dict[str, str]) -> str:
    return f"{row['vector_id']}-{row['scale_id']}"


@pytest.mark.parametrize("row", SCORED, ids=name)
def test_the_written_sum_gives_the_expected_score(row: dict[str, str]) -> None:
    score = worked_out(row["arithmetic"].partition(" | ")[2])
    assert float(row["expected_score"]) == pytest.approx(float(score), abs=1e-11)


@pytest.mark.parametrize("row", SCORED, ids=name)
def test_the_written_sum_uses_the_answers_of_its_items_in_the_order_it_names(
    row: dict[str, str],
) -> None:
    words, _, sum_text = row["arithmetic"].partition(" | ")
    listed, _, turned = words.partition(", reversed as ")
    items = [int(number) for number in re.findall(r"\d+", listed)]
    turned_items = {int(number) for number in re.findall(r"\d+", turned.partition(":")[2])}
    _, low, high = FORMATS[row["instrument_id"]]
    answers = row["responses"].split()
    # A divisor or factor stands after / or *; every other number is an answer or a reversed one.
    terms = re.findall(r"\(\d+-\d+\)|\d+", re.sub(r"[/*]\d+", "", sum_text))
    expected = [
        f"({low + high}-{answers[item - 1]})" if item in turned_items else answers[item - 1]
        for item in items
    ]
    assert terms == expected


@pytest.mark.parametrize("row", UNSCORED, ids=name)
def test_a_row_without_a_score_names_exactly_the_items_that_are_missing(
    row: dict[str, str],
) -> None:
    named = re.match(r"items? ([0-9 ]+) of the (\d+) missing", row["arithmetic"])
    assert named is not None
    missing = [int(number) for number in named[1].split()]
    answers = row["responses"].split()
    assert all(answers[item - 1] == "." for item in missing)
    scored = next(r for r in SCORED if r["scale_id"] == row["scale_id"])
    listed = scored["arithmetic"].partition(" | ")[0].partition(", reversed as ")[0]
    items = {int(number) for number in re.findall(r"\d+", listed)}
    assert missing == sorted(item for item in items if answers[item - 1] == ".")
    assert int(named[2]) == len(items)


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_form_has_an_answer_inside_the_format_or_a_gap_for_every_item(
    row: dict[str, str],
) -> None:
    count, low, high = FORMATS[row["instrument_id"]]
    answers = row["responses"].split()
    assert len(answers) == count
    assert all(text == "." or low <= int(text) <= high for text in answers)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_every_instrument_has_every_kind_of_form_for_every_scale(instrument_id: str) -> None:
    rows = [row for row in ROWS if row["instrument_id"] == instrument_id]
    vectors = {row["vector_id"].removeprefix(f"{instrument_id}_") for row in rows}
    scales = {row["scale_id"] for row in rows}
    assert vectors >= PATTERNS
    assert {"reversed_items_only", "last_item_only"} & vectors
    assert len(rows) == len(vectors) * len(scales) == len({name(row) for row in rows})


def test_one_form_of_a_vector_is_the_same_beside_each_of_its_scales() -> None:
    forms: dict[str, set[str]] = {}
    for row in ROWS:
        forms.setdefault(row["vector_id"], set()).add(row["responses"])
    assert {len(form) for form in forms.values()} == {1}


def test_two_totals_of_the_same_answers_differ_because_subscales_differ_in_length() -> None:
    scores = {
        r["scale_id"]: r["expected_score"] for r in SCORED if r["vector_id"] == "scs_staircase"
    }
    of_items = float(scores["scs_total"])
    of_means = float(scores["scs_total_mean_of_subscale_means"])
    assert abs(of_items - of_means) > 0.01
    assert float(scores["scs_total_sum_of_subscale_means"]) == pytest.approx(6 * of_means)


@pytest.mark.parametrize("text", ["__import__('os')", "2**9", "1.5+1", "a+1", "1 if 1 else 0"])
def test_only_plain_sums_are_worked_out(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        worked_out(text)
