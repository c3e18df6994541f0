"""The within-person models agree with statsmodels and with a likelihood written out whole.

Sums come from ``tests.oracle.panel_mirror``, judgement from the rows themselves. R's lme4 and
lavaan are asked about real data in ``tests/integration/test_real_link_over_time``.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.sandbox.regression.gmm import IV2SLS

from orchestration.statistics import within_models
from tests.oracle.panel_mirror import panel_sums

NUMBERS = ["within_slope", "standard_error", "interval_low", "interval_high"]
DIRECTIONS = {"process_to_outcome": ("x", "y"), "outcome_to_process": ("y", "x")}


def ragged_panel(people=40, moments=7, seed=1):
    random = np.random.default_rng(seed)
    x = random.normal(3, 0.5, (people, 1)) + random.normal(0, 0.5, (people, moments))
    y = 20 - 2 * x + random.normal(0, 2, (people, 1)) + random.normal(0, 2, (people, moments))
    y[:, 1:] -= 1.5 * x[:, :-1]
    gone = np.arange(moments) >= random.integers(1, moments + 1, people)[:, None]
    return np.where(gone, np.nan, x), np.where(gone, np.nan, y)


def long(x, y):
    """The panel as rows, with what came one and two moments before."""
    people, moments = np.nonzero(np.isfinite(x))
    frame = pd.DataFrame(
        {"person": people, "k": moments + 1.0, "x": x[people, moments], "y": y[people, moments]}
    )
    for name in ("x", "y"):
        by_person = frame.groupby("person")[name]
        frame[f"{name}b"], frame[f"{name}bb"] = by_person.shift(1), by_person.shift(2)
    frame["count"] = frame.groupby("person")["k"].transform("size")
    return frame


def estimated(x, y, minimum=2, **options):
    result = within_models.estimate(
        panel_sums(x, y, **options), minimum_clients=minimum, minimum_clients_lagged=minimum
    )
    return result.set_index(["direction", "model"])


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_fixed_effects_are_those_of_statsmodels_with_errors_by_client(direction):
    x, y = ragged_panel()
    other, response = DIRECTIONS[direction]
    rows = long(x, y).query("count >= 3 and k > 1")
    columns = [f"{other}b", f"{response}b", "k", response]
    centred = rows[columns] - rows.groupby("person")[columns].transform("mean")
    groups = pd.factorize(rows["person"])[0]
    fit = sm.OLS(centred[response], centred[columns[:3]]).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    row = estimated(x, y).loc[(direction, "fixed_effects")]
    expected = (fit.params.iloc[0], fit.bse.iloc[0], *fit.conf_int().iloc[0])
    assert tuple(row[NUMBERS]) == pytest.approx(expected, rel=1e-9)
    assert row.autoregression == pytest.approx(fit.params.iloc[1])
    assert (row.client_count, row.occasion_count) == (groups.max() + 1, len(rows))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_first_differences_are_those_of_two_stage_least_squares(direction):
    x, y = ragged_panel(seed=2)
    other, response = DIRECTIONS[direction]
    rows = long(x, y).query("k > 2").dropna()
    change = pd.DataFrame(
        {name: rows[f"{name}b"] - rows[f"{name}bb"] for name in (other, response)}
    ).assign(one=1.0)
    instruments = sm.add_constant(rows[[f"{other}bb", f"{response}bb"]])
    step = rows[response] - rows[f"{response}b"]
    fit = IV2SLS(step, change, instruments).fit()
    row = estimated(x, y).loc[(direction, "first_differences")]
    assert row.within_slope == pytest.approx(fit.params[other], rel=1e-9)
    assert row.autoregression == pytest.approx(fit.params[response], rel=1e-9)
    assert row.occasion_count == len(rows)
    # The sandwich by client, written out: linearmodels and Stata have this form.
    bread = np.linalg.inv(instruments.T.to_numpy() @ change.to_numpy())
    scores = instruments.to_numpy() * (step - change @ fit.params).to_numpy()[:, None]
    by_client = pd.DataFrame(scores).groupby(rows["person"].to_numpy()).sum().to_numpy()
    clients, count = len(by_client), len(rows)
    factor = clients / (clients - 1) * (count - 1) / (count - 3)
    error = np.sqrt(factor * (bread @ by_client.T @ by_client @ bread.T)[0, 0])
    assert row.standard_error == pytest.approx(error, rel=1e-9)
    half = stats.t.ppf(0.975, clients - 1) * error
    assert row.interval_low == pytest.approx(row.within_slope - half)


def restricted_likelihood(rows, columns, response):
    """The random-intercept model by a matrix per person: coefficients and errors."""
    groups = [group for _, group in rows.groupby("person")]

    def solved(ratio):
        left, right, total, determinant = 0.0, 0.0, 0.0, 0.0
        for group in groups:
            design, values = group[columns].to_numpy(), group[response].to_numpy()
            covariance = np.eye(len(group)) + ratio * np.ones((len(group), len(group)))
            weight = np.linalg.inv(covariance)
            left = left + design.T @ weight @ design
            right = right + design.T @ weight @ values
            total = total + values @ weight @ values
            determinant += np.linalg.slogdet(covariance)[1]
        coefficients = np.linalg.solve(left, right)
        residual = total - coefficients @ right
        freedom = len(rows) - len(columns)
        deviance = freedom * np.log(residual) + determinant + np.linalg.slogdet(left)[1]
        return deviance, coefficients, np.sqrt(np.diag(np.linalg.inv(left)) * residual / freedom)

    best = optimize.minimize_scalar(
        lambda power: solved(np.exp(power))[0],
        bounds=(-12, 8),
        method="bounded",
        options={"xatol": 1e-10},
    )
    ratio = np.exp(best.x) if best.fun < solved(0.0)[0] else 0.0
    return solved(ratio)[1:]


def split(rows, name):
    mean = rows.groupby("person")[name].transform("mean")
    return rows.assign(**{f"{name}_mean": mean, f"{name}_own": rows[name] - mean})


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["concurrent", *DIRECTIONS])
def test_multilevel_slopes_are_those_of_the_likelihood_written_out(direction):
    x, y = ragged_panel(people=25, seed=3)
    rows = long(x, y).assign(one=1.0)
    if direction == "concurrent":
        rows, response = split(rows.query("count >= 2"), "x"), "y"
        columns = ["x_own", "k", "one", "x_mean"]
    else:
        other, response = DIRECTIONS[direction]
        rows = split(split(rows.query("count >= 3 and k > 1"), "xb"), "yb")
        own, means = [f"{other}b_own", f"{response}b_own"], [f"{response}b_mean", f"{other}b_mean"]
        columns = [*own, "k", "one", *means]
    coefficients, errors = restricted_likelihood(rows, columns, response)
    row = estimated(x, y).loc[(direction, "multilevel")]
    assert row.within_slope == pytest.approx(coefficients[0], rel=1e-6)
    assert row.between_slope == pytest.approx(coefficients[-1], rel=1e-6)
    assert row.standard_error == pytest.approx(errors[0], rel=1e-6)


def test_a_thousand_blocks_of_many_clients_tell_what_clustering_by_client_tells():
    # Random groups: the standard error of 200 blocks is off by 1 / sqrt(400) = 5 %, here by less
    # than three times that.
    x, y = ragged_panel(people=3000, seed=4)
    whole, dealt = estimated(x, y, blocks=10**6), estimated(x, y, blocks=200)
    lagged = [key for key in whole.index if key[0] != "concurrent"]
    for key in lagged:
        assert dealt.loc[key].within_slope == pytest.approx(whole.loc[key].within_slope, rel=1e-9)
        ratio = dealt.loc[key].standard_error / whole.loc[key].standard_error
        assert 0.85 < ratio < 1.15


def constant(x, y):
    return np.where(np.isfinite(x), 2.0, np.nan), y


def collinear(x, y):
    return x, 3.0 - 2.0 * x


def one_occasion(x, y):
    return x[:, :1], y[:, :1]


def one_client(x, y):
    return x[:1, :], y[:1, :]


def all_missing(x, y):
    return x * np.nan, y * np.nan


def tied(x, y):
    return np.round(x), np.round(y / 10)


@pytest.mark.parametrize(
    ("spoilt", "statuses"),
    [
        (constant, {"not_computable"}),
        (collinear, {"not_computable", "estimated"}),  # concurrent: the regressor is enough
        (one_client, {"too_few"}),
        (tied, {"estimated"}),
    ],
)
def test_degenerate_panels_have_a_status_and_no_made_up_number(spoilt, statuses):
    x, y = spoilt(*ragged_panel(people=30, seed=5))
    result = estimated(x, y)
    assert set(result["status"]) <= statuses
    shown = result["status"] == "estimated"
    assert result.loc[~shown, NUMBERS].isna().all(axis=None)
    assert np.isfinite(result.loc[shown, NUMBERS].to_numpy(float)).all()


@pytest.mark.parametrize("spoilt", [one_occasion, all_missing])
def test_panels_without_a_second_moment_have_no_row(spoilt):
    x, y = spoilt(*ragged_panel())
    width = max(x.shape[1], 3)
    pad = np.full((len(x), width - x.shape[1]), np.nan)
    result = estimated(np.hstack([x, pad]), np.hstack([y, pad]))
    assert len(result) == 0
    assert list(result.reset_index().columns).count("within_slope") == 1


def test_sums_that_are_infinite_are_not_computable():
    sums = panel_sums(*ragged_panel())
    sums.loc[0, ["lagged_xb_xb", "instrumented_xbb_dxb", "concurrent_x_x"]] = np.inf
    result = within_models.estimate(sums, minimum_clients=2, minimum_clients_lagged=2)
    fixed = result[result["model"] != "multilevel"]
    assert set(fixed["status"]) == {"not_computable"}


def test_the_floor_of_lagged_rows_counts_people_with_four_moments():
    x, y = ragged_panel(people=40, moments=7)
    long_people = int((np.isfinite(x).sum(axis=1) >= 4).sum())
    for floor, expected in ((long_people, "estimated"), (long_people + 1, "too_few")):
        result = within_models.estimate(
            panel_sums(x, y), minimum_clients=2, minimum_clients_lagged=floor
        )
        lagged = result[result["direction"] != "concurrent"]
        assert set(lagged["status"]) == {expected}


def test_lagged_rows_are_temporally_ordered_and_no_row_says_more():
    result = estimated(*ragged_panel())
    labels = result["evidence_label"].reset_index().groupby("direction")["evidence_label"].unique()
    assert {key: list(value) for key, value in labels.items()} == {
        "concurrent": ["concurrent"],
        "process_to_outcome": ["temporally ordered"],
        "outcome_to_process": ["temporally ordered"],
    }
