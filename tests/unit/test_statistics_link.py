"""Each estimator of the link equals somebody else's, on numbers or on a published example.

Judges: statsmodels, pingouin's conventions where it has them, second formulas, textbook numbers.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_generic
from statsmodels.stats.proportion import confint_proportions_2indep

from orchestration.statistics import (
    components,
    concordance,
    delivery,
    heterogeneity,
    moderation,
    pooling,
    practice,
    relative_weights,
    sensitivity,
)
from tests.link_frames import covariates, link_frame, product_frame, stratum_frame

RANDOM = np.random.default_rng


# ---------------------------------------------------------------- concordance


def test_newcombe_limits_are_those_of_his_paper_and_of_statsmodels():
    # Newcombe 1998, table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10.
    counts = np.array([[56, 70, 48, 80], [9, 10, 3, 10], [10, 10, 0, 10]], float).T
    low, high = concordance.newcombe_interval(*counts, confidence=0.95)
    assert low == pytest.approx([0.0524, 0.1705, 0.6075], abs=0.00005)
    assert high == pytest.approx([0.3339, 0.8090, 1.0000], abs=0.00005)
    judge = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", correction=False)
    assert (low[0], high[0]) == pytest.approx(judge)


def test_the_unknown_are_told_and_judge_nothing():
    cells = dict.fromkeys(concordance.CELLS, 0) | {
        "improved_improved_count": 15,
        "improved_unchanged_count": 5,
        "unchanged_improved_count": 4,
        "deteriorated_deteriorated_count": 6,
        "improved_unknown_count": 100,
        "unknown_unknown_count": 7,
    }
    keys = dict.fromkeys(concordance.KEYS, "x")
    row = concordance.estimate(pd.DataFrame([keys | cells]), minimum_pairs=20).iloc[0]
    assert (row.client_count, row.sample_size) == (137, 30)
    assert (row.improved_proportion, row.not_improved_proportion) == (0.75, 0.4)
    assert row.estimate == pytest.approx(0.35)


# ---------------------------------------------------------------- components


def test_the_regression_on_all_parts_is_that_of_statsmodels():
    x = RANDOM(1).normal(size=(90, 4))
    x[:, 1] += x[:, 0]
    y = x @ [0.4, 0.1, 0.0, -0.3] + RANDOM(2).normal(size=90)
    found = components.estimate(
        product_frame(x, y), minimum_pairs=20, minimum_cases_per_predictor=10
    ).set_index("predictor_id")
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    ratio = x.std(axis=0) / y.std()
    order = [f"part_{place}" for place in range(4)]
    assert list(found.loc[order, "slope"]) == pytest.approx(fit.params[1:])
    assert list(found.loc[order, "slope_interval_low"]) == pytest.approx(fit.conf_int()[1:, 0])
    assert list(found.loc[order, "estimate"]) == pytest.approx(fit.params[1:] * ratio)
    assert list(found.loc[order, "interval_high"]) == pytest.approx(fit.conf_int()[1:, 1] * ratio)
    assert found.loc["part_0", "r_squared"] == pytest.approx(fit.rsquared)
    assert found["relative_weight"].sum() == pytest.approx(fit.rsquared)
    others = sm.OLS(x[:, 0], sm.add_constant(x[:, 1:])).fit()
    assert found.loc["part_0", "tolerance"] == pytest.approx(1 - others.rsquared)


def test_relative_weights_are_johnsons_by_his_own_route():
    # Johnson 2000: Z = P D Q' and its nearest orthonormal counterpart P Q', by the rows themselves.
    x = RANDOM(3).normal(size=(60, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.7], [0, 0, 1.0]])
    y = x @ [0.5, 0.2, 0.1] + RANDOM(4).normal(size=60)
    z = (x - x.mean(axis=0)) / x.std(axis=0) / np.sqrt(60)
    left, _, right = np.linalg.svd(z, full_matrices=False)
    orthogonal = left @ right
    response = (y - y.mean()) / y.std() / np.sqrt(60)
    expected = (orthogonal.T @ z) ** 2 @ (orthogonal.T @ response) ** 2
    r = np.corrcoef(np.column_stack([y, x]), rowvar=False)
    assert relative_weights.relative_weights(r) == pytest.approx(expected)


def test_one_predictor_has_the_standard_error_of_a_squared_correlation():
    # r^2 of a bivariate normal: 2 r (1 - r^2) / sqrt(n - 1).
    r = np.array([[1, 0.6], [0.6, 1]])
    error = relative_weights.weight_errors(r, 101)
    assert error == pytest.approx([2 * 0.6 * (1 - 0.36) / 10], rel=1e-6)


def test_the_covariance_of_correlations_is_what_samples_show():
    truth = np.array([[1, 0.5, 0.3], [0.5, 1, -0.2], [0.3, -0.2, 1.0]])
    samples = RANDOM(5).multivariate_normal(np.zeros(3), truth, (4000, 200))
    found = np.array([np.corrcoef(rows.T)[np.triu_indices(3, 1)] for rows in samples])
    expected = relative_weights.correlation_covariance(truth) / 199
    assert np.cov(found.T) == pytest.approx(expected, rel=0.15, abs=0.0002)


# ---------------------------------------------------------------- pooling


def test_the_pool_is_that_of_statsmodels():
    r = np.array([0.1, -0.4, 0.35, 0.6, 0.45, 0.15])
    n = np.array([40, 25, 60, 90, 33, 120])
    found = pooling.estimate(
        stratum_frame(r, n), pooled_over=("program",), interval_names=("first_to_last",)
    ).iloc[0]
    z, variance = np.arctanh(r), 1 / (n - 3)
    judge = combine_effects(z, variance, method_re="iterated", use_t=True)
    with pytest.warns(UserWarning, match="use_t"):
        row = judge.summary_frame().loc["random effect"]
    mine = np.arctanh([found.estimate, found.interval_low, found.interval_high])
    assert mine == pytest.approx([row.eff, row.ci_low, row.ci_upp], rel=1e-6)
    assert found.tau_squared == pytest.approx(judge.tau2, rel=1e-6)
    assert (found.heterogeneity_q, found.i_squared) == pytest.approx((judge.q, judge.i2))
    laird = combine_effects(z, variance, method_re="dl")
    assert found.dersimonian_laird_tau_squared == pytest.approx(laird.tau2)
    assert np.arctanh(found.dersimonian_laird_estimate) == pytest.approx(laird.mean_effect_re)
    assert found.most_moving_stratum_id == "s1"  # the only negative one


def test_a_pool_worked_by_hand():
    # Borenstein, Hedges, Higgins & Rothstein 2009, chapters 14 and 17: six studies in Hedges g.
    effects = np.array([0.095, 0.277, 0.367, 0.664, 0.462, 0.185])
    variances = np.array([0.033, 0.031, 0.050, 0.011, 0.043, 0.023])
    # 12.003 and 0.037 in the book, which rounds the studies less.
    assert heterogeneity.generalised_q(effects, variances, 0) == pytest.approx(12.003, abs=0.3)
    assert heterogeneity.dersimonian_laird(effects, variances) == pytest.approx(0.037, abs=0.002)
    i_squared, low, high = heterogeneity.i_squared_limits(12.0033, 6, 0.95)
    assert i_squared == pytest.approx(0.5834, abs=0.0001)
    # ln H = 0.438, SE (ln Q - ln 5) / 2 / (sqrt(2Q) - 3) = 0.230 -> H 0.987..2.43: 0 to 83 %.
    assert (low, high) == pytest.approx((0.0, 0.831), abs=0.001)


def test_the_limits_of_tau_squared_are_where_q_meets_its_quantiles():
    effects = np.array([0.1, -0.4, 0.35, 0.8, 0.45])
    variances = np.array([0.02, 0.03, 0.02, 0.01, 0.05])
    low, high = heterogeneity.tau_squared_limits(effects, variances, 0.95)
    assert 0 < low < heterogeneity.paule_mandel(effects, variances) < high
    for limit, quantile in ((low, 0.975), (high, 0.025)):
        found = heterogeneity.generalised_q(effects, variances, limit)
        assert found == pytest.approx(stats.chi2.ppf(quantile, 4))


def test_another_group_lies_where_its_law_says_when_the_law_is_all_but_known():
    # So many large groups that their mean .2 and SD .15 are known: quantiles of that normal.
    effects = stats.norm.ppf((np.arange(4000) + 0.5) / 4000, 0.2, 0.15)
    found = heterogeneity.prediction_limits(effects, np.full(4000, 1e-6), 0.9)
    assert found == pytest.approx(stats.norm.ppf([0.05, 0.95], 0.2, 0.15), abs=0.005)


def test_groups_that_do_not_differ_are_predicted_as_their_mean():
    # Q is near 0: tau squared is 0 however it is looked at, and the range is the t interval.
    effects, variances = np.array([0.3, 0.3001, 0.2999, 0.3]), np.full(4, 0.01)
    low, high = heterogeneity.prediction_limits(effects, variances, 0.95)
    assert low < 0.3 < high
    assert high - low < 0.001


def test_groups_nobody_knows_and_groups_of_too_few_are_not_pooled():
    frame = stratum_frame(np.array([0.2, 0.3, 0.4, 0.9]), np.array([40, 40, 40, 40]))
    frame.loc[3, "stratum_id"] = "unknown"
    frame.loc[2, "status"] = "too_few"
    options = {"pooled_over": ("program",), "interval_names": ("first_to_last",)}
    found = pooling.estimate(frame, **options).iloc[0]
    assert (found.status, found.strata_count, found.strata_left_out_count) == ("too_few", 2, 1)
    assert found.estimate is pd.NA


# ---------------------------------------------------------------- moderation


def test_the_interaction_and_simple_slopes_are_those_of_statsmodels():
    rows = link_frame(80, seed=6)
    extra = covariates(rows, "baseline_score", {"secure": RANDOM(7).normal(3, 1, 80)})
    found = moderate(rows, extra).set_index(["stratum_kind", "moderator_id", "moderator_level"])
    m = extra["covariate_value"].to_numpy()
    x, y = rows["process_change"], rows["outcome_change"]
    for level, value in {"mean": m.mean(), "plus_one_sd": m.mean() + m.std(ddof=1)}.items():
        design = np.column_stack([np.ones(80), x, m - value, x * (m - value)])
        fit = sm.OLS(y.to_numpy(), design).fit(cov_type="HC3", use_t=True)
        row = found.loc["all", "secure", level]
        assert row.estimate == pytest.approx(fit.params[1])
        assert (row.interval_low, row.interval_high) == pytest.approx(tuple(fit.conf_int()[1]))
        assert row.p_value == pytest.approx(fit.pvalues[1])
        interaction = found.loc["all", "secure", "interaction"]
        assert interaction.estimate == pytest.approx(fit.params[3])
        assert interaction.p_value == pytest.approx(fit.pvalues[3])
    assert ("all", "care", "interaction") in found.index


def test_equal_slopes_are_tested_as_welch_did():
    groups = stratum_frame(np.array([0.1, 0.5, 0.3]), np.array([30, 45, 60]))
    slope, error = np.array([0.2, 1.1, 0.5]), np.array([0.2, 0.25, 0.15])
    half = stats.t.ppf(0.975, groups["sample_size"] - 2) * error
    groups = groups.assign(
        slope=slope, slope_interval_low=slope - half, slope_interval_high=slope + half
    )
    found = moderate(link_frame(30), covariates(link_frame(30), "baseline_score", {}), groups)
    row = found[(found.moderator_kind == "group") & (found.moderator_level == "interaction")].iloc[
        0
    ]
    # A mean of n observations with variance s^2 has error s / sqrt(n) and n - 1 degrees.
    sizes = groups["sample_size"].to_numpy(float) - 1
    judge = anova_generic(slope, error**2 * sizes, sizes, use_var="unequal")
    assert row.p_value == pytest.approx(judge.pvalue)
    tau_squared = combine_effects(slope, error**2, method_re="iterated").tau2
    assert row.estimate == pytest.approx(np.sqrt(tau_squared), rel=1e-5)


def moderate(rows, extra, groups=None):
    if groups is None:
        groups = stratum_frame(np.array([]), np.array([]))
    return moderation.estimate(
        rows,
        extra,
        groups,
        group_kinds=("program",),
        minimum_pairs=20,
        minimum_cases_per_predictor=10,
    )


# ---------------------------------------------------------------- sensitivity


def analyses(rows, reliabilities=(0.9, 0.8)):
    known = stratum_frame(np.array([0.1]), np.array([50])).assign(
        stratum_kind="all",
        process_reliability=reliabilities[0],
        outcome_reliability=reliabilities[1],
    )
    found = sensitivity.estimate(rows, known, minimum_pairs=20)
    return found[found["stratum_kind"] == "all"].set_index("analysis")


def test_every_analysis_is_that_of_statsmodels():
    rows = link_frame(120, seed=8, dropout=0.3)
    found = analyses(rows)
    stayed = rows["outcome_change"].notna()
    there = rows[stayed]

    def judged(design, weights, frame):
        fit = sm.WLS(frame["outcome_change"], sm.add_constant(design), weights)
        return fit.fit(cov_type="HC3", use_t=True)

    baselines = ["process_baseline", "outcome_baseline"]
    chance = sm.Logit(stayed.astype(float), sm.add_constant(rows[baselines])).fit(disp=0)
    weights = (stayed.mean() / chance.predict())[stayed.to_numpy()]
    weights = np.minimum(weights, np.quantile(weights, 0.99))
    finished = there[there["is_completer"].astype(bool)]
    for name, fit in {
        "all_available": judged(there[["process_change"]], 1, there),
        "completers_only": judged(finished[["process_change"]], 1, finished),
        "given_both_baselines": judged(there[["process_change", *baselines]], 1, there),
        "dropout_weighted": judged(there[["process_change"]], weights, there),
    }.items():
        row = found.loc[name]
        assert row.estimate == pytest.approx(fit.params["process_change"]), name
        limits = tuple(fit.conf_int().loc["process_change"])
        assert (row.interval_low, row.interval_high) == pytest.approx(limits), name
    assert found.loc["completers_only", "sample_size"] < found.loc["all_available", "sample_size"]


def test_regression_to_the_mean_is_the_slope_of_people_who_did_not_change():
    # Nobody changes. Both scales share a cause and are measured with independent error: the slope
    # of change on change is 0, and the mark says how large one could be by drawing back alone.
    random = RANDOM(9)
    cause = random.normal(0, 1, 100_000)
    first = np.stack([cause, cause]) + random.normal(0, 0.8, (2, 100_000))
    reliability = 1 / (1 + 0.64)
    drawn_back = (reliability - 1) * first + random.normal(0, 0.01, (2, 100_000))
    rows = link_frame(100_000).assign(
        process_baseline=first[0],
        outcome_baseline=first[1],
        process_change=drawn_back[0],
        outcome_change=drawn_back[1],
    )
    found = analyses(rows, (reliability, reliability))
    expected = np.polyfit(drawn_back[0], drawn_back[1], 1)[0]
    assert found.loc["regression_to_the_mean", "estimate"] == pytest.approx(expected, rel=0.01)


def test_a_negative_control_stands_alone_and_endings_nobody_stated_are_not_guessed():
    rows = link_frame(60, seed=10)
    control = rows.assign(is_negative_control=True, outcome_scale_id="teeth")
    assert set(analyses(control).index) == {"negative_control"}
    unstated = analyses(rows.assign(is_completer=pd.NA))
    assert unstated.loc["completers_only", "status"] == "not_computable"
    assert unstated.loc["dropout_weighted", "estimate"] == pytest.approx(
        unstated.loc["all_available", "estimate"]
    )


# ---------------------------------------------------------------- delivery and practice


def test_change_beside_delivery_is_that_of_statsmodels():
    rows = link_frame(70, seed=11)
    given = covariates(rows, "delivery", {"alliance": RANDOM(12).normal(5, 1, 70)})
    found = delivery.estimate(rows, given, minimum_pairs=20, minimum_cases_per_predictor=10)
    found = found[found["stratum_kind"] == "all"].set_index("predictor")
    frame = pd.DataFrame(
        {"process_change": rows["process_change"], "delivery": given["covariate_value"]}
    )
    scaled = frame.apply(lambda column: (column - column.mean()) / column.std())
    y = rows["outcome_change"]
    fit = sm.OLS(y / y.std(), sm.add_constant(scaled)).fit(cov_type="HC3", use_t=True)
    raw = sm.OLS(y, sm.add_constant(frame)).fit()
    for name in ("process_change", "delivery"):
        row = found.loc[name]
        assert row.estimate == pytest.approx(fit.params[name])
        limits = tuple(fit.conf_int().loc[name])
        assert (row.interval_low, row.interval_high) == pytest.approx(limits)
        assert (row.slope, row.p_value) == pytest.approx((raw.params[name], fit.pvalues[name]))


def test_practice_is_correlated_as_scipy_does_and_its_many_tests_are_controlled():
    rows = link_frame(50, seed=13)
    random = RANDOM(14)
    practised = {"pause": random.exponential(10, 50), "letter": random.exponential(5, 50)}
    changed = {
        "warm": random.normal(0, 1, 50),
        "cold": practised["pause"] + random.normal(0, 9, 50),
    }
    given = pd.concat(
        [
            covariates(rows, "practice", practised),
            covariates(rows, "component_change", changed),
        ]
    )
    found = practice.estimate(rows, given, minimum_pairs=20)
    found = found[found["stratum_kind"] == "all"]
    for row in found.itertuples():
        judge = stats.pearsonr(practised[row.practice_id], changed[row.component_scale_id])
        limits = judge.confidence_interval()
        assert (row.estimate, row.p_value) == pytest.approx((judge.statistic, judge.pvalue))
        assert (row.interval_low, row.interval_high) == pytest.approx((limits.low, limits.high))
    assert list(found["comparisons_count"]) == [4] * 4
    expected = multipletests(found["p_value"].astype(float), method="fdr_bh")[1]
    assert list(found["q_value"]) == pytest.approx(list(expected))
