"""Do more sessions help more, or do people stay until it is good enough? Both, side by side.

What belongs here: the rate at each exact number of sessions, the rank correlation of the two, and
the share first improved by each session (Kaplan & Meier 1958), from counts.
What does not: counting sessions and first improvements (SQL does), a curve fitted over people of
different length alone: that is the mistake this is here to avoid (metrics.md 2.6).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import special, stats

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

KEYS = ("program_id", "contact_source", "ending_kind", "threshold_set", "scale_id")
COUNTS = ("session_count", "course_count", "having_count", "without_count", "left_out_count")
FIRST_IMPROVEMENT = "first_improvement"
IMPROVED_BY_SESSION = "improved_by_session"
# Rate -> the id of its rank correlation with the number of sessions.
CORRELATIONS = {
    "reliable_improvement": "sessions_and_reliable_improvement",
    "reliable_recovery": "sessions_and_reliable_recovery",
}
OF_KNOWN = "_of_known"
EVIDENCE_LABEL = "descriptive"
NUMBERS = ("estimate", "interval_low", "interval_high")
WHOLE = (
    "session_count",
    "numerator_count",
    "sample_size",
    "missing_count",
    "left_out_count",
    "course_count",
    "censored_count",
)


def estimate(
    counts: pd.DataFrame, *, minimum_courses: int, confidence: float = 0.95
) -> pd.DataFrame:
    """Every rate, correlation and share of every program and ending.

    Rates are of the known: courses with an outcome nobody knows grow fewer with every session, so a
    rate that counts them as not improved would rise with sessions by that alone.

    Args:
        counts: one row per ``rate_id``, ``KEYS`` and ``session_count``, with ``COUNTS``. Of
            first_improvement ``having_count`` courses improved first at that session and
            ``without_count`` were last seen there; session NULL: no place among the sessions.
        minimum_courses: fewest known courses of one number of sessions for it to be ranked.
        confidence: coverage of the intervals, a proportion.

    Returns:
        One row per metric, ``KEYS`` and ``session_count`` (NULL for a correlation):

        * ``reliable_improvement_of_known``, ``reliable_recovery_of_known``: Wilson limits;
          course_count = sample_size + missing_count + left_out_count.
        * ``sessions_and_…``: Spearman's rho over numbers of sessions, sample_size of them; limits
          by Fisher's z with the variance of Bonett & Wright (2000), (1 + rho^2 / 2) / (n - 3).
        * ``improved_by_session``: 1 - Kaplan-Meier, log-log limits with Greenwood's variance;
          sample_size is the number at risk, numerator_count the first improvements then,
          censored_count those last seen then.

        And ``status``, ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(counts, ("rate_id", *KEYS, *COUNTS))
    require_confidence(confidence)
    rows = counts.assign(**{name: floats(counts, name) for name in COUNTS})
    frames = []
    for (rate_id, *key), group in rows.groupby(["rate_id", *KEYS], dropna=False, sort=True):
        named = dict(zip(KEYS, key, strict=True))
        ordered = group.sort_values("session_count", na_position="last")
        if rate_id == FIRST_IMPROVEMENT:
            made = _survival(ordered, confidence)
        else:
            rates = _rates(ordered, f"{rate_id}{OF_KNOWN}", confidence)
            ranked = rates[rates["sample_size"] >= minimum_courses]
            made = pd.concat(
                [rates, _correlation(ranked, rates, CORRELATIONS[str(rate_id)], confidence)]
            )
        frames.append(made.assign(**named))
    return _typed(frames)


def _rates(group: pd.DataFrame, metric_id: str, confidence: float) -> pd.DataFrame:
    having, left_out = floats(group, "having_count"), floats(group, "left_out_count")
    known = having + floats(group, "without_count")
    low, high = wilson_interval(having, known, confidence=confidence)
    return pd.DataFrame(
        {
            "metric_id": metric_id,
            "session_count": floats(group, "session_count"),
            "estimate": np.divide(having, known, out=np.full_like(known, np.nan), where=known > 0),
            "interval_low": low,
            "interval_high": high,
            "numerator_count": having,
            "sample_size": known,
            "missing_count": floats(group, "course_count") - known - left_out,
            "left_out_count": left_out,
            "course_count": floats(group, "course_count"),
            "status": np.where(known > 0, ESTIMATED, NOT_COMPUTABLE),
            "method": "wilson",
        }
    )


def _correlation(
    ranked: pd.DataFrame, rates: pd.DataFrame, metric_id: str, confidence: float
) -> pd.DataFrame:
    size = len(ranked)
    rho, low, high = np.nan, np.nan, np.nan
    status = TOO_FEW
    if size > 3:
        status = NOT_COMPUTABLE
        if ranked["estimate"].nunique() > 1:
            status = ESTIMATED
            rho = float(stats.spearmanr(ranked["session_count"], ranked["estimate"]).statistic)
            low, high = spearman_interval(rho, size, confidence=confidence)
    return pd.DataFrame(
        {
            "metric_id": [metric_id],
            "estimate": [rho],
            "interval_low": [low],
            "interval_high": [high],
            "sample_size": [float(size)],
            "missing_count": [float(len(rates) - size)],
            "course_count": [float(rates["course_count"].sum())],
            "status": [status],
            "method": ["spearman_bonett_wright"],
        }
    )


