"""When a client is above their own mean on one scale, where are they on the other?

What belongs here: the within-person slope and its cluster-robust uncertainty, from sums over
person-mean-centred rows (metrics.md 2.7, method 6).
What does not: building panels, centring and lagging (SQL does), and any claim of cause: a lagged
slope is ``temporally ordered``, no more.
"""

import numpy as np
import pandas as pd

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
    text,
)
from orchestration.statistics.intervals import t_interval

KEYS = (
    "stratum_kind",
    "stratum_id",
    "process_scale_id",
    "outcome_scale_id",
    "direction",
    "is_adjusted_for_time",
)
MOMENTS = (
    "client_count",
    "long_client_count",
    "occasion_count",
    "regressor_sum_squares",
    "within_slope",
    "cluster_score_sum_squares",
    "between_slope",
)
TIME_UNIT = "time_unit"
CONCURRENT = "concurrent"
LAGGED = ("process_to_outcome", "outcome_to_process")
METHOD = "person_mean_centred_cluster_robust"

# One cluster has no spread between clusters, so there is no robust error to speak of.
FEWEST_CLIENTS = 2


def estimate(
    moments: pd.DataFrame,
    *,
    minimum_clients: int,
    minimum_clients_lagged: int,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate each row's within-person slope.

    Standard error = sqrt(sum over clients of score^2) / sxx x sqrt(G/(G-1) x (N-1)/(N-K)): the
    cluster-robust formula (Liang & Zeger 1986) with the small-sample factor that Stata and
    statsmodels use, where the regression has no intercept because the data are centred: K = 1, or
    2 with time. The interval is Student's t with G - 1 degrees of freedom.

    A panel that lies exactly on one line has no residuals: the standard error is then 0, the
    interval is the estimate twice, and the status is ``estimated``. It tells of copied data, not
    of certainty; plausibility rules elsewhere should ask why.

    ``status``: ``estimated`` (slope, error and interval are there; ``between_slope`` may still be
    NULL), ``too_few`` (under the floor: clients for concurrent rows, clients with four occasions
    or more for lagged rows) or ``not_computable`` (a regressor that never leaves the person's mean,
    or that time explains whole). In the last two every number but the counts is NULL.

    Args:
        moments: one row per stratum, pair of scales, direction and adjustment, with the columns
            ``KEYS``, ``MOMENTS`` and ``time_unit`` (day | position). ``occasion_count`` is N, the
            rows used; ``client_count`` is G, the clusters. Unknown is NULL or NaN.
        minimum_clients: floor on ``client_count`` for concurrent rows.
        minimum_clients_lagged: floor on ``long_client_count`` for lagged rows.
        confidence: coverage of the interval, a proportion.

    Returns:
        One row per input row, in the same order: ``KEYS``, estimates in nullable types (NULL where
        unknown, never NaN or infinity), counts, ``status``, ``method`` (which names the unit of
        time that an adjusted slope holds constant), ``evidence_label``. Slopes are in outcome
        units per process unit; for ``outcome_to_process`` the other way round.

    Raises:
        ValueError: a column is missing, ``direction`` or ``time_unit`` is not one of its words,
            ``is_adjusted_for_time`` is unknown, or ``confidence`` is not between 0 and 1.
    """
    require_columns(moments, (*KEYS, *MOMENTS, TIME_UNIT))
    _require_words(moments["direction"], (CONCURRENT, *LAGGED))
    _require_words(moments[TIME_UNIT], ("day", "position"))
    if moments["is_adjusted_for_time"].isna().any():
        message = "is_adjusted_for_time must be true or false on every row."
        raise ValueError(message)

    given = {column: floats(moments, column) for column in MOMENTS}
    clients = given["client_count"]
    adjusted = moments["is_adjusted_for_time"].astype("bool").to_numpy(dtype=np.bool_)
    concurrent = (moments["direction"] == CONCURRENT).to_numpy(dtype=np.bool_)
    enough = (clients >= FEWEST_CLIENTS) & np.where(
        concurrent,
        clients >= minimum_clients,
        given["long_client_count"] >= minimum_clients_lagged,
    )
    standard_error = _standard_error(given, np.where(adjusted, 2.0, 1.0))
    low, high = t_interval(
        given["within_slope"], standard_error, clients - 1, confidence=confidence
    )
    computable = np.isfinite(low) & np.isfinite(high)
    shown = enough & computable
    status = np.where(enough, np.where(computable, ESTIMATED, NOT_COMPUTABLE), TOO_FEW)

    columns = {key: text(moments[key]) for key in KEYS[:-1]}
    columns[KEYS[-1]] = pd.Series(pd.array(adjusted, dtype="boolean"))
    columns |= {
        "within_slope": nullable_float(given["within_slope"], shown),
        "between_slope": nullable_float(given["between_slope"], shown),
        "standard_error": nullable_float(standard_error, shown),
        "interval_low": nullable_float(low, shown),
        "interval_high": nullable_float(high, shown),
        "client_count": nullable_count(clients),
        "occasion_count": nullable_count(given["occasion_count"]),
        "status": text(str(word) for word in status),
        "method": text(_methods(moments[TIME_UNIT], adjusted)),
        "evidence_label": text(
            "concurrent" if is_concurrent else "temporally ordered" for is_concurrent in concurrent
        ),
    }
    return pd.DataFrame(columns)


def _require_words(column: pd.Series, words: tuple[str, ...]) -> None:
    if not column.isin(words).all():
        message = f"{column.name} must be one of {', '.join(words)} on every row."
        raise ValueError(message)


def _methods(time_unit: pd.Series, adjusted: np.ndarray) -> list[str]:
    """The method by name; an adjusted slope says whether time was days or positions."""
    return [
        f"{METHOD}_adjusted_for_{unit}" if is_adjusted else METHOD
        for unit, is_adjusted in zip(time_unit, adjusted, strict=True)
    ]


def _standard_error(given: dict[str, Floats], parameters: Floats) -> Floats:
    """The cluster-robust standard error; NaN where a denominator is used up."""
    clients, rows = given["client_count"], given["occasion_count"]
    sum_squares, meat = given["regressor_sum_squares"], given["cluster_score_sum_squares"]
    usable = (
        (clients >= FEWEST_CLIENTS)
        & (rows > parameters)
        & (sum_squares > NUMERICALLY_ZERO)
        & (meat >= 0)
    )
    clients = np.where(usable, clients, np.nan)
    freedom = np.where(usable, rows - parameters, np.nan)
    small_sample = clients / (clients - 1) * (rows - 1) / freedom
    root_meat = np.sqrt(np.where(usable, meat, np.nan))
    return root_meat / np.where(usable, sum_squares, np.nan) * np.sqrt(small_sample)
