"""The SQL finds sudden steps, first changes and their order as a person with the forms would.

What belongs here: random courses, SQL beside naive code, and clinics whose order was planted.
What does not: the published example (``tests/golden/test_sudden_gains``).
"""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import pytest

from orchestration.statistics import change_order
from tests.golden.test_published_numbers import rule
from tests.oracle import naive_trajectories as naive
from tests.oracle.naive_trajectories import Form, Scale
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # builds warehouses

START = date(2024, 3, 1)
# S_diff is SD x sqrt(2 x (1 - 0.5)) = SD.
CALM = Scale(True, Fraction(1), Fraction(5), 0.3)
MOOD = Scale(False, Fraction(0), Fraction(27), 3.0)
UNJUDGED = Scale(False, Fraction(5), Fraction(30), None)
SCALES = {"calm": CALM, "mood": MOOD, "worry": UNJUDGED}
STEPS = {"calm": Fraction(1, 20), "mood": Fraction(1), "worry": Fraction(1)}
LOCAL = {
    "instruments": [
        {"instrument_id": name, "role": "process" if name == "calm" else "outcome"}
        for name in SCALES
    ],
    "scales": [
        {
            "scale_id": name,
            "instrument_id": name,
            "scale_kind": "total",
            "is_primary": "true",
            "is_higher_better": str(scale.is_higher_better).lower(),
            "scoring_rule": "stated_only",
            "multiplier": "1",
            "score_minimum": str(scale.minimum),
            "score_maximum": str(scale.maximum),
            "missing_rule": "none",
        }
        for name, scale in SCALES.items()
    ],
    "norms": [
        {
            "norm_id": f"{name}_norm",
            "scale_id": name,
            "standard_deviation": str(scale.standard_error_of_difference),
        }
        for name, scale in SCALES.items()
        if scale.standard_error_of_difference
    ],
    "change_rules": [
        rule(name, sd_source="published", sd_norm_id=f"{name}_norm", reliability="0.5")
        for name, scale in SCALES.items()
        if scale.standard_error_of_difference
    ],
}


class Episode(NamedTuple):
    """One episode: its program, its end, and the forms of each scale."""

    program_id: str
    ended_on: date | None
    forms: dict[str, list[Form]]


Clinic = dict[str, Episode]


def random_clinic(seed: int, count: int) -> Clinic:
    """Courses with jumps, gaps, forms out of turn, ties, follow-ups and early ends."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    keys = list(range(1, 200 * count + 1))
    chance.shuffle(keys)
    found: Clinic = {}
    for number in range(count):
        # Program a names its sessions; in b nobody does.
        names_sessions = number % 3 != 0
        forms: dict[str, list[Form]] = {name: [] for name in SCALES}
        length = chance.choice((1, 2, 4, 8, 8, 10))
        for name, scale in SCALES.items():
            level = Fraction(chance.randint(0, 10), 10)
            if chance.random() < 0.1:
                continue
            for session in range(1, length + 1):
                if chance.random() < 0.25:
                    level = Fraction(chance.randint(0, 10), 10)
                if chance.random() < 0.15:
                    continue
                rhythm = 7 if name == "calm" else chance.choice((7, 7, 7, 8))
                day = START + timedelta(days=rhythm * (session - 1))
                for _ in range(2 if chance.random() < 0.05 else 1):
                    exact = scale.minimum + level * (scale.maximum - scale.minimum)
                    moved = exact + chance.choice((-1, 0, 0, 0, 1)) * STEPS[name]
                    score = min(max(moved, scale.minimum), scale.maximum)
                    whole = STEPS[name] * round(score / STEPS[name])
                    # Out of turn: between two sessions of the plan, or after all of them.
                    turn = chance.choice((1, 30)) if chance.random() < 0.02 else 0
                    forms[name].append(
                        Form(day, keys.pop(), 2 * session + turn if names_sessions else None, whole)
                    )
            if chance.random() < 0.1:
                forms[name].append(
                    Form(START + timedelta(days=200), keys.pop(), None, scale.minimum, True)
                )
        ended_on = START + timedelta(days=7 * length - 10) if chance.random() < 0.3 else None
        found[f"e{number}"] = Episode("a" if names_sessions else "b", ended_on, forms)
    return found


def build(clinic: Clinic) -> SqlScout:
    """The real SQL over the clinic's forms; two episodes for every client."""
    scores: list[dict[str, Any]] = []
    episodes: list[dict[str, Any]] = []
    for number, (episode_id, episode) in enumerate(clinic.items()):
        client_id = f"c{number // 2}"
        episodes.append(
            {
                "record_key": number,
                "source": "clinic",
                "client_id": client_id,
                "episode_id": episode_id,
                "program_id": episode.program_id,
                "started_on": START.isoformat(),
                "ended_on": episode.ended_on.isoformat() if episode.ended_on else None,
            }
        )
        scores += [
            {
                "administration_key": form.key,
                "record_key": form.key,
                "source": "clinic",
                "client_id": client_id,
                "episode_id": episode_id,
                "program_id": episode.program_id,
                "instrument_id": scale_id,
                "scale_id": scale_id,
                "score": float(form.score),
                "occurred_on": form.occurred_on.isoformat(),
                "occasion": f"session {form.session}" if form.session else None,
                "timepoint": "follow_up" if form.is_follow_up else None,
                "repeat_number": 1,
            }
            for scale_id, forms in episode.forms.items()
            for form in forms
        ]
    return sql_scout().build({"stated_scores": scores, "episodes": episodes}, LOCAL)


