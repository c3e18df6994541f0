"""Is it the change in self-compassion, or how the therapy was delivered? Both in one regression.

What belongs here: symptom change on process change beside one thing that was delivered (a level of
the therapy, the alliance score), each given the other.
What does not: averaging sessions (SQL does), session-to-session questions (``within_person``).

A mean over the course does not come before the change it stands beside: a good alliance may follow
from getting better.
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
    require_confidence,
    text,
)
from orchestration.statistics.least_squares import fit_rows, t_limits, two_sided_p
from orchestration.statistics.link_rows import LINK_KEYS, by_covariate, links

KEYS = (*LINK_KEYS, "delivery_id", "predictor")
PREDICTORS = ("process_change", "delivery")
NUMBERS = ("slope", "estimate", "interval_low", "interval_high", "p_value")
METHOD = "ols_standardised_hc3"
EVIDENCE_LABEL = "concurrent"


def estimate(
    rows: pd.DataFrame,
    covariates: pd.DataFrame,
    *,
    minimum_pairs: int,
    minimum_cases_per_predictor: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Two rows per link and thing delivered: what process change and it add, each given the other.

    Args:
        rows: as ``link_rows.links`` takes them.
        covariates: as ``link_rows.by_covariate`` takes them; those of kind ``delivery``.
        minimum_pairs: fewest people.
        minimum_cases_per_predictor: fewest people for each of two predictors.
        confidence: coverage, a proportion.

    Returns:
        ``KEYS``, ``sample_size``, ``slope`` (outcome points per point of the predictor),
        ``estimate`` (in SDs of both) with limits, ``p_value``, ``status`` (``not_computable``: no
        spread, for instance a level present in every session), ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_confidence(confidence)
    delivered = by_covariate(covariates, "delivery")
    floor = max(minimum_pairs, len(PREDICTORS) * minimum_cases_per_predictor, 5)
    made: list[dict[str, Any]] = []
    for keys, link in links(rows):
        if link.is_negative_control:
            continue
        for delivery_id, known in delivered.items():
            values = known.reindex(link.episode).to_numpy(np.float64)
            found = _both(link.process_change, values, link.outcome_change, floor, confidence)
            made += [{**keys, "delivery_id": delivery_id, **row} for row in found]
    columns = {key: text([row[key] for row in made]) for key in KEYS}
    columns["sample_size"] = nullable_count(np.array([row["sample_size"] for row in made], float))
    shown = np.array([row["status"] == ESTIMATED for row in made], bool)
    for number in NUMBERS:
        values = np.array([row.get(number, np.nan) for row in made], float)
        columns[number] = nullable_float(values, shown)
    columns["status"] = text([row["status"] for row in made])
    columns["method"] = text([METHOD] * len(made))
    columns["evidence_label"] = text([EVIDENCE_LABEL] * len(made))
    return pd.DataFrame(columns)


def _both(
    process: Floats, delivery: Floats, outcome: Floats, floor: int, confidence: float
) -> list[dict[str, Any]]:
    known = np.isfinite(process) & np.isfinite(delivery) & np.isfinite(outcome)
    count = int(known.sum())
    if count == 0:
        return []
    rows = [{"predictor": name, "sample_size": float(count)} for name in PREDICTORS]
    if count < floor:
        return [row | {"status": TOO_FEW} for row in rows]
    x = np.column_stack([process[known], delivery[known]])
    y = outcome[known]
    spreads = np.array([y.std(), *x.std(axis=0)])
    fit = None
    if (spreads > NUMERICALLY_ZERO).all():
        fit = fit_rows(np.column_stack([(x - x.mean(axis=0)) / spreads[1:], np.ones(count)]), y)
    if fit is None:
        return [row | {"status": NOT_COMPUTABLE} for row in rows]
    made = []
    for place, row in enumerate(rows):
        value = fit.coefficients[place] / spreads[0]
        variance = fit.covariance[place, place] / spreads[0] ** 2
        low, high = t_limits(value, variance, fit.freedom, confidence)
        made.append(
            row
            | {
                "slope": fit.coefficients[place] / spreads[place + 1],
                "estimate": value,
                "interval_low": low,
                "interval_high": high,
                "p_value": two_sided_p(value, variance, fit.freedom),
                "status": ESTIMATED,
            }
        )
    return made
