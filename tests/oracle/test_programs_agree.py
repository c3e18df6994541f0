"""Programs from raw records to estimates: the sums hold, nobody is lost, planted truth comes back.

What belongs here: expected change beside statsmodels, clinics of which it is known why people left,
classes that sum to their denominators on random clinics, a code nobody has seen before.
What does not: the outcome of one episode (``test_outcomes_agree``), formulas on numbers made by
hand (``tests/unit/test_statistics_*``).
"""

from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from orchestration.statistics import (
    case_mix,
    dose_response,
    funnel,
    program_outcomes,
    severity_adjustment,
)
from tests.oracle.test_outcomes_agree import LOCAL, make_courses, raw
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # thousands of forms

START = date(2024, 1, 1)
Rows = dict[str, list[dict[str, Any]]]


class Diary:
    """The records of imaginary courses on one scale, as landing would have written them."""

    def __init__(self) -> None:
        self.rows: Rows = {"stated_scores": [], "episodes": [], "sessions": [], "clients": []}
        self._key = 0

    def record(self, table: str, **values: Any) -> None:
        """One record with a key of its own."""
        self._key += 1
        head = {"record_key": self._key, "source": "clinic"}
        if table == "stated_scores":
            head |= {"administration_key": self._key, "repeat_number": "1"}
        self.rows[table].append(head | values)

    def course(
        self, name: str, scores: dict[int, float], sessions: list[int], **episode: Any
    ) -> None:
        """A closed course: day -> PHQ-9 score, and the days of its attended sessions."""
        last = max([*scores, *sessions])
        self.record(
            "episodes",
            client_id=f"c{name}",
            episode_id=name,
            program_id="p",
            started_on=START.isoformat(),
            ended_on=(START + timedelta(days=last)).isoformat(),
            **{"ending": "planned"} | episode,
        )
        for number, day in enumerate(sessions, start=1):
            held_on = (START + timedelta(days=day)).isoformat()
            self.record("sessions", episode_id=name, session_number=str(number), held_on=held_on)
        for day, score in scores.items():
            self.record(
                "stated_scores",
                client_id=f"c{name}",
                episode_id=name,
                program_id="p",
                instrument_id="phq9",
                scale_id="phq9_total",
                score=str(score),
                occurred_on=(START + timedelta(days=day)).isoformat(),
            )

    def build(self) -> SqlScout:
        """The real SQL over these records."""
        return sql_scout().build(self.rows, until="change")


def test_expected_change_is_that_of_ordinary_least_squares() -> None:
    chance = Random(11)  # noqa: S311 - not for secrets
    diary, courses = Diary(), []
    for number in range(240):
        first = float(chance.randint(4, 27))
        late = chance.randint(1, 4)
        conditions = chance.choice(["a", "a", "a", "b", "b", "b;a", None, f"rare {number}"])
        last = float(min(27, max(0, round(first - 0.4 * first + late + chance.gauss(0, 4)))))
        sessions = [7 * place for place in range(6)]
        diary.course(
            f"e{number}", {7 * (late - 1): first, 60: last}, sessions, condition_id=conditions
        )
        sets = "+".join(sorted(conditions.split(";"))) if conditions else "none"
        courses.append((f"e{number}", first, first - last, late, sets))
    frame = pd.DataFrame(courses, columns=["episode_id", "first", "gain", "late", "conditions"])
    # phq9_total: the clinical range begins at 10.
    frame = frame[frame["first"] >= 10].reset_index(drop=True)
    sizes = frame["conditions"].map(frame["conditions"].value_counts())
    frame["group"] = frame["conditions"].where(sizes >= 10, "other")
    judge = smf.ols("gain ~ first + late + C(group)", frame).fit()

    found = pd.DataFrame(diary.build().rows("change.int_severity_residuals"))

    assert len(frame) > 100
    both = frame.assign(awaited=judge.fittedvalues).merge(found, on="episode_id", how="outer")
    assert len(both) == len(frame)
    assert set(both["group"]) > {"a", "b", "none", "other"}
    assert list(both["condition_group"]) == list(both["group"])
    assert both["expected_improvement"].to_numpy() == pytest.approx(
        both["awaited"].to_numpy(), abs=1e-5
    )
    assert found["reference_sd"].to_numpy() == pytest.approx(frame["first"].std(), abs=1e-6)
    assert set(found["method"]) == {"own_closed_courses_by_score_session_and_condition"}