def spearman_interval(rho: float, size: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Limits of a rank correlation: tanh(atanh rho -+ z sqrt((1 + rho^2 / 2) / (n - 3))).

    Bonett & Wright (2000, Psychometrika 65:23-28). A rho of -1 or 1 is itself twice.

    Args:
        rho: -1..1.
        size: pairs ranked, above 3.
        confidence: coverage, a proportion.
    """
    if abs(rho) >= 1:
        return rho, rho
    margin = special.ndtri(0.5 + confidence / 2) * np.sqrt((1 + rho**2 / 2) / (size - 3))
    return float(np.tanh(np.arctanh(rho) - margin)), float(np.tanh(np.arctanh(rho) + margin))


def _survival(group: pd.DataFrame, confidence: float) -> pd.DataFrame:
    placed = group[group["session_count"].notna()]
    unplaced = float(group.loc[group["session_count"].isna(), "course_count"].sum())
    if placed.empty:
        return pd.DataFrame(
            {
                "metric_id": [IMPROVED_BY_SESSION],
                "numerator_count": [0.0],
                "sample_size": [0.0],
                "censored_count": [0.0],
                "missing_count": [unplaced],
                "course_count": [unplaced],
                "status": [NOT_COMPUTABLE],
                "method": ["kaplan_meier"],
            }
        )
    session = floats(placed, "session_count")
    event, censored = floats(placed, "having_count"), floats(placed, "without_count")
    at_risk = (event + censored)[::-1].cumsum()[::-1]
    improved, low, high = kaplan_meier(event, at_risk, confidence=confidence)
    return pd.DataFrame(
        {
            "metric_id": IMPROVED_BY_SESSION,
            "session_count": session,
            "estimate": improved,
            "interval_low": low,
            "interval_high": high,
            "numerator_count": event,
            "sample_size": at_risk,
            "missing_count": unplaced,
            "course_count": at_risk[0] + unplaced,
            "censored_count": censored,
            "status": ESTIMATED,
            "method": "kaplan_meier",
        }
    )


def kaplan_meier(
    event: Floats, at_risk: Floats, *, confidence: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """The share with the event by each time, 1 - S, and its limits.

    S is the product of 1 - d / n; Greenwood's variance of log S, sum of d / (n (n - d)); limits
    S^exp(-+ z sqrt(variance) / log S), which stay within 0 and 1 (Kalbfleisch & Prentice 1980).
    That form has no limits where S is 1 or 0: there the limits are those of Wilson for none of, or
    none left of, those at risk.

    Args:
        event: events at each time, in order; shape (times,).
        at_risk: those under observation just before, above 0; shape (times,).
        confidence: coverage, a proportion.

    Returns:
        The share, its lower and its upper limit, each in 0-1 and of shape (times,).
    """
    z = special.ndtri(0.5 + confidence / 2)
    survived: Floats = np.cumprod(1 - event / at_risk, dtype=np.float64)
    left = at_risk - event
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(event / (at_risk * left))
        inside = (survived > 0) & (survived < 1)
        margin = z * np.sqrt(greenwood) / np.abs(np.log(np.where(inside, survived, 0.5)))
        low = np.where(inside, survived ** np.exp(margin), np.nan)
        high = np.where(inside, survived ** np.exp(-margin), np.nan)
    none_of = wilson_interval(np.zeros_like(at_risk), at_risk, confidence=confidence)[1]
    before = np.concatenate([[1.0], survived[:-1]])
    most: Floats = 1 - np.where(survived >= 1, 1 - none_of, np.where(survived <= 0, 0.0, low))
    least: Floats = 1 - np.where(
        survived >= 1, 1.0, np.where(survived <= 0, before * none_of, high)
    )
    share: Floats = 1 - survived
    return share, least, most


def _typed(frames: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ("metric_id", *KEYS, *WHOLE, *NUMBERS, "status", "method")
    filled = [frame for frame in frames if not frame.empty]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    whole = whole.reindex(columns=list(columns))
    made = {name: text(whole[name].where(whole[name].notna(), None)) for name in columns[:6]}
    made |= {name: nullable_count(floats(whole, name)) for name in WHOLE}
    values: Iterator[Floats] = (floats(whole, name) for name in NUMBERS)
    made |= {
        name: nullable_float(value, np.isfinite(value))
        for name, value in zip(NUMBERS, values, strict=True)
    }
    made |= {name: text(whole[name]) for name in ("status", "method")}
    made["evidence_label"] = text([EVIDENCE_LABEL] * len(whole))
    return pd.DataFrame(made)
