"""The multilevel slopes are those of another library, and say when there are none.

What belongs here: ``statistics.multilevel`` on courses made here.
What does not: which class a slope is (dbt unit tests).
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from orchestration.statistics import multilevel

FLOOR = 20


def courses(seed: int, clients: int, slope_spread: float = 0.03) -> pd.DataFrame:
    """Scores over 100 days: own level, own slope, white noise, answers in whole points."""
    chance = np.random.default_rng(seed)
    rows = []
    for client in range(clients):
        days = np.sort(chance.uniform(0, 100, chance.integers(3, 9)))
        level, slope = chance.normal(15, 3), chance.normal(-0.05, slope_spread)
        scores = np.round(level + slope * days + chance.normal(0, 1.5, len(days)))
        rows += [(f"e{client:03}", day, score) for day, score in zip(days, scores, strict=True)]
    return pd.DataFrame(rows, columns=["episode_id", "day", "score"])


def moments(scores: pd.DataFrame, scale_id: str = "mood") -> pd.DataFrame:
    """The sums that SQL hands over."""
    products = scores.assign(
        day_square=scores["day"] ** 2,
        score_square=scores["score"] ** 2,
        product=scores["day"] * scores["score"],
    )
    return (
        products.groupby("episode_id")
        .agg(
            occasion_count=("day", "size"),
            moment_sum=("day", "sum"),
            moment_sum_squares=("day_square", "sum"),
            score_sum=("score", "sum"),
            score_sum_squares=("score_square", "sum"),
            moment_score_sum=("product", "sum"),
        )
        .reset_index()
        .assign(scale_id=scale_id)
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_slopes_and_their_uncertainty_are_those_of_statsmodels(seed: int) -> None:
    scores = courses(seed, 80)
    found = multilevel.estimate(moments(scores), minimum_clients=FLOOR)
    # statsmodels' optimiser needs time in numbers near 1; slopes are turned back to days.
    unit = scores["day"].std()
    scores["time"] = (scores["day"] - scores["day"].mean()) / unit
    fit = smf.mixedlm("score ~ time", scores, groups="episode_id", re_formula="~time").fit(
        reml=True, method=["lbfgs"]
    )
    deviations = np.array([one.iloc[1] for one in fit.random_effects.values()]) / unit
    errors = np.array([one.to_numpy()[1, 1] ** 0.5 for one in fit.random_effects_cov.values()])
    assert list(found["episode_id"]) == list(fit.random_effects)
    assert found["slope_deviation"].to_numpy(float) == pytest.approx(deviations, abs=2e-5)
    assert found["conditional_sd"].to_numpy(float) == pytest.approx(errors / unit, abs=2e-5)
    assert found["slope"].to_numpy(float) == pytest.approx(
        fit.fe_params["time"] / unit + deviations, abs=2e-5
    )
    index = found["reliable_change_index"].to_numpy(float)
    assert index == pytest.approx(deviations / (errors / unit), abs=2e-3)
    assert set(found["status"]) == {"estimated"}


def test_each_scale_has_a_model_of_its_own() -> None:
    one, other = moments(courses(1, 40), "mood"), moments(courses(2, 40), "care")
    together = multilevel.estimate(pd.concat([one, other]), minimum_clients=FLOOR)
    alone = multilevel.estimate(one, minimum_clients=FLOOR)
    mood = together[together["scale_id"] == "mood"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mood, alone)


def test_the_order_of_the_rows_changes_nothing() -> None:
    given = moments(courses(1, 40))
    mixed = given.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        multilevel.estimate(mixed, minimum_clients=FLOOR),
        multilevel.estimate(given, minimum_clients=FLOOR),
    )


def test_fewer_courses_than_the_floor_have_no_slope() -> None:
    found = multilevel.estimate(moments(courses(1, FLOOR - 1)), minimum_clients=FLOOR)
    assert set(found["status"]) == {"too_few"}
    assert found["reliable_change_index"].isna().all()


def test_parallel_courses_cannot_be_told_apart() -> None:
    # Everybody falls a point at each of four forms, from levels of their own: no spread of slopes.
    rows = [
        (f"e{client:02}", day, 20 + client % 5 - day + noise)
        for client in range(30)
        for day, noise in enumerate((0.5, -0.5, -0.5, 0.5))
    ]
    scores = pd.DataFrame(rows, columns=["episode_id", "day", "score"])
    found = multilevel.estimate(moments(scores), minimum_clients=FLOOR)
    assert set(found["status"]) == {"not_computable"}
    assert found[["slope", "reliable_change_index"]].isna().all(axis=None)


def test_a_scale_that_never_moves_is_not_computable() -> None:
    scores = courses(1, 30).assign(score=7.0)
    found = multilevel.estimate(moments(scores), minimum_clients=FLOOR)
    assert set(found["status"]) == {"not_computable"}


def test_no_course_is_no_estimate() -> None:
    empty = moments(courses(1, 1)).head(0)
    assert multilevel.estimate(empty, minimum_clients=FLOOR).empty


def test_a_missing_sum_is_named() -> None:
    with pytest.raises(ValueError, match="score_sum"):
        multilevel.estimate(moments(courses(1, 3)).drop(columns="score_sum"), minimum_clients=3)
