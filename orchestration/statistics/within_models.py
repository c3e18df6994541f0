"""What follows within a person when that person's own past is held constant? Several answers.

What belongs here: the lagged slope with autoregression and time controlled, by three methods that
fail in different places, and the concurrent slope of a multilevel model (metrics.md 2.7, 6).
What does not: the plain person-mean-centred slope (``within_person``), panels and sums (SQL), and
any claim of cause.

fixed_effects
    Everything centred on the person, errors robust within clients. Centring the lagged response
    biases its own coefficient down by about (1 + a) / T (Nickell 1981) and the lagged slope with
    it; where the response also drives the regressor, a slope of zero comes out wrong too. The
    bias fades with the number of occasions (long T).
multilevel
    Random intercept by REML; regressor and lagged response each split into the person's mean and
    the deviation from it, so the within slope is nearly that of fixed_effects, bias included,
    beside the slope between people. Person means of few occasions are unreliable, which pulls the
    slope between people towards the one within (Luedtke et al. 2008).
first_differences
    Change on the change before, with the levels before those as instruments (Anderson & Hsiao
    1982): right for any number of occasions from three on, if residuals do not carry over and
    nobody has a straight course of their own; intervals are wide.

Leaving the lagged response whole beside a centred regressor (Kelly & Tasca 2016) is not offered:
the lagged response then stands for the person's level, the regressor does not, and in imaginary
clinics without any effect it found one in 45 to 88 of 100 (40 clinics of each kind, tried once).

Time is the number of the moment, because a lag is one moment.
"""

from collections.abc import Sequence

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
from orchestration.statistics.block_sums import (
    PAIR_KEYS,
    Regression,
    Sums,
    groups,
    product_names,
    regression,
)
from orchestration.statistics.intervals import t_interval
from orchestration.statistics.random_intercept import fit_random_intercept

# xb, yb: process and outcome one moment before; xbb, ybb: two before; k: the moment's number.
LAGGED = ("xb", "yb", "k", "x", "y")
LAGGED_MEANS = ("one", "xb", "yb", "x", "y")
CONCURRENT = ("x", "y", "k")
CONCURRENT_MEANS = ("one", "x", "y")
INSTRUMENTS = ("one", "xbb", "ybb")
DIFFERENCES = ("one", "dxb", "dyb", "dx", "dy")
INSTRUMENTED = tuple(f"instrumented_{z}_{d}" for z in INSTRUMENTS for d in DIFFERENCES)
COUNTS = (
    "client_count",
    "lagged_client_count",
    "long_client_count",
    "occasion_count",
    "lagged_occasion_count",
    "differenced_occasion_count",
)
SUMS = (
    *product_names("lagged", LAGGED),
    *product_names("lagged_mean", LAGGED_MEANS),
    *INSTRUMENTED,
    *product_names("concurrent", CONCURRENT),
    *product_names("concurrent_mean", CONCURRENT_MEANS),
)
PART_KEYS = ("part", "part_number")
DIRECTIONS = ("process_to_outcome", "outcome_to_process")

# model -> (method by name, what the lagged row holds constant)
METHODS = {
    "fixed_effects": "person_mean_centred_autoregressive_cluster_robust",
    "multilevel": "random_intercept_between_within_autoregressive_reml",
    "first_differences": "first_differences_instrumented_cluster_robust",
}
CONCURRENT_METHOD = "random_intercept_between_within_reml"


