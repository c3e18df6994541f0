"""How large was the change of a group, in standard deviations: four ways, each by its full name.

What belongs here: standardised mean differences of pairs with Hedges' correction and their
intervals (metrics.md 2.4, as coded in easystats/effectsize R/repeated_measures_d.R).
What does not: adding up the pairs (SQL does), severity adjustment, rates (``program_outcomes``).

One data set gives four different numbers, on the golden vectors up to a third apart, so none of
them is called "the" effect size.
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

KEYS = (
    "program_id",
    "stratum_kind",
    "stratum_id",
    "period_kind",
    "period",
    "population",
    "scale_id",
)
MOMENTS = (
    "pairs_count",
    "unpaired_count",
    "first_sd",
    "last_sd",
    "improvement_mean",
    "improvement_sd",
)
METHOD = "hedges_corrected"


def estimate(
    moments: pd.DataFrame, *, minimum_pairs: int, confidence: float = 0.95
) -> pd.DataFrame:
    """The four effect sizes of every group and scale, positive where people got better.

    With D the mean improvement, s_D its SD, s1 and s2 the SDs before and after, f = 2 (1 - rho):
    ``effect_size_change_sd`` D / s_D (d_z), ``effect_size_average_sd`` D / sqrt((s1^2 + s2^2) / 2)
    (d_av), ``effect_size_baseline_sd`` D / s1 (d_b; Becker, Glass), ``effect_size_raw_score_sd``
    d_z x sqrt(f) (d_rm). Each is multiplied, with its interval d -+ z se, by Hedges' exact J.

    Args:
        moments: one row per group and scale with ``KEYS`` and ``MOMENTS``; unknown is NULL or NaN.
        minimum_pairs: fewest pairs for an estimate.
        confidence: coverage of the intervals, a proportion.

    Returns:
        One row per group, scale and effect size: ``KEYS``, ``metric_id``, ``estimate``,
        ``uncorrected_estimate`` (before Hedges' J), ``interval_low``, ``interval_high``,
        ``sample_size`` (pairs), ``missing_count`` (courses with a first score only), ``status``
        (``estimated``, ``too_few``, ``not_computable``: no spread), ``method``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(moments, (*KEYS, *MOMENTS))
    require_confidence(confidence)
    given = {name: floats(moments, name) for name in MOMENTS}
    pairs = given["pairs_count"]
    mean, spread = given["improvement_mean"], given["improvement_sd"]
    first, last = given["first_sd"], given["last_sd"]
    is_enough = pairs >= max(minimum_pairs, 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        # rho from the three SDs: the variance of a difference holds it.
        rho = (first**2 + last**2 - spread**2) / (2 * first * last)
        f = 2 * (1 - np.clip(rho, -1, 1))
        average = np.sqrt((first**2 + last**2) / 2)
        d_z = mean / spread
        d_b = mean / first
        d_rm = d_z * np.sqrt(f)
        sizes = {
            "effect_size_change_sd": (d_z, np.sqrt(1 / pairs + d_z**2 / (2 * pairs)), spread),
            "effect_size_average_sd": (
                mean / average,
                spread / np.sqrt(pairs) / average,
                average,
            ),
            "effect_size_baseline_sd": (d_b, np.sqrt(f / pairs + d_b**2 / (2 * pairs)), first),
            "effect_size_raw_score_sd": (
                d_rm,
                np.sqrt((1 / pairs + d_rm**2 / (2 * pairs)) * f),
                np.minimum(spread, np.minimum(first, last)),
            ),
        }
    correction = hedges_correction(pairs - 1)
    z = special.ndtri(0.5 + confidence / 2)
    frames = []
    for metric_id, (size, error, divisor) in sizes.items():
        has_spread = np.isfinite(size) & np.isfinite(error) & (divisor > NUMERICALLY_ZERO)
        known = is_enough & has_spread
        margin = z * np.where(known, error, np.nan)
        columns = {key: text(moments[key]) for key in KEYS}
        columns["metric_id"] = text([metric_id] * len(moments))
        columns["estimate"] = nullable_float(size * correction, known)
        columns["uncorrected_estimate"] = nullable_float(size, known)
        columns["interval_low"] = nullable_float((size - margin) * correction, known)
        columns["interval_high"] = nullable_float((size + margin) * correction, known)
        columns["sample_size"] = nullable_count(pairs)
        columns["missing_count"] = nullable_count(given["unpaired_count"])
        columns["status"] = text(
            np.where(is_enough, np.where(has_spread, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)
        )
        columns["method"] = text([METHOD] * len(moments))
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def hedges_correction(freedom: Floats) -> Floats:
    """Hedges' exact J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)); NaN up to one degree.

    Args:
        freedom: degrees of freedom, df; any shape.

    Returns:
        J, between 0 and 1, in the shape of ``freedom``.
    """
    usable = freedom > 1
    df = np.where(usable, freedom, 2.0)
    exact = np.exp(
        special.gammaln(df / 2) - np.log(np.sqrt(df / 2)) - special.gammaln((df - 1) / 2)
    )
    return np.where(usable, exact, np.nan)
