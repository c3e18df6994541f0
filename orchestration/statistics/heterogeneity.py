"""How far do groups differ beyond chance? Variance between groups and what follows from it.

What belongs here: Q, tau squared and its limits, I squared, the range of another group, for effects
with known variances of any kind.
What does not: which effects (correlations in ``pooling``, slopes in ``moderation``), statuses.
"""

import numpy as np
from scipy import special

from orchestration.statistics import NUMERICALLY_ZERO, Floats

_STEPS = 200
_SMALLEST_STEP = 1e-13
# The grid of the prediction range: values of tau squared, of the mean for each, and halvings.
_TAUS, _MEANS, _HALVINGS = 60, 30, 34


def weighted_mean(effects: Floats, variances: Floats, tau_squared: float) -> float:
    """The mean of the effects, each weighed by one over its variance and tau squared."""
    weights = 1 / (variances + tau_squared)
    return float((weights * effects).sum() / weights.sum())


def generalised_q(effects: Floats, variances: Floats, tau_squared: float) -> float:
    """Weighted squares about the weighted mean; Cochran's Q where tau squared is 0."""
    weights = 1 / (variances + tau_squared)
    centre = (weights * effects).sum() / weights.sum()
    return float((weights * (effects - centre) ** 2).sum())


def tau_squared_at(effects: Floats, variances: Floats, targets: Floats) -> Floats:
    """The tau squared at which the generalised Q meets each target; 0 where it is below at 0.

    Q falls and is convex, so that Newton's steps from 0 never overshoot.

    Returns:
        Shape of ``targets``.
    """
    tau_squared = np.zeros(len(targets))
    for _ in range(_STEPS):
        weights = 1 / (variances + tau_squared[:, None])
        centre = (weights * effects).sum(axis=1) / weights.sum(axis=1)
        squares = (effects - centre[:, None]) ** 2
        excess = (weights * squares).sum(axis=1) - targets
        # The centre moves too, but where Q is least in it that moves Q by nothing.
        slope = np.maximum((weights**2 * squares).sum(axis=1), np.finfo(float).tiny)
        step = np.maximum(excess, 0.0) / slope
        if (step <= _SMALLEST_STEP * (tau_squared + _SMALLEST_STEP)).all():
            break
        tau_squared = tau_squared + step
    made: Floats = tau_squared
    return made


def paule_mandel(effects: Floats, variances: Floats) -> float:
    """The tau squared at which Q equals what it is expected to be, groups - 1; 0 or more."""
    return float(tau_squared_at(effects, variances, np.array([len(effects) - 1.0]))[0])


def dersimonian_laird(effects: Floats, variances: Floats) -> float:
    """(Q - df) / (sum w - sum w^2 / sum w), 0 or more."""
    weights = 1 / variances
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    excess = generalised_q(effects, variances, 0.0) - (len(effects) - 1)
    return float(max(0.0, excess / scale))


def hartung_knapp(effects: Floats, variances: Floats, tau_squared: float) -> tuple[float, float]:
    """The pooled mean and its standard error, from how far the groups really lie apart."""
    weights = 1 / (variances + tau_squared)
    q = generalised_q(effects, variances, tau_squared)
    error = np.sqrt(q / (len(effects) - 1) / weights.sum())
    return weighted_mean(effects, variances, tau_squared), float(error)


def tau_squared_limits(
    effects: Floats, variances: Floats, confidence: float
) -> tuple[float, float]:
    """Q-profile limits (Viechtbauer 2007): where Q meets the quantiles of chi-squared."""
    freedom = len(effects) - 1
    tail = (1 - confidence) / 2
    quantiles = np.array([special.chdtri(freedom, tail), special.chdtri(freedom, 1 - tail)])
    low, high = tau_squared_at(effects, variances, quantiles)
    return float(low), float(high)


def prediction_limits(effects: Floats, variances: Floats, confidence: float) -> tuple[float, float]:
    """Between which another group's true effect would lie: Nagashima, Noma & Furukawa (2019).

    tau squared is not taken as known: each of its values counts as far as Q speaks for it, with
    the Hartung-Knapp interval of the mean and the spread of groups that belong to it. Quantiles of
    that mixture, on a grid instead of by drawing. The usual formula with one tau squared (Higgins,
    Thompson & Spiegelhalter 2009) held 82-94 % where it claims 95 %
    (tests/benchmarks/calibration_changes.md has this one).

    Returns:
        Lower and upper limit.
    """
    freedom = len(effects) - 1
    chances = (np.arange(_TAUS) + 0.5) / _TAUS
    tau_squared = tau_squared_at(effects, variances, special.chdtri(freedom, chances))
    weights = 1 / (variances + tau_squared[:, None])
    total = weights.sum(axis=1)
    means = (weights * effects).sum(axis=1) / total
    q = (weights * (effects - means[:, None]) ** 2).sum(axis=1)
    errors = np.sqrt(q / freedom / total)
    steps = special.stdtrit(freedom, (np.arange(_MEANS) + 0.5) / _MEANS)
    centres = (means[:, None] + steps * errors[:, None]).ravel()
    spreads = np.repeat(np.maximum(np.sqrt(tau_squared), NUMERICALLY_ZERO), _MEANS)
    reach = 8 * spreads.max()
    limits = []
    for chance in ((1 - confidence) / 2, (1 + confidence) / 2):
        low, high = centres.min() - reach, centres.max() + reach
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = special.ndtr((middle - centres) / spreads).mean() < chance
            low, high = (middle, high) if below else (low, middle)
        limits.append(float((low + high) / 2))
    return limits[0], limits[1]


def i_squared_limits(q: float, count: int, confidence: float) -> tuple[float, float, float]:
    """I squared = (Q - df) / Q with test-based limits (Higgins & Thompson 2002), proportions."""
    freedom = count - 1
    estimate_ = max(0.0, (q - freedom) / q) if q > 0 else 0.0
    h = np.sqrt(max(q, 1e-300) / freedom)
    if q > count:
        error = 0.5 * (np.log(q) - np.log(freedom)) / (np.sqrt(2 * q) - np.sqrt(2 * count - 3))
    else:
        error = np.sqrt(1 / (2 * (count - 2)) * (1 - 1 / (3 * (count - 2) ** 2)))
    margin = special.ndtri(0.5 + confidence / 2) * error
    limits = [max(1.0, max(h, 1.0) * np.exp(sign * margin)) for sign in (-1, 1)]
    low, high = ((limit**2 - 1) / limit**2 for limit in limits)
    return estimate_, float(low), float(high)
