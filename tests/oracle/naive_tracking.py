"""Whether a course is on track and which alerts it raises, as a person with the forms would say.

What belongs here: expected trajectories from the rows themselves, states and alerts of one episode
at a time, and the four cells of an alert.
What does not: scores, changes and outcomes (``naive_change``, ``naive_outcomes``).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from hashlib import md5
from statistics import mean, variance
from typing import Any, NamedTuple

import numpy as np
from scipy import stats


class Form(NamedTuple):
    """One total on one day."""

    scale_id: str
    occurred_on: date
    score: float


class Session(NamedTuple):
    """One session of the diary."""

    held_on: date
    was_attended: bool
    alliance: float | None


class Course(NamedTuple):
    """What is known of one episode; forms and sessions in the order of time."""

    client_id: str
    program_id: str
    started_on: date
    ended_on: date | None
    has_ended: bool | None
    forms: Sequence[Form]
    sessions: Sequence[Session]

    def of(self, scale_id: str) -> list[Form]:
        """The forms of the course on one scale."""
        return [
            form
            for form in self.forms
            if form.scale_id == scale_id
            and (self.ended_on is None or form.occurred_on <= self.ended_on)
        ]

    def alliances(self) -> list[tuple[date, float]]:
        """The alliance as the diary of attended sessions has it, until the end of the course."""
        return [
            (each.held_on, each.alliance)
            for each in self.sessions
            if each.was_attended
            and each.alliance is not None
            and (self.ended_on is None or each.held_on <= self.ended_on)
        ]

    def day(self, when: date) -> int:
        """Days since the first contact."""
        return (when - self.started_on).days


class Scale(NamedTuple):
    """An outcome scale on which higher is worse; a case from the cut-off on."""

    scale_id: str
    standard_error: float
    cutoff: float
    maximum: float


class Curve(NamedTuple):
    """A trajectory: coefficients of mean and variance, the least variance, and its reach."""

    mean: Sequence[float]
    variance: Sequence[float]
    least: float
    multiplier: float
    reach: float
    lowest: float
    highest: float


def part(client_id: str) -> int:
    """Which eighth of the clients."""
    return ("0123456789abcdef".index(md5(client_id.encode()).hexdigest()[0]) + 1) % 8  # noqa: S324 - sorts into parts, guards nothing


def curve(
    courses: Iterable[Course], scale_id: str, without: int, floor: int, band: float
) -> Curve | None:
    """Least squares over the later scores of closed courses of the other clients."""
    rows, all_ends, intakes, taught = [], [], [], 0
    for course in courses:
        forms = course.of(scale_id)
        later = [form for form in forms if form.occurred_on > forms[0].occurred_on]
        if course.has_ended is False or not later:
            continue
        all_ends.append((later[-1].occurred_on - forms[0].occurred_on).days)
        intakes.append(forms[0].score)
        if part(course.client_id) == without:
            continue
        taught += 1
        for form in later:
            elapsed = (form.occurred_on - forms[0].occurred_on).days
            rows.append((forms[0].score, math.log(1 + elapsed), form.score))
    if len(all_ends) < floor or taught <= 4:
        return None
    x, log_time, y = np.array(rows).T
    design = np.column_stack([np.ones(len(x)), x, log_time, x * log_time])
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    squares = (y - design @ coefficients) ** 2
    spread = np.column_stack([np.ones(len(x)), log_time, log_time**2, x])
    return Curve(
        list(coefficients),
        list(np.linalg.lstsq(spread, squares, rcond=None)[0]),
        float(squares.mean()) / 4,
        float(stats.t.ppf(0.5 + band / 2, taught - 4)) * math.sqrt(1 + 4 / taught),
        round(float(np.quantile(all_ends, 0.95)), 6),
        min(intakes),
        max(intakes),
    )


def state(
    form: Form, forms: Sequence[Form], scale: Scale, chosen: Curve | None
) -> tuple[str, float | None, float | None]:
    """State of one form of a course, with the ends of the band where there is one."""
    first = forms[0]
    elapsed = (form.occurred_on - first.occurred_on).days
    if elapsed == 0:
        return "unknown", None, None
    low = high = None
    if (
        chosen is not None
        and elapsed <= chosen.reach
        and chosen.lowest <= first.score <= chosen.highest
    ):
        log_time = math.log(1 + elapsed)
        a, b, c, d = chosen.mean
        expected = a + b * first.score + (c + d * first.score) * log_time
        u, v, w, z = chosen.variance
        spread = max(u + v * log_time + w * log_time**2 + z * first.score, chosen.least)
        half = chosen.multiplier * math.sqrt(spread)
        low = min(max(expected - half, 0), scale.maximum)
        high = min(max(expected + half, 0), scale.maximum)
    if first.score >= scale.cutoff > form.score:
        return "recovered_range", low, high
    if high is None:
        return "unknown", None, None
    return ("off_track" if form.score > high else "on_track"), low, high


class Alert(NamedTuple):
    """Whether it was raised (None: not to be judged), on which day first, and if it stands."""

    is_raised: bool | None
    day: int | None = None
    is_standing: bool | None = None


def first_of(judged: Iterable[tuple[int, bool]]) -> Alert:
    """An alert from the days on which it could be judged."""
    days = list(judged)
    if not days:
        return Alert(None)
    met = [day for day, is_met in days if is_met]
    if not met:
        return Alert(False)
    return Alert(True, min(met), max(met) == max(day for day, _ in days))


def off_track(course: Course, states: Mapping[Form, str]) -> Alert:
    """The first score that was worse than expected."""
    return first_of(
        (course.day(form.occurred_on), word == "off_track")
        for form, word in states.items()
        if word != "unknown"
    )


def deterioration(course: Course, scales: Iterable[Scale]) -> Alert:
    """The first score that is reliably worse than the first."""
    return first_of(
        (
            course.day(form.occurred_on),
            (form.score - forms[0].score) / scale.standard_error > 1.96,
        )
        for scale in scales
        for forms in [course.of(scale.scale_id)]
        for form in forms
        if form.occurred_on > forms[0].occurred_on
    )


def mechanism(
    course: Course, states: Mapping[Form, str], process: str, standard_error: float
) -> Alert:
    """Off track from day 21 to 35 while the process has been asked again and has not risen."""
    asked = [form for form in course.forms if form.scale_id == process]
    judged = []
    for form, word in states.items():
        day = course.day(form.occurred_on)
        if word == "unknown" or not 21 <= day <= 35:
            continue
        if word != "off_track":
            judged.append((day, False))
            continue
        again = [each for each in asked[1:] if each.occurred_on <= form.occurred_on]
        if again:
            rises = [(each.score - asked[0].score) / standard_error for each in again]
            judged.append((day, not any(rise > 1.96 for rise in rises)))
    return first_of(judged)


def within_sd(courses: Iterable[Course]) -> float | None:
    """SD of the diary's alliance within episodes; ten with two scores or more are needed."""
    usable = [
        [score for _, score in course.alliances()]
        for course in courses
        if len(course.alliances()) > 1
    ]
    if len(usable) < 10:
        return None
    squares = sum(variance(scores) * (len(scores) - 1) for scores in usable)
    return math.sqrt(squares / sum(len(scores) - 1 for scores in usable))


