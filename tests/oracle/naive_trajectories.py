"""Sudden steps, first reliable changes and their order, as a person with the forms would find them.

What belongs here: one course at a time, in exact fractions and plain loops (metrics.md 2.2).
What does not: which scores are of a course (``naive_outcomes``), rates and tests of groups.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from scipy.stats import t as student


class Form(NamedTuple):
    """One total of one scale; ``key`` breaks ties, ``session`` is None where none is named."""

    occurred_on: date
    key: int
    session: int | None
    score: Fraction
    is_follow_up: bool = False


class Scale(NamedTuple):
    """A scale and how large a change on it must be."""

    is_higher_better: bool
    minimum: Fraction
    maximum: Fraction
    standard_error_of_difference: float | None

    def distance(self, score: Fraction) -> Fraction:
        """From the healthy end of the scale."""
        return self.maximum - score if self.is_higher_better else score - self.minimum

    def improvement(self, before: Fraction, after: Fraction) -> Fraction:
        """Signed so that positive is better."""
        return after - before if self.is_higher_better else before - after


class Step(NamedTuple):
    """What is said of one step between neighbouring sessions."""

    improvement: Fraction
    is_large: bool | None
    is_large_in_proportion: bool
    is_beyond_fluctuation: bool | None
    is_sudden: bool | None
    is_reversed: bool | None


class Course(NamedTuple):
    """What is said of one scale of one episode; days count from its first form."""

    moments: int
    status: str
    reason: str | None
    improved_on: date | None
    unimproved_on: date | None
    lasting_from: date | None
    deteriorated_on: date | None


def course_forms(forms: Sequence[Form], ended_on: date | None) -> list[Form]:
    """One form per day of the course: the first of the first day, the last of any other."""
    days: dict[date, list[Form]] = {}
    for form in sorted(forms, key=lambda each: (each.occurred_on, _order(each), each.key)):
        if not form.is_follow_up and (ended_on is None or form.occurred_on <= ended_on):
            days.setdefault(form.occurred_on, []).append(form)
    return [
        forms_of_day[0] if day == min(days) else forms_of_day[-1]
        for day, forms_of_day in days.items()
    ]


def _order(form: Form) -> float:
    return float("inf") if form.session is None else form.session


def planned_sessions(courses: Sequence[Sequence[Form]]) -> list[int]:
    """The sessions that at least a tenth of the courses around them have a form of."""
    named = [[form.session for form in course if form.session is not None] for course in courses]
    found = []
    for session in sorted({session for sessions in named for session in sessions}):
        having = sum(sessions.count(session) for sessions in named)
        around = sum(bool(s) and min(s) <= session <= max(s) for s in named)
        if 10 * having >= around:
            found.append(session)
    return found


def places(course: Sequence[Form], planned: Sequence[int]) -> list[int]:
    """The place of each form among the sessions, or in line where no plan fits."""
    sessions = [form.session for form in course]
    if all(session in planned for session in sessions):
        numbers = [planned.index(session) for session in sessions if session is not None]
        if numbers == sorted(set(numbers)):
            return numbers
    return list(range(len(course)))


def steps(course: Sequence[Form], planned: Sequence[int], scale: Scale) -> dict[date, Step]:
    """Day of the later score -> the step to it, for every pair of neighbouring sessions."""
    place = places(course, planned)
    at = {number: form.score for number, form in zip(place, course, strict=True)}
    found = {}
    for number, form in zip(place, course, strict=True):
        if number - 1 not in at:
            continue
        size = scale.improvement(at[number - 1], form.score)
        before = [at[n] for n in range(number - 3, number) if n in at]
        after = [at[n] for n in range(number, number + 3) if n in at]
        error = scale.standard_error_of_difference
        large = None if error is None else float(abs(size)) >= 1.96 * error
        proportion = 4 * abs(size) >= scale.distance(at[number - 1])
        beyond = _is_beyond(before, after, scale, better=size >= 0)
        criteria = (large, proportion, beyond)
        later = [score for n, score in at.items() if n > number]
        half_way = (at[number - 1] + form.score) / 2
        back = [scale.improvement(half_way, score) for score in later]
        found[form.occurred_on] = Step(
            size,
            large,
            proportion,
            beyond,
            False if False in criteria else None if None in criteria else True,
            None
            if not later or size == 0
            else any(each < 0 for each in back)
            if size > 0
            else any(each > 0 for each in back),
        )
    return found


def _is_beyond(
    before: Sequence[Fraction], after: Sequence[Fraction], scale: Scale, *, better: bool
) -> bool | None:
    """Criterion 3, compared as squares so that only the quantile is a float."""
    if len(before) < 2 or len(after) < 2:
        return None
    mean_before, mean_after = (sum(side) / Fraction(len(side)) for side in (before, after))
    freedom = len(before) + len(after) - 2
    squares = sum((x - mean_before) ** 2 for x in before) + sum(
        (x - mean_after) ** 2 for x in after
    )
    difference = scale.improvement(mean_before, mean_after) * (1 if better else -1)
    quantile = float(student.ppf(0.975, freedom))
    return difference > 0 and float(difference**2) > quantile**2 * float(squares / freedom)


def course(forms: Sequence[Form], scale: Scale) -> Course:
    """When the course first improved and for good; ``forms`` as from ``course_forms``."""
    error = scale.standard_error_of_difference
    reason = (
        "no_score"
        if not forms
        else "no_second_score"
        if len(forms) == 1
        else "no_rule"
        if error is None
        else None
    )
    if reason or error is None:
        return Course(len(forms), "unknown", reason, None, None, None, None)
    index = [float(scale.improvement(forms[0].score, form.score)) / error for form in forms]
    better = [each > 1.96 for each in index]
    worse = [each < -1.96 for each in index]
    first = better.index(True) if True in better else None
    lasting = None
    for number in reversed(range(len(forms))):
        if not better[number]:
            break
        lasting = number
    return Course(
        len(forms),
        "censored" if first is None else "reached",
        None,
        None if first is None else forms[first].occurred_on,
        None if first is None else forms[first - 1].occurred_on,
        None if lasting is None else forms[lasting].occurred_on,
        forms[worse.index(True)].occurred_on if True in worse else None,
    )


def order(process: Course, outcome: Course) -> tuple[str, bool | None]:
    """Which came first, and whether the scores tell the two apart."""
    if "unknown" in (process.status, outcome.status):
        return "unknown", None
    a, b = process.improved_on, outcome.improved_on
    if a is None or b is None:
        words: Mapping[tuple[bool, bool], str] = {
            (True, True): "neither",
            (True, False): "outcome_only",
            (False, True): "process_only",
        }
        return words[a is None, b is None], None
    if a == b:
        return "together", None
    later, seen_on = (outcome, a) if a < b else (process, b)
    assert later.unimproved_on is not None
    return "process_first" if a < b else "outcome_first", later.unimproved_on >= seen_on
