"""The sums that SQL hands to the statistics of the link over time, made again with numpy.

What belongs here: panels as arrays of people by moments, and every sum over blocks, lengths and
waves, made another way than the SQL makes them.
What does not: estimating, or any claim.

A panel is two arrays of shape (people, moments), filled from the left; NaN is a moment that never
was. Everybody has one episode. People are dealt into blocks in their order.
"""

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.statistics import cross_lagged, early_change, mediation

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

KEYS = {
    "stratum_kind": "all",
    "stratum_id": "all",
    "process_scale_id": "process_total",
    "outcome_scale_id": "outcome_total",
}
BLOCKS = 1000


def panel_sums(x: Floats, y: Floats, blocks: int = BLOCKS) -> pd.DataFrame:
    """What ``relations.int_panel_sums`` holds of one group and pair."""
    moments = np.isfinite(x + y).sum(axis=1)
    kept = moments >= 2
    x, y, moments = x[kept], y[kept], moments[kept]
    k = np.broadcast_to(np.arange(1.0, x.shape[1] + 1), x.shape)
    is_long = moments >= 3
    sums: dict[str, Floats] = {
        "client_count": np.ones(len(x)),
        "lagged_client_count": is_long * 1.0,
        "long_client_count": (moments >= 4) * 1.0,
        "occasion_count": moments * 1.0,
        "lagged_occasion_count": is_long * (moments - 1.0),
        "differenced_occasion_count": is_long * (moments - 2.0),
    }
    here = np.isfinite(x + y)
    later = here[:, 1:] & is_long[:, None]
    lagged = {"xb": x[:, :-1], "yb": y[:, :-1], "k": k[:, 1:], "x": x[:, 1:], "y": y[:, 1:]}
    sums |= _about_means("lagged", lagged, later)
    concurrent = {"x": x, "y": y, "k": k}
    sums |= _about_means("concurrent", concurrent, here)
    del lagged["k"], concurrent["k"]
    sums |= _of_means("lagged_mean", lagged, later)
    sums |= _of_means("concurrent_mean", concurrent, here)
    twice = here[:, 2:]
    one = np.ones(twice.shape)
    instruments = {"one": one, "xbb": x[:, :-2], "ybb": y[:, :-2]}
    differences = {
        "one": one,
        "dxb": x[:, 1:-1] - x[:, :-2],
        "dyb": y[:, 1:-1] - y[:, :-2],
        "dx": x[:, 2:] - x[:, 1:-1],
        "dy": y[:, 2:] - y[:, 1:-1],
    }
    for instrument, level in instruments.items():
        for difference, step in differences.items():
            product = np.where(twice, level * step, 0.0)
            sums[f"instrumented_{instrument}_{difference}"] = product.sum(axis=1)
    block = np.arange(len(x)) % blocks
    frames = [
        _summed(sums, number.astype(np.int64)).assign(part=part)
        for part, number in (("block", block), ("length", moments))
    ]
    found = pd.concat(frames, ignore_index=True).rename(columns={"number": "part_number"})
    return found.assign(**KEYS)


def _summed(sums: Mapping[str, Floats], number: Integers) -> pd.DataFrame:
    names = list(sums)
    table = np.column_stack([sums[name] for name in names])
    values, place = np.unique(number, return_inverse=True)
    total = np.zeros((len(values), len(names)))
    np.add.at(total, place, table)
    return pd.DataFrame(total, columns=names).assign(number=values)


def _about_means(
    prefix: str, series: Mapping[str, Floats], mask: NDArray[np.bool_]
) -> dict[str, Floats]:
    count = np.maximum(mask.sum(axis=1, keepdims=True), 1)
    centred = {}
    for name, values in series.items():
        known = np.where(mask, values, 0.0)
        centred[name] = np.where(mask, known - known.sum(axis=1, keepdims=True) / count, 0.0)
    return {
        f"{prefix}_{a}_{b}": (centred[a] * centred[b]).sum(axis=1) for a, b in _pairs(list(series))
    }


