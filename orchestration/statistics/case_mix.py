"""What rate a unit should have with the people it sees: a logistic model of what they began with.

What belongs here: the model and each unit's expected count under it.
What does not: the funnel around observed over expected (``funnel``), what is known at the start
(``dbt_project/models/change/int_case_mix.sql``).

The model knows how ill people were when they came and never who treated them: a unit as a term of
its own would explain away what the funnel looks for.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    TOO_FEW,
    Floats,
    floats,
    require_columns,
)
from orchestration.statistics.program_outcomes import COUNTS, RATES, Rate

SEVERITIES = ("first_severity", "second_severity")
CATEGORIES = ("condition_set", "age_band", "has_earlier_episode")
SCOPE = ("program_id", "population", "threshold_set", "year", "clinic", "clinician")
# Kind of unit -> the column that names it.
UNITS = {"clinic": "clinic", "clinician": "clinician", "program": "program_id"}
ALL = "all"
UNKNOWN = "unknown"
OTHER = "other"
# A value that fewer courses have than this joins the others that few have.
FEWEST_OF_A_VALUE = 10
# A slope is thought beforehand to lie around 0 with SD 2.5 on the logit of one SD, after Gelman and
# others (2008, Ann Appl Stat 2:1360-1383): it keeps a value that all or none of ten recovered with
# from running off to infinity, and is nothing beside a few hundred courses.
PENALTY = 1 / 2.5**2
STEPS = 50
CLOSE_ENOUGH = 1e-8


class Design(NamedTuple):
    """The terms of a model.

    Attributes:
        matrix: shape (rows, 1 + terms); the first column is 1.
        adjusted_for: the columns that vary and so entered, in order.
    """

    matrix: Floats
    adjusted_for: tuple[str, ...]


def expected(
    cells: pd.DataFrame, *, metrics: tuple[str, ...], minimum_courses: int
) -> pd.DataFrame:
    """Each unit's expected numerator, from a model of all courses of its group.

    One model per program (and all), population, threshold set, period (all, and each year) and
    rate: logit P(outcome) on the severity at the start on each measure, whether one is missing, and
    the categories. Expected counts of the units of a group sum to the observed ones.

    Args:
        cells: one row per combination of ``SCOPE``, ``SEVERITIES`` (in SDs, upward is worse; NULL
            is unknown) and ``CATEGORIES``, with the counts of ``program_outcomes``.
        metrics: which rates.
        minimum_courses: fewest courses in the denominator for a model.

    Returns:
        One row per unit and rate: the keys of a funnel, ``expected_count``, ``expected_variance``
        (sum of p (1 - p)), ``model_status`` and ``adjusted_for`` (the terms that entered, separated
        by commas). Both numbers are NaN where the status is not ``estimated``.

    Raises:
        ValueError: a column is missing.
    """
    require_columns(cells, (*SCOPE, *SEVERITIES, *CATEGORIES, *COUNTS))
    rates = [rate for rate in RATES if rate.metric_id in metrics]
    found = [
        _units_of(group, keys, rate, minimum_courses)
        for keys, group in _groups(cells)
        for rate in rates
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=_columns())


def _columns() -> list[str]:
    keys = ["program_id", "population", "threshold_set", "period_kind", "period", "metric_id"]
    numbers = ["expected_count", "expected_variance", "model_status", "adjusted_for"]
    return [*keys, "unit_kind", "unit_id", *numbers]


def _groups(cells: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Every group that a funnel compares the units of."""
    for (population, threshold_set), same in cells.groupby(["population", "threshold_set"]):
        programs = [(ALL, same), *((str(name), each) for name, each in same.groupby("program_id"))]
        for program, rows in programs:
            periods = [(ALL, ALL, rows)]
            periods += [("year", str(year), each) for year, each in rows.groupby("year")]
            for period_kind, period, chosen in periods:
                keys = {
                    "program_id": program,
                    "population": str(population),
                    "threshold_set": str(threshold_set),
                    "period_kind": period_kind,
                    "period": period,
                }
                yield keys, chosen