def day(when: date | None) -> int | None:
    """Days since the start."""
    return None if when is None else (when - START).days


@pytest.mark.parametrize("seed", range(6))
def test_random_courses_are_judged_in_sql_as_by_the_naive_engine(seed: int) -> None:
    clinic = random_clinic(seed, 40)
    scout = build(clinic)
    forms = {
        (episode_id, scale_id): naive.course_forms(given, episode.ended_on)
        for episode_id, episode in clinic.items()
        for scale_id, given in episode.forms.items()
        if given
    }
    planned = {
        (program, scale_id): naive.planned_sessions(
            [
                course
                for (episode_id, of), course in forms.items()
                if of == scale_id and clinic[episode_id].program_id == program
            ]
        )
        for program in ("a", "b")
        for scale_id in SCALES
    }
    expected_steps = {
        (*key, day(when)): step
        for key, course in forms.items()
        for when, step in naive.steps(
            course, planned[clinic[key[0]].program_id, key[1]], SCALES[key[1]]
        ).items()
    }
    found_steps = {
        (row["episode_id"], row["scale_id"], row["day"]): row
        for row in scout.rows("change.int_score_steps")
        if row["is_step"]
    }
    assert set(found_steps) == set(expected_steps)
    for key, step in expected_steps.items():
        row = found_steps[key]
        assert row["step_improvement"] == pytest.approx(float(step.improvement)), key
        for name in step._fields[1:]:
            column = "is_step_reversed" if name == "is_reversed" else name
            if step.improvement != 0 or name == "is_sudden":
                assert row[column] == getattr(step, name), (key, name)

    courses = {key: naive.course(course, SCALES[key[1]]) for key, course in forms.items()}
    found = {
        (row["episode_id"], row["scale_id"]): row for row in scout.rows("change.int_score_courses")
    }
    assert set(found) == set(courses)
    for key, course in courses.items():
        row = found[key]
        assert (row["moments_count"], row["improvement_status"], row["unknown_reason"]) == (
            course.moments,
            course.status,
            course.reason,
        ), key
        assert row["improved_day"] == day(course.improved_on)
        assert row["lastingly_improved_day"] == day(course.lasting_from)
        assert row["deteriorated_day"] == day(course.deteriorated_on)
        sudden = [
            step.improvement > 0
            for (*of, _), step in expected_steps.items()
            if tuple(of) == key and step.is_sudden
        ]
        assert (row["sudden_gains_count"], row["sudden_losses_count"]) == (
            sudden.count(True),
            sudden.count(False),
        )

    nothing = naive.course([], CALM)
    episode_of = {
        row["episode_number"]: row["episode_id"]
        for row in scout.rows("relations.int_episodes_numbered")
    }
    outcome_of = {
        row["pair"]: row["outcome_scale_id"] for row in scout.rows("relations.int_scale_pairs")
    }
    orders = {
        (episode_of[row["episode_number"]], outcome_of[row["pair"]]): (
            row["order_class"],
            row["is_order_resolved"],
        )
        for row in scout.rows("relations.int_change_orders")
    }
    assert orders == {
        (episode_id, outcome): naive.order(
            courses.get((episode_id, "calm"), nothing), courses.get((episode_id, outcome), nothing)
        )
        for episode_id in {key[0] for key in courses}
        for outcome in ("mood", "worry")
    }
    tally = Counter(word for (_, outcome), (word, _) in orders.items() if outcome == "mood")
    (counts,) = [
        row
        for row in scout.rows("relations.int_change_order_counts")
        if row["stratum_kind"] == "all" and row["outcome_scale_id"] == "mood"
    ]
    assert counts["episode_count"] == tally.total()
    for word in ("process_first", "outcome_first", "together", "neither", "unknown"):
        assert counts[f"{word}_count"] == tally[word]