def _of_means(
    prefix: str, series: Mapping[str, Floats], mask: NDArray[np.bool_]
) -> dict[str, Floats]:
    count = mask.sum(axis=1)
    means = {"one": (count > 0) * 1.0}
    for name, values in series.items():
        means[name] = np.where(mask, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    return {f"{prefix}_{a}_{b}": means[a] * means[b] for a, b in _pairs(list(means))}


def _pairs(names: list[str]) -> list[tuple[str, str]]:
    return [(a, b) for i, a in enumerate(names) for b in names[i:]]


def wave_sums(x: Floats, y: Floats) -> pd.DataFrame:
    """What ``relations.int_wave_sums`` holds of one group and pair."""
    waves = np.minimum(np.isfinite(x + y).sum(axis=1), cross_lagged.MOST_WAVES)
    rows = []
    for count in range(1, cross_lagged.MOST_WAVES + 1):
        taken = waves == count
        if not taken.any():
            continue
        scores = np.full((int(taken.sum()), len(cross_lagged.SCORES)), np.nan)
        scores[:, 0] = 1.0
        scores[:, 1 : 1 + 2 * count : 2] = x[taken, :count]
        scores[:, 2 : 2 + 2 * count : 2] = y[taken, :count]
        total = scores.T @ scores
        names = cross_lagged.SCORES
        row = {
            f"sum_{names[i]}_{names[j]}": total[i, j]
            for i in range(len(names))
            for j in range(i, len(names))
        }
        rows.append(KEYS | {"wave_count": count} | row)
    return pd.DataFrame(rows, columns=[*KEYS, "wave_count", *cross_lagged.SUMS])


def early_sums(
    x: Floats, y: Floats, day: Floats, window: tuple[float, float], blocks: int = BLOCKS
) -> pd.DataFrame:
    """What ``relations.int_early_change_sums`` holds of one group and pair, both directions.

    Args:
        x, y: the panel, NaN where a scale was not scored.
        day: days since the first moment, same shape, NaN where nothing was scored.
        window: first and last day of the early weeks.
    """
    frames = []
    for direction, predictor, response in (
        ("process_to_outcome", x, y),
        ("outcome_to_process", y, x),
    ):
        is_early = (day >= window[0]) & (day <= window[1])
        later = (day > window[1]) & np.isfinite(response)
        early = _last(predictor, is_early) - predictor[:, 0]
        own = _last(response, is_early) - response[:, 0]
        count = later.sum(axis=1)
        weeks = np.where(later, day / 7, 0.0)
        values = np.where(later, response, 0.0)
        time = np.where(later, weeks - (weeks.sum(axis=1) / np.maximum(count, 1))[:, None], 0.0)
        squares = (time**2).sum(axis=1)
        product = (time * values).sum(axis=1)
        usable = np.isfinite(early + own + response[:, 0]) & (count >= 3) & (squares > 0)
        w = np.column_stack([np.ones(len(x)), early, own, response[:, 0]])
        names = early_change.PREDICTORS
        sums = {"client_count": np.ones(len(x)), "occasion_count": count * 1.0}
        for i, a in enumerate(names):
            sums[f"sloped_{a}"] = product * w[:, i]
            for j in range(i, len(names)):
                sums[f"timed_{a}_{names[j]}"] = squares * w[:, i] * w[:, j]
        sums = {name: values[usable] for name, values in sums.items()}
        block = np.arange(int(usable.sum())) % blocks
        frame = _summed(sums, block).rename(columns={"number": "block"})
        frames.append(frame.assign(direction=direction))
    return pd.concat(frames, ignore_index=True).assign(**KEYS)


def _last(values: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Each person's last known value inside the mask, NaN without one."""
    mask = mask & np.isfinite(values)
    place = values.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    return np.where(mask.any(axis=1), values[np.arange(len(values)), place], np.nan)


def mediation_sums(
    mediator: Floats,
    outcome: Floats,
    *,
    kind: str,
    window: str,
    cause: Floats | None = None,
    blocks: int = BLOCKS,
) -> pd.DataFrame:
    """What ``relations.int_mediation_sums`` holds of one group and mediation.

    Args:
        mediator, outcome: first, middle and last score, shape (people, 3).
        kind: one of ``mediation.KINDS``.
        window: first_to_last or middle_then_last.
        cause: per person: whether in the arm, the change on the other scale, or how much there was.
        blocks: the most blocks.
    """
    count = len(mediator)
    causes = np.zeros(count) if cause is None else cause.astype(float)
    scores = np.column_stack([np.ones(count), causes, mediator, outcome])
    if window == "first_to_last":
        scores[:, [3, 6]] = 0.0
    sums = {"client_count": np.ones(count), "group_count": (causes == 1) * 1.0}
    places = combinations_with_replacement(range(scores.shape[1]), 2)
    for name, (i, j) in zip(mediation.SUMS, places, strict=True):
        sums[name] = scores[:, i] * scores[:, j]
    frame = _summed(sums, np.arange(count) % blocks).rename(columns={"number": "block"})
    return frame.assign(
        stratum_kind="all",
        stratum_id="all",
        cause_kind=kind,
        cause_id=kind,
        mediator_scale_id="mediator_total",
        outcome_scale_id="outcome_total",
        window_name=window,
    )


def left_filled(frame: pd.DataFrame, columns: tuple[str, ...], person: str) -> tuple[Floats, ...]:
    """Columns of a long frame, in its order, as arrays of people by moments."""
    order = frame.groupby(person, sort=True).cumcount().to_numpy()
    people = frame[person].astype("category").cat.codes.to_numpy()
    found = []
    for column in columns:
        values = np.full((people.max() + 1, order.max() + 1), np.nan)
        values[people, order] = frame[column]
        found.append(values)
    return tuple(found)
