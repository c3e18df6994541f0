"""Units that share people with programs: who is held back, judged by counting heads.

What belongs here: the rule on small cases checked by eye and against a count that tries every sum;
what the rates settle; that the auditor, who shares no code with the rule, finds what it would miss.
What does not: small counts (``test_disclosure_protection``).
"""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.auditing.overlaps import MEMBERS, groups_told_apart, told_apart
from orchestration.disclosure import cells, overlaps
from orchestration.disclosure.overlaps import People, Unit, too_alike
from orchestration.disclosure.policies import named
from orchestration.disclosure.release_changes import compare, state
from orchestration.disclosure.tables import TABLES

P, Q = ("in_program", "p"), ("in_program", "q")
WORRY, LOW = ("condition", "worry"), ("condition", "low")
YEAR = ("period", "2025")
WHOLE = "courses|t"


def patterns(*groups: tuple[int, tuple[Unit, ...]]) -> dict[frozenset[Unit], int]:
    return {frozenset(members): people for people, members in groups}


def test_a_condition_that_is_a_program_but_for_two_differs_by_two() -> None:
    found = patterns((50, (P, WORRY)), (2, (P, LOW)), (40, (Q, LOW)))
    assert People(found).nearest(WORRY, [P, Q]) == (2, {P})
    assert too_alike(found, 11) == {WORRY, LOW}


def test_a_condition_that_is_exactly_two_programs_differs_by_none() -> None:
    found = patterns((50, (P, WORRY)), (30, (Q, WORRY)))
    assert People(found).nearest(WORRY, [P, Q]) == (0, {P, Q})
    assert too_alike(found, 11) == frozenset()


def test_a_few_of_one_program_beside_most_of_another_are_added_up() -> None:
    """Three of q and four whom p has besides: the seven in whom worry is not p."""
    found = patterns((50, (P, WORRY)), (4, (P, LOW)), (3, (Q, WORRY)), (60, (Q, LOW)))
    assert People(found).nearest(WORRY, [P, Q])[0] == 7
    assert WORRY in too_alike(found, 8)
    assert WORRY not in too_alike(found, 7)


def test_groups_that_lie_across_programs_are_held_back_by_nothing() -> None:
    found = patterns((30, (P, WORRY)), (30, (P, LOW)), (30, (Q, WORRY)), (30, (Q, LOW)))
    assert too_alike(found, 11) == frozenset()


def test_of_two_conditions_of_nearly_the_same_people_the_smaller_is_held_back() -> None:
    found = patterns((20, (P, WORRY, LOW)), (20, (Q, WORRY, LOW)), (3, (P, WORRY)), (40, (Q,)))
    assert too_alike(found, 11) == {LOW}


def test_a_year_is_set_beside_conditions_too() -> None:
    found = patterns(
        (30, (P, WORRY, YEAR)), (30, (Q, WORRY, YEAR)), (1, (P, WORRY)), (30, (P, LOW)),
        (30, (Q, LOW)),
    )  # fmt: skip
    assert YEAR in too_alike(found, 11)


def test_what_makes_up_a_program_but_for_few_is_held_back_whole() -> None:
    """The program stands among the rates: it is told already."""
    found = patterns((30, (P, WORRY)), (30, (P, LOW)), (2, (P,)), (50, (Q, YEAR)))
    assert too_alike(found, 11) == {WORRY, LOW}


KINDS = {"in_program": "pqr", "clinic": "ab", "condition": "xyz"}
people = st.lists(
    st.tuples(
        st.sampled_from(KINDS["in_program"]),
        st.sampled_from(KINDS["clinic"]),
        st.frozensets(st.sampled_from(KINDS["condition"]), max_size=2),
    ),
    min_size=5,
    max_size=40,
)


def by_hand(who: list[tuple[str, str, frozenset[str]]], unit: Unit, kind: str) -> int:
    """The fewest heads in which a unit differs from a sum of units of a kind: every sum tried."""

    def units(one: tuple[str, str, frozenset[str]]) -> list[Unit]:
        program, clinic, conditions = one
        return [("in_program", program), ("clinic", clinic),
                *(("condition", each) for each in conditions)]  # fmt: skip

    others = [(kind, each) for each in KINDS[kind] if (kind, each) != unit]
    return min(
        sum(sum(each in units(one) for each in chosen) != (unit in units(one)) for one in who)
        for size in range(len(others) + 1)
        for chosen in combinations(others, size)
    )


@settings(max_examples=100, deadline=None)
@given(people)
def test_the_nearest_sum_is_the_one_that_trying_every_sum_finds(
    who: list[tuple[str, str, frozenset[str]]],
) -> None:
    found: dict[frozenset[Unit], int] = {}
    for program, clinic, conditions in who:
        members: frozenset[Unit] = frozenset(
            [("in_program", program), ("clinic", clinic), *(("condition", c) for c in conditions)]
        )
        found[members] = found.get(members, 0) + 1
    known = {unit for members in found for unit in members}
    for unit in known:
        for kind in KINDS:
            others = sorted(each for each in known - {unit} if each[0] == kind)
            assert People(found).nearest(unit, others)[0] == by_hand(who, unit, kind)


