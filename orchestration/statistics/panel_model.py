"""Two series of a person, wave by wave: what their means and covariances must be, and the fit.

What belongs here: the covariance that a cross-lagged panel implies, with a random intercept or
without, its derivatives, and maximum likelihood from the moments of people with 1, 2, ... waves.
What does not: how many waves there are to be, or what a fit may be called (``cross_lagged``).

Within a person (x, y) at wave t + 1 is Phi times (x, y) at wave t plus a residual with covariance
Q, the same at all waves; the first wave has a covariance S of its own. A random intercept adds B,
the same at all waves, to every covariance (Hamaker, Kuiper & Grasman 2015); without it the panel is
the plain cross-lagged one. Means are free at each wave.

People with fewer waves are a group of their own with the first rows and columns of the same
matrices (full-information maximum likelihood): leaving because of what was measured at an earlier
wave then does no harm. Errors come from the observed information, as incomplete data ask
(Kenward & Molenberghs 1998).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import linalg

from orchestration.statistics import NUMERICALLY_ZERO, Floats

# Places of the parameters: Phi (x on x, x on y, y on x, y on y), S, Q, and B with an intercept.
PHI, START, RESIDUAL, INTERCEPT = slice(0, 4), slice(4, 7), slice(7, 10), slice(10, 13)
Y_ON_X, X_ON_Y = 2, 1
MOST_STEPS = 200
# Scores are in standard deviations here, so one number serves all scales.
SMALLEST_GRADIENT = 1e-9
DIFFERENCE = 1e-5

_SYMMETRIC = np.array([[[1.0, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]])


class Moments(NamedTuple):
    """Of the people with the same number of waves: how many, their means and their covariance.

    The order is x1, y1, x2, y2 ...; the covariance divides by the number of people.
    """

    people: float
    mean: Floats
    covariance: Floats


class Fit(NamedTuple):
    """Parameters and their covariance, both in the units of the scores; why there is none."""

    parameters: Floats
    covariance: Floats
    failure: str | None


def failed(reason: str) -> Fit:
    """No fit, and why."""
    return Fit(np.empty(0), np.empty((0, 0)), reason)


def implied(parameters: Floats, waves: int) -> tuple[Floats, Floats]:
    """The covariance matrix of all waves and its derivative by each parameter.

    With A = Phi below the diagonal, what a person deviates by is (I - A)^-1 times first deviation
    and residuals.

    Returns:
        Shapes (2 waves, 2 waves) and (parameters, 2 waves, 2 waves).
    """
    units = _units(waves)
    has_intercept = len(parameters) > INTERCEPT.start
    carried = np.linalg.inv(np.eye(2 * waves) - np.tensordot(parameters[PHI], units[PHI], axes=1))
    sources = slice(START.start, RESIDUAL.stop)
    within = carried @ np.tensordot(parameters[sources], units[sources], axes=1) @ carried.T
    slopes = np.empty((len(parameters), 2 * waves, 2 * waves))
    half = carried @ units[PHI] @ within
    slopes[PHI] = half + half.transpose(0, 2, 1)
    slopes[sources] = carried @ units[sources] @ carried.T
    if not has_intercept:
        return within, slopes
    slopes[INTERCEPT] = units[INTERCEPT]
    return within + np.tensordot(parameters[INTERCEPT], units[INTERCEPT], axes=1), slopes


@lru_cache(maxsize=8)
def _units(waves: int) -> Floats:
    """What each parameter adds to the matrix it stands in: shape (13, 2 waves, 2 waves)."""
    below = np.eye(waves, k=-1)
    first = np.diag(np.eye(waves)[0])
    corners = np.eye(2)[:, None, :, None] * np.eye(2)[None, :, None, :]
    phi = [np.kron(below, corners[i, j]) for i in range(2) for j in range(2)]
    places = (first, np.eye(waves) - first, np.ones((waves, waves)))
    return np.stack(phi + [np.kron(place, unit) for place in places for unit in _SYMMETRIC])


def fit(groups: list[Moments], waves: int, *, has_intercept: bool) -> Fit:
    """Maximum likelihood by Fisher scoring with damping.

    Args:
        groups: moments of people with each number of waves, none with more than ``waves``.
        waves: two or more; three or more with a random intercept.
        has_intercept: whether people have a lasting level.
    """
    groups = [group for group in groups if group.people > 0]
    unit = _spread(groups)
    if unit is None:
        return failed("no_spread")
    groups = [_in_units(group, unit) for group in groups]
    parameters = _start(has_intercept=has_intercept)
    means = _wave_means(groups, waves)
    state = _likelihood(parameters, means, groups, waves)
    if state is None:
        return failed("no_convergence")
    damping = 1e-3
    for _ in range(MOST_STEPS):
        value, gradient, information = state
        if np.abs(gradient).max() < SMALLEST_GRADIENT:
            break
        diagonal = np.diag(np.diag(information))
        try:
            step = linalg.solve(information + damping * diagonal, gradient, assume_a="pos")
        except (linalg.LinAlgError, ValueError):
            damping = damping * 10
            if damping > 1e8:
                return failed("no_convergence")
            continue
        size = len(parameters)
        moved = parameters - step[:size], means - step[size:]
        tried = _likelihood(*moved, groups, waves)
        if tried is None or tried[0] > value + 1e-14 * abs(value):
            damping *= 10
            if damping > 1e8:
                break
            continue
        (parameters, means), state = moved, tried
        damping = max(damping / 10, 1e-12)
    if np.abs(state[1]).max() > 1e-6:
        return failed("no_convergence")
    if not _is_proper(parameters):
        return failed("improper_solution")
    observed = _observed_information(parameters, means, groups, waves)
    covariance = _inverse(observed)
    if covariance is None:
        return failed("no_information")
    size = len(parameters)
    scale = _parameter_units(unit)[:size]
    return Fit(parameters * scale, covariance[:size, :size] * np.outer(scale, scale), None)


def _spread(groups: list[Moments]) -> Floats | None:
    """Standard deviations of x and y over all waves; None where one is constant or unknown."""
    if not groups or not all(
        np.isfinite(g.mean).all() and np.isfinite(g.covariance).all() for g in groups
    ):
        return None
    total = np.zeros(2)
    count = 0.0
    for group in groups:
        total += group.people * np.diag(group.covariance).reshape(-1, 2).sum(axis=0)
        count += group.people * len(group.mean) / 2
    unit = np.sqrt(total / max(count, 1.0))
    return unit if (unit > NUMERICALLY_ZERO).all() else None


def _in_units(group: Moments, unit: Floats) -> Moments:
    scale = np.tile(unit, len(group.mean) // 2)
    return Moments(group.people, group.mean / scale, group.covariance / np.outer(scale, scale))


def _parameter_units(unit: Floats) -> Floats:
    x, y = unit
    return np.array([1.0, x / y, y / x, 1.0] + 3 * [x * x, x * y, y * y])


def _start(*, has_intercept: bool) -> Floats:
    """Half of the variance lasting where there is an intercept, and a mild autoregression."""
    share = 0.5 if has_intercept else 1.0
    start = [0.3, 0.0, 0.0, 0.3, share, 0.0, share, 0.9 * share, 0.0, 0.9 * share]
    return np.array(start + ([0.5, 0.0, 0.5] if has_intercept else []))


def _wave_means(groups: list[Moments], waves: int) -> Floats:
    total, count = np.zeros(2 * waves), np.zeros(2 * waves)
    for group in groups:
        total[: len(group.mean)] += group.people * group.mean
        count[: len(group.mean)] += group.people
    mean: Floats = total / np.maximum(count, 1.0)
    return mean


def _likelihood(
    parameters: Floats, means: Floats, groups: list[Moments], waves: int
) -> tuple[float, Floats, Floats] | None:
    """Minus the log-likelihood per person (up to a constant), its gradient, expected information.

    None where the implied covariance is not positive definite.
    """
    sigma, slopes = implied(parameters, waves)
    size = len(parameters)
    total = sum(group.people for group in groups)
    value = 0.0
    gradient = np.zeros(size + 2 * waves)
    information = np.zeros((size + 2 * waves,) * 2)
    for group in groups:
        length = len(group.mean)
        try:
            factor = np.linalg.cholesky(sigma[:length, :length])
        except np.linalg.LinAlgError:
            return None
        root = np.linalg.inv(factor)
        inverse = root.T @ root
        away = group.mean - means[:length]
        spread = group.covariance + np.outer(away, away)
        weight = group.people / total
        logarithm = 2 * float(np.log(factor.diagonal()).sum())
        value += weight * 0.5 * (logarithm + float((inverse * spread).sum()))
        products = inverse @ slopes[:, :length, :length]
        turned = products.transpose(0, 2, 1).reshape(size, -1)
        middle = np.eye(length) - inverse @ spread
        gradient[:size] += weight * 0.5 * (turned @ middle.ravel())
        gradient[size : size + length] -= weight * (inverse @ away)
        information[:size, :size] += weight * 0.5 * (products.reshape(size, -1) @ turned.T)
        information[size : size + length, size : size + length] += weight * inverse
    if not np.isfinite(value):
        return None
    return value, gradient, information


def _is_proper(parameters: Floats) -> bool:
    """Whether every covariance among the parameters is one: no Heywood case."""
    places = [START, RESIDUAL] + ([INTERCEPT] if len(parameters) > INTERCEPT.start else [])
    for place in places:
        x, shared, y = parameters[place]
        if x <= 0 or y <= 0 or shared * shared >= x * y:
            return False
    return True


def _observed_information(
    parameters: Floats, means: Floats, groups: list[Moments], waves: int
) -> Floats:
    """Second derivatives of minus the log-likelihood of everybody.

    The covariance is linear in all parameters but Phi, so that second derivatives with none of
    Phi are zero and the others are differences of first derivatives by Phi.
    """
    sigma, slopes = implied(parameters, waves)
    size = len(parameters)
    bends = np.zeros((size, size, 2 * waves, 2 * waves))
    for i in range(PHI.start, PHI.stop):
        step = np.zeros(size)
        step[i] = DIFFERENCE
        upper, lower = (implied(parameters + side * step, waves)[1] for side in (1, -1))
        bends[i] = (upper - lower) / (2 * DIFFERENCE)
        bends[:, i] = bends[i]
    found = np.zeros((size + 2 * waves,) * 2)
    for group in groups:
        length = len(group.mean)
        inverse = np.linalg.inv(sigma[:length, :length])
        away = group.mean - means[:length]
        fit_of = inverse @ (group.covariance + np.outer(away, away))
        products = inverse @ slopes[:, :length, :length]
        curved = products @ (2 * fit_of - np.eye(length))
        turned = products.transpose(0, 2, 1).reshape(size, -1)
        pull = (inverse - fit_of @ inverse).ravel()
        bent = bends[:, :, :length, :length].reshape(size, size, -1) @ pull
        both = group.people * (products @ inverse @ away)
        at = slice(size, size + length)
        found[:size, :size] += group.people * 0.5 * (curved.reshape(size, -1) @ turned.T + bent)
        found[:size, at] += both
        found[at, :size] += both.T
        found[at, at] += group.people * inverse
    symmetric: Floats = (found + found.T) / 2
    return symmetric


def _inverse(information: Floats) -> Floats | None:
    try:
        factor = linalg.cho_factor(information)
    except (linalg.LinAlgError, ValueError):
        return None
    inverse: Floats = linalg.cho_solve(factor, np.eye(len(information)))
    return inverse
