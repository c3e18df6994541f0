"""The two severity-adjusted effect sizes are what their formulas say, and differ by the constant.

What belongs here: ``statistics.severity_adjustment`` on moments made by hand.
What does not: the expected change (dbt unit tests and ``tests/oracle``).
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from orchestration.statistics import severity_adjustment as severity
from orchestration.statistics.effect_sizes import KEYS

# Reference: 100 courses gained 6 points (SD 5), first scores with SD 4. Group: 25 courses, a
# quarter of a point beyond the expected, SD 5; three more have no last score.
GROUP: dict[str, Any] = {
    **dict.fromkeys(KEYS, "all"),
    "scale_id": "mood",
    "clinical_count": 28,
    "residual_count": 25,
    "residual_mean": 0.25,
    "residual_sd": 5.0,
    "reference_count": 100,
    "reference_improvement": 6.0,
    "reference_improvement_sd": 5.0,
    "reference_sd": 4.0,
    "reference_method": "own",
}


def estimate(*changes: dict[str, Any]) -> pd.DataFrame:
    """The estimates of groups, by metric."""
    frame = pd.DataFrame([GROUP | change for change in changes or ({},)])
    return severity.estimate(frame, minimum_pairs=20).set_index("metric_id")


def test_the_forms_are_the_residual_with_and_without_what_the_reference_gained() -> None:
    found = estimate()
    assert found.loc[severity.OPENFIT, "estimate"] == 0.25 / 4
    assert found.loc[severity.ACORN, "estimate"] == (6 + 0.25) / 4
    assert found.loc[severity.REFERENCE, "estimate"] == 6 / 4
    assert found.loc[severity.REFERENCE, "sample_size"] == 100


def test_the_interval_is_the_t_interval_of_the_residuals() -> None:
    low, high = stats.t.interval(0.95, 24, loc=0.25, scale=5 / np.sqrt(25))
    found = estimate()
    assert found.loc[severity.OPENFIT, "interval_low"] == pytest.approx(low / 4)
    assert found.loc[severity.ACORN, "interval_high"] == pytest.approx((6 + high) / 4)


def test_whoever_has_no_last_score_is_missing() -> None:
    found = estimate()
    assert found.loc[severity.ACORN, "sample_size"] == 25
    assert found.loc[severity.ACORN, "missing_count"] == 3


def test_few_courses_few_references_and_no_spread_have_no_number() -> None:
    few = {"residual_count": 19}
    small = {"reference_count": 19}
    flat = {"reference_sd": 0.0}
    for change, status in ((few, "too_few"), (small, "too_few"), (flat, "not_computable")):
        found = estimate(change)
        assert found.loc[severity.ACORN, "status"] == status
        assert pd.isna(found.loc[severity.ACORN, "estimate"])


def test_the_constant_is_stated_once_for_everybody() -> None:
    found = estimate({}, {"stratum_kind": "clinic"}, {"period_kind": "year"})
    assert list(found.index).count(severity.REFERENCE) == 1
    assert list(found.index).count(severity.ACORN) == 3


def test_a_scale_on_which_nobody_began_in_the_clinical_range_has_no_row() -> None:
    unknown = dict.fromkeys(severity.MOMENTS, None)
    assert estimate(unknown | {"clinical_count": 0, "residual_count": 0}).empty