# Per person: name, program, condition, class.
Person = tuple[str, str, str, str]


def courses(**sizes: int) -> list[Person]:
    """So many people per program, condition and class: ``p_worry_improved``."""
    return [
        (f"{name}-{number}", *name.split("_"))  # type: ignore[misc]  # split gives a kind and an id
        for name, size in sizes.items()
        for number in range(size)
    ]


def decided(who: list[Person]) -> dict[tuple[str, str], int | None]:
    """What is shown of every unit and count, by the whole rule."""
    rows = []
    for name, program, condition, outcome in who:
        own = ["course", *(["improved"] if outcome == "improved" else [])]
        rates = ",".join(f"pub_program_outcomes|{WHOLE}|{cell}" for cell in own)
        units = (f"in_program|{program}", f"condition|{condition}", "all|all")
        shared = ",".join(f"pub_comparisons|{unit}|{cell}" for unit in units for cell in own)
        rows.append(("courses", program, "all", name, rates))
        rows.append(("groups", WHOLE, None, name, shared))
    found = pd.DataFrame(rows, columns=["system", "unit_id", "total_id", "bucket", "cells"])
    found["total_id"] = found["total_id"].where(found["total_id"].notna(), None)
    counts = found.assign(episode_count=1, **{f"sum_{n}": 1 for n in range(1, 8)})
    wholes = found[found["total_id"].notna()].assign(unit_id="all")
    sizes = (
        pd.concat([found, wholes])
        .groupby(["system", "unit_id"], as_index=False)
        .agg(episode_count=("bucket", "size"), client_count=("bucket", "nunique"))
        .assign(most_per_client=1)
    )
    now = state(counts, TABLES)
    nothing = pd.DataFrame(columns=list(cells.COLUMNS)).astype({"value": "Int64"})
    told = overlaps.decide(
        counts, sizes, compare(now, now.iloc[:0], 11), nothing, TABLES, named("cms11")
    ).cells
    own = told[told["table_name"] == "pub_comparisons"]
    return {
        (block.removeprefix(f"{WHOLE}|"), cell): int(value) if status == "shown" else None
        for block, cell, value, status in own[["block_id", "cell", "value", "status"]].itertuples(
            index=False
        )
    }


LARGE = {
    f"{program}_{condition}_{outcome}": 20
    for program in "pq"
    for condition in ("worry", "low")
    for outcome in ("improved", "same")
}


def test_conditions_across_programs_are_shown() -> None:
    found = decided(courses(**LARGE))
    assert found["condition|worry", "course"] == 80
    assert found["condition|low", "improved"] == 40


def test_a_condition_that_is_a_program_but_for_few_shows_nothing() -> None:
    found = decided(courses(p_worry_improved=30, p_worry_same=30, q_low_improved=30, q_low_same=30,
                            q_worry_improved=2))  # fmt: skip
    assert found["condition|worry", "course"] is None
    assert found["condition|worry", "improved"] is None
    assert found["in_program|p", "course"] == 60


def test_what_the_rates_hold_back_of_a_program_no_condition_shows() -> None:
    """Four of q improved: neither program's number is shown, and no condition's."""
    few = {name: 4 if name.startswith("q_") and name.endswith("improved") else size
           for name, size in LARGE.items()} | {"q_low_improved": 0}  # fmt: skip
    found = decided(courses(**few))
    assert found["condition|worry", "improved"] is None
    assert found["condition|low", "improved"] is None
    assert found["condition|worry", "course"] == 64


def members(who: list[Person]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (name, f"{name}-1", kind, unit, "courses", "t", True)
            for name, program, condition, _ in who
            for kind, unit in (("program", program), ("condition", condition))
        ],
        columns=list(MEMBERS),
    )


def shown(**units: str) -> dict[str, pd.DataFrame]:
    """A table that shows how many people these units have: ``worry="condition"``."""
    rows: list[dict[str, Any]] = [
        {
            "unit_kind": kind, "unit_id": unit, "population": "courses", "threshold_set": "t",
            "metric_id": "reliable_improvement", "sample_size": 60, "sample_size_status": "shown",
            "kept_from_release": None,
        }
        for unit, kind in units.items()
    ]  # fmt: skip
    return {"pub_comparisons": pd.DataFrame(rows)}


ALIKE = courses(p_worry_same=60, q_low_same=60, q_worry_same=2)
EVERYBODY = {"p": "program", "q": "program"}


def test_the_auditor_finds_a_condition_that_is_a_program_but_for_two() -> None:
    assert told_apart(shown(**EVERYBODY, worry="condition"), [], members(ALIKE), 11) > 0
    assert told_apart(shown(**EVERYBODY), [], members(ALIKE), 11) == 0
    apart = courses(p_worry_same=60, q_low_same=60, q_worry_same=20)
    assert told_apart(shown(**EVERYBODY, worry="condition"), [], members(apart), 11) == 0


