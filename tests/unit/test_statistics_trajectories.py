"""The expected trajectory is the least-squares curve of the other clients, and its band holds.

Judged by numpy's own least squares on the rows behind the sums, and by new clients drawn from
planted curves.
"""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from orchestration.statistics.trajectories import MEAN_NAMES, VARIANCE_NAMES, estimate

BAND = 0.8
POWERS = [each for each in product(range(3), range(4), range(5)) if any(each)]


def draw(seed: int, clients: int, curve: str = "log") -> pd.DataFrame:
    """Later scores of a PHQ-like scale; people differ in gain, and the scale ends at 0 and 27."""
    chance = np.random.default_rng(seed)
    level = chance.normal(15, 5, clients)
    gain = chance.normal(0.35, 0.35, clients) * level
    intake = np.clip(np.round(level + chance.normal(0, 2, clients)), 0, 27)
    client = np.repeat(np.arange(clients), chance.integers(2, 16, clients))
    day = 7.0 * (1 + pd.Series(client).groupby(client).cumcount().to_numpy())
    done = {
        "log": np.log1p(day) / np.log1p(112),
        "exponential": 1 - np.exp(-day / 21),
        "straight": day / 112,
        "late": (day / 112) ** 2,
    }[curve]
    score = level[client] - gain[client] * done + chance.normal(0, 2, len(client))
    return pd.DataFrame(
        {
            "client": client,
            "part": client % 8,
            "x": intake[client],
            "l": np.log1p(day),
            "day": day,
            "y": np.clip(np.round(score), 0, 27),
        }
    )


def moments(rows: pd.DataFrame) -> pd.DataFrame:
    """The sums that SQL hands over."""
    found = []
    for part, group in rows.groupby("part"):
        row: dict[str, Any] = {
            "program_id": "p",
            "scale_id": "mood",
            "client_part": part,
            "elapsed_reach": 70.0,
            "intake_minimum": 0.0,
            "intake_maximum": 27.0,
            "episode_count": group["client"].nunique(),
            "score_count": len(group),
        }
        y, x, log_time = (group[name].to_numpy() for name in ("y", "x", "l"))
        for a, b, c in POWERS:
            row[f"sum_{a}{b}{c}"] = (y**a * x**b * log_time**c).sum()
        found.append(row)
    return pd.DataFrame(found)


def fit(rows: pd.DataFrame, held_out_part: int = -1) -> pd.Series:
    """One fit of all that ``estimate`` gives."""
    made = estimate(moments(rows), minimum_courses=50, band=BAND)
    return made[made["held_out_part"] == held_out_part].iloc[0]


def least_squares(rows: pd.DataFrame) -> tuple[Any, Any]:
    """Both regressions from the rows themselves."""
    x, log_time, y = (rows[name].to_numpy() for name in ("x", "l", "y"))
    design = np.column_stack([np.ones(len(rows)), x, log_time, x * log_time])
    mean = np.linalg.lstsq(design, y, rcond=None)[0]
    squares = (y - design @ mean) ** 2
    spread = np.column_stack([np.ones(len(rows)), log_time, log_time**2, x])
    return mean, np.linalg.lstsq(spread, squares, rcond=None)[0]


def band(fitted: pd.Series, rows: pd.DataFrame) -> tuple[Any, Any]:
    """Both ends of the band, as the dictionary tells a reader to work them out."""
    a, b, c, d = (float(fitted[name]) for name in MEAN_NAMES)
    u, v, s, w = (float(fitted[name]) for name in VARIANCE_NAMES)
    expected = a + b * rows["x"] + (c + d * rows["x"]) * rows["l"]
    variance = u + v * rows["l"] + s * rows["l"] ** 2 + w * rows["x"]
    variance = np.maximum(variance, float(fitted["variance_minimum"]))
    half = float(fitted["band_multiplier"]) * np.sqrt(variance)
    return np.maximum(expected - half, 0), np.minimum(expected + half, 27)


def held(fitted: pd.Series, rows: pd.DataFrame) -> Any:
    """For each score, whether the band holds it."""
    low, high = band(fitted, rows)
    return (rows["y"] >= low) & (rows["y"] <= high)


