"""A set of counts beside what earlier releases told of it: what moves, what of it, what rests.

What belongs here: choosing between new numbers with holes and the last release's, and pictures that
may not move yet.
What does not: which cells two releases together would tell too much of (``newcomers``), or whether
enough people came for anything to move at all (``release_changes``).

Both choices are safe; the one is taken that tells more. A cell that rests tells of those alone who
were counted then, so it is worth their share of the people of now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from orchestration.disclosure.history import Block, Name, Whole
from orchestration.disclosure.newcomers import Bin, TwoTimes, tells_few, to_hide
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.protection import NO_PARENT, Booleans, Integers
from orchestration.disclosure.told_before import Past
from orchestration.disclosure.universe import Universe

Bins = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class Now:
    """One set of counts as it would be shown if nothing had been told before.

    Attributes:
        whole: which set.
        universe: its cells and atoms.
        values: the counts; shape (c,).
        is_shown: per cell.
        floor: the smallest count that may be known.
        policy: the numbers to go by.
        moving: its blocks whose rows would be new.
        bins: per bin of a picture its fine bins, as text.
        told: cells that another table tells, whatever becomes of these.
        is_none_told: see ``cells.decide``.
    """

    whole: Whole
    universe: Universe
    values: Integers
    is_shown: Booleans
    floor: int
    policy: DisclosurePolicy
    moving: frozenset[Block]
    bins: Bins
    told: Collection[Name] = ()
    is_none_told: bool = True


@dataclass
class Moves:
    """What became of it.

    Attributes:
        is_shown: per cell.
        rested: blocks that keep the last release's rows although enough people came.
        held_back: cells that would tell of few newcomers.
        unsecured: cells that must stay shown and do.
    """

    is_shown: Booleans
    rested: set[Block] = field(default_factory=set)
    held_back: int = 0
    unsecured: int = 0


def beside_earlier(
    now: Now, last: Mapping[Block, Mapping[str, int]], past: Past, *, may_rest: bool
) -> Moves:
    """What is shown where earlier releases can be subtracted.

    Args:
        now: the set of counts.
        last: what the last release showed, per block and cell.
        past: what the last few releases told.
        may_rest: False where what the last release said cannot be kept.
    """
    moves = Moves(now.is_shown.copy())
    names = list(now.universe.index)
    for block in _pictures(now):
        if _tells_few(now, block, past):
            moves.is_shown &= np.array([name[:2] != block for name in names])
            if block in last and may_rest:
                moves.rested.add(block)
    hidden = np.zeros(len(names), dtype=bool)
    for number in past.releases(now.moving):
        times, places = _two_times(now, moves.is_shown & ~hidden, past, number)
        more, unsecured = to_hide(times)
        hidden[places[more]] = True
        moves.unsecured += unsecured
    hidden = _with_dependents(hidden, now.universe.parents())
    if not hidden.any():
        return moves
    if may_rest and _rests_for_more(now, moves.is_shown & ~hidden, last):
        is_moving = np.array([name[:2] in now.moving for name in names])
        is_told = np.array([name in now.told for name in names])
        return Moves(now.is_shown & (~is_moving | is_told), set(now.moving))
    moves.held_back = int((moves.is_shown & hidden).sum())
    moves.is_shown &= ~hidden
    return moves


def _rests_for_more(now: Now, is_shown: Booleans, last: Mapping[Block, Mapping[str, int]]) -> bool:
    """Whether what the last release said of the moving blocks tells more than what is new."""
    tables = now.universe.tables
    moved = rests = 0.0
    for (table, block, cell), place in now.universe.index.items():
        if (table, block) not in now.moving or tables[table].is_merged:
            continue
        moved += float(is_shown[place])
        then = last.get((table, block), {})
        base = next(iter(tables[table].cells))
        of_now = int(now.values[now.universe.index[table, block, base]])
        if cell in then and base in then:
            rests += min(then[base] / max(of_now, 1), 1.0)
    return rests > moved


def _two_times(now: Now, is_shown: Booleans, past: Past, number: int) -> tuple[TwoTimes, Integers]:
    """The set beside one earlier release, and the places of its cells.

    What was not told then is in it too: what it says now may tell of what was.
    """
    universe = now.universe
    # A bin is of other people than the bin of the same name was.
    told = {name[:2]: past.told(number, name[:2]) for name in universe.index}
    kept = [
        (name, place)
        for name, place in universe.index.items()
        if not (universe.tables[name[0]].is_merged and universe.tables[name[0]].cells[name[2]])
    ]
    row_of = {name: row for row, (name, _) in enumerate(kept)}
    places = np.array([place for _, place in kept], dtype=int)
    dense = universe.members.tocsc()[places].toarray() if kept else np.zeros((0, 0))
    columns = {tuple(column) for column in dense.T.astype(int).tolist()}
    for pattern in past.patterns(number, now.whole):
        inside = {row_of[name] for name in pattern if name in row_of}
        columns.add(tuple(int(row in inside) for row in range(len(kept))))
    patterns = np.array(sorted(column for column in columns if any(column)))
    values = now.values[places]
    limits = np.array([now.policy.possible(int(value)) for value in values]).reshape(-1, 2)
    parents = universe.parents()[places]
    then_low, then_high = np.zeros(len(kept)), np.full(len(kept), np.inf)
    for row, (name, _) in enumerate(kept):
        cells = told[name[:2]] or {}
        limits_then = cells.get(name[2])
        parent = universe.tables[name[0]].cells[name[2]]
        if limits_then is not None:
            then_low[row], then_high[row] = limits_then
        elif (
            now.is_none_told
            and name[2] in cells
            and parent is not None
            and cells.get(parent) is not None
        ):
            then_low[row] = 1.0
    new_place = {int(place): row for row, place in enumerate(places)}
    times = TwoTimes(
        members=csr_array(patterns.reshape(-1, len(kept)).T),
        values=values,
        low=limits[:, 0],
        high=limits[:, 1],
        then_low=then_low,
        then_high=then_high,
        parents=np.array(
            [new_place.get(int(parent), NO_PARENT) for parent in parents], dtype=np.int64
        ),
        is_shown=is_shown[places],
        is_fixed=np.array(
            [name[:2] not in now.moving or name in now.told for name, _ in kept], dtype=bool
        ),
        smallest=now.floor,
    )
    return times, places


def _with_dependents(hidden: Booleans, parents: Integers) -> Booleans:
    while True:
        on_hidden = (parents != NO_PARENT) & hidden[parents]
        if not (on_hidden & ~hidden).any():
            return hidden
        hidden = hidden | on_hidden


def _pictures(now: Now) -> list[Block]:
    return sorted(block for block in now.moving if now.universe.tables[block[0]].is_merged)


def _tells_few(now: Now, block: Block, past: Past) -> bool:
    """Whether a picture beside an earlier one of the block tells of few who came or left."""
    shown: dict[str, tuple[str, float, float]] = {}
    for name, place in now.universe.index.items():
        if name[:2] == block and now.is_shown[place] and name in now.bins:
            low, high = now.policy.possible(int(now.values[place]))
            shown[name[2]] = (now.bins[name], low, high)
    for number in past.releases({block}):
        told = past.told(number, block) or {}
        bins = past.bins(number, block)
        then = {cell: (text, *limits) for cell, text in bins.items() if (limits := told.get(cell))}
        for moment in {_moment(cell) for cell in shown}:
            of_now, of_then = (
                [_bin(*one) for cell, one in picture.items() if _moment(cell) == moment]
                for picture in (shown, then)
            )
            if tells_few(of_now, of_then, now.floor):
                return True
    return False


def _moment(cell: str) -> str:
    return cell.rpartition("_")[0]


def _bin(text: str, low: float, high: float) -> Bin:
    edges = [int(edge) for edge in text.split("-")]
    return tuple(edges[0::2]), tuple(edges[1::2]), low, high