def test_the_random_courses_hold_every_case_that_can_be_judged() -> None:
    seen: Counter[object] = Counter()
    for seed in range(6):
        for episode in random_clinic(seed, 40).values():
            courses = {}
            for scale_id, given in episode.forms.items():
                forms = naive.course_forms(given, episode.ended_on)
                courses[scale_id] = naive.course(forms, SCALES[scale_id])
                seen["reason", courses[scale_id].reason] += 1
                named = sorted({form.session for form in forms if form.session})
                for step in naive.steps(forms, named, SCALES[scale_id]).values():
                    kind = "gain" if step.improvement > 0 else "loss"
                    seen[kind, step.is_sudden, step.is_reversed] += 1
            seen[naive.order(courses["calm"], courses["mood"])] += 1
    wanted: set[object] = {
        *(("reason", each) for each in (None, "no_score", "no_second_score", "no_rule")),
        *((kind, True, lost) for kind in ("gain", "loss") for lost in (True, False)),
        *((f"{first}_first", told) for first in ("process", "outcome") for told in (True, False)),
        *((word, None) for word in ("together", "neither", "unknown")),
        *((f"{only}_only", None) for only in ("process", "outcome")),
    }
    assert wanted - set(seen) == set()


# -- planted order ---------------------------------------------------------------------------------

# Program -> days from one form of the outcome to the next, and by how many days the process leads.
# The process is scored every seven days.
PLANTED = {
    "process_leads": (7, 21),
    "outcome_leads": (7, -21),
    "together": (7, 0),
    "together_rarely_asked": (28, 0),
    "process_leads_rarely_asked": (28, 49),
}

LEVELS = {"calm": (Fraction(2), Fraction(4)), "mood": (Fraction(20), Fraction(6))}


@pytest.fixture(scope="module")
def planted() -> dict[tuple[str, str], dict[str, Any]]:
    """(Program, basis) -> its row for calm and mood; forty episodes each, jumps on random days."""
    chance = Random(11)  # noqa: S311 - not for secrets
    clinic: Clinic = {}
    key = 0
    for program, (rhythm, lead) in PLANTED.items():
        for number in range(40):
            jumps_on = {"calm": chance.randint(30, 60)}
            jumps_on["mood"] = jumps_on["calm"] + lead
            forms: dict[str, list[Form]] = {name: [] for name in SCALES}
            for name, every in (("calm", 7), ("mood", rhythm)):
                for when in range(0, 169, every):
                    key += 1
                    noise = chance.choice((-1, 0, 1)) * STEPS[name]
                    worse, better = (
                        (Fraction(2), Fraction(4))
                        if name == "calm"
                        else (Fraction(20), Fraction(6))
                    )
                    score = (better if when >= jumps_on[name] else worse) + noise
                    forms[name].append(Form(START + timedelta(days=when), key, None, score))
            clinic[f"{program} {number}"] = Episode(program, None, forms)
    scout = build(clinic)
    found = change_order.estimate(scout.frame("relations.int_change_order_counts"))
    return {
        (row["stratum_id"], row["order_basis"]): row
        for row in found.to_dict("records")
        if row["stratum_kind"] == "program" and row["outcome_scale_id"] == "mood"
    }


@pytest.mark.parametrize("basis", ["observed", "resolved"])
def test_a_planted_lead_is_found_in_its_direction(
    planted: dict[tuple[str, str], dict[str, Any]], basis: str
) -> None:
    first, second = planted["process_leads", basis], planted["outcome_leads", basis]
    assert (first["estimate"], second["estimate"]) == (1, 0)
    assert first["interval_low"] > 0.9
    assert second["interval_high"] < 0.1
    # All forty fall on one side: 2 x 0.5^40.
    assert max(first["p_value"], second["p_value"]) == pytest.approx(2 * 0.5**40)
    assert (first["median_lead_days"], second["median_lead_days"]) == (21, -21)


@pytest.mark.parametrize("basis", ["observed", "resolved"])
def test_two_scales_that_move_together_are_seen_together(
    planted: dict[tuple[str, str], dict[str, Any]], basis: str
) -> None:
    row = planted["together", basis]
    assert (row["together_count"], row["estimate"], row["median_lead_days"]) == (40, 0, 0)


def test_a_scale_that_is_rarely_asked_seems_to_come_later_and_the_resolved_basis_says_so(
    planted: dict[tuple[str, str], dict[str, Any]],
) -> None:
    observed = planted["together_rarely_asked", "observed"]
    # The trap: both moved on the same day.
    assert observed["estimate"] > 0.5
    assert observed["p_value"] < 0.001
    assert (observed["process_days_between_scores"], observed["outcome_days_between_scores"]) == (
        7,
        28,
    )
    resolved = planted["together_rarely_asked", "resolved"]
    assert (resolved["process_first_count"], resolved["outcome_first_count"]) == (0, 0)
    assert resolved["together_count"] == 40


def test_a_lead_longer_than_the_rhythm_is_told_even_where_the_outcome_is_rarely_asked(
    planted: dict[tuple[str, str], dict[str, Any]],
) -> None:
    resolved = planted["process_leads_rarely_asked", "resolved"]
    assert resolved["process_first_count"] == 40
