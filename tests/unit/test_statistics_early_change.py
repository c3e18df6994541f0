"""Early change agrees with statsmodels: a regression with an intercept per person, and MixedLM."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from orchestration.statistics import early_change
from tests.benchmarks.calibration_clinics import COURSES, EARLY_WINDOW, draw_course
from tests.oracle.panel_mirror import early_sums

NUMBERS = ["estimate", "standard_error", "interval_low", "interval_high"]


def estimated(x, y, day, minimum=2, **options):
    sums = early_sums(x, y, day, EARLY_WINDOW, **options)
    result = early_change.estimate(sums, window="days 18 to 31", minimum_clients=minimum)
    return result.set_index("direction")


def later_rows(predictor, response, day):
    """The later scores of everybody with an early one, and what they are predicted from."""
    rows = []
    for person in range(len(day)):
        early = [
            t for t in range(day.shape[1]) if EARLY_WINDOW[0] <= day[person, t] <= EARLY_WINDOW[1]
        ]
        later = [t for t in range(day.shape[1]) if day[person, t] > EARLY_WINDOW[1]]
        if not early or len(later) < 3:
            continue
        t = early[-1]
        for moment in later:
            rows.append(
                {
                    "person": person,
                    "week": day[person, moment] / 7,
                    "score": response[person, moment],
                    "early": predictor[person, t] - predictor[person, 0],
                    "own": response[person, t] - response[person, 0],
                    "baseline": response[person, 0],
                }
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("direction", ["process_to_outcome", "outcome_to_process"])
def test_the_slope_is_that_of_a_regression_with_an_intercept_for_everybody(direction):
    x, y, day = draw_course(np.random.default_rng(1), COURSES[2])
    sides = (x, y) if direction == "process_to_outcome" else (y, x)
    rows = later_rows(*sides, day)
    for name in ("early", "own", "baseline"):
        rows[f"week_{name}"] = rows["week"] * rows[name]
    columns = ["week_early", "week_own", "week", "week_baseline", "score"]
    centred = rows[columns] - rows.groupby("person")[columns].transform("mean")
    groups = pd.factorize(rows["person"])[0]
    fit = sm.OLS(centred["score"], centred[columns[:4]]).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    row = estimated(x, y, day).loc[direction]
    expected = (fit.params.iloc[0], fit.bse.iloc[0], *fit.conf_int().iloc[0])
    assert tuple(row[NUMBERS]) == pytest.approx(expected, rel=1e-8)
    assert row.own_estimate == pytest.approx(fit.params.iloc[1], rel=1e-8)
    assert (row.client_count, row.occasion_count) == (groups.max() + 1, len(rows))


def test_with_the_same_visits_for_all_it_is_kellys_random_slope_model():
    plan = replace(COURSES[1], clients=40)
    x, y, day = draw_course(np.random.default_rng(2), plan)
    rows = later_rows(x, y, day)
    rows["week"] -= rows["week"].mean()
    fit = smf.mixedlm(
        "score ~ week * (early + own + baseline)", rows, groups="person", re_formula="~week"
    ).fit(reml=True, method="lbfgs")
    row = estimated(x, y, day).loc["process_to_outcome"]
    assert row.estimate == pytest.approx(fit.params["week:early"], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "spoil", "status"),
    [
        ("constant", lambda x, y, day: (x * 0 + 2, y, day), "not_computable"),
        ("collinear", lambda x, y, day: (-y, y, day), "not_computable"),
        ("one client", lambda x, y, day: (x[:1], y[:1], day[:1]), "too_few"),
        ("tied", lambda x, y, day: (np.round(x), np.round(y), day), "estimated"),
    ],
)
def test_degenerate_courses_have_a_status_and_no_made_up_number(name, spoil, status):
    courses = draw_course(np.random.default_rng(3), COURSES[0])
    row = estimated(*spoil(*courses)).loc["process_to_outcome"]
    assert row.status == status, name
    assert row[NUMBERS].isna().all() == (status != "estimated")


def test_nobody_with_three_later_scores_means_no_row():
    x, y, day = draw_course(np.random.default_rng(4), COURSES[0])
    assert len(estimated(x[:, :7], y[:, :7], day[:, :7])) == 0


def test_infinite_sums_are_not_computable():
    sums = early_sums(*draw_course(np.random.default_rng(5), COURSES[0]), EARLY_WINDOW)
    sums.loc[sums["block"] == 0, "timed_early_early"] = np.inf
    result = early_change.estimate(sums, window="", minimum_clients=2)
    assert list(result["status"]) == ["not_computable"] * 2


def test_the_floor_is_in_clients():
    courses = draw_course(np.random.default_rng(6), COURSES[0])
    assert set(estimated(*courses, minimum=120)["status"]) == {"estimated"}
    assert set(estimated(*courses, minimum=121)["status"]) == {"too_few"}
