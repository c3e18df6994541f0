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
# scale -> its items, as its complete form lists them
MEMBERS: dict[str, list[int]] = {}
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
    "oas2": (8, 0, 4),
    "ssgs": (15, 1, 5),
    "bai": (21, 0, 3),
    "oasis": (5, 0, 4),
    "stai_s": (20, 1, 4),
    "stai_t": (20, 1, 4),
    "pswq": (16, 1, 5),
    "pss10": (10, 0, 4),
    "core_om": (34, 0, 4),
    "k10": (10, 1, 5),
    "oq45": (45, 0, 4),
    "who5": (5, 0, 5),
    "pcl5": (20, 0, 4),
    "ies_r": (22, 0, 4),
    "ede_q": (28, 0, 6),
    "ders": (36, 1, 5),
    "ders16": (16, 1, 5),
    "ders18": (18, 1, 5),
    "aaq2": (7, 1, 7),
    "ecr_r": (36, 1, 7),
    "ffmq": (39, 1, 5),
    "fscrs": (22, 0, 4),
    "fcs_o": (10, 0, 4),
    "fcs_f": (13, 0, 4),
    "fcs_s": (15, 0, 4),
    "wai_sr": (12, 1, 5),
    "srs": (4, 0, 10),
}
# instruments with a published rule for missing answers
WITH_A_RULE = {"phq9", "hads", "core10", "wsas", "core_om", "ede_q"}
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


def listed(row: dict[str, str]) -> list[int]:
    """The items a written-out sum uses, in its order."""
    words = row["arithmetic"].partition(" | ")[0].partition(", reversed as ")[0]
    return [int(number) for number in re.findall(r"\d+", words)]


def of(rows: list[dict[str, str]], instrument_id: str) -> list[dict[str, str]]:
    """The rows of one instrument: one test each would be thousands."""
    return [row for row in rows if row["instrument_id"] == instrument_id]


for complete_form in SCORED:
    if "." not in complete_form["responses"]:
        MEMBERS.setdefault(complete_form["scale_id"], listed(complete_form))


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_the_written_sum_gives_the_expected_score(instrument_id: str) -> None:
    for row in of(SCORED, instrument_id):
        score = worked_out(row["arithmetic"].partition(" | ")[2])
        assert float(row["expected_score"]) == pytest.approx(float(score), abs=1e-11), name(row)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_the_written_sum_uses_the_answers_of_its_items_in_the_order_it_names(
    instrument_id: str,
) -> None:
    _, low, high = FORMATS[instrument_id]
    for row in of(SCORED, instrument_id):
        words, _, sum_text = row["arithmetic"].partition(" | ")
        turned = words.partition(", reversed as ")[2]
        turned_items = {int(number) for number in re.findall(r"\d+", turned.partition(":")[2])}
        answers = row["responses"].split()
        # A divisor or factor stands after / or *; every other number is an answer, or one reversed.
        terms = re.findall(r"\(\d+-\d+\)|\d+", re.sub(r"[/*]\d+", "", sum_text))
        expected = [
            f"({low + high}-{answers[item - 1]})" if item in turned_items else answers[item - 1]
            for item in listed(row)
        ]
        assert terms == expected, name(row)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_a_score_of_a_form_with_gaps_uses_every_answer_there_is(instrument_id: str) -> None:
    for row in of(SCORED, instrument_id):
        answers = row["responses"].split()
        given = [item for item in MEMBERS[row["scale_id"]] if answers[item - 1] != "."]
        assert listed(row) == given, name(row)
        if len(given) < len(MEMBERS[row["scale_id"]]):
            assert instrument_id in WITH_A_RULE, name(row)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_a_row_without_a_score_names_exactly_the_items_that_are_missing(
    instrument_id: str,
) -> None:
    for row in of(UNSCORED, instrument_id):
        named = re.match(r"items? ([0-9 ]+) of the (\d+) missing", row["arithmetic"])
        assert named is not None, name(row)
        missing = [int(number) for number in named[1].split()]
        answers = row["responses"].split()
        items = set(MEMBERS[row["scale_id"]])
        assert missing == sorted(item for item in items if answers[item - 1] == "."), name(row)
        assert int(named[2]) == len(items), name(row)
        if fewest := re.search(r"at least (\d+) must be answered", row["arithmetic"]):
            assert len(items) - len(missing) < int(fewest[1]), name(row)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_a_form_has_an_answer_inside_the_format_or_a_gap_for_every_item(
    instrument_id: str,
) -> None:
    count, low, high = FORMATS[instrument_id]
    for row in of(ROWS, instrument_id):
        answers = row["responses"].split()
        assert len(answers) == count, name(row)
        assert all(text == "." or low <= int(text) <= high for text in answers), name(row)


@pytest.mark.parametrize("instrument_id", FORMATS)
def test_every_instrument_has_every_kind_of_form_for_every_scale(instrument_id: str) -> None:
    rows = [row for row in ROWS if row["instrument_id"] == instrument_id]
    vectors = {row["vector_id"].removeprefix(f"{instrument_id}_") for row in rows}
    scales = {row["scale_id"] for row in rows}
    assert vectors >= PATTERNS
    assert {"reversed_items_only", "last_item_only"} & vectors
    assert ({"fewest_answered", "one_too_few"} <= vectors) == (instrument_id in WITH_A_RULE)
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


def test_the_example_form_of_the_german_network_has_the_scores_printed_with_it() -> None:
    # medizininformatik-initiative/kerndatensatzmodul-proms, DASS-21 QuestionnaireResponse example:
    # raw sums 12, 5 and 11, and 24, 10 and 22 in the metric of the DASS-42.
    scores = {
        r["scale_id"].removeprefix("dass21_"): r["expected_score"]
        for r in SCORED
        if r["vector_id"] == "dass21_published_example"
    }
    assert scores == {"depression": "24", "anxiety": "10", "stress": "22", "total": "56"}


@pytest.mark.parametrize("text", ["__import__('os')", "2**9", "1.5+1", "a+1", "1 if 1 else 0"])
def test_only_plain_sums_are_worked_out(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        worked_out(text)
