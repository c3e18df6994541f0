"""The case-mix model is the textbook's, and it takes from the funnel what the case mix put there.

What belongs here: ``statistics.case_mix`` and the adjusted funnel, judged by statsmodels and by
clinics whose true effect is known.
What does not: what is known at the start (dbt unit tests), raw limits (``test_statistics_funnel``).
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from orchestration.statistics import case_mix, funnel, program_outcomes

METRICS = funnel.METRICS
COURSES = 400


def cell(**changed: Any) -> dict[str, Any]:
    """One course that did not recover, unless ``changed`` says so."""
    counts = dict.fromkeys(program_outcomes.COUNTS, 0)
    counts |= {"course_count": 1, "at_caseness_count": 1, "not_recovered_count": 1}
    return {
        "program_id": "p",
        "population": "courses",
        "threshold_set": "s",
        "year": "2024",
        "clinic": "a",
        "clinician": "unknown",
        "condition_set": "none",
        "age_band": "unknown",
        "has_earlier_episode": "no",
        "first_severity": 0.0,
        "second_severity": None,
        **counts,
        **changed,
    }


def recovered(has_it: bool) -> dict[str, int]:
    """The counts of a course that recovered or did not."""
    return {"recovered_count": int(has_it), "not_recovered_count": int(not has_it)}


def clinics(seed: int, severity: dict[str, float], effect: dict[str, float]) -> pd.DataFrame:
    """Clinics of equal size: how ill people come, and what the clinic does beside it (logits)."""
    chance = np.random.default_rng(seed)
    cells = []
    for clinic, mean in severity.items():
        ill = chance.normal(mean, 1, COURSES).round(2)
        logit = 0.2 - 1.0 * ill + effect.get(clinic, 0.0)
        better = chance.random(COURSES) < 1 / (1 + np.exp(-logit))
        cells += [
            cell(clinic=clinic, first_severity=float(value), **recovered(bool(has_it)))
            for value, has_it in zip(ill, better, strict=True)
        ]
    return pd.DataFrame(cells)


def compare(cells: pd.DataFrame) -> pd.DataFrame:
    """Both funnels of recovery over the clinics of program p, by clinic and adjustment."""
    units = cells.groupby("clinic")[["recovered_count", "course_count"]].sum().reset_index()
    rows = pd.DataFrame(
        {
            "program_id": "p",
            "unit_kind": "clinic",
            "unit_id": units["clinic"],
            "period_kind": "all",
            "period": "all",
            "population": "courses",
            "threshold_set": "s",
            "metric_id": "recovery",
            "numerator_count": units["recovered_count"],
            "sample_size": units["course_count"],
        }
    )
    awaited = case_mix.expected(cells, metrics=("recovery",), minimum_courses=50)
    both = pd.concat([funnel.raw(rows), funnel.case_mix(rows, awaited)], ignore_index=True)
    return funnel.limits(both).set_index(["unit_id", "adjustment"])


def test_without_a_prior_the_slopes_are_those_of_statsmodels() -> None:
    chance = np.random.default_rng(5)
    matrix = np.column_stack([np.ones(200), chance.normal(size=200), chance.integers(0, 2, 200)])
    total = chance.integers(1, 9, 200).astype(float)
    having = chance.binomial(total.astype(int), 1 / (1 + np.exp(-matrix @ [0.5, -1, 0.7]))).astype(
        float
    )
    judge = sm.GLM(
        np.column_stack([having, total - having]), matrix, family=sm.families.Binomial()
    ).fit()
    found = case_mix.fit(matrix, having, total, penalty=0.0)
    assert found == pytest.approx(judge.params, abs=1e-6)
    # Among hundreds of courses the prior is nothing to speak of.
    assert case_mix.fit(matrix, having, total) == pytest.approx(judge.params, abs=0.01)


def test_a_value_that_all_recovered_with_does_not_run_off_to_infinity() -> None:
    matrix = np.column_stack([np.ones(40), np.repeat([0.0, 1.0], 20)])
    having = np.concatenate([np.tile([0.0, 1.0], 10), np.ones(20)])
    slopes = case_mix.fit(matrix, having, np.ones(40))
    assert np.isfinite(slopes).all()
    assert 1 < slopes[1] < 10


@pytest.mark.slow
def test_equal_clinics_with_other_people_stand_out_raw_and_not_adjusted() -> None:
    mixes = {"light": -0.8, "heavy": 0.8, "c": 0.0, "d": 0.0, "e": 0.0}
    positions = []
    for seed in range(5):
        found = compare(clinics(seed, mixes, {}))
        assert found.loc[("light", "none"), "position"] == "above_998"
        assert found.loc[("heavy", "none"), "position"] == "below_998"
        positions += list(found.xs("case_mix", level="adjustment")["position"])
    # One unit in twenty lies beyond the 95 % limits by chance, one in five hundred beyond 99.8 %.
    assert positions.count("within") >= len(positions) - 3
    assert not {"above_998", "below_998"} & set(positions)


def test_a_truly_better_clinic_stands_out_adjusted_too() -> None:
    mixes = {"better": 0.8, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}
    found = compare(clinics(2, mixes, {"better": 0.9}))
    # It sees the illest, so its raw rate is nothing to look at.
    assert found.loc[("better", "none"), "position"] == "within"
    assert found.loc[("better", "case_mix"), "position"] == "above_998"
    assert found.loc[("better", "case_mix"), "observed_to_expected"] > 1.1


def test_expected_sums_to_observed_and_never_knows_the_unit() -> None:
    cells = clinics(3, {"a": -1.0, "b": 0.0, "c": 1.0}, {"a": 1.0})
    awaited = case_mix.expected(cells, metrics=("recovery",), minimum_courses=50)
    mine = awaited[(awaited["unit_kind"] == "clinic") & (awaited["program_id"] == "p")]
    mine = mine[mine["period_kind"] == "all"]
    assert mine["expected_count"].sum() == pytest.approx(cells["recovered_count"].sum(), abs=1e-4)
    assert set(mine["adjusted_for"]) == {"first_severity"}
    # Another name for each clinic changes nothing but the names.
    renamed = cells.assign(clinic=cells["clinic"].map({"a": "z", "b": "y", "c": "x"}))
    other = case_mix.expected(renamed, metrics=("recovery",), minimum_courses=50)
    other = other[(other["unit_kind"] == "clinic") & (other["program_id"] == "p")]
    assert sorted(other[other["period_kind"] == "all"]["expected_count"]) == pytest.approx(
        sorted(mine["expected_count"])
    )


def test_without_anything_to_adjust_for_the_adjusted_funnel_says_so() -> None:
    found = compare(clinics(4, {"a": 0.0, "b": 0.0, "c": 0.0}, {}).assign(first_severity=None))
    adjusted = found.xs("case_mix", level="adjustment")
    assert set(adjusted["status"]) == {"not_computable"}
    assert adjusted["estimate"].isna().all()
    assert set(found.xs("none", level="adjustment")["status"]) == {"estimated"}


def test_few_courses_and_outcomes_that_all_or_none_had_make_no_model() -> None:
    few = [cell(first_severity=float(n % 5), **recovered(n % 2 == 0)) for n in range(20)]
    found = case_mix.expected(pd.DataFrame(few), metrics=METRICS, minimum_courses=50)
    assert set(found["model_status"]) == {"too_few"}
    none = [cell(first_severity=float(n % 5)) for n in range(60)]
    found = case_mix.expected(pd.DataFrame(none), metrics=("recovery",), minimum_courses=50)
    assert set(found["model_status"]) == {"not_computable"}
    assert found["expected_count"].isna().all()


def test_rare_values_share_a_term_and_an_unknown_score_is_a_value() -> None:
    cells = pd.DataFrame(
        [cell(condition_set=f"rare {n}") for n in range(6)]
        + [cell(condition_set="usual", first_severity=None) for _ in range(30)]
        + [cell(condition_set="other usual", first_severity=1.0) for _ in range(20)]
    )
    made = case_mix.design(cells, np.ones(len(cells)))
    assert made.adjusted_for == ("first_severity", "condition_set")
    # 1, the score, whether it is missing, and two groups of conditions beside the commonest.
    assert made.matrix.shape == (56, 5)


def test_where_all_chances_are_alike_a_rate_weighs_its_courses() -> None:
    rows = pd.DataFrame(
        [
            dict.fromkeys(funnel.KEYS, "x")
            | {"unit_id": unit, "numerator_count": count, "sample_size": total}
            for unit, count, total in (("a", 4, 10), ("b", 9, 20), ("c", 2, 20))
        ]
    )
    chance = 15 / 50
    awaited = rows[list(funnel.KEYS)].assign(
        expected_count=rows["sample_size"] * chance,
        expected_variance=rows["sample_size"] * chance * (1 - chance),
        model_status="estimated",
        adjusted_for="first_severity",
    )
    found = funnel.case_mix(rows, awaited)
    assert list(found["weight"]) == pytest.approx([10, 20, 20])
    assert list(found["rate"]) == pytest.approx([0.4, 0.45, 0.1])
