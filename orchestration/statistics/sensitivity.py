"""Would the link look the same had other things been done? The same slope, six ways.

What belongs here: the main slope, the slope of completers only, given both baselines, with dropout
weighed, what regression to the mean alone would make, and the slope of a negative control.
What does not: choosing one of them, or the correlations (``associations``).

Agreement is reassuring, not proof: all of them are made from the people who came back, by what was
measured at the start.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.intervals import fisher_interval
from orchestration.statistics.least_squares import fit_rows, t_limits
from orchestration.statistics.link_rows import LINK_KEYS, Link, links

KEYS = (*LINK_KEYS, "analysis")
NUMBERS = ("estimate", "interval_low", "interval_high", "standardised_estimate")
MAIN = "all_available"
COMPLETERS = "completers_only"
GIVEN_BASELINES = "given_both_baselines"
WEIGHTED = "dropout_weighted"
REGRESSION = "regression_to_the_mean"
CONTROL = "negative_control"
METHODS = {
    MAIN: "ols_hc3",
    COMPLETERS: "ols_hc3",
    GIVEN_BASELINES: "ols_hc3",
    WEIGHTED: "inverse_probability_weighted_hc3",
    REGRESSION: "expected_from_reliability",
    CONTROL: "ols_hc3",
}
EVIDENCE_LABEL = "concurrent"
RELIABILITIES = (
    *("process_scale_id", "outcome_scale_id", "stratum_kind", "interval_name"),
    *("process_reliability", "outcome_reliability"),
)
# A weight beyond this quantile of all is cut to it (Cole & Hernan 2008).
WEIGHT_QUANTILE = 0.99
_STEPS = 50


def estimate(
    rows: pd.DataFrame,
    reliabilities: pd.DataFrame,
    *,
    minimum_pairs: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Points of outcome change per point of process change, by each analysis.

    ``all_available`` takes all who were measured twice on both scales. ``dropout_weighted`` weighs
    each by the inverse of the chance to be measured twice, from a logistic regression on both
    baselines. ``regression_to_the_mean`` is no estimate of the link but a mark to hold it against:
    the slope if nobody had truly changed and both scales only drew back toward their means as far
    as they are unreliable, (1 - r_x)(1 - r_y) cov(x1, y1) / var(dx); its limits are those of the
    correlation of the baselines. A negative control is a scale that self-compassion should not
    move; it has this one row.

    Args:
        rows: as ``link_rows.links`` takes them.
        reliabilities: estimates of ``associations`` with ``RELIABILITIES`` (of one score).
        minimum_pairs: fewest people measured twice on both scales.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``sample_size``, ``NUMBERS`` (``standardised_estimate``: times SD of process
        change over SD of outcome change of all available), ``status`` (``not_computable``: no
        spread, no stated ending, no reliability, or dropout that baselines foretell wholly),
        ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(reliabilities, RELIABILITIES)
    require_confidence(confidence)
    overall = reliabilities[
        (reliabilities["stratum_kind"] == "all")
        & (reliabilities["interval_name"] == "first_to_last")
    ]
    known = {
        (process, outcome): pair
        for process, outcome, *pair in zip(
            overall["process_scale_id"],
            overall["outcome_scale_id"],
            floats(overall, "process_reliability"),
            floats(overall, "outcome_reliability"),
            strict=True,
        )
    }
    made: list[dict[str, Any]] = []
    for keys, link in links(rows):
        pair = known.get((keys["process_scale_id"], keys["outcome_scale_id"]), [np.nan, np.nan])
        made += [
            {**keys, **row} for row in _analyses(link, pair, max(minimum_pairs, 6), confidence)
        ]
    return _frame(made)


def _analyses(
    link: Link, reliabilities: list[float], floor: int, confidence: float
) -> list[dict[str, Any]]:
    complete = np.isfinite(link.process_change) & np.isfinite(link.outcome_change)
    paired = link.only(complete)
    count = len(paired.process_change)
    if count == 0:
        return []
    x, y = paired.process_change, paired.outcome_change
    ratio = np.nan
    if count > 1 and y.std() > NUMERICALLY_ZERO:
        ratio = x.std() / y.std()

    def slope(of: Link, controls: list[Floats], weights: Floats | None = None) -> dict[str, Any]:
        row = {"sample_size": float(len(of.process_change))}
        if len(of.process_change) < floor:
            return row | {"status": TOO_FEW}
        if not np.isfinite(ratio) or of.outcome_change.std() <= NUMERICALLY_ZERO:
            return row | {"status": NOT_COMPUTABLE}
        ones = np.ones(len(of.process_change))
        fit = fit_rows(
            np.column_stack([of.process_change, ones, *controls]), of.outcome_change, weights
        )
        if fit is None:
            return row | {"status": NOT_COMPUTABLE}
        value = float(fit.coefficients[0])
        low, high = t_limits(value, float(fit.covariance[0, 0]), fit.freedom, confidence)
        return row | _numbers(value, low, high, ratio)

    if link.is_negative_control:
        return [{"analysis": CONTROL, **slope(paired, [])}]
    completers = paired.only(paired.is_completer == 1)
    states_endings = bool(np.isfinite(link.is_completer).any())
    nothing = {"sample_size": float(count), "status": NOT_COMPUTABLE}
    weights = dropout_weights(link, complete) if count >= floor else np.ones(count)
    return [
        {"analysis": MAIN, **slope(paired, [])},
        {"analysis": COMPLETERS, **(slope(completers, []) if states_endings else nothing)},
        {
            "analysis": GIVEN_BASELINES,
            **slope(paired, [paired.process_baseline, paired.outcome_baseline]),
        },
        {
            "analysis": WEIGHTED,
            **(nothing if weights is None else slope(paired, [], weights)),
        },
        {
            "analysis": REGRESSION,
            **_regression_to_the_mean(paired, reliabilities, ratio, floor, confidence),
        },
    ]


def _numbers(value: float, low: float, high: float, ratio: float) -> dict[str, Any]:
    return {
        "estimate": value,
        "interval_low": low,
        "interval_high": high,
        "standardised_estimate": value * ratio,
        "status": ESTIMATED,
    }


def _regression_to_the_mean(
    paired: Link, reliabilities: list[float], ratio: float, floor: int, confidence: float
) -> dict[str, Any]:
    row = {"sample_size": float(len(paired.process_change))}
    if len(paired.process_change) < floor:
        return row | {"status": TOO_FEW}
    baselines = paired.process_baseline, paired.outcome_baseline
    spreads = [values.std(ddof=1) for values in (*baselines, paired.process_change)]
    if not np.isfinite([*reliabilities, ratio]).all() or min(spreads) <= NUMERICALLY_ZERO:
        return row | {"status": NOT_COMPUTABLE}
    r = float(np.clip(np.corrcoef(*baselines)[0, 1], -1, 1))
    low, high = fisher_interval(
        np.array([r]), np.array([row["sample_size"]]), confidence=confidence
    )
    scale = (1 - reliabilities[0]) * (1 - reliabilities[1]) * spreads[0] * spreads[1]
    scale /= spreads[2] ** 2
    return row | _numbers(r * scale, float(low[0]) * scale, float(high[0]) * scale, ratio)


def dropout_weights(link: Link, complete: np.ndarray) -> Floats | None:
    """One over the chance to be measured twice, for those who were; mean about 1.

    The chance is a logistic regression on both baselines over everybody who has both. None where
    the baselines foretell dropout wholly or tell nothing apart; ones where nobody is missing.
    """
    asked = np.isfinite(link.process_baseline) & np.isfinite(link.outcome_baseline)
    stayed = complete[asked].astype(float)
    if stayed.all():
        return np.ones(int(complete.sum()))
    columns = [link.process_baseline[asked], link.outcome_baseline[asked]]
    chance = logistic_probabilities(np.column_stack(columns), stayed)
    if chance is None:
        return None
    weights = stayed.mean() / chance[stayed == 1]
    made: Floats = np.minimum(weights, np.quantile(weights, WEIGHT_QUANTILE))
    return made


def logistic_probabilities(predictors: Floats, happened: Floats) -> Floats | None:
    """Fitted probabilities of a logistic regression with intercept, by Newton's steps.

    Returns:
        Shape (rows,); None where it has no finite solution (constant or collinear predictors,
        complete separation).
    """
    spread = predictors.std(axis=0)
    if (spread <= NUMERICALLY_ZERO).any():
        return None
    x = np.column_stack([np.ones(len(happened)), (predictors - predictors.mean(axis=0)) / spread])
    coefficients = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        chance = special.expit(x @ coefficients)
        information = (x * (chance * (1 - chance))[:, None]).T @ x / len(x)
        if np.linalg.eigvalsh(information)[0] <= NUMERICALLY_ZERO:
            return None
        step = np.linalg.solve(information, x.T @ (happened - chance) / len(x))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            made: Floats = special.expit(x @ coefficients)
            return made
    return None


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = {key: text([row[key] for row in rows]) for key in KEYS}
    made["sample_size"] = nullable_count(np.array([row["sample_size"] for row in rows], float))
    known = np.array([row["status"] == ESTIMATED for row in rows], bool)
    for number in NUMBERS:
        values = np.array([row.get(number, np.nan) for row in rows], float)
        made[number] = nullable_float(values, known)
    made["status"] = text([row["status"] for row in rows])
    made["method"] = text([METHODS[row["analysis"]] for row in rows])
    made["evidence_label"] = text([EVIDENCE_LABEL] * len(rows))
    return pd.DataFrame(made)
