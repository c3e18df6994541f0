"""The sums of the link over time that the SQL makes are those that numpy makes of the same clinic.

What belongs here: panels, waves, early change and mediation of two fixed clinics, one with clients
who come twice.
What does not: estimating (tests/unit) or what R finds (tests/integration).
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from orchestration.settings import Settings
from orchestration.statistics import cross_lagged, early_change, mediation, within_models
from orchestration.statistics.block_sums import product_names
from tests.oracle import panel_mirror
from tests.oracle.random_clinics import Clinic, raw
from tests.oracle.random_trials import trial
from tests.oracle.test_relations_third_judge import stated
from tests.sql_harness import SqlScout, sql_scout

PAIR = {
    "stratum_kind": "all",
    "stratum_id": "all",
    "process_scale_id": "process_total",
    "outcome_scale_id": "outcome_total",
}
Built = tuple[Clinic, dict[str, pd.DataFrame]]
TABLES = (
    "int_stratum_blocks",
    "int_panel_sums",
    "int_wave_sums",
    "int_early_change_sums",
    "int_mediation_sums",
)


@pytest.fixture(scope="module")
def clinic() -> Built:
    """One clinic of 40 clients by days, some of whom come twice, and the sums of it."""
    made = trial(20, 40, 8, clock="days", steps="tenths", noise=1.0)
    scout: SqlScout = sql_scout().build(raw(made), made.local)
    return made, {name: scout.frame(f"relations.{name}") for name in TABLES}


def of_pair(frame: pd.DataFrame, **keys: str) -> pd.DataFrame:
    for column, value in (PAIR | keys).items():
        if column in frame.columns:
            frame = frame[frame[column] == value]
    return frame


def scores(made: Clinic) -> pd.DataFrame:
    """A row per episode and day with both scores where both were given, in order."""
    first = stated(made).drop_duplicates(["episode", "day", "scale"])
    wide = first.pivot(index=["client", "episode", "day"], columns="scale", values="score")
    wide = wide.rename(columns={"process_total": "x", "outcome_total": "y"})
    return wide.reset_index().sort_values(["episode", "day"], ignore_index=True)


def test_sums_over_lengths_are_those_of_numpy(clinic: Built) -> None:
    made, tables = clinic
    panel = scores(made).dropna()
    x, y = panel_mirror.left_filled(panel, ("x", "y"), "episode")
    expected = panel_mirror.panel_sums(x, y)
    expected = expected[expected["part"] == "length"].set_index("part_number").sort_index()
    found = of_pair(tables["int_panel_sums"], part="length")
    found = found[found["part"] == "length"].set_index("part_number").sort_index()
    assert list(found.index) == list(expected.index)
    for name in within_models.SUMS:
        if name not in within_models.INSTRUMENTED:
            assert found[name].to_numpy(float) == pytest.approx(expected[name], rel=1e-9, abs=1e-7)


def test_sums_over_blocks_are_those_of_numpy(clinic: Built) -> None:
    made, tables = clinic
    panel = scores(made).dropna()
    x, y = panel_mirror.left_filled(panel, ("x", "y"), "episode")
    expected = panel_mirror.panel_sums(x, y)
    expected = expected[expected["part"] == "block"]
    found = of_pair(tables["int_panel_sums"], part="block")
    found = found[found["part"] == "block"]
    for name in (*product_names("lagged", within_models.LAGGED), *within_models.INSTRUMENTED):
        assert found[name].sum() == pytest.approx(expected[name].sum(), rel=1e-9, abs=1e-7)


def test_blocks_are_clients_even_where_one_comes_twice(clinic: Built) -> None:
    made, tables = clinic
    panel = scores(made).dropna()
    panel["k"] = panel.groupby("episode").cumcount() + 1
    for name in ("x", "y"):
        panel[f"{name}b"] = panel.groupby("episode")[name].shift()
    rows = panel[(panel.groupby("episode")["k"].transform("size") >= 3) & (panel["k"] > 1)]
    assert rows["client"].nunique() < rows["episode"].nunique()
    columns = ["xb", "yb", "k", "y"]
    centred = rows[columns] - rows.groupby("episode")[columns].transform("mean")
    fit = sm.OLS(centred["y"], centred[columns[:3]]).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["client"])[0]}, use_t=True
    )
    result = within_models.estimate(
        of_pair(tables["int_panel_sums"]), minimum_clients=2, minimum_clients_lagged=2
    )
    row = result.set_index(["direction", "model"]).loc[("process_to_outcome", "fixed_effects")]
    assert row.client_count == rows["client"].nunique()
    assert row.within_slope == pytest.approx(fit.params["xb"], rel=1e-7)
    assert row.standard_error == pytest.approx(fit.bse["xb"], rel=1e-7)


def test_wave_sums_are_those_of_each_clients_longest_episode(clinic: Built) -> None:
    made, tables = clinic
    panel = scores(made).dropna()
    lengths = panel.groupby(["client", "episode"]).size().reset_index(name="length")
    lengths = lengths.sort_values(["client", "length", "episode"], ascending=[True, False, True])
    longest = lengths.drop_duplicates("client")["episode"]
    panel = panel[panel["episode"].isin(longest)]
    expected = panel_mirror.wave_sums(*panel_mirror.left_filled(panel, ("x", "y"), "episode"))
    found = of_pair(tables["int_wave_sums"]).sort_values("wave_count")
    for name in cross_lagged.SUMS:
        assert found[name].to_numpy(float) == pytest.approx(
            expected[name].to_numpy(float), rel=1e-9, nan_ok=True
        )


@pytest.mark.parametrize("direction", ["process_to_outcome", "outcome_to_process"])
def test_early_change_is_that_of_numpy(clinic: Built, direction: str) -> None:
    made, tables = clinic
    policy = Settings.from_environment().policy
    window = (float(policy.early_change_first_day), float(policy.early_change_last_day))
    expected = dict.fromkeys((*early_change.TIMED, *early_change.SLOPED), 0.0)
    for _, rows in stated(made).groupby("episode"):
        sides = {}
        for scale in ("process_total", "outcome_total"):
            own = rows[rows["scale"] == scale]
            sides[scale] = (own["day"].to_numpy(float), own["score"].to_numpy(float))
        names = ("process_total", "outcome_total")
        predictor, response = names if direction == "process_to_outcome" else names[::-1]
        row = _course(sides[predictor], sides[response], window)
        for name, value in row.items():
            expected[name] += value
    found = of_pair(tables["int_early_change_sums"], direction=direction)
    if not any(expected.values()):
        assert len(found) == 0
        return
    for name, value in expected.items():
        assert found[name].sum() == pytest.approx(value, rel=1e-9, abs=1e-9)


def _course(
    predictor: tuple[np.ndarray, np.ndarray],
    response: tuple[np.ndarray, np.ndarray],
    window: tuple[float, float],
) -> dict[str, float]:
    """What one episode adds to the sums, by least squares on its later scores."""
    changes = []
    for day, score in (predictor, response):
        since = day - day[0] if len(day) else day
        early = (since >= window[0]) & (since <= window[1])
        if not early.any():
            return {}
        changes.append(score[early][-1] - score[0])
    day, score = response
    later = day - day[0] > window[1]
    if later.sum() < 3 or len(set(day[later])) < 2:
        return {}
    weeks = day[later] / 7
    squares = float(((weeks - weeks.mean()) ** 2).sum())
    slope = float(np.polyfit(weeks, score[later], 1)[0])
    w = [1.0, changes[0], changes[1], score[0]]
    names = early_change.PREDICTORS
    found = {f"sloped_{names[i]}": slope * squares * w[i] for i in range(4)}
    for i in range(4):
        for j in range(i, 4):
            found[f"timed_{names[i]}_{names[j]}"] = squares * w[i] * w[j]
    return found


@pytest.mark.parametrize("window", mediation.WINDOWS)
def test_mediation_over_time_is_that_of_numpy(clinic: Built, window: str) -> None:
    made, tables = clinic
    courses = []
    for _, rows in stated(made).groupby("episode"):
        ends = []
        for scale in ("process_total", "outcome_total"):
            own = rows[rows["scale"] == scale]
            ends.append((own["day"].to_numpy(float), own["score"].to_numpy(float)))
        fewest = 3 if window == "middle_then_last" else 2
        if min(len(day) for day, _ in ends) < fewest:
            continue
        middles = [(len(day) + 1) // 2 - 1 for day, _ in ends]
        (m_day, m), (y_day, y) = ends
        is_ordered = m_day[middles[0]] < y_day[-1] and y_day[middles[1]] < m_day[-1]
        if window == "middle_then_last" and not is_ordered:
            continue
        courses.append(([m[0], m[middles[0]], m[-1]], [y[0], y[middles[1]], y[-1]]))
    mediator, outcome = (np.array(side) for side in zip(*courses, strict=True))
    expected = panel_mirror.mediation_sums(mediator, outcome, kind="time", window=window)
    found = tables["int_mediation_sums"]
    found = found[
        (found["stratum_kind"] == "all")
        & (found["cause_kind"] == "time")
        & (found["mediator_scale_id"] == "process_total")
        & (found["outcome_scale_id"] == "outcome_total")
        & (found["window_name"] == window)
    ]
    assert len(found) > 10
    for name in mediation.SUMS:
        assert found[name].sum() == pytest.approx(expected[name].sum(), rel=1e-9, abs=1e-9)
