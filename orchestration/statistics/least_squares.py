"""Least squares in two forms: from a covariance matrix, and from rows with a robust interval.

What belongs here: coefficients, their standard errors, and the refusal of predictors that cannot
be told apart. What does not: which predictors (each ``estimate`` says), floors, statuses.

Heteroscedasticity-consistent errors are HC3 (MacKinnon & White 1985), the form to use below 250
cases (Long & Ervin 2000). Relations keep one episode per client, so that clusters are clients of
one row and a cluster-robust error would be the same with another small-sample factor.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from orchestration.statistics import NUMERICALLY_ZERO, Floats

# A predictor of which the others explain all but this share has no slope of its own: what is left
# is rounding. A variance inflation beyond 1e8 has no use to anybody.
SMALLEST_TOLERANCE = 1e-8


class Fit(NamedTuple):
    """One regression: slopes without the intercept, in the order of the predictors.

    Attributes:
        slopes, standard_errors: shape (predictors,), in units of response per predictor.
        tolerances: share of each predictor's variance that the others leave, 0-1.
        r_squared: share of the response's variance explained, 0-1.
        freedom: residual degrees of freedom.
    """

    slopes: Floats
    standard_errors: Floats
    tolerances: Floats
    r_squared: float
    freedom: float


class RowFit(NamedTuple):
    """One regression on rows, the intercept among the coefficients where it is among the columns.

    Attributes:
        coefficients: shape (columns,).
        covariance: HC3, shape (columns, columns).
        freedom: rows - columns.
    """

    coefficients: Floats
    covariance: Floats
    freedom: int


def correlation_matrix(covariance: Floats) -> Floats | None:
    """Correlations of a covariance matrix; None where a variable does not vary."""
    if not np.isfinite(covariance).all():
        return None
    spread = np.sqrt(np.clip(np.diag(covariance), 0, None))
    if (spread <= NUMERICALLY_ZERO).any():
        return None
    made: Floats = np.clip(covariance / np.outer(spread, spread), -1.0, 1.0)
    np.fill_diagonal(made, 1.0)
    return made


def fit_moments(covariance: Floats, sample_size: float) -> Fit | None:
    """Ordinary least squares of the first variable on all others, with an intercept.

    Args:
        covariance: n - 1 in the divisor; the response first. Shape (1 + predictors,) twice.
        sample_size: n, above 1 + predictors.

    Returns:
        The fit; None where a variable does not vary, predictors are collinear or n is too small.
    """
    correlations = correlation_matrix(covariance)
    predictors = len(covariance) - 1
    freedom = sample_size - 1 - predictors
    if correlations is None or freedom < 1 or predictors < 1:
        return None
    inverse = invert_correlations(correlations[1:, 1:])
    if inverse is None:
        return None
    standardised = inverse @ correlations[1:, 0]
    explained = float(np.clip(correlations[1:, 0] @ standardised, 0.0, 1.0))
    spread = np.sqrt(np.diag(covariance))
    ratio = spread[0] / spread[1:]
    errors = np.sqrt((1 - explained) / freedom * np.diag(inverse))
    return Fit(
        standardised * ratio, errors * ratio, 1 / np.diag(inverse), explained, float(freedom)
    )


def invert_correlations(correlations: Floats) -> Floats | None:
    """The inverse; None where a variable is a sum of the others."""
    values = np.linalg.eigvalsh(correlations)
    if values[0] <= SMALLEST_TOLERANCE:
        return None
    inverse: Floats = np.asarray(np.linalg.inv(correlations), dtype=np.float64)
    return inverse if (1 / np.diag(inverse) > SMALLEST_TOLERANCE).all() else None


def fit_rows(columns: Floats, response: Floats, weights: Floats | None = None) -> RowFit | None:
    """Least squares on rows, weighted or not, with HC3 errors.

    Args:
        columns: shape (rows, columns); an intercept is a column of ones.
        response: shape (rows,).
        weights: of each row, above 0; None weighs all alike.

    Returns:
        The fit; None for no more rows than columns, collinear columns, or a response or predictor
        that is not finite.
    """
    rows, width = columns.shape
    if rows <= width or not np.isfinite(columns).all() or not np.isfinite(response).all():
        return None
    root = np.ones(rows) if weights is None else np.sqrt(weights)
    # Scaled to one length each, so that "collinear" does not depend on units.
    x: Floats = columns * root[:, None]
    y: Floats = response * root
    lengths: Floats = np.sqrt((x**2).sum(axis=0))
    if (lengths <= NUMERICALLY_ZERO).any():
        return None
    x = x / lengths
    product = x.T @ x
    if np.linalg.eigvalsh(product)[0] <= SMALLEST_TOLERANCE:
        return None
    inverse: Floats = np.asarray(np.linalg.inv(product), dtype=np.float64)
    coefficients: Floats = inverse @ (x.T @ y)
    residuals = y - x @ coefficients
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    # A row that determines a coefficient by itself leaves no residual to divide.
    kept = np.maximum(1 - leverage, NUMERICALLY_ZERO)
    scores = x * (residuals / kept)[:, None]
    covariance = inverse @ (scores.T @ scores) @ inverse
    return RowFit(
        coefficients / lengths, covariance / np.outer(lengths, lengths), int(rows - width)
    )


def t_limits(
    estimate: float, variance: float, freedom: float, confidence: float
) -> tuple[float, float]:
    """Two-sided limits of one coefficient."""
    margin = special.stdtrit(freedom, 0.5 + confidence / 2) * np.sqrt(max(variance, 0.0))
    return float(estimate - margin), float(estimate + margin)


def two_sided_p(estimate: float, variance: float, freedom: float) -> float:
    """P(|t| at least this large) with no effect; NaN without a spread."""
    if not variance > 0:
        return float("nan")
    return float(2 * special.stdtr(freedom, -abs(estimate) / np.sqrt(variance)))
