"""The naive relations give published correlations and agree with scipy and statsmodels."""

import csv

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.oracle import shared_data
from tests.oracle.naive_change import Administration, intervals
from tests.oracle.naive_relations import (
    Pair,
    Slot,
    average_ranks,
    change_moments,
    panel_rows,
    partial_correlation,
    pearson,
    residualised_correlation,
    slots,
    solve,
    spearman,
    within_moments,
)

values = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=30)


@pytest.mark.parametrize(
    ("interval_name", "correlation", "clients"),
    [("first_to_last", -0.667452, 202), ("baseline_to_1", -0.611314, 147)],
)
def test_the_published_trial_has_its_correlation(interval_name, correlation, clients):
    folder = shared_data()
    if folder is None:
        pytest.skip("shared data absent: 1 file, 295 clients of pospsy not judged")
    path = folder / "pospsy" / "posPsy_AHI_CESD_original.csv"
    forms = {"ahiTotal": {}, "cesdTotal": {}}
    with path.open(encoding="utf-8", newline="") as file:
        for key, line in enumerate(csv.DictReader(file)):
            for total, by_client in forms.items():
                by_client.setdefault(line["id"], []).append(
                    Administration(
                        key,
                        float(line[total]),
                        day=float(line["elapsed.days"]),
                        occasion_order=float(line["occasion"]),
                        occasion=line["occasion"],
                    )
                )
    pairs = []
    for client, process in forms["ahiTotal"].items():
        outcome = forms["cesdTotal"][client]
        here = {each.interval_name: each for each in intervals(process)}.get(interval_name)
        there = {each.interval_name: each for each in intervals(outcome)}.get(interval_name)
        if here and there and here.final and there.final:
            ends = (here.baseline, here.final, there.baseline, there.final)
            pairs.append(Pair(*(end.score for end in ends)))
    moments = change_moments(pairs)
    assert moments["sample_size"] == clients
    assert moments["pearson_r"] == pytest.approx(correlation, abs=5e-7)


@given(pairs=values)
def test_pearson_and_spearman_agree_with_scipy(pairs):
    left, right = zip(*pairs, strict=True)
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert pearson(left, right) is None
        assert spearman(left, right) is None
    else:
        assert pearson(left, right) == pytest.approx(stats.pearsonr(left, right).statistic)
        assert spearman(left, right) == pytest.approx(stats.spearmanr(left, right).statistic)


def test_equal_values_share_the_mean_of_their_ranks():
    assert average_ranks([5, 1, 5, 9]) == [2.5, 1, 2.5, 4]


def test_equations_are_solved_or_called_singular():
    assert solve([[0, 2], [4, 1]], [6, 11]) == pytest.approx([2, 3])
    assert solve([[1, 2], [2, 4]], [1, 2]) is None


@settings(deadline=None)
@given(
    people=st.lists(st.tuples(*[st.integers(0, 20)] * 4).map(lambda t: Pair(*t)), min_size=6),
)
def test_partial_and_residualised_r_agree_with_statsmodels(people):
    pb, pf, ob, of = np.array(people, dtype=float).T

    def without(response, *regressors):
        return sm.OLS(response, sm.add_constant(np.column_stack(regressors))).fit().resid

    assume(np.linalg.matrix_rank(np.column_stack([np.ones(len(pb)), pb, ob])) == 3)
    left, right = without(pf, pb, ob), without(of, pb, ob)
    assume(left.std() > 1e-6)
    assume(right.std() > 1e-6)
    assert partial_correlation(people) == pytest.approx(np.corrcoef(left, right)[0, 1], abs=1e-7)
    own = np.corrcoef(without(pf, pb), without(of, ob))[0, 1]
    assert residualised_correlation(people) == pytest.approx(own, abs=1e-7)


@pytest.mark.parametrize("people", [[], [Pair(1, 2, 3, 4)], [Pair(1, 2, 3, 4)] * 5])
def test_people_without_spread_have_no_correlation(people):
    moments = change_moments(people)
    assert moments["sample_size"] == len(people)
    assert moments["pearson_r"] is moments["slope"] is moments["r_pb_of"] is None
    assert partial_correlation(people) is residualised_correlation(people) is None