def _units_of(
    group: pd.DataFrame, keys: dict[str, str], rate: Rate, minimum_courses: int
) -> pd.DataFrame:
    given = {name: floats(group, name) for name in COUNTS}
    having: Floats = np.sum([given[name] for name in rate.having], axis=0)
    total: Floats = given["course_count"] - (given[rate.left_out] if rate.left_out else 0.0)
    made = design(group, total)
    status = ESTIMATED
    if total.sum() < minimum_courses:
        status = TOO_FEW
    elif not made.adjusted_for or not 0 < having.sum() < total.sum():
        status = NOT_COMPUTABLE
    chance = np.full(len(group), np.nan)
    if status == ESTIMATED:
        slopes = fit(made.matrix, having, total)
        chance = np.exp(-np.logaddexp(0.0, -(made.matrix @ slopes)))
    terms = ", ".join(made.adjusted_for) if status == ESTIMATED else None
    sums = pd.DataFrame(
        {"expected_count": total * chance, "expected_variance": total * chance * (1 - chance)}
    )
    frames = []
    for kind, column in UNITS.items():
        # Programs are compared with one another and not within one.
        if kind == "program" and keys["program_id"] != ALL:
            continue
        by_unit = sums.groupby(group[column].astype(str).to_numpy()).sum(min_count=1)
        by_unit = by_unit[by_unit.index != UNKNOWN] if kind != "program" else by_unit
        frames.append(by_unit.rename_axis("unit_id").reset_index().assign(unit_kind=kind))
    units = pd.concat(frames, ignore_index=True)
    return units.assign(**keys, metric_id=rate.metric_id, model_status=status, adjusted_for=terms)[
        _columns()
    ]


def design(rows: pd.DataFrame, weight: Floats) -> Design:
    """The terms that vary among ``rows``, each category against its commonest value.

    Args:
        rows: as for ``expected``; shape (rows, …).
        weight: courses behind each row, 0 or more; shape (rows,).
    """
    columns: list[Floats] = [np.ones(len(rows))]
    entered: list[str] = []
    asked = weight > 0
    for name in SEVERITIES:
        value = floats(rows, name)
        is_unknown = np.isnan(value)
        filled = np.where(is_unknown, 0.0, value)
        candidates = [
            term
            for term in (filled, is_unknown.astype(float))
            if asked.any() and np.ptp(term[asked]) > 0
        ]
        columns += candidates
        entered += [name] if candidates else []
    for name in CATEGORIES:
        values = rows[name].astype(str)
        sizes = pd.Series(weight).groupby(values.to_numpy()).sum()
        few = set(sizes.index[sizes < FEWEST_OF_A_VALUE])
        values = values.where(~values.isin(few), OTHER)
        sizes = pd.Series(weight).groupby(values.to_numpy()).sum().sort_index()
        others = [word for word in sizes.index if word != sizes.idxmax() and sizes[word] > 0]
        columns += [(values == word).to_numpy(dtype=np.float64) for word in others]
        entered += [name] if others else []
    return Design(np.column_stack(columns), tuple(entered))


def fit(matrix: Floats, having: Floats, total: Floats, *, penalty: float = PENALTY) -> Floats:
    """Slopes of a binomial logistic model by Newton's steps, all but the first drawn to 0.

    Args:
        matrix: terms, the first of them 1; shape (rows, terms).
        having: how many of each row have the outcome; shape (rows,).
        total: how many are asked; shape (rows,).
        penalty: of the squared slopes, 1 / variance of what is thought of them beforehand.

    Returns:
        The slopes on the logit, shape (terms,). The first score equation holds exactly, so expected
        counts sum to the observed.
    """
    ridge = np.full(matrix.shape[1], penalty)
    ridge[0] = 0.0
    slopes = np.zeros(matrix.shape[1])
    common = having.sum() / total.sum()
    slopes[0] = np.log(common / (1 - common))

    def loss(at: Floats) -> float:
        logit = matrix @ at
        likelihood = having @ logit - total @ np.logaddexp(0.0, logit)
        return float(-likelihood + 0.5 * ridge @ at**2)

    for _ in range(STEPS):
        chance = np.exp(-np.logaddexp(0.0, -(matrix @ slopes)))
        gradient = matrix.T @ (having - total * chance) - ridge * slopes
        if np.abs(gradient).max() < CLOSE_ENOUGH:
            break
        weighted = matrix * (total * chance * (1 - chance))[:, None]
        step = np.linalg.lstsq(matrix.T @ weighted + np.diag(ridge), gradient, rcond=None)[0]
        # Half a step, and half of that, until it is downhill: Newton alone may overshoot.
        now, share = loss(slopes), 1.0
        while loss(slopes + share * step) > now + 1e-12 and share > 1e-6:
            share /= 2
        slopes = slopes + share * step
    return slopes
