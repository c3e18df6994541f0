"""Paths agree with statsmodels, limits with a bootstrap that draws people one by one."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from orchestration.statistics import mediation
from tests.benchmarks.calibration_clinics import PATHS, draw_path
from tests.oracle.panel_mirror import mediation_sums

NUMBERS = ["a", "b", "direct", "indirect", "interval_low", "interval_high", "swapped_indirect"]
CASES = [(kind, window) for kind in mediation.KINDS for window in mediation.WINDOWS]
PLANS = {plan.kind: plan for plan in PATHS}
# Something delivered or practised is a number as a change on a scale is.
PLANS |= dict.fromkeys(("delivery", "practice"), PLANS["scale"])


def drawn(kind, seed=1):
    return draw_path(np.random.default_rng(seed), PLANS[kind])


def estimated(m, y, cause, kind, window, *, minimum=2, replicates=200, seed=1, blocks=1000):
    sums = mediation_sums(m, y, kind=kind, window=window, cause=cause, blocks=blocks)
    return mediation.estimate(sums, minimum_clients=minimum, replicates=replicates, seed=seed).iloc[
        0
    ]


def judged(m, y, cause, kind, window):
    """a, b and direct by statsmodels on the rows."""
    m_to, y_from = (1, 1) if window == "middle_then_last" else (2, 0)
    if kind == "time":
        change, average = m[:, m_to] - m[:, 0], (m[:, m_to] + m[:, 0]) / 2
        design = sm.add_constant(np.column_stack([change, average - average.mean()]))
        second = sm.OLS(y[:, 2] - y[:, y_from], design).fit().params
        return change.mean(), second[1], second[0]
    first = sm.OLS(m[:, m_to], sm.add_constant(np.column_stack([cause, m[:, 0]]))).fit().params
    design = sm.add_constant(np.column_stack([m[:, m_to], cause, m[:, 0], y[:, y_from]]))
    second = sm.OLS(y[:, 2], design).fit().params
    return first[1], second[1], second[2]


@pytest.mark.parametrize(("kind", "window"), CASES)
def test_paths_are_those_of_statsmodels_and_the_swapped_model_too(kind, window):
    m, y, cause = drawn(kind)
    row = estimated(m, y, cause, kind, window)
    a, b, direct = judged(m, y, cause, kind, window)
    assert tuple(row[["a", "b", "direct", "indirect"]]) == pytest.approx((a, b, direct, a * b))
    swapped_a, swapped_b, _ = judged(y, m, cause, kind, window)
    assert row.swapped_indirect == pytest.approx(swapped_a * swapped_b)


@pytest.mark.parametrize(("kind", "window"), CASES)
def test_limits_are_those_of_drawing_people_one_by_one(kind, window):
    m, y, cause = (None if part is None else part[:50] for part in drawn(kind, seed=2))
    row = estimated(m, y, cause, kind, window, replicates=60)
    counts = np.random.default_rng(1).multinomial(50, np.full(50, 1 / 50), size=60)
    indirect = []
    for times in counts:
        people = np.repeat(np.arange(50), times)
        a, b, _ = judged(
            m[people], y[people], None if cause is None else cause[people], kind, window
        )
        indirect.append(a * b)
    expected = tuple(np.quantile(indirect, [0.025, 0.975]))
    assert (row.interval_low, row.interval_high) == pytest.approx(expected)


def test_blocks_of_many_people_give_limits_as_wide_as_people_do():
    parts = [drawn("scale", seed) for seed in range(40)]
    m, y, cause = (np.concatenate(part) for part in zip(*parts, strict=True))
    widths = []
    for blocks in (200, 10**6):
        row = estimated(m, y, cause, "scale", "first_to_last", replicates=1000, blocks=blocks)
        widths.append(row.interval_high - row.interval_low)
    assert widths[0] == pytest.approx(widths[1], rel=0.2)


def test_the_same_seed_gives_the_same_limits_and_another_gives_others():
    first, again, other = (
        estimated(*drawn("arm"), "arm", "first_to_last", seed=seed) for seed in (1, 1, 2)
    )
    assert first.interval_low == again.interval_low
    assert first.interval_low != other.interval_low


@pytest.mark.parametrize(
    ("kind", "window", "label"),
    [
        ("arm", "middle_then_last", "controlled"),
        ("arm", "first_to_last", "concurrent"),
        ("time", "middle_then_last", "temporally ordered"),
        ("scale", "middle_then_last", "temporally ordered"),
        ("scale", "first_to_last", "concurrent"),
        ("delivery", "middle_then_last", "temporally ordered"),
        ("practice", "middle_then_last", "temporally ordered"),
    ],
)
def test_only_an_arm_whose_mediator_came_first_is_controlled(kind, window, label):
    assert estimated(*drawn(kind), kind, window).evidence_label == label


@pytest.mark.parametrize(
    ("name", "spoil", "status"),
    [
        ("constant mediator", lambda m, y, c: (m * 0 + 2, y, c), "not_computable"),
        ("constant outcome", lambda m, y, c: (m, y * 0 + 2, c), "not_computable"),
        ("collinear", lambda m, y, c: (m, 3 - 2 * m, c), "not_computable"),
        ("constant cause", lambda m, y, c: (m, y, c * 0 + 2), "not_computable"),
        ("infinite", lambda m, y, c: (m, np.where(y > 20, np.inf, y), c), "not_computable"),
        ("one client", lambda m, y, c: (m[:1], y[:1], c[:1]), "too_few"),
        ("tied", lambda m, y, c: (np.round(m, 1), np.round(y), np.round(c)), "estimated"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_degenerate_inputs_have_a_status_and_no_made_up_number(name, spoil, status):
    row = estimated(*spoil(*drawn("scale")), "scale", "middle_then_last")
    assert row.status == status, name
    assert row[NUMBERS].isna().all() == (status != "estimated")


def test_an_arm_needs_people_on_both_sides():
    m, y, _ = drawn("arm")
    for in_arm, status in ((9, "too_few"), (10, "estimated"), (111, "too_few")):
        cause = (np.arange(120) < in_arm) * 1.0
        row = estimated(m, y, cause, "arm", "first_to_last", minimum=20)
        assert row.status == status


def test_an_unknown_kind_or_window_is_refused_by_column():
    sums = mediation_sums(*drawn("time")[:2], kind="time", window="first_to_last")
    for column in ("cause_kind", "window_name"):
        with pytest.raises(ValueError, match=column):
            mediation.estimate(
                sums.assign(**{column: "other"}), minimum_clients=2, replicates=10, seed=1
            )


def test_no_rows_give_no_rows():
    sums = mediation_sums(*drawn("time")[:2], kind="time", window="first_to_last").iloc[:0]
    found = mediation.estimate(sums, minimum_clients=2, replicates=10, seed=1)
    assert isinstance(found, pd.DataFrame)
    assert len(found) == 0
