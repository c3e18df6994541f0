"""Is the link the same in every group? A random-effects pool of the groups' correlations.

What belongs here: the pool, how far the groups differ, where the next group may be expected, and
which group moves the result most.
What does not: the correlations themselves (``associations``), or whether groups overlap: a person
with two conditions is in two of them, which the dictionary says.

Correlations are pooled as Fisher's z with variance 1 / (n - 3). tau squared is Paule & Mandel's
(1982), the default for its small bias with few unequal groups (Veroniki et al. 2016), and
DerSimonian & Laird's (1986) stands beside it. The interval is Hartung & Knapp's (2001; Sidik &
Jonkman 2002) on the t distribution, the prediction range that of Nagashima et al. (2019).
"""

from typing import Any

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
    require_confidence,
    text,
)
from orchestration.statistics.heterogeneity import (
    dersimonian_laird,
    generalised_q,
    hartung_knapp,
    i_squared_limits,
    paule_mandel,
    prediction_limits,
    tau_squared_limits,
    weighted_mean,
)

KEYS = ("pooled_over", "process_scale_id", "outcome_scale_id", "interval_name")
COLUMNS = (
    "stratum_kind",
    "stratum_id",
    *KEYS[1:],
    "sample_size",
    "pearson_r",
    "status",
)
NUMBERS = (
    "estimate",
    "interval_low",
    "interval_high",
    "prediction_low",
    "prediction_high",
    "tau_squared",
    "tau_squared_interval_low",
    "tau_squared_interval_high",
    "dersimonian_laird_estimate",
    "dersimonian_laird_tau_squared",
    "i_squared",
    "i_squared_interval_low",
    "i_squared_interval_high",
    "heterogeneity_q",
    "heterogeneity_p_value",
    "leave_one_out_low",
    "leave_one_out_high",
)
METHOD = "fisher_z_paule_mandel_hartung_knapp"
EVIDENCE_LABEL = "concurrent"
# A group of which nobody knows what it is is no group to compare.
UNKNOWN = "unknown"
# Below three groups "the same everywhere" has no meaning and tau squared no precision.
FEWEST_STRATA = 3