@pytest.mark.parametrize("held_out_part", [-1, 0, 5])
def test_the_curve_and_the_variance_are_those_of_least_squares_on_the_other_clients(
    held_out_part: int,
) -> None:
    rows = draw(1, 120)
    fitted = fit(rows, held_out_part)
    others = rows[rows["part"] != held_out_part]
    mean, spread = least_squares(others)
    assert [fitted[name] for name in MEAN_NAMES] == pytest.approx(mean, rel=1e-7)
    assert [fitted[name] for name in VARIANCE_NAMES] == pytest.approx(spread, rel=1e-6)
    assert fitted["episode_count"] == others["client"].nunique()
    assert fitted["score_count"] == len(others)


def test_what_a_client_did_changes_no_trajectory_that_judges_the_client() -> None:
    rows = draw(2, 120)
    changed = rows.assign(y=np.where(rows["part"] == 3, 27 - rows["y"], rows["y"]))
    before, after = fit(rows, 3), fit(changed, 3)
    assert before.equals(after)
    assert not fit(rows, 4).equals(fit(changed, 4))


@pytest.mark.slow
@pytest.mark.parametrize("curve", ["log", "exponential", "straight", "late"])
@pytest.mark.parametrize("clients", [50, 400])
def test_the_band_holds_its_share_of_the_scores_of_new_clients(curve: str, clients: int) -> None:
    shares, early, late, low, high = [], [], [], [], []
    for seed in range(6):
        fitted = fit(draw(seed, clients, curve))
        new = draw(1000 + seed, 600, curve)
        inside = held(fitted, new)
        shares.append(inside.mean())
        early.append(inside[new["day"] <= 14].mean())
        late.append(inside[new["day"] > 49].mean())
        low.append(inside[new["x"] < 11].mean())
        high.append(inside[new["x"] > 18].mean())
    assert np.mean(shares) == pytest.approx(BAND, abs=0.03)
    # A wrong form of the curve costs a little at one end of time, never much.
    for part in (early, late, low, high):
        assert np.mean(part) == pytest.approx(BAND, abs=0.07)


@pytest.mark.slow
def test_with_a_planted_worsening_one_score_in_ten_is_no_longer_beyond_the_band() -> None:
    fitted = fit(draw(3, 400))
    new = draw(4, 600)
    _, high = band(fitted, new)
    as_usual = (new["y"] > high).mean()
    worse = (np.minimum(new["y"] + 5, 27) > high).mean()
    assert as_usual == pytest.approx(0.1, abs=0.03)
    assert worse > 3 * as_usual


def test_fewer_courses_than_the_floor_have_no_trajectory() -> None:
    made = estimate(moments(draw(1, 49)), minimum_courses=50, band=BAND)
    assert set(made["status"]) == {"too_few"}
    assert (
        made[[*MEAN_NAMES, *VARIANCE_NAMES, "variance_minimum", "band_multiplier"]]
        .isna()
        .all(axis=None)
    )
    assert set(estimate(moments(draw(1, 50)), minimum_courses=50, band=BAND)["status"]) == {
        "estimated"
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.assign(x=12.0),
        lambda rows: rows.assign(l=1.0),
        lambda rows: rows.assign(y=rows["x"] - rows["l"]),
    ],
    ids=["one first score", "one time", "nothing left over"],
)
def test_without_spread_nothing_is_made_up(change: Any) -> None:
    fitted = fit(change(draw(1, 80)))
    assert fitted["status"] == "not_computable"
    assert pd.isna(fitted["intercept"])
    assert pd.isna(fitted["band_multiplier"])


def test_the_order_of_the_rows_moves_nothing() -> None:
    given = moments(draw(5, 100))
    shuffled = given.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        estimate(given, minimum_courses=50, band=BAND),
        estimate(shuffled, minimum_courses=50, band=BAND),
    )


def test_no_rows_are_no_trajectories() -> None:
    made = estimate(moments(draw(1, 50)).iloc[:0], minimum_courses=50, band=BAND)
    assert len(made) == 0
    assert {"program_id", "held_out_part", "intercept", "status"} <= set(made.columns)


def test_a_missing_column_or_an_impossible_band_is_refused_by_name() -> None:
    given = moments(draw(1, 50))
    with pytest.raises(ValueError, match="sum_111"):
        estimate(given.drop(columns="sum_111"), minimum_courses=50, band=BAND)
    with pytest.raises(ValueError, match="band is a proportion"):
        estimate(given, minimum_courses=50, band=1.0)
