"""Which came first, the process or the outcome: a proportion and a sign test from counts.

What belongs here: how often the process improved first among those in whom both improved.
What does not: finding out when somebody improved (SQL does), or why.
"""

import numpy as np
import pandas as pd
from scipy import special

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    text,
)
from orchestration.statistics.intervals import wilson_interval

KEYS = ("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id")
BOTH_IMPROVED = ("process_first_count", "together_count", "outcome_first_count")
CLASSES = (
    *BOTH_IMPROVED,
    "process_only_count",
    "outcome_only_count",
    "neither_count",
    "unknown_count",
)
RESOLVED = ("process_first_resolved_count", "outcome_first_resolved_count")
BESIDE = ("median_lead_days", "process_days_between_scores", "outcome_days_between_scores")

OBSERVED_BASIS = "observed"
RESOLVED_BASIS = "resolved"
METHOD = "wilson, exact sign test"
EVIDENCE_LABEL = "temporally ordered"


def estimate(
    counts: pd.DataFrame, *, minimum_pairs: int = 20, confidence: float = 0.95
) -> pd.DataFrame:
    """How often the process improved before the outcome, twice for every row of counts.

    ``observed`` takes every order as the scores show it. A scale that is scored less often is seen
    to improve later, whatever the truth, so ``resolved`` counts an order only where the later scale
    was scored, and had not improved, at a moment at which the earlier one had; all other orders of
    that basis are ``together``: not told apart.

    Args:
        counts: one row per stratum and pair of scales: ``KEYS``, ``episode_count``, ``CLASSES``,
            ``RESOLVED``, ``BESIDE``.
        minimum_pairs: fewest episodes in which both improved; below it the row says ``too_few``
            and gives counts only.
        confidence: coverage of the intervals, a proportion.

    Returns:
        Two rows per row of counts: ``KEYS``, ``order_basis``, ``episode_count``, ``CLASSES``,
        ``sample_size`` (both improved), ``estimate`` (the proportion of them in which the process
        was first, 0-1) with Wilson limits, ``p_value`` (two-sided exact sign test of process first
        against outcome first, the others left out; NULL where there is none of either), ``BESIDE``
        (days), ``status``, ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, the classes do not sum to ``episode_count``, more orders
            are resolved than there are, or ``confidence`` is not between 0 and 1.
    """
    require_columns(counts, (*KEYS, "episode_count", *CLASSES, *RESOLVED, *BESIDE))
    given = {name: floats(counts, name) for name in ("episode_count", *CLASSES, *RESOLVED)}
    classed = np.sum([given[name] for name in CLASSES], axis=0)
    if not np.array_equal(classed, given["episode_count"]):
        message = "The orders of change do not sum to their episodes."
        raise ValueError(message)
    process, together, outcome = (given[name] for name in BOTH_IMPROVED)
    process_resolved, outcome_resolved = (given[name] for name in RESOLVED)
    if (process_resolved > process).any() or (outcome_resolved > outcome).any():
        message = "More orders of change are resolved than there are."
        raise ValueError(message)
    unresolved = process - process_resolved + outcome - outcome_resolved
    bases = (
        (OBSERVED_BASIS, process, together, outcome),
        (RESOLVED_BASIS, process_resolved, together + unresolved, outcome_resolved),
    )
    frames = []
    for basis, *classes in bases:
        changed = given | dict(zip(BOTH_IMPROVED, classes, strict=True))
        frames.append(_basis(counts, basis, changed, minimum_pairs, confidence))
    return pd.concat(frames, ignore_index=True)


def sign_test(process_first: Floats, outcome_first: Floats) -> Floats:
    """The two-sided exact sign test: how likely so uneven a split is if neither tends to be first.

    min(1, 2 P(X <= min(k, n - k))) with X binomial(n, 1/2), Dixon & Mood (1946).

    Args:
        process_first: how many had the process first, whole counts, 0 or more.
        outcome_first: how many had the outcome first, of the same shape.

    Returns:
        p values, 0-1, of that shape; NaN where both counts are 0.
    """
    total = process_first + outcome_first
    fewer = np.minimum(process_first, outcome_first)
    with np.errstate(invalid="ignore"):
        tail = special.bdtr(fewer, total.astype(np.int64), 0.5)
    p_values: Floats = np.where(total > 0, np.minimum(1.0, 2 * tail), np.nan)
    return p_values


def _basis(
    counts: pd.DataFrame,
    basis: str,
    given: dict[str, Floats],
    minimum_pairs: int,
    confidence: float,
) -> pd.DataFrame:
    process, _, outcome = (given[name] for name in BOTH_IMPROVED)
    both = np.sum([given[name] for name in BOTH_IMPROVED], axis=0)
    shown = both >= max(minimum_pairs, 1)
    low, high = wilson_interval(process, both, confidence=confidence)
    columns = {key: text(counts[key]) for key in KEYS}
    columns["order_basis"] = text([basis] * len(counts))
    for name in ("episode_count", *CLASSES):
        columns[name] = nullable_count(given[name])
    columns["sample_size"] = nullable_count(both)
    columns["estimate"] = nullable_float(process / np.where(both > 0, both, 1.0), shown)
    columns["interval_low"] = nullable_float(low, shown)
    columns["interval_high"] = nullable_float(high, shown)
    columns["p_value"] = nullable_float(sign_test(process, outcome), shown)
    for name in BESIDE:
        values = floats(counts, name)
        columns[name] = nullable_float(values, np.isfinite(values))
    columns["status"] = text(
        np.where(shown, ESTIMATED, np.where(both > 0, TOO_FEW, NOT_COMPUTABLE))
    )
    columns["method"] = text([METHOD] * len(counts))
    columns["evidence_label"] = text([EVIDENCE_LABEL] * len(counts))
    return pd.DataFrame(columns)
