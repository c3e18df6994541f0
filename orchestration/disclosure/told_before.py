"""What was told before, laid beside the counts of now.

What belongs here: one system of what was told and what is about to be.
What does not: what is remembered (``history``), or holding back (``protection``).

Each release may be safe and two of them not: where two programs gained nobody and a third did, the
total of now without the third is what the two have, and the earlier total without the two is what
the third had then. So counts that hang together are protected as one system with those that were
told before: one set of atoms per unit and time, the same set where nobody was gained or lost since,
and what was told is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from orchestration.disclosure.history import (
    BIRTHS,
    TOLD_CELLS,
    Block,
    History,
    Name,
    Whole,
    names,
    wholes,
)
from orchestration.disclosure.protection import NO_PARENT, Cells
from orchestration.disclosure.tables import PublishedTable

# What an atom is found by: unit and text of cells.
Atom = tuple[str, str]


@dataclass(frozen=True)
class Beside:
    """Told cells laid beside the cells of now, in the same order of atoms and some more.

    Attributes:
        members: rows for told cells and for what is known to be equal; columns first the atoms of
            now, then those of then.
        low, high: what each row is known to come to; 0 and no end of a cell that was held back.
        is_told: whether the row was shown, or is a known equality.
        parents: the row that a told cell rested on, or NO_PARENT.
    """

    members: csr_array
    low: np.ndarray
    high: np.ndarray
    is_told: np.ndarray
    parents: np.ndarray


def with_told(system: Cells, beside: Beside) -> Cells:
    """The system with what was told before: held back or told for good."""
    more, columns = beside.members.shape
    rows, atoms = system.members.shape
    members = csr_array((system.members.data, system.members.indices, system.members.indptr),
                        shape=(rows, columns))  # fmt: skip
    parents = np.where(beside.parents == NO_PARENT, NO_PARENT, beside.parents + rows)
    return Cells(
        atoms=np.concatenate([system.atoms, np.zeros(columns - atoms, dtype=np.int64)]),
        members=csr_array(vstack([members, beside.members])),
        low=np.concatenate([system.low, beside.low]),
        high=np.concatenate([system.high, beside.high]),
        costs=np.concatenate([system.costs, np.zeros(more)]),
        parents=np.concatenate([system.parents, parents]),
        is_hidden=np.concatenate([system.is_hidden, ~beside.is_told]),
        # Where none may be held back now, it may have been then.
        is_untold=np.concatenate([system.is_untold, np.full(more, system.is_untold.all())]),
        is_fixed=np.concatenate([system.is_fixed, beside.is_told]),
        smallest=system.smallest,
    )


class Past:
    """What was told before, by sets of counts that hang together."""

    def __init__(
        self, history: History, born: pd.DataFrame, tables: Mapping[str, PublishedTable]
    ) -> None:
        self._tables = tables
        self._born: dict[Block, int] = {
            (table, block): int(number)
            for table, block, number in born[list(BIRTHS)].values.tolist()
        }
        self._atoms = dict(wholes(history.atoms))
        self._cells: dict[tuple[int, Block], dict[str, tuple[float, float] | None]] = {}
        self._bins: dict[tuple[int, Block], dict[str, str]] = {}
        self._born_then: dict[int, dict[Block, int]] = {}
        for number, table, block, birth, cell, low, high, _, bins in history.cells[
            list(TOLD_CELLS)
        ].values.tolist():
            key = (int(number), (table, block))
            self._born_then.setdefault(int(number), {})[table, block] = int(birth)
            told = None if pd.isna(low) else (float(low), float(high))
            self._cells.setdefault(key, {})[cell] = told
            if not pd.isna(bins):
                self._bins.setdefault(key, {})[cell] = bins

    def beside(self, whole: Whole, atoms: Mapping[Atom, int]) -> Beside | None:
        """What earlier releases told of a set of counts; None where that is about others.

        Args:
            whole: which set.
            atoms: the number of each atom of now.
        """
        if whole not in self._atoms:
            return None
        frame = self._atoms[whole]
        rows = _Rows(len(atoms))
        now = _Time(whole[2], self._born)
        for (unit, text), column in atoms.items():
            now.atoms.setdefault(unit, {})[text] = column
        times = [now]
        for number in sorted(frame["release_number"].unique(), reverse=True):
            time = _Time(whole[2], self._born_then.get(int(number), {}))
            own = frame[frame["release_number"] == number]
            for unit, texts in own.groupby("unit_id")["cells"]:
                _place(str(unit), list(texts), time, times, rows)
            self._tell(int(number), time, rows)
            times.append(time)
        return rows.beside() if rows.is_linked else None

    def releases(self, blocks: Collection[Block]) -> list[int]:
        """In which remembered releases any of these blocks moved, the newest first."""
        found = {number for number, block in self._cells if block in blocks}
        return sorted(found, reverse=True)

    def told(self, number: int, block: Block) -> Mapping[str, tuple[float, float] | None] | None:
        """Least and most people per cell as one release told them, None of a cell held back.

        None for all where the block did not move in that release.
        """
        return self._cells.get((number, block))

    def shown_then(self) -> list[dict[Name, tuple[float, float]]]:
        """Per remembered release what was told of each cell by then: least and most people."""
        so_far: dict[Block, dict[str, tuple[float, float] | None]] = {}
        found = []
        numbers = sorted({number for number, _ in self._cells})
        for number in numbers:
            so_far |= {block: cells for (of, block), cells in self._cells.items() if of == number}
            found.append(
                {
                    (*block, cell): told
                    for block, cells in so_far.items()
                    for cell, told in cells.items()
                    if told is not None
                }
            )
        return found

    def patterns(self, number: int, whole: Whole) -> list[list[Name]]:
        """The cells that people of a set of counts were counted in, pattern by pattern."""
        frame = self._atoms.get(whole)
        if frame is None:
            return []
        rows = frame.loc[frame["release_number"] == number, ["unit_id", "total_id", "cells"]]
        return [names(*row) for row in rows.values.tolist()]

    def bins(self, number: int, block: Block) -> Mapping[str, str]:
        """The fine bins of a picture's bins, as text, by cell."""
        return self._bins.get((number, block), {})

    def _tell(self, number: int, time: "_Time", rows: "_Rows") -> None:
        """The cells of one release, over its atoms."""
        members: dict[Name, list[int]] = {}
        for unit, texts in time.atoms.items():
            for text, column in texts.items():
                for name in names(unit, time.total, text):
                    members.setdefault(name, []).append(column)
        for block in {name[:2] for name in members}:
            told = self._cells.get((number, block))
            if told is None:
                continue
            places = {
                cell: rows.add(dict.fromkeys(members.get((*block, cell), []), 1.0), limits)
                for cell, limits in told.items()
            }
            for cell, place in places.items():
                parent = self._tables[block[0]].cells.get(cell)
                if parent in places:
                    rows.rest(place, places[parent])


