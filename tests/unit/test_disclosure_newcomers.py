"""What two releases tell of those who came in between: as little as of any few.

What belongs here: planted newcomers, small sets of counts checked by trying every table, pictures,
and the attack on them.
What does not: whether enough came for a row to move (``test_disclosure_releases``).
"""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from orchestration.auditing.audit import audit
from orchestration.disclosure.history import History
from orchestration.disclosure.newcomers import TwoTimes, tells_few, to_hide
from orchestration.disclosure.policies import named
from orchestration.disclosure.protection import NO_PARENT
from tests.oracle.random_releases import CLASSES, Course, Release, make_courses, publish
from tests.oracle.release_tables import as_tables, measures, tables

CMS = named("cms11")


def people(start: int = 0, **sizes: int) -> list[Course]:
    return [
        Course(f"{outcome}-{start + number}", "p", outcome, 10, True)
        for outcome, size in sizes.items()
        for number in range(size)
    ]


def shown(release: Release) -> dict[str, int | None]:
    rows = release.seen[release.seen["block_id"] == "p|mood"]
    return {
        cell: int(value) if status == "shown" else None
        for cell, value, status in rows[["cell", "value", "status"]].itertuples(index=False)
    }


BEFORE = people(improved=40, unchanged=20, deteriorated=12)
# Of 61 who come 1 gets worse.
AFTER = [*BEFORE, *people(100, improved=30, unchanged=30, deteriorated=1)]


def told_of_newcomers(first: Release, second: Release) -> set[tuple[int, ...]]:
    """Every table of newcomers by class that agrees with both releases."""
    then, now = shown(first), shown(second)
    counts = [f"{name}_count" for name in CLASSES]
    assert now["judged_count"] == 133
    return {
        came
        for came in product(range(62), repeat=3)
        if sum(came) == 61
        and all(
            number == came[place] + then[name]
            for place, name in enumerate(counts)
            if (number := now[name]) is not None and then[name] is not None
        )
    }


def test_one_of_the_newcomers_got_worse_and_nobody_can_tell() -> None:
    first = publish(BEFORE, None, CMS)
    second = publish(AFTER, first, CMS)
    assert shown(first)["deteriorated_count"] == 12
    possible = told_of_newcomers(first, second)
    for place in range(3):
        few = {came[place] for came in possible}
        assert not few <= set(range(1, 11))
    assert (30, 30, 1) in possible
    assert shown(second)["improved_count"] == 70, "what is held back altogether proves nothing"
    assert audit(as_tables(second), [as_tables(first)], smallest=11).is_clean


def test_the_auditor_finds_the_one_where_the_release_before_was_forgotten() -> None:
    """As releases were made before newcomers were a table of their own."""
    first = publish(BEFORE, None, CMS)
    second = publish(AFTER, replace(first, history=History()), CMS)
    assert shown(second)["deteriorated_count"] == 13
    verdict = audit(as_tables(second), [as_tables(first)], smallest=11)
    assert verdict.differenced["pub_program_measures"] > 0


def test_the_auditor_finds_two_hidden_classes_of_newcomers_who_share_few() -> None:
    """Each class of newcomers is held back, and both together are 5."""
    before = measures(
        episode_count=None, improved_count=30, unchanged_count=None, deteriorated_count=None
    )
    after = measures(
        episode_count=None, paired_count=90, judged_count=90, improved_count=55,
        unchanged_count=None, deteriorated_count=None,
    )  # fmt: skip
    assert audit(tables(after), [tables(before)], smallest=11).differenced
    enough = {**after, "improved_count": 45}
    assert audit(tables(enough), [tables(before)], smallest=11).is_clean


def test_who_left_is_told_apart_as_little_as_who_came() -> None:
    first = publish(AFTER, None, CMS)
    gone = [one for one in AFTER if one.client not in {f"improved-{n}" for n in range(14)}]
    gone = [one for one in gone if one.client not in {f"unchanged-{n}" for n in range(6)}]
    second = publish(gone, first, CMS)
    assert audit(as_tables(second), [as_tables(first)], smallest=11).is_clean
    forgotten = publish(gone, replace(first, history=History()), CMS)
    assert audit(as_tables(forgotten), [as_tables(first)], smallest=11).differenced


def test_a_row_rests_where_its_numbers_of_now_would_be_mostly_holes() -> None:
    """Of 16 newcomers 8 are in each class: 4 of 6 counts of 56, or 6 of 6 of 40."""
    first = publish(people(improved=20, unchanged=20), None, CMS)
    more = people(100, improved=8, unchanged=8)
    second = publish([*people(improved=20, unchanged=20), *more], first, CMS)
    assert shown(second) == shown(first)
    assert second.changes.set_index("block_id")["change"].at["p|mood"] == "few"
    many = people(100, improved=9, unchanged=80)
    third = publish([*people(improved=20, unchanged=20), *many], second, CMS)
    assert shown(third)["judged_count"] == 129


@pytest.mark.parametrize("policy", ["nhs_hes", "nhs_mh"])
def test_what_rounding_hides_need_not_be_held_back(policy: str) -> None:
    first = publish(BEFORE, None, named(policy))
    second = publish(AFTER, first, named(policy))
    assert None not in [shown(second)[f"{name}_count"] for name in CLASSES]


