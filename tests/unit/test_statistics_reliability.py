"""Reliability: published numbers, another library's numbers, and populations made to a plan."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import FactorAnalysis

from orchestration.statistics.reliability import (
    bonett_interval,
    cronbach_alpha,
    estimate,
    omega_one_factor,
    retest,
)


def sample(seed, forms=200, items=6, loading=0.7, steps=True):
    """Answers with one common factor; whole numbers from 0 to 4 when ``steps``."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=(forms, 1))
    answers = loading * common + np.sqrt(1 - loading**2) * chance.normal(size=(forms, items))
    return np.clip(np.round(answers + 2), 0, 4) if steps else answers


def frames(answers, reversed_items=(), stratum=("all", "all")):
    """The three frames of one scale ``t_total`` whose items run from 0 to 4."""
    n, k = answers.shape
    forms = pd.DataFrame(
        {"stratum_kind": stratum[0], "stratum_id": stratum[1], "instrument_id": "t",
         "form": np.arange(n)}
    )  # fmt: skip
    long = pd.DataFrame(
        {
            "instrument_id": "t",
            "form": np.repeat(np.arange(n), k),
            "item": np.tile(np.arange(1, k + 1), n),
            "answer": answers.ravel(),
        }
    )
    keys = pd.DataFrame(
        {
            "scale_id": "t_total",
            "instrument_id": "t",
            "item": np.arange(1, k + 1),
            "is_reversed": [item in reversed_items for item in range(1, k + 1)],
            "range_sum": 4.0,
        }
    )
    return forms, long, keys


def estimated(answers, reversed_items=(), minimum=10):
    (row,) = estimate(
        *frames(answers, reversed_items), minimum_forms=minimum, confidence=0.95
    ).to_dict("records")
    return row


@pytest.mark.parametrize("seed", range(5))
def test_alpha_and_its_interval_are_those_of_pingouin(seed):
    answers = sample(seed, items=4 + seed)
    alpha, limits = pingouin.cronbach_alpha(pd.DataFrame(answers))
    row = estimated(answers)
    assert row["alpha"] == pytest.approx(alpha, abs=1e-9)
    assert [row["alpha_interval_low"], row["alpha_interval_high"]] == pytest.approx(
        list(limits),
        abs=1e-3,  # pingouin rounds to three places
    )


def test_alpha_of_parallel_items_is_spearman_browns_formula():
    # Four items of variance 1 that correlate .5: 4 x .5 / (1 + 3 x .5) = .8.
    covariance = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert cronbach_alpha(covariance) == pytest.approx(0.8)
    assert omega_one_factor(covariance) == pytest.approx(0.8)


def test_omega_of_a_planned_population_is_the_planned_one():
    # Loadings .9 .7 .5 .3: common 2.4^2 = 5.76, unique .19 + .51 + .75 + .91 = 2.36.
    loadings = np.array([0.9, 0.7, 0.5, 0.3])
    covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    assert omega_one_factor(covariance) == pytest.approx(5.76 / (5.76 + 2.36), abs=1e-7)


def test_omega_counts_items_in_their_own_metric():
    loadings, spread = np.array([0.8, 0.6, 0.5]), np.array([1.0, 2.0, 3.0])
    correlation = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    common = (loadings * spread).sum() ** 2
    unique = ((1 - loadings**2) * spread**2).sum()
    assert omega_one_factor(correlation * np.outer(spread, spread)) == pytest.approx(
        common / (common + unique), abs=1e-7
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_omega_agrees_with_a_maximum_likelihood_factor(seed):
    answers = sample(seed, forms=4000, steps=False)
    factor = FactorAnalysis(n_components=1, tol=1e-8, max_iter=5000).fit(answers)
    common = factor.components_.sum() ** 2
    expected = common / (common + factor.noise_variance_.sum())
    assert estimated(answers)["omega"] == pytest.approx(expected, abs=5e-3)


def test_a_heywood_case_has_no_omega():
    # r12 = .9, r13 = .9, r23 = .5 would need a loading of sqrt(.81 / .5) = 1.27.
    covariance = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    assert np.isnan(omega_one_factor(covariance))


def test_a_rightly_keyed_file_has_halves_that_agree_and_a_wrongly_keyed_one_does_not():
    answers = sample(1, items=6)
    answers[:, 3:] = 4 - answers[:, 3:]  # people answered items 4-6 the other way round
    right = estimated(answers, reversed_items=(4, 5, 6))
    assert right["halves_r"] > 0.5
    assert right["alpha"] > right["alpha_unkeyed"]
    answers[:, 3:] = 4 - answers[:, 3:]  # somebody had reversed them already
    wrong = estimated(answers, reversed_items=(4, 5, 6))
    assert wrong["halves_r"] < -0.5
    assert wrong["alpha"] < wrong["alpha_unkeyed"]


def test_a_form_with_a_missing_answer_is_not_counted():
    answers = sample(2, forms=50)
    answers[:7, 2] = np.nan
    forms, long, keys = frames(answers)
    frame = estimate(forms, long.dropna(), keys, minimum_forms=10, confidence=0.95)
    assert frame["sample_size"].tolist() == [43]


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (sample(3, forms=9), "too_few"),
        (np.full((20, 4), 2.0), "not_computable"),
        (sample(3, forms=20, items=1), "not_computable"),
    ],
)
def test_what_cannot_be_estimated_says_why_and_shows_no_number(answers, status):
    row = estimated(answers)
    assert row["status"] == status
    assert all(pd.isna(row[name]) for name in ("alpha", "alpha_interval_low", "omega", "halves_r"))


