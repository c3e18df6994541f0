"""How reliable are the clinic's own answers? Alpha, omega, retest, and what speaks against a key.

What belongs here: Cronbach's alpha with Feldt's interval, McDonald's omega of one factor, the
correlation between the two keyed halves of a scale, retest, per stratum and scale.
What does not: choosing forms (SQL does: one per client, a bounded sample), or what a weak value
means for a clinic.

Unlike the other estimates these need answers, not moments: the forms come with meaningless numbers
in place of ids, and nothing here keeps them.
"""

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

FORM_COLUMNS = ("stratum_kind", "stratum_id", "instrument_id", "form")
ANSWER_COLUMNS = ("instrument_id", "form", "item", "answer")
KEY_COLUMNS = ("scale_id", "instrument_id", "item", "is_reversed", "range_sum")
_SWEEPS = 500
_CONVERGED = 1e-9


def estimate(
    forms: pd.DataFrame,
    answers: pd.DataFrame,
    keys: pd.DataFrame,
    *,
    minimum_forms: int,
    confidence: float,
) -> pd.DataFrame:
    """Reliability of every scale in every stratum.

    Args:
        forms: one row per stratum and form, the columns of :data:`FORM_COLUMNS`; ``form`` numbers
            the forms of all strata.
        answers: one row per form and answered item, the columns of :data:`ANSWER_COLUMNS`.
        keys: one row per scale and item, the columns of :data:`KEY_COLUMNS`.
        minimum_forms: fewest complete forms for an estimate.
        confidence: coverage of the interval, a proportion.

    Returns:
        One row per stratum and scale with at least one form of its instrument: stratum_kind,
        stratum_id, scale_id, sample_size (complete forms), item_count, alpha, alpha_interval_low,
        alpha_interval_high (proportions, alpha may be negative), alpha_unkeyed (of the answers as
        they lie, where an item is reversed), omega, omega_interval_low, omega_interval_high,
        halves_r (between the items reversed by the key and the others, after reversing), status.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not a proportion.
    """
    require_columns(forms, FORM_COLUMNS)
    require_columns(answers, ANSWER_COLUMNS)
    require_columns(keys, KEY_COLUMNS)
    require_confidence(confidence)
    # In one order, whatever order the database had: the last digit of a sum depends on it.
    answers = answers.sort_values(["form", "item"])
    forms = forms.sort_values(["stratum_kind", "stratum_id", "form"])
    keys = keys.sort_values(["scale_id", "item"])
    rows = []
    for instrument, given in answers.groupby("instrument_id", sort=True):
        mine = forms[forms["instrument_id"] == instrument]
        its_keys = keys[keys["instrument_id"] == instrument]
        if its_keys.empty:
            continue
        matrix, places = _matrix(given, int(its_keys["item"].max()))
        scales = list(its_keys.groupby("scale_id", sort=True))
        for (kind, stratum), members in mine.groupby(["stratum_kind", "stratum_id"], sort=True):
            chosen = matrix[places.get_indexer(members["form"])]
            for scale_id, key in scales:
                found = _of_scale(chosen, key, minimum_forms, confidence)
                rows.append({"stratum_kind": kind, "stratum_id": stratum, "scale_id": scale_id})
                rows[-1] |= found
    return _typed(rows)


def cronbach_alpha(covariance: Floats) -> float:
    """K / (k - 1) x (1 - sum of item variances / variance of the total), Cronbach (1951).

    Args:
        covariance: k x k, k of 2 or more.

    Returns:
        Alpha, at most 1; NaN where the total does not vary.
    """
    k = len(covariance)
    total = covariance.sum()
    if k < 2 or total <= NUMERICALLY_ZERO:
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def feldt_interval(
    alpha: float, sample_size: int, item_count: int, *, confidence: float
) -> tuple[float, float]:
    """Limits of alpha, Feldt (1965): 1 - (1 - alpha) x F quantiles on n - 1, (n - 1)(k - 1).

    Args:
        alpha: the estimate.
        sample_size: n, complete forms, 2 or more.
        item_count: k, 2 or more.
        confidence: coverage, a proportion.

    Returns:
        Lower and upper limit; NaN twice where there is none.
    """
    freedom = sample_size - 1
    if freedom < 1 or item_count < 2 or not np.isfinite(alpha):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    high, low = (special.fdtri(freedom, freedom * (item_count - 1), p) for p in (tail, 1 - tail))
    return float(1 - (1 - alpha) * low), float(1 - (1 - alpha) * high)


