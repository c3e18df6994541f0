"""Change-change estimates agree with scipy and statsmodels, and are NULL for a stated reason.

Moments come from the naive oracle (plain Python), judgement from scipy and statsmodels on the
pairs themselves.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from orchestration.statistics import associations
from tests.oracle.naive_relations import Pair, change_moments

NUMBERS = [
    "pearson_r",
    "interval_low",
    "interval_high",
    "spearman_rho",
    "spearman_interval_low",
    "spearman_interval_high",
    "partial_r",
    "partial_interval_low",
    "partial_interval_high",
    "residualised_r",
    "residualised_interval_low",
    "residualised_interval_high",
    "slope",
    "slope_interval_low",
    "slope_interval_high",
    "slope_in_rci",
    "slope_in_rci_interval_low",
    "slope_in_rci_interval_high",
    "improvement_r",
    "true_r",
    "true_r_interval_low",
    "true_r_interval_high",
    "process_change_reliability",
    "outcome_change_reliability",
]
RELIABILITY = [
    "process_reliability",
    "process_reliability_source",
    "outcome_reliability",
    "outcome_reliability_source",
    "true_r_reason",
]
COLUMNS = [
    *("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id", "interval_name"),
    "sample_size",
    *NUMBERS,
    *RELIABILITY,
    *("status", "method", "evidence_label"),
]


def moments_row(pairs, *, process_up=True, outcome_up=False, **changed):
    keys = {
        "stratum_kind": "all",
        "stratum_id": "all",
        "process_scale_id": "process_total",
        "outcome_scale_id": "outcome_total",
        "interval_name": "first_to_last",
        "process_is_higher_better": process_up,
        "outcome_is_higher_better": outcome_up,
        "process_reliability": 0.9,
        "outcome_reliability": 0.95,
        "process_reliability_source": "a_rule",
        "outcome_reliability_source": "another_rule",
        "process_difference_error": 0.5,
        "outcome_difference_error": 2.0,
    }
    return keys | change_moments(pairs) | changed


def estimated(*rows, minimum_pairs=4, **options):
    return associations.estimate(pd.DataFrame(rows), minimum_pairs=minimum_pairs, **options)


def random_pairs(count, seed=1):
    random = np.random.default_rng(seed)
    pb = random.normal(3, 1, count)
    ob = 10 - pb + random.normal(0, 2, count)
    pf = pb + random.normal(0.5, 1, count)
    of = 0.7 * ob - (pf - pb) + random.normal(0, 1.5, count)
    return [Pair(*map(float, row)) for row in zip(pb, pf, ob, of, strict=True)]


def columns_of(pairs):
    pb, pf, ob, of = np.array(pairs).T
    return pb, pf, ob, of


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_pearson_and_spearman_agree_with_scipy(confidence):
    pairs = random_pairs(25)
    pb, pf, ob, of = columns_of(pairs)
    row = estimated(moments_row(pairs), confidence=confidence).iloc[0]
    judge = stats.pearsonr(pf - pb, of - ob)
    assert row.pearson_r == pytest.approx(judge.statistic)
    limits = judge.confidence_interval(confidence)
    assert (row.interval_low, row.interval_high) == pytest.approx(tuple(limits))
    assert row.spearman_rho == pytest.approx(stats.spearmanr(pf - pb, of - ob).statistic)
    assert row.status == "estimated"


def test_the_slope_and_its_interval_agree_with_statsmodels():
    pairs = random_pairs(25)
    pb, pf, ob, of = columns_of(pairs)
    fit = sm.OLS(of - ob, sm.add_constant(pf - pb)).fit()
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.slope == pytest.approx(fit.params[1])
    limits = (row.slope_interval_low, row.slope_interval_high)
    assert limits == pytest.approx(tuple(fit.conf_int()[1]))


def test_partial_and_residualised_r_agree_with_the_residuals_of_statsmodels():
    pairs = random_pairs(25)
    pb, pf, ob, of = columns_of(pairs)

    def without(response, *regressors):
        return sm.OLS(response, sm.add_constant(np.column_stack(regressors))).fit().resid

    row = estimated(moments_row(pairs)).iloc[0]
    partial = stats.pearsonr(without(pf, pb, ob), without(of, pb, ob)).statistic
    assert row.partial_r == pytest.approx(partial)
    error = stats.norm.ppf(0.975) / np.sqrt(25 - 5)
    limits = np.tanh(np.arctanh(partial) + np.array([-error, error]))
    assert (row.partial_interval_low, row.partial_interval_high) == pytest.approx(tuple(limits))
    own = stats.pearsonr(without(pf, pb), without(of, ob)).statistic
    assert row.residualised_r == pytest.approx(own)


def test_six_pairs_of_a_textbook_give_its_correlation():
    # Lane, HyperStat: X 2 3 4 5 6 9, Y 5 7 7 9 12 11 -> r = .8614.
    xs, ys = (2, 3, 4, 5, 6, 9), (5, 7, 7, 9, 12, 11)
    pairs = [Pair(0.0, x, 0.0, y) for x, y in zip(xs, ys, strict=True)]
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.pearson_r == pytest.approx(0.8614, abs=0.00005)
    # All baselines are equal, so there is nothing to hold constant.
    assert row.partial_r is pd.NA
    assert row.partial_interval_low is pd.NA
    assert row.residualised_r is pd.NA


@pytest.mark.parametrize(
    ("process_up", "outcome_up", "sign"),
    [(True, True, 1), (False, False, 1), (True, False, -1), (False, True, -1)],
)
def test_improvement_r_is_positive_when_both_improve_together(process_up, outcome_up, sign):
    row = moments_row(random_pairs(25), process_up=process_up, outcome_up=outcome_up)
    result = estimated(row).iloc[0]
    assert result.improvement_r == pytest.approx(sign * result.pearson_r)


def test_improvement_r_is_null_when_a_direction_is_unknown():
    result = estimated(moments_row(random_pairs(25), process_up=None)).iloc[0]
    assert result.improvement_r is pd.NA
    assert result.status == "estimated"


def test_too_few_pairs_show_their_number_and_nothing_else():
    rows = [moments_row(random_pairs(19)), moments_row(random_pairs(20))]
    result = estimated(*rows, minimum_pairs=20)
    assert list(result.status) == ["too_few", "estimated"]
    assert list(result.sample_size) == [19, 20]
    assert result.loc[0, NUMBERS].isna().all()
    assert result.loc[1, NUMBERS].notna().all()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_fewer_than_four_pairs_are_too_few_whatever_the_floor_says(count):
    result = estimated(moments_row(random_pairs(count)), minimum_pairs=1)
    assert list(result.status) == ["too_few"]
    assert result.loc[0, NUMBERS].isna().all()


def test_four_pairs_have_an_interval_but_no_partial_one():
    row = estimated(moments_row(random_pairs(4))).iloc[0]
    assert row.status == "estimated"
    assert row.interval_low < row.pearson_r < row.interval_high
    assert row.partial_interval_low is pd.NA


@pytest.mark.parametrize("constant", [5.0, 0.1])
def test_a_change_equal_for_everybody_is_not_computable(constant):
    pairs = [Pair(0.1 * i, 0.1 * i + constant, i, i * i % 7) for i in range(8)]
    # Floating point leaves a trace of spread, as SQL would: sd about 1e-17, r some noise.
    row = moments_row(pairs, process_change_sd=1e-17, pearson_r=0.3)
    result = estimated(row, moments_row(pairs, process_change_sd=0.0, pearson_r=float("nan")))
    assert list(result.status) == ["not_computable"] * 2
    assert list(result.sample_size) == [8, 8]
    assert result[NUMBERS].isna().all(axis=None)


@pytest.mark.parametrize("r", [1.0, 1 + 1e-12, -1.0, -1 - 1e-12])
def test_a_perfect_correlation_is_its_own_interval(r):
    row = moments_row(random_pairs(25), pearson_r=r, spearman_rho=r)
    result = estimated(row).iloc[0]
    sign = np.sign(r)
    assert (result.pearson_r, result.interval_low, result.interval_high) == (sign, sign, sign)
    assert result.spearman_rho == sign
    assert result.slope_interval_low == result.slope_interval_high == result.slope


@pytest.mark.parametrize("r", [1.5, -7.0, float("inf"), float("nan"), None])
def test_an_impossible_correlation_is_not_computable(r):
    result = estimated(moments_row(random_pairs(25), pearson_r=r))
    assert list(result.status) == ["not_computable"]
    assert result.loc[0, NUMBERS].isna().all()


def test_baselines_that_copy_each_other_leave_no_partial_r_but_the_rest_stays():
    pairs = [pair._replace(outcome_baseline=pair.process_baseline) for pair in random_pairs(25)]
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.status == "estimated"
    assert row.partial_r is pd.NA
    assert row.partial_interval_low is pd.NA
    assert row.partial_interval_high is pd.NA
    assert row.pearson_r is not pd.NA


def test_a_final_score_its_baseline_explains_whole_leaves_no_partial_r():
    pairs = [
        pair._replace(process_final=2 * pair.process_baseline + 1) for pair in random_pairs(25)
    ]
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.status == "estimated"
    assert row.partial_r is pd.NA
    assert row.residualised_r is pd.NA


def test_a_perfect_partial_correlation_survives():
    pairs = [pair._replace(outcome_final=-2 * pair.process_final) for pair in random_pairs(25)]
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.partial_r == pytest.approx(-1)
    assert row.partial_interval_low >= -1


@pytest.mark.parametrize("rows", [0, 3])
def test_columns_and_types_are_the_same_for_an_empty_input(rows):
    given_rows = pd.DataFrame([moments_row(random_pairs(25))] * 3)
    result = associations.estimate(given_rows.iloc[:rows], minimum_pairs=4)
    assert list(result.columns) == COLUMNS
    assert len(result) == rows
    assert set(result.dtypes[NUMBERS].astype(str)) == {"Float64"}
    assert str(result.sample_size.dtype) == "Int64"
    numbers = {*NUMBERS, "sample_size", "process_reliability", "outcome_reliability"}
    text = [name for name in COLUMNS if name not in numbers]
    assert set(result.dtypes[text].astype(str)) == {"string"}


def test_a_frame_without_rows_or_types_is_taken():
    empty = pd.DataFrame(columns=list(moments_row(random_pairs(4))))
    result = associations.estimate(empty, minimum_pairs=4)
    assert list(result.columns) == COLUMNS
    assert str(result.pearson_r.dtype) == "Float64"


def test_a_missing_column_is_refused_by_name():
    frame = pd.DataFrame([moments_row(random_pairs(4))]).drop(columns="r_pf_of")
    with pytest.raises(ValueError, match="r_pf_of"):
        associations.estimate(frame, minimum_pairs=4)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_wrong_confidence_is_refused_also_without_rows(rows):
    frame = pd.DataFrame([moments_row(random_pairs(25))]).iloc[:rows]
    with pytest.raises(ValueError, match="confidence"):
        associations.estimate(frame, minimum_pairs=4, confidence=95)


def test_rows_keep_their_order_and_the_input_is_left_alone():
    rows = [moments_row(random_pairs(25, seed), stratum_id=str(seed)) for seed in (3, 1, 2)]
    frame = pd.DataFrame(rows, index=[9, 9, 4])
    before = frame.copy(deep=True)
    result = associations.estimate(frame, minimum_pairs=4)
    assert list(result.stratum_id) == ["3", "1", "2"]
    assert list(result.index) == [0, 1, 2]
    assert result.loc[1, "pearson_r"] == pytest.approx(rows[1]["pearson_r"])
    pd.testing.assert_frame_equal(frame, before)


scores = st.integers(0, 27)
people = st.lists(st.builds(Pair, scores, scores, scores, scores), min_size=0, max_size=15)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(pairs=people, seed=st.randoms(use_true_random=False))
def test_any_people_give_bounded_numbers_or_null_and_their_order_does_not_matter(pairs, seed):
    shuffled = pairs.copy()
    seed.shuffle(shuffled)
    result = estimated(moments_row(pairs), moments_row(shuffled))
    for name in NUMBERS:
        values = result[name]
        assert np.isfinite(values.dropna().to_numpy(float)).all()
        assert values.isna().sum() in (0, 2)
        if values.notna().all():
            assert values[0] == pytest.approx(values[1], abs=1e-6)
    row = result.iloc[0]
    unbounded = ("slope", "process_change", "outcome_change")
    for name in [name for name in NUMBERS if not name.startswith(unbounded)]:
        assert row[name] is pd.NA or -1 <= row[name] <= 1
    if row.status == "estimated":
        assert row.interval_low - 1e-12 <= row.pearson_r <= row.interval_high + 1e-12
    else:
        assert result.loc[0, NUMBERS].isna().all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(pairs=people)
def test_turning_the_outcome_round_turns_every_sign_but_the_improvement(pairs):
    turned = [
        pair._replace(outcome_baseline=-pair.outcome_baseline, outcome_final=-pair.outcome_final)
        for pair in pairs
    ]
    here = estimated(moments_row(pairs, outcome_up=True)).iloc[0]
    there = estimated(moments_row(turned, outcome_up=False)).iloc[0]
    assert here.status == there.status
    names = ("pearson_r", "spearman_rho", "partial_r", "residualised_r", "slope")
    for name in names:
        if here[name] is not pd.NA:
            assert there[name] == pytest.approx(-here[name], abs=1e-9)
    if here.pearson_r is not pd.NA:
        assert there.improvement_r == pytest.approx(here.improvement_r, abs=1e-9)
        assert there.interval_low == pytest.approx(-here.interval_high, abs=1e-9)


def test_the_slope_in_reliable_change_units_is_that_of_both_changes_divided_by_their_errors():
    pairs = random_pairs(25)
    pb, pf, ob, of = columns_of(pairs)
    fit = sm.OLS((of - ob) / 2.0, sm.add_constant((pf - pb) / 0.5)).fit()
    row = estimated(moments_row(pairs)).iloc[0]
    assert row.slope_in_rci == pytest.approx(fit.params[1])
    limits = (row.slope_in_rci_interval_low, row.slope_in_rci_interval_high)
    assert limits == pytest.approx(tuple(fit.conf_int()[1]))
    without = estimated(moments_row(pairs, outcome_difference_error=None)).iloc[0]
    assert without.slope_in_rci is pd.NA


def test_the_reliability_of_a_change_is_that_of_hageman_and_arrindell():
    # metrics.md 2.2, golden vectors: s1 3.8816, s2 5.7155, rho .5659, r .86 -> r_dd .8135.
    before = [20, 18, 15, 22, 12, 17, 9, 14, 19, 16]
    after = [8, 10, 14, 23, 6, 9, 10, 5, 18, 7]
    pairs = [
        Pair(x, y, 2 * x + i % 3, y) for i, (x, y) in enumerate(zip(before, after, strict=True))
    ]
    row = estimated(moments_row(pairs, process_reliability=0.86)).iloc[0]
    assert row.process_change_reliability == pytest.approx(0.8135, abs=0.00005)


def test_a_correlation_freed_of_error_finds_what_was_there_before_error_was_added():
    random = np.random.default_rng(4)
    count = 200_000
    true_change = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], count)
    baselines = random.normal(0, 1, (count, 2))
    scores = np.stack([baselines, baselines + true_change], axis=1)
    observed = scores + random.normal(0, 0.7, scores.shape)
    # Reliability of one score: true variance 1 of 1 + 0.49.
    pairs = {"pb": observed[:, 0, 0], "ob": observed[:, 0, 1]}
    changes = observed[:, 1] - observed[:, 0]
    row = moments_row(
        random_pairs(30),
        sample_size=count,
        pearson_r=np.corrcoef(changes.T)[0, 1],
        process_change_sd=changes[:, 0].std(),
        outcome_change_sd=changes[:, 1].std(),
        process_baseline_sd=pairs["pb"].std(),
        outcome_baseline_sd=pairs["ob"].std(),
        process_reliability=1 / 1.49,
        outcome_reliability=1 / 1.49,
    )
    result = estimated(row).iloc[0]
    assert result.pearson_r < 0.3
    assert result.true_r == pytest.approx(0.5, abs=0.01)
    assert result.true_r_reason == "corrected"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"process_reliability": None}, "no_reliability"),
        ({"process_reliability": 1.2}, "no_reliability"),
        ({"process_reliability": 0.01}, "change_is_not_reliable"),
        ({"pearson_r": -0.99, "process_reliability": 0.6}, "beyond_one"),
    ],
)
def test_a_correction_that_is_impossible_is_null_and_says_why(changed, reason):
    row = estimated(moments_row(random_pairs(25), **changed)).iloc[0]
    assert row.status == "estimated"
    assert row.true_r_reason == reason
    assert row.true_r is pd.NA
    assert row.true_r_interval_low is pd.NA


def test_the_clinics_own_alpha_stands_in_where_nobody_published_a_reliability():
    own = pd.DataFrame(
        {
            "stratum_kind": ["all", "program", "all"],
            "scale_id": ["process_total", "process_total", "outcome_total"],
            "alpha": [0.8, 0.1, 0.5],
        }
    )
    row = moments_row(random_pairs(25), process_reliability=None, process_reliability_source=None)
    result = associations.estimate(pd.DataFrame([row]), own, minimum_pairs=4).iloc[0]
    assert (result.process_reliability, result.process_reliability_source) == (0.8, "own_alpha")
    assert (result.outcome_reliability, result.outcome_reliability_source) == (
        0.95,
        "another_rule",
    )
