"""What moves from one release to the next, and that no newcomer's score can be subtracted.

What belongs here: single steps checked by eye, and sequences of releases of imaginary clinics
attacked by somebody who knows who is in them. What does not: one release alone.
"""

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orchestration.auditing.audit import audit
from orchestration.disclosure.history import History
from orchestration.disclosure.policies import named
from orchestration.disclosure.release_changes import shown_anew, with_linked, without
from tests.oracle.random_releases import (
    Course,
    Release,
    make_courses,
    newcomers_given_away,
    publish,
)
from tests.oracle.release_tables import as_tables

CMS = named("cms11")


def people(count: int, start: int = 0, program: str = "p") -> list[Course]:
    return [
        Course(f"c{start + n}", program, ("improved", "unchanged")[n % 2], n % 20, True)
        for n in range(count)
    ]


def pairs(release: Release, block: str = "p|mood") -> int | None:
    rows = release.seen[
        (release.seen["block_id"] == block) & (release.seen["cell"] == "paired_count")
    ]
    return int(rows["value"].iloc[0]) if rows["status"].iloc[0] == "shown" else None


def change(release: Release, block: str = "p|mood") -> str:
    return str(release.changes.set_index("block_id")["change"].at[block])


def test_a_newcomer_moves_nothing_and_enough_of_them_do() -> None:
    first = publish(people(40), None, CMS)
    second = publish(people(41), first, CMS)
    third = publish(people(50), second, CMS)
    fourth = publish(people(62), third, CMS)
    assert [pairs(one) for one in (first, second, third, fourth)] == [40, 40, 40, 62]
    assert [change(one) for one in (first, second, third, fourth)] == [
        "new", "few", "few", "many",
    ]  # fmt: skip


def test_one_who_leaves_moves_nothing_either() -> None:
    first = publish(people(40), None, CMS)
    assert pairs(publish(people(40)[1:], first, CMS)) == 40


def test_one_corrected_score_moves_nothing() -> None:
    first = publish(people(40), None, CMS)
    corrected = [*people(39), Course("c39", "p", "unchanged", 27, True)]
    assert change(publish(corrected, first, CMS)) == "few"


def test_many_reclassed_beside_one_newcomer_are_no_cover() -> None:
    """A clinic's own spread moves with each newcomer and may move the classes of others."""
    first = publish(people(60), None, CMS)
    other = {"improved": "unchanged", "unchanged": "improved"}
    reclassed = [
        Course(one.client, one.program, other[str(one.outcome)], one.score, one.is_case)
        for one in people(60)
    ]
    assert change(publish([*reclassed, *people(1, 60)], first, CMS)) == "few"


def test_enough_newcomers_of_whom_few_came_twice_do_not_move_the_mean() -> None:
    once = [Course(f"once{n}", "p", None, 0, True) for n in range(12)]
    first = publish([*people(40), *once], None, CMS)
    more = [Course(f"more{n}", "p", None, 0, True) for n in range(12)]
    assert change(publish([*people(42), *once, *more], first, CMS)) == "few"


def test_nobody_new_changes_nothing() -> None:
    first = publish(people(40), None, CMS)
    again = publish(list(reversed(people(40))), first, CMS)
    assert change(again) == "unchanged"
    assert again.seen.equals(first.seen)


def test_a_total_waits_for_the_part_that_waits() -> None:
    """All minus the part that moved would tell the part that did not."""
    first = publish([*people(40, 0, "a"), *people(40, 100, "b")], None, CMS)
    second = publish([*people(60, 0, "a"), *people(41, 100, "b")], first, CMS)
    moved = {block: change(second, block) for block in ("a|f|t", "b|f|t", "all|f|t")}
    assert moved == {"a|f|t": "many", "b|f|t": "few", "all|f|t": "few"}


def closed_and_growing(unchanged: int, improved: int) -> list[Course]:
    """A program that gains nobody, and one of so many."""
    sizes = {("a", "improved"): 20, ("a", "unchanged"): 20,
             ("c", "improved"): improved, ("c", "unchanged"): unchanged}  # fmt: skip
    return [
        Course(f"{program}-{outcome}-{number}", program, outcome, 10, True)
        for (program, outcome), size in sizes.items()
        for number in range(size)
    ]


@pytest.mark.slow
def test_a_total_that_moves_beside_a_closed_program_does_not_tell_what_was_small_before() -> None:
    """The total of now without c is a's, and the total of then without a was c's five."""
    first = publish(closed_and_growing(5, 30), None, CMS)
    second = publish(closed_and_growing(25, 50), first, CMS)
    told = [
        release.seen[
            (release.seen["cell"] == "unchanged") & (release.seen["status"] == "shown")
        ].set_index("block_id")["value"]
        for release in (first, second)
    ]
    possible = {
        then
        for then in range(26)
        for closed in range(46)
        for now in range(46)
        if all(
            numbers.get("a|f|t", closed) == closed
            and numbers.get("c|f|t", of_c) == of_c
            and numbers.get("all|f|t", closed + of_c) == closed + of_c
            for numbers, of_c in zip(told, (then, now), strict=True)
        )
    }
    assert max(possible) >= 11
    verdict = audit(as_tables(second), [as_tables(first)], smallest=11)
    assert verdict.is_clean
    courses = second.seen[second.seen["cell"] == "course"].set_index("block_id")["status"]
    assert set(courses) == {"shown"}, "what is held back altogether proves nothing"


