"""Intervals around a correlation, a slope and a proportion.

What belongs here: closed formulas on arrays, each with its source.
What does not: when an estimate may be shown (the floors live with each ``estimate``), and any
resampling.

All functions work elementwise on arrays of one shape and give two arrays of that shape: the lower
and the upper limit. NaN, here and only inside this room, means "no interval".
"""

import numpy as np
from scipy import special

from orchestration.statistics import Floats, require_confidence


def _two_sided(confidence: float) -> float:
    require_confidence(confidence)
    return 0.5 + confidence / 2


def fisher_interval(
    correlation: Floats,
    sample_size: Floats,
    *,
    controlled_count: int = 0,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Limits of a correlation: tanh(atanh r -+ z / sqrt(n - 3 - k)), Fisher (1921; k: 1924).

    A correlation of exactly -1 or 1 has the limit of the formula as its interval, that is itself
    twice (as ``scipy.stats.pearsonr`` gives); with n pairs of real answers it means that the data
    are degenerate, not that nature is certain.

    Args:
        correlation: r, in -1..1; NaN gives no interval.
        sample_size: number of pairs, n. Needs n > 3 + ``controlled_count``, else no interval.
        controlled_count: k, how many variables a partial correlation holds constant.
        confidence: coverage, a proportion.

    Returns:
        Lower and upper limits, in -1..1, NaN where there is none.

    Raises:
        ValueError: ``confidence`` is not between 0 and 1.
    """
    z = special.ndtri(_two_sided(confidence))
    freedom = sample_size - 3 - controlled_count
    usable = (freedom > 0) & (np.abs(correlation) <= 1)
    # atanh(1) is infinite; it is tamed by tanh, so only the warning is silenced.
    with np.errstate(divide="ignore"):
        centre = np.arctanh(np.where(usable, correlation, 0.0))
    margin = z / np.sqrt(np.where(usable, freedom, 1.0))
    low = np.where(usable, np.tanh(centre - margin), np.nan)
    high = np.where(usable, np.tanh(centre + margin), np.nan)
    return low, high


def spearman_interval(
    correlation: Floats, sample_size: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of a rank correlation: tanh(atanh r -+ z sqrt((1 + r^2 / 2) / (n - 3))).

    Bonett & Wright (2000): Fisher's interval, widened because ranks are no normal variables.

    Args:
        correlation: rho, in -1..1; NaN gives no interval.
        sample_size: number of pairs, above 3, else no interval.
        confidence: coverage, a proportion.

    Returns:
        Lower and upper limits, in -1..1, NaN where there is none.

    Raises:
        ValueError: ``confidence`` is not between 0 and 1.
    """
    # The same interval with fewer pairs: (n - 3) / (1 + r^2 / 2) + 3 of them.
    shrunk = (sample_size - 3) / (1 + correlation**2 / 2) + 3
    return fisher_interval(correlation, shrunk, confidence=confidence)


def t_interval(
    estimate: Floats,
    standard_error: Floats,
    degrees_of_freedom: Floats,
    *,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Limits of a mean or a slope: estimate -+ t(df) x standard error, Student (1908).

    A standard error of 0 gives the estimate itself twice.

    Args:
        estimate: in its own unit; NaN gives no interval.
        standard_error: same unit, 0 or more, else no interval.
        degrees_of_freedom: above 0, else no interval; need not be whole.
        confidence: coverage, a proportion.

    Returns:
        Lower and upper limits in the unit of ``estimate``, NaN where there is none.

    Raises:
        ValueError: ``confidence`` is not between 0 and 1.
    """
    probability = _two_sided(confidence)
    usable = (degrees_of_freedom > 0) & (standard_error >= 0) & np.isfinite(estimate)
    margin = special.stdtrit(np.where(usable, degrees_of_freedom, 1.0), probability) * (
        np.where(usable, standard_error, np.nan)
    )
    return estimate - margin, estimate + margin


def wilson_interval(
    count: Floats, total: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of a proportion, Wilson (1927), without continuity correction.

    [2x + z^2 -+ z sqrt(z^2 + 4x(1 - x/n))] / [2(n + z^2)], the form in which public health uses it
    (PHEindicatormethods); 9 of 20 gives .258 to .658.

    Args:
        count: x, people with the outcome, 0..total, else no interval.
        total: n, people asked, above 0, else no interval.
        confidence: coverage, a proportion.

    Returns:
        Lower and upper limits as proportions in 0..1, NaN where there is none.

    Raises:
        ValueError: ``confidence`` is not between 0 and 1.
    """
    z = special.ndtri(_two_sided(confidence))
    usable = (total > 0) & (count >= 0) & (count <= total)
    x = np.where(usable, count, 0.0)
    n = np.where(usable, total, 1.0)
    margin = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
    low = (2 * x + z**2 - margin) / (2 * (n + z**2))
    high = (2 * x + z**2 + margin) / (2 * (n + z**2))
    # 0 of n and n of n end exactly at 0 and 1; rounding may step an ulp beyond.
    return (
        np.where(usable, np.clip(low, 0.0, 1.0), np.nan),
        np.where(usable, np.clip(high, 0.0, 1.0), np.nan),
    )
