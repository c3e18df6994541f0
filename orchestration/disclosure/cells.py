"""From counted atoms to published cells: which count is shown, as what, and why not.

What belongs here: building the systems of counts that hang together, and telling what came of each.
What does not: the arithmetic of holding back (``protection``), or how a table shows a cell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from orchestration.disclosure.history import Block, Name, fine_bins
from orchestration.disclosure.left_out import waiting_estimates
from orchestration.disclosure.moving import Now, beside_earlier
from orchestration.disclosure.nested import left_over_by_few, of_programs_held_back
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.protection import NO_PARENT, Booleans, Cells, Protected, protect
from orchestration.disclosure.release_changes import BLOCK, FEW, UNCHANGED
from orchestration.disclosure.systems import floors_of, systems
from orchestration.disclosure.tables import PublishedTable
from orchestration.disclosure.told_before import Beside, Past, with_told
from orchestration.disclosure.universe import Universe

SHOWN, SUPPRESSED = "shown", "suppressed"
# What people look for first is worth so many others.
_DEAR = 3.0
COLUMNS = ("table_name", "block_id", "cell", "value", "status")


@dataclass(frozen=True)
class Decided:
    """What is shown of every cell, and what that costs.

    Attributes:
        cells: ``COLUMNS``; value is the count as it is shown, missing where it is not.
        small: cells held back because they are small, or rest on one that is.
        complementary: cells held back because they would give another away.
        kept: cells whose block keeps what the last release said.
        unsecured: small groups that follow from what earlier releases have told.
        rested: blocks that keep what the last release said although enough people came, because
            their numbers of now would tell less beside those of then.
        anew: blocks of the same people as in the last release that show less of them now.
    """

    cells: pd.DataFrame
    small: int
    complementary: int
    kept: int
    unsecured: int
    rested: set[Block]
    anew: set[Block]


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
    held: Collection[Name] = (),
    told: Collection[Name] = (),
    is_none_told: bool = True,
    is_complementary: bool = True,
) -> Decided:
    """Which counts are shown.

    Args:
        counts: ``int_atom_counts``: system, unit_id, total_id, cells, episode_count (and more).
        sizes: ``int_unit_sizes``: system, unit_id, episode_count, client_count, most_per_client.
        changes: per block what became of it since the last release (``release_changes``).
        last: ``COLUMNS`` as the last release had them; empty before the first.
        tables: the published tables, by name.
        policy: the numbers to go by.
        past: what earlier releases told, where there were any.
        bins: ``merging.COLUMNS``: what the pictures' bins are made of.
        may_rest: whether rows may keep what the last release said although enough people came.
        held: counts that are held back whatever their size (``overlaps``).
        told: counts that another table tells.
        is_none_told: whether none is shown of every group that is, so that a count which is held
            back is not none. False where counts are held back that are none.
        is_complementary: see ``protect``.
    """
    kept = _Kept(changes, last, held, told, is_none_told=is_none_told)
    floors = floors_of(sizes, policy)
    atoms = counts.groupby(["system", "unit_id", "total_id", "cells"], dropna=False, as_index=False)
    rows: list[tuple[str, str, str, int | None, str]] = []
    sums = np.zeros(3, dtype=int)
    solved: dict[object, Protected] = {}
    of_bins = {} if bins is None else fine_bins(bins)
    rested: set[Block] = set()
    for whole, universe, floor, parts in systems(atoms["episode_count"].sum(), tables, floors):
        start = None
        if parts:
            start = _start_of(universe, parts, kept, policy, solved, is_complementary)
        beside = None
        if past is not None and kept.may_move(universe.index):
            beside = past.beside(whole, universe.atom_of)
        found = _protect(universe, floor, kept, policy, solved, is_complementary, start, beside)
        values = (universe.members @ np.array(universe.atoms)).astype(int)
        is_shown_cell = found.is_shown
        if past is not None:
            moving = frozenset(name[:2] for name in universe.index) & kept.moving
            now = Now(
                whole,
                universe,
                values,
                found.is_shown,
                floor,
                policy,
                moving,
                of_bins,
                kept.told,
                is_none_told,
            )
            moves = beside_earlier(now, kept.last, past, may_rest=may_rest)
            is_shown_cell = moves.is_shown
            rested |= moves.rested
            sums += (0, moves.held_back, moves.unsecured)
        sums += (found.small, found.complementary, found.unsecured)
        for (name, number), is_shown in zip(universe.index.items(), is_shown_cell, strict=True):
            shown = kept.values.get(name) or policy.published(int(values[number]))
            rows.append((*name, shown if is_shown else None, SHOWN if is_shown else SUPPRESSED))
    few_left = set[Name]()
    if is_complementary:
        then = [] if past is None else past.shown_then()
        as_shown = {row[:3]: row[3] for row in rows}
        few_left = left_over_by_few(as_shown, tables, policy, then)
        resting = rested | kept.few
        few_left |= of_programs_held_back(as_shown, tables, resting)
        waiting = waiting_estimates(
            {name: None if name in few_left else value for name, value in as_shown.items()},
            policy,
            then,
        )
        rested |= {block for block in waiting if may_rest and block in kept.last}
        few_left |= {name for name in as_shown if name[:2] in waiting}
        sums[1] += sum(row[:3] in few_left and row[4] == SHOWN for row in rows)
        rows = [(*row[:3], None, SUPPRESSED) if row[:3] in few_left else row for row in rows]
    cells = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": "Int64"})
    is_kept = sum(
        kept.is_few(name) or name in rested
        for name in cells[BLOCK].itertuples(index=False, name=None)
    )
    anew = {name[:2] for name in few_left} & kept.unchanged - rested
    return Decided(cells, int(sums[0]), int(sums[1]), int(is_kept), int(sums[2]), rested, anew)


class _Kept:
    """What the last release told, of blocks that have not moved since, and what is settled."""

    def __init__(
        self,
        changes: pd.DataFrame,
        last: pd.DataFrame,
        held: Collection[Name],
        told: Collection[Name],
        *,
        is_none_told: bool,
    ) -> None:
        change = {
            (table, block): word
            for table, block, word in changes[[*BLOCK, "change"]].itertuples(index=False)
        }
        self.few = {block for block, word in change.items() if word == FEW}
        self.moving = {block for block, word in change.items() if word not in (FEW, UNCHANGED)}
        self.last: dict[tuple[str, str], dict[str, int]] = {}
        self.unchanged = {block for block, word in change.items() if word == UNCHANGED}
        self.values: dict[Name, int] = {}
        self.told, self._is_none_told = told, is_none_told
        self._hidden: set[Name] = set(held)
        for table, block, cell, value, status in last[list(COLUMNS)].itertuples(index=False):
            if status == SHOWN:
                self.last.setdefault((table, block), {})[cell] = int(value)
            if (table, block) in self.unchanged:
                if status == SHOWN:
                    self.values[table, block, cell] = int(value)
                else:
                    self._hidden.add((table, block, cell))

    def is_few(self, block: tuple[str, str]) -> bool:
        """Whether the block keeps the last release's numbers, which are not those of now."""
        return (block[0], block[1]) in self.few

    def may_move(self, names: Iterable[Name]) -> bool:
        """Whether any block moves, and none of those that hang together with it waits."""
        blocks = {name[:2] for name in names}
        return not (blocks & self.few) and not blocks <= self.unchanged

    def is_hidden(self, name: Name) -> bool:
        """Whether the number of now is told by nothing: too few changed, or it was held back."""
        return self.is_few(name[:2]) or name in self._hidden

    def is_untold(self, name: Name) -> bool:
        """Whether nothing tells even that it is not none, should it be held back."""
        return self.is_few(name[:2]) or not self._is_none_told

    def is_fixed(self, name: Name) -> bool:
        """Whether the last release, or another table of this one, has told the number of now."""
        return name in self.values or name in self.told


