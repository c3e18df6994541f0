"""Sums over blocks of clients: how they enter, and regression with robust errors from them.

What belongs here: the names of such sums, matrices made of them, and the one regression (ordinary
or with instruments) that needs nothing else.
What does not: which regression answers which question (the modules that call this).

A block is a set of clients that share nothing with any other block. With no more clients than
blocks each client is a block, and the errors are those of clustering by client; with more, clients
are dealt into blocks at random, and the sum over blocks of squared scores still estimates what the
sum over clients does (Wolter 2007, Introduction to Variance Estimation, chapter 2: random groups),
with a relative error of sqrt(1 / 2 blocks) in the standard error: 2 % for a thousand blocks. So a
warehouse hands over a thousand rows for a group, however many people are in it.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
import pandas as pd

from orchestration.statistics import Flags, Floats, floats

# Beyond this the equations say nothing of some coefficient: a regressor is a copy of the others.
LARGEST_CONDITION = 1e9
FEWEST_BLOCKS = 2

STRATUM_KEYS = ("stratum_kind", "stratum_id")
PAIR_KEYS = (*STRATUM_KEYS, "process_scale_id", "outcome_scale_id")


class Regression(NamedTuple):
    """A solved regression: coefficients, their covariance, and degrees of freedom."""

    coefficients: Floats
    covariance: Floats
    freedom: float


def product_names(prefix: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names of the sums of products of ``names``, each pair once: ``prefix_a_b``."""
    return tuple(f"{prefix}_{a}_{b}" for a, b in combinations_with_replacement(names, 2))


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of one group: a table of numbers, a row per block (or other part) of it.

    Attributes:
        values: shape (rows, columns).
        places: which column holds which sum.
    """

    values: Floats
    places: Mapping[str, int]

    def __getitem__(self, name: str) -> Floats:
        """One sum, by row."""
        column: Floats = self.values[:, self.places[name]]
        return column

    def total(self, name: str) -> float:
        """One sum over all rows, the unknown left out."""
        return float(np.nansum(self[name]))

    def where(self, taken: Flags) -> "Sums":
        """Some of the rows."""
        return Sums(self.values[taken], self.places)

    def products(self, prefix: str, names: Sequence[str]) -> Floats:
        """Symmetric matrices of the sums of products of ``names``: shape (rows, names, names)."""
        size = len(names)
        found = np.zeros((len(self.values), size, size))
        for (i, a), (j, b) in combinations_with_replacement(list(enumerate(names)), 2):
            found[:, i, j] = found[:, j, i] = self[f"{prefix}_{a}_{b}"]
        return found


def groups(
    frame: pd.DataFrame, keys: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[tuple[Hashable, ...], Sums]]:
    """The sums of each group, groups in the order of their keys; an unknown key is a key.

    Args:
        frame: with the columns ``keys`` and ``names``.
        keys: what makes a group.
        names: the sums.
    """
    ordered = frame.sort_values(list(keys), kind="stable", ignore_index=True)
    values = np.empty((len(ordered), len(names)))
    for place, name in enumerate(names):
        values[:, place] = floats(ordered, name)
    places = {name: place for place, name in enumerate(names)}
    grouped = ordered.groupby(list(keys), sort=True, dropna=False).indices
    for key in grouped:
        yield key if isinstance(key, tuple) else (key,), Sums(values[grouped[key]], places)


def solve(left: Floats, right: Floats) -> Floats | None:
    """Coefficients of ``left @ b = right``; None where they are not determined.

    Args:
        left: shape (k, k); need not be symmetric (instruments by regressors).
        right: shape (k,) or (k, m).
    """
    scaled = scaling(left)
    if scaled is None:
        return None
    by_row, by_column, matrix = scaled
    turned = (right.T / by_row).T
    solved: Floats = (np.linalg.solve(matrix, turned).T / by_column).T
    return solved if np.isfinite(solved).all() else None


def scaling(left: Floats) -> tuple[Floats, Floats, Floats] | None:
    """Row and column norms and the matrix freed of them; None where it is singular."""
    if not np.isfinite(left).all():
        return None
    by_column = np.sqrt((left**2).sum(axis=0))
    if (by_column <= 0).any():
        return None
    matrix = left / by_column
    by_row = np.sqrt((matrix**2).sum(axis=1))
    if (by_row <= 0).any():
        return None
    matrix = matrix / by_row[:, None]
    if np.linalg.cond(matrix) > LARGEST_CONDITION:
        return None
    return by_row, by_column, matrix


def regression(left: Floats, right: Floats, row_count: float) -> Regression | None:
    """Solve sum(left) b = sum(right) with errors robust to anything within a block.

    The covariance is the sandwich of Liang & Zeger (1986) with the small-sample factor
    G/(G-1) x (N-1)/(N-K) that Stata and statsmodels use.

    Args:
        left: per block, regressors' (or instruments') products with regressors, shape (G, k, k).
        right: per block, their products with the response, shape (G, k).
        row_count: N, the rows that the sums are taken over.

    Returns:
        The regression; None where it has no solution or too few blocks or rows.
    """
    # An unknown sum is not zero: it stays, and nothing is computable.
    taken = np.abs(left).sum(axis=(1, 2)) + np.abs(right).sum(axis=1) != 0
    left, right = left[taken], right[taken]
    blocks, size = len(left), left.shape[-1]
    if blocks < FEWEST_BLOCKS or row_count <= size:
        return None
    coefficients = solve(left.sum(axis=0), right.sum(axis=0))
    if coefficients is None:
        return None
    scores = right - left @ coefficients
    # The bread on both sides of each score, instead of an inverse: B^-1 u, block by block.
    influences = solve(left.sum(axis=0), scores.T)
    if influences is None:
        return None
    factor = blocks / (blocks - 1) * (row_count - 1) / (row_count - size)
    return Regression(coefficients, factor * (influences @ influences.T), blocks - 1.0)
