"""How one episode ended, as a person with the forms and the diary on the table would say.

What belongs here: first and last score of a course, caseness, reliable change and recovery over two
domains, finished courses (metrics.md 2.3), one episode at a time.
What does not: the change between any other two forms (``naive_change``).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple


class Form(NamedTuple):
    """One total on one day; ``key`` breaks ties."""

    scale_id: str
    occurred_on: date
    key: int
    score: float
    is_follow_up: bool = False


class Measure(NamedTuple):
    """A scale with its thresholds; lower is better and both are reached with >=."""

    scale_id: str
    caseness: float
    reliable_change: float


class Course(NamedTuple):
    """What is known of one episode. ``sessions`` says for each whether it was attended."""

    forms: Sequence[Form]
    sessions: Sequence[str | None]
    ended_on: date | None
    ending: str | None


class Domain(NamedTuple):
    """What one measure says of one course."""

    scale_id: str
    first_score: float | None
    last_score: float | None
    was_case: bool | None
    is_case: bool | None
    reliable_change_class: str


MISSED = {"false", "no", "dna"}


def ends(course: Course, scale_id: str) -> tuple[float | None, float | None]:
    """First and last score of the course; a last one needs a later day."""
    mine = sorted(
        (
            form
            for form in course.forms
            if form.scale_id == scale_id
            and not form.is_follow_up
            and (course.ended_on is None or form.occurred_on <= course.ended_on)
        ),
        key=lambda form: (form.occurred_on, form.key),
    )
    if not mine:
        return None, None
    later = [form for form in mine if form.occurred_on > mine[0].occurred_on]
    return mine[0].score, later[-1].score if later else None


def domain(course: Course, measures: Sequence[Measure]) -> Domain:
    """The first measure with a pair speaks, else the first with a score, else the first."""
    found = {each.scale_id: ends(course, each.scale_id) for each in measures}
    is_enough: Iterable[Callable[[str], bool]] = (
        lambda scale_id: found[scale_id][1] is not None,
        lambda scale_id: found[scale_id][0] is not None,
        lambda _: True,
    )
    for enough in is_enough:
        for each in measures:
            if enough(each.scale_id):
                first, last = found[each.scale_id]
                return Domain(
                    each.scale_id,
                    first,
                    last,
                    None if first is None else first >= each.caseness,
                    None if last is None else last >= each.caseness,
                    change_class(first, last, each.reliable_change),
                )
    raise AssertionError


def change_class(first: float | None, last: float | None, size: float) -> str:
    """By points, the size itself included."""
    if first is None or last is None:
        return "unknown"
    if first - last >= size:
        return "improved"
    return "deteriorated" if last - first >= size else "unchanged"


def outcome(
    course: Course, domains: Sequence[Domain], *, states_endings: bool
) -> dict[str, object]:
    """The episode's row of ``int_episode_outcomes``, without its ids."""
    contacts = sum((each or "").lower() not in MISSED for each in course.sessions)
    ended = course.ended_on is not None or course.ending in ("planned", "unplanned")
    counted = contacts >= 2 and (ended or not states_endings)

    starts = [each.was_case for each in domains]
    finals = [each.is_case for each in domains]
    changes = [each.reliable_change_class for each in domains]
    at_caseness = True if True in starts else None if None in starts else False
    below = False if True in finals else None if None in finals else True
    if "unknown" in changes:
        overall = "unknown"
    elif "improved" in changes and "deteriorated" not in changes:
        overall = "improved"
    elif "deteriorated" in changes and "improved" not in changes:
        overall = "deteriorated"
    else:
        overall = "unchanged"
    if at_caseness is False:
        recovery = "not_at_caseness"
    elif at_caseness is None or below is None:
        recovery = "unknown"
    else:
        recovery = "recovered" if below else "not_recovered"
    return {
        "contact_count": contacts,
        "is_finished": (counted if states_endings else None) if contacts >= 2 else False,
        "is_counted": counted,
        "population": "finished_courses" if states_endings else "courses",
        "is_paired": all(each.last_score is not None for each in domains),
        "is_at_caseness": at_caseness,
        "recovery_class": recovery,
        "reliable_change_class": overall,
        "is_recovered": below if at_caseness else None,
        "is_reliably_recovered": reliably_recovered(at_caseness, below, overall),
        "outcome_status": "unknown" if "unknown" in (overall, recovery) else "known",
    }


def reliably_recovered(at_caseness: bool | None, below: bool | None, overall: str) -> bool | None:
    """Both, or certainly not both, or nobody knows."""
    if not at_caseness:
        return None
    if below is False or overall in ("unchanged", "deteriorated"):
        return False
    return True if below and overall == "improved" else None