def two_times(then: list[int], now: list[int], smallest: int) -> TwoTimes:
    """A total, its classes, and all of them shown both times."""
    values = np.array([sum(now), *now])
    before = np.array([sum(then), *then], dtype=float)
    members = csr_array(np.vstack([np.ones(len(now)), np.eye(len(now))]))
    return TwoTimes(
        members=members, values=values, low=values, high=values, then_low=before,
        then_high=before, parents=np.array([NO_PARENT, *[0] * len(now)]),
        is_shown=np.ones(len(values), dtype=bool), is_fixed=np.zeros(len(values), dtype=bool),
        smallest=smallest,
    )  # fmt: skip


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(st.integers(3, 6), min_size=3, max_size=3),
    st.lists(st.integers(0, 7), min_size=3, max_size=3),
)
def test_whoever_tries_every_table_of_newcomers_learns_no_small_number(
    then: list[int], came: list[int]
) -> None:
    now = [a + b for a, b in zip(then, came, strict=True)]
    hidden, unsecured = to_hide(two_times(then, now, 3))
    assert unsecured == 0
    numbers = np.array(list(product(range(sum(came) + 4), repeat=3)))
    for cell, is_hidden in enumerate(hidden):
        inside = numbers.sum(axis=1) if cell == 0 else numbers[:, cell - 1]
        if not is_hidden:
            numbers = numbers[inside == (sum(came) if cell == 0 else came[cell - 1])]
    assert came in numbers.tolist()
    for weights in product((0, 1), repeat=3):
        sums = numbers @ np.array(weights)
        assert not (sums.min() >= 1 and sums.max() < 3)


def test_of_newcomers_who_are_enough_in_each_class_nothing_is_held_back() -> None:
    hidden, _ = to_hide(two_times([20, 20, 20], [40, 20, 31], 11))
    assert not hidden.any()


def test_areas_that_both_pictures_cut_out_may_not_gain_few() -> None:
    def bins(*counts: int, edges: tuple[int, ...]) -> list[tuple[tuple[int, ...], ...]]:
        spans = pairwise(edges)
        return [
            ((low + 1,), (high,), float(count), float(count))
            for (low, high), count in zip(spans, counts, strict=True)
        ]

    then = bins(20, 30, 25, edges=(0, 5, 9, 30))
    assert tells_few(bins(35, 30, 26, edges=(0, 5, 9, 30)), then, 11)
    assert not tells_few(bins(35, 30, 25, edges=(0, 5, 9, 30)), then, 11)
    # Cut elsewhere, only all together can be subtracted.
    assert not tells_few(bins(35, 30, 26, edges=(0, 6, 10, 30)), then, 11)
    assert tells_few(bins(22, 69, edges=(0, 5, 30)), then, 11)


def test_the_auditor_lays_two_pictures_over_each_other() -> None:
    def picture(*counts: int, edges: tuple[int, ...]) -> dict[str, list[dict[str, object]]]:
        rows = [
            {
                "program_id": "p", "scale_id": "mood", "score_moment": "first",
                "bin_number": number, "bin_low": edges[number - 1], "bin_high": edges[number],
                "paired_count": sum(counts), "paired_count_status": "shown",
                "episode_count": count, "episode_count_status": "shown",
                "kept_from_release": None,
            }
            for number, count in enumerate(counts, start=1)
        ]  # fmt: skip
        return {"pub_score_bins": rows}

    then = tables(**picture(20, 30, 25, edges=(0, 5, 9, 30)))
    same = tables(**picture(34, 31, 25, edges=(0, 5, 9, 30)))
    other = tables(**picture(34, 31, 25, edges=(0, 6, 10, 30)))
    assert audit(same, [then], smallest=11).differenced == {"pub_score_bins": 1}
    assert audit(other, [then], smallest=11).is_clean


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_of_small_groups_that_come_again_and_again_nothing_is_told(seed: int) -> None:
    random = np.random.default_rng([7, seed])
    courses = make_courses(random, {"a": 60, "b": 40})
    release, earlier, moved, forgotten = None, [], 0, 0
    for step in range(1, 5):
        bare = None if release is None else replace(release, history=History())
        if bare is not None:
            forgotten += not audit(
                as_tables(publish(courses, bare, CMS)), earlier, smallest=11
            ).is_clean
        release = publish(courses, release, CMS)
        seen = as_tables(release)
        assert audit(seen, earlier, smallest=11).is_clean
        moved += int(release.changes["change"].isin(["many"]).sum())
        earlier = [seen, *earlier]
        more = {"a": int(random.integers(11, 60)), "b": int(random.integers(11, 60))}
        courses = [*courses, *make_courses(random, more, 1000 * step)]
    assert moved > 0, "releases that never move prove nothing"
    assert forgotten > 0, "and so do those in which nothing could be told"


@pytest.mark.slow
def test_what_only_the_total_tells_now_is_laid_beside_what_a_part_told_then() -> None:
    """c told 18 improved; now a, b and the total do: c has what is left over, and few are new.

    The whole is a sequence of releases in which the total waited while c had moved (found by the
    benchmark); the judge is the auditor, who has all releases before.
    """
    policy = named("cms11")
    random = np.random.default_rng([29, policy.smallest_count, policy.rounding])
    courses: list[Course] = []
    last: Release | None = None
    before: list[dict[str, pd.DataFrame]] = []
    for step in range(4):
        sizes = {name: int(random.poisson(25 if step == 0 else 12)) for name in "abc"}
        if step > 0:
            sizes = {name: size * int(random.integers(2)) for name, size in sizes.items()}
        courses += make_courses(random, sizes, 1000 * step)
        last = publish(courses, last, policy)
        seen = as_tables(last)
        assert audit(seen, before, smallest=policy.smallest_count).is_clean
        before = [seen, *before]
