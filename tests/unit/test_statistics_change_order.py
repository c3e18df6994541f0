"""Which came first, in counts: a proportion, its interval, and a sign test.

What belongs here: ``statistics.change_order`` on counts a reader can add up.
What does not: finding the order of one course (dbt unit tests, oracle), counting.
"""

from math import comb, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from orchestration.statistics import change_order

# Of thirty episodes both improved in twenty: nine times the process first, five times the outcome.
THIRTY = {
    "episode_count": 30,
    "process_first_count": 9,
    "together_count": 6,
    "outcome_first_count": 5,
    "process_only_count": 3,
    "outcome_only_count": 2,
    "neither_count": 4,
    "unknown_count": 1,
    "process_first_resolved_count": 4,
    "outcome_first_resolved_count": 5,
    "median_lead_days": 3.5,
    "process_days_between_scores": 7.0,
    "outcome_days_between_scores": nan,
}


def estimated(minimum_pairs: int = 20, **counts: float) -> dict[str, dict[str, Any]]:
    """Basis -> its row, for one group with these counts."""
    group = dict.fromkeys(change_order.KEYS, "all")
    frame = pd.DataFrame([group | THIRTY | counts])
    rows = change_order.estimate(frame, minimum_pairs=minimum_pairs).to_dict("records")
    return {row["order_basis"]: row for row in rows}


def is_null(value: object) -> bool:
    """SQL NULL, which NaN is not."""
    return value is None or value is pd.NA


def test_the_proportion_is_of_all_in_whom_both_improved() -> None:
    observed = estimated()["observed"]
    assert (observed["estimate"], observed["sample_size"]) == (9 / 20, 20)
    # Wilson limits of 9 of 20 as printed in metrics.md 2.5.
    assert round(observed["interval_low"], 3) == 0.258
    assert round(observed["interval_high"], 3) == 0.658


def test_an_order_that_the_scores_do_not_tell_apart_counts_as_together() -> None:
    resolved = estimated()["resolved"]
    names = change_order.BOTH_IMPROVED
    assert [resolved[name] for name in names] == [4, 6 + 5, 5]
    assert (resolved["estimate"], resolved["sample_size"]) == (4 / 20, 20)


@pytest.mark.parametrize("basis", ["observed", "resolved"])
def test_the_classes_sum_to_the_episodes_on_either_basis(basis: str) -> None:
    row = estimated()[basis]
    assert sum(row[name] for name in change_order.CLASSES) == row["episode_count"] == 30


def test_the_sign_test_is_that_of_scipy_and_of_counting_by_hand() -> None:
    splits = [(k, n - k) for n in range(1, 13) for k in range(n + 1)] + [(70, 30)]
    process, outcome = (np.array(side, dtype=float) for side in zip(*splits, strict=True))
    for (k, rest), found in zip(splits, change_order.sign_test(process, outcome), strict=True):
        n = k + rest
        tail = sum(comb(n, i) for i in range(min(k, rest) + 1))
        assert found == pytest.approx(min(1, 2 * tail / 2**n))
        assert found == pytest.approx(binomtest(k, n).pvalue)


def test_where_no_order_was_told_there_is_nothing_to_test() -> None:
    row = estimated(process_first_resolved_count=0, outcome_first_resolved_count=0)["resolved"]
    assert (row["estimate"], row["status"]) == (0, "estimated")
    assert is_null(row["p_value"])


def test_below_the_floor_there_are_counts_and_no_estimate() -> None:
    row = estimated(minimum_pairs=21)["observed"]
    assert row["status"] == "too_few"
    assert (row["process_first_count"], row["sample_size"]) == (9, 20)
    for name in ("estimate", "interval_low", "interval_high", "p_value"):
        assert is_null(row[name])


def test_without_anybody_in_whom_both_improved_nothing_is_computable() -> None:
    none = dict.fromkeys((*change_order.BOTH_IMPROVED, *change_order.RESOLVED), 0)
    rows = estimated(minimum_pairs=0, **none, neither_count=24)
    assert {row["status"] for row in rows.values()} == {"not_computable"}
    assert all(is_null(row["estimate"]) for row in rows.values())


def test_what_is_unknown_leaves_as_null_and_the_label_says_order_and_not_cause() -> None:
    row = estimated()["observed"]
    assert is_null(row["outcome_days_between_scores"])
    assert row["median_lead_days"] == 3.5
    assert row["evidence_label"] == "temporally ordered"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"neither_count": 5}, "sum to their episodes"),
        ({"process_first_resolved_count": 10}, "resolved than there are"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(counts: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        estimated(**counts)


def test_a_missing_count_is_refused_by_its_name() -> None:
    frame = pd.DataFrame([dict.fromkeys(change_order.KEYS, "all")])
    with pytest.raises(ValueError, match="process_first_count"):
        change_order.estimate(frame)


def test_no_group_gives_no_row_and_every_column() -> None:
    empty = pd.DataFrame(columns=[*change_order.KEYS, *THIRTY])
    found = change_order.estimate(empty)
    assert len(found) == 0
    assert {"estimate", "p_value", "status", *change_order.CLASSES} <= set(found.columns)