def planted(seed: int, *, leaves_when_better: bool) -> pd.DataFrame:
    """The estimates of a clinic with a form at every weekly session, of which the truth is known.

    Good-enough level: people improve at a pace of their own and leave, planned, once they are far
    enough, or when their patience ends. Dose: all improve by the same steps on average, and how
    long a course takes was settled before.
    """
    chance = np.random.default_rng(seed)
    diary = Diary()
    for number in range(500):
        first = 20.0
        if leaves_when_better:
            pace, patience = chance.gamma(1.2, 1.6), int(chance.integers(5, 13))
            enough = int(np.ceil(9.0 / pace)) + 1
            sessions = max(2, min(enough, patience))
        else:
            pace, sessions = chance.gamma(3.0, 0.35), int(chance.integers(2, 13))
        scores = {
            7 * place: float(np.clip(round(first - pace * place + chance.normal(0, 0.7)), 0, 27))
            for place in range(sessions)
        }
        diary.course(f"e{number}", scores, [7 * place for place in range(sessions)])
    counts = diary.build().frame("change.int_dose_counts")
    made = dose_response.estimate(counts, minimum_courses=5)
    return made[(made["program_id"] == "p") & (made["ending_kind"] == "planned")]


def test_a_dose_clinic_rises_and_a_good_enough_clinic_falls_and_survival_rises_in_both() -> None:
    dose = planted(1, leaves_when_better=False)
    enough = planted(2, leaves_when_better=True)
    name = "sessions_and_reliable_improvement"
    assert dose.set_index("metric_id").loc[name, "interval_low"] > 0.5
    assert enough.set_index("metric_id").loc[name, "interval_high"] < -0.3
    for made in (dose, enough):
        share = made[made["metric_id"] == "improved_by_session"].sort_values("session_count")
        assert share["estimate"].is_monotonic_increasing
        assert share["estimate"].iloc[-1] > 0.4
        assert share["sample_size"].iloc[0] == 500


@pytest.fixture(scope="module", params=[(3, True), (4, False)])
def random_clinic(request: pytest.FixtureRequest) -> tuple[SqlScout, int]:
    """Random courses with everything missing that can be, and how many there are."""
    seed, states_endings = request.param
    courses = make_courses(seed, 160, states_endings=states_endings)
    records = raw(courses)
    # Codes like those that a list of codes once lost (metrics.md 2.3), and one nobody knows.
    codes = ("L", "M", "L'M", "never seen before", "")
    records["clients"] = [
        {
            "record_key": number,
            "source": "clinic",
            "client_id": f"c{number}",
            "attribute": "ethnicity",
            "value": codes[number % 5] or None,
        }
        for number in range(80)
    ]
    return sql_scout().build(records, LOCAL, until="change"), len(courses)


def test_the_classes_of_every_rate_sum_to_its_denominator(
    random_clinic: tuple[SqlScout, int],
) -> None:
    scout, _ = random_clinic
    counts = scout.frame("change.int_program_counts")
    found = program_outcomes.estimate(counts)
    keys = list(program_outcomes.KEYS)
    wide = found.pivot_table(
        index=keys, columns="metric_id", values=["numerator_count", "sample_size", "missing_count"]
    )
    n, total, unknown = wide["numerator_count"], wide["sample_size"], wide["missing_count"]
    change = ["reliable_improvement", "no_reliable_change", "reliable_deterioration"]
    assert (n[change].sum(axis=1) + unknown[change[0]] == total[change[0]]).all()
    for column in change:
        assert (total[f"{column}_of_known"] == total[column] - unknown[column]).all()
    summed = counts.set_index(keys).astype(float)
    for metric, having in (("recovery", "recovered"), ("reliable_recovery", "reliably_recovered")):
        without = summed[f"not_{having}_count"].reindex(n.index)
        assert (n[metric] + without + unknown[metric] == total[metric]).all()
    none = found[(found["numerator_count"] == 0) & (found["sample_size"] > found["missing_count"])]
    assert len(none) > 0
    assert (none["estimate"] == 0).all()
    is_empty = found["sample_size"] == found["missing_count"]
    assert (found["estimate"].isna() == is_empty).all()
    assert ((found["status"] == "not_computable") == is_empty).all()


