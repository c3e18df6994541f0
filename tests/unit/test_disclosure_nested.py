"""Few who are in the one table and not in the other are as few as any.

What belongs here: counts of two tables, one among the other, checked by eye and by the auditor.
What does not: counts of one table (``test_disclosure_protection``).
"""

from typing import Any

import pytest

from orchestration.auditing.audit import audit
from orchestration.auditing.shapes import SHAPES
from orchestration.disclosure.nested import left_over_by_few, of_programs_held_back
from orchestration.disclosure.policies import named
from orchestration.disclosure.tables import TABLES
from tests.oracle.release_tables import measures, tables

CMS, HES = named("cms11"), named("nhs_hes")
REFERRED = ("pub_attrition", "p", "step_1")
MEASURED = ("pub_program_measures", "p|mood", "episode_count")
PAIRED = ("pub_program_measures", "p|mood", "paired_count")
JUDGED = ("pub_program_measures", "p|mood", "judged_count")


def steps(referred: int) -> list[dict[str, Any]]:
    """The first step of a funnel."""
    row: dict[str, Any] = {
        "program_id": "p", "step_number": 1, "referred_count": referred,
        "previous_count": referred, "episode_count": referred, "lost_count": 0,
        "previous_proportion": None, "referred_proportion": None, "kept_from_release": None,
    }  # fmt: skip
    for name in (*SHAPES["pub_attrition"].counts, *SHAPES["pub_attrition"].shares):
        row[f"{name}_status"] = "suppressed" if row[name] is None else "shown"
    return [row]


def gains(courses: int) -> list[dict[str, Any]]:
    row: dict[str, Any] = {
        "program_id": "p", "scale_id": "mood", "course_count": courses, "gain_count": courses,
        "loss_count": 0, "gain_proportion": None, "kept_from_release": None,
    }  # fmt: skip
    for name in ("course_count", "gain_count", "loss_count", "gain_proportion"):
        row[f"{name}_status"] = "suppressed" if row[name] is None else "shown"
    return [row]


@pytest.mark.parametrize(("left", "is_told"), [(0, False), (1, True), (10, True), (11, False)])
def test_few_of_the_referred_who_were_never_measured_are_not_told(left: int, is_told: bool) -> None:
    hidden = left_over_by_few({REFERRED: 60 + left, MEASURED: 60}, TABLES, CMS)
    assert hidden == ({MEASURED} if is_told else set())
    seen = tables(measures(), pub_attrition=steps(60 + left))
    assert bool(audit(seen, [], smallest=11).recovered) == is_told


def test_what_rests_on_a_count_goes_with_it() -> None:
    shown = {REFERRED: 75, MEASURED: 75, PAIRED: 70, JUDGED: 60}
    assert left_over_by_few(shown, TABLES, CMS) == {PAIRED, MEASURED, JUDGED}


def test_a_total_goes_with_the_part_that_is_held_back() -> None:
    """Or the part is the total without the other program."""
    of_p, of_q, of_all = (
        ("pub_sudden_gains", f"{name}|mood", "course_count") for name in ("p", "q", "all")
    )
    shown = {PAIRED: 64, of_p: 60, of_q: 30, of_all: 90}
    assert left_over_by_few(shown, TABLES, CMS) == {of_p, of_all}
    seen = tables(measures(), pub_sudden_gains=gains(55))
    assert audit(seen, [], smallest=11).recovered == {"pub_sudden_gains": 1}
    assert audit(tables(measures(), pub_sudden_gains=gains(40)), [], smallest=11).is_clean


def test_of_rounded_counts_few_are_not_surely_few() -> None:
    """60 may be 58 and 65 may be 67: nine, which is not below eight."""
    assert left_over_by_few({REFERRED: 65, MEASURED: 60}, TABLES, HES) == set()


def test_more_among_fewer_are_other_people() -> None:
    assert left_over_by_few({REFERRED: 55, MEASURED: 60}, TABLES, CMS) == set()
    assert audit(tables(measures(), pub_attrition=steps(55)), [], smallest=11).is_clean


@pytest.mark.slow
@pytest.mark.parametrize(("came", "is_told"), [(0, False), (4, True), (11, False), (-4, True)])
def test_newcomers_who_were_referred_and_not_measured_may_not_be_few_either(
    came: int, is_told: bool
) -> None:
    """20 of 80 were not measured then; of 30 more were referred, so many were not measured."""
    then = {REFERRED: (80.0, 80.0), MEASURED: (60.0, 60.0)}
    shown = {REFERRED: 110, MEASURED: 90 - came}
    assert left_over_by_few(shown, TABLES, CMS, [then]) == ({MEASURED} if is_told else set())
    earlier = tables(measures(), pub_attrition=steps(80))
    row = measures(
        episode_count=90 - came, paired_count=None, judged_count=None, improved_count=None,
        unchanged_count=None, deteriorated_count=None,
    )  # fmt: skip
    seen = tables(row, pub_attrition=steps(110))
    assert bool(audit(seen, [earlier], smallest=11).differenced) == (is_told and came > 0)


def test_of_a_program_whose_size_is_held_back_nothing_is_shown() -> None:
    """Of 40 people 17 are in p; that 13 are measured in q says that r has 10 at most."""
    of_q = ("pub_program_measures", "q|mood", "episode_count")
    of_strata = ("pub_strata", "care|mood|program|q", "sample_size")
    shown = {
        ("pub_attrition", "all", "step_1"): 40, ("pub_attrition", "p", "step_1"): 17,
        ("pub_attrition", "q", "step_1"): None, ("pub_attrition", "r", "step_1"): None,
        MEASURED: 17, of_q: 13, of_strata: 13,
        ("pub_strata", "care|mood|all|all", "sample_size"): 40,
    }  # fmt: skip
    assert of_programs_held_back(shown, TABLES, resting=()) == {of_q, of_strata}


def test_what_waits_is_of_another_time() -> None:
    shown = {REFERRED: None, MEASURED: 17}
    assert of_programs_held_back(shown, TABLES, resting={("pub_attrition", "p")}) == set()


def test_newcomers_who_are_in_the_one_table_alone_are_worked_out_over_two_others() -> None:
    """20 came to mood and 12 to shame; who has both was not told then, but is at most the 40.

    So all 12 of shame have both, and 8 came who have mood alone.
    """
    mood, shame, both = (
        ("pub_program_measures", "p|mood", "paired_count"),
        ("pub_program_measures", "p|shame", "paired_count"),
        ("pub_change_associations", "p|shame|mood", "sample_size"),
    )
    now = {mood: 64, shame: 52, both: 52}
    assert left_over_by_few(now, TABLES, CMS) == set()
    then = {mood: (44.0, 44.0), shame: (40.0, 40.0)}
    assert left_over_by_few(now, TABLES, CMS, [then]) == {both}
