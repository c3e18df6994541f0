"""The SQL ends an episode as a person with the forms and the diary would, whatever is missing.

What belongs here: episode outcomes and program rates of random courses, SQL beside naive code.
What does not: scores and changes (``test_scores_and_changes_agree``).
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from tests.oracle.naive_outcomes import Course, Domain, Form, Measure, domain, outcome
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # hundreds of cases

# seeds/thresholds.csv, set nhs_talking_therapies (metrics.md 2.1).
MOOD, WORRY = Measure("phq9_total", 10, 6), Measure("gad7_total", 8, 4)
# The clinic defines the measure that seeds/outcome_measures.csv names for social anxiety.
SOCIAL = Measure("spin_total", 19, 10)
DISORDER = "social_anxiety"
LOCAL = {
    "instruments": [{"instrument_id": "spin", "role": "outcome"}],
    "scales": [
        {
            "scale_id": SOCIAL.scale_id,
            "instrument_id": "spin",
            "scale_kind": "total",
            "is_primary": "false",
            "is_higher_better": "false",
            "scoring_rule": "stated_only",
            "multiplier": "1",
            "missing_rule": "none",
        }
    ],
    "thresholds": [
        {
            "threshold_id": f"spin_{kind}",
            "scale_id": SOCIAL.scale_id,
            "threshold_set": "nhs_talking_therapies",
            "threshold_kind": kind,
            "operator": ">=",
            "value": str(value),
            "is_default": "true",
        }
        for kind, value in (
            ("caseness", SOCIAL.caseness),
            ("reliable_change", SOCIAL.reliable_change),
        )
    ],
}
INSTRUMENTS = {MOOD.scale_id: "phq9", WORRY.scale_id: "gad7", SOCIAL.scale_id: "spin"}
START = date(2024, 3, 1)
ATTENDED = ("true", None, "yes", "false", "no", "DNA")

Courses = dict[str, tuple[Course, bool]]


def make_courses(seed: int, count: int, states_endings: bool) -> Courses:
    """Episode -> its course and whether it is one of social anxiety; two for each client."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    found: Courses = {}
    keys = list(range(1, 100 * count + 1))
    chance.shuffle(keys)
    for number in range(count):
        start = START + timedelta(days=40 * (number % 2))  # the client's second overlaps the first
        ended = start + timedelta(days=60) if states_endings and chance.random() < 0.7 else None
        forms = []
        for scale_id in INSTRUMENTS:
            if chance.random() < 0.9:
                for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
                    day = chance.choice((0, 0, 10, 30, 60, 61, 90))
                    score = float(chance.choice((2, 7, 8, 9, 10, 14, 16, 20)))
                    forms.append(
                        Form(
                            scale_id,
                            start + timedelta(days=day),
                            keys.pop(),
                            score,
                            is_follow_up=chance.random() < 0.1,
                        )
                    )
        endings = ("planned", "unplanned", None) if ended else ("unplanned", "ongoing", None)
        course = Course(
            forms,
            [chance.choice(ATTENDED) for _ in range(chance.choice((0, 1, 2, 3, 5)))],
            ended,
            chance.choice(endings) if states_endings else None,
        )
        found[f"e{number}"] = (course, chance.random() < 0.4)
    return found


def raw(courses: Courses) -> dict[str, list[dict[str, Any]]]:
    """The rows landing would have written."""
    scores, episodes, sessions = [], [], []
    for number, (episode_id, (course, has_disorder)) in enumerate(courses.items()):
        client_id = f"c{number // 2}"
        episodes.append(
            {
                "record_key": number,
                "source": "clinic",
                "client_id": client_id,
                "episode_id": episode_id,
                "program_id": "talking",
                "clinic_id": f"clinic {number % 3}" if number % 4 else None,
                "condition_id": DISORDER if has_disorder else None,
                "started_on": (START + timedelta(days=40 * (number % 2))).isoformat(),
                "ended_on": course.ended_on.isoformat() if course.ended_on else None,
                "ending": course.ending,
            }
        )
        sessions += [
            {
                "record_key": 100 * number + place,
                "source": "clinic",
                "episode_id": episode_id,
                "session_number": str(place),
                "attended": attended,
            }
            for place, attended in enumerate(course.sessions)
        ]
        scores += [
            {
                "administration_key": form.key,
                "record_key": form.key,
                "source": "clinic",
                "client_id": client_id,
                "episode_id": episode_id,
                "program_id": "talking",
                "instrument_id": INSTRUMENTS[form.scale_id],
                "scale_id": form.scale_id,
                "score": str(form.score),
                "occurred_on": form.occurred_on.isoformat(),
                "timepoint": "follow_up" if form.is_follow_up else None,
                "repeat_number": "1",
            }
            for form in course.forms
        ]
    return {"stated_scores": scores, "episodes": episodes, "sessions": sessions}


def naive(courses: Courses) -> tuple[dict[str, list[Domain]], dict[str, dict[str, object]]]:
    """Episode -> its two domains, and its outcome."""
    states_endings = any(course.ended_on or course.ending for course, _ in courses.values())
    states_sessions = any(course.sessions for course, _ in courses.values())
    domains, outcomes = {}, {}
    for episode_id, (course, has_disorder) in courses.items():
        worries = [SOCIAL, WORRY] if has_disorder else [WORRY]
        domains[episode_id] = [domain(course, [MOOD]), domain(course, worries)]
        assert states_sessions
        outcomes[episode_id] = outcome(course, domains[episode_id], states_endings=states_endings)
    return domains, outcomes


