"""Does one scale lead the other from wave to wave? Both cross paths, in two models.

What belongs here: how many waves a group supports, and the cross-lagged paths with their errors
(metrics.md 2.7, 7), from sums per number of waves.
What does not: the likelihood (``panel_model``), or which moments are waves (SQL).

``random_intercept`` asks whether a person who is above the own level on one scale is above (or
below) it on the other at the next wave; it needs three waves. ``plain`` mixes that with differences
between people that last, and finds paths where there are none (Hamaker, Kuiper & Grasman 2015); it
stands beside the other because earlier studies used it (Krieger et al. 2016).
"""

from collections.abc import Hashable

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    nullable_count,
    nullable_float,
    panel_model,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.block_sums import PAIR_KEYS, groups, product_names
from orchestration.statistics.intervals import t_interval

MOST_WAVES = 5
SCORES = ("one", *(f"{side}{t}" for t in range(1, MOST_WAVES + 1) for side in ("x", "y")))
SUMS = product_names("sum", SCORES)
MODELS = {"random_intercept": 3, "plain": 2}  # and the fewest waves of each
DIRECTIONS = {
    "process_to_outcome": (panel_model.Y_ON_X, 3),
    "outcome_to_process": (panel_model.X_ON_Y, 0),
}
METHOD = "cross_lagged_{}_full_information_maximum_likelihood"
EVIDENCE = "temporally ordered"


def estimate(sums: pd.DataFrame, *, minimum_clients: int, confidence: float = 0.95) -> pd.DataFrame:
    """Estimate both cross paths of each model in each group and pair of scales.

    As many waves are used (up to five) as ``minimum_clients`` people have.

    Args:
        sums: one row per ``PAIR_KEYS`` and ``wave_count`` (1 to 5; people with more stand at 5):
            ``SUMS``, sums over people of the products of two of ``SCORES``; those of waves that
            nobody in the row has are NULL. One episode per person.
        minimum_clients: floor on people with the waves a model needs.
        confidence: coverage of the interval, a proportion.

    Returns:
        One row per ``PAIR_KEYS``, model and direction: ``estimate`` (response points at a wave per
        point of the other scale one wave before), ``autoregression`` of the response,
        ``standard_error``, interval (normal), ``wave_count``, ``client_count`` (people with two
        waves or more), ``status``, ``reason`` where it is not_computable, ``method``,
        ``evidence_label``.

    Raises:
        ValueError: a column is missing or ``confidence`` is not between 0 and 1.
    """
    require_columns(sums, (*PAIR_KEYS, "wave_count", *SUMS))
    require_confidence(confidence)
    rows: list[dict[str, object]] = []
    for key, group in groups(sums, PAIR_KEYS, ("wave_count", *SUMS)):
        lengths, matrices = group["wave_count"], group.products("sum", SCORES)
        for model in MODELS:
            rows += _rows(key, lengths, matrices, model, minimum_clients)
    return _frame(rows, confidence)


def _rows(
    key: tuple[Hashable, ...],
    lengths: Floats,
    matrices: Floats,
    model: str,
    minimum_clients: int,
) -> list[dict[str, object]]:
    counts = np.nan_to_num(matrices[:, 0, 0])
    waves = _supported(lengths, counts, minimum_clients)
    fitted = None
    if waves >= MODELS[model]:
        moments = _moments(lengths, matrices, waves)
        fitted = panel_model.fit(moments, waves, has_intercept=model == "random_intercept")
    shared = dict(zip(PAIR_KEYS, key, strict=True)) | {
        "model": model,
        "wave_count": waves if waves >= MODELS[model] else np.nan,
        "client_count": float(counts[lengths > 1].sum()),
        "status": TOO_FEW,
        "reason": None,
        "method": METHOD.format(model),
    }
    if fitted is not None:
        shared |= {"status": NOT_COMPUTABLE, "reason": fitted.failure}
    found = []
    for direction, (cross, own) in DIRECTIONS.items():
        row = shared | {"direction": direction}
        if fitted is not None and fitted.failure is None:
            row |= {
                "estimate": fitted.parameters[cross],
                "autoregression": fitted.parameters[own],
                "standard_error": np.sqrt(fitted.covariance[cross, cross]),
                "status": ESTIMATED,
            }
        found.append(row)
    return found


def _supported(lengths: Floats, counts: Floats, minimum_clients: int) -> int:
    """The most waves that enough people have; 0 where two are too many."""
    for waves in range(MOST_WAVES, 1, -1):
        if counts[lengths >= waves].sum() >= max(minimum_clients, 2 * waves + 1):
            return waves
    return 0


def _moments(lengths: Floats, matrices: Floats, waves: int) -> list[panel_model.Moments]:
    """Moments of the people with 1, 2 ... waves; those with more than ``waves`` count at it."""
    found = []
    for length in range(1, waves + 1):
        taken = lengths >= waves if length == waves else lengths == length
        size = 1 + 2 * length
        total = matrices[taken, :size, :size].sum(axis=0)
        if not taken.any() or not total[0, 0] > 0:
            continue
        mean = total[0, 1:] / total[0, 0]
        covariance = total[1:, 1:] / total[0, 0] - np.outer(mean, mean)
        found.append(panel_model.Moments(float(total[0, 0]), mean, covariance))
    return found


def _frame(rows: list[dict[str, object]], confidence: float) -> pd.DataFrame:
    def column(name: str) -> Floats:
        return np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)

    known = np.array([row["status"] == ESTIMATED for row in rows], dtype=np.bool_)
    estimates, errors = column("estimate"), column("standard_error")
    infinite = np.full(len(rows), np.inf)
    low, high = t_interval(estimates, errors, infinite, confidence=confidence)
    columns = {key: text(row[key] for row in rows) for key in (*PAIR_KEYS, "model", "direction")}
    columns |= {
        "estimate": nullable_float(estimates, known),
        "autoregression": nullable_float(column("autoregression"), known),
        "standard_error": nullable_float(errors, known),
        "interval_low": nullable_float(low, known),
        "interval_high": nullable_float(high, known),
        "wave_count": nullable_count(column("wave_count")),
        "client_count": nullable_count(column("client_count")),
    }
    columns |= {name: text(row[name] for row in rows) for name in ("status", "reason", "method")}
    columns["evidence_label"] = text([EVIDENCE] * len(rows))
    return pd.DataFrame(columns)
