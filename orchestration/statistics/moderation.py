"""For whom is the link stronger? The slope of change on change, by where people began or belong.

What belongs here: the interaction of a baseline score with the process change, the slopes at three
of its levels, and the test that slopes of groups are equal.
What does not: choosing moderators and groups (SQL does), pooling correlations (``pooling``).

A difference between levels is not a reason to treat people differently: many moderators are
looked at, and a moderator may stand for something nobody measured.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    require_confidence,
    text,
)
from orchestration.statistics.heterogeneity import paule_mandel, tau_squared_limits
from orchestration.statistics.least_squares import RowFit, fit_rows, t_limits, two_sided_p
from orchestration.statistics.link_rows import LINK_KEYS, by_covariate, links
from orchestration.statistics.pooling import UNKNOWN

KEYS = (*LINK_KEYS, "moderator_kind", "moderator_id", "moderator_level")
GROUP_COLUMNS = (
    *("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id", "interval_name"),
    *("sample_size", "slope", "slope_interval_low", "slope_interval_high", "status"),
)
NUMBERS = ("moderator_value", "estimate", "interval_low", "interval_high", "p_value")
BASELINE, GROUP = "baseline_score", "group"
LEVELS = {"minus_one_sd": -1.0, "mean": 0.0, "plus_one_sd": 1.0}
INTERACTION = "interaction"
METHODS = {BASELINE: "ols_interaction_hc3", GROUP: "welch_test_of_slopes"}
EVIDENCE_LABEL = "concurrent"
# Intercept, change, moderator and their product.
PREDICTORS = 3


def estimate(
    rows: pd.DataFrame,
    moderators: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    group_kinds: tuple[str, ...],
    minimum_pairs: int,
    minimum_cases_per_predictor: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Interactions and simple slopes of every link and moderator.

    ``moderator_level`` is ``interaction`` or a level at which the slope is given: ``minus_one_sd``,
    ``mean``, ``plus_one_sd`` of a baseline score, or the name of a group. The interaction of a
    baseline is how much the slope grows per point of it, centred (HC3, t). The interaction of
    groups is the SD of their true slopes (the root of Paule and Mandel's tau squared), Q-profile
    limits; its ``p_value`` is Welch's test (1951) that the slopes are equal.

    Args:
        rows: as ``link_rows.links`` takes them.
        moderators: as ``link_rows.by_covariate`` takes them; those of kind ``baseline_score``. The
            baseline of the process itself comes from ``rows``.
        groups: estimates of ``associations`` with ``GROUP_COLUMNS``.
        group_kinds: the kinds of group whose slopes are compared.
        minimum_pairs: fewest people.
        minimum_cases_per_predictor: fewest people for each of three predictors.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``sample_size``, ``NUMBERS``, ``status``, ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(groups, GROUP_COLUMNS)
    require_confidence(confidence)
    floor = max(minimum_pairs, minimum_cases_per_predictor * PREDICTORS, PREDICTORS + 2)
    scores = by_covariate(moderators, BASELINE)
    made: list[dict[str, Any]] = []
    for keys, link in links(rows):
        own = str(keys["process_scale_id"])
        for moderator_id, known in {own: None, **scores}.items():
            moderator = link.process_baseline
            if known is not None:
                moderator = known.reindex(link.episode).to_numpy(np.float64)
            made += [
                {**keys, "moderator_kind": BASELINE, "moderator_id": moderator_id, **row}
                for row in _baseline(
                    link.process_change, moderator, link.outcome_change, floor, confidence
                )
            ]
    made += _groups(groups, rows, group_kinds, confidence)
    return _frame(made)


def _baseline(
    process: Floats, moderator: Floats, outcome: Floats, floor: int, confidence: float
) -> list[dict[str, Any]]:
    """The interaction and three simple slopes of one link and moderator."""
    is_known = np.isfinite(process) & np.isfinite(moderator) & np.isfinite(outcome)
    x, y, m = process[is_known], outcome[is_known], moderator[is_known]
    count = len(x)
    empty = [
        {"moderator_level": level, "sample_size": float(count)} for level in (INTERACTION, *LEVELS)
    ]
    if count == 0:
        return []
    if count < floor:
        return [row | {"status": TOO_FEW} for row in empty]
    spread, centre = m.std(ddof=1), m.mean()
    fit = None
    # A response that never varies fits exactly, with an interval of no width: no estimate.
    if spread > NUMERICALLY_ZERO and y.std() > NUMERICALLY_ZERO:
        # The intercept is taken out of x as well: it changes no slope and steadies the sums.
        centred = m - centre
        columns = np.column_stack([np.ones(count), x, centred, x * centred])
        fit = fit_rows(columns, y)
    if fit is None:
        return [row | {"status": NOT_COMPUTABLE} for row in empty]
    combinations = {INTERACTION: (np.array([0, 0, 0, 1.0]), np.nan)} | {
        level: (np.array([0, 1.0, 0, step * spread]), centre + step * spread)
        for level, step in LEVELS.items()
    }
    return [
        row | _combined(fit, weights, value, confidence)
        for row, (weights, value) in zip(empty, combinations.values(), strict=True)
    ]


def _combined(fit: RowFit, weights: Floats, value: float, confidence: float) -> dict[str, Any]:
    estimate_ = float(weights @ fit.coefficients)
    variance = float(weights @ fit.covariance @ weights)
    low, high = t_limits(estimate_, variance, fit.freedom, confidence)
    return {
        "moderator_value": value,
        "estimate": estimate_,
        "interval_low": low,
        "interval_high": high,
        "p_value": two_sided_p(estimate_, variance, fit.freedom),
        "status": ESTIMATED,
    }


def _groups(
    groups: pd.DataFrame, rows: pd.DataFrame, kinds: tuple[str, ...], confidence: float
) -> list[dict[str, Any]]:
    """One row per group with its slope, and one for how much the slopes differ."""
    asked = rows[["process_scale_id", "outcome_scale_id"]].drop_duplicates()
    wanted = set(zip(asked["process_scale_id"], asked["outcome_scale_id"], strict=True))
    pairs = zip(groups["process_scale_id"], groups["outcome_scale_id"], strict=True)
    is_wanted = np.array([pair in wanted for pair in pairs], dtype=bool)
    found = groups[
        groups["stratum_kind"].isin(kinds)
        & (groups["interval_name"] == "first_to_last")
        & (groups["stratum_id"] != UNKNOWN)
        & is_wanted
    ]
    made: list[dict[str, Any]] = []
    by = ["stratum_kind", "process_scale_id", "outcome_scale_id", "interval_name"]
    for (kind, process, outcome, interval), group in found.groupby(by, sort=True):
        keys = {
            "stratum_kind": "all",
            "stratum_id": "all",
            "process_scale_id": process,
            "outcome_scale_id": outcome,
            "interval_name": interval,
            "moderator_kind": GROUP,
            "moderator_id": kind,
        }
        ordered = group.sort_values("stratum_id")
        number = {name: floats(ordered, name) for name in GROUP_COLUMNS[5:9]}
        for place, name in enumerate(ordered["stratum_id"]):
            made.append(
                keys
                | {
                    "moderator_level": str(name),
                    "sample_size": number["sample_size"][place],
                    "estimate": number["slope"][place],
                    "interval_low": number["slope_interval_low"][place],
                    "interval_high": number["slope_interval_high"][place],
                    "status": str(ordered["status"].iloc[place]),
                }
            )
        known = (ordered["status"] == ESTIMATED).to_numpy(bool)
        made.append(
            keys
            | {"moderator_level": INTERACTION}
            | _equality({name: values[known] for name, values in number.items()}, confidence)
        )
    return made


def _equality(number: dict[str, Floats], confidence: float) -> dict[str, Any]:
    sizes, slopes = number["sample_size"], number["slope"]
    row: dict[str, Any] = {"sample_size": float(sizes.sum())}
    if len(slopes) < 2:
        return row | {"status": TOO_FEW}
    freedom = sizes - 2
    quantile = special.stdtrit(freedom, 0.5 + confidence / 2)
    errors = (number["slope_interval_high"] - number["slope_interval_low"]) / (2 * quantile)
    if not (errors > NUMERICALLY_ZERO).all():
        return row | {"status": NOT_COMPUTABLE}
    low, high = tau_squared_limits(slopes, errors**2, confidence)
    return row | {
        "estimate": np.sqrt(paule_mandel(slopes, errors**2)),
        "interval_low": np.sqrt(low),
        "interval_high": np.sqrt(high),
        "p_value": welch_p(slopes, errors**2, freedom),
        "status": ESTIMATED,
    }


def welch_p(slopes: Floats, variances: Floats, freedom: Floats) -> float:
    """Welch's (1951) test that independent estimates with variances of their own are equal."""
    count = len(slopes)
    weights = 1 / variances
    centre = (weights * slopes).sum() / weights.sum()
    unequal = ((1 - weights / weights.sum()) ** 2 / freedom).sum()
    between = (weights * (slopes - centre) ** 2).sum() / (count - 1)
    statistic = between / (1 + 2 * (count - 2) / (count**2 - 1) * unequal)
    return float(special.fdtrc(count - 1, (count**2 - 1) / (3 * unequal), statistic))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = {key: text([row[key] for row in rows]) for key in KEYS}
    made["sample_size"] = nullable_count(np.array([row["sample_size"] for row in rows], float))
    known = np.array([row["status"] == ESTIMATED for row in rows], bool)
    for number in NUMBERS:
        values = np.array([row.get(number, np.nan) for row in rows], float)
        made[number] = nullable_float(values, known)
    made["status"] = text([row["status"] for row in rows])
    made["method"] = text([METHODS[row["moderator_kind"]] for row in rows])
    made["evidence_label"] = text([EVIDENCE_LABEL] * len(rows))
    return pd.DataFrame(made)