def estimate(
    sums: pd.DataFrame,
    *,
    minimum_clients: int,
    minimum_clients_lagged: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate every model of every group, pair of scales and direction.

    Args:
        sums: rows with ``PAIR_KEYS``; ``part`` = ``block`` (a block of clients, ``part_number`` its
            number) or ``length`` (episodes of ``part_number`` moments); ``COUNTS`` and ``SUMS``.
            ``lagged_*`` and ``concurrent_*`` are sums of products about the episode's own means
            over rows; ``*_mean_*`` sums of products of those means over episodes;
            ``instrumented_*`` of levels two moments before with differences (``one`` is 1). Lagged
            and differenced sums hold episodes of three moments or more. Blocks are asked for
            ``lagged_*`` products and ``instrumented_*`` sums, lengths for all but the latter.
        minimum_clients: floor on clients for concurrent rows.
        minimum_clients_lagged: floor on clients with four moments or more, for lagged rows.
        confidence: coverage of the interval, a proportion.

    Returns:
        One row per group, pair, direction and model: ``within_slope`` in response units per unit of
        the regressor, ``autoregression`` (the response on itself one moment before; NULL for
        concurrent rows), ``between_slope`` (multilevel only), ``standard_error``, interval,
        ``client_count``, ``occasion_count`` (rows used), ``status``, ``method``,
        ``evidence_label``.

    Raises:
        ValueError: a column is missing or ``confidence`` is not between 0 and 1.
    """
    require_columns(sums, (*PAIR_KEYS, *PART_KEYS, *COUNTS, *SUMS))
    require_confidence(confidence)
    rows: list[dict[str, object]] = []
    is_block = sums["part"] == "block"
    names = (*COUNTS, "part_number", *SUMS)
    lengths = dict(groups(sums[~is_block], PAIR_KEYS, names))
    for key, by_block in groups(sums[is_block], PAIR_KEYS, names):
        keys = dict(zip(PAIR_KEYS, key, strict=True))
        by_length = lengths[key]
        counts = {name: by_block.total(name) for name in COUNTS}
        for direction in ("concurrent", *DIRECTIONS):
            is_lagged = direction != "concurrent"
            enough = (
                counts["long_client_count"] >= max(minimum_clients_lagged, 2)
                if is_lagged
                else counts["client_count"] >= max(minimum_clients, 2)
            )
            for model in METHODS if is_lagged else ("multilevel",):
                found = None
                if enough:
                    found = (
                        _lagged(model, direction, by_block, by_length, counts)
                        if is_lagged
                        else _concurrent(by_length, counts)
                    )
                rows.append(
                    keys
                    | {
                        "direction": direction,
                        "model": model,
                        "status": TOO_FEW if not enough else NOT_COMPUTABLE,
                        "method": METHODS[model] if is_lagged else CONCURRENT_METHOD,
                        "evidence_label": "temporally ordered" if is_lagged else "concurrent",
                        "client_count": counts[
                            "lagged_client_count" if is_lagged else "client_count"
                        ],
                        "occasion_count": counts[_rows_used(model, is_lagged=is_lagged)],
                    }
                    | (found or {})
                )
    return _frame(rows, confidence)


def _rows_used(model: str, *, is_lagged: bool) -> str:
    if not is_lagged:
        return "occasion_count"
    is_differenced = model == "first_differences"
    return "differenced_occasion_count" if is_differenced else "lagged_occasion_count"


def _lagged(
    model: str,
    direction: str,
    by_block: Sums,
    by_length: Sums,
    counts: dict[str, float],
) -> dict[str, object] | None:
    is_forward = direction == "process_to_outcome"
    other, own, response = ("xb", "yb", "y") if is_forward else ("yb", "xb", "x")
    if model == "multilevel":
        return _multilevel(other, own, response, by_length, counts)
    if model == "fixed_effects":
        matrices = by_block.products("lagged", LAGGED)
        at = [LAGGED.index(name) for name in (other, own, "k")]
        left = matrices[:, at][:, :, at]
        right = matrices[:, at, LAGGED.index(response)]
        solved = regression(left, right, counts["lagged_occasion_count"])
    else:
        solved = _first_differences(other, own, response, by_block, counts)
    return None if solved is None else _robust(solved)


def _first_differences(
    other: str, own: str, response: str, by_block: Sums, counts: dict[str, float]
) -> Regression | None:
    sums = np.stack([by_block[name] for name in INSTRUMENTED], axis=-1)
    sums = sums.reshape(len(sums), len(INSTRUMENTS), len(DIFFERENCES))
    at = [DIFFERENCES.index(name) for name in (f"d{other}", f"d{own}", "one")]
    left, right = sums[:, :, at], sums[:, :, DIFFERENCES.index(f"d{response}")]
    # Instruments about their mean: the same estimate, from numbers of one size.
    total = left.sum(axis=0)[:, -1]
    if total[0] <= 0:
        return None
    centre = np.array([0.0, *(total[1:] / total[0])])
    left = left - centre[:, None] * left[:, :1, :]
    right = right - centre * right[:, :1]
    return regression(left, right, counts["differenced_occasion_count"])


def _robust(solved: Regression) -> dict[str, object]:
    return {
        "within_slope": solved.coefficients[0],
        "autoregression": solved.coefficients[1],
        "standard_error": float(np.sqrt(max(solved.covariance[0, 0], 0.0))),
        "freedom": solved.freedom,
    }


def _multilevel(
    other: str, own: str, response: str, by_length: Sums, counts: dict[str, float]
) -> dict[str, object] | None:
    by_length = by_length.where(by_length["lagged_client_count"] > 0)
    within = by_length.products("lagged", LAGGED)
    means = by_length.products("lagged_mean", LAGGED_MEANS)
    rows = by_length["part_number"] - 1
    # Columns: deviations of the regressor and of the lagged response, time, 1, the means of the
    # lagged response and of the regressor, and last the response.
    deviations = [LAGGED.index(name) for name in (other, own, "k", response)]
    within = _placed(within, deviations, 7, (0, 1, 2, 6))
    levels = [LAGGED_MEANS.index(name) for name in ("one", own, other, response)]
    between = _placed(means, levels, 7, (3, 4, 5, 6))
    # Moments 2 to n + 1 have the mean (n + 3) / 2 in an episode of n lagged rows.
    _add_time(between, (rows + 3) / 2, time=2, one=3)
    clients = counts["lagged_client_count"]
    return _fitted(within, between, rows, clients, one=3, autoregression=1)


def _concurrent(by_length: Sums, counts: dict[str, float]) -> dict[str, object] | None:
    within = by_length.products("concurrent", CONCURRENT)
    means = by_length.products("concurrent_mean", CONCURRENT_MEANS)
    rows = by_length["part_number"]
    # Columns: the regressor's deviation, time, 1, the regressor's mean, the response.
    within = _placed(within, [0, 2, 1], 5, (0, 1, 4))
    between = _placed(means, [0, 1, 2], 5, (2, 3, 4))
    _add_time(between, (rows + 1) / 2, time=1, one=2)
    return _fitted(within, between, rows, counts["client_count"], one=2, autoregression=None)


def _add_time(between: Floats, moment: Floats, *, time: int, one: int) -> None:
    """Fill in the products of the mean moment, which the length of an episode fixes."""
    between[:, time, :] = between[:, :, time] = moment[:, None] * between[:, one, :]
    between[:, time, time] = moment**2 * between[:, one, one]


def _placed(matrices: Floats, taken: Sequence[int], size: int, places: Sequence[int]) -> Floats:
    """Rows and columns ``taken`` of each matrix, put at ``places`` of a larger one of zeros."""
    found = np.zeros((len(matrices), size, size))
    found[:, np.array(places)[:, None], np.array(places)] = matrices[:, taken][:, :, taken]
    return found


def _fitted(
    within: Floats,
    between: Floats,
    rows: Floats,
    clients: float,
    *,
    one: int,
    autoregression: int | None,
) -> dict[str, object] | None:
    # The products of 1 with 1 count episodes.
    fitted = fit_random_intercept(within, between, rows, between[:, one, one])
    if fitted is None:
        return None
    found: dict[str, object] = {
        "within_slope": fitted.coefficients[0],
        "between_slope": fitted.coefficients[-1],
        "standard_error": fitted.standard_errors[0],
        "freedom": clients - 1,
    }
    if autoregression is not None:
        found["autoregression"] = fitted.coefficients[autoregression]
    return found


def _frame(rows: list[dict[str, object]], confidence: float) -> pd.DataFrame:
    numbers = ("within_slope", "between_slope", "autoregression", "standard_error")
    names = (*numbers, "freedom", "client_count", "occasion_count")
    given = {
        name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in names
    }
    low, high = t_interval(
        given["within_slope"], given["standard_error"], given["freedom"], confidence=confidence
    )
    shown = np.isfinite(low) & np.isfinite(high)
    columns = {key: text(row[key] for row in rows) for key in (*PAIR_KEYS, "direction", "model")}
    columns |= {name: nullable_float(given[name], shown) for name in numbers}
    columns |= {
        "interval_low": nullable_float(low, shown),
        "interval_high": nullable_float(high, shown),
        "client_count": nullable_count(given["client_count"]),
        "occasion_count": nullable_count(given["occasion_count"]),
        "status": text(
            ESTIMATED if is_shown else row["status"]
            for row, is_shown in zip(rows, shown, strict=True)
        ),
    }
    columns |= {key: text(row[key] for row in rows) for key in ("method", "evidence_label")}
    return pd.DataFrame(columns)
