"""Which counts of one system of published counts must be held back so that no small one leaks.

What belongs here: the arithmetic of holding back, over atoms and the cells made of them.
What does not: names of tables, policies' numbers (they come as arguments), or the auditor.

An atom is a set of people who are counted in exactly the same cells; every cell is a sum of atoms.
Whatever can be subtracted from shown cells is again a sum of atoms. So the one thing to secure is:
for each atom with few people there is a table of whole numbers that agrees with everything shown,
in which that atom has at least ``smallest`` people. Then no number that follows from the shown
cells, a cell, a difference or a sum of hidden ones, can be from 1 to ``smallest`` - 1: such a
number is a sum of atoms, one of them small and not zero, and in that other table it would be
larger. Holding back more cells only adds such tables, so the atoms can be secured one by one.

Which cells to hold back for an atom that is not secured is a mixed-integer programme: move the
counts as little as possible, each cell that has to move costing what it is worth (Fischetti &
Salazar 2001 state the exact problem; this is its greedy form).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# A bound on the search for one atom; what it has not secured by then is held back wholly.
_SECONDS = 5.0
NO_PARENT = -1
# How far from whole a number may be that is whole but for the solver's arithmetic.
_NEARLY = 1e-7


@dataclass(frozen=True)
class Cells:
    """One system: what is counted, and what may be done about it.

    Attributes:
        atoms: people in each atom, at least 1, or 0 of an earlier time's, which nobody remembers;
            shape (a,).
        members: which atoms a cell sums; shape (c, a), 0 or 1. A known equality is a cell that is
            fixed at 0, with -1 for its other side.
        low, high: what a reader can conclude of the cell's count where it is shown; shape (c,).
        costs: what is lost with the cell, at least 0; shape (c,).
        parents: the cell that a cell rests on, or NO_PARENT; shape (c,).
        is_hidden: held back whatever happens, for a reason that has nothing to do with its size.
        is_untold: a cell that is held back and of which no reader learns even that it is not none.
        is_fixed: shown whatever happens, because an earlier release has told it.
        smallest: the smallest count that may be known, at least 2 to have an effect.
    """

    atoms: Integers
    members: csr_array
    low: Integers
    high: Integers
    costs: NDArray[np.float64]
    parents: Integers
    is_hidden: Booleans
    is_untold: Booleans
    is_fixed: Booleans
    smallest: int


@dataclass(frozen=True)
class Protected:
    """What may be shown.

    Attributes:
        is_shown: per cell.
        small: cells held back for their own size, and what rests on them.
        complementary: cells held back although they are not small.
        unsecured: small atoms that follow from what earlier releases have told.
    """

    is_shown: Booleans
    small: int
    complementary: int
    unsecured: int


def protect(
    cells: Cells, *, start: Booleans | None = None, is_complementary: bool = True
) -> Protected:
    """Hold back what must be.

    Args:
        cells: the system.
        start: cells that are held back already, because of a part of the system.
        is_complementary: False leaves out everything but small cells themselves; only to show what
            the auditor is for.
    """
    values = cells.members @ cells.atoms
    own = cells.is_hidden | ((values > 0) & (values < cells.smallest))
    own = _with_dependents(own & ~cells.is_fixed, cells)
    small = int((own & ~cells.is_hidden).sum())
    if not is_complementary:
        return Protected(~own, small, 0, 0)
    hidden = own if start is None else _with_dependents(own | (start & ~cells.is_fixed), cells)
    unsecured = 0
    waiting = np.flatnonzero(cells.atoms < cells.smallest)
    while len(waiting := _not_reached(cells, hidden, waiting)):
        atom = int(waiting[0])
        more = _to_hide_for(cells, hidden, atom)
        if more is not None and not more.any():
            # Reached after all, alone: many at once were in each other's way.
            waiting = waiting[1:]
        elif more is None:
            # Earlier releases have told too much for this one: show nothing more of it.
            touched = cells.members[:, [atom]].toarray().ravel() > 0
            hidden = _with_dependents(hidden | (touched & ~cells.is_fixed), cells)
            unsecured += len(_not_reached(cells, hidden, waiting[:1]))
            waiting = waiting[1:]
        else:
            hidden = _with_dependents(hidden | more, cells)
    complementary = int((hidden & ~cells.is_hidden).sum()) - small
    return Protected(~hidden, small, complementary, unsecured)


def _with_dependents(hidden: Booleans, cells: Cells) -> Booleans:
    """What rests on a hidden cell is hidden too: a zero out of few tells about each of them."""
    while True:
        on_hidden = (cells.parents != NO_PARENT) & hidden[cells.parents] & ~cells.is_fixed
        if not (on_hidden & ~hidden).any():
            return hidden
        hidden = hidden | on_hidden


def _known(
    cells: Cells, hidden: Booleans
) -> tuple[Integers, NDArray[np.float64], NDArray[np.float64]]:
    """What a reader knows: of which cells, and the least and most people each can have.

    Of a hidden cell whose group is shown a reader knows that it is not zero, for zero is shown.
    """
    is_in_shown_group = (cells.parents != NO_PARENT) & ~hidden[cells.parents] & ~cells.is_untold
    told = np.flatnonzero(~hidden | is_in_shown_group)
    low = np.where(hidden, 1.0, cells.low)[told]
    high = np.where(hidden, np.inf, cells.high)[told]
    return told, low, high


def _not_reached(cells: Cells, hidden: Booleans, atoms: Integers) -> Integers:
    """Those of ``atoms`` that no table found here gives ``smallest`` people.

    One table may give it to many at once: maximise the sum of min(count, smallest) over those left,
    drop the ones that got there, and go on until none does.
    """
    told, low, high = _known(cells, hidden)
    members = cells.members[told]
    count = len(cells.atoms)
    atoms = _not_traded(cells, members, low, high, atoms)
    while len(atoms):
        wished = len(atoms)
        picked = csr_array((np.ones(wished), (np.arange(wished), atoms)), shape=(wished, count))
        found = solve(
            objective=np.concatenate([np.zeros(count), -np.ones(wished)]),
            matrix=vstack(
                [
                    hstack([members, csr_array((members.shape[0], wished))]),
                    hstack([picked, -eye_array(wished)]),
                ],
                format="csr",
            ),
            low=np.concatenate([low, np.zeros(wished)]),
            high=np.concatenate([high, np.full(wished, np.inf)]),
            upper=np.concatenate([np.full(count, np.inf), np.full(wished, cells.smallest)]),
            integers=count,
        )
        if found is None:
            return atoms
        left = atoms[found[atoms] < cells.smallest]
        if len(left) == len(atoms):
            return atoms
        atoms = left
    return atoms


def _not_traded(
    cells: Cells,
    members: csr_array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    atoms: Integers,
) -> Integers:
    """Those of ``atoms`` that others in the very same told cells have too few people to fill.

    Nobody who sees those cells alone can tell whose the people are. Most atoms are reached so,
    which spares a search.
    """
    if not len(atoms):
        return atoms
    limited = members[np.flatnonzero(np.isfinite(high))].toarray()
    columns = np.unique(limited, axis=1, return_inverse=True)[1].ravel()
    is_open = ~limited.any(axis=0)
    raised = members[np.flatnonzero(low > 0)].toarray()
    least = low[low > 0]
    is_left = np.ones(len(atoms), dtype=bool)
    for place, atom in enumerate(atoms):
        people = cells.atoms.copy()
        needed = cells.smallest - people[atom]
        people[atom] = cells.smallest
        if not is_open[atom]:
            for other in np.flatnonzero(columns == columns[atom]):
                if other != atom and needed > 0:
                    given = min(needed, people[other])
                    people[other] -= given
                    needed -= given
            is_left[place] = needed > 0
        else:
            is_left[place] = False
        is_left[place] |= bool((raised @ people < least).any())
    return atoms[is_left]


def _to_hide_for(cells: Cells, hidden: Booleans, atom: int) -> Booleans | None:
    """The cheapest cells found that must move for ``atom`` to have ``smallest`` people."""
    told, low, high = _known(cells, hidden)
    movable = np.flatnonzero(~hidden & ~cells.is_fixed)
    row_of = {int(cell): row for row, cell in enumerate(told)}
    rows = np.array([row_of[int(cell)] for cell in movable], dtype=int)
    slack = csr_array(
        (np.ones(len(movable)), (rows, np.arange(len(movable)))),
        shape=(len(told), len(movable)),
    )
    count = len(cells.atoms)
    least = np.zeros(count + 2 * len(movable))
    least[atom] = cells.smallest
    found = solve(
        objective=np.concatenate([np.zeros(count), np.tile(cells.costs[movable], 2)]),
        matrix=hstack([cells.members[told], slack, -slack], format="csr"),
        low=low,
        high=high,
        upper=np.full(len(least), np.inf),
        lower=least,
        integers=count,
    )
    if found is None:
        return None
    moved = found[count : count + len(movable)] + found[count + len(movable) :] > 0.5
    more = np.zeros(len(hidden), dtype=bool)
    more[movable[moved]] = True
    return more


def solve(
    *,
    objective: NDArray[np.float64],
    matrix: csr_array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    upper: NDArray[np.float64],
    integers: int,
    lower: NDArray[np.float64] | None = None,
    is_nearly_whole: bool = True,
    gap: float = 0.0,
) -> NDArray[np.float64] | None:
    """A point that minimises ``objective``, its first ``integers`` entries whole; None if none.

    Sums of people mostly have a best point that is whole even where none need be: that is looked
    for first, unless ``is_nearly_whole`` is False. ``gap`` is the share by which the objective may
    be more than the least.
    """
    whole = np.zeros(len(objective))
    for is_whole in (False, True) if is_nearly_whole else (True,):
        whole[:integers] = is_whole
        result = milp(
            objective,
            integrality=whole,
            bounds=Bounds(np.zeros(len(objective)) if lower is None else lower, upper),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": _SECONDS, "mip_rel_gap": gap},
        )
        if result.x is None:
            return None
        point: NDArray[np.float64] = result.x.copy()
        near = np.round(point[:integers])
        if is_whole or np.abs(point[:integers] - near).max(initial=0.0) < _NEARLY:
            break
    point[:integers] = near
    return point