def alliance_drop(course: Course, usual: float | None, form_scale: str) -> Alert:
    """A form of 36 or lower or down by a point; a diary's score two SDs below the earlier mean."""
    judged = []
    forms = course.of(form_scale)
    for place, form in enumerate(forms):
        fell = place > 0 and forms[place - 1].score - form.score >= 1
        judged.append((course.day(form.occurred_on), form.score <= 36 or fell))
    scored = course.alliances()
    for place, (held_on, score) in enumerate(scored):
        if place >= 3 and usual is not None:
            earlier = mean(each for _, each in scored[:place])
            judged.append((course.day(held_on), earlier - score > 2 * usual))
    return first_of(judged)


def not_seen(course: Course, today: date, limit: int) -> Alert:
    """More than ``limit`` days from one contact to the next, or to the end, or to today."""
    if course.has_ended is None:
        return Alert(None)
    end = course.ended_on if course.has_ended else today
    contacts = {course.started_on} | {form.occurred_on for form in course.forms}
    contacts |= {each.held_on for each in course.sessions if each.was_attended}
    seen = sorted(day for day in contacts if end is None or day <= end)
    stops = [*seen[1:], *([end] if end else [])]
    return first_of(
        (
            course.day(min(stop, start + timedelta(days=limit + 1))),
            (stop - start).days > limit,
        )
        for start, stop in zip(seen, stops, strict=False)
    )


def cells(
    alerts: Iterable[tuple[Alert, int | None, bool | None]],
) -> dict[str, int]:
    """True and false positives and negatives and the unknown.

    Args:
        alerts: for each course its alert, the day of its last score, whether it had the outcome.
    """
    found = dict.fromkeys(("tp", "fp", "fn", "tn", "unknown_outcome", "unknown_alert", "late"), 0)
    for alert, last_day, has_outcome in alerts:
        if has_outcome is None:
            found["unknown_outcome"] += 1
        elif alert.is_raised is None or (alert.is_raised and last_day is None):
            found["unknown_alert"] += 1
        else:
            in_time = bool(alert.is_raised and alert.day < last_day)  # type: ignore[operator]
            found["late"] += bool(alert.is_raised and not in_time)
            found[("t" if in_time == has_outcome else "f") + ("p" if in_time else "n")] += 1
    return found


def share(count: int, total: int) -> Any:
    """A share, None of nobody."""
    return count / total if total else None
