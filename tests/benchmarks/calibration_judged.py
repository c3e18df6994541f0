"""How one estimator of change with change fared: the rows of the table.

What belongs here: coverage, bias and false finds of estimates whose truth is known.
What does not: the imaginary clinics (``calibration_moments``, ``calibration_people``).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# What the issue asks for.
COVERAGE, FALSE = (0.93, 0.97), (0.04, 0.06)
# Low enough that every imaginary clinic is estimated.
FLOORS = {"minimum_pairs": 20, "minimum_cases_per_predictor": 10}


def judged(
    estimator: str,
    planted: str,
    frame: pd.DataFrame,
    truth: Floats | float,
    columns: tuple[str, str, str] = ("estimate", "interval_low", "interval_high"),
) -> dict[str, object]:
    """Coverage and bias of one estimator."""
    known = frame[frame["status"] == "estimated"]
    value, low, high = (known[name].to_numpy(float) for name in columns)
    target = np.broadcast_to(np.asarray(truth, float), len(frame))
    target = target[(frame["status"] == "estimated").to_numpy()]
    held = np.isfinite(low) & np.isfinite(high)
    covered = float(np.mean((low <= target) & (target <= high), where=held))
    is_null = bool(np.all(target == 0))
    wanted, share = (FALSE, 1 - covered) if is_null else (COVERAGE, covered)
    return {
        "estimator": estimator,
        "planted": planted,
        "clinics": int(held.sum()),
        "bias": f"{np.nanmean(value - target):+.3f}",
        "coverage": "" if is_null else f"{100 * covered:.1f} %",
        "found": f"{100 * share:.1f} %" if is_null else "",
        "verdict": "holds" if wanted[0] <= share <= wanted[1] else "misses",
    }


def tested(estimator: str, planted: str, p_values: pd.Series) -> dict[str, object]:
    """How often a test finds what is not there."""
    share = float((p_values.dropna().to_numpy(float) < 0.05).mean())
    return {
        "estimator": estimator,
        "planted": planted,
        "clinics": int(p_values.notna().sum()),
        "bias": "",
        "coverage": "",
        "found": f"{100 * share:.1f} %",
        "verdict": "holds" if FALSE[0] <= share <= FALSE[1] else "misses",
    }
