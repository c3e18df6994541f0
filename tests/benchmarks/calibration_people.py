"""Imaginary clinics for what is estimated from people: moderation, dropout, delivery, practice.

What belongs here: drawing clinics whose true effects are known, as the rows that SQL would make of
them, and calling the estimator. What does not: judging (``calibration_judged``), or what is
estimated from moments (``calibration_moments``).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from orchestration.statistics import delivery, moderation, practice, sensitivity
from tests.benchmarks.calibration_judged import FLOORS, Floats, judged, tested


def _rows(
    clinics: int, x: Floats, y: Floats, first: Floats, second: Floats, **columns: object
) -> pd.DataFrame:
    """Every clinic a program; arrays are clinics x clients."""
    count = x.shape[1]
    return pd.DataFrame(
        {
            "episode_number": np.arange(clinics * count),
            "program_id": np.repeat(np.arange(clinics).astype(str), count),
            "is_counted_overall": True,
            "process_scale_id": "care",
            "outcome_scale_id": "mood",
            "is_negative_control": False,
            "is_completer": pd.NA,
            "process_baseline": first.ravel(),
            "process_change": x.ravel(),
            "outcome_baseline": second.ravel(),
            "outcome_change": y.ravel(),
        }
        | columns
    )


def _covariates(values: Floats, kind: str, name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "episode_number": np.arange(values.size),
            "covariate_kind": kind,
            "covariate_id": name,
            "covariate_value": values.ravel(),
        }
    )


def _nothing_known() -> pd.DataFrame:
    columns = [*moderation.GROUP_COLUMNS, "process_reliability", "outcome_reliability"]
    return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns, object))


def _moderation(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for interaction in (0.3, 0.0):
        x, m = random.normal(0, 1, shape), random.normal(0, 1, shape)
        # The spread of what is left grows with the change: what HC3 is for.
        y = (0.4 + interaction * m) * x + 0.2 * m + random.normal(0, 1, shape) * (0.5 + 0.5 * x**2)
        rows = _rows(clinics, x, y, m, random.normal(0, 1, shape))
        found = moderation.estimate(
            rows,
            _covariates(m, "baseline_score", "shy").iloc[:0],
            _nothing_known(),
            group_kinds=(),
            **FLOORS,
        )
        found = found[found["stratum_kind"] == "program"]
        of = {level: found[found["moderator_level"] == level] for level in ("interaction", "mean")}
        planted = f"interaction {interaction}, uneven spread" if interaction else "nothing"
        yield judged("moderation: interaction (HC3)", planted, of["interaction"], interaction)
        if interaction:
            at_mean = 0.4 + interaction * of["mean"]["moderator_value"].to_numpy(float)
            yield judged("moderation: slope at the mean", planted, of["mean"], at_mean)
    groups = 4
    sizes = np.linspace(clients // 2, 2 * clients, groups).astype(int)
    p_values = []
    frames = []
    for group, n in enumerate(sizes):
        x = random.normal(0, 1 + group / 2, (clinics, n))
        y = 0.5 * x + random.normal(0, 2 - group / 3, (clinics, n))
        x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
        slope = (x * y).sum(axis=1) / (x**2).sum(axis=1)
        left = ((y - slope[:, None] * x) ** 2).sum(axis=1) / (n - 2)
        frames.append((slope, left / (x**2).sum(axis=1)))
    slopes, variances = (np.column_stack(part) for part in zip(*frames, strict=True))
    p_values = [
        moderation.welch_p(slope, variance, sizes - 2.0)
        for slope, variance in zip(slopes, variances, strict=True)
    ]
    yield tested(
        "moderation: Welch's test of slopes", "same slope, uneven spread", pd.Series(p_values)
    )


def _sensitivity(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, 2 * clients)
    for slope, steeper, planted in (
        (-0.5, 0.0, "slope -.5, the worse off leave"),
        (0.0, 0.0, "nothing, the worse off leave"),
        (-0.5, -0.4, "mean slope -.5, steeper for the worse off, who leave"),
    ):
        first, second = random.normal(0, 1, shape), random.normal(0, 1, shape)
        x = random.normal(0, 1, shape)
        y = (slope + steeper * second) * x + random.normal(0, 1, shape)
        stays = random.random(shape) < 1 / (1 + np.exp(second))
        rows = _rows(clinics, x, np.where(stays, y, np.nan), first, second)
        rows["is_completer"] = random.random(len(rows)) < 0.7
        found = sensitivity.estimate(rows, _nothing_known(), minimum_pairs=20)
        found = found[found["stratum_kind"] == "program"]
        kept = ("all_available", "completers_only", "given_both_baselines", "dropout_weighted")
        for name in kept if not steeper else ("all_available", "dropout_weighted"):
            one = found[found["analysis"] == name]
            yield judged(f"sensitivity: {name}", planted, one, slope)


def _delivery(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for slopes in ((0.4, 0.2), (0.0, 0.0)):
        bond = random.normal(0, 1, shape)
        x = 0.5 * bond + np.sqrt(0.75) * random.normal(0, 1, shape)
        y = slopes[0] * x + slopes[1] * bond + random.normal(0, 1, shape)
        spread = np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2 + slopes[0] * slopes[1])
        rows = _rows(clinics, x, y, random.normal(0, 1, shape), random.normal(0, 1, shape))
        found = delivery.estimate(rows, _covariates(bond, "delivery", "alliance"), **FLOORS)
        found = found[found["stratum_kind"] == "program"]
        for name, slope in zip(delivery.PREDICTORS, slopes, strict=True):
            target = slope / spread
            planted = f"standardised slope {target:.2f}" if slope else "nothing"
            yield judged(f"delivery: {name}", planted, found[found["predictor"] == name], target)


def _practice(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for r in (0.4, 0.0):
        practised = random.normal(0, 1, (4, *shape))
        changed = r * practised[0] + np.sqrt(1 - r**2) * random.normal(0, 1, shape)
        rows = _rows(clinics, changed, changed, changed, changed)
        given = pd.concat(
            [
                *(_covariates(one, "practice", f"p{place}") for place, one in enumerate(practised)),
                _covariates(changed, "component_change", "warm"),
            ]
        )
        found = practice.estimate(rows, given, minimum_pairs=20)
        found = found[found["stratum_kind"] == "program"]
        first = found[found["practice_id"] == "p0"]
        yield judged("practice: r", f"r {r}" if r else "nothing", first, r)
        if not r:
            smallest = found.groupby("stratum_id")["q_value"].min()
            yield tested("practice: any q < .05 of four", "nothing", smallest)


STUDIES = (_moderation, _sensitivity, _delivery, _practice)
