"""How many got better, of how many, and how sure is that: rates from counts.

What belongs here: each rate's numerator, denominator and unknowns, its interval and its bounds.
What does not: counting (SQL does), effect sizes (``effect_sizes``), comparing programs.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    text,
)
from orchestration.statistics.intervals import wilson_interval

KEYS = (
    "program_id",
    "stratum_kind",
    "stratum_id",
    "period_kind",
    "period",
    "population",
    "threshold_set",
)
COUNTS = (
    "course_count",
    "paired_count",
    "at_caseness_count",
    "not_at_caseness_count",
    "recovered_count",
    "not_recovered_count",
    "reliably_recovered_count",
    "not_reliably_recovered_count",
    "improved_count",
    "unchanged_count",
    "deteriorated_count",
)
METHOD = "wilson"
OF_KNOWN = "_of_known"


class Rate(NamedTuple):
    """One rate: who has the outcome, who surely has not, and who is not asked at all.

    Attributes:
        metric_id: its name.
        having: the columns whose sum has the outcome.
        without: the columns whose sum surely has not.
        left_out: the column that does not belong in the denominator, or None.
    """

    metric_id: str
    having: tuple[str, ...]
    without: tuple[str, ...]
    left_out: str | None = None


CHANGES = ("improved_count", "unchanged_count", "deteriorated_count")
# metrics.md 2.3: recovery of those not known to be below caseness at the start, change of all.
RATES = (
    Rate("at_caseness", ("at_caseness_count",), ("not_at_caseness_count",)),
    Rate("recovery", ("recovered_count",), ("not_recovered_count",), "not_at_caseness_count"),
    Rate(
        "reliable_recovery",
        ("reliably_recovered_count",),
        ("not_reliably_recovered_count",),
        "not_at_caseness_count",
    ),
    Rate("reliable_improvement", CHANGES[:1], CHANGES[1:]),
    Rate("no_reliable_change", CHANGES[1:2], (CHANGES[0], CHANGES[2])),
    Rate("reliable_deterioration", CHANGES[2:], CHANGES[:2]),
)
PAIRED_DATA = "paired_data"


def estimate(counts: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Every rate of every row of counts.

    A rate is the share of the whole denominator, the unknown counted as without the outcome, which
    is how national statistics take it; ``bound_low`` repeats that and ``bound_high`` counts every
    unknown as having it, so the truth lies between the two. ``<rate>_of_known`` leaves the unknown
    out of the denominator; it is right only if they are like the known.

    A zero numerator is the rate 0; a denominator that is empty, or of which nobody knows anything,
    has no rate and the status ``not_computable``.

    Args:
        counts: one row per group, with ``KEYS`` and ``COUNTS``.
        confidence: coverage of the intervals, a proportion.

    Returns:
        One row per group and metric: ``KEYS``, ``metric_id``, ``estimate`` and its Wilson limits
        (0-1), ``numerator_count``, ``sample_size`` (the denominator), ``missing_count`` (unknown
        within it), ``bound_low``, ``bound_high``, ``status``, ``method``.

    Raises:
        ValueError: a column is missing, a class outgrows its denominator, or ``confidence`` is not
            between 0 and 1.
    """
    require_columns(counts, (*KEYS, *COUNTS))
    given = {name: floats(counts, name) for name in COUNTS}
    frames = []
    for rate in RATES:
        having = _sum(given, rate.having)
        total = given["course_count"] - (given[rate.left_out] if rate.left_out else 0.0)
        unknown = total - having - _sum(given, rate.without)
        if (unknown < 0).any():
            message = f"{rate.metric_id}: the classes are more than their denominator."
            raise ValueError(message)
        frames.append(_rate(counts, rate.metric_id, having, total, unknown, confidence))
        none_left = np.zeros_like(unknown)
        of_known = rate.metric_id + OF_KNOWN
        frames.append(_rate(counts, of_known, having, total - unknown, none_left, confidence))
    paired, total = given["paired_count"], given["course_count"]
    frames.append(_rate(counts, PAIRED_DATA, paired, total, np.zeros_like(total), confidence))
    return pd.concat(frames, ignore_index=True)


def _sum(given: dict[str, Floats], names: tuple[str, ...]) -> Floats:
    total: Floats = np.sum([given[name] for name in names], axis=0)
    return total


def _rate(
    counts: pd.DataFrame,
    metric_id: str,
    having: Floats,
    total: Floats,
    unknown: Floats,
    confidence: float,
) -> pd.DataFrame:
    asked, known = total > 0, total > unknown
    divisor = np.where(asked, total, 1.0)
    low, high = wilson_interval(having, total, confidence=confidence)
    columns = {key: text(counts[key]) for key in KEYS}
    columns["metric_id"] = text([metric_id] * len(counts))
    columns["estimate"] = nullable_float(having / divisor, known)
    columns["interval_low"] = nullable_float(low, known)
    columns["interval_high"] = nullable_float(high, known)
    columns["numerator_count"] = nullable_count(having)
    columns["sample_size"] = nullable_count(total)
    columns["missing_count"] = nullable_count(unknown)
    columns["bound_low"] = nullable_float(having / divisor, asked)
    columns["bound_high"] = nullable_float((having + unknown) / divisor, asked)
    columns["status"] = text(np.where(known, ESTIMATED, NOT_COMPUTABLE))
    columns["method"] = text([METHOD] * len(counts))
    return pd.DataFrame(columns)