def build(courses: Courses) -> SqlScout:
    """The real SQL over the same courses."""
    return sql_scout().build(raw(courses), LOCAL, until="change")


def has_both_domains(courses: Courses) -> bool:
    """The set is used only where the program has scores in both; and somebody was ever seen."""
    in_course = {
        form.scale_id
        for course, _ in courses.values()
        for form in course.forms
        if not form.is_follow_up and (not course.ended_on or form.occurred_on <= course.ended_on)
    }
    return MOOD.scale_id in in_course and bool({WORRY.scale_id, SOCIAL.scale_id} & in_course)


def assert_counts_add_up(
    scout: SqlScout, courses: Courses, outcomes: dict[str, dict[str, object]]
) -> None:
    """Every count of every group is the count of its episodes, one by one."""
    expected: dict[tuple[str, str, str, str], Counter[str]] = {}
    for number, (episode_id, (course, has_disorder)) in enumerate(courses.items()):
        row = outcomes[episode_id]
        if not row["is_counted"]:
            continue
        clinic = f"clinic {number % 3}" if number % 4 else "unknown"
        ended = course.ended_on
        year = str(ended.year) if ended else "unknown"
        for stratum in (
            ("all", "all"),
            ("clinic", clinic),
            ("condition", DISORDER if has_disorder else "unknown"),
            ("clinician", "unknown"),
            ("arm", "unknown"),
        ):
            for period in (("all", "all"), ("year", year)):
                counts = expected.setdefault((*stratum, *period), Counter())
                counts["course_count"] += 1
                counts["paired_count"] += bool(row["is_paired"])
                counts["at_caseness_count"] += row["is_at_caseness"] is True
                counts["not_at_caseness_count"] += row["is_at_caseness"] is False
                counts["recovered_count"] += row["is_recovered"] is True
                counts["not_recovered_count"] += row["is_recovered"] is False
                counts["reliably_recovered_count"] += row["is_reliably_recovered"] is True
                counts["not_reliably_recovered_count"] += row["is_reliably_recovered"] is False
                for word in ("improved", "unchanged", "deteriorated"):
                    counts[f"{word}_count"] += row["reliable_change_class"] == word
    rows = scout.rows("change.int_program_counts")
    for program in ("talking", "all"):
        found = {
            (row["stratum_kind"], row["stratum_id"], row["period_kind"], row["period"]): row
            for row in rows
            if row["program_id"] == program
            and row["period_kind"] in ("all", "year")
            and row["stratum_kind"] != "self_compassion_content"
        }
        assert set(found) == set(expected)
        for key, counts in expected.items():
            assert {name: found[key][name] for name in counts} == dict(counts), key


@settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate, Phase.shrink],
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**16), count=st.sampled_from((4, 12, 30)), states_endings=st.booleans())
def test_episodes_end_in_sql_as_the_naive_engine_says(
    seed: int, count: int, states_endings: bool
) -> None:
    courses = make_courses(seed, count, states_endings)
    if not has_both_domains(courses) or not any(course.sessions for course, _ in courses.values()):
        return
    domains, outcomes = naive(courses)
    scout = build(courses)
    measures: dict[str, dict[str, Any]] = {episode_id: {} for episode_id in courses}
    for row in scout.rows("change.int_episode_measures"):
        measures[row["episode_id"]][row["domain"]] = row
    for episode_id, (mood, worry) in domains.items():
        assert set(measures[episode_id]) == {"depression", "anxiety"}
        for name, expected in (("depression", mood), ("anxiety", worry)):
            row = measures[episode_id][name]
            assert {key: row[key] for key in expected._fields} == expected._asdict()
    assert_counts_add_up(scout, courses, outcomes)
    found = {row["episode_id"]: row for row in scout.rows("change.int_episode_outcomes")}
    assert set(found) == set(outcomes)
    for episode_id, expected in outcomes.items():
        assert {key: found[episode_id][key] for key in expected} == expected
        event(f"{expected['recovery_class']}, {expected['reliable_change_class']}")


def test_the_random_courses_hold_every_case_that_can_be_judged() -> None:
    seen: Counter[object] = Counter()
    for seed in range(12):
        courses = make_courses(seed, 30, states_endings=bool(seed % 3))
        domains, outcomes = naive(courses)
        for each in outcomes.values():
            for column, value in each.items():
                seen[column, value] += 1
        for episode_id, (_, worry) in domains.items():
            seen["fall-back", courses[episode_id][1] and worry.scale_id == WORRY.scale_id] += 1
    for column, values in {
        "recovery_class": {"recovered", "not_recovered", "not_at_caseness", "unknown"},
        "reliable_change_class": {"improved", "unchanged", "deteriorated", "unknown"},
        "is_reliably_recovered": {True, False, None},
        "is_finished": {True, False, None},
        "is_counted": {True, False},
        "fall-back": {True, False},
    }.items():
        for value in values:
            assert seen[column, value] > 0, (column, value)