def test_an_item_that_nobody_answered_leaves_no_complete_form():
    forms, long, keys = frames(sample(4, forms=30, items=4))
    row = estimate(forms, long[long["item"] < 4], keys, minimum_forms=10, confidence=0.95).to_dict(
        "records"
    )[0]
    assert (row["status"], row["sample_size"], row["item_count"]) == ("too_few", 0, 4)


def test_each_stratum_is_estimated_from_its_own_forms():
    answers = sample(5, forms=60)
    forms, long, keys = frames(answers)
    halves = pd.concat(
        [
            forms,
            forms[:30].assign(stratum_kind="program", stratum_id="a"),
            forms[30:].assign(stratum_kind="program", stratum_id="b"),
        ]
    )
    frame = estimate(halves, long, keys, minimum_forms=10, confidence=0.95)
    alphas = dict(zip(frame["stratum_id"], frame["alpha"], strict=True))
    assert alphas["a"] == pytest.approx(cronbach_alpha(np.cov(answers[:30], rowvar=False)))
    assert alphas["b"] == pytest.approx(cronbach_alpha(np.cov(answers[30:], rowvar=False)))


def test_no_answers_give_a_table_without_rows():
    forms, long, keys = frames(sample(6))
    frame = estimate(forms[:0], long[:0], keys, minimum_forms=10, confidence=0.95)
    assert len(frame) == 0
    assert "alpha" in frame.columns


@pytest.mark.slow
@given(st.integers(0, 10_000), st.integers(2, 8), st.integers(12, 40))
def test_alpha_lies_in_its_interval_and_never_above_one(seed, items, forms):
    row = estimated(sample(seed, forms=forms, items=items, loading=0.6))
    if row["status"] == "estimated":
        assert row["alpha_interval_low"] <= row["alpha"] <= row["alpha_interval_high"] <= 1
        assert pd.isna(row["omega"]) or 0 <= row["omega"] <= 1


def test_bonetts_limits_follow_his_formula():
    # Bonett 2002, J Educ Behav Stat 27:335-340: 1 - exp(ln(1 - r) +- 1.96 sqrt(2k/((k-1)(n-2)))).
    # r .8, k 5, n 102: the root is sqrt(10 / 400) = .15811; exp(+-.30990) = 1.36329 and .73352.
    assert bonett_interval(0.8, 102, 5, confidence=0.95) == pytest.approx(
        (1 - 0.2 * 1.36329, 1 - 0.2 * 0.73352), abs=1e-4
    )


def test_retest_is_a_correlation_with_fishers_limits_where_enough_people_came_twice():
    moments = pd.DataFrame(
        {
            "stratum_kind": "all",
            "stratum_id": "all",
            "scale_id": ["t_total", "t_few", "t_flat"],
            "pair_count": [103, 5, 50],
            "r": [0.9, 0.9, None],
            "median_days": [14.0, 14.0, None],
        }
    )
    frame = retest(moments, minimum_pairs=20, confidence=0.95)
    assert frame["status"].tolist() == ["estimated", "too_few", "not_computable"]
    assert frame["retest_r"].isna().tolist() == [False, True, True]
    # tanh(1.4722 -+ 1.96 / 10) = tanh 1.2762 and tanh 1.6682 = .8555 and .9313.
    assert frame["retest_interval_low"][0] == pytest.approx(0.8555, abs=1e-4)
    assert frame["retest_interval_high"][0] == pytest.approx(0.9313, abs=1e-4)


def test_the_order_in_which_answers_come_changes_no_digit():
    forms, long, keys = frames(sample(7, forms=300, items=9), reversed_items=(2, 5))
    options = {"minimum_forms": 10, "confidence": 0.95}
    in_order = estimate(forms, long, keys, **options)
    shuffled = [frame.sample(frac=1, random_state=3) for frame in (forms, long, keys)]
    pd.testing.assert_frame_equal(estimate(*shuffled, **options), in_order, check_exact=True)
