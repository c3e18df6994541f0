"""Which part of self-compassion goes with relief? Change of an outcome on changes of all parts.

What belongs here: per group and outcome the regression on all parts of a process scale at once,
their standardised slopes, relative weights and intervals, from covariances.
What does not: pairing or summing changes (SQL does), each part by itself (``associations``).

Parts overlap, so a slope ("with the others held still") and a weight ("its share of what all
explain") answer different questions, and neither is a cause.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.intervals import t_interval
from orchestration.statistics.least_squares import correlation_matrix, fit_moments
from orchestration.statistics.relative_weights import relative_weights, weight_errors

KEYS = (
    "stratum_kind",
    "stratum_id",
    "process_instrument_id",
    "outcome_scale_id",
    "interval_name",
    "predictor_set",
)
# The response's name among the variables of a covariance.
OUTCOME = "outcome"
PRODUCTS = ("sample_size", "left_variable", "right_variable", "covariance")
NUMBERS = (
    "pearson_r",
    "slope",
    "slope_interval_low",
    "slope_interval_high",
    "estimate",
    "interval_low",
    "interval_high",
    "relative_weight",
    "relative_weight_interval_low",
    "relative_weight_interval_high",
    "tolerance",
    "r_squared",
)
METHOD = "ols_relative_weights_delta"
EVIDENCE_LABEL = "concurrent"


def estimate(
    products: pd.DataFrame,
    *,
    minimum_pairs: int,
    minimum_cases_per_predictor: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """One regression per group, outcome and set of predictors; one row per predictor.

    ``estimate`` is the standardised slope (SDs of outcome change per SD of this part's change, the
    other parts held still); its interval is that of the slope, rescaled. ``relative_weight`` is
    Johnson's share of R squared with limits of the delta method on its square root. They hold a
    small weight less often than they say (tests/benchmarks/calibration_changes.md), for a weight
    is never below 0 and so too large on average. ``tolerance`` is what the others leave to a part.

    Args:
        products: one row per group, set and pair of variables (``OUTCOME`` or a predictor's id)
            with ``KEYS`` and ``PRODUCTS``: covariances with n - 1 over the same people, a pair in
            either order, a variance with itself.
        minimum_pairs: fewest people.
        minimum_cases_per_predictor: fewest people for each predictor.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``predictor_id``, ``sample_size``, ``NUMBERS`` (NULL unless estimated),
        ``status`` (``not_computable``: a change that is the same for all, or parts that cannot be
        told apart), ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(products, (*KEYS, *PRODUCTS))
    require_confidence(confidence)
    rows: list[dict[str, Any]] = []
    given = products.assign(
        covariance=floats(products, "covariance"), sample_size=floats(products, "sample_size")
    )
    for keys, group in given.groupby(list(KEYS), sort=False, dropna=False):
        names, covariance = _matrix(group)
        pairs = float(group["sample_size"].iloc[0])
        floor = max(minimum_pairs, minimum_cases_per_predictor * len(names), len(names) + 3)
        status = TOO_FEW
        columns: dict[str, Floats] = {}
        if pairs >= floor:
            status, columns = _estimate(covariance, pairs, confidence)
        rows.extend(
            dict(zip(KEYS, keys, strict=True))
            | {"predictor_id": name, "sample_size": pairs, "status": status}
            | {number: columns[number][place] if columns else np.nan for number in NUMBERS}
            for place, name in enumerate(names)
        )
    return _frame(rows)


def _matrix(group: pd.DataFrame) -> tuple[list[str], Floats]:
    """The predictors in order of name and the covariances, outcome first, NaN where unstated."""
    left, right = group["left_variable"].astype(str), group["right_variable"].astype(str)
    names = sorted((set(left) | set(right)) - {OUTCOME})
    place = {name: index for index, name in enumerate([OUTCOME, *names])}
    covariance = np.full((len(place), len(place)), np.nan)
    i, j = left.map(place).to_numpy(), right.map(place).to_numpy()
    covariance[i, j] = covariance[j, i] = group["covariance"].to_numpy(np.float64)
    return names, covariance


def _estimate(covariance: Floats, pairs: float, confidence: float) -> tuple[str, dict[str, Floats]]:
    fit = fit_moments(covariance, pairs)
    correlations = correlation_matrix(covariance)
    if fit is None or correlations is None:
        return NOT_COMPUTABLE, {}
    freedom = np.full(len(fit.slopes), fit.freedom)
    low, high = t_interval(fit.slopes, fit.standard_errors, freedom, confidence=confidence)
    spread = np.sqrt(np.diag(covariance))
    ratio = spread[1:] / spread[0]
    weights = relative_weights(correlations)
    # On the square root, where a share near 0 is less skewed: below 0 it cannot be.
    root = np.sqrt(np.maximum(weights, np.finfo(float).tiny))
    margin = special.ndtri(0.5 + confidence / 2) * weight_errors(correlations, pairs) / (2 * root)
    return ESTIMATED, {
        "pearson_r": correlations[1:, 0],
        "slope": fit.slopes,
        "slope_interval_low": low,
        "slope_interval_high": high,
        "estimate": fit.slopes * ratio,
        "interval_low": low * ratio,
        "interval_high": high * ratio,
        "relative_weight": weights,
        "relative_weight_interval_low": np.clip(root - margin, 0.0, 1.0) ** 2,
        "relative_weight_interval_high": np.clip(root + margin, 0.0, 1.0) ** 2,
        "tolerance": fit.tolerances,
        "r_squared": np.full(len(weights), fit.r_squared),
    }


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    made = {key: text([row[key] for row in rows]) for key in (*KEYS, "predictor_id")}
    made["sample_size"] = nullable_count(np.array([row["sample_size"] for row in rows], float))
    known = np.array([row["status"] == ESTIMATED for row in rows], bool)
    for number in NUMBERS:
        made[number] = nullable_float(np.array([row[number] for row in rows], float), known)
    made["status"] = text([row["status"] for row in rows])
    made["method"] = text([METHOD] * len(rows))
    made["evidence_label"] = text([EVIDENCE_LABEL] * len(rows))
    return pd.DataFrame(made)
