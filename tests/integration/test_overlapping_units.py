"""Rates of conditions, clinics and years: counted a second time by hand, person by person.

What belongs here: what ``published.pub_comparisons`` says of the imaginary clinic, judged from the
evaluation file in plain Python. What does not: the rule by which units are held back
(``tests/unit/test_disclosure_overlaps``).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import pytest

from tests.helpers import Built

pytestmark = pytest.mark.slow

SMALLEST = 11


@dataclass(frozen=True)
class Course:
    """One counted course and the units it is in."""

    client: str
    program: str
    row: tuple[str, str]
    is_asked: bool
    has: frozenset[str]
    units: frozenset[tuple[str, str]]


@pytest.fixture(scope="module")
def courses(imaginary_home: Built) -> list[Course]:
    """Every counted course of the evaluation file."""
    clinics = dict(
        imaginary_home.evaluation("select episode_id, clinic_id from marts.dim_episodes")
    )
    conditions = defaultdict(set)
    for episode, condition in imaginary_home.evaluation(
        "select episode_id, condition_id from marts.dim_episode_conditions"
    ):
        conditions[episode].add(condition)
    found = []
    for (
        client,
        episode,
        program,
        ended,
        population,
        thresholds,
        at,
        *outcomes,
    ) in imaginary_home.evaluation(
        "select client_id, episode_id, program_id, ended_on, population, threshold_set, "
        "is_at_caseness, is_recovered, is_reliably_recovered, reliable_change_class "
        "from marts.fct_episode_outcomes where is_counted"
    ):
        recovered, reliably, change = outcomes
        has = {
            "recovery": recovered, "reliable_recovery": reliably,
            "reliable_improvement": change == "improved",
            "reliable_deterioration": change == "deteriorated",
        }  # fmt: skip
        units = {("condition", each) for each in conditions[episode]}
        units |= {("clinic", clinics[episode])} if clinics[episode] else set()
        units |= {("period", str(ended.year))} if isinstance(ended, date) else set()
        found.append(
            Course(
                str(client), str(program), (str(population), str(thresholds or "none")),
                at is not False, frozenset(name for name, is_so in has.items() if is_so),
                frozenset(units),
            )
        )  # fmt: skip
    return found


def test_every_shown_rate_of_a_condition_a_clinic_and_a_year_is_the_one_counted_by_hand(
    imaginary_home: Built, courses: list[Course]
) -> None:
    seen: dict[str, int] = defaultdict(int)
    for kind, unit, population, thresholds, metric, count, size, rate in imaginary_home.dashboard(
        "select unit_kind, unit_id, population, threshold_set, metric_id, numerator_count, "
        "sample_size, estimate from published.pub_comparisons "
        "where unit_kind <> 'program' and estimate_status = 'shown'"
    ):
        own = [
            each
            for each in courses
            if (kind, unit) in each.units
            and each.row == (population, thresholds)
            and (each.is_asked or metric in ("reliable_improvement", "reliable_deterioration"))
        ]
        assert size == len(own)
        assert count == sum(metric in each.has for each in own)
        assert rate == pytest.approx(count / size, abs=0.0006)
        seen[str(kind)] += 1
    # An empty table is counted right by anybody.
    assert set(seen) == {"condition", "clinic", "period"}


def test_no_shown_unit_is_some_programs_but_for_few_people(
    imaginary_home: Built, courses: list[Course]
) -> None:
    """Every union of programs is laid beside every unit whose number of courses is shown."""
    programs = sorted({each.program for each in courses})
    shown = imaginary_home.dashboard(
        "select distinct unit_kind, unit_id, population, threshold_set "
        "from published.pub_comparisons where unit_kind <> 'program' "
        "and metric_id = 'reliable_improvement' and sample_size_status = 'shown'"
    )
    assert shown
    for kind, unit, *row in shown:
        own = [each for each in courses if each.row == tuple(row)]
        for size in range(len(programs) + 1):
            for chosen in combinations(programs, size):
                apart = {
                    each.client
                    for each in own
                    if (each.program in chosen) != ((kind, unit) in each.units)
                }
                assert not 0 < len(apart) < SMALLEST


def test_limits_stand_beside_programs_and_clinics_alone(imaginary_home: Built) -> None:
    kinds = imaginary_home.dashboard(
        "select distinct unit_kind from published.pub_comparisons where target_status = 'shown'"
    )
    assert kinds
    assert {str(kind) for (kind,) in kinds} <= {"program", "clinic"}