def test_what_an_earlier_release_told_of_the_same_units_tells_nothing_new() -> None:
    told = shown(**EVERYBODY, worry="condition")
    assert told_apart(told, [told], members(ALIKE), 11) == 0


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            f"{program}_{condition}_same": st.integers(0, 40)
            for program in "pqr"
            for condition in ("worry", "low", "eating")
        }
    )
)
def test_whatever_the_rule_shows_the_auditor_finds_nobody_told_apart(sizes: dict[str, int]) -> None:
    who = courses(**sizes)
    if not who:
        return
    found = decided(who)
    units = {
        row.partition("|")[2]: row.partition("|")[0].replace("in_program", "program")
        for (row, cell), value in found.items()
        if cell == "course" and value is not None and not row.startswith("all")
    }
    assert not units or told_apart(shown(**units), [], members(who), 11) == 0


# -- groups of a forest ----------------------------------------------------------------------------


def forest(who: list[Person]) -> dict[str, int | None]:
    """The sizes that are shown of every group of a pair, by the whole rule."""
    found = pd.DataFrame(
        [
            (name, ",".join(f"pub_strata|{kind}|{unit}|sample_size" for kind, unit in (
                ("program", program), ("program", "all"), ("condition", condition),
                ("condition", "all"),
            )))
            for name, program, condition, _ in who
        ],
        columns=["bucket", "cells"],
    ).assign(system="strata", unit_id="care|mood", total_id=None, episode_count=1,
             **{f"sum_{n}": 1 for n in range(1, 8)})  # fmt: skip
    sizes = pd.DataFrame(
        [("strata", "care|mood", len(who), len(who), 1)],
        columns=["system", "unit_id", "episode_count", "client_count", "most_per_client"],
    )
    now = state(found, TABLES)
    nothing = pd.DataFrame(columns=list(cells.COLUMNS)).astype({"value": "Int64"})
    told = overlaps.decide(
        found, sizes, compare(now, now.iloc[:0], 11), nothing, TABLES, named("cms11")
    ).cells
    return {
        block.removeprefix("care|mood|"): int(value) if status == "shown" else None
        for block, value, status in told[["block_id", "value", "status"]].itertuples(index=False)
    }


def shown_forest(sizes: dict[str, int | None]) -> dict[str, pd.DataFrame]:
    rows = [
        {
            "process_scale_id": "care", "outcome_scale_id": "mood", "stratum_kind": kind,
            "stratum_id": unit, "row_kind": "pooled" if unit == "all" else "stratum",
            "sample_size": size, "sample_size_status": "shown", "kept_from_release": None,
        }
        for (kind, _, unit), size in ((name.partition("|"), size) for name, size in sizes.items())
        if size is not None
    ]  # fmt: skip
    columns = ["process_scale_id", "outcome_scale_id", "stratum_kind", "stratum_id", "row_kind",
               "sample_size", "sample_size_status", "kept_from_release"]  # fmt: skip
    return {"pub_strata": pd.DataFrame(rows, columns=columns)}


def test_a_group_of_a_forest_that_is_a_program_but_for_few_is_held_back() -> None:
    """Four of p have another condition, and three of q have p's: seven, whom no count tells."""
    few = courses(p_worry_same=50, p_low_same=4, q_worry_same=3, q_low_same=60)
    found = forest(few)
    assert (found["program|p"], found["program|q"]) == (54, 63)
    assert found["condition|worry"] is None
    assert found["condition|low"] is None
    apart = forest(courses(p_worry_same=50, p_low_same=30, q_worry_same=30, q_low_same=60))
    assert apart["condition|worry"] == 80


def test_the_auditor_finds_a_group_of_a_forest_that_is_a_program_but_for_few() -> None:
    few = courses(p_worry_same=50, p_low_same=4, q_worry_same=3, q_low_same=60)
    told = shown_forest({"program|p": 54, "program|q": 63, "condition|worry": 53})

    def paired(process: str, outcome: str) -> pd.DataFrame:
        assert (process, outcome) == ("care", "mood")
        return members(few)

    assert groups_told_apart(told, [], paired, 11) > 0
    assert groups_told_apart(told, [told], paired, 11) == 0
    assert groups_told_apart(shown_forest(forest(few)), [], paired, 11) == 0


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            f"{program}_{condition}_same": st.integers(0, 40)
            for program in "pqr"
            for condition in ("worry", "low", "eating")
        }
    )
)
def test_whatever_a_forest_shows_nobody_is_told_apart(sizes: dict[str, int]) -> None:
    who = courses(**sizes)
    if who:
        told = shown_forest(forest(who))
        assert groups_told_apart(told, [], lambda *_: members(who), 11) == 0


def test_a_correlation_without_two_tells_that_these_lie_far_out() -> None:
    """Of two in the middle of 60 none would make .62 of .52."""
    random = np.random.default_rng(3)
    x = random.normal(size=58)
    y = 0.48 * x + np.sqrt(1 - 0.48**2) * random.normal(size=58)

    def with_two(at: float) -> float:
        return float(np.corrcoef(np.append(x, [at, at]), np.append(y, [at, at]))[0, 1])

    without = float(np.corrcoef(x, y)[0, 1])
    assert with_two(3.0) - without > 0.09
    assert abs(with_two(0.5) - without) < 0.02
