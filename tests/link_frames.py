"""Small frames for the estimators of the link, as SQL would hand them over.

What belongs here: made-up people in the columns of ``link_rows``, covariances, estimates of groups.
What does not: any claim.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LINK = {"process_scale_id": "care", "outcome_scale_id": "mood", "interval_name": "first_to_last"}


def link_frame(
    count: int, *, seed: int = 1, slope: float = -0.5, dropout: float = 0.0
) -> pd.DataFrame:
    """``count`` people of one program; with ``dropout`` the worse off leave more often."""
    random = np.random.default_rng(seed)
    process, outcome = random.normal(3, 1, count), random.normal(15, 4, count)
    change = random.normal(0.5, 1, count)
    answer = slope * change + random.normal(0, 1, count)
    left = random.random(count) < dropout * 2 * (outcome > 15)
    return pd.DataFrame(
        {
            "episode_number": np.arange(count) + 100,
            "program_id": "p",
            "is_counted_overall": True,
            "process_scale_id": "care",
            "outcome_scale_id": "mood",
            "is_negative_control": False,
            "is_completer": random.random(count) < 0.8,
            "process_baseline": process,
            "process_change": change,
            "outcome_baseline": outcome,
            "outcome_change": np.where(left, np.nan, answer),
        }
    )


def covariates(rows: pd.DataFrame, kind: str, values: Mapping[str, Floats]) -> pd.DataFrame:
    """Values of the people of ``rows`` by name of the covariate."""
    columns = ["episode_number", "covariate_kind", "covariate_id", "covariate_value"]
    parts = [
        pd.DataFrame(dict(zip(columns, (rows["episode_number"], kind, name, found), strict=True)))
        for name, found in values.items()
    ]
    return pd.concat(parts) if parts else pd.DataFrame(columns=columns)


def product_frame(x: Floats, y: Floats) -> pd.DataFrame:
    """Covariances of ``y`` and the columns of ``x`` (part_0 ...), one row per pair."""
    names = ["outcome", *(f"part_{place}" for place in range(x.shape[1]))]
    covariance = np.zeros((len(names), len(names)))
    if len(y) > 1:
        covariance = np.cov(np.column_stack([y, x]), rowvar=False)
    keys = {
        "stratum_kind": "all",
        "stratum_id": "all",
        "process_instrument_id": "care",
        "outcome_scale_id": "mood",
        "interval_name": "first_to_last",
        "predictor_set": "components",
        "sample_size": len(y),
    }
    return pd.DataFrame(
        [
            keys
            | {
                "left_variable": names[i],
                "right_variable": names[j],
                "covariance": covariance[i, j],
            }
            for i in range(len(names))
            for j in range(i, len(names))
        ]
    )


def stratum_frame(r: Floats, n: NDArray[Any]) -> pd.DataFrame:
    """Estimates of groups s0, s1 ... as ``associations`` gives them."""
    count = len(r)
    return pd.DataFrame(
        {
            "stratum_kind": ["program"] * count,
            "stratum_id": [f"s{place}" for place in range(count)],
            **{name: [value] * count for name, value in LINK.items()},
            "sample_size": n,
            "pearson_r": r,
            "slope": r,
            "slope_interval_low": r - 0.1,
            "slope_interval_high": r + 0.1,
            "process_reliability": np.full(count, 0.9),
            "outcome_reliability": np.full(count, 0.8),
            "status": ["estimated"] * count,
        }
    )
