"""The golden vectors of the methods of judging change come out of the real SQL.

What belongs here: the numbers printed in metrics.md 2.2 for the ten people, and the probabilities
of the standard normal table.
What does not: random clinics (``tests/oracle``), the Jacobson-Truax numbers
(``test_published_numbers``).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tests.golden.test_published_numbers import (
    POST,
    PRE,
    before_and_after,
    functional,
    rule,
    stated_only,
)
from tests.sql_harness import sql_scout

RELIABILITY_AT_END = 0.84
# metrics.md 2.2: method -> index of the ten people; improved, deteriorated.
PUBLISHED: dict[str, tuple[tuple[float, ...], tuple[int, int]]] = {
    "jacobson_truax": (
        (-5.842, -3.895, -0.487, 0.487, -2.921, -3.895, 0.487, -4.382, -0.487, -4.382),
        (6, 0),
    ),
    "gulliksen_lord_novick": (
        (-5.790, -3.912, -0.590, 0.915, -3.326, -3.982, -0.004, -4.699, -0.307, -4.558),
        (6, 0),
    ),
    "hsu_linn_lord": (
        (-3.164, -1.286, 2.036, 3.540, -0.701, -1.357, 2.621, -2.074, 2.318, -1.933),
        (2, 4),
    ),
    "edwards_nunnally": (
        (-7.896, -5.335, -0.804, 1.248, -4.536, -5.431, -0.006, -6.409, -0.419, -6.216),
        (6, 0),
    ),
    "nunnally_kotsch": (
        (-5.755, -3.888, -0.586, 0.909, -3.306, -3.959, -0.004, -4.671, -0.305, -4.531),
        (6, 0),
    ),
    "hageman_arrindell": (
        (-5.793, -4.037, -0.963, -0.084, -3.158, -4.037, -0.084, -4.476, -0.963, -4.476),
        (6, 0),
    ),
}


@pytest.fixture(scope="module")
def judged() -> Mapping[str, list[dict[str, Any]]]:
    """Method -> the ten people in order."""
    people = list(zip(PRE, POST, strict=True))
    local = {
        "instruments": [{"instrument_id": "golden", "role": "outcome"}],
        "scales": [stated_only("golden_x")],
        "norms": [functional("golden_x", 5, 4.5)],
        "change_rules": [rule("golden_x", cutoff_kind="c")],
    }
    raw = before_and_after({"golden_x": people})
    scout = sql_scout().build({"stated_scores": raw}, local, until="change")
    scout.make("change.int_change_methods")
    # No rule can state a reliability after treatment yet; the vector of Nunnally and Kotsch does.
    scout.connection.execute(
        f"update change.int_change_criteria set reliability_at_end = {RELIABILITY_AT_END}"
    )
    rows = scout.rows("change.int_change_methods")
    rows.sort(key=lambda row: int(row["client_id"][1:]))
    return {
        method: [
            row
            for row in rows
            if (row["method"], row["interval_name"]) == (method, "first_to_last")
        ]
        for method in PUBLISHED
    }


@pytest.mark.parametrize("method", PUBLISHED)
def test_each_method_gives_the_published_index_and_classes(
    judged: Mapping[str, list[dict[str, Any]]], method: str
) -> None:
    index, (improved, deteriorated) = PUBLISHED[method]
    rows = judged[method]
    assert [round(row["reliable_change_index"], 3) for row in rows] == list(index)
    classes = Counter(row["reliable_change_class"] for row in rows)
    assert (classes["improved"], classes["deteriorated"]) == (improved, deteriorated)
    assert sum(classes.values()) == len(PRE)


def test_only_hageman_and_arrindell_ask_for_1_65(
    judged: Mapping[str, list[dict[str, Any]]],
) -> None:
    found = {method: {row["critical_value"] for row in rows} for method, rows in judged.items()}
    assert found.pop("hageman_arrindell") == {1.65}
    assert set().union(*found.values()) == {1.96}


def test_somebody_who_got_better_is_deteriorated_only_beside_the_cohort(
    judged: Mapping[str, list[dict[str, Any]]],
) -> None:
    # The third person went from 15 to 14 (metrics.md 2.2, trap 2).
    third = {method: rows[2]["reliable_change_class"] for method, rows in judged.items()}
    assert third.pop("hsu_linn_lord") == "deteriorated"
    assert set(third.values()) == {"unchanged"}
    assert {row["compares_with"] for row in judged["hsu_linn_lord"]} == {"cohort"}
    assert not any(row["is_default"] for row in judged["hsu_linn_lord"])


def test_the_probability_of_a_true_improvement_is_the_normal_tables() -> None:
    # SD 1 and reliability .5 make S_diff exactly 1, so the improvement is z itself. Values of the
    # standard normal distribution function as tables print them.
    table = {
        0.0: 0.5, 0.5: 0.69146, 1.0: 0.84134, 1.645: 0.95002, 1.96: 0.97500, 2.5: 0.99379,
        3.0: 0.99865, -1.0: 0.15866, -1.96: 0.02500, -3.0: 0.00135, 8.0: 1.0, -8.0: 0.0,
    }  # fmt: skip
    published = {"sd_source": "published", "sd_norm_id": "golden_z_functional"}
    local = {
        "instruments": [{"instrument_id": "golden", "role": "outcome"}],
        "scales": [stated_only("golden_z")],
        "norms": [functional("golden_z", 0, 1)],
        "change_rules": [rule("golden_z", reliability="0.5", **published)],
    }
    raw = before_and_after({"golden_z": [(20, 20 - z) for z in table]})
    scout = sql_scout().build({"stated_scores": raw}, local, until="change")
    found = {
        round(row["improvement"], 6): row["improved_probability"]
        for row in scout.rows("change.int_changes")
        if row["interval_name"] == "first_to_last"
    }
    assert {z: round(p, 5) for z, p in found.items()} == table
