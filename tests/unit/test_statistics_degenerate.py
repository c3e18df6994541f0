"""Whatever is wrong with its input, an estimator of the link gives a status: no NaN, no crash.

One test over all estimators and all kinds of degenerate input. Each recipe makes the estimates of
people whose scores it is given; what a status must be is said beside the input.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from orchestration.statistics import (
    associations,
    components,
    concordance,
    delivery,
    moderation,
    pooling,
    practice,
    sensitivity,
)
from tests.link_frames import covariates, link_frame, product_frame, stratum_frame
from tests.oracle.naive_relations import Pair, change_moments

COUNT = 60
PARTS = 3
WORDS = {"estimated", "too_few", "not_computable"}


class People:
    """Process parts (the first is the total), outcome and covariate of each person."""

    def __init__(self, count: int = COUNT) -> None:
        random = np.random.default_rng(1)
        self.parts = random.normal(0, 1, (count, PARTS))
        self.outcome = self.parts @ [0.5, 0.2, 0.1] + random.normal(0, 1, count)
        self.covariate = random.normal(5, 1, count)
        self.baseline = random.normal(3, 1, count)

    def rows(self) -> pd.DataFrame:
        return link_frame(len(self.outcome)).assign(
            process_baseline=self.baseline,
            process_change=self.parts[:, 0],
            outcome_baseline=self.baseline[::-1],
            outcome_change=self.outcome,
        )


def _associations(people: People) -> pd.DataFrame:
    known = np.isfinite(people.parts[:, 0]) & np.isfinite(people.outcome)
    pairs = [
        Pair(float(b), float(b + x), float(b), float(b + y))
        for b, x, y in zip(
            people.baseline[known], people.parts[known, 0], people.outcome[known], strict=True
        )
    ]
    row = dict.fromkeys(associations.KEYS, "x") | change_moments(pairs)
    row |= dict.fromkeys(associations.DIRECTIONS, True)
    row |= dict.fromkeys(associations.SOURCES, "a_rule")
    row |= {name: 0.9 for name in associations.MOMENTS if name not in row}
    return associations.estimate(pd.DataFrame([row]), minimum_pairs=20)


def _concordance(people: People) -> pd.DataFrame:
    def classes(values: np.ndarray) -> list[str]:
        words = {-1.0: "deteriorated", 0.0: "unchanged", 1.0: "improved"}
        return [words.get(step, "unknown") for step in np.sign(np.trunc(values))]

    pairs = zip(classes(people.parts[:, 0]), classes(people.outcome), strict=True)
    counts = pd.Series([f"{left}_{right}_count" for left, right in pairs], dtype=object)
    cells = dict.fromkeys(concordance.CELLS, 0) | counts.value_counts().to_dict()
    frame = pd.DataFrame([dict.fromkeys(concordance.KEYS, "x") | cells])
    return concordance.estimate(frame, minimum_pairs=20)


def _components(people: People) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):
        products = product_frame(people.parts, people.outcome)
    return components.estimate(products, minimum_pairs=20, minimum_cases_per_predictor=10)


def _pooling(people: People) -> pd.DataFrame:
    groups = np.arange(len(people.outcome)) % 3
    made = []
    for group in range(3):
        one = People(0)
        inside = groups == group
        one.parts, one.outcome = people.parts[inside], people.outcome[inside]
        one.baseline = people.baseline[inside]
        made.append(_associations(one).assign(stratum_kind="program", stratum_id=str(group)))
    return pooling.estimate(pd.concat(made), pooled_over=("program",), interval_names=("x",))


def _moderation(people: People) -> pd.DataFrame:
    rows = people.rows()
    groups = stratum_frame(people.outcome[:3], np.array([30, 30, 30])[: len(people.outcome)])
    return moderation.estimate(
        rows,
        covariates(rows, "baseline_score", {"shy": people.covariate}),
        groups.assign(slope_interval_low=groups["slope"], slope_interval_high=groups["slope"]),
        group_kinds=("program",),
        minimum_pairs=20,
        minimum_cases_per_predictor=10,
    ).loc[lambda found: found["moderator_kind"] == "baseline_score"]


def _sensitivity(people: People) -> pd.DataFrame:
    known = stratum_frame(np.array([0.1]), np.array([50])).assign(stratum_kind="all")
    found = sensitivity.estimate(people.rows(), known, minimum_pairs=20)
    # The mark of regression to the mean depends on baselines, not on whether changes are parallel.
    return found[found["analysis"] != sensitivity.REGRESSION]


def _delivery(people: People) -> pd.DataFrame:
    rows = people.rows()
    given = covariates(rows, "delivery", {"alliance": people.covariate})
    return delivery.estimate(rows, given, minimum_pairs=20, minimum_cases_per_predictor=10)


def _practice(people: People) -> pd.DataFrame:
    rows = people.rows()
    given = [
        covariates(rows, "practice", {"pause": people.outcome}),
        covariates(rows, "component_change", {"warm": people.parts[:, 0]}),
    ]
    return practice.estimate(rows, pd.concat(given), minimum_pairs=20)


ESTIMATORS: dict[str, Callable[[People], pd.DataFrame]] = {
    "associations": _associations,
    "concordance": _concordance,
    "components": _components,
    "pooling": _pooling,
    "moderation": _moderation,
    "sensitivity": _sensitivity,
    "delivery": _delivery,
    "practice": _practice,
}


def _sound(people: People) -> None:
    pass


def _one_client(people: People) -> None:
    people.__init__(1)  # type: ignore[misc]


def _nobody(people: People) -> None:
    people.__init__(0)  # type: ignore[misc]


def _all_missing(people: People) -> None:
    people.outcome[:] = np.nan


def _constant_outcome(people: People) -> None:
    people.outcome[:] = 0.3


def _constant_process(people: People) -> None:
    people.parts[:] = 0.3


def _constant_everything(people: People) -> None:
    people.parts[:], people.outcome[:], people.covariate[:] = 0.3, 0.3, 5.0


def _collinear(people: People) -> None:
    people.parts[:, 1] = 2 * people.parts[:, 0] - 1
    people.covariate = people.parts[:, 0] * 3 + 1
    people.outcome = people.parts[:, 0].copy()


def _infinite(people: People) -> None:
    people.outcome[:] = np.inf
    people.parts[:, 0] = -np.inf


def _one_infinite(people: People) -> None:
    people.outcome[0] = np.inf


def _ties(people: People) -> None:
    people.outcome = np.sign(people.outcome)
    people.parts = np.sign(people.parts)
    people.covariate = np.sign(people.covariate - 5)


def _huge(people: People) -> None:
    people.outcome = people.outcome * 1e100
    people.parts = people.parts * 1e-5


NOT_ESTIMATED = {"too_few", "not_computable"}
INPUTS: dict[str, tuple[Callable[[People], None], set[str]]] = {
    "sound": (_sound, {"estimated"}),
    "one_client": (_one_client, {"too_few"}),
    "nobody": (_nobody, {"too_few"}),
    "all_missing": (_all_missing, NOT_ESTIMATED),
    "constant_outcome": (_constant_outcome, NOT_ESTIMATED),
    "constant_process": (_constant_process, NOT_ESTIMATED),
    "constant_everything": (_constant_everything, NOT_ESTIMATED),
    "collinear": (_collinear, WORDS),
    "infinite": (_infinite, NOT_ESTIMATED),
    "one_infinite": (_one_infinite, WORDS),
    "ties": (_ties, WORDS),
    "huge": (_huge, WORDS),
}


@pytest.mark.parametrize("recipe", INPUTS)
@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.filterwarnings("error")
def test_a_degenerate_input_gives_a_status_and_never_a_made_up_number(
    name: str, recipe: str
) -> None:
    spoil, allowed = INPUTS[recipe]
    people = People()
    spoil(people)
    found = ESTIMATORS[name](people)
    # Counts of classes need no spread: nobody improved is a number.
    assert set(found["status"]) <= (WORDS if name == "concordance" and len(found) else allowed)
    for column in found.columns:
        assert str(found[column].dtype) in ("string", "Float64", "Int64"), column
        if str(found[column].dtype) == "Float64":
            held = found[column].dropna().to_numpy(float)
            assert np.isfinite(held).all(), column
    main = "pearson_r" if name == "associations" else "estimate"
    told = found[main].notna()
    assert (told == (found["status"] == "estimated")).all()
    assert found.loc[told, "interval_low"].notna().all()
    assert (found.loc[told, "interval_low"] <= found.loc[told, "interval_high"]).all()


@pytest.mark.parametrize("name", ["components", "moderation", "delivery"])
def test_predictors_that_copy_each_other_are_not_told_apart(name: str) -> None:
    people = People()
    _collinear(people)
    people.outcome = np.random.default_rng(3).normal(0, 1, COUNT)
    found = ESTIMATORS[name](people)
    if name == "moderation":
        found = found[found["moderator_id"] == "shy"]
    assert set(found["status"]) == {"not_computable"}


def test_the_words_of_every_estimator_are_its_own() -> None:
    labels = {name: set(make(People())["evidence_label"]) for name, make in ESTIMATORS.items()}
    assert labels == {name: {"concurrent"} for name in ESTIMATORS}
    methods = [set(make(People())["method"]) for make in ESTIMATORS.values()]
    assert all(methods)