def bonett_interval(
    reliability: float, sample_size: int, item_count: int, *, confidence: float
) -> tuple[float, float]:
    """Limits from ln(1 - reliability) with variance 2k / ((k - 1)(n - 2)), Bonett (2002).

    Made for alpha; for omega an approximation that needs no resampling (Kelley & Pornprasertmanit
    2016 compare it with others).

    Returns:
        Lower and upper limit; NaN twice where there is none.
    """
    if sample_size < 3 or item_count < 2 or not reliability < 1:
        return float("nan"), float("nan")
    z = special.ndtri(0.5 + confidence / 2)
    error = np.sqrt(2 * item_count / ((item_count - 1) * (sample_size - 2)))
    centre = np.log(1 - reliability)
    return float(1 - np.exp(centre + z * error)), float(1 - np.exp(centre - z * error))


def retest(moments: pd.DataFrame, *, minimum_pairs: int, confidence: float) -> pd.DataFrame:
    """The correlation of two baselines of the same people: stability, where nothing was done yet.

    Args:
        moments: one row per stratum and scale: stratum_kind, stratum_id, scale_id, pair_count, r,
            median_days (may be NULL).
        minimum_pairs: fewest pairs for an estimate.
        confidence: coverage of the interval, a proportion.

    Returns:
        stratum_kind, stratum_id, scale_id, sample_size (pairs), retest_r, retest_interval_low,
        retest_interval_high (Fisher), median_days, status.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not a proportion.
    """
    keys = ("stratum_kind", "stratum_id", "scale_id")
    require_columns(moments, (*keys, "pair_count", "r", "median_days"))
    pairs, r = floats(moments, "pair_count"), floats(moments, "r")
    low, high = fisher_interval(r, pairs, confidence=confidence)
    enough, varied = pairs >= minimum_pairs, np.isfinite(r)
    shown = enough & varied
    status = np.where(enough, np.where(varied, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)
    columns = {key: text(moments[key]) for key in keys}
    columns["sample_size"] = nullable_count(pairs)
    columns["retest_r"] = nullable_float(r, shown)
    columns["retest_interval_low"] = nullable_float(low, shown)
    columns["retest_interval_high"] = nullable_float(high, shown)
    columns["median_days"] = nullable_float(floats(moments, "median_days"), shown)
    columns["status"] = text(status)
    return pd.DataFrame(columns)


def omega_one_factor(covariance: Floats) -> float:
    """McDonald's omega of a sum score under one factor fitted by minimum residuals.

    (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances), on the items' own metric
    (McDonald 1999); loadings by Harman & Jones (1966), as ``psych::fa`` does by default.

    Args:
        covariance: k x k, k of 3 or more: two items do not identify a factor.

    Returns:
        Omega in 0..1; NaN where an item does not vary, nothing converges, or a loading passes 1
        (a Heywood case: the one-factor model does not hold).
    """
    deviations = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or (deviations <= NUMERICALLY_ZERO).any():
        return float("nan")
    loadings = _minres(covariance / np.outer(deviations, deviations))
    if loadings is None or (np.abs(loadings) >= 1).any():
        return float("nan")
    common = float((loadings * deviations).sum() ** 2)
    unique = float(((1 - loadings**2) * deviations**2).sum())
    return common / (common + unique)


def _minres(correlation: Floats) -> Floats | None:
    """Loadings that leave the least squared residuals off the diagonal, item by item in turn."""
    values, vectors = np.linalg.eigh(correlation)
    loadings: Floats = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    loadings = loadings * np.sign(loadings.sum() or 1.0)
    for _ in range(_SWEEPS):
        before = loadings.copy()
        squares = float(loadings @ loadings)
        for item in range(len(loadings)):
            others = squares - loadings[item] ** 2
            if others <= NUMERICALLY_ZERO:
                return None
            now = (correlation[item] @ loadings - loadings[item]) / others
            squares = others + now**2
            loadings[item] = now
        if np.abs(loadings - before).max() < _CONVERGED:
            return loadings
    return None


def _matrix(answers: pd.DataFrame, item_count: int) -> tuple[Floats, pd.Index]:
    """Forms x items with NaN for what is missing, and the forms in the order of the rows."""
    places = pd.Index(answers["form"].unique())
    items = answers["item"].to_numpy(dtype=np.int64)
    matrix = np.full((len(places), max(item_count, int(items.max()))), np.nan)
    matrix[places.get_indexer(answers["form"]), items - 1] = answers["answer"]
    return matrix, places


def _of_scale(
    matrix: Floats, key: pd.DataFrame, minimum_forms: int, confidence: float
) -> dict[str, object]:
    """One scale's row, whose numbers are NaN where the status says why."""
    key = key.drop_duplicates("item")
    items = key["item"].to_numpy(dtype=np.int64) - 1
    is_reversed = key["is_reversed"].to_numpy(dtype=bool)
    lying = matrix[:, items]
    lying = lying[~np.isnan(lying).any(axis=1)]
    keyed = np.where(is_reversed, key["range_sum"].to_numpy(dtype=float) - lying, lying)
    n, k = keyed.shape[0], len(items)
    row: dict[str, object] = {"sample_size": n, "item_count": k}
    if n < max(minimum_forms, 2):
        return row | {"status": TOO_FEW}
    covariance = np.atleast_2d(np.cov(keyed, rowvar=False))
    alpha = cronbach_alpha(covariance)
    if not np.isfinite(alpha):
        return row | {"status": NOT_COMPUTABLE}
    low, high = feldt_interval(alpha, n, k, confidence=confidence)
    row |= {"alpha": alpha, "alpha_interval_low": low, "alpha_interval_high": high}
    omega = omega_one_factor(covariance)
    low, high = bonett_interval(omega, n, k, confidence=confidence)
    row |= {"omega": omega, "omega_interval_low": low, "omega_interval_high": high}
    row |= {"status": ESTIMATED}
    if is_reversed.any() and not is_reversed.all():
        row["alpha_unkeyed"] = cronbach_alpha(np.cov(lying, rowvar=False))
        row["halves_r"] = _between(covariance, is_reversed)
    return row


def _between(covariance: Floats, is_reversed: np.ndarray) -> float:
    """The correlation of the sum over one half of the items with the sum over the other."""
    one, other = is_reversed, ~is_reversed
    spread = covariance[np.ix_(one, one)].sum() * covariance[np.ix_(other, other)].sum()
    if spread <= NUMERICALLY_ZERO:
        return float("nan")
    return float(covariance[np.ix_(one, other)].sum() / np.sqrt(spread))


def _typed(rows: list[dict[str, object]]) -> pd.DataFrame:
    numbers = (
        "alpha",
        "alpha_interval_low",
        "alpha_interval_high",
        "alpha_unkeyed",
        "omega",
        "omega_interval_low",
        "omega_interval_high",
        "halves_r",
    )
    columns: dict[str, pd.Series] = {
        name: text([row[name] for row in rows])
        for name in ("stratum_kind", "stratum_id", "scale_id")
    }
    for name in ("sample_size", "item_count"):
        columns[name] = nullable_count(np.array([row[name] for row in rows], dtype=float))
    for name in numbers:
        values = np.array([row.get(name, np.nan) for row in rows], dtype=float)
        columns[name] = nullable_float(values, np.isfinite(values))
    columns["status"] = text([row["status"] for row in rows])
    return pd.DataFrame(columns)
