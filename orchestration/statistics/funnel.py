"""Which unit differs from the others by more than chance: control limits around their common rate.

What belongs here: funnel limits for proportions, with and without over-dispersion (metrics.md 2.5,
as coded in FunnelPlotR R/calculate_limits.R and R/od_adjustment.R), for raw rates and for rates
standardised to the case mix.
What does not: the rates themselves (``program_outcomes``), what to expect of a unit with the people
it sees (``case_mix``), a ranking.

Units always differ by more than the binomial says, because their clients do. The over-dispersed
limits allow for what is usual among these units; a unit beyond them is unusual even so.
"""

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Flags,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    text,
)

GROUP = (
    "program_id",
    "unit_kind",
    "period_kind",
    "period",
    "population",
    "threshold_set",
    "metric_id",
)
KEYS = (*GROUP, "unit_id")
METRICS = ("recovery", "reliable_recovery", "reliable_improvement", "reliable_deterioration")
UNIT_KINDS = ("clinic", "clinician")
PERIOD_KINDS = ("all", "year")
UNKNOWN = "unknown"
# Two-sided 95 % and 99.8 %: "two" and "three" sigma of process control.
WIDTHS = {"95": 1.959964, "998": 3.090232}
WINSORISED_SHARE = 0.1
# Fewer units than this have no usual spread to speak of.
FEWEST_UNITS = 3
METHOD = "arcsine_additive_overdispersion"
RAW, CASE_MIX = "none", "case_mix"


def units(rates: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``program_outcomes.estimate`` that a funnel compares.

    Clinics and clinicians within each program and within all; programs with one another. A unit
    that nobody named is none.

    Args:
        rates: every rate, as ``program_outcomes.estimate`` returns them.

    Returns:
        One row per unit and metric with ``KEYS``, ``numerator_count`` and ``sample_size``; only
        units with somebody in the denominator.
    """
    kept = rates[
        rates["metric_id"].isin(METRICS)
        & rates["period_kind"].isin(PERIOD_KINDS)
        & (rates["sample_size"] > 0)
    ]
    within = kept[kept["stratum_kind"].isin(UNIT_KINDS) & (kept["stratum_id"] != UNKNOWN)]
    within = within.assign(unit_kind=within["stratum_kind"], unit_id=within["stratum_id"])
    programs = kept[(kept["stratum_kind"] == "all") & (kept["program_id"] != "all")]
    programs = programs.assign(unit_kind="program", unit_id=programs["program_id"])
    programs = programs.assign(program_id="all")
    columns = [*KEYS, "numerator_count", "sample_size"]
    return pd.concat([within, programs], ignore_index=True)[columns]


def raw(rows: pd.DataFrame) -> pd.DataFrame:
    """The rates as they are, ready for ``limits``: a unit counts as many courses as it has.

    Args:
        rows: one row per unit with ``KEYS``, ``numerator_count`` and ``sample_size`` (above 0).

    Returns:
        The same rows with ``adjustment`` none, ``rate``, ``weight`` (the courses), ``target`` (all
        numerators over all denominators of the group), ``model_status``; expected is unknown.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, (*KEYS, "numerator_count", "sample_size"))
    count, total = floats(rows, "numerator_count"), floats(rows, "sample_size")
    return rows.assign(
        adjustment=RAW,
        adjusted_for=None,
        rate=count / total,
        weight=total,
        target=_common(rows),
        expected_count=np.nan,
        model_status=ESTIMATED,
    )


