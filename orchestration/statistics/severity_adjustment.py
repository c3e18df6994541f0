"""How much more a group changed than its severity at the start let expect: both published forms.

What belongs here: the two severity-adjusted effect sizes and the constant between them
(metrics.md 2.5), from moments of what lies beyond the expected change.
What does not: what change is to be expected (``dbt_project/models/change``), the effect sizes that
take no account of severity (``effect_sizes``).

ACORN adds a person's residual to the mean change of the reference sample and divides by that
sample's SD, so the reference itself stands at its own effect size; OpenFIT divides the residual
alone, so the reference stands at 0. An ".8" in one is not an ".8" in the other.
"""

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Flags,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    text,
)
from orchestration.statistics.effect_sizes import KEYS
from orchestration.statistics.intervals import t_interval

MOMENTS = (
    "clinical_count",
    "residual_count",
    "residual_mean",
    "residual_sd",
    "reference_count",
    "reference_improvement",
    "reference_improvement_sd",
    "reference_sd",
    "reference_method",
)
ACORN = "severity_adjusted_effect_size_acorn"
OPENFIT = "severity_adjusted_effect_size_openfit"
REFERENCE = "severity_reference_effect_size"
EVERYBODY = "all"


def estimate(
    moments: pd.DataFrame, *, minimum_pairs: int, confidence: float = 0.95
) -> pd.DataFrame:
    """Both severity-adjusted effect sizes of every group and scale that has a reference sample.

    With e the mean residual of the group, s its SD, n its courses, and M and S the mean improvement
    and the SD of first scores in the reference sample: OpenFIT e / S, ACORN (M + e) / S, each with
    e -+ t(n - 1) s / sqrt(n) in place of e as its interval. M and S are taken as given there: that
    interval says how sure one is of the group, not of the reference. The constant M / S is a row of
    its own, where the group is everybody, with the t interval of M.

    Args:
        moments: one row per group and scale with ``KEYS`` and ``MOMENTS``; unknown is NULL or NaN.
        minimum_pairs: fewest courses, of a group as of the reference, for an estimate.
        confidence: coverage of the intervals, a proportion.

    Returns:
        One row per group, scale and metric: ``KEYS``, ``metric_id``, ``estimate`` (in SDs, positive
        is better), ``interval_low``, ``interval_high``, ``sample_size`` (courses with a residual;
        of the constant, courses of the reference), ``missing_count`` (courses that began in the
        clinical range and have no last score), ``status``, ``method`` (which reference, adjusted
        for what). A scale on which nobody began in the clinical range has no row.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(moments, (*KEYS, *MOMENTS))
    rows = moments[floats(moments, "clinical_count") > 0].reset_index(drop=True)
    given = {name: floats(rows, name) for name in MOMENTS if name != "reference_method"}
    count, spread = given["residual_count"], given["residual_sd"]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = spread / np.sqrt(count)
        constant = given["reference_improvement"] / given["reference_sd"]
    mean = given["residual_mean"]
    low, high = t_interval(mean, error, count - 1, confidence=confidence)
    is_enough = (count >= minimum_pairs) & (given["reference_count"] >= minimum_pairs)
    has_spread = (given["reference_sd"] > NUMERICALLY_ZERO) & (spread > NUMERICALLY_ZERO)
    missing = given["clinical_count"] - count
    frames = []
    for metric_id, shift in ((OPENFIT, np.zeros_like(constant)), (ACORN, constant)):
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers = tuple(value / given["reference_sd"] + shift for value in (mean, low, high))
        frames.append(_frame(rows, metric_id, numbers, count, missing, is_enough, has_spread))
    everybody = ((rows[["stratum_kind", "period_kind"]] == EVERYBODY).all(axis=1)).to_numpy()
    awaited, size = given["reference_improvement"], given["reference_count"]
    with np.errstate(divide="ignore", invalid="ignore"):
        error = given["reference_improvement_sd"] / np.sqrt(size)
    around = t_interval(awaited, error, size - 1, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        constants = tuple(value / given["reference_sd"] for value in (awaited, *around))
    stated = _frame(
        rows,
        REFERENCE,
        constants,
        given["reference_count"],
        np.zeros_like(count),
        given["reference_count"] >= minimum_pairs,
        given["reference_sd"] > NUMERICALLY_ZERO,
    )
    return pd.concat([*frames, stated[everybody]], ignore_index=True)


def _frame(
    rows: pd.DataFrame,
    metric_id: str,
    numbers: tuple[Floats, ...],
    count: Floats,
    missing: Floats,
    is_enough: Flags,
    has_spread: Flags,
) -> pd.DataFrame:
    known = is_enough & has_spread
    columns = {key: text(rows[key]) for key in KEYS}
    columns["metric_id"] = text([metric_id] * len(rows))
    for name, values in zip(("estimate", "interval_low", "interval_high"), numbers, strict=True):
        columns[name] = nullable_float(values, known)
    columns["sample_size"] = nullable_count(np.nan_to_num(count))
    columns["missing_count"] = nullable_count(missing)
    columns["status"] = text(
        np.where(is_enough, np.where(has_spread, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)
    )
    columns["method"] = text(rows["reference_method"])
    return pd.DataFrame(columns)
