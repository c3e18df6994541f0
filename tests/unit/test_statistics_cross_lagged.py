"""The panel's likelihood is that of scipy on the people themselves, and the planted paths return.

lavaan is asked about real data in ``tests/integration/test_real_link_over_time``.
"""

import numpy as np
import pytest
from scipy import stats

from orchestration.statistics import cross_lagged, panel_model
from tests.benchmarks.calibration_clinics import Panel, draw_panel
from tests.oracle.panel_mirror import wave_sums

NUMBERS = ["estimate", "standard_error", "interval_low", "interval_high", "autoregression"]
SEED_BELOW_ZERO = 1
PLAN = Panel("both lead", forward=-0.8, backward=-0.05, moments=4, leaves_when_worse=True)


def estimated(x, y, minimum=5):
    return cross_lagged.estimate(wave_sums(x, y), minimum_clients=minimum).set_index(
        ["model", "direction"]
    )


def moments(x, y):
    waves = np.isfinite(x).sum(axis=1)
    found = []
    for count in range(1, x.shape[1] + 1):
        rows = np.stack([x[waves == count, :count], y[waves == count, :count]], axis=-1)
        if len(rows):
            rows = rows.reshape(len(rows), -1)
            covariance = np.atleast_2d(np.cov(rows.T, bias=True))
            found.append(panel_model.Moments(len(rows), rows.mean(axis=0), covariance))
    return found


def log_likelihood(point, x, y):
    """By scipy, person by person: the first 13 of ``point`` parameters, the others means."""
    sigma = panel_model.implied(point[:13], x.shape[1])[0]
    total = 0.0
    for a, b in zip(x, y, strict=True):
        scores = np.column_stack([a, b]).ravel()
        known = np.isfinite(scores).sum()
        total += stats.multivariate_normal.logpdf(
            scores[:known], point[13 : 13 + known], sigma[:known, :known]
        )
    return total


def test_what_is_fitted_is_a_maximum_of_the_likelihood_of_the_people():
    x, y = draw_panel(np.random.default_rng(1), PLAN)
    x, y = x[:60], y[:60]
    fitted = panel_model.fit(moments(x, y), 4, has_intercept=True)
    assert fitted.failure is None
    sigma = panel_model.implied(fitted.parameters, 4)[0]
    # The means that go with it, by generalised least squares over the people.
    left, right = np.zeros((8, 8)), np.zeros(8)
    for a, b in zip(x, y, strict=True):
        scores = np.column_stack([a, b]).ravel()
        known = np.isfinite(scores).sum()
        weight = np.linalg.inv(sigma[:known, :known])
        left[:known, :known] += weight
        right[:known] += weight @ scores[:known]
    point = np.concatenate([fitted.parameters, np.linalg.solve(left, right)])
    best = log_likelihood(point, x, y)
    random = np.random.default_rng(2)
    steps = random.normal(size=(12, len(point))) * 1e-3 * np.abs(point)
    assert all(log_likelihood(point + step, x, y) < best for step in steps)


def test_the_implied_covariance_is_that_of_many_simulated_people():
    plan = Panel("", forward=-0.8, backward=-0.05, moments=4, clients=200_000)
    x, y = draw_panel(np.random.default_rng(3), plan)
    phi = [0.3, -0.05, -0.8, 0.3]
    noise = [0.45**2, -0.2 * 0.45 * 1.8, 1.8**2]
    level = [0.25, -0.4 * 0.5 * 3, 9.0]
    start = np.array([[noise[0], noise[1]], [noise[1], noise[2]]])
    matrix = np.array(phi).reshape(2, 2)
    settled = start
    for _ in range(100):
        settled = matrix @ settled @ matrix.T + start
    parameters = np.array([*phi, settled[0, 0], settled[0, 1], settled[1, 1], *noise, *level])
    found = np.cov(np.stack([x, y], axis=-1).reshape(len(x), -1).T)
    assert panel_model.implied(parameters, 4)[0] == pytest.approx(found, rel=0.05, abs=0.05)