def test_the_auditor_finds_it_where_releases_are_not_laid_beside_each_other() -> None:
    first = publish(closed_and_growing(5, 30), None, CMS)
    forgetful = replace(first, history=History())
    second = publish(closed_and_growing(25, 50), forgetful, CMS)
    assert audit(as_tables(second), [as_tables(first)], smallest=11).recovered


@pytest.mark.slow
def test_a_release_made_before_anything_was_remembered_is_remembered_by_the_next() -> None:
    first = publish(closed_and_growing(5, 30), None, CMS)
    again = publish(closed_and_growing(5, 30), replace(first, history=History()), CMS)
    third = publish(closed_and_growing(25, 50), again, CMS)
    earlier = [as_tables(again), as_tables(first)]
    assert audit(as_tables(third), earlier, smallest=11).is_clean


@pytest.mark.slow
def test_over_many_releases_no_block_moves_because_of_few() -> None:
    random = np.random.default_rng(11)
    found = moved = 0
    for _ in range(3):
        courses = make_courses(random, {"a": 30, "b": 14})
        release = publish(courses, None, CMS)
        shown = {"a": courses, "b": courses}
        for step in range(1, 6):
            newcomers = {name: int(random.integers(0, 25)) for name in ("a", "b")}
            courses = [*courses, *make_courses(random, newcomers, 1000 * step)]
            following = publish(courses, release, CMS)
            for program in shown:
                before = [one for one in shown[program] if one.program == program]
                after = [one for one in courses if one.program == program]
                found += newcomers_given_away(before, after, release, following, 11)
                if change(following, f"{program}|mood") == "many":
                    shown[program] = courses
                    moved += 1
            release = following
    assert found == 0
    assert moved > 5, "releases that never move prove nothing"


def test_under_another_policy_the_same_people_are_shown_anew_and_few_changed_still_wait() -> None:
    first = publish([*people(40, 0, "a"), *people(40, 100, "b")], None, CMS)
    second = publish([*people(40, 0, "a"), *people(41, 100, "b")], first, CMS)
    anew = shown_anew(second.changes).set_index("block_id")["change"]
    assert (anew["a|mood"], anew["b|mood"]) == ("new", "few")


def test_what_one_policy_told_exactly_does_not_undo_what_another_holds_back() -> None:
    """Exactly 43 in the two classes held back, of whom rounded 40 in one: 1 to 5 in the other."""
    sizes = {"improved": 60, "unchanged": 38, "deteriorated": 5}
    courses = [
        Course(f"{outcome}-{number}", "p", outcome, 10, True)
        for outcome, size in sizes.items()
        for number in range(size)
    ]
    rounded = named("nhs_hes")
    first = publish(courses, None, CMS)
    second = publish(courses, first, rounded)
    exact, later = (
        release.seen[
            (release.seen["block_id"] == "p|mood") & (release.seen["status"] == "shown")
        ].set_index("cell")["value"]
        for release in (first, second)
    )
    assert (exact["judged_count"], later["judged_count"]) == (103, 105)
    possible = set()
    for deteriorated in range(104):
        for unchanged in range(104 - deteriorated):
            told = {
                "deteriorated_count": deteriorated, "unchanged_count": unchanged,
                "improved_count": 103 - unchanged - deteriorated,
            }  # fmt: skip
            if all(
                exact.get(cell, count) == count and abs(later.get(cell, count) - count) <= 2
                for cell, count in told.items()
            ):
                possible.add(deteriorated)
    assert max(possible) >= rounded.smallest_count


# -- somebody withdraws ----------------------------------------------------------------------------


def erased(release: Release, client: Course) -> Release:
    """What is kept of a release when one of its clients is forgotten."""
    blocks = {(name.partition("|")[0], f"{client.program}|mood") for name in client.names()}
    blocks |= {
        (name.partition("|")[0], f"{whole}|f|t")
        for name in client.outcome_names()
        for whole in (client.program, "all")
    }
    state = without(release.state, release.state, client.client, blocks)
    return replace(release, state=state)


@pytest.mark.slow
def test_one_who_withdrew_moves_nothing_until_enough_others_came() -> None:
    everybody = people(40)
    first = erased(publish(everybody, None, CMS), everybody[7])
    rest = [*everybody[:7], *everybody[8:]]
    second = publish(rest, first, CMS)
    third = publish([*rest, *people(10, 100)], second, CMS)
    fourth = publish([*rest, *people(26, 100)], third, CMS)
    assert [change(one) for one in (second, third, fourth)] == ["few", "few", "many"]
    assert [pairs(one) for one in (second, third, fourth)] == [40, 40, 65]
    for later in (second, third, fourth):
        assert audit(as_tables(later), [as_tables(first)], smallest=11).is_clean


