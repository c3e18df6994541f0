"""Do changes go together? Correlations of change with change, from moments.

What belongs here: Pearson, Spearman, partial and residualised correlation, the slope, and their
intervals, per stratum, pair of scales and interval (metrics.md 2.7, methods 1 and 2).
What does not: pairing the changes (SQL does), and anything about order in time: both changes span
the same interval, so every row is labelled ``concurrent``.
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
from orchestration.statistics.attenuation import change_reliability, corrected
from orchestration.statistics.intervals import fisher_interval, spearman_interval, t_interval

KEYS = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "interval_name",
)
DIRECTIONS = ("process_is_higher_better", "outcome_is_higher_better")
CORRELATIONS = ("r_pb_pf", "r_pb_ob", "r_pb_of", "r_pf_ob", "r_pf_of", "r_ob_of")
MOMENTS = (
    "sample_size",
    "pearson_r",
    "spearman_rho",
    "slope",
    "process_change_sd",
    "outcome_change_sd",
    *CORRELATIONS,
    "process_baseline_sd",
    "outcome_baseline_sd",
    "process_reliability",
    "outcome_reliability",
    "process_difference_error",
    "outcome_difference_error",
)
SOURCES = ("process_reliability_source", "outcome_reliability_source")
OWN_ALPHA = "own_alpha"
METHOD = "pearson_fisher_z"
EVIDENCE_LABEL = "concurrent"

# Fisher's interval needs four pairs, so that no estimate is ever shown without one.
FEWEST_PAIRS = 4
# Beyond this a "correlation" is a mistake upstream and not the last digit of a sum.
CORRELATION_SLACK = 1e-6


def estimate(
    moments: pd.DataFrame,
    own_reliability: pd.DataFrame | None = None,
    *,
    minimum_pairs: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate each row's change-change association.

    ``partial_r`` is the correlation of the two final scores given both baselines; its interval
    spends two more degrees of freedom. ``residualised_r`` takes from each final score only its own
    baseline. ``improvement_r`` is ``pearson_r`` with both changes signed so that positive is
    better: a positive value always means "they improve together". ``slope_in_rci`` is the slope
    in reliable change units (standard errors of a difference) of both scales. ``true_r`` is
    ``pearson_r`` freed of measurement error by the reliabilities of both changes; ``true_r_reason``
    says why where it is NULL (``attenuation``).

    ``status`` says what the numbers are: ``estimated`` (``pearson_r`` and its interval are there;
    any other number may still be NULL where it does not exist), ``too_few`` (fewer than
    ``minimum_pairs`` pairs, or fewer than four) or ``not_computable`` (a change that is the same
    for everybody). In the last two, every number but ``sample_size`` is NULL.

    Args:
        moments: one row per stratum, pair of scales and interval, with the columns ``KEYS``,
            ``DIRECTIONS`` (booleans), ``MOMENTS`` and ``SOURCES`` (text); standard deviations with
            n - 1, all on raw change (later minus earlier). p = process, o = outcome, b = baseline,
            f = final; reliability is that of one score. Unknown is NULL or NaN.
        own_reliability: ``stratum_kind``, ``scale_id`` and ``alpha`` in the clinic's own answers,
            for scales of which the registry knows no reliability.
        minimum_pairs: the floor below which nothing is shown.
        confidence: coverage of every interval, a proportion.

    Returns:
        One row per input row, in the same order: ``KEYS``, then the estimates in nullable types
        (NULL where unknown, never NaN or infinity), ``status``, ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(moments, (*KEYS, *DIRECTIONS, *MOMENTS, *SOURCES))
    given = {column: floats(moments, column) for column in MOMENTS}
    sources = {
        side: _with_own_alpha(moments, given, side, own_reliability)
        for side in ("process", "outcome")
    }
    pairs = given["sample_size"]
    pearson = _clipped(given["pearson_r"])
    enough = pairs >= max(minimum_pairs, FEWEST_PAIRS)
    varied = (
        np.isfinite(pearson)
        & ~(given["process_change_sd"] <= NUMERICALLY_ZERO)
        & ~(given["outcome_change_sd"] <= NUMERICALLY_ZERO)
    )
    shown = enough & varied

    partial = _partial(given)
    low, high = fisher_interval(pearson, pairs, confidence=confidence)
    partial_low, partial_high = fisher_interval(
        partial, pairs, controlled_count=2, confidence=confidence
    )
    slope_low, slope_high = t_interval(
        given["slope"], _slope_standard_error(given, pearson), pairs - 2, confidence=confidence
    )
    spearman = _clipped(given["spearman_rho"])
    spearman_low, spearman_high = spearman_interval(spearman, pairs, confidence=confidence)
    residualised = _residualised(given)
    # Each side spends a degree on its own baseline.
    residualised_low, residualised_high = fisher_interval(
        residualised, pairs, controlled_count=2, confidence=confidence
    )
    in_rci = given["process_difference_error"] / np.where(
        given["outcome_difference_error"] > NUMERICALLY_ZERO,
        given["outcome_difference_error"],
        np.nan,
    )
    reliabilities = {
        side: change_reliability(
            given[f"{side}_reliability"], given[f"{side}_baseline_sd"], given[f"{side}_change_sd"]
        )
        for side in ("process", "outcome")
    }
    true_r, true_low, true_high, reasons = corrected(
        pearson, low, high, reliabilities["process"], reliabilities["outcome"]
    )
    numbers = {
        "pearson_r": pearson,
        "interval_low": low,
        "interval_high": high,
        "spearman_rho": spearman,
        "spearman_interval_low": spearman_low,
        "spearman_interval_high": spearman_high,
        "partial_r": partial,
        "partial_interval_low": partial_low,
        "partial_interval_high": partial_high,
        "residualised_r": residualised,
        "residualised_interval_low": residualised_low,
        "residualised_interval_high": residualised_high,
        "slope": given["slope"],
        "slope_interval_low": slope_low,
        "slope_interval_high": slope_high,
        "slope_in_rci": given["slope"] * in_rci,
        "slope_in_rci_interval_low": slope_low * in_rci,
        "slope_in_rci_interval_high": slope_high * in_rci,
        "improvement_r": pearson * _improvement_sign(moments),
        "true_r": true_r,
        "true_r_interval_low": true_low,
        "true_r_interval_high": true_high,
        "process_change_reliability": reliabilities["process"],
        "outcome_change_reliability": reliabilities["outcome"],
    }
    columns = {key: text(moments[key]) for key in KEYS}
    columns["sample_size"] = nullable_count(pairs)
    columns |= {name: nullable_float(values, shown) for name, values in numbers.items()}
    for side, source in sources.items():
        columns[f"{side}_reliability"] = nullable_float(
            given[f"{side}_reliability"], np.ones(len(moments), bool)
        )
        columns[f"{side}_reliability_source"] = source
    columns["true_r_reason"] = text(
        [reason if is_shown else None for reason, is_shown in zip(reasons, shown, strict=True)]
    )
    columns["status"] = text(_status(enough, varied))
    columns["method"] = text([METHOD] * len(moments))
    columns["evidence_label"] = text([EVIDENCE_LABEL] * len(moments))
    return pd.DataFrame(columns)


def _with_own_alpha(
    moments: pd.DataFrame, given: dict[str, Floats], side: str, own: pd.DataFrame | None
) -> pd.Series:
    """Fill the reliabilities nobody published from the clinic's own alpha; where each is from."""
    source = moments[f"{side}_reliability_source"].astype("string")
    if own is None:
        return text(source)
    overall = own[own["stratum_kind"] == "all"]
    alphas = dict(zip(overall["scale_id"], floats(overall, "alpha"), strict=True))
    alpha = moments[f"{side}_scale_id"].map(alphas).astype("Float64")
    alpha = floats(pd.DataFrame({"alpha": alpha}), "alpha")
    filled = ~np.isfinite(given[f"{side}_reliability"]) & (alpha > 0)
    given[f"{side}_reliability"] = np.where(filled, alpha, given[f"{side}_reliability"])
    return text(source.where(~filled, OWN_ALPHA))


