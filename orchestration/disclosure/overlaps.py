"""Units of other kinds beside programs: which may be shown although they share people.

What belongs here: how many people two ways of grouping differ in, and which counts of a unit are
held back because of it, or because the rates do not tell them of every program.
What does not: small counts and what follows from sums (``protection``), or the auditor.

A condition may be a program's clients but one or two. Who knows that subtracts the one rate from
the other and has the two people, although both groups are large. So a unit is shown only if the
people in which it differs from every sum of units of another kind are none or enough: for programs,
which share nobody, the least of these differences is the sum over programs P of the smaller of
|U and P| and |P without U|.

A correlation is no rate: no score is left when one is subtracted from the other. But of 60 changes
in which .62 becomes .52 without two, these two lie far out along the line, and who works there
knows them. So the groups of a forest are judged likewise, over the people of their pair. How many
they are is secured as any count is: a pair's groups are one system (``protection``).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.disclosure import cells, systems
from orchestration.disclosure.history import Name
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.release_changes import block_of, cell_parts
from orchestration.disclosure.tables import PublishedTable
from orchestration.disclosure.told_before import Past

# The system of counts that overlap (int_estimate_atoms) and their table.
SYSTEM, TABLE = "groups", "pub_comparisons"
KINDS = ("in_program", "clinic", "condition", "period")
ALL = "all"
# The rates that programs show, and where.
RATES, IN_PROGRAM = "pub_program_outcomes", "in_program"
# Of a base: the counts that go with it, for a rate is held back with its numerator.
CELLS_OVER = {
    "course": ("course", "asked", "improved", "deteriorated", "recovered", "reliably_recovered"),
    "asked": ("asked", "recovered", "reliably_recovered"),
}
# Groups of a pair of scales (int_estimate_atoms): their table, and what a correlation rests on.
STRATA, FOREST = "strata", "pub_strata"
_PROGRAM = "program"
_OVERLAPPING: dict[str, tuple[str, Mapping[str, Sequence[str]]]] = {
    SYSTEM: (TABLE, CELLS_OVER),
    STRATA: (FOREST, {"sample_size": ("sample_size",)}),
}
# Of units that share people every sum is tried, of these many at most.
TRIED = 6

Unit = tuple[str, str]
# How many people are in exactly these units.
Patterns = Mapping[frozenset[Unit], int]


class People:
    """How many people are in exactly which units, ready to lay units beside each other.

    Args:
        patterns: how many people are in exactly which units.
    """

    def __init__(self, patterns: Patterns) -> None:
        self._place = {unit: n for n, unit in enumerate(sorted(frozenset().union(*patterns)))}
        self._count = np.array(list(patterns.values()), dtype=np.int64)
        self._members = np.zeros((len(patterns), len(self._place)), dtype=np.int64)
        for row, members in enumerate(patterns):
            self._members[row, [self._place[unit] for unit in members]] = 1
        # How many people each two units share; of one with itself its size.
        self._both = self._members.T @ (self._members * self._count[:, None])

    @property
    def by_size(self) -> list[Unit]:
        """Every unit, the largest first."""
        return sorted(self._place, key=lambda unit: (-self._both[(self._place[unit],) * 2], unit))

    def nearest(self, unit: Unit, others: Sequence[Unit]) -> tuple[int, set[Unit]]:
        """The fewest people in which a unit differs from any sum of the other units, and that sum.

        Args:
            unit: a kind and an id.
            others: units of one kind. Somebody who is in two of a sum counts twice in it, and so is
                a difference; of units that share people the sums of the ``TRIED`` likeliest are
                tried.

        Returns:
            0 where the unit is a sum of them; its own size, and none of them, where none is like
            it.
        """
        own, columns = self._place[unit], np.array([self._place[u] for u in others], dtype=int)
        within, sizes = self._both[own, columns], self._both[columns, columns]
        if self._members[:, columns].sum(axis=1).max(initial=0) <= 1:
            # Of units that share nobody each comes nearer by what is within, and no other matters.
            least = self._both[own, own] - within.sum() + np.minimum(within, sizes - within).sum()
            alike = np.flatnonzero(2 * within > sizes)
            return int(least), {others[int(place)] for place in alike}
        likely = [int(n) for n in np.argsort(-within, kind="stable")[:TRIED] if within[n]]
        return min(
            (
                (self._difference(own, columns[list(chosen)]), {others[n] for n in chosen})
                for size in range(len(likely) + 1)
                for chosen in combinations(likely, size)
            ),
            key=lambda pair: pair[0],
        )

    def _difference(self, own: int, chosen: NDArray[np.int64]) -> int:
        together = self._members[:, chosen].sum(axis=1)
        return int(self._count[together != self._members[:, own]].sum())


def too_alike(patterns: Patterns, smallest: int) -> frozenset[Unit]:
    """Units that differ from a sum of units of one kind by somebody, but by too few.

    Programs are told, so what makes one up but for few is held back whole. Of two units of one kind
    that are alike the smaller is.

    Args:
        patterns: how many people are in exactly which units of ``KINDS``.
        smallest: the fewest people that may be known.
    """
    people = People(patterns)
    ordered = people.by_size
    held: set[Unit] = set()
    for place, unit in enumerate(ordered):
        for kind in KINDS:
            known = ordered[:place] if kind == unit[0] else ordered
            difference, chosen = people.nearest(unit, [u for u in known if u[0] == kind])
            if 0 < difference < smallest:
                held |= chosen if unit[0] == IN_PROGRAM else {unit}
    return frozenset(held)


def held_back(counts: pd.DataFrame, floors: Mapping[tuple[str, str], int]) -> frozenset[Name]:
    """Every count of units that are too much like others.

    Args:
        counts: ``int_atom_counts`` of the systems of units: system, unit_id, cells, episode_count.
        floors: per system and unit the count of episodes that surely stands for enough clients.
    """
    held: set[Name] = set()
    atoms = counts.groupby(["system", "unit_id", "cells"], as_index=False)["episode_count"].sum()
    for (system, whole), own in atoms.groupby(["system", "unit_id"]):
        table, bases = _OVERLAPPING[system]
        for base, over in bases.items():
            patterns: dict[frozenset[Unit], int] = {}
            for text, people in own[["cells", "episode_count"]].itertuples(index=False):
                members = frozenset(_units(text, base))
                patterns[members] = patterns.get(members, 0) + int(people)
            for kind, name in too_alike(patterns, floors[system, str(whole)]):
                row = _PROGRAM if (system, kind) == (STRATA, IN_PROGRAM) else kind
                block = block_of(str(whole), f"{row}|{name}")
                held |= {(table, block, cell) for cell in over}
    return frozenset(held)


def _units(text: str, base: str) -> Iterable[Unit]:
    for cell in text.split(","):
        _, row, name = cell_parts(cell)
        kind, _, own = row.partition("|")
        if name == base and ALL not in (kind, own):
            yield (IN_PROGRAM if kind == _PROGRAM else kind), own


def beside_rates(
    counts: pd.DataFrame, rates: pd.DataFrame
) -> tuple[frozenset[Name], frozenset[Name]]:
    """What the rates of programs settle about units of other kinds: held back, and told.

    A count of units is held back where the rates hold back the same count of any program or of all:
    else sums of units would tell of that program. What the rates do tell is told.

    Args:
        counts: ``int_atom_counts`` of the system.
        rates: ``cells.COLUMNS`` as those were decided of ``RATES``.
    """
    own = rates[rates["table_name"] == RATES]
    untold: dict[str, set[str]] = {}
    told: set[Name] = set()
    for block, cell, status in own[["block_id", "cell", "status"]].itertuples(index=False):
        program, _, whole = block.partition("|")
        if status == "shown":
            kind = ALL if program == ALL else IN_PROGRAM
            told.add((TABLE, block_of(whole, f"{kind}|{program}"), cell))
        else:
            untold.setdefault(whole, set()).add(cell)
    held: set[Name] = set()
    rows = {(whole, cell_parts(cell)[1]) for whole, text in
            counts[["unit_id", "cells"]].drop_duplicates().itertuples(index=False)
            for cell in text.split(",")}  # fmt: skip
    for whole, row in rows:
        held |= {(TABLE, block_of(whole, row), cell) for cell in untold.get(whole, ())}
    return frozenset(held - told), frozenset(told)


def decide(
    counts: pd.DataFrame,
    sizes: pd.DataFrame,
    changes: pd.DataFrame,
    last: pd.DataFrame,
    tables: Mapping[str, PublishedTable],
    policy: DisclosurePolicy,
    past: Past | None = None,
    *,
    bins: pd.DataFrame | None = None,
    may_rest: bool = True,
    is_complementary: bool = True,
) -> cells.Decided:
    """``cells.decide`` of all counts: those of units that overlap last, beside what is settled."""
    is_overlapping = counts["system"].eq(SYSTEM)
    shared = counts[is_overlapping]
    floors = systems.floors_of(sizes, policy)
    first = cells.decide(
        counts[~is_overlapping], sizes, changes, last, tables, policy, past,
        bins=bins, may_rest=may_rest, held=held_back(counts[counts["system"].eq(STRATA)], floors),
        is_complementary=is_complementary,
    )  # fmt: skip
    held, told = beside_rates(shared, first.cells)
    held |= held_back(shared, floors)
    second = cells.decide(
        shared, sizes, changes, last, tables, policy, past,
        may_rest=may_rest, held=held, told=told, is_none_told=False,
        is_complementary=is_complementary,
    )  # fmt: skip
    return cells.Decided(
        pd.concat([first.cells, second.cells], ignore_index=True),
        first.small + second.small,
        first.complementary + second.complementary,
        first.kept + second.kept,
        first.unsecured + second.unsecured,
        first.rested | second.rested,
        first.anew | second.anew,
    )
