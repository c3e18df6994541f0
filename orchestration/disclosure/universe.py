"""Cells of published tables over the atoms that they sum, in a fixed order.

What belongs here: names, rows and columns of one system of counts.
What does not: where counts come from, or what is shown of them (``cells``).
"""

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array

from orchestration.disclosure.history import Name
from orchestration.disclosure.protection import NO_PARENT
from orchestration.disclosure.tables import PublishedTable
from orchestration.disclosure.told_before import Atom


class Universe:
    """The cells of one system in a fixed order, with the atoms that each sums."""

    def __init__(self, tables: Mapping[str, PublishedTable]) -> None:
        self.tables = tables
        self.index: dict[Name, int] = {}
        self.atoms: list[int] = []
        self.atom_of: dict[Atom, int] = {}
        self._rows: list[int] = []
        self._columns: list[int] = []

    def add_atom(self, atom: Atom, count: int, names: list[Name]) -> None:
        """One more atom, and every cell of every block it appears in."""
        self.atom_of[atom] = len(self.atoms)
        for table, block, _ in names:
            if (table, block, next(iter(self.tables[table].cells))) not in self.index:
                for cell in self.tables[table].cells:
                    self.index[table, block, cell] = len(self.index)
        for name in names:
            self._rows.append(self.index[name])
            self._columns.append(len(self.atoms))
        self.atoms.append(count)

    @property
    def members(self) -> csr_array:
        """Which atoms each cell sums."""
        shape = (len(self.index), len(self.atoms))
        return csr_array((np.ones(len(self._rows)), (self._rows, self._columns)), shape=shape)

    def parents(self) -> np.ndarray:
        """The cell that each cell rests on."""
        found = []
        for table, block, cell in self.index:
            parent = self.tables[table].cells[cell]
            found.append(NO_PARENT if parent is None else self.index[table, block, parent])
        return np.array(found, dtype=np.int64)
