"""How much of what one thing goes with runs through another: the indirect path, and its reverse.

What belongs here: a, b, the direct and the indirect path, their percentile bootstrap, and the model
with mediator and outcome exchanged (metrics.md 2.7, 8), from sums over blocks of clients.
What does not: pairing and windows (SQL), or a claim of cause without a comparison arm.

Kinds of cause:

* ``time``: everybody before and after, nobody beside them. a is the mean change of the mediator, b
  the outcome's change per point of it at equal average mediator (Montoya & Hayes 2017).
* ``arm``: this arm against the program's others. a: mediator on arm, given its baseline; b: outcome
  on mediator, given arm and both baselines.
* ``scale``: as ``arm``, with the change on another scale in its place.
* ``delivery``, ``practice``: as ``arm``, with how much was delivered or practised up to the middle.

Windows: ``first_to_last`` takes mediator and outcome over the same time; in ``middle_then_last``
the mediator changes from first to middle score and the outcome from middle to last.

The bootstrap draws blocks of clients, which are clients where there are no more of them than
blocks: then it is the usual bootstrap of persons. Estimates are functions of sums, so a replicate
is a weighted sum of a thousand matrices and costs the same for a million people.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.block_sums import STRATUM_KEYS, Sums, groups, product_names
from orchestration.statistics.small_systems import solved_each

KEYS = (
    *STRATUM_KEYS,
    "cause_kind",
    "cause_id",
    "mediator_scale_id",
    "outcome_scale_id",
    "window_name",
)
# 1, the cause, the mediator's and the outcome's first, middle and last score. In first_to_last the
# middle ones are 0: nobody needs one there.
SCORES = ("one", "cause", "m0", "m1", "m2", "y0", "y1", "y2")
SUMS = product_names("sum", SCORES)
KINDS = ("time", "arm", "scale", "delivery", "practice")
WINDOWS = ("first_to_last", "middle_then_last")
METHOD = "product_of_paths_percentile_bootstrap"
# A replicate may draw only people of one arm. With more such replicates than this share the limits
# would tell of the rest only.
MOST_UNSOLVED = 0.01
PATHS = ("a", "b", "direct", "indirect")

Weighting = dict[str, float]


class _Equation(NamedTuple):
    """A response and its regressors, each a weighting of ``SCORES``; the wanted one first."""

    response: Weighting
    regressors: tuple[Weighting, ...]


def estimate(
    sums: pd.DataFrame,
    *,
    minimum_clients: int,
    replicates: int,
    seed: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate each mediation of each group.

    Args:
        sums: one row per ``KEYS`` and ``block``: ``client_count``, ``group_count`` (clients with
            cause 1, which a comparison of arms needs on both sides) and ``SUMS``, sums over
            episodes of the products of two of ``SCORES``.
        minimum_clients: floor on clients; for ``arm`` half of it on each side too.
        replicates: bootstrap samples.
        seed: of their random numbers; the same sums and seed give the same limits.
        confidence: coverage of the intervals, a proportion.

    Returns:
        One row per ``KEYS``: ``a``, ``b``, ``direct``, ``indirect`` with its interval,
        ``swapped_indirect`` with its own, ``sample_size`` (clients), ``status``, ``method``,
        ``evidence_label``: ``controlled`` for arms whose mediator was measured before the outcome,
        ``temporally ordered`` for other middle_then_last rows, else ``concurrent``.

    Raises:
        ValueError: a column is missing, a kind or window is not one of its words, or
            ``confidence`` is not between 0 and 1.
    """
    require_columns(sums, (*KEYS, "client_count", "group_count", *SUMS))
    require_confidence(confidence)
    for column, words in (("cause_kind", KINDS), ("window_name", WINDOWS)):
        if not sums[column].isin(words).all():
            message = f"{column} must be one of {', '.join(words)} on every row."
            raise ValueError(message)
    rows: list[dict[str, object]] = []
    for key, group in groups(sums, KEYS, ("client_count", "group_count", *SUMS)):
        keys = dict(zip(KEYS, key, strict=True))
        clients = group.total("client_count")
        beside = group.total("group_count")
        enough = clients >= max(minimum_clients, 3)
        if keys["cause_kind"] == "arm":
            enough &= min(beside, clients - beside) >= minimum_clients / 2
        kind, window = str(keys["cause_kind"]), str(keys["window_name"])
        found = None
        if enough:
            blocks = group.where(group["sum_one_one"] > 0)
            found = _mediation(blocks, kind, window, replicates, seed, confidence)
        status = ESTIMATED if found else NOT_COMPUTABLE if enough else TOO_FEW
        label = {"status": status, "evidence_label": _evidence(kind, window)}
        rows.append(keys | {"sample_size": clients} | label | (found or {}))
    return _frame(rows)


def _evidence(kind: str, window: str) -> str:
    if window == "first_to_last":
        return "concurrent"
    return "controlled" if kind == "arm" else "temporally ordered"


