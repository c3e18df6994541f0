"""The auditor finds what is given away, and nothing where nothing is.

What belongs here: tables made to leak, one leak each, and protected ones of imaginary clinics.
What does not: how they are protected.
"""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from orchestration.auditing import bounds
from orchestration.auditing.audit import Verdict, audit
from orchestration.auditing.bounds import Knowledge, attack
from orchestration.disclosure.policies import named
from tests.oracle.random_releases import Course, make_courses, publish
from tests.oracle.release_tables import RATES, as_tables, measures, rate, tables

NO_ONE = ("no_reliable_change", "reliable_deterioration")


def judged(*rows: dict[str, Any], earlier: list[dict[str, Any]] | None = None) -> Verdict:
    before = [] if earlier is None else [tables(*earlier)]
    return audit(tables(*rows), before, smallest=11)


def test_nothing_is_found_where_everything_is_large() -> None:
    assert judged(measures()).is_clean


def test_one_hidden_class_is_the_total_without_the_others() -> None:
    leaking = measures(improved_count=40, unchanged_count=15, deteriorated_count=None)
    assert judged(leaking).recovered == {"pub_program_measures": 1}


def test_two_hidden_classes_that_share_few_are_both_known_to_be_small() -> None:
    leaking = measures(improved_count=52, unchanged_count=None, deteriorated_count=None)
    assert judged(leaking).narrowed == {"pub_program_measures": 2}


def test_two_hidden_classes_that_share_enough_are_safe() -> None:
    safe = measures(improved_count=40, unchanged_count=None, deteriorated_count=None)
    assert judged(safe).is_clean


def test_what_two_shown_counts_leave_over_is_a_small_count_too() -> None:
    assert judged(measures(episode_count=63)).recovered == {"pub_program_measures": 1}


def test_a_share_of_a_hidden_count_gives_it_back() -> None:
    hidden = measures(improved_count=None, unchanged_count=None, deteriorated_count=None)
    assert judged(hidden).is_clean
    leaking = hidden | {"improved_proportion": 0.05, "improved_proportion_status": "shown"}
    assert judged(leaking).recovered == {"pub_program_measures": 1}


def test_two_means_of_nearly_the_same_people_tell_the_newcomer() -> None:
    before, after = measures(baseline_mean=12.31), measures(baseline_mean=12.52)
    more = after | {"paired_count": 61, "judged_count": 61, "unchanged_count": 31}
    assert judged(more, earlier=[before]).differenced == {"pub_program_measures": 1}
    enough = after | {
        "episode_count": 75, "paired_count": 75, "judged_count": 75, "unchanged_count": 45,
    }  # fmt: skip
    assert judged(enough, earlier=[before]).is_clean


def test_what_was_shown_before_is_known_still() -> None:
    """The class that hides the small one was shown of the same people in the release before."""
    hidden = measures(improved_count=None, unchanged_count=15, deteriorated_count=None)
    verdict = judged(hidden, earlier=[measures(improved_count=40, unchanged_count=15,
                                               deteriorated_count=None)])  # fmt: skip
    assert verdict.recovered == {"pub_program_measures": 1}


def recoveries(whole: int, first: int, asked: int | None) -> list[dict[str, Any]]:
    """Program a, b (of whom recovery is held back) and both, counts rounded to 5."""
    rows = []
    for program, course, recovered in (("a", 45, first), ("b", 40, None), ("all", 85, whole)):
        counts = dict.fromkeys(RATES, (course, course)) | {
            "reliable_improvement": (course, course), "no_reliable_change": (0, course),
            "reliable_deterioration": (0, course), "recovery": (recovered, course),
            "reliable_recovery": (recovered, course),
        }  # fmt: skip
        if program == "b":
            counts |= dict.fromkeys(("recovery", "reliable_recovery"), (None, asked))
        rows += [rate(program, metric, *pair) for metric, pair in counts.items()]
    return rows


def test_two_numbers_that_are_held_back_are_not_the_same_for_looking_alike() -> None:
    """Of b 1 to 9 recovered at first, and then none to 4: each release alone tells no small one.

    Together they would if these were the same people, which nothing says.
    """
    before = tables(pub_program_outcomes=recoveries(20, 15, None))
    now = tables(pub_program_outcomes=recoveries(25, 25, None))
    possible = {
        (then, later)
        for then in range(1, 40)
        for later in range(40)
        if any(18 <= then + a <= 22 for a in range(13, 18))
        and any(23 <= later + a <= 27 for a in range(23, 28))
    }
    assert (9, 0) in possible, "so nothing is given away"
    assert audit(now, [before], smallest=5, rounding=5).is_clean


def test_two_numbers_that_are_held_back_of_one_shown_group_are_the_same() -> None:
    before = tables(pub_program_outcomes=recoveries(20, 15, 40))
    now = tables(pub_program_outcomes=recoveries(25, 25, 40))
    assert audit(before, [], smallest=5, rounding=5).is_clean
    assert audit(now, [before], smallest=5, rounding=5).narrowed


def test_a_total_without_the_other_programs_is_the_one_that_is_held_back() -> None:
    def shown(program: str, count: int | None) -> list[dict[str, Any]]:
        parts = {metric: 0 if metric in NO_ONE and count else count for metric in RATES}
        return [rate(program, metric, part, count) for metric, part in parts.items()]

    rows = [*shown("a", 40), *shown("b", None), *shown("all", 44)]
    assert audit(tables(pub_program_outcomes=rows), [], smallest=11).recovered
    rows = [*shown("a", 40), *shown("b", None), *shown("all", None)]
    assert audit(tables(pub_program_outcomes=rows), [], smallest=11).is_clean


