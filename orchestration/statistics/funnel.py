"""Which unit differs from the others by more than chance: control limits around their common rate.

What belongs here: funnel limits for proportions, with and without over-dispersion (metrics.md 2.5,
as coded in FunnelPlotR R/calculate_limits.R and R/od_adjustment.R).
What does not: the rates themselves (``program_outcomes``), adjustment for case mix, a ranking.

Units always differ by more than the binomial says, because their clients do. The over-dispersed
limits allow for what is usual among these units; a unit beyond them is unusual even so.
"""

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
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


def limits(rows: pd.DataFrame) -> pd.DataFrame:
    """Control limits of every unit around the common rate of its group.

    The common rate p is all numerators over all denominators. Limits are
    sin^2(arcsin(sqrt p) -+ k sqrt(1/(4n) + tau^2)), cut at 0 and 1, with tau^2 = 0 and with the
    between-unit variance of the winsorised z scores (10 % at each end).

    Args:
        rows: one row per unit with ``KEYS``, ``numerator_count`` and ``sample_size`` (above 0).

    Returns:
        One row per unit, ordered by ``KEYS``: the counts, ``estimate``, ``target`` (p),
        ``unit_count``, ``dispersion_ratio`` (phi; 1 = binomial), ``between_unit_variance`` (tau^2),
        ``limit_95_low`` … ``limit_998_high``, the same with ``overdispersed_`` before them,
        ``position`` and ``overdispersed_position`` (within, above_95, above_998, below_95,
        below_998), ``status`` (``estimated``, or ``too_few`` units for limits), ``method``.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(rows, (*KEYS, "numerator_count", "sample_size"))
    ordered = rows.sort_values(list(KEYS), ignore_index=True)
    count, total = floats(ordered, "numerator_count"), floats(ordered, "sample_size")
    target = np.full(len(ordered), np.nan)
    size, ratio, variance = (np.full(len(ordered), np.nan) for _ in range(3))
    for _, group in ordered.groupby(list(GROUP), sort=False):
        at = group.index.to_numpy()
        target[at] = count[at].sum() / total[at].sum()
        size[at] = len(at)
        ratio[at], variance[at] = dispersion(count[at], total[at])
    enough = size >= FEWEST_UNITS

    columns = {key: text(ordered[key]) for key in KEYS}
    estimate = count / total
    columns["estimate"] = nullable_float(estimate, total > 0)
    columns["target"] = nullable_float(target, total > 0)
    columns["numerator_count"] = nullable_count(count)
    columns["sample_size"] = nullable_count(total)
    columns["unit_count"] = nullable_count(size)
    columns["dispersion_ratio"] = nullable_float(ratio, enough)
    columns["between_unit_variance"] = nullable_float(variance, enough)
    for prefix, extra in (("", np.zeros_like(variance)), ("overdispersed_", variance)):
        found: dict[str, tuple[Floats, Floats]] = {}
        for name, width in WIDTHS.items():
            found[name] = _around(target, total, extra, width)
            for side, values in zip(("low", "high"), found[name], strict=True):
                columns[f"{prefix}limit_{name}_{side}"] = nullable_float(values, enough)
        columns[f"{prefix}position"] = text(_position(estimate, found, enough))
    columns["status"] = text(np.where(enough, ESTIMATED, TOO_FEW))
    columns["method"] = text([METHOD] * len(ordered))
    return pd.DataFrame(columns)


def dispersion(count: Floats, total: Floats) -> tuple[float, float]:
    """How much more the units of one group differ than the binomial says.

    Args:
        count: numerators, shape (units,).
        total: denominators above 0, shape (units,).

    Returns:
        phi, the mean square of the winsorised z scores, and tau^2, the variance between units on
        the arcsine scale (0 where the units differ no more than by chance, or there is one only).
    """
    k = len(count)
    if k < 2:
        return np.nan, 0.0
    angle = np.arcsin(np.sqrt(count / total))
    common = np.arcsin(np.sqrt(count.sum() / total.sum()))
    z = (angle - common) * 2 * np.sqrt(total)
    low, high = np.quantile(z, [WINSORISED_SHARE, 1 - WINSORISED_SHARE])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = 4 * total
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    return phi, max(0.0, float((k * phi - (k - 1)) / spread))


def _around(target: Floats, total: Floats, variance: Floats, width: float) -> tuple[Floats, Floats]:
    centre = np.arcsin(np.sqrt(target))
    margin = width * np.sqrt(1 / (4 * total) + variance)
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
