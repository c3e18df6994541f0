"""Many small systems of normal equations at once, as a bootstrap has them.

What belongs here: solving them all in a few passes over arrays.
What does not: what the equations are of (``mediation``), or one system by itself (``block_sums``).
"""

import numpy as np

from orchestration.statistics import Floats
from orchestration.statistics.block_sums import solve


def solved_each(left: Floats, right: Floats, *, is_checked: bool) -> Floats:
    """Coefficients of each system; NaN where one has none.

    Args:
        left: shape (samples, k, k), symmetric, no less than zero in any direction.
        right: shape (samples, k).
        is_checked: look for regressors that are copies of others, which takes time.
    """
    if not right.shape[1]:
        return right
    if is_checked:
        unsolved = np.full(right.shape[1], np.nan)
        each = [solve(a, b) for a, b in zip(left, right, strict=True)]
        return np.array([unsolved if b is None else b for b in each])
    diagonal = np.sqrt(np.maximum(np.einsum("sii->si", left), 0.0))
    scale = np.where(diagonal > 0, diagonal, 1.0)
    matrix = left / scale[:, :, None] / scale[:, None, :]
    found, determinant = _eliminated(matrix, right / scale)
    usable = (diagonal > 0).all(axis=1) & (np.abs(determinant) > 1e-12)
    return np.where(usable[:, None], found / scale, np.nan)


def _eliminated(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Solutions and determinants of many small symmetric systems at once.

    Elimination over all samples together is ten times faster than a solver called for each. It
    needs no exchange of rows, because no pivot of a matrix of products can grow.

    Args:
        left: shape (samples, k, k), no less than zero in any direction.
        right: shape (samples, k).

    Returns:
        Shapes (samples, k) and (samples,); where the determinant is zero the solution is anything.
    """
    size = right.shape[1]
    system = np.concatenate([left, right[..., None]], axis=2).transpose(1, 2, 0).copy()
    determinant = np.ones(len(right))
    # A pivot next to nothing makes numbers that nobody uses.
    with np.errstate(over="ignore", invalid="ignore"):
        for i in range(size):
            pivot = system[i, i].copy()
            determinant *= pivot
            system[i, i:] /= np.where(pivot == 0, 1.0, pivot)
            factor = system[:, i].copy()
            factor[i] = 0.0
            system[:, i:] -= factor[:, None] * system[i, i:]
    return system[:, size].T, determinant
