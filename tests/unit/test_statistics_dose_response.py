"""Two explanations of the same clinic give two patterns, and the survival curve is the textbook's.

What belongs here: ``statistics.dose_response`` on hand-worked tables, on statsmodels, and on
clinics of which it is known why people left.
What does not: counting sessions (dbt unit tests, ``tests/oracle``).
"""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from orchestration.statistics import dose_response

KEY: dict[str, Any] = {
    "program_id": "p",
    "contact_source": "sessions",
    "ending_kind": "planned",
    "threshold_set": None,
    "scale_id": None,
}


def counts(rate_id: str, *rows: tuple[int | None, int, int, int, int]) -> pd.DataFrame:
    """Rows of (sessions, having, without, left out, unknown)."""
    return pd.DataFrame(
        [
            KEY
            | {"rate_id": rate_id}
            | {"session_count": sessions, "having_count": having, "without_count": without}
            | {"left_out_count": out, "course_count": having + without + out + unknown}
            for sessions, having, without, out, unknown in rows
        ]
    )


def estimate(frame: pd.DataFrame) -> pd.DataFrame:
    """With the floor of five known courses."""
    return dose_response.estimate(frame, minimum_courses=5)


def test_the_six_weeks_of_freireich_come_out_as_in_the_textbooks() -> None:
    # Freireich 1963, 6-MP: remission in weeks, + where it went on (Kalbfleisch & Prentice, table).
    relapsed = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    left = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    rows = [
        (week, relapsed.get(week, 0), left.get(week, 0), 0, 0)
        for week in sorted({*relapsed, *left})
    ]
    found = estimate(counts("first_improvement", *rows)).set_index("session_count")
    survived = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    at_risk = {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
    for week, share in survived.items():
        assert round(1 - found.loc[week, "estimate"], 4) == share
        assert found.loc[week, "sample_size"] == at_risk[week]
    # Greenwood's standard error at 23 weeks is .1346 and the log-log limits follow from it.
    theta = np.exp(1.959964 * 0.1346 / (0.4482 * abs(np.log(0.4482))))
    assert 1 - found.loc[23, "interval_high"] == pytest.approx(0.4482**theta, abs=2e-4)
    assert 1 - found.loc[23, "interval_low"] == pytest.approx(0.4482 ** (1 / theta), abs=2e-4)


def test_shares_and_errors_are_those_of_statsmodels_on_random_times() -> None:
    chance = np.random.default_rng(8)
    time = chance.integers(1, 12, 150)
    is_event = chance.random(150) < 0.6
    judge = SurvfuncRight(time, is_event)
    rows = [
        (int(t), int((is_event & (time == t)).sum()), int((~is_event & (time == t)).sum()), 0, 0)
        for t in sorted(set(time.tolist()))
    ]
    found = estimate(counts("first_improvement", *rows)).set_index("session_count")
    for t, survived, error, at_risk in zip(
        judge.surv_times, judge.surv_prob, judge.surv_prob_se, judge.n_risk, strict=True
    ):
        row = found.loc[int(t)]
        assert 1 - row["estimate"] == pytest.approx(survived)
        assert row["sample_size"] == at_risk
        if 0 < survived < 1:
            theta = np.exp(1.959964 * error / (survived * abs(np.log(survived))))
            assert 1 - row["interval_high"] == pytest.approx(survived**theta, abs=1e-6)


def test_where_nobody_or_everybody_improved_the_limits_stay_open_on_the_other_side() -> None:
    found = estimate(counts("first_improvement", (1, 0, 5, 0, 0), (2, 5, 0, 0, 0)))
    nobody, everybody = found.iloc[0], found.iloc[1]
    assert (nobody["estimate"], nobody["interval_low"]) == (0.0, 0.0)
    # Wilson, none of ten: z^2 / (n + z^2).
    assert nobody["interval_high"] == pytest.approx(3.8415 / 13.8415, abs=1e-4)
    assert (everybody["estimate"], everybody["interval_high"]) == (1.0, 1.0)
    assert everybody["interval_low"] == pytest.approx(1 - 3.8415 / 8.8415, abs=1e-4)


def test_forms_without_a_place_among_the_sessions_are_missing_and_not_at_risk() -> None:
    found = estimate(counts("first_improvement", (2, 1, 1, 0, 0), (None, 0, 4, 0, 0)))
    assert list(found["sample_size"]) == [2]
    assert list(found["missing_count"]) == [4]
    assert list(found["course_count"]) == [6]
    only = estimate(counts("first_improvement", (None, 0, 4, 0, 0)))
    assert list(only["status"]) == ["not_computable"]
    assert list(only["missing_count"]) == [4]


def test_a_rate_is_of_the_known_and_zero_is_a_number() -> None:
    found = estimate(counts("reliable_recovery", (1, 0, 4, 1, 2), (2, 0, 0, 1, 3)))
    one, two = found.iloc[0], found.iloc[1]
    assert one["metric_id"] == "reliable_recovery_of_known"
    assert (one["estimate"], one["sample_size"], one["missing_count"]) == (0.0, 4, 2)
    assert one["course_count"] == 4 + 1 + 2
    assert pd.isna(two["estimate"])
    assert (two["status"], two["missing_count"]) == ("not_computable", 3)


def test_barkham_falls_from_88_to_62_percent() -> None:
    # Barkham 2006 as in metrics.md 2.6: a fall by number of sessions is a negative correlation.
    rows = [(k, round(100 * (0.88 - 0.26 * (k - 1) / 11)), 0, 0, 0) for k in range(1, 13)]
    frame = counts("reliable_recovery", *[(k, n, 100 - n, 0, 0) for k, n, *_ in rows])
    found = estimate(frame).set_index("metric_id")
    assert found.loc["sessions_and_reliable_recovery", "estimate"] < -0.9
    assert found.loc["sessions_and_reliable_recovery", "sample_size"] == 12


def test_numbers_of_sessions_with_few_known_courses_are_not_ranked() -> None:
    rows = [(k, 3, 3, 0, 0) for k in range(1, 4)] + [(4, 2, 2, 0, 9)]
    found = estimate(counts("reliable_improvement", *rows)).iloc[-1]
    assert (found["status"], found["sample_size"], found["missing_count"]) == ("too_few", 3, 1)
    assert pd.isna(found["estimate"])
    flat = estimate(counts("reliable_improvement", *[(k, 3, 3, 0, 0) for k in range(1, 6)]))
    assert flat.iloc[-1]["status"] == "not_computable"


def test_the_interval_of_a_rank_correlation_is_that_of_bonett_and_wright() -> None:
    # By hand: rho .5 of 28; atanh .5493; error sqrt(1.125 / 25) = .21213; .5493 -+ .41577.
    low, high = dose_response.spearman_interval(0.5, 28)
    assert (round(low, 3), round(high, 3)) == (0.133, 0.747)
    assert dose_response.spearman_interval(-1.0, 9) == (-1.0, -1.0)


def planted(seed: int, *, leaves_when_better: bool) -> pd.DataFrame:
    """Courses of a clinic whose truth is known.

    Good-enough level: everybody improves at an own pace and leaves, planned, on getting there or
    after a last session by which the slow have seldom got there. Dose: length is fixed beforehand,
    and every session adds the same chance.
    """
    chance = np.random.default_rng(seed)
    having: Counter[int] = Counter()
    without: Counter[int] = Counter()
    for _ in range(4000):
        if leaves_when_better:
            need = 1 + chance.poisson(chance.gamma(2.0, 2.5))
            patience = int(chance.integers(6, 13))
            sessions, is_better = int(min(need, patience)), need <= patience
        else:
            sessions = int(chance.integers(1, 13))
            is_better = chance.random() < 1 - 0.88**sessions
        (having if is_better else without)[sessions] += 1
    return counts("reliable_improvement", *[(k, having[k], without[k], 0, 0) for k in range(1, 13)])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dose_and_good_enough_level_give_opposite_patterns(seed: int) -> None:
    dose = estimate(planted(seed, leaves_when_better=False)).iloc[-1]
    enough = estimate(planted(seed, leaves_when_better=True)).iloc[-1]
    assert dose["interval_low"] > 0.5
    assert enough["interval_high"] < -0.3