@dataclass
class _Time:
    """The atoms of one release by unit, and in which release each of its blocks last moved."""

    total: str | None
    born: Mapping[Block, int]
    atoms: dict[str, dict[str, int]] = field(default_factory=dict)

    def blocks(self, unit: str) -> dict[Block, list[str]]:
        """The unit's own blocks, and the texts of its atoms in each."""
        found: dict[Block, list[str]] = {}
        for text in self.atoms.get(unit, ()):
            for block in {name[:2] for name in names(unit, None, text)}:
                found.setdefault(block, []).append(text)
        return found


class _Rows:
    """Rows over atoms of now and of then, as they are found."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.is_linked = False
        self._entries: list[tuple[int, int, float]] = []
        self._limits: list[tuple[float, float]] = []
        self._told: list[bool] = []
        self._parents: list[int] = []

    def add(self, terms: dict[int, float], told: tuple[float, float] | None) -> int:
        """One more row; its number."""
        number = len(self._limits)
        self._entries += [(number, column, weight) for column, weight in terms.items()]
        self._limits.append((0.0, np.inf) if told is None else told)
        self._told.append(told is not None)
        self._parents.append(NO_PARENT)
        return number

    def rest(self, row: int, parent: int) -> None:
        """The row's cell rests on that of another."""
        self._parents[row] = parent

    def beside(self) -> Beside:
        """All rows."""
        shape = (len(self._limits), self.columns)
        lines, columns, weights = zip(*self._entries, strict=True)
        limits = np.array(self._limits)
        return Beside(
            csr_array((weights, (lines, columns)), shape=shape),
            limits[:, 0],
            limits[:, 1],
            np.array(self._told),
            np.array(self._parents, dtype=np.int64),
        )


def _place(unit: str, texts: list[str], time: _Time, newer: list[_Time], rows: _Rows) -> None:
    """Give a unit's atoms of then their columns: those of a newer release, if still the same."""
    blocks = {
        block: time.born.get(block)
        for text in texts
        for block in (name[:2] for name in names(unit, None, text))
    }
    for other in newer:
        theirs = other.blocks(unit)
        if blocks.keys() == theirs.keys() and all(
            birth is not None and other.born.get(block) == birth for block, birth in blocks.items()
        ):
            time.atoms[unit] = other.atoms[unit]
            rows.is_linked = True
            return
    time.atoms[unit] = {}
    for text in texts:
        time.atoms[unit][text] = rows.columns
        rows.columns += 1
    # Some blocks of the unit may be the same although others moved.
    for block, birth in blocks.items():
        for other in newer:
            if birth is not None and other.born.get(block) == birth:
                _equate(unit, block, time, other, rows)
                break


def _equate(unit: str, block: Block, time: _Time, other: _Time, rows: _Rows) -> None:
    """As many people had each pattern of a block's cells then as at the other time."""
    terms: dict[frozenset[Name], dict[int, float]] = {}
    for at, weight in ((time, 1.0), (other, -1.0)):
        for text in at.blocks(unit).get(block, ()):
            inside = frozenset(name for name in names(unit, None, text) if name[:2] == block)
            terms.setdefault(inside, {})[at.atoms[unit][text]] = weight
    for row in terms.values():
        rows.add(row, (0.0, 0.0))
    rows.is_linked = True
