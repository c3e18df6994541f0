"""Does early change on one scale foretell how fast the other goes on changing, and the reverse?

What belongs here: the slope after the early weeks regressed on change within them (Kelly, Carter &
Borairi 2014; metrics.md 2.7, 5), from sums over blocks of clients.
What does not: which weeks are early and which scores are later (SQL), or any claim of cause.

The model is y_it = a_i + t (b1 + b2 e_i + b3 s_i + b4 y_i0) + error over the later scores only:
e is the early change of the predictor, s the early change and y_0 the baseline of the response. b2
is reported. Every episode has an intercept of its own, so nothing between people leaks into a
slope; errors are robust within clients, so slopes may differ between people for other reasons. With
the same later visits for everybody b2 is that of the random-slope model, to the digit.
"""

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.block_sums import (
    PAIR_KEYS,
    groups,
    product_names,
    regression,
)
from orchestration.statistics.intervals import t_interval

KEYS = (*PAIR_KEYS, "direction")
# What a later slope is predicted from: 1, the predictor's and the response's own early change, the
# response's baseline.
PREDICTORS = ("one", "early", "own", "baseline")
TIMED = product_names("timed", PREDICTORS)
SLOPED = tuple(f"sloped_{name}" for name in PREDICTORS)
COUNTS = ("client_count", "occasion_count")
METHOD = "later_slope_on_early_change_cluster_robust"
EVIDENCE = "temporally ordered"


def estimate(
    sums: pd.DataFrame, *, window: str, minimum_clients: int, confidence: float = 0.95
) -> pd.DataFrame:
    """Estimate each direction of each pair in each group.

    Args:
        sums: one row per ``KEYS`` and ``block``: ``timed_a_b``, sums over episodes of the products
            of two predictors times the sum of squares of later time (weeks, about its mean);
            ``sloped_a``, of a predictor times the products of later time with the later response;
            ``COUNTS`` (clients; later scores).
        window: the early weeks in words, for the ``early_window`` column.
        minimum_clients: floor on clients.
        confidence: coverage of the interval, a proportion.

    Returns:
        One row per ``KEYS``: ``estimate`` (change of the later weekly slope per point of early
        change), ``own_estimate`` (b3), ``mean_slope`` (points a week at early changes and baseline
        of the average person), ``standard_error``, interval, counts, ``status``, ``method``,
        ``early_window``, ``evidence_label``.

    Raises:
        ValueError: a column is missing or ``confidence`` is not between 0 and 1.
    """
    require_columns(sums, (*KEYS, *TIMED, *SLOPED, *COUNTS))
    require_confidence(confidence)
    rows: list[dict[str, object]] = []
    numbers: list[tuple[float, ...]] = []
    for key, group in groups(sums, KEYS, (*TIMED, *SLOPED, *COUNTS)):
        clients, occasions = (group.total(name) for name in COUNTS)
        enough = clients >= max(minimum_clients, 2)
        found = (np.nan,) * 5
        if enough:
            left = group.products("timed", PREDICTORS)
            right = np.stack([group[name] for name in SLOPED], axis=-1)
            solved = regression(left, right, occasions)
            if solved is not None:
                b = solved.coefficients
                weights = left.sum(axis=0)[0]
                mean_slope = float(weights @ b / weights[0])
                error = float(np.sqrt(max(solved.covariance[1, 1], 0.0)))
                found = (b[1], b[2], mean_slope, error, solved.freedom)
        numbers.append((*found, clients, occasions))
        status = NOT_COMPUTABLE if enough else TOO_FEW
        rows.append(dict(zip(KEYS, key, strict=True)) | {"status": status})
    table = np.array(numbers, dtype=np.float64).reshape(len(rows), 7)
    low, high = t_interval(table[:, 0], table[:, 3], table[:, 4], confidence=confidence)
    shown = np.isfinite(low) & np.isfinite(high)
    columns = {key: text(row[key] for row in rows) for key in KEYS}
    columns |= {
        "estimate": nullable_float(table[:, 0], shown),
        "own_estimate": nullable_float(table[:, 1], shown),
        "mean_slope": nullable_float(table[:, 2], shown),
        "standard_error": nullable_float(table[:, 3], shown),
        "interval_low": nullable_float(low, shown),
        "interval_high": nullable_float(high, shown),
        "client_count": nullable_count(table[:, 5]),
        "occasion_count": nullable_count(table[:, 6]),
        "status": text(
            ESTIMATED if is_shown else row["status"]
            for row, is_shown in zip(rows, shown, strict=True)
        ),
        "method": text([METHOD] * len(rows)),
        "early_window": text([window] * len(rows)),
        "evidence_label": text([EVIDENCE] * len(rows)),
    }
    return pd.DataFrame(columns)
