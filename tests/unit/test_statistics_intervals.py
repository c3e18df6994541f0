"""Intervals give the published limits, agree with scipy and statsmodels, and never break."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from orchestration.statistics.intervals import fisher_interval, t_interval, wilson_interval


def array(*values):
    return np.array(values, dtype=float)


def test_fisher_gives_the_limits_of_the_textbook():
    # Lane, Online Statistics, "Correlation": r = -0.654, N = 34 -> z' from -1.13 to -0.43.
    low, high = fisher_interval(array(-0.654), array(34))
    assert np.arctanh(low[0]) == pytest.approx(-1.13, abs=0.005)
    assert np.arctanh(high[0]) == pytest.approx(-0.43, abs=0.005)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_fisher_agrees_with_scipy_on_small_random_data(confidence):
    random = np.random.default_rng(7)
    x = random.normal(size=12)
    y = x + random.normal(size=12)
    expected = stats.pearsonr(x, y)
    low, high = fisher_interval(array(expected.statistic), array(12), confidence=confidence)
    assert (low[0], high[0]) == pytest.approx(tuple(expected.confidence_interval(confidence)))


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_fisher_gives_a_perfect_correlation_itself_as_interval_as_scipy_does(sign):
    x = np.arange(6.0)
    expected = stats.pearsonr(x, sign * x).confidence_interval()
    low, high = fisher_interval(array(sign), array(6))
    assert low[0] == high[0] == sign
    assert tuple(expected) == pytest.approx((sign, sign))


@pytest.mark.parametrize(
    ("correlation", "size", "controlled"),
    [(0.5, 3, 0), (0.5, 2, 0), (0.5, 5, 2), (1.2, 30, 0), (np.nan, 30, 0), (0.5, np.nan, 0)],
)
def test_fisher_gives_no_interval_where_there_is_none(correlation, size, controlled):
    low, high = fisher_interval(array(correlation), array(size), controlled_count=controlled)
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_fisher_spends_one_degree_of_freedom_per_controlled_variable():
    with_two = fisher_interval(array(0.4), array(32), controlled_count=2)
    plain = fisher_interval(array(0.4), array(30))
    assert with_two[0][0] == plain[0][0]
    assert with_two[1][0] == plain[1][0]


@given(r=st.floats(-1, 1), n=st.integers(4, 10**7))
def test_fisher_is_bounded_holds_r_and_mirrors_with_its_sign(r, n):
    low, high = fisher_interval(array(r), array(n))
    mirrored_low, mirrored_high = fisher_interval(array(-r), array(n))
    assert -1 <= low[0] <= r + 1e-12
    assert r - 1e-12 <= high[0] <= 1
    assert (mirrored_low[0], mirrored_high[0]) == pytest.approx((-high[0], -low[0]))


def test_t_agrees_with_scipy_and_takes_a_zero_error_as_the_estimate_twice():
    low, high = t_interval(array(2.0, 2.0), array(0.5, 0.0), array(9, 9))
    expected = stats.t.interval(0.95, 9, loc=2.0, scale=0.5)
    assert (low[0], high[0]) == pytest.approx(expected)
    assert low[1] == high[1] == 2.0


@pytest.mark.parametrize(
    ("estimate", "error", "freedom"),
    [(1, 1, 0), (1, 1, -2), (1, -1, 5), (np.nan, 1, 5), (1, np.nan, 5), (1, 1, np.nan)],
)
def test_t_gives_no_interval_where_there_is_none(estimate, error, freedom):
    low, high = t_interval(array(estimate), array(error), array(freedom))
    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (9, 20, 0.258, 0.658),  # metrics.md 2.5 (PHEindicatormethods)
        (10, 20, 0.2993, 0.7007),  # by hand: .5 -+ sqrt(z^2 / 4(n + z^2))
        (0, 20, 0.0, 0.1611),  # by hand: z^2 / (n + z^2)
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_gives_known_limits(count, total, low, high):
    found_low, found_high = wilson_interval(array(count), array(total))
    assert found_low[0] == pytest.approx(low, abs=0.0005)
    assert found_high[0] == pytest.approx(high, abs=0.0005)


@given(total=st.integers(1, 10**6), share=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
def test_wilson_agrees_with_statsmodels_and_stays_inside_0_and_1(total, share, confidence):
    count = round(total * share)
    low, high = wilson_interval(array(count), array(total), confidence=confidence)
    expected = proportion_confint(count, total, alpha=1 - confidence, method="wilson")
    assert (low[0], high[0]) == pytest.approx(expected, abs=1e-9)
    assert 0 <= low[0] <= high[0] <= 1


@pytest.mark.parametrize(("count", "total"), [(0, 0), (3, 2), (-1, 5), (np.nan, 5), (1, np.nan)])
def test_wilson_gives_no_interval_where_there_is_none(count, total):
    low, high = wilson_interval(array(count), array(total))
    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
def test_a_confidence_that_is_no_proportion_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        fisher_interval(array(0.5), array(30), confidence=confidence)
    with pytest.raises(ValueError, match="confidence"):
        t_interval(array(0.5), array(1), array(30), confidence=confidence)
    with pytest.raises(ValueError, match="confidence"):
        wilson_interval(array(1), array(30), confidence=confidence)
