"""The SQL tracks a course and raises its alerts as a person with forms and diary would.

What belongs here: states, alerts and their performance on random clinics, SQL beside naive code,
and a clinic in which an alert was planted.
What does not: outcomes (``test_outcomes_agree``), the estimating alone (unit tests).
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from orchestration.statistics import trajectories
from tests.oracle import naive_tracking as naive
from tests.oracle.naive_tracking import Alert, Course, Form, Session
from tests.sql_harness import SqlScout, sql_scout

pytestmark = pytest.mark.slow  # builds marts

MOOD, WORRY, KIND, BOND = "phq9_total", "gad7_total", "scs_total", "srs_total"
INSTRUMENTS = {MOOD: "phq9", WORRY: "gad7", KIND: "scs", BOND: "srs"}
MAXIMA = {MOOD: 27.0, WORRY: 21.0}
FLOOR, BAND, NOT_SEEN_DAYS = 50, 0.8, 90
START = date(2024, 1, 1)
KINDS = ("off_track", "deterioration", "mechanism", "alliance_drop", "not_seen")


def random_courses(seed: int) -> dict[str, Course]:
    """A clinic of three programs: a large one, a small one, and one that states no endings."""
    chance = Random(seed)  # noqa: S311 - not for secrets
    found = {}
    for number in range(150):
        program = "large" if number < 110 else "small" if number < 138 else "endless"
        start = START + timedelta(days=chance.randint(0, 200))
        days = [7 * week for week in range(chance.choice((1, 2, 4, 6, 9, 12)))]
        if chance.random() < 0.15:  # a long pause
            days = [day + (120 if day >= 14 else 0) for day in days]
        level, fall = chance.gauss(15, 4), chance.gauss(0.6, 0.5)
        kind, rise = chance.gauss(2.4, 0.4), chance.gauss(0.02, 0.04)
        forms = []
        for place, day in enumerate(days):
            on = start + timedelta(days=day)
            score = round(min(max(level - fall * place + chance.gauss(0, 2), 0), 27))
            if chance.random() < 0.95:
                forms.append(Form(MOOD, on, float(score)))
            if chance.random() < 0.9:
                worry = min(max(score - 2 + chance.randint(-3, 3), 0), 21)
                forms.append(Form(WORRY, on, float(worry)))
            if chance.random() < 0.6:
                forms.append(Form(KIND, on, round(min(max(kind + rise * place, 1), 5), 2)))
            if program == "small" and chance.random() < 0.7:
                forms.append(Form(BOND, on, chance.choice((39.5, 39.0, 38.6, 36.0))))
        sessions = [
            Session(
                start + timedelta(days=day),
                chance.random() < 0.9,
                float(chance.choice((3, 5, 5, 6, 6))) if chance.random() < 0.9 else None,
            )
            for day in days
        ]
        is_open = program != "endless" and chance.random() < 0.2
        ended_on = start + timedelta(days=days[-1] + chance.choice((0, 3, 100, -7)))
        ended_on = max(ended_on, start)
        found[f"e{number}"] = Course(
            f"c{number}",
            program,
            start,
            None if is_open or program == "endless" else ended_on,
            None if program == "endless" else not is_open,
            forms,
            sessions,
        )
    return found


def planted_courses(seed: int) -> dict[str, Course]:
    """A clinic in which 30 of 40 who will not improve fall back on day 28, as do 20 of 80 who will.

    Everybody begins near 18; who improves is at 6 in the end, who does not is at 18. Falling back
    is a score of 27, off every band; nobody else is ever worse than the start. So the sensitivity
    of the alert is 30/40, its specificity 60/80 and its predictive value 30/50.
    """
    chance = Random(seed)  # noqa: S311 - not for secrets
    found = {}
    for number in range(120):
        improves, falls_back = number >= 40, number < 30 or number >= 100
        first = 18.0 + chance.choice((-2, -1, 0, 1, 2))
        last = 6.0 if improves else first
        scores = [first, first - 1, first - 2, first - 2, 0.0, first - 3, last]
        scores[4] = 27.0 if falls_back else first - 2
        start = START + timedelta(days=number)
        forms = [
            Form(scale, start + timedelta(days=7 * week), min(score, MAXIMA[scale]))
            for week, score in enumerate(scores)
            for scale in (MOOD,)
        ]
        found[f"e{number}"] = Course(
            f"c{number}", "planted", start, forms[-1].occurred_on, True, forms, []
        )
    return found


def raw(courses: dict[str, Course]) -> dict[str, list[dict[str, Any]]]:
    """The rows landing would have written."""
    scores, episodes, sessions = [], [], []
    for number, (episode_id, course) in enumerate(courses.items()):
        episodes.append(
            {
                "record_key": number,
                "source": "clinic",
                "client_id": course.client_id,
                "episode_id": episode_id,
                "program_id": course.program_id,
                "started_on": course.started_on.isoformat(),
                "ended_on": course.ended_on.isoformat() if course.ended_on else None,
                "ending": "ongoing" if course.has_ended is False else None,
            }
        )
        sessions += [
            {
                "record_key": 1000 * number + place,
                "source": "clinic",
                "episode_id": episode_id,
                "session_number": str(place + 1),
                "held_on": session.held_on.isoformat(),
                "attended": "yes" if session.was_attended else "no",
                "alliance_score": session.alliance,
            }
            for place, session in enumerate(course.sessions)
        ]
        scores += [
            {
                "administration_key": 1000 * number + place,
                "record_key": 1000 * number + place,
                "source": "clinic",
                "client_id": course.client_id,
                "episode_id": episode_id,
                "program_id": course.program_id,
                "instrument_id": INSTRUMENTS[form.scale_id],
                "scale_id": form.scale_id,
                "score": str(form.score),
                "occurred_on": form.occurred_on.isoformat(),
                "repeat_number": "1",
            }
            for place, form in enumerate(course.forms)
        ]
    return {"stated_scores": scores, "episodes": episodes, "sessions": sessions}


def build(courses: dict[str, Course]) -> SqlScout:
    """The real SQL and the real estimates over the same courses."""
    scout = sql_scout().build(raw(courses), until="change")
    moments = scout.frame("change.int_trajectory_moments")
    made = trajectories.estimate(moments, minimum_courses=FLOOR, band=BAND)
    return scout.build_marts({"trajectory_estimates": made})


def criteria(scout: SqlScout) -> dict[str, dict[str, Any]]:
    """How change on each scale is judged; ``test_scores_and_changes_agree`` judges that."""
    return {row["scale_id"]: row for row in scout.rows("change.int_change_criteria")}


def naive_states(
    courses: dict[str, Course], scout: SqlScout
) -> dict[str, dict[Form, tuple[str, float | None, float | None]]]:
    """Episode -> its forms on outcomes -> state and band."""
    rules = criteria(scout)
    curves: dict[tuple[str, str, int], naive.Curve | None] = {}
    found: dict[str, dict[Form, tuple[str, float | None, float | None]]] = {}
    for episode_id, course in courses.items():
        found[episode_id] = {}
        for scale_id in (MOOD, WORRY):
            part = naive.part(course.client_id)
            key = (course.program_id, scale_id, part)
            if key not in curves:
                own = [each for each in courses.values() if each.program_id == course.program_id]
                curves[key] = naive.curve(own, scale_id, part, FLOOR, BAND) or naive.curve(
                    courses.values(), scale_id, part, FLOOR, BAND
                )
            rule = rules[scale_id]
            scale = naive.Scale(
                scale_id, rule["standard_error_of_difference"], rule["cutoff"], MAXIMA[scale_id]
            )
            forms = course.of(scale_id)
            for form in forms:
                found[episode_id][form] = naive.state(form, forms, scale, curves[key])
    return found


def naive_alerts(courses: dict[str, Course], scout: SqlScout) -> dict[tuple[str, str], Alert]:
    """Episode and kind -> alert."""
    rules = criteria(scout)
    states = naive_states(courses, scout)
    scales = [
        naive.Scale(each, rules[each]["standard_error_of_difference"], 0, 0)
        for each in (MOOD, WORRY)
    ]
    usual = {
        program: naive.within_sd(each for each in courses.values() if each.program_id == program)
        for program in {course.program_id for course in courses.values()}
    }
    days = [course.started_on for course in courses.values()]
    days += [course.ended_on for course in courses.values() if course.ended_on]
    for course in courses.values():
        days += [form.occurred_on for form in course.forms]
        days += [session.held_on for session in course.sessions]
    found = {}
    for episode_id, course in courses.items():
        words = {form: word for form, (word, _, _) in states[episode_id].items()}
        made = (
            naive.off_track(course, words),
            naive.deterioration(course, scales),
            naive.mechanism(
                course, words, KIND, rules[KIND]["standard_error_of_difference"] or float("nan")
            ),
            naive.alliance_drop(course, usual[course.program_id], BOND),
            naive.not_seen(course, max(days), NOT_SEEN_DAYS),
        )
        found |= {(episode_id, kind): alert for kind, alert in zip(KINDS, made, strict=True)}
    return found


@pytest.fixture(scope="module", params=[1, 2])
def clinic(request: pytest.FixtureRequest) -> tuple[dict[str, Course], SqlScout]:
    """A random clinic and the SQL over it."""
    courses = random_courses(request.param)
    return courses, build(courses)


def test_every_score_has_the_state_and_the_band_that_naive_code_gives_it(
    clinic: tuple[dict[str, Course], SqlScout],
) -> None:
    courses, scout = clinic
    expected = naive_states(courses, scout)
    rows = scout.rows("marts.fct_session_tracking")
    found = {(row["episode_id"], row["scale_id"], row["occurred_on"]): row for row in rows}
    assert len(found) == len(rows) == sum(map(len, expected.values()))
    seen: Counter[str] = Counter()
    for episode_id, forms in expected.items():
        for form, (word, low, high) in forms.items():
            row = found[episode_id, form.scale_id, form.occurred_on]
            assert row["tracking_state"] == word
            assert row["band_low"] == (None if low is None else pytest.approx(low, abs=1e-6))
            assert row["band_high"] == (None if high is None else pytest.approx(high, abs=1e-6))
            seen[word] += 1
    assert set(seen) == {"on_track", "off_track", "recovered_range", "unknown"}
    assert {row["reference_program_id"] for row in rows} == {"large", "all", None}


def test_every_alert_is_raised_when_naive_code_raises_it(
    clinic: tuple[dict[str, Course], SqlScout],
) -> None:
    courses, scout = clinic
    expected = naive_alerts(courses, scout)
    words = {"raised": True, "not_raised": False, "unknown": None}
    found = {
        (row["episode_id"], row["alert_kind"]): Alert(
            words[row["alert_status"]], row["raised_day"], row["is_standing"]
        )
        for row in scout.rows("marts.fct_alerts")
    }
    assert set(found) == set(expected)
    for kind in KINDS:
        mine = {key: alert for key, alert in expected.items() if key[1] == kind}
        different = [key for key, alert in mine.items() if found[key] != alert]
        assert not different, f"{kind}: {len(different)} of {len(mine)}"
        assert {alert.is_raised for alert in mine.values()} == {True, False, None}, kind


def test_how_well_an_alert_works_is_counted_course_by_course(
    clinic: tuple[dict[str, Course], SqlScout],
) -> None:
    courses, scout = clinic
    alerts = naive_alerts(courses, scout)
    outcomes = {row["episode_id"]: row for row in scout.rows("change.int_episode_outcomes")}
    lasts = {
        episode_id: max(
            (course.day(form.occurred_on) for each in (MOOD, WORRY) for form in course.of(each)),
            default=None,
        )
        for episode_id, course in courses.items()
    }
    rows = {
        (row["program_id"], row["population"], row["alert_kind"], row["predicted_outcome"],
         row["metric_id"]): row
        for row in scout.rows("marts.fct_alert_performance")
    }  # fmt: skip
    populations = {"large": "finished_courses", "small": "finished_courses", "endless": "courses"}
    checked = 0
    for program, population in (*populations.items(), ("all", "finished_courses")):
        mine = [
            episode_id
            for episode_id, row in outcomes.items()
            if row["is_counted"]
            and row["population"] == population
            and program in ("all", row["program_id"])
        ]
        for kind in KINDS:
            for target in ("not_improved", "deteriorated"):
                cells = naive.cells(
                    (
                        alerts[each, kind],
                        lasts[each],
                        None
                        if outcomes[each]["reliable_change_class"] == "unknown"
                        else outcomes[each]["reliable_change_class"] == "deteriorated"
                        if target == "deteriorated"
                        else outcomes[each]["reliable_change_class"] != "improved",
                    )
                    for each in mine
                )
                tp, fp, fn, tn = (cells[name] for name in ("tp", "fp", "fn", "tn"))
                for metric, count, total in (
                    ("sensitivity", tp, tp + fn),
                    ("specificity", tn, tn + fp),
                    ("positive_predictive_value", tp, tp + fp),
                    ("negative_predictive_value", tn, tn + fn),
                    ("base_rate", tp + fn, tp + fp + fn + tn),
                    ("rate", tp + fp + cells["late"], tp + fp + fn + tn),
                    ("late_rate", cells["late"], tp + fp + fn + tn),
                ):
                    row = rows[program, population, kind, target, f"alert_{metric}"]
                    assert (row["numerator_count"], row["sample_size"]) == (count, total)
                    assert row["estimate"] == pytest.approx(naive.share(count, total))
                    assert row["course_count"] == len(mine)
                    assert row["unknown_outcome_count"] == cells["unknown_outcome"]
                    assert row["unknown_alert_count"] == cells["unknown_alert"]
                    checked += count > 0
    assert checked > 50


def test_a_planted_alert_has_the_sensitivity_that_was_planted() -> None:
    scout = build(planted_courses(5))
    rows = {
        row["metric_id"]: row
        for row in scout.rows("marts.fct_alert_performance")
        if (row["program_id"], row["alert_kind"], row["predicted_outcome"])
        == ("planted", "off_track", "not_improved")
    }
    shares = {
        metric: (rows[f"alert_{metric}"]["numerator_count"], rows[f"alert_{metric}"]["sample_size"])
        for metric in ("sensitivity", "specificity", "positive_predictive_value", "base_rate")
    }
    assert shares == {
        "sensitivity": (30, 40),
        "specificity": (60, 80),
        "positive_predictive_value": (30, 50),
        "base_rate": (40, 120),
    }
    # Wilson's limits for 30 of 40, as statsmodels' proportion_confint gives them.
    limits = rows["alert_sensitivity"]
    assert (limits["interval_low"], limits["interval_high"]) == pytest.approx(
        (0.59806, 0.85814), abs=1e-4
    )
    # Raised on day 28 of 42, two forms before the last.
    for metric, lead in (("days", 14), ("occasions", 2)):
        row = rows[f"alert_lead_{metric}"]
        assert (row["estimate"], row["quartile_low"], row["quartile_high"]) == (lead, lead, lead)
        assert row["sample_size"] == 30
