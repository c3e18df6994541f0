"""A random intercept by restricted maximum likelihood, from sums per length of episode.

What belongs here: the one likelihood, and its fit.
What does not: which columns are in the model (``within_models``).

An episode of n rows has the covariance sigma^2 (I + lambda 11'). Its inverse weighs the episode's
means by n / (1 + n lambda) and leaves what varies within it alone, so that sums over all episodes
of one length are enough, however many there are (Searle, Casella & McCulloch 1992, section 3.7).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize

from orchestration.statistics import NUMERICALLY_ZERO, Floats
from orchestration.statistics.block_sums import scaling, solve

# The largest ratio of variances between and within episodes that is looked for.
LARGEST_RATIO = 1e6


class RandomIntercept(NamedTuple):
    """Fixed effects, their standard errors, and both variances."""

    coefficients: Floats
    standard_errors: Floats
    ratio: float
    residual_variance: float


def fit_random_intercept(
    within: Floats, between: Floats, rows: Floats, episodes: Floats
) -> RandomIntercept | None:
    """Fit by REML; None where a coefficient is not determined or nothing is left over.

    Args:
        within: per length, products about episodes' means, regressors first and the response last,
            shape (lengths, k + 1, k + 1).
        between: per length, products of episodes' means, same order and shape.
        rows: rows in an episode of that length, shape (lengths,).
        episodes: how many episodes have it, shape (lengths,).
    """
    size = within.shape[-1] - 1
    freedom = float((rows * episodes).sum()) - size
    if not len(within) or freedom <= 0 or not np.isfinite(within + between).all():
        return None

    all_within, each_between = within.sum(axis=0), between.reshape(len(between), -1)

    def weighted(ratio: float) -> Floats:
        weights = rows / (1 + rows * ratio)
        total: Floats = all_within + (weights @ each_between).reshape(all_within.shape)
        return total

    whole = weighted(0.0)
    if scaling(whole[:size, :size]) is None:
        return None
    if whole[size, size] <= NUMERICALLY_ZERO * freedom:
        return None

    def left_over(ratio: float) -> tuple[Floats, float]:
        matrix = weighted(ratio)
        try:
            solved: Floats = np.linalg.solve(matrix[:size, :size], matrix[:size, size]).astype(
                float
            )
        except np.linalg.LinAlgError:
            return np.full(size, np.nan), np.nan
        return solved, float(matrix[size, size] - solved @ matrix[:size, size])

    def deviance(ratio: float) -> float:
        # One factor tells both: the determinant of the regressors' part, and what they leave over.
        try:
            pivots = np.linalg.cholesky(weighted(ratio)).diagonal()
        except np.linalg.LinAlgError:
            return np.inf
        logs = 2 * np.log(pivots)
        spread = (episodes * np.log1p(rows * ratio)).sum()
        return float(freedom * logs[-1] + spread + logs[:-1].sum())

    # Even of what varies within episodes something must be left, but for rounding.
    if not left_over(LARGEST_RATIO)[1] > NUMERICALLY_ZERO * whole[size, size]:
        return None
    ratio = _least(deviance)
    if ratio is None:
        return None
    coefficients, residual = left_over(ratio)
    variance = residual / freedom
    inverse = solve(weighted(ratio)[:size, :size], np.eye(size))
    if inverse is None:
        return None
    errors = np.sqrt(np.maximum(variance * np.diag(inverse), 0.0))
    return RandomIntercept(coefficients, errors, ratio, variance)


def _least(deviance: Callable[[float], float]) -> float | None:
    """The ratio of least deviance, zero included."""
    grid = np.concatenate([[0.0], np.geomspace(1e-4, LARGEST_RATIO, 11)])
    values = np.array([deviance(float(ratio)) for ratio in grid])
    if not np.isfinite(values).any():
        return None
    best = int(np.nanargmin(np.where(np.isfinite(values), values, np.nan)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(
        lambda power: deviance(float(np.exp(power))),
        bounds=(np.log(max(low, 1e-7)), np.log(max(high, 1e-7))),
        method="bounded",
        options={"xatol": 1e-9},
    )
    ratio = float(np.exp(found.x))
    return ratio if found.fun < values[0] else 0.0