def test_no_course_is_lost_between_the_endings_and_the_numbers_of_sessions(
    random_clinic: tuple[SqlScout, int],
) -> None:
    scout, _ = random_clinic
    outcomes = scout.frame("change.int_episode_outcomes")
    ended = outcomes[outcomes["has_ended"].fillna(True) & (outcomes["contact_count"] >= 1)]
    found = dose_response.estimate(scout.frame("change.int_dose_counts"), minimum_courses=2)
    rates = found[found["method"] == "wilson"]
    parts = rates[["sample_size", "missing_count", "left_out_count"]].sum(axis=1)
    assert (parts == rates["course_count"]).all()
    whole = rates[(rates["program_id"] == "all") & (rates["ending_kind"] == "all")]
    assert (whole.groupby("metric_id")["course_count"].sum() == len(ended)).all()
    by_ending = rates[rates["ending_kind"] != "all"].groupby(["metric_id", "program_id"])
    assert (by_ending["course_count"].sum() == len(ended)).all()


def test_the_funnels_are_of_the_same_courses_and_expect_what_there_was(
    random_clinic: tuple[SqlScout, int],
) -> None:
    scout, _ = random_clinic
    units = funnel.units(program_outcomes.estimate(scout.frame("change.int_program_counts")))
    awaited = case_mix.expected(
        scout.frame("change.int_case_mix"), metrics=funnel.METRICS, minimum_courses=20
    )
    both = [funnel.raw(units), funnel.case_mix(units, awaited)]
    found = funnel.limits(pd.concat(both, ignore_index=True))
    adjusted = found[found["expected_count"].notna() & (found["unit_kind"] == "program")]
    assert len(adjusted) > 0
    assert adjusted["expected_count"].to_numpy(dtype=float) == pytest.approx(
        adjusted["numerator_count"].to_numpy(dtype=float), abs=1e-4
    )
    assert (found.groupby([*funnel.KEYS])["sample_size"].nunique() == 1).all()


def test_severity_adjusted_groups_average_to_the_reference(
    random_clinic: tuple[SqlScout, int],
) -> None:
    scout, _ = random_clinic
    residuals = scout.frame("change.int_severity_residuals")
    reference = residuals[residuals["is_reference"]]
    beyond = reference["improvement"] - reference["expected_improvement"]
    means = beyond.groupby(reference["scale_id"]).mean()
    assert np.abs(means.to_numpy(dtype=float)).max() < 1e-6
    found = severity_adjustment.estimate(
        scout.frame("change.int_program_moments"), minimum_pairs=20
    )
    assert set(found["status"]) == {"estimated", "too_few"}


def test_a_code_nobody_has_seen_appears_in_every_split_and_no_split_loses_a_course(
    random_clinic: tuple[SqlScout, int],
) -> None:
    scout, _ = random_clinic
    counts = scout.frame("change.int_program_counts")
    whole = counts[(counts["program_id"] == "all") & (counts["period_kind"] == "all")]
    split = whole[whole["stratum_kind"] == "ethnicity"]
    assert set(split["stratum_id"]) == {"L", "M", "L'M", "never seen before", "unknown"}
    moments = scout.frame("change.int_program_moments")
    assert set(moments[moments["stratum_kind"] == "ethnicity"]["stratum_id"]) == set(
        split["stratum_id"]
    )
    (everybody,) = whole[whole["stratum_kind"] == "all"]["course_count"]
    # One condition each at most here, so that groups of conditions do not overlap either.
    totals = whole.groupby("stratum_kind")["course_count"].sum()
    assert set(totals.index) >= {"clinic", "clinician", "condition", "arm", "ethnicity"}
    assert set(totals) == {everybody}