def test_a_slot_is_a_day_where_every_score_has_one_else_an_occasion():
    process = [Administration(i, float(i), day=7.0 * i, occasion_order=i) for i in range(4)]
    outcome = [Administration(9 - i, 10.0 * i, day=7.0 * i, occasion_order=i) for i in range(1, 4)]
    dated = slots(process, outcome, is_time_in_days=True)
    assert dated == [Slot(7, 1, 10), Slot(14, 2, 20), Slot(21, 3, 30)]

    outcome[0] = outcome[0]._replace(day=None)
    by_occasion = slots(process, outcome, is_time_in_days=False)
    assert by_occasion == [Slot(0, 1, 10), Slot(1, 2, 20), Slot(2, 3, 30)]

    outcome[0] = outcome[0]._replace(score=None)
    outcome[1] = outcome[1]._replace(occasion_order=8)  # the day decides again
    assert slots(process, outcome, is_time_in_days=True) == [Slot(14, 2, 20), Slot(21, 3, 30)]


def test_of_two_scores_in_one_slot_the_first_counts():
    process = [Administration(5, 1.0, day=0), Administration(4, 2.0, day=0)]
    outcome = [Administration(6, 3.0, day=0)]
    assert slots(process, outcome, is_time_in_days=True) == [Slot(0, 2, 3)]


def test_lagged_rows_take_the_regressor_before_and_the_response_after():
    panels = {
        ("A", "a"): [Slot(0, 1, 10), Slot(7, 2, 20), Slot(9, 3, 30)],
        ("B", "b"): [Slot(0, 1, 10), Slot(7, 2, 20)],  # one lagged row: says nothing within
        ("C", "c"): [Slot(0, 1, 10)],
    }
    forward = [tuple(row)[1:] for row in panel_rows(panels, "process_to_outcome")]
    assert forward == [("a", 7, 1, 20), ("a", 9, 2, 30)]
    backward = [tuple(row)[1:] for row in panel_rows(panels, "outcome_to_process")]
    assert backward == [("a", 7, 10, 2), ("a", 9, 20, 3)]
    assert [row.episode_id for row in panel_rows(panels, "concurrent")] == list("aaabb")


def test_the_moments_of_two_clients_worked_by_hand():
    panels = {
        ("A", "a"): [Slot(0, 4, 10), Slot(7, 6, 12)],
        ("B", "b"): [Slot(0, 1, 20), Slot(7, 3, 26)],
    }
    assert within_moments(panels, "concurrent", is_adjusted=False) == {
        "client_count": 2,
        "long_client_count": 0,
        "occasion_count": 4,
        "regressor_sum_squares": 4,
        "within_slope": 2,
        "cluster_score_sum_squares": 8,
        "between_slope": -4,
    }
    # Time moves with the process exactly, so nothing is left of it.
    adjusted = within_moments(panels, "concurrent", is_adjusted=True)
    assert adjusted["within_slope"] is None
    assert adjusted["cluster_score_sum_squares"] is None


@pytest.mark.parametrize("direction", ["concurrent", "process_to_outcome", "outcome_to_process"])
def test_nobody_gives_counts_of_nobody(direction):
    moments = within_moments({}, direction, is_adjusted=True)
    assert moments["client_count"] == moments["occasion_count"] == 0
    assert moments["within_slope"] is moments["between_slope"] is None


def test_two_episodes_of_one_client_are_centred_apart_and_clustered_together():
    long = [Slot(t, x, y) for t, x, y in [(0, 1, 5), (1, 2, 3), (2, 4, 4), (3, 3, 1)]]
    short = [Slot(t, x, y) for t, x, y in [(0, 9, 9), (1, 7, 12)]]
    together = within_moments(
        {("A", "a"): long, ("A", "b"): short}, "concurrent", is_adjusted=False
    )
    apart = within_moments({("A", "a"): long, ("B", "b"): short}, "concurrent", is_adjusted=False)
    assert (together["client_count"], apart["client_count"]) == (1, 2)
    assert (together["long_client_count"], apart["long_client_count"]) == (1, 1)
    assert together["within_slope"] == apart["within_slope"]
    # The scores of all rows sum to 0, so one cluster has no spread.
    assert together["cluster_score_sum_squares"] == pytest.approx(0, abs=1e-20)
    assert apart["cluster_score_sum_squares"] > 0


def test_between_persons_a_client_counts_once_however_often_they_came():
    panels = {
        ("A", "a"): [Slot(0, 0, 1), Slot(1, 2, 3)],  # means 1 and 2
        ("A", "b"): [Slot(0, 4, 7), Slot(1, 6, 9)],  # means 5 and 8: client A at 3 and 5
        ("B", "c"): [Slot(0, 0, 0), Slot(1, 2, 2)],  # client B at 1 and 1
    }
    for is_adjusted in (False, True):
        moments = within_moments(panels, "concurrent", is_adjusted=is_adjusted)
        assert moments["between_slope"] == pytest.approx((5 - 1) / (3 - 1))