def test_errors_are_the_curvature_of_the_likelihood():
    x, y = draw_panel(np.random.default_rng(4), Panel("", moments=3, clients=150))
    x[:50, 2:] = y[:50, 2:] = np.nan
    groups = moments(x, y)
    found = panel_model.fit(groups, 3, has_intercept=True)
    size = len(found.parameters)
    unit = panel_model._spread(groups)
    assert unit is not None
    scale = panel_model._parameter_units(unit)
    scaled = [panel_model._in_units(group, unit) for group in groups]
    parameters = found.parameters / scale
    # Means at their best for these parameters, by Newton's one step on a quadratic.
    means = panel_model._wave_means(scaled, 3)
    for _ in range(2):
        state = panel_model._likelihood(parameters, means, scaled, 3)
        assert state is not None
        means = means - np.linalg.solve(state[2][size:, size:], state[1][size:])
    point = np.concatenate([parameters, means])
    hessian = np.zeros((len(point), len(point)))
    for i in range(len(point)):
        sides = []
        for side in (1e-5, -1e-5):
            moved = point.copy()
            moved[i] += side
            state = panel_model._likelihood(moved[:size], moved[size:], scaled, 3)
            assert state is not None
            sides.append(state[1])
        hessian[i] = (sides[0] - sides[1]) / 2e-5
    errors = np.sqrt(np.diag(np.linalg.inv(150 * (hessian + hessian.T) / 2)))[:size] * scale
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(errors, rel=1e-5)


def test_planted_paths_return_in_their_direction_and_only_there():
    plan = Panel("only symptoms lead", backward=-0.05, clients=4000, moments=5)
    result = estimated(*draw_panel(np.random.default_rng(5), plan))
    forward = result.loc[("random_intercept", "process_to_outcome")]
    backward = result.loc[("random_intercept", "outcome_to_process")]
    assert forward.interval_low < 0 < forward.interval_high
    assert backward.interval_low < -0.05 < backward.interval_high < 0


def test_two_waves_support_the_plain_model_alone():
    x, y = draw_panel(np.random.default_rng(6), PLAN)
    result = estimated(x[:, :2], y[:, :2])
    statuses = result["status"].groupby("model").unique()
    assert {model: list(words) for model, words in statuses.items()} == {
        "plain": ["estimated"],
        "random_intercept": ["too_few"],
    }


def test_as_many_waves_are_used_as_enough_people_have():
    x, y = draw_panel(np.random.default_rng(7), Panel("", moments=6, clients=60))
    x[40:, 3:] = y[40:, 3:] = np.nan
    assert set(estimated(x, y, minimum=40)["wave_count"]) == {5}
    assert set(estimated(x, y, minimum=41)["wave_count"]) == {3}


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("constant", lambda x, y: (x * 0 + 2, y)),
        ("collinear", lambda x, y: (x, 3 - 2 * x)),
        ("infinite", lambda x, y: (np.where(x > 3, 1e308, x), y)),
        ("one level only", lambda x, y: (x[:, :1] + 0 * x, y[:, :1] + 0 * y)),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_degenerate_panels_are_not_computable_and_say_why(name, spoil):
    x, y = draw_panel(np.random.default_rng(8), Panel("", moments=4, clients=80))
    result = estimated(*spoil(x, y))
    assert set(result["status"]) == {"not_computable"}, name
    assert result["reason"].notna().all()
    assert result[NUMBERS].isna().all(axis=None)


def test_one_client_is_too_few_and_nobody_is_no_row():
    x, y = draw_panel(np.random.default_rng(9), PLAN)
    assert set(estimated(x[:1], y[:1])["status"]) == {"too_few"}
    assert len(estimated(x[:1] * np.nan, y[:1] * np.nan)) == 0


def test_a_negative_variance_is_no_solution():
    # Nobody has a lasting level here, so the estimate of its variance falls below zero every
    # other time.
    random = np.random.default_rng(SEED_BELOW_ZERO)
    x, y = random.normal(size=(2, 200, 4))
    x[:, 1:] += 0.5 * x[:, :-1]
    y[:, 1:] += 0.5 * y[:, :-1]
    result = estimated(x, y)
    row = result.loc[("random_intercept", "process_to_outcome")]
    assert (row.status, row.reason) == ("not_computable", "improper_solution")