def _mediation(
    blocks: Sums, kind: str, window: str, replicates: int, seed: int, confidence: float
) -> Weighting | None:
    models = [_equations(kind, window, *scales) for scales in (("m", "y"), ("y", "m"))]
    names = _used(models)
    values = np.stack([blocks[name] for name in product_names("sum", names)], axis=-1)
    whole = _matrices(values.sum(axis=0, keepdims=True), len(names))
    samples = _matrices(_weights(len(values), replicates, seed) @ values, len(names))
    found: Weighting = {}
    for prefix, equations in zip(("", "swapped_"), models, strict=True):
        paths = _paths(whole, names, equations, kind, is_checked=True)[0]
        if not np.isfinite(paths).all():
            return None
        drawn = _paths(samples, names, equations, kind)[:, 3]
        drawn = drawn[np.isfinite(drawn)]
        if len(drawn) < (1 - MOST_UNSOLVED) * replicates:
            return None
        tail = (1 - confidence) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail])
        if not prefix:
            found |= dict(zip(PATHS, map(float, paths), strict=True))
        found |= {
            f"{prefix}indirect": float(paths[3]),
            f"{prefix}interval_low": float(low),
            f"{prefix}interval_high": float(high),
        }
    return found


def _used(models: list[tuple[_Equation, _Equation]]) -> tuple[str, ...]:
    """The scores that any equation needs, in their order."""
    used = {
        name
        for equations in models
        for equation in equations
        for weighting in (equation.response, *equation.regressors)
        for name in weighting
    }
    return tuple(name for name in SCORES if name in used)


def _matrices(values: Floats, size: int) -> Floats:
    """Symmetric matrices from their upper triangles, row by row."""
    i, j = np.triu_indices(size)
    found = np.empty((len(values), size, size))
    found[:, i, j] = values
    found[:, j, i] = values
    return found


@lru_cache(maxsize=8)
def _weights(blocks: int, replicates: int, seed: int) -> Floats:
    """How often each block is drawn in each replicate: shape (replicates, blocks)."""
    random = np.random.default_rng(seed)
    drawn = random.multinomial(blocks, np.full(blocks, 1 / blocks), size=replicates)
    return drawn.astype(np.float64)


def _equations(kind: str, window: str, mediator: str, outcome: str) -> tuple[_Equation, _Equation]:
    """The equation of a and that of b and the direct path."""
    is_ordered = window == "middle_then_last"
    m_from, m_to = f"{mediator}0", f"{mediator}{1 if is_ordered else 2}"
    y_from, y_to = f"{outcome}{1 if is_ordered else 0}", f"{outcome}2"
    one = {"one": 1.0}
    if kind == "time":
        change = {m_to: 1.0, m_from: -1.0}
        average = {m_to: 0.5, m_from: 0.5}
        return (
            _Equation(change, (one,)),
            _Equation({y_to: 1.0, y_from: -1.0}, (change, one, average)),
        )
    cause = {"cause": 1.0}
    return (
        _Equation({m_to: 1.0}, (cause, one, {m_from: 1.0})),
        _Equation({y_to: 1.0}, ({m_to: 1.0}, cause, one, {m_from: 1.0}, {y_from: 1.0})),
    )


def _paths(
    matrices: Floats,
    names: tuple[str, ...],
    equations: tuple[_Equation, _Equation],
    kind: str,
    *,
    is_checked: bool = False,
) -> Floats:
    """a, b, direct and indirect of each matrix of products; NaN where one is not determined.

    Args:
        matrices: shape (samples, names, names), ``one`` first.
        names: which scores the matrices are of.
        equations: of a, and of b and direct.
        kind: of the cause.
        is_checked: look for regressors that are copies of others, which takes time.

    Returns:
        Shape (samples, 4).
    """
    # About the mean, so that a constant does not eat the digits of what varies.
    means = matrices[:, 0] / matrices[:, :1, 0]
    centred = matrices - means[:, :, None] * means[:, None, :] * matrices[:, :1, :1]
    solved = []
    for equation in equations:
        rows = [row for row in equation.regressors if row != {"one": 1.0}]
        a = np.array([[row.get(name, 0.0) for name in names] for row in rows])
        a = a.reshape(len(rows), len(names))
        y = np.array([equation.response.get(name, 0.0) for name in names])
        # One product of two plain matrices for all samples, which is faster than one for each.
        half = (centred.reshape(-1, len(names)) @ np.vstack([a, y]).T).reshape(
            len(matrices), len(names), -1
        )
        both = np.einsum("ri,sic->src", a, half)
        solved.append((solved_each(both[:, :, :-1], both[:, :, -1], is_checked=is_checked), a, y))
    (first, _, response), (second, regressors, outcome) = solved
    if kind == "time":
        a_path = means @ response
        # The direct path is the mean change that is left at no change of the mediator: the average
        # mediator is held at its mean.
        direct = means @ outcome - second[:, 0] * (means @ regressors[0])
    else:
        a_path, direct = first[:, 0], second[:, 1]
    return np.stack([a_path, second[:, 0], direct, a_path * second[:, 0]], axis=-1)


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    numbers = (
        *PATHS,
        "interval_low",
        "interval_high",
        "swapped_indirect",
        "swapped_interval_low",
        "swapped_interval_high",
    )
    known = np.array([row["status"] == ESTIMATED for row in rows], dtype=np.bool_)

    def column(name: str) -> Floats:
        return np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)

    columns = {key: text(row[key] for row in rows) for key in KEYS}
    columns |= {name: nullable_float(column(name), known) for name in numbers}
    columns["sample_size"] = nullable_count(column("sample_size"))
    columns["status"] = text(row["status"] for row in rows)
    columns["method"] = text([METHOD] * len(rows))
    columns["evidence_label"] = text(row["evidence_label"] for row in rows)
    return pd.DataFrame(columns)