def case_mix(rows: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """The rates as they would be if every unit saw the same people, ready for ``limits``.

    Indirect standardisation: observed over expected, times the common rate p, at most 1. The
    expected count E sums different chances and so varies less than n p (1 - p); the rate weighs as
    many courses as would give it its own variance, p (1 - p) / ((p / E)^2 sum of chance (1 -
    chance)), which is n where all chances are alike.

    Args:
        rows: as for ``raw``.
        expected: ``case_mix.expected`` of the same courses.

    Returns:
        The same rows with ``adjustment`` case_mix, ``adjusted_for``, ``rate``, ``weight``,
        ``target``, ``expected_count``, ``model_status``.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, (*KEYS, "numerator_count", "sample_size"))
    require_columns(expected, (*KEYS, "expected_count", "expected_variance", "model_status"))
    joined = rows.assign(target=_common(rows)).merge(expected, on=list(KEYS), how="left")
    count, target = floats(joined, "numerator_count"), floats(joined, "target")
    awaited, variance = floats(joined, "expected_count"), floats(joined, "expected_variance")
    is_known = (awaited > NUMERICALLY_ZERO) & (variance > NUMERICALLY_ZERO)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(is_known, np.minimum(count / awaited * target, 1.0), np.nan)
        weight = target * (1 - target) * awaited**2 / (target**2 * variance)
    return joined.assign(
        adjustment=CASE_MIX,
        rate=rate,
        weight=np.where(is_known, weight, np.nan),
        model_status=joined["model_status"].fillna(TOO_FEW),
    )


def _common(rows: pd.DataFrame) -> Floats:
    summed = rows.groupby(list(GROUP))[["numerator_count", "sample_size"]].transform("sum")
    return floats(summed, "numerator_count") / floats(summed, "sample_size")


def limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Control limits of every unit around the common rate of its group.

    Limits are sin^2(arcsin(sqrt p) -+ k sqrt(1/(4n) + tau^2)) around the common rate p, cut at 0
    and 1, with tau^2 = 0 and with the between-unit variance of the winsorised z scores (10 % at
    each end); n is the weight of the unit's rate.

    Args:
        rows: what ``raw`` or ``case_mix`` made, or both one below the other.

    Returns:
        One row per unit and adjustment, ordered by both: the counts, ``estimate``, ``target`` (p),
        ``expected_count`` and ``observed_to_expected`` (NULL for raw rates), ``adjusted_for``,
        ``unit_count``, ``dispersion_ratio`` (phi; 1 = binomial), ``between_unit_variance`` (tau^2),
        ``limit_95_low`` … ``limit_998_high``, the same with ``overdispersed_`` before them,
        ``position`` and ``overdispersed_position`` (within, above_95, above_998, below_95,
        below_998), ``status`` (``estimated``; ``too_few`` units for limits or courses for a model;
        ``not_computable``: everybody or nobody has the outcome, or nothing varies), ``method``.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, (*KEYS, "adjustment", "adjusted_for", "rate", "weight", "target"))
    ordered = rows.sort_values([*KEYS, "adjustment"], ignore_index=True)
    count, total = floats(ordered, "numerator_count"), floats(ordered, "sample_size")
    estimate, weight = floats(ordered, "rate"), floats(ordered, "weight")
    target, awaited = floats(ordered, "target"), floats(ordered, "expected_count")
    size, ratio, variance = (np.full(len(ordered), np.nan) for _ in range(3))
    for _, group in ordered.groupby([*GROUP, "adjustment"], sort=False):
        at = group.index.to_numpy()
        size[at] = len(at)
        if np.isfinite(estimate[at]).all():
            ratio[at], variance[at] = dispersion(estimate[at], weight[at], float(target[at[0]]))
    has_units = size >= FEWEST_UNITS
    enough = has_units & np.isfinite(variance)

    columns = {key: text(ordered[key]) for key in KEYS}
    columns["adjustment"] = text(ordered["adjustment"])
    columns["adjusted_for"] = text(ordered["adjusted_for"])
    columns["estimate"] = nullable_float(estimate, total > 0)
    columns["target"] = nullable_float(target, total > 0)
    columns["numerator_count"] = nullable_count(count)
    columns["sample_size"] = nullable_count(total)
    columns["expected_count"] = nullable_float(awaited, awaited > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        columns["observed_to_expected"] = nullable_float(count / awaited, awaited > 0)
    columns["unit_count"] = nullable_count(size)
    columns["dispersion_ratio"] = nullable_float(ratio, enough)
    columns["between_unit_variance"] = nullable_float(variance, enough)
    for prefix, extra in (("", np.zeros_like(variance)), ("overdispersed_", variance)):
        found: dict[str, tuple[Floats, Floats]] = {}
        for name, width in WIDTHS.items():
            found[name] = _around(target, weight, extra, width)
            for side, values in zip(("low", "high"), found[name], strict=True):
                columns[f"{prefix}limit_{name}_{side}"] = nullable_float(values, enough)
        columns[f"{prefix}position"] = text(_position(estimate, found, enough))
    model_status = ordered["model_status"].astype(str).to_numpy()
    unsaid = np.where(model_status == ESTIMATED, NOT_COMPUTABLE, model_status)
    columns["status"] = text(np.where(has_units, np.where(enough, ESTIMATED, unsaid), TOO_FEW))
    columns["method"] = text([METHOD] * len(ordered))
    return pd.DataFrame(columns)


def dispersion(rate: Floats, weight: Floats, common: float) -> tuple[float, float]:
    """How much more the units of one group differ than the binomial says.

    Args:
        rate: of each unit, 0-1, shape (units,).
        weight: courses each rate weighs, above 0, shape (units,).
        common: the rate they are set beside, 0-1.

    Returns:
        phi, the mean square of the winsorised z scores, and tau^2, the variance between units on
        the arcsine scale (0 where the units differ no more than by chance, or there is one only).
    """
    k = len(rate)
    if k < 2:
        return np.nan, 0.0
    z = (np.arcsin(np.sqrt(rate)) - np.arcsin(np.sqrt(common))) * 2 * np.sqrt(weight)
    low, high = np.quantile(z, [WINSORISED_SHARE, 1 - WINSORISED_SHARE])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    precision = 4 * weight
    spread = precision.sum() - (precision**2).sum() / precision.sum()
    return phi, max(0.0, float((k * phi - (k - 1)) / spread))


def _around(
    target: Floats, weight: Floats, variance: Floats, width: float
) -> tuple[Floats, Floats]:
    centre = np.arcsin(np.sqrt(target))
    margin = width * np.sqrt(1 / (4 * weight) + variance)
    low = np.sin(np.clip(centre - margin, 0.0, np.pi / 2)) ** 2
    high = np.sin(np.clip(centre + margin, 0.0, np.pi / 2)) ** 2
    return low, high


def _position(
    estimate: Floats, found: dict[str, tuple[Floats, Floats]], enough: Flags
) -> list[object]:
    place: list[object] = []
    for row, value in enumerate(estimate):
        word: object = "within" if enough[row] else None
        for name in WIDTHS:
            low, high = found[name][0][row], found[name][1][row]
            if enough[row] and value > high:
                word = f"above_{name}"
            elif enough[row] and value < low:
                word = f"below_{name}"
        place.append(word)
    return place
