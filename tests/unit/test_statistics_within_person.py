"""Within-person slopes agree with statsmodels' cluster-robust regression on centred data.

Moments come from the naive oracle (plain Python), judgement from statsmodels on the rows.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.statistics import within_person
from tests.oracle.naive_relations import Slot, panel_rows, within_moments

NUMBERS = ["within_slope", "between_slope", "standard_error", "interval_low", "interval_high"]
COLUMNS = [
    *("stratum_kind", "stratum_id", "process_scale_id", "outcome_scale_id"),
    *("direction", "is_adjusted_for_time"),
    *NUMBERS,
    *("client_count", "occasion_count", "status", "method", "evidence_label"),
]
DIRECTIONS = ["concurrent", "process_to_outcome", "outcome_to_process"]


def moments_row(panels, direction="concurrent", *, is_adjusted=False, **changed):
    keys = {
        "stratum_kind": "all",
        "stratum_id": "all",
        "process_scale_id": "process_total",
        "outcome_scale_id": "outcome_total",
        "direction": direction,
        "is_adjusted_for_time": is_adjusted,
        "time_unit": "day",
    }
    return keys | within_moments(panels, direction, is_adjusted=is_adjusted) | changed


def estimated(*rows, minimum_clients=2, minimum_clients_lagged=2, **options):
    return within_person.estimate(
        pd.DataFrame(rows),
        minimum_clients=minimum_clients,
        minimum_clients_lagged=minimum_clients_lagged,
        **options,
    )


def random_panels(clients=12, seed=1):
    """Ragged panels of 2 to 8 slots at uneven days; every fourth client comes back for more."""
    random = np.random.default_rng(seed)
    panels = {}
    for number in range(clients):
        for episode in range(2 if number % 4 == 0 else 1):
            length = int(random.integers(2, 9))
            days = np.cumsum(random.integers(1, 14, length)).astype(float)
            x = random.normal(number / 4, 1, length) + 0.02 * days
            y = 20 - 2 * x - 0.1 * days + random.normal(0, 2, length)
            slots = [Slot(*map(float, slot)) for slot in zip(days, x, y, strict=True)]
            panels[f"client {number}", f"episode {number}.{episode}"] = slots
    return panels


def statsmodels_fit(panels, direction, is_adjusted):
    frame = pd.DataFrame(panel_rows(panels, direction))
    numbers = ["time", "regressor", "response"]
    centred = frame[numbers] - frame.groupby("episode_id")[numbers].transform("mean")
    columns = ["regressor", "time"] if is_adjusted else ["regressor"]
    groups = frame.client_id.astype("category").cat.codes.to_numpy()
    # use_t: intervals with G - 1 degrees of freedom, as statsmodels does for clusters.
    return sm.OLS(centred.response, centred[columns]).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    ), len(frame)


@pytest.mark.parametrize("is_adjusted", [False, True])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", [1, 2])
def test_slope_error_and_interval_agree_with_statsmodels(direction, is_adjusted, seed):
    panels = random_panels(seed=seed)
    fit, row_count = statsmodels_fit(panels, direction, is_adjusted)
    row = estimated(moments_row(panels, direction, is_adjusted=is_adjusted)).iloc[0]
    assert row.status == "estimated"
    assert row.occasion_count == row_count
    assert row.within_slope == pytest.approx(fit.params.iloc[0])
    assert row.standard_error == pytest.approx(fit.bse.iloc[0])
    limits = (row.interval_low, row.interval_high)
    assert limits == pytest.approx(tuple(fit.conf_int().iloc[0]))


def test_a_panel_worked_by_hand():
    # Two clients, two slots each. Centred: A x -1 1, y -1 1; B x -1 1, y -3 3.
    # Slope (2 + 6) / 4 = 2. Residuals A 1 -1, B -1 1; scores A -2, B 2; meat 8.
    # Error sqrt(8)/4 x sqrt(2/1 x 3/3) = 1. t(1 df, 97.5 %) = 12.7062.
    panels = {
        ("A", "a"): [Slot(0, 4, 10), Slot(7, 6, 12)],
        ("B", "b"): [Slot(0, 1, 20), Slot(7, 3, 26)],
    }
    row = estimated(moments_row(panels)).iloc[0]
    assert row.within_slope == pytest.approx(2)
    assert row.standard_error == pytest.approx(1)
    assert row.interval_low == pytest.approx(2 - 12.7062, abs=1e-4)
    assert row.interval_high == pytest.approx(2 + 12.7062, abs=1e-4)
    assert row.between_slope == pytest.approx((23 - 11) / (2 - 5))
    assert (row.client_count, row.occasion_count) == (2, 4)


def test_between_persons_the_sign_may_differ_from_within():
    # Everybody is better when kinder than usual; the kinder people are the iller ones.
    panels = {
        (f"c{i}", f"e{i}"): [Slot(t, i + x, 3.0 * i - x) for t, x in enumerate([0.0, 1.0, 0.5])]
        for i in range(5)
    }
    row = estimated(moments_row(panels)).iloc[0]
    assert row.within_slope == pytest.approx(-1)
    assert row.between_slope == pytest.approx(3)


def test_a_perfect_fit_is_an_estimate_with_no_error_and_itself_as_interval():
    panels = {
        (f"c{i}", f"e{i}"): [Slot(t, float(t * i), 2.0 * t * i) for t in range(3)]
        for i in range(1, 5)
    }
    row = estimated(moments_row(panels, cluster_score_sum_squares=0.0)).iloc[0]
    assert row.status == "estimated"
    assert row.standard_error == 0
    assert row.interval_low == row.interval_high == row.within_slope == pytest.approx(2)


def test_a_regressor_that_never_moves_is_not_computable():
    panels = {
        (f"c{i}", f"e{i}"): [Slot(t, float(i), float(t * i)) for t in range(4)] for i in range(5)
    }
    rows = [moments_row(panels, direction) for direction in DIRECTIONS[:2]]
    result = estimated(*rows)
    assert list(result.status) == ["not_computable"] * 2
    assert result[NUMBERS].isna().all(axis=None)
    assert list(result.client_count) == [5, 5]
    assert list(result.occasion_count) == [20, 15]


def test_a_regressor_that_time_explains_whole_is_computable_only_without_time():
    panels = {
        (f"c{i}", f"e{i}"): [Slot(0.1 * t, 0.3 * t + i, float(t * t % (i + 2))) for t in range(5)]
        for i in range(5)
    }
    rows = [moments_row(panels, is_adjusted=adjusted) for adjusted in (False, True)]
    assert list(estimated(*rows).status) == ["estimated", "not_computable"]


@pytest.mark.parametrize(
    "changed",
    [
        {"within_slope": None},
        {"within_slope": float("inf")},
        {"cluster_score_sum_squares": float("nan")},
        {"cluster_score_sum_squares": -1.0},
        {"regressor_sum_squares": 0.0},
        {"regressor_sum_squares": 1e-25},
        {"occasion_count": 1},
    ],
)
def test_sums_that_cannot_be_are_not_computable(changed):
    result = estimated(moments_row(random_panels(), **changed))
    assert list(result.status) == ["not_computable"]
    assert result.loc[0, NUMBERS].isna().all()


def test_a_missing_between_slope_does_not_take_the_rest_with_it():
    row = estimated(moments_row(random_panels(), between_slope=None)).iloc[0]
    assert row.status == "estimated"
    assert row.between_slope is pd.NA


@pytest.mark.parametrize(
    ("direction", "clients", "long_clients", "status"),
    [
        ("concurrent", 20, 0, "estimated"),
        ("concurrent", 19, 19, "too_few"),
        ("process_to_outcome", 40, 30, "estimated"),
        ("process_to_outcome", 40, 29, "too_few"),
        ("outcome_to_process", 40, 29, "too_few"),
    ],
)
def test_each_direction_has_its_own_floor(direction, clients, long_clients, status):
    row = moments_row(
        random_panels(), direction, client_count=clients, long_client_count=long_clients
    )
    result = estimated(row, minimum_clients=20, minimum_clients_lagged=30)
    assert list(result.status) == [status]
    assert result.loc[0, NUMBERS].isna().all() == (status == "too_few")
    assert list(result.client_count) == [clients]


@pytest.mark.parametrize("clients", [0, 1])
def test_one_client_is_too_few_whatever_the_floor_says(clients):
    result = estimated(moments_row(random_panels(clients)), minimum_clients=0)
    assert list(result.status) == ["too_few"]
    assert list(result.client_count) == [clients]


def test_labels_say_what_the_row_is():
    rows = [moments_row(random_panels(), direction, is_adjusted=True) for direction in DIRECTIONS]
    rows[1]["time_unit"] = "position"
    rows.append(moments_row(random_panels()))
    result = estimated(*rows)
    concurrent, ordered = "concurrent", "temporally ordered"
    assert list(result.evidence_label) == [concurrent, ordered, ordered, concurrent]
    assert list(result.method) == [
        "person_mean_centred_cluster_robust_adjusted_for_day",
        "person_mean_centred_cluster_robust_adjusted_for_position",
        "person_mean_centred_cluster_robust_adjusted_for_day",
        "person_mean_centred_cluster_robust",
    ]


@pytest.mark.parametrize("rows", [0, 2])
def test_columns_and_types_are_the_same_for_an_empty_input(rows):
    frame = pd.DataFrame([moments_row(random_panels())] * 2).iloc[:rows]
    result = within_person.estimate(frame, minimum_clients=2, minimum_clients_lagged=2)
    assert list(result.columns) == COLUMNS
    assert len(result) == rows
    assert set(result.dtypes[NUMBERS].astype(str)) == {"Float64"}
    assert set(result.dtypes[["client_count", "occasion_count"]].astype(str)) == {"Int64"}
    assert str(result.is_adjusted_for_time.dtype) == "boolean"


def test_a_frame_without_rows_or_types_is_taken():
    empty = pd.DataFrame(columns=list(moments_row(random_panels())))
    result = within_person.estimate(empty, minimum_clients=2, minimum_clients_lagged=2)
    assert list(result.columns) == COLUMNS


@pytest.mark.parametrize(
    ("column", "value"),
    [("direction", "sideways"), ("time_unit", "week"), ("is_adjusted_for_time", None)],
)
def test_a_word_outside_the_contract_is_refused_by_column(column, value):
    with pytest.raises(ValueError, match=column):
        estimated(moments_row(random_panels(), **{column: value}))


def test_a_missing_column_is_refused_by_name():
    frame = pd.DataFrame([moments_row(random_panels())]).drop(columns="between_slope")
    with pytest.raises(ValueError, match="between_slope"):
        within_person.estimate(frame, minimum_clients=2, minimum_clients_lagged=2)


scores = st.integers(0, 12).map(float)


@st.composite
def any_panels(draw):
    panels = {}
    for number in range(draw(st.integers(0, 6))):
        days = sorted(draw(st.sets(st.integers(0, 60), max_size=6)))
        slots = [Slot(float(day), draw(scores), draw(scores)) for day in days]
        panels[f"c{number // 2}", f"e{number}"] = slots
    return panels


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(panels=any_panels(), direction=st.sampled_from(DIRECTIONS), adjusted=st.booleans())
def test_any_panel_gives_finite_numbers_or_null_and_the_sign_follows_the_data(
    panels, direction, adjusted
):
    # Turning one scale round turns the slope only for the response, or only for the regressor:
    # either way its sign. The order of the episodes does not matter.
    turned = {
        key: [slot._replace(outcome=-slot.outcome) for slot in slots]
        for key, slots in reversed(panels.items())
    }
    result = estimated(
        moments_row(panels, direction, is_adjusted=adjusted),
        moments_row(turned, direction, is_adjusted=adjusted),
        minimum_clients_lagged=0,
    )
    for name in NUMBERS:
        assert np.isfinite(result[name].dropna().to_numpy(float)).all()
    here, there = result.iloc[0], result.iloc[1]
    assert here.status == there.status
    if here.status == "estimated":
        assert there.within_slope == pytest.approx(-here.within_slope, abs=1e-9)
        assert there.interval_low == pytest.approx(-here.interval_high, abs=1e-6)
        assert there.standard_error == pytest.approx(here.standard_error, abs=1e-7)
        assert here.interval_low <= here.within_slope <= here.interval_high
        assert here.standard_error >= 0
    else:
        assert result[NUMBERS].isna().all(axis=None)
