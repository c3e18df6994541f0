"""The link over time in the positive-psychology trial: what R and statsmodels find in the file.

What belongs here: published estimates beside those of lme4, lavaan, statsmodels and numpy.
What does not: how they fare on imaginary clinics (``tests/benchmarks/calibration.md``).

The numbers of R were made once, by ``tests/oracle/link_over_time.R`` on the same file; process is
the happiness inventory, outcome the depression scale.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.helpers import Built, shared_lines

PAIR = "stratum_kind = 'all' and process_scale_id = 'ahi_total' and outcome_scale_id = 'cesd_total'"
# (direction, within slope, its error, slope between)
OF_LME4 = [
    ("concurrent", -0.6173610534, 0.0283969500, -0.6259958538),
    ("process_to_outcome", -0.008331599707, 0.05822003386, 0.016458737805),
    ("outcome_to_process", -0.11866369585, 0.06044304262, -0.05107852627),
]
# (direction, cross path, its error, autoregression)
OF_LAVAAN = [
    ("process_to_outcome", -0.1418127393, 0.0784835189, 0.2447530659),
    ("outcome_to_process", -0.1130747712, 0.0827104964, 0.4523072456),
]


@pytest.fixture(scope="module")
def forms() -> pd.DataFrame:
    """One form per person and day, in order, with the two before it."""
    rows = pd.DataFrame(shared_lines("pospsy", "posPsy_AHI_CESD_original.csv"))
    found = pd.DataFrame(
        {
            "id": rows["id"],
            "day": rows["elapsed.days"].astype(float),
            "occasion": rows["occasion"].astype(int),
            "x": rows["ahiTotal"].astype(float),
            "y": rows["cesdTotal"].astype(float),
            "arm": rows["intervention"],
        }
    ).sort_values(["id", "day", "occasion"])
    found = found.drop_duplicates(["id", "day"], ignore_index=True)
    found["k"] = found.groupby("id").cumcount() + 1.0
    found["moments"] = found.groupby("id")["k"].transform("size")
    for name in ("x", "y"):
        for lag in (1, 2):
            found[f"{name}{lag}"] = found.groupby("id")[name].shift(lag)
    return found


def model(real_home: Built, direction: str, name: str) -> tuple[float, ...]:
    found = real_home.evaluation(
        "select within_slope, standard_error, between_slope, autoregression, client_count "
        f"from marts.rel_within_person_models where {PAIR} and direction = ? and model = ? "
        "and status = 'estimated'",
        direction,
        name,
    )
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("direction", "within", "error", "between"), OF_LME4)
def test_multilevel_slopes_are_those_of_lme4(
    real_home: Built, direction: str, within: float, error: float, between: float
) -> None:
    found = model(real_home, direction, "multilevel")
    assert found[:3] == pytest.approx((within, error, between), rel=1e-6)


@pytest.mark.parametrize(("direction", "path", "error", "own"), OF_LAVAAN)
def test_random_intercept_paths_are_those_of_lavaan(
    real_home: Built, direction: str, path: float, error: float, own: float
) -> None:
    found = real_home.evaluation(
        "select estimate, standard_error, autoregression, wave_count, client_count "
        f"from marts.rel_cross_lagged where {PAIR} and direction = ? "
        "and model = 'random_intercept'",
        direction,
    )
    # lavaan stops within a millionth or two of the maximum.
    assert found[0][:3] == pytest.approx((path, error, own), abs=2e-6)
    assert found[0][3:] == (5, 202)


@pytest.mark.parametrize("direction", ["process_to_outcome", "outcome_to_process"])
def test_fixed_effects_with_autoregression_are_those_of_statsmodels(
    real_home: Built, forms: pd.DataFrame, direction: str
) -> None:
    other, response = ("x", "y") if direction == "process_to_outcome" else ("y", "x")
    rows = forms.query("moments >= 3 and k > 1")
    columns = [f"{other}1", f"{response}1", "k", response]
    centred = rows[columns] - rows.groupby("id")[columns].transform("mean")
    groups = pd.factorize(rows["id"])[0]
    fit = sm.OLS(centred[response], centred[columns[:3]]).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    found = model(real_home, direction, "fixed_effects")
    assert found[0] == pytest.approx(fit.params.iloc[0], abs=2e-8)
    assert found[1] == pytest.approx(fit.bse.iloc[0], rel=1e-6)
    assert found[4] == groups.max() + 1


@pytest.mark.parametrize("direction", ["process_to_outcome", "outcome_to_process"])
def test_first_differences_are_those_of_instruments_by_hand(
    real_home: Built, forms: pd.DataFrame, direction: str
) -> None:
    other, response = ("x", "y") if direction == "process_to_outcome" else ("y", "x")
    rows = forms.query("k > 2")
    steps = [(rows[f"{name}1"] - rows[f"{name}2"]).to_numpy() for name in (other, response)]
    change = np.column_stack([*steps, np.ones(len(rows))])
    levels = np.column_stack([rows[f"{other}2"], rows[f"{response}2"], np.ones(len(rows))])
    now = (rows[response] - rows[f"{response}1"]).to_numpy()
    expected = np.linalg.solve(levels.T @ change, levels.T @ now)
    found = model(real_home, direction, "first_differences")
    assert (found[0], found[3]) == pytest.approx(tuple(expected[:2]), rel=1e-6, abs=2e-8)


def test_arms_are_judged_against_the_others_and_labelled_so(
    real_home: Built, forms: pd.DataFrame
) -> None:
    people = forms[forms["moments"] >= 2].groupby("id")
    ends = people.agg(
        arm=("arm", "first"),
        m0=("x", "first"),
        m2=("x", "last"),
        y0=("y", "first"),
        y2=("y", "last"),
    )
    for arm in sorted(ends["arm"].unique()):
        cause = (ends["arm"] == arm).astype(float).rename("cause")
        first = sm.OLS(ends["m2"], sm.add_constant(pd.concat([cause, ends["m0"]], axis=1))).fit()
        regressors = pd.concat([ends["m2"], cause, ends[["m0", "y0"]]], axis=1)
        second = sm.OLS(ends["y2"], sm.add_constant(regressors)).fit()
        (found,) = real_home.evaluation(
            "select a, b, direct, sample_size, evidence_label, interval_low <= indirect "
            "and indirect <= interval_high from marts.rel_mediation where stratum_id = 'pospsy' "
            "and cause_kind = 'arm' and cause_id = ? and window_name = 'first_to_last' "
            "and mediator_scale_id = 'ahi_total' and outcome_scale_id = 'cesd_total'",
            arm,
        )
        expected = (first.params["cause"], second.params["m2"], second.params["cause"])
        assert found[:3] == pytest.approx(expected, rel=1e-6, abs=1e-7)
        assert found[3:] == (len(ends), "concurrent", True)


def test_days_that_miss_the_early_weeks_give_too_few_or_no_row(real_home: Built) -> None:
    found = real_home.evaluation(
        f"select status, estimate from marts.rel_early_change where {PAIR}"
    )
    assert all(row[0] == "too_few" and row[1] is None for row in found)
