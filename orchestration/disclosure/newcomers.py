"""What two releases tell together of those who came, or left, in between.

What belongs here: which counts must be held back because subtracting an earlier release from this
one would leave few people; the same for pictures.
What does not: what was told (``told_before``), or whether enough came at all (``release_changes``).

Of 11 newcomers one got worse: each release is safe, and their difference is not. Newcomers are a
table of their own, with the same cells. So this is to be secured: there are whole numbers of people
then and of newcomers that agree with everything both releases show, in which of each pattern of
cells nobody came or at least ``smallest``. Then no number that can be subtracted, which is a sum of
patterns, can be known to be from 1 to ``smallest`` - 1: in those numbers it is none or enough.
Where people have left as well, a difference is of no one set of people; then each single count may
also not differ by few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import bmat, csr_array, eye_array

from orchestration.disclosure.protection import (
    NO_PARENT,
    Booleans,
    Integers,
    solve,
)

# What a cell costs that has to stay shown: the last to be held back.
_DEAR = 1000.0
# To prove that nothing is a little cheaper takes longer than to find it.
_GOOD_ENOUGH = 0.1
# First and last fine bin on one axis or two, and the least and most people.
Bin = tuple[tuple[int, ...], tuple[int, ...], float, float]


@dataclass(frozen=True)
class TwoTimes:
    """One set of counts in this release and in an earlier one; cells in the same order.

    Attributes:
        members: which patterns a cell sums; shape (c, p), 0 or 1.
        values: the counts of now; shape (c,).
        low, high: what a reader concludes of each where it is shown; shape (c,).
        then_low, then_high: what he was told then; 0 and no end where it was held back, 1 where the
            group it rests on was shown.
        parents: the cell that a cell rests on, or NO_PARENT.
        is_shown: now, so far.
        is_fixed: shown whatever happens.
        smallest: the smallest count that may be known.
    """

    members: csr_array
    values: Integers
    low: Integers
    high: Integers
    then_low: np.ndarray
    then_high: np.ndarray
    parents: Integers
    is_shown: Booleans
    is_fixed: Booleans
    smallest: int


def to_hide(times: TwoTimes) -> tuple[Booleans, int]:
    """Which shown cells to hold back, and how many that must stay give newcomers away."""
    none = np.zeros(len(times.values), dtype=bool)
    if ((times.then_low <= times.values) & (times.values <= times.then_high)).all():
        # The people of now may be those of then.
        return none, 0
    least, most = times.low - times.then_high, times.high - times.then_low
    has_left = bool((times.is_shown & (most < 0)).any())
    few = none
    if has_left:
        few = ((least >= 1) & (most < times.smallest)) | ((most <= -1) & (-least < times.smallest))
        few &= times.is_shown
    if times.members.shape[1] == 1 and not has_left:
        # All are in one pattern of cells: how many came is all there is to tell.
        inside = times.is_shown & np.isfinite(times.then_high)
        inside &= times.members.toarray().ravel() > 0
        lowest, highest = least[inside].max(initial=0), most[inside].min(initial=np.inf)
        hidden = inside & (lowest >= 1) & (highest < times.smallest)
    else:
        hidden = _cheapest(times, few & ~times.is_fixed, has_left=has_left)
    return hidden & ~times.is_fixed, int((hidden & times.is_fixed).sum())


def _cheapest(times: TwoTimes, few: Booleans, *, has_left: bool) -> Booleans:
    """The cells that cost least, without which there are such numbers; ``few`` are among them."""
    cells, patterns = times.members.shape
    sums = csr_array(times.members)
    enough = int(times.values.max(initial=0)) + 2 * times.smallest
    told = times.is_shown & ~few
    ways = [1.0, -1.0] if has_left else [1.0]
    one = eye_array(patterns, format="csr")
    hide = eye_array(cells, format="csr")
    # People then; for each way who came (or left), and whether anybody did; what is held back; by
    # how much a cell that is held back may be more or less.
    changes = [way * sums for way in ways]
    wide = len(ways)
    empty = [[None] * wide for _ in range(2)]
    rows: list[tuple[list[object], np.ndarray, np.ndarray]] = [
        (
            [sums, *changes, *empty[0], None, hide, -hide],
            np.where(told, times.low, -np.inf),
            np.where(told, times.high, np.inf),
        ),
        (
            [sums, *empty[0], *empty[1], None, None, None],
            times.then_low,
            times.then_high,
        ),
        (
            [None, *empty[0], *empty[1], -enough * hide, hide, hide],
            np.full(cells, -np.inf),
            np.zeros(cells),
        ),
    ]
    # Whoever is left over is not fewer than nobody, and of a hidden count there is somebody.
    rows.append(
        (
            [sums, *changes, *empty[0], None, None, None],
            np.where(times.values > 0, 1.0, 0.0),
            np.full(cells, np.inf),
        )
    )
    if has_left:
        rows.append(
            (
                [one, *(way * one for way in ways), *empty[0], None, None, None],
                np.zeros(patterns),
                np.full(patterns, np.inf),
            )
        )
    for number in range(wide):
        came, whether = list(empty[0]), list(empty[1])
        for factor, low, high in ((-enough, -np.inf, 0.0), (-times.smallest, 0.0, np.inf)):
            came[number], whether[number] = one, factor * one
            rows.append(
                (
                    [None, *came, *whether, None, None, None],
                    np.full(patterns, low),
                    np.full(patterns, high),
                )
            )
    # With a cell goes what rests on it. Of a group that is shown none is shown, so it stays.
    resting = np.flatnonzero(times.parents != NO_PARENT)
    if len(resting):
        line = np.arange(len(resting))
        ties = csr_array(
            (
                np.concatenate([np.ones(len(resting)), -np.ones(len(resting))]),
                (np.tile(line, 2), np.concatenate([resting, times.parents[resting]])),
            ),
            shape=(len(resting), cells),
        )
        rows.append(
            (
                [None, *empty[0], *empty[1], ties, None, None],
                np.zeros(len(resting)),
                np.where((told & (times.values == 0))[resting], 0.0, np.inf),
            )
        )
    costs = np.where(times.is_fixed, _DEAR, 1.0)
    costs = np.where(told, costs * (1 + 0.1 * times.values / enough), 0.0)
    widths = [patterns, *[patterns] * (2 * wide), cells, cells, cells]
    blocks = [
        [
            csr_array((len(low), width)) if part is None else part
            for part, width in zip(parts, widths, strict=True)
        ]
        for parts, low, _ in rows
    ]
    upper = np.full(sum(widths), np.inf)
    upper[patterns * (1 + wide) : patterns * (1 + 2 * wide) + cells] = 1.0
    alone = (times.values == 0) & (times.parents == NO_PARENT)
    upper[patterns * (1 + 2 * wide) : patterns * (1 + 2 * wide) + cells][alone] = 0.0
    objective = np.zeros(sum(widths))
    at = patterns * (1 + 2 * wide)
    objective[at : at + cells] = costs
    found = solve(
        objective=objective,
        matrix=csr_array(bmat(blocks, format="csr")),
        low=np.concatenate([low for _, low, _ in rows]),
        high=np.concatenate([high for _, _, high in rows]),
        upper=upper,
        integers=len(objective),
        is_nearly_whole=False,
        gap=_GOOD_ENOUGH,
    )
    if found is None:
        return few | told
    return few | (told & (found[at : at + cells] > 0.5))


def tells_few(now: Sequence[Bin], then: Sequence[Bin], smallest: int) -> bool:
    """Whether two pictures of the same people and newcomers tell of few of them.

    Bins that overlap belong together; only of bins that belong together is there one number then
    and one now. Of anything smaller the bin that is cut leaves at least ``smallest`` open.

    Args:
        now: the bins of this release's picture.
        then: those of an earlier one.
        smallest: the smallest count that may be known.
    """
    for mine, theirs in _together(now, then):
        least = sum(one[2] for one in mine) - sum(one[3] for one in theirs)
        most = sum(one[3] for one in mine) - sum(one[2] for one in theirs)
        if (least >= 1 and most < smallest) or (most <= -1 and -least < smallest):
            return True
    return False


def _together(now: Sequence[Bin], then: Sequence[Bin]) -> Iterable[tuple[list[Bin], list[Bin]]]:
    """The finest sets of bins of now that cover what a set of bins of then covers."""
    waiting = list(now)
    while waiting:
        mine, theirs = [waiting.pop()], list[Bin]()
        while True:
            more = [one for one in then if one not in theirs and _meets(one, mine)]
            theirs += more
            new = [one for one in waiting if _meets(one, theirs)]
            mine += new
            waiting = [one for one in waiting if one not in new]
            if not more and not new:
                break
        yield mine, theirs


def _meets(one: Bin, others: Iterable[Bin]) -> bool:
    return any(
        all(
            first <= last_of and first_of <= last
            for first, last, first_of, last_of in zip(
                one[0], one[1], other[0], other[1], strict=True
            )
        )
        for other in others
    )
