"""Does more practice at home go with more change in a part of self-compassion?

What belongs here: the correlation of what was practised with the change of each part, and the
control for how many such correlations were looked at.
What does not: adding up the diary (SQL does), parts and symptoms (``components``).

Who kept no diary is unknown, not somebody who did nothing. Practice was not assigned at random:
those who feel better may practise more.
"""

from typing import Any

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.intervals import fisher_interval
from orchestration.statistics.least_squares import two_sided_p
from orchestration.statistics.link_rows import INTERVAL, by_covariate

KEYS = ("stratum_kind", "stratum_id", "practice_id", "component_scale_id", "interval_name")
NUMBERS = ("estimate", "interval_low", "interval_high", "p_value", "q_value")
METHOD = "pearson_fisher_z_benjamini_hochberg"
EVIDENCE_LABEL = "concurrent"
FEWEST = 4


def estimate(
    rows: pd.DataFrame,
    covariates: pd.DataFrame,
    *,
    minimum_pairs: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """One row per group, practice and part.

    Args:
        rows: as ``link_rows.links`` takes them: they say who counts where.
        covariates: as ``link_rows.by_covariate`` takes them; kinds ``practice`` (a week) and
            ``component_change``.
        minimum_pairs: fewest people with a diary and a change.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``sample_size``, ``estimate`` (Pearson's r on raw change) with limits,
        ``p_value``, ``q_value`` (Benjamini & Hochberg 1995: among results with a q up to this one,
        the expected share of false ones), ``comparisons_count`` (how many the q is controlled
        over: all estimated of the group), ``status``, ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_confidence(confidence)
    require_columns(rows, ("episode_number", "program_id", "is_counted_overall"))
    people = rows[["episode_number", "program_id", "is_counted_overall"]].drop_duplicates()
    practices = by_covariate(covariates, "practice")
    parts = by_covariate(covariates, "component_change")
    groups = [("all", "all", people[people["is_counted_overall"].astype(bool)])] + [
        ("program", str(program), found) for program, found in people.groupby("program_id")
    ]
    made: list[dict[str, Any]] = []
    for kind, name, members in groups:
        episodes = members["episode_number"].to_numpy()
        changes = {part: values.reindex(episodes).to_numpy(float) for part, values in parts.items()}
        group: list[dict[str, Any]] = []
        for practice_id, values in practices.items():
            practised = values.reindex(episodes).to_numpy(float)
            for part, change in changes.items():
                row = _correlation(practised, change, max(minimum_pairs, FEWEST), confidence)
                if row:
                    ids = dict(zip(KEYS, (kind, name, practice_id, part, INTERVAL), strict=True))
                    group.append(ids | row)
        made += _controlled(group)
    columns = {key: text([row[key] for row in made]) for key in KEYS}
    columns["sample_size"] = nullable_count(np.array([row["sample_size"] for row in made], float))
    shown = np.array([row["status"] == ESTIMATED for row in made], bool)
    for number in NUMBERS:
        numbers = np.array([row.get(number, np.nan) for row in made], float)
        columns[number] = nullable_float(numbers, shown)
    columns["comparisons_count"] = nullable_count(
        np.array([row["comparisons_count"] for row in made], float)
    )
    columns["status"] = text([row["status"] for row in made])
    columns["method"] = text([METHOD] * len(made))
    columns["evidence_label"] = text([EVIDENCE_LABEL] * len(made))
    return pd.DataFrame(columns)


def _correlation(
    practised: Floats, change: Floats, floor: int, confidence: float
) -> dict[str, Any] | None:
    known = np.isfinite(practised) & np.isfinite(change)
    count = float(known.sum())
    if count == 0:
        return None
    row = {"sample_size": count}
    if count < floor:
        return row | {"status": TOO_FEW}
    x, y = practised[known], change[known]
    if min(x.std(), y.std()) <= NUMERICALLY_ZERO:
        return row | {"status": NOT_COMPUTABLE}
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    low, high = fisher_interval(np.array([r]), np.array([count]), confidence=confidence)
    # The t test of r; at -1 or 1 nothing is left to chance.
    p = two_sided_p(r, (1 - r**2) / (count - 2), count - 2) if abs(r) < 1 else 0.0
    return row | {
        "estimate": r,
        "interval_low": float(low[0]),
        "interval_high": float(high[0]),
        "p_value": p,
        "status": ESTIMATED,
    }


def _controlled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    estimated = [row for row in rows if row["status"] == ESTIMATED]
    values = benjamini_hochberg(np.array([row["p_value"] for row in estimated], float))
    for row, q in zip(estimated, values, strict=True):
        row["q_value"] = q
    return [row | {"comparisons_count": float(len(estimated))} for row in rows]


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p values: the least p x m / rank among this and all larger ones, at most 1."""
    count = len(p_values)
    order = np.argsort(p_values)[::-1]
    ranks = np.arange(count, 0, -1)
    running = np.minimum.accumulate(p_values[order] * count / ranks) if count else p_values
    made: Floats = np.empty(count)
    made[order] = np.minimum(running, 1.0)
    return made
