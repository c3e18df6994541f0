"""Effect sizes are the published ones, each under its own name, and say when there are none.

What belongs here: ``statistics.effect_sizes`` beside metrics.md 2.4 and a textbook.
What does not: adding up the pairs (dbt unit tests).
"""

from statistics import mean, stdev
from typing import Any

import numpy as np
import pandas as pd
import pytest

from orchestration.statistics import effect_sizes
from tests.golden.test_published_numbers import POST, PRE

FLOOR = 5
# metrics.md 2.4: uncorrected, corrected, interval.
PUBLISHED = {
    "effect_size_change_sd": (1.0933, 0.9991, 0.283, 1.715),
    "effect_size_average_sd": (1.0644, 0.9727, 0.421, 1.524),
    "effect_size_baseline_sd": (1.3397, 1.2243, 0.472, 1.977),
    "effect_size_raw_score_sd": (1.0186, 0.9309, 0.281, 1.581),
}


def sizes(before: Any, after: Any, **changed: object) -> dict[str, dict[str, Any]]:
    """Metric -> its row for one group on a scale where lower is better."""
    improvements = [first - last for first, last in zip(before, after, strict=True)]
    moments = {
        "pairs_count": len(before),
        "unpaired_count": 3,
        "first_sd": stdev(before),
        "last_sd": stdev(after),
        "improvement_mean": mean(improvements),
        "improvement_sd": stdev(improvements),
    }
    group = dict.fromkeys(effect_sizes.KEYS, "all")
    frame = pd.DataFrame([group | moments | changed])
    rows = effect_sizes.estimate(frame, minimum_pairs=FLOOR).to_dict("records")
    return {row["metric_id"]: row for row in rows}


@pytest.mark.parametrize("metric_id", PUBLISHED)
def test_the_ten_people_have_the_published_effect_sizes(metric_id: str) -> None:
    uncorrected, corrected, low, high = PUBLISHED[metric_id]
    row = sizes(PRE, POST)[metric_id]
    assert round(row["uncorrected_estimate"], 4) == uncorrected
    assert round(row["estimate"], 4) == corrected
    assert round(row["interval_low"], 3) == low
    assert round(row["interval_high"], 3) == high
    assert (row["sample_size"], row["missing_count"]) == (10, 3)


def test_hedges_correction_is_the_exact_one() -> None:
    # metrics.md 2.4: J .91387 with 9 degrees of freedom; the textbook's approximation is .91429.
    exact = effect_sizes.hedges_correction(np.array([9.0]))[0]
    assert round(exact, 5) == 0.91387
    assert effect_sizes.hedges_correction(np.array([1e6]))[0] == pytest.approx(1, abs=1e-6)


def test_getting_worse_is_negative_in_all_of_them() -> None:
    assert all(row["estimate"] < 0 for row in sizes(POST, PRE).values())


def test_too_few_pairs_have_no_effect_size() -> None:
    rows = sizes(PRE[:4], POST[:4])
    assert {row["status"] for row in rows.values()} == {"too_few"}
    assert all(pd.isna(row["estimate"]) for row in rows.values())


def test_where_everybody_changed_alike_only_some_can_be_had() -> None:
    # No spread of changes: there is nothing to divide by for two of the four.
    rows = sizes(PRE, [score - 3 for score in PRE], improvement_sd=0.0)
    assert rows["effect_size_change_sd"]["status"] == "not_computable"
    assert rows["effect_size_raw_score_sd"]["status"] == "not_computable"
    assert rows["effect_size_baseline_sd"]["status"] == "estimated"
    assert pd.isna(rows["effect_size_change_sd"]["estimate"])


def test_a_constant_scale_has_none() -> None:
    rows = sizes([7.0] * 10, [7.0] * 10)
    assert {row["status"] for row in rows.values()} == {"not_computable"}


def test_a_missing_moment_is_named() -> None:
    frame = pd.DataFrame([dict.fromkeys(effect_sizes.KEYS, "all")])
    with pytest.raises(ValueError, match="pairs_count"):
        effect_sizes.estimate(frame, minimum_pairs=FLOOR)
