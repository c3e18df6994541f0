"""Does one person's course differ from the mean course? A random slope and its uncertainty.

What belongs here: the two-level linear model score ~ time + (time | episode), fitted by restricted
maximum likelihood from sums per episode, and each episode's predicted slope.
What does not: which class a slope is (SQL does), or adding up the sums (SQL does).

The likelihood needs only the sums of time, score, their squares and product over an episode's
forms, so an episode costs the same however many forms it has. Notation as in Bates et al. (2015, J
Stat Softw 67:1, section 2): the covariance of an episode's random intercept and slope is
sigma^2 Lambda Lambda' with Lambda lower-triangular.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Floats,
    floats,
    nullable_float,
    require_columns,
    text,
)

KEYS = ("episode_id", "scale_id")
SUMS = (
    "occasion_count",
    "moment_sum",
    "moment_sum_squares",
    "score_sum",
    "score_sum_squares",
    "moment_score_sum",
)
FIXED_EFFECTS = 2
# A slope variance below this share of the residual variance (time in its own standard deviations)
# is what an optimiser leaves of zero: nobody then differs from the mean course.
NO_SPREAD = 1e-6
DIGITS = 6


def estimate(moments: pd.DataFrame, *, minimum_clients: int) -> pd.DataFrame:
    """Predict each episode's slope on each scale.

    The index is the predicted deviation from the mean slope (best linear unbiased prediction)
    divided by its conditional standard deviation, as ``lme4::ranef(condVar = TRUE)`` gives both:
    the variances count as known. It asks whether a course differs from the mean course, not whether
    there was a change.

    Args:
        moments: one row per episode and scale, with ``KEYS`` and ``SUMS``; time in any unit, the
            same for all episodes of a scale. At least two different times in each row.
        minimum_clients: fewest episodes of a scale to fit the model on.

    Returns:
        One row per input row, ordered by scale and episode: ``KEYS``, ``slope`` (mean slope plus
        the deviation, score points per unit of time), ``slope_deviation``, ``conditional_sd``,
        ``reliable_change_index`` (rounded to six digits, for an optimiser ends where it ends),
        ``status``: ``estimated``, ``too_few`` (fewer episodes than the floor) or
        ``not_computable`` (slopes do not differ between episodes, or nothing is left over).

    Raises:
        ValueError: a column is missing.
    """
    require_columns(moments, (*KEYS, *SUMS))
    # In one order, so that floating-point sums are the same from run to run.
    ordered = moments.sort_values(["scale_id", "episode_id"], ignore_index=True)
    found = {
        name: np.full(len(ordered), np.nan)
        for name in ("slope", "slope_deviation", "conditional_sd")
    }
    status = np.full(len(ordered), TOO_FEW, dtype=object)
    for _, rows in ordered.groupby("scale_id", sort=True):
        if len(rows) < max(minimum_clients, FIXED_EFFECTS + 1):
            continue
        fitted = _fit(np.column_stack([floats(rows, name) for name in SUMS]))
        status[rows.index] = NOT_COMPUTABLE if fitted is None else ESTIMATED
        if fitted is not None:
            for name, values in zip(found, fitted, strict=True):
                found[name][rows.index] = values
    known = status == ESTIMATED
    with np.errstate(invalid="ignore"):
        index = np.round(found["slope_deviation"] / found["conditional_sd"], DIGITS)
    columns = {key: text(ordered[key]) for key in KEYS}
    columns |= {
        name: nullable_float(np.round(values, DIGITS), known) for name, values in found.items()
    }
    columns["reliable_change_index"] = nullable_float(index, known)
    columns["status"] = text(str(word) for word in status)
    return pd.DataFrame(columns)


def _fit(sums: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Slopes, deviations and their conditional SDs of one scale; None where they cannot be had.

    Args:
        sums: shape (episodes, 6), columns as ``SUMS``.
    """
    count, time, time_squares, score, score_squares, product = sums.T
    total = count.sum()
    # Centred and in standard deviations: the optimiser then works with numbers near 1.
    centre = time.sum() / total
    variance = time_squares.sum() / total - centre**2
    if variance <= NUMERICALLY_ZERO:
        return None
    unit = np.sqrt(variance)
    level = score.sum() / total
    t = (time - centre * count) / unit
    tt = (time_squares - 2 * centre * time + centre**2 * count) / variance
    y = score - level * count
    yy = score_squares - 2 * level * score + level**2 * count
    ty = (product - centre * score - level * (time - centre * count)) / unit
    gram = np.stack([np.stack([count, t], -1), np.stack([t, tt], -1)], -2)
    cross = np.stack([y, ty], -1)

    if yy.sum() <= NUMERICALLY_ZERO * total:
        return None
    result = optimize.minimize(
        lambda theta: _deviance(_solve(theta, gram, cross, yy), total),
        x0=np.array([1.0, 0.0, 0.5]),
        method="L-BFGS-B",
        bounds=[(0.0, None), (None, None), (0.0, None)],
        options={"ftol": 1e-13, "gtol": 1e-7},
    )
    shrink, _, fixed, residual = _solve(result.x, gram, cross, yy)
    sigma_squared = residual / (total - FIXED_EFFECTS)
    spread = result.x[1] ** 2 + result.x[2] ** 2
    if spread <= NO_SPREAD or sigma_squared <= NUMERICALLY_ZERO:
        return None
    effects = np.einsum("ijk,ik->ij", shrink, cross - gram @ fixed)
    conditional_sd = np.sqrt(sigma_squared * shrink[:, 1, 1])
    return (fixed[1] + effects[:, 1]) / unit, effects[:, 1] / unit, conditional_sd / unit


def _solve(
    theta: Floats, gram: Floats, cross: Floats, score_squares: Floats
) -> tuple[Floats, float, Floats, float]:
    """Everything that follows from the relative covariance factor ``theta``.

    Returns:
        M = Lambda (I + Lambda' Z'Z Lambda)^-1 Lambda' for each episode, shape (episodes, 2, 2); the
        sum of log determinants, that of the fixed effects included; the fixed effects; the
        penalised residual sum of squares.
    """
    factor = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    inner = np.eye(2) + factor.T @ gram @ factor
    determinant = inner[:, 0, 0] * inner[:, 1, 1] - inner[:, 0, 1] * inner[:, 1, 0]
    adjugate = np.stack(
        [
            np.stack([inner[:, 1, 1], -inner[:, 0, 1]], -1),
            np.stack([-inner[:, 1, 0], inner[:, 0, 0]], -1),
        ],
        -2,
    )
    shrink: NDArray[np.float64] = factor @ (adjugate / determinant[:, None, None]) @ factor.T
    shrunk = gram @ shrink
    left = (gram - shrunk @ gram).sum(axis=0)
    right = (cross - np.einsum("ijk,ik->ij", shrunk, cross)).sum(axis=0)
    fixed = np.linalg.solve(left, right)
    explained = np.einsum("ij,ijk,ik->i", cross, shrink, cross)
    residual = float((score_squares - explained).sum() - right @ fixed)
    log_determinant = float(np.log(determinant).sum() + np.linalg.slogdet(left)[1])
    return shrink, log_determinant, fixed, residual


def _deviance(solved: tuple[Floats, float, Floats, float], total: float) -> float:
    """Minus twice the restricted log-likelihood, up to a constant, the residual profiled out."""
    _, log_determinant, _, residual = solved
    freedom = total - FIXED_EFFECTS
    return log_determinant + freedom * float(np.log(max(residual, NUMERICALLY_ZERO**2)))