def test_tables_that_contradict_each_other_are_not_called_safe() -> None:
    wrong = measures(improved_count=61, unchanged_count=None, deteriorated_count=None)
    assert judged(wrong).undecided


def test_a_row_that_was_kept_is_no_part_of_a_sum_of_now() -> None:
    def outcomes(program: str, count: int, kept: int | None = None) -> list[dict[str, Any]]:
        return [
            rate(program, metric, 0 if metric in NO_ONE else count, count, kept) for metric in RATES
        ]

    parts = outcomes("a", 40) + outcomes("b", 45, kept=1)
    total = outcomes("all", 80, kept=1)
    assert audit(tables(pub_program_outcomes=parts + total), [], smallest=11).is_clean


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))]
)
def test_the_auditor_finds_nothing_in_protected_clinics_and_much_in_others(seed: int) -> None:
    sizes = {name: 20 + 9 * number for number, name in enumerate("abcdef")}
    courses: list[Course] = make_courses(np.random.default_rng(seed), sizes)
    policy = named("cms11")
    whole = publish(courses, None, policy)
    bare = publish(courses, None, policy, is_complementary=False)
    assert audit(as_tables(whole), [], smallest=11).is_clean
    found = audit(as_tables(bare), [], smallest=11)
    assert sum(found.recovered.values()) + sum(found.narrowed.values()) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_auditor_finds_nothing_in_releases_with_pictures_that_follow_each_other(
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    courses = make_courses(random, {"a": 60, "b": 35, "c": 15})
    policy = named("cms11")
    release, earlier, attacked = None, [], 0
    for step in range(1, 4):
        release = publish(courses, release, policy, has_pictures=True)
        shown = as_tables(release)
        verdict = audit(shown, earlier, smallest=11)
        assert verdict.is_clean, verdict.sentences()
        attacked += verdict.attacked
        bare = publish(courses, None, policy, is_complementary=False, has_pictures=True)
        assert not audit(as_tables(bare), [], smallest=11).is_clean
        earlier = [shown, *earlier]
        more = {name: int(random.integers(0, 30)) for name in ("a", "b", "c")}
        courses = [*courses, *make_courses(random, more, 1000 * step)]
    assert attacked > 50


def test_the_auditor_finds_the_one_bin_that_is_left_over() -> None:
    bins = [
        {
            "program_id": "p", "scale_id": "mood", "score_moment": "first", "bin_number": number,
            "paired_count": 60, "paired_count_status": "shown", "episode_count": count,
            "episode_count_status": "suppressed" if count is None else "shown",
            "kept_from_release": None,
        }
        for number, count in enumerate([40, None], start=1)
    ]  # fmt: skip
    assert audit(tables(pub_score_bins=bins), [], smallest=11).is_clean
    bins[0]["episode_count"] = 55
    verdict = audit(tables(pub_score_bins=bins), [], smallest=11)
    assert not verdict.is_clean


@pytest.mark.parametrize("missing", [0, 1, 5, 6, 10, 16])
def test_counts_of_weeks_rounded_down_do_not_tell_how_few_are_missing(missing: int) -> None:
    week = {
        "program_id": "p", "scale_id": "mood", "week_from": 5, "kept_from_release": None,
        "client_count": (60 - missing) // 11 * 11, "client_count_status": "shown",
        "score_mean": 10.0, "score_mean_status": "shown",
    }  # fmt: skip
    assert audit(tables(measures(), pub_course=[week]), [], smallest=11).is_clean


def test_a_release_of_an_older_scout_is_laid_beside_this_one_in_what_both_have() -> None:
    """It had no table of sudden gains, no count of episodes, and no word of kept rows."""
    hidden = measures(improved_count=None, unchanged_count=15, deteriorated_count=None)
    older = tables(measures(improved_count=40, unchanged_count=15, deteriorated_count=None))
    del older["pub_sudden_gains"]
    older["pub_program_measures"] = older["pub_program_measures"].drop(
        columns=["episode_count", "episode_count_status", "kept_from_release"]
    )
    assert audit(tables(hidden), [], smallest=11).is_clean
    assert audit(tables(hidden), [older], smallest=11).recovered == {"pub_program_measures": 1}
    more = measures(episode_count=63, paired_count=63, judged_count=63, unchanged_count=33)
    assert audit(tables(more), [older], smallest=11).differenced == {"pub_program_measures": 1}


def test_a_table_whose_rows_had_other_keys_tells_nothing_of_those_of_now() -> None:
    older = tables(measures(paired_count=58))
    older["pub_program_measures"] = older["pub_program_measures"].drop(columns=["interval_name"])
    verdict = audit(tables(measures()), [older], smallest=11)
    assert (verdict.is_clean, verdict.releases) == (True, 1)


def test_an_attack_that_ran_out_of_time_is_given_more_before_it_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty of two, each at least one: neither is known to be small, however busy the machine."""
    knowledge = Knowledge()
    for name in ("a", "b"):
        knowledge.learn(name, 1.0, float("inf"))
    knowledge.state({"a": 1.0, "b": 1.0}, 40.0, 40.0)
    in_time = attack(knowledge, ["a", "b"], 11)
    solve = bounds.milp

    def starved(*problem: Any, options: dict[str, float], **more: Any) -> Any:
        if options["time_limit"] < 10:
            return OptimizeResult(status=1, x=np.array([1.0, 39.0]))
        return solve(*problem, options=options, **more)

    monkeypatch.setattr(bounds, "milp", starved)
    found = attack(knowledge, ["a", "b"], 11)
    assert not found["a"].is_recovered(11)
    assert found == in_time