def _start_of(
    universe: Universe,
    parts: list[tuple[Universe, int]],
    kept: _Kept,
    policy: DisclosurePolicy,
    solved: dict[object, Protected],
    is_complementary: bool,
) -> Booleans:
    """What each part holds back for itself: the whole has then little left to find."""
    start = np.zeros(len(universe.index), dtype=bool)
    for part, floor in parts:
        found = _protect(part, floor, kept, policy, solved, is_complementary, None)
        for name, is_shown in zip(part.index, found.is_shown, strict=True):
            start[universe.index[name]] = not is_shown
    return start


def _protect(
    universe: Universe,
    floor: int,
    kept: _Kept,
    policy: DisclosurePolicy,
    solved: dict[object, Protected],
    is_complementary: bool,
    start: Booleans | None,
    beside: Beside | None = None,
) -> Protected:
    members = universe.members
    values = (members @ np.array(universe.atoms)).astype(np.int64)
    parents = universe.parents()
    is_hidden = np.array([kept.is_hidden(name) for name in universe.index])
    is_fixed = np.array([kept.is_fixed(name) for name in universe.index])
    is_untold = np.array([kept.is_untold(name) for name in universe.index])
    # Scales of one instrument have the same counts: each pattern is solved once.
    is_alone = start is None and beside is None
    dense = members.toarray().astype(np.uint8).tobytes() if is_alone else None
    is_dear = np.array([name[2] in universe.tables[name[0]].dear for name in universe.index])
    key = (dense, tuple(universe.atoms), tuple(parents), floor, is_hidden.tobytes(),
           is_fixed.tobytes(), is_untold.tobytes(), is_dear.tobytes())  # fmt: skip
    if dense is not None and key in solved:
        return solved[key]
    limits = np.array([policy.possible(int(value)) for value in values], dtype=np.int64)
    system = Cells(
        atoms=np.array(universe.atoms, dtype=np.int64),
        members=members,
        low=limits[:, 0],
        high=limits[:, 1],
        costs=_costs(parents, values, is_dear),
        parents=parents,
        is_hidden=is_hidden,
        is_fixed=is_fixed,
        is_untold=is_untold,
        smallest=floor,
    )
    count = len(universe.index)
    if beside is not None:
        system = with_told(system, beside)
        if start is not None:
            start = np.concatenate([start, np.zeros(len(system.parents) - count, dtype=bool)])
    found = protect(system, start=start, is_complementary=is_complementary)
    if beside is not None:
        found = replace(found, is_shown=found.is_shown[:count])
    if dense is not None:
        solved[key] = found
    return found


def _costs(parents: np.ndarray, values: np.ndarray, is_dear: Booleans) -> np.ndarray:
    """A cell is worth itself and what rests on it; of two alike the smaller goes first."""
    own = np.where(is_dear, _DEAR, 1.0)
    worth = own.copy()
    for cell, parent in enumerate(parents):
        seen = int(parent)
        while seen != NO_PARENT:
            worth[seen] += own[cell]
            seen = int(parents[seen])
    largest = max(int(values.max(initial=0)), 1)
    found: np.ndarray = worth * (1 + 0.1 * values / largest)
    return found