def _status(enough: Flags, varied: Flags) -> list[str]:
    status = np.where(enough, np.where(varied, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)
    return [str(word) for word in status]


def _clipped(correlation: Floats) -> Floats:
    """Correlations in -1..1: rounding is cut off, an impossible value becomes unknown."""
    possible = np.abs(correlation) <= 1 + CORRELATION_SLACK
    return np.where(possible, np.clip(correlation, -1.0, 1.0), np.nan)


def _ratio(covariance: Floats, variance: Floats, other_variance: Floats) -> Floats:
    """Covariance / sqrt(variance x other_variance); unknown where a variance is used up."""
    left = (variance > NUMERICALLY_ZERO) & (other_variance > NUMERICALLY_ZERO)
    scale = np.sqrt(np.where(left, variance * other_variance, 1.0))
    return _clipped(np.where(left, covariance / scale, np.nan))


def _partial(given: dict[str, Floats]) -> Floats:
    """r(pf, of | pb, ob): the correlation of what two baselines leave of each final score.

    Schur complement of the 4 x 4 correlation matrix, written out for the 2 x 2 block of the
    baselines. Unknown where the baselines are copies of each other or explain a final score whole.
    """
    pb_pf, pb_ob, pb_of = (_clipped(given[name]) for name in ("r_pb_pf", "r_pb_ob", "r_pb_of"))
    pf_ob, pf_of, ob_of = (_clipped(given[name]) for name in ("r_pf_ob", "r_pf_of", "r_ob_of"))
    determinant = 1 - pb_ob**2
    apart = np.where(determinant > NUMERICALLY_ZERO, determinant, np.nan)
    variance_pf = 1 - (pb_pf**2 + pf_ob**2 - 2 * pb_ob * pb_pf * pf_ob) / apart
    variance_of = 1 - (pb_of**2 + ob_of**2 - 2 * pb_ob * pb_of * ob_of) / apart
    explained = pb_pf * pb_of + pf_ob * ob_of - pb_ob * (pb_pf * ob_of + pf_ob * pb_of)
    return _ratio(pf_of - explained / apart, variance_pf, variance_of)


def _residualised(given: dict[str, Floats]) -> Floats:
    """Correlation of (pf without pb) with (of without ob), each rid of its own baseline only."""
    pb_pf, pb_ob, pb_of = (_clipped(given[name]) for name in ("r_pb_pf", "r_pb_ob", "r_pb_of"))
    pf_ob, pf_of, ob_of = (_clipped(given[name]) for name in ("r_pf_ob", "r_pf_of", "r_ob_of"))
    covariance = pf_of - ob_of * pf_ob - pb_pf * pb_of + pb_pf * ob_of * pb_ob
    return _ratio(covariance, 1 - pb_pf**2, 1 - ob_of**2)


def _slope_standard_error(given: dict[str, Floats], pearson: Floats) -> Floats:
    """Ordinary least squares: sqrt((1 - r^2) / (n - 2)) x sd(outcome) / sd(process)."""
    freedom = given["sample_size"] - 2
    process_sd = given["process_change_sd"]
    usable = (freedom > 0) & (process_sd > NUMERICALLY_ZERO)
    unexplained = (1 - pearson**2) / np.where(usable, freedom, np.nan)
    return np.sqrt(unexplained) * given["outcome_change_sd"] / np.where(usable, process_sd, np.nan)


def _improvement_sign(moments: pd.DataFrame) -> Floats:
    """+1 where both scales point the same way, -1 where they differ, NaN where unknown."""
    process, outcome = (
        moments[column].astype("boolean").astype("Float64").to_numpy(np.float64, na_value=np.nan)
        for column in DIRECTIONS
    )
    # 1 is "higher is better" and 0 "lower is better", so the product below is +1 or -1.
    sign: Floats = (2 * process - 1) * (2 * outcome - 1)
    return sign
