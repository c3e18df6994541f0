"""What is held back, so that no small count can be worked out.

What belongs here: protection against an attacker who tries every table, small cases checked by
eye, policies. What does not: the auditor (``test_disclosure_auditor``), what moves between
releases (``test_disclosure_releases``).
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.disclosure.policies import POLICIES, DisclosurePolicy, named
from orchestration.errors import SettingsError
from tests.oracle.random_releases import CLASSES, Course, Release, given_away, publish

THREE = DisclosurePolicy("three", 3, 1, 3, 1, 3, "small enough for every table to be tried")


def courses_of(**sizes: int) -> list[Course]:
    """So many courses of one program per class; ``once`` came once."""
    return [
        Course(f"{outcome}-{number}", "p", None if outcome == "once" else outcome, 10, True)
        for outcome, size in sizes.items()
        for number in range(size)
    ]


def shown(release: Release, block: str = "p|mood") -> dict[str, int | None]:
    """Cell -> the number shown, None where it is held back."""
    rows = release.seen[release.seen["block_id"] == block]
    return {
        cell: int(value) if status == "shown" else None
        for cell, value, status in rows[["cell", "value", "status"]].itertuples(index=False)
    }


def test_the_neighbour_of_a_small_class_is_held_back_the_smaller_first() -> None:
    found = shown(
        publish(courses_of(improved=60, unchanged=40, deteriorated=3), None, named("cms11"))
    )
    assert found["deteriorated_count"] is None
    assert found["unchanged_count"] is None
    assert (found["improved_count"], found["judged_count"]) == (60, 103)


def test_none_is_shown_as_none_of_a_group_that_is_shown() -> None:
    found = shown(publish(courses_of(improved=60, unchanged=40), None, named("cms11")))
    assert (found["improved_count"], found["deteriorated_count"]) == (60, 0)


def test_a_whole_group_of_few_shows_nothing_not_even_that_all_are_alike() -> None:
    found = shown(publish(courses_of(deteriorated=10), None, named("cms11")))
    assert set(found.values()) == {None}


def test_those_who_came_once_cannot_be_subtracted() -> None:
    found = shown(publish(courses_of(improved=30, unchanged=20, once=1), None, named("cms11")))
    assert (found["episode_count"], found["paired_count"]) == (None, 50)


def test_two_small_classes_together_are_no_small_count_either() -> None:
    # 5 and 4 make 9: to hide both and show the 30 and the 39 would tell the 9.
    found = shown(
        publish(courses_of(improved=30, unchanged=5, deteriorated=4), None, named("cms11"))
    )
    assert [found[f"{name}_count"] for name in CLASSES] == [None, None, None]


def test_a_person_who_came_twice_is_one_person() -> None:
    # Eleven episodes of ten people.
    ten = courses_of(improved=10)
    again = Course(ten[0].client, "p", "improved", 11, True)
    assert set(shown(publish([*ten, again], None, named("cms11"))).values()) == {None}
    assert shown(publish(courses_of(improved=11), None, named("cms11")))["paired_count"] == 11


def test_a_total_does_not_tell_the_one_program_that_is_held_back() -> None:
    large = [Course(f"a{n}", "a", "improved", 10, True) for n in range(40)]
    small = [Course(f"b{n}", "b", "improved", 10, True) for n in range(5)]
    release = publish([*large, *small], None, named("cms11"))
    assert shown(release, "b|f|t")["course"] is None
    told = (shown(release, "a|f|t")["course"], shown(release, "all|f|t")["course"])
    assert None in told


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_counts_are_rounded_as_the_policy_says_and_small_ones_never_shown(
    policy: DisclosurePolicy,
) -> None:
    for count in range(200):
        seen = policy.published(count)
        low, high = policy.possible(count)
        assert seen % policy.rounding == 0
        assert abs(seen - count) <= policy.rounding // 2
        if count == 0 or count >= policy.smallest_count:
            assert low <= count <= high


def test_an_unknown_policy_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match="cms11, nhs_hes, nhs_mh, opensafely"):
        named("cms12")


@pytest.mark.slow
@settings(max_examples=20, deadline=None, database=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4).filter(any))
def test_whoever_tries_every_table_learns_no_small_number(sizes: list[int]) -> None:
    courses = courses_of(**dict(zip([*CLASSES, "once"], sizes, strict=True)))
    release = publish(courses, None, THREE)
    assert given_away(courses, release.seen, THREE.smallest_count, room=4) == 0


def test_the_one_who_tries_every_table_finds_what_small_cells_alone_leave_open() -> None:
    courses = courses_of(improved=5, unchanged=4, deteriorated=1)
    bare = publish(courses, None, THREE, is_complementary=False)
    assert given_away(courses, bare.seen, THREE.smallest_count, room=4) > 0


@pytest.mark.slow
def test_to_hold_back_more_never_shows_less_small_ones() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        courses = courses_of(
            **dict(zip([*CLASSES, "once"], random.integers(0, 60, 4), strict=True))
        )
        release = publish(courses, None, named("cms11"))
        assert not any(0 < number < 11 for number in shown(release).values() if number is not None)
