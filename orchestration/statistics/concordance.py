"""Do those whose self-compassion improved reliably also improve in symptoms? Counts of people.

What belongs here: the difference between two proportions with Newcombe's limits, and the checks on
a table of 4 x 4 classes (unknown is one of them).
What does not: who is in which class (the change stage), or counting (SQL does).
"""

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.intervals import wilson_interval

KEYS = ("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id", "interval_name")
CLASSES = ("improved", "unchanged", "deteriorated", "unknown")
CELLS = tuple(f"{process}_{outcome}_count" for process in CLASSES for outcome in CLASSES)
METHOD = "newcombe_hybrid_score"
EVIDENCE_LABEL = "concurrent"


def estimate(counts: pd.DataFrame, *, minimum_pairs: int, confidence: float = 0.95) -> pd.DataFrame:
    """P(outcome improved | process improved) - P(outcome improved | process did not improve).

    Both proportions are taken over people whose class is known on both sides; the unknown stay
    beside them, in their own cells, and are counted in nobody's favour.

    Args:
        counts: one row per group and pair of scales with ``KEYS`` and ``CELLS``
            (``<process class>_<outcome class>_count``).
        minimum_pairs: fewest people with both classes known.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``client_count`` (all cells), ``sample_size`` (both known), ``CELLS``,
        ``improved_proportion`` and ``not_improved_proportion`` (of the outcome, given the
        process), ``estimate`` (their difference, -1..1) with limits, ``status``
        (``not_computable``: nobody on one of the two sides), ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(counts, (*KEYS, *CELLS))
    require_confidence(confidence)
    cells = {name: np.nan_to_num(floats(counts, name), nan=0.0) for name in CELLS}

    def total(processes: tuple[str, ...], outcomes: tuple[str, ...]) -> Floats:
        found: Floats = np.zeros(len(counts))
        for process in processes:
            for outcome in outcomes:
                found = found + cells[f"{process}_{outcome}_count"]
        return found

    known = CLASSES[:3]
    improved, others = total(known[:1], known), total(known[1:], known)
    hits, other_hits = total(known[:1], known[:1]), total(known[1:], known[:1])
    has_both = (improved > 0) & (others > 0)
    first = hits / np.where(improved > 0, improved, np.nan)
    second = other_hits / np.where(others > 0, others, np.nan)
    low, high = newcombe_interval(hits, improved, other_hits, others, confidence=confidence)
    is_enough = improved + others >= max(minimum_pairs, 2)
    shown = is_enough & has_both
    columns = {key: text(counts[key]) for key in KEYS}
    columns["client_count"] = nullable_count(total(CLASSES, CLASSES))
    columns["sample_size"] = nullable_count(improved + others)
    columns |= {name: nullable_count(values) for name, values in cells.items()}
    columns["improved_proportion"] = nullable_float(first, shown)
    columns["not_improved_proportion"] = nullable_float(second, shown)
    columns["estimate"] = nullable_float(first - second, shown)
    columns["interval_low"] = nullable_float(low, shown)
    columns["interval_high"] = nullable_float(high, shown)
    columns["status"] = text(
        np.where(is_enough, np.where(has_both, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)
    )
    columns["method"] = text([METHOD] * len(counts))
    columns["evidence_label"] = text([EVIDENCE_LABEL] * len(counts))
    return pd.DataFrame(columns)


def newcombe_interval(
    count: Floats, total: Floats, other_count: Floats, other_total: Floats, *, confidence: float
) -> tuple[Floats, Floats]:
    """Limits of a difference of two independent proportions: Newcombe (1998), method 10.

    Built from Wilson's limits of each: d - sqrt((p1 - l1)^2 + (u2 - p2)^2) and
    d + sqrt((u1 - p1)^2 + (p2 - l2)^2), without continuity correction.

    Returns:
        Lower and upper limits in -1..1; NaN where one of the totals is 0.
    """
    low, high = wilson_interval(count, total, confidence=confidence)
    other_low, other_high = wilson_interval(other_count, other_total, confidence=confidence)
    first = count / np.where(total > 0, total, np.nan)
    second = other_count / np.where(other_total > 0, other_total, np.nan)
    difference = first - second
    return (
        difference - np.sqrt((first - low) ** 2 + (other_high - second) ** 2),
        difference + np.sqrt((high - first) ** 2 + (second - other_low) ** 2),
    )