def test_without_what_was_told_the_next_release_would_tell_who_withdrew() -> None:
    everybody = people(40)
    first = publish(everybody, None, CMS)
    second = publish(everybody[1:], None, CMS)
    found = audit(as_tables(second), [as_tables(first)], smallest=11)
    assert found.differenced["pub_program_measures"] > 0


def test_where_the_one_who_withdrew_was_not_nothing_waits() -> None:
    courses = [*people(40, 0, "a"), *people(40, 100, "b")]
    first = erased(publish(courses, None, CMS), courses[0])
    second = publish(courses[1:], first, CMS)
    moved = {block: change(second, block) for block in ("a|mood", "b|mood", "b|f|t")}
    assert moved == {"a|mood": "few", "b|mood": "unchanged", "b|f|t": "unchanged"}


def _bucket(client: Course) -> str:
    return hashlib.md5(client.client.encode(), usedforsecurity=False).hexdigest()[:2]


def test_what_is_kept_is_the_same_whoever_of_a_group_withdrew() -> None:
    """Neither bucket nor fingerprint of the client is left: two who scored otherwise are alike."""
    buckets: dict[str, Course] = {}
    for one in people(400):
        buckets.setdefault(_bucket(one), one)
    alone = [*buckets.values()][:40]
    kept = []
    for client in (alone[3], alone[4]):
        others = [one for one in alone if one not in (alone[3], alone[4])]
        state = erased(publish([*others, client], None, CMS), client).state
        kept.append(state.sort_values(list(state.columns)).to_numpy().tolist())
    assert alone[3].score != alone[4].score
    assert kept[0] == kept[1]


def test_two_who_withdrew_one_after_another_are_two() -> None:
    everybody = people(40)
    first = erased(erased(publish(everybody, None, CMS), everybody[7]), everybody[8])
    second = publish([*everybody[:7], *everybody[9:]], first, CMS)
    assert (change(second), pairs(second)) == ("few", 40)


def test_a_new_row_waits_beside_one_of_the_same_people_in_which_few_changed():
    changes = pd.DataFrame(
        {
            "table_name": ["pub_old", "pub_new", "pub_new"],
            "block_id": ["p", "p", "q"],
            "change": ["few", "new", "new"],
        }
    )
    links = pd.DataFrame(
        {
            "table_name": ["pub_old", "pub_new", "pub_new"],
            "block_id": ["p", "p", "q"],
            "group": [0, 0, 1],
        }
    )
    found = with_linked(changes, links)
    assert list(found["change"]) == ["few", "few", "new"]


def test_what_people_look_for_first_is_held_back_last() -> None:
    """Three got worse: one other class goes with them, and that is not the improved."""
    classes = ["improved"] * 30 + ["unchanged"] * 40 + ["deteriorated"] * 3
    # Nobody was a case: no other count stands in the way of holding back the 30, which are fewer.
    courses = [Course(f"c{n}", "p", word, 5, False) for n, word in enumerate(classes)]
    seen = publish(courses, None, named("cms11")).seen
    own = seen[
        seen["table_name"].eq("pub_program_outcomes") & seen["block_id"].str.startswith("p|")
    ]
    status = own.set_index("cell")["status"]
    assert status[["improved", "unchanged", "deteriorated"]].tolist() == [
        "shown", "suppressed", "suppressed",
    ]  # fmt: skip


@pytest.mark.slow
def test_policies_back_and_forth_give_nothing_away_and_hold_no_release() -> None:
    """A stricter policy in between must not forget what a laxer one told: it is gone back to."""
    random = np.random.default_rng([1, 77])
    courses: list[Course] = []
    last: Release | None = None
    seen: list[tuple[str, dict[str, pd.DataFrame]]] = []
    for step in range(4):
        policy = named(("cms11", "nhs_mh")[step % 2])
        sizes = {name: int(random.poisson(30 if step == 0 else 14)) for name in "abc"}
        if step > 0:
            sizes = {name: size * int(random.integers(2)) for name, size in sizes.items()}
        courses = [*courses, *make_courses(random, sizes, 1000 * step)]
        last = publish(courses, last, policy)
        own = as_tables(last)
        earlier = [tables for name, tables in reversed(seen) if name == policy.name]
        verdict = audit(own, earlier, smallest=policy.smallest_count, rounding=policy.rounding)
        assert verdict.is_clean, verdict.sentences()
        seen.append((policy.name, own))


@pytest.mark.slow
def test_of_each_policy_the_last_releases_are_remembered() -> None:
    courses, last = people(40), None
    for step, name in enumerate(["nhs_mh", *["cms11"] * 5]):
        courses = [*courses, *people(30, 1000 * (step + 1))]
        last = publish(courses, last, named(name))
    assert last is not None
    cells = last.history.cells
    assert set(cells.loc[cells["smallest_count"] == 5, "release_number"]) == {1}
    assert set(cells.loc[cells["smallest_count"] == 11, "release_number"]) == {4, 5, 6}
