"""scipy and statsmodels, on the scores as handed in, find what Scout finds for one fixed clinic.

What belongs here: the published estimators as others wrote them, beside the SQL and the statistics.
What does not: the naive engine and random clinics (``test_relations_agree``).
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from orchestration.statistics import associations, within_person
from tests.oracle.random_clinics import Clinic, raw
from tests.oracle.random_trials import trial
from tests.sql_harness import sql_scout

DIRECTIONS = ("concurrent", "process_to_outcome", "outcome_to_process")
PAIR = ("all", "all", "process_total", "outcome_total")

Estimates = dict[tuple[Any, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def fixed() -> tuple[Clinic, Estimates, Estimates]:
    """One clinic of 40 clients by days, with what Scout says of change and of slopes."""
    clinic = trial(20, 40, 8, clock="days", steps="tenths", noise=1.0)
    scout = sql_scout().build(raw(clinic), clinic.local)
    changes = associations.estimate(
        scout.frame("relations.int_change_association_moments"), minimum_pairs=4
    )
    slopes = within_person.estimate(
        scout.frame("relations.int_within_person_moments"),
        minimum_clients=2,
        minimum_clients_lagged=2,
    )
    return clinic, keyed(changes, associations.KEYS), keyed(slopes, within_person.KEYS)


def keyed(frame: pd.DataFrame, keys: tuple[str, ...]) -> Estimates:
    return {tuple(row[key] for key in keys): row for row in frame.to_dict("records")}


def stated(clinic: Clinic) -> pd.DataFrame:
    """Every known score of the two totals in order of day, by pandas alone."""
    rows = [
        (form.client_id, form.episode_id, form.day, form.key, scale_id, score)
        for form in clinic.forms
        for scale_id, score in form.stated.items()
        if score is not None and scale_id in ("process_total", "outcome_total")
    ]
    columns = ["client", "episode", "day", "key", "scale", "score"]
    return pd.DataFrame(rows, columns=columns).sort_values(["day", "key"])


@pytest.mark.parametrize("is_adjusted", [False, True])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_statsmodels_finds_the_same_within_person_slope_and_interval(
    fixed: tuple[Clinic, Estimates, Estimates], direction: str, is_adjusted: bool
) -> None:
    clinic, _, slopes = fixed
    first = stated(clinic).drop_duplicates(["episode", "day", "scale"])
    wide = first.pivot(index=["client", "episode", "day"], columns="scale", values="score")
    frame = wide.dropna().sort_index().reset_index()
    frame = frame.rename(columns={"process_total": "x", "outcome_total": "y"})
    if direction == "outcome_to_process":
        frame = frame.rename(columns={"x": "y", "y": "x"})
    if direction != "concurrent":
        frame["x"] = frame.groupby("episode")["x"].shift()
    frame = frame.dropna()
    frame = frame[frame.groupby("episode")["x"].transform("size") >= 2]
    columns = ["x", "y", "day"]
    centred = frame[columns] - frame.groupby("episode")[columns].transform("mean")
    fit = sm.OLS(centred["y"], centred[["x", "day"] if is_adjusted else ["x"]]).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(frame["client"])[0]}, use_t=True
    )
    found = slopes[(*PAIR, direction, is_adjusted)]
    assert found["occasion_count"] == len(frame)
    assert found["client_count"] == frame["client"].nunique()
    assert found["client_count"] < frame["episode"].nunique()  # some came twice
    assert found["within_slope"] == pytest.approx(fit.params["x"])
    assert found["standard_error"] == pytest.approx(fit.bse["x"])
    interval = (found["interval_low"], found["interval_high"])
    assert interval == pytest.approx(tuple(fit.conf_int().loc["x"]))


def test_scipy_and_statsmodels_find_the_same_association_of_change(
    fixed: tuple[Clinic, Estimates, Estimates],
) -> None:
    clinic, changes, _ = fixed
    ends = stated(clinic).groupby(["episode", "scale"])["score"].agg(["first", "last", "size"])
    both = ends.query("size > 1")[["first", "last"]].unstack("scale")
    both.columns = [f"{scale[0]}_{end}" for end, scale in both.columns]  # p_first ... o_last
    # Clients are the units: of two episodes the first counts that has the process twice.
    both["client"] = stated(clinic).drop_duplicates("episode").set_index("episode")["client"]
    both["is_unmeasured"] = both["p_last"].isna()
    both = both.sort_values(["is_unmeasured", "episode"])
    assert both["client"].duplicated().any()
    both = both.drop_duplicates("client").dropna()
    # Scores have one decimal: rounding makes equal changes equal again.
    process = (both["p_last"] - both["p_first"]).round(6)
    outcome = (both["o_last"] - both["o_first"]).round(6)
    assert process.duplicated().any()

    found = changes[(*PAIR, "first_to_last")]
    pearson = stats.pearsonr(process, outcome)
    assert found["sample_size"] == len(both)
    assert found["pearson_r"] == pytest.approx(pearson.statistic)
    fisher_limits = tuple(pearson.confidence_interval(0.95))
    assert (found["interval_low"], found["interval_high"]) == pytest.approx(fisher_limits)
    assert found["spearman_rho"] == pytest.approx(stats.spearmanr(process, outcome).statistic)

    line = stats.linregress(process, outcome)
    half = stats.t.ppf(0.975, len(both) - 2) * line.stderr
    assert found["slope"] == pytest.approx(line.slope)
    limits = (found["slope_interval_low"], found["slope_interval_high"])
    assert limits == pytest.approx((line.slope - half, line.slope + half))

    def left_of(final: str, *baselines: str) -> np.ndarray:
        return sm.OLS(both[final], sm.add_constant(both[list(baselines)])).fit().resid

    baselines = ("p_first", "o_first")
    partial = np.corrcoef(left_of("p_last", *baselines), left_of("o_last", *baselines))[0, 1]
    own = np.corrcoef(left_of("p_last", "p_first"), left_of("o_last", "o_first"))[0, 1]
    assert found["partial_r"] == pytest.approx(partial)
    assert found["residualised_r"] == pytest.approx(own)
