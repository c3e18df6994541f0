"""The link of change with change on the positive-psychology trial, beside statsmodels and pingouin.

What belongs here: estimators of ``rel_`` tables through the whole job, judged on the file itself.
What does not: the scores and single associations of the trial (``test_real_trial``).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep

from orchestration.statistics import components, pooling
from tests.helpers import Built, shared_lines
from tests.link_frames import product_frame, stratum_frame

FILE = ("pospsy", "posPsy_AHI_CESD_original.csv")
PAIR = (
    "stratum_kind = 'program' and stratum_id = 'pospsy' and process_scale_id = 'ahi_total' "
    "and outcome_scale_id = 'cesd_total'"
)
CLOSE = {"rel": 1e-6, "abs": 1e-9}


@pytest.fixture(scope="module")
def courses(real_home: Built) -> pd.DataFrame:
    """One row per client: first and last totals, and change where there are two moments."""
    lines = pd.DataFrame(shared_lines(*FILE))
    lines["day"] = lines["elapsed.days"].astype(float)
    lines = lines.sort_values("day", kind="stable")
    numbers = lines[[name for name in lines if name.startswith(("ahi", "cesd"))]].astype(float)
    for part in range(6):
        items = [f"ahi{item:02d}" for item in range(4 * part + 1, 4 * part + 5)]
        numbers[f"part_{part}"] = numbers[items].sum(axis=1)
    numbers["arm"] = lines["intervention"]
    by_client = numbers.groupby(lines["id"])
    first, last = by_client.first(), by_client.last()
    wide = first.add_suffix("_first").join(last.add_suffix("_last"))
    wide["has_two"] = by_client.size() > 1
    for name in ("ahiTotal", "cesdTotal", *(f"part_{part}" for part in range(6))):
        change = wide[f"{name}_last"] - wide[f"{name}_first"]
        wide[f"{name}_change"] = change.where(wide["has_two"])
    return wide


def row(home: Built, table: str, columns: str, where: str) -> Sequence[Any]:
    (found,) = home.evaluation(f"select {columns} from marts.{table} where {PAIR} and {where}")
    return found


def test_every_sensitivity_analysis_is_that_of_statsmodels(
    real_home: Built, courses: pd.DataFrame
) -> None:
    paired = courses[courses["has_two"]]
    baselines = ["ahiTotal_first", "cesdTotal_first"]
    stayed = courses["has_two"].astype(float)
    chance = sm.Logit(stayed, sm.add_constant(courses[baselines])).fit(disp=0, tol=1e-12)
    weights = stayed.mean() / chance.predict()[courses["has_two"]]
    weights = np.minimum(weights, np.quantile(weights, 0.99))
    for analysis, (names, weight) in {
        "all_available": ([], 1.0),
        "given_both_baselines": (baselines, 1.0),
        "dropout_weighted": ([], weights),
    }.items():
        design = sm.add_constant(paired[["ahiTotal_change", *names]])
        fit = sm.WLS(paired["cesdTotal_change"], design, weight).fit(cov_type="HC3", use_t=True)
        expected = (fit.params.iloc[1], *fit.conf_int().iloc[1], len(paired))
        found = row(
            real_home,
            "rel_sensitivity",
            "estimate, interval_low, interval_high, sample_size",
            f"analysis = '{analysis}'",
        )
        assert found == pytest.approx(expected, **CLOSE), analysis
    ended = row(real_home, "rel_sensitivity", "status", "analysis = 'completers_only'")
    assert ended == ("not_computable",)  # the file tells of no endings


def test_the_interaction_with_the_baseline_is_that_of_statsmodels(
    real_home: Built, courses: pd.DataFrame
) -> None:
    paired = courses[courses["has_two"]]
    x, m = paired["ahiTotal_change"], paired["ahiTotal_first"]
    for level, step in {"minus_one_sd": -1, "mean": 0, "plus_one_sd": 1}.items():
        centred = m - (m.mean() + step * m.std())
        design = np.column_stack([np.ones(len(x)), x, centred, x * centred])
        fit = sm.OLS(paired["cesdTotal_change"].to_numpy(), design)
        fit = fit.fit(cov_type="HC3", use_t=True)
        for name, place in ((level, 1), ("interaction", 3)):
            found = row(
                real_home,
                "rel_moderation",
                "estimate, interval_low, interval_high, p_value",
                f"moderator_id = 'ahi_total' and moderator_level = '{name}'",
            )
            expected = (fit.params[place], *fit.conf_int()[place], fit.pvalues[place])
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-8), name


def test_concordance_is_that_of_a_cross_table_and_statsmodels(
    real_home: Built, courses: pd.DataFrame
) -> None:
    found = real_home.evaluation(
        "select client_id, scale_id, reliable_change_class from marts.fct_changes "
        "where program_id = 'pospsy' and interval_name = 'first_to_last'"
    )
    classes = pd.DataFrame(found, columns=["client", "scale", "word"])
    wide = classes.pivot(index="client", columns="scale", values="word").fillna("unknown")
    table = pd.crosstab(wide["ahi_total"], wide["cesd_total"])
    cells = {
        f"{process}_{outcome}_count": int(table[outcome].get(process, 0))
        for process in ("improved", "unchanged", "deteriorated", "unknown")
        for outcome in ("improved", "unchanged", "deteriorated", "unknown")
        if outcome in table
    }
    stored = row(real_home, "rel_concordance", ", ".join(cells), "true")
    assert dict(zip(cells, stored, strict=True)) == cells
    clients, status, *estimate = row(
        real_home,
        "rel_concordance",
        "client_count, status, estimate, interval_low, interval_high",
        "true",
    )
    assert clients == len(courses)
    known = wide[(wide != "unknown").all(axis=1)]
    if known.empty:  # no published rule for the happiness scale: all is unknown, and says so
        assert status == "too_few"
        return
    better = known["ahi_total"] == "improved"
    hits = (known["cesd_total"] == "improved").groupby(better).agg(["sum", "size"])
    (x2, n2), (x1, n1) = hits.loc[False], hits.loc[True]
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", correction=False)
    assert estimate == pytest.approx([x1 / n1 - x2 / n2, low, high], **CLOSE)


def test_each_association_has_the_intervals_of_pingouin(
    real_home: Built, courses: pd.DataFrame
) -> None:
    paired = courses[courses["has_two"]]
    judge = pingouin.corr(paired["ahiTotal_change"], paired["cesdTotal_change"]).iloc[0]
    partial = pingouin.partial_corr(
        paired,
        "ahiTotal_last",
        "cesdTotal_last",
        covar=["ahiTotal_first", "cesdTotal_first"],
    ).iloc[0]
    size, r, partial_r = row(
        real_home,
        "rel_change_associations",
        "sample_size, pearson_r, partial_r",
        "interval_name = 'first_to_last'",
    )
    assert (size, r) == pytest.approx((judge["n"], judge["r"]), **CLOSE)
    assert partial_r == pytest.approx(partial["r"], **CLOSE)


def test_a_regression_on_parcels_of_items_is_that_of_pingouin(courses: pd.DataFrame) -> None:
    paired = courses[courses["has_two"]]
    names = [f"part_{part}_change" for part in range(6)]
    x, y = paired[names].to_numpy(), paired["cesdTotal_change"].to_numpy()
    found = components.estimate(
        product_frame(x, y), minimum_pairs=20, minimum_cases_per_predictor=10
    )
    judge = pingouin.linear_regression(x, y, as_dataframe=True).iloc[1:]
    assert list(found["slope"]) == pytest.approx(list(judge["coef"]), **CLOSE)
    low, high = (
        next(c for c in judge if c.startswith("CI") and c.endswith(e)) for e in ("2.5", "97.5")
    )
    assert list(found["slope_interval_low"]) == pytest.approx(list(judge[low]), **CLOSE)
    assert list(found["slope_interval_high"]) == pytest.approx(list(judge[high]), **CLOSE)
    assert found["relative_weight"].sum() == pytest.approx(judge["r2"].iloc[0], **CLOSE)


def test_the_pool_of_the_four_arms_is_that_of_statsmodels(courses: pd.DataFrame) -> None:
    paired = courses[courses["has_two"]]
    arms = [arm for _, arm in paired.groupby("arm_first")]
    r = np.array([arm["ahiTotal_change"].corr(arm["cesdTotal_change"]) for arm in arms])
    n = np.array([len(arm) for arm in arms])
    found = pooling.estimate(
        stratum_frame(r, n), pooled_over=("program",), interval_names=("first_to_last",)
    ).iloc[0]
    judge = combine_effects(np.arctanh(r), 1 / (n - 3), method_re="dl")
    mean = np.arctanh(found.dersimonian_laird_estimate)
    assert mean == pytest.approx(judge.mean_effect_re, **CLOSE)
    assert found.dersimonian_laird_tau_squared == pytest.approx(judge.tau2, **CLOSE)
    assert found.heterogeneity_q == pytest.approx(judge.q, **CLOSE)
    iterated = combine_effects(np.arctanh(r), 1 / (n - 3), method_re="iterated", use_t=True)
    assert np.arctanh(found.estimate) == pytest.approx(iterated.mean_effect_re, rel=1e-5)
    half = (np.arctanh(found.interval_high) - np.arctanh(found.interval_low)) / 2
    assert half > 0