def estimate(
    associations: pd.DataFrame,
    *,
    pooled_over: tuple[str, ...],
    interval_names: tuple[str, ...],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """One pool per kind of group, pair of scales and interval.

    Args:
        associations: estimates of ``associations.estimate`` with ``COLUMNS``.
        pooled_over: the kinds of group that are pooled (each becomes rows of its own).
        interval_names: the intervals that are pooled.
        confidence: coverage of all intervals, a proportion.

    Returns:
        ``KEYS``, ``strata_count`` (pooled), ``strata_left_out_count`` (too few people, no spread),
        ``sample_size`` (people in the pooled), ``NUMBERS`` (correlations, except tau squared in
        squared Fisher z, I squared as a proportion, Q and its p), ``most_moving_stratum_id`` (the
        group without which the pool moves most), ``status`` (``too_few``: fewer than three
        groups), ``method``, ``evidence_label``.

    Raises:
        ValueError: a column is missing, or ``confidence`` is not between 0 and 1.
    """
    require_columns(associations, COLUMNS)
    require_confidence(confidence)
    wanted = associations[
        associations["stratum_kind"].isin(pooled_over)
        & associations["interval_name"].isin(interval_names)
        & (associations["stratum_id"] != UNKNOWN)
    ]
    wanted = wanted.assign(
        pearson_r=floats(wanted, "pearson_r"), sample_size=floats(wanted, "sample_size")
    ).rename(columns={"stratum_kind": "pooled_over"})
    rows: list[dict[str, Any]] = []
    for keys, group in wanted.groupby(list(KEYS), sort=True):
        # At -1 or 1 Fisher's z is infinite: two scales that are one.
        usable = group[
            (group["status"] == ESTIMATED)
            & (group["pearson_r"].abs() < 1)
            & (group["sample_size"] > 3)
        ].sort_values("stratum_id")
        row: dict[str, Any] = dict(zip(KEYS, keys, strict=True)) | {
            "strata_count": float(len(usable)),
            "strata_left_out_count": float(len(group) - len(usable)),
            "sample_size": float(usable["sample_size"].sum()),
            "most_moving_stratum_id": None,
            "status": TOO_FEW,
        }
        if len(usable) >= FEWEST_STRATA:
            numbers, most_moving = pool(
                np.arctanh(usable["pearson_r"].to_numpy(np.float64)),
                1 / (usable["sample_size"].to_numpy(np.float64) - 3),
                confidence,
            )
            is_known = np.isfinite(numbers["estimate"])
            row |= numbers
            row["status"] = ESTIMATED if is_known else NOT_COMPUTABLE
            if most_moving is not None:
                row["most_moving_stratum_id"] = usable["stratum_id"].iloc[most_moving]
        rows.append(row)
    return _frame(rows)


def pool(
    effects: Floats, variances: Floats, confidence: float
) -> tuple[dict[str, float], int | None]:
    """Pool Fisher z values; everything but tau squared, I squared and Q comes back as r.

    Args:
        effects: Fisher z of each group, finite; shape (groups,), three or more.
        variances: of each, above 0.
        confidence: coverage, a proportion.

    Returns:
        ``NUMBERS`` by name, and the place of the group that moves the pool most.
    """
    count = len(effects)
    tau_squared = paule_mandel(effects, variances)
    mean, error = hartung_knapp(effects, variances, tau_squared)
    quantile = special.stdtrit(count - 1, 0.5 + confidence / 2)
    predicted = prediction_limits(effects, variances, confidence)
    q = generalised_q(effects, variances, 0.0)
    tau_low, tau_high = tau_squared_limits(effects, variances, confidence)
    i_squared, i_low, i_high = i_squared_limits(q, count, confidence)
    laird = dersimonian_laird(effects, variances)
    without = np.array(
        [
            weighted_mean(e, v, paule_mandel(e, v))
            for e, v in (
                (np.delete(effects, place), np.delete(variances, place)) for place in range(count)
            )
        ]
    )
    numbers = {
        "estimate": np.tanh(mean),
        "interval_low": np.tanh(mean - quantile * error),
        "interval_high": np.tanh(mean + quantile * error),
        "prediction_low": np.tanh(predicted[0]),
        "prediction_high": np.tanh(predicted[1]),
        "tau_squared": tau_squared,
        "tau_squared_interval_low": tau_low,
        "tau_squared_interval_high": tau_high,
        "dersimonian_laird_estimate": np.tanh(weighted_mean(effects, variances, laird)),
        "dersimonian_laird_tau_squared": laird,
        "i_squared": i_squared,
        "i_squared_interval_low": i_low,
        "i_squared_interval_high": i_high,
        "heterogeneity_q": q,
        "heterogeneity_p_value": special.chdtrc(count - 1, q),
        "leave_one_out_low": np.tanh(without.min()),
        "leave_one_out_high": np.tanh(without.max()),
    }
    return {name: float(value) for name, value in numbers.items()}, int(
        np.argmax(np.abs(without - mean))
    )


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = {key: text([row[key] for row in rows]) for key in KEYS}
    for count in ("strata_count", "strata_left_out_count", "sample_size"):
        made[count] = nullable_count(np.array([row[count] for row in rows], float))
    known = np.array([row["status"] == ESTIMATED for row in rows], bool)
    for number in NUMBERS:
        values = np.array([row.get(number, np.nan) for row in rows], float)
        made[number] = nullable_float(values, known)
    made["most_moving_stratum_id"] = text([row["most_moving_stratum_id"] for row in rows])
    made["status"] = text([row["status"] for row in rows])
    made["method"] = text([METHOD] * len(rows))
    made["evidence_label"] = text([EVIDENCE_LABEL] * len(rows))
    return pd.DataFrame(made)
