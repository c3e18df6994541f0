"""Relative weights: each predictor's share of what all explain together, though they overlap.

What belongs here: Johnson's weights from a correlation matrix and their sampling errors.
What does not: the regression they stand beside (``least_squares``), floors and statuses.

The errors are those of the delta method: the covariance of correlations of normal variables
(Olkin & Siotani 1976) through the weights' numerical gradient. It needs no rows, so a million
clients cost what a hundred do; resampling whole samples of them would not.
"""

import numpy as np

from orchestration.statistics import Floats

_STEP = 1e-5


def relative_weights(correlations: Floats) -> Floats:
    """Johnson (2000): the predictors' orthogonal counterparts, their weights carried back.

    Args:
        correlations: positive definite; the response first. Shape (1 + predictors,) twice.

    Returns:
        One weight per predictor, 0 or more; they sum to R squared.
    """
    made: Floats = _weights(correlations[None])[0]
    return made


def _weights(correlations: Floats) -> Floats:
    """The same for a stack of matrices; shape (matrices, predictors)."""
    values, vectors = np.linalg.eigh(correlations[:, 1:, 1:])
    roots = (vectors * np.sqrt(np.clip(values, 0, None))[:, None, :]) @ vectors.swapaxes(1, 2)
    slopes = np.linalg.solve(roots, correlations[:, 1:, :1])
    made: Floats = (roots**2 @ slopes**2)[:, :, 0]
    return made


def weight_errors(correlations: Floats, sample_size: float) -> Floats:
    """Standard errors of the weights, delta method under normality; shape (predictors,)."""
    size = len(correlations)
    left, right = np.triu_indices(size, 1)
    places = np.arange(len(left))
    moved = np.tile(correlations, (2, len(left), 1, 1))
    for sign, stack in zip((_STEP, -_STEP), moved, strict=True):
        stack[places, left, right] += sign
        stack[places, right, left] += sign
    above, below = (_weights(stack) for stack in moved)
    gradient = ((above - below) / (2 * _STEP)).T
    variances = np.einsum(
        "pi,ij,pj->p", gradient, correlation_covariance(correlations), gradient
    ) / (sample_size - 1)
    made: Floats = np.sqrt(np.clip(variances, 0, None))
    return made


def correlation_covariance(correlations: Floats) -> Floats:
    """Covariance of the correlations above the diagonal, times n (Olkin & Siotani 1976).

    Returns:
        Shape (pairs, pairs), pairs in the order of ``numpy.triu_indices``.
    """
    r = correlations
    i, j = np.triu_indices(len(r), 1)
    a, b = i[:, None], j[:, None]
    c, d = i[None, :], j[None, :]
    made: Floats = (
        0.5 * r[a, b] * r[c, d] * (r[a, c] ** 2 + r[a, d] ** 2 + r[b, c] ** 2 + r[b, d] ** 2)
        + r[a, c] * r[b, d]
        + r[a, d] * r[b, c]
        - r[a, b] * (r[a, c] * r[a, d] + r[b, c] * r[b, d])
        - r[c, d] * (r[a, c] * r[b, c] + r[a, d] * r[b, d])
    )
    return made
