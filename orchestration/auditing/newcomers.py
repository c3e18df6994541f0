"""Two releases subtracted from each other: what is told of those who came in between.

What belongs here: newcomers as a table of their own, and pictures laid over each other.
What does not: means of nearly the same people (``releases``), what one release tells (``facts``).

The attacker believes that nobody left where nothing says otherwise: then every count of now is the
count of then and of newcomers, and what is known of the three is solved together. Where a count
went down, he subtracts alone.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from orchestration.auditing.bounds import Knowledge, attack
from orchestration.auditing.estimates import left_out
from orchestration.auditing.facts import Reader
from orchestration.auditing.releases import rows_of
from orchestration.auditing.shapes import SHAPES, Row

Frames = Mapping[str, pd.DataFrame]
NOW, THEN = "now", "then"
# Pictures: of each axis the columns of its edges, the count, and how much of the key is the group.
_PICTURES: dict[str, tuple[tuple[tuple[str, str], ...], str, int]] = {
    "pub_score_bins": ((("bin_low", "bin_high"),), "episode_count", 3),
    "pub_change_bins": (
        (("process_bin_low", "process_bin_high"), ("outcome_bin_low", "outcome_bin_high")),
        "pair_count",
        3,
    ),
}


def newcomers_told(now: Frames, then: Frames, smallest: int, rounding: int) -> set[tuple[Row, str]]:
    """Rows and counts of which two releases tell that few came, or left, in between.

    Args:
        now: the tables of the one release.
        then: those of an earlier one.
        smallest: no number from 1 to one less may be known.
        rounding: what shown counts are multiples of.
    """
    later, earlier = rows_of(now), rows_of(then)
    found = set(_subtracted(later, earlier, smallest, rounding))
    found |= set(_left_out(later, earlier, smallest, rounding))
    knowledge = Knowledge()
    reader = Reader(knowledge, smallest, rounding)
    reader.read(then, THEN, {})
    reader.read(now, NOW, {})
    shrunk = {row for row in later.keys() & earlier.keys() if _is_less(row, later, earlier)}
    targets = _state_newcomers(knowledge, shrunk)
    for name, one in attack(knowledge, targets, smallest).items():
        if not one.is_contradicted and (one.is_recovered(smallest) or one.is_narrowed(smallest)):
            found.add((targets[name], str(name)))
    return found | set(_pictures(now, then, smallest, rounding))


def _state_newcomers(knowledge: Knowledge, shrunk: set[Row]) -> dict[Hashable, Row]:
    """Every count of now is that of then and of newcomers; those, and the row of each."""
    facts = list(knowledge.rows)
    found: dict[Hashable, Row] = {}
    for name in list(knowledge.low):
        row = _row_of(name)
        if row is None or row in shrunk or _is_bin(name):
            continue
        # What was kept then was told then, too, of people before.
        others = [_then(name, is_kept=is_kept) for is_kept in (False, True)]
        other = next((one for one in others if one in knowledge.low), None)
        if other is None:
            continue
        low = max(knowledge.low[name] - knowledge.high[other], 0.0)
        high = knowledge.high[name] - knowledge.low[other]
        if low <= high:
            came = ("came", name)
            found[came] = row
            knowledge.state({name: 1.0, other: -1.0, came: -1.0}, 0.0, 0.0)
            knowledge.learn(came, low, high)
    # Of a sum what is not told apart: the newcomers of all parts that are held back together.
    for terms, _, _ in facts:
        parts = [("came", name) for name, weight in terms.items() if weight == -1.0]
        if len(parts) > 1 and all(part in found for part in parts):
            open_ = [part for part in parts if knowledge.low[part] < knowledge.high[part]]
            if len(open_) > 1:
                both = ("together", tuple(open_))
                found[both] = found[open_[0]]
                knowledge.state({both: 1.0} | dict.fromkeys(open_, -1.0), 0.0, 0.0)
    return found


def _subtracted(
    later: Mapping[Row, dict[str, Any]],
    earlier: Mapping[Row, dict[str, Any]],
    smallest: int,
    rounding: int,
) -> Iterator[tuple[Row, str]]:
    """Counts shown in both that differ by few."""
    for row in later.keys() & earlier.keys():
        for count in SHAPES[row[0]].counts:
            new, old = later[row].get(count), earlier[row].get(count)
            if new is None or old is None or _is_part_of_a_picture(row, count):
                continue
            if _is_few(int(new), int(old), 1, smallest, rounding):
                yield row, count


def _left_out(
    later: Mapping[Row, dict[str, Any]],
    earlier: Mapping[Row, dict[str, Any]],
    smallest: int,
    rounding: int,
) -> Iterator[tuple[Row, str]]:
    """Estimates that leave out a few more, or fewer, of those whom they are among than before."""
    now, then = (
        left_out({row: one for row, one in rows.items() if one.get("kept_from_release") is None})
        for rows in (later, earlier)
    )
    for pair in now.keys() & then.keys():
        (part, whole), (part_then, whole_then) = now[pair], then[pair]
        if _is_few(whole - part, whole_then - part_then, 2, smallest, rounding):
            yield pair[0], "left out"


def _is_few(later: int, earlier: int, terms: int, smallest: int, rounding: int) -> bool:
    """Whether a difference of two shown numbers, each of so many terms, is surely of few."""
    difference = abs(later - earlier)
    blur = 0 if rounding == 1 else terms * (rounding - 1)
    return difference - blur >= 1 and difference + blur < smallest


def _is_less(
    row: Row, later: Mapping[Row, dict[str, Any]], earlier: Mapping[Row, dict[str, Any]]
) -> bool:
    numbers = [(later[row].get(name), earlier[row].get(name)) for name in SHAPES[row[0]].counts]
    return any(now is not None and then is not None and now < then for now, then in numbers)


def _row_of(name: Hashable) -> Row | None:
    """The row of a count of now that is of now's people; None of any other."""
    if not isinstance(name, tuple) or len(name) != 3:
        return None
    if name[0] == "rest":
        return _row_of(name[1])
    return name[0] if name[2] == (NOW, False) else None


def _then(name: Any, *, is_kept: bool) -> Hashable:
    """The same count of the earlier release."""
    if name[0] == "rest":
        parts = (_then(part, is_kept=is_kept) for part in name[2])
        return ("rest", _then(name[1], is_kept=is_kept), tuple(parts))
    return (name[0], name[1], (THEN, is_kept))


def _is_bin(name: Any) -> bool:
    if name[0] == "rest":
        return any(map(_is_bin, (name[1], *name[2])))
    return _is_part_of_a_picture(name[0], name[1])


def _is_part_of_a_picture(row: Row, count: str) -> bool:
    """A bin of a number is of other people in another release."""
    return row[0] in _PICTURES and count == _PICTURES[row[0]][1]


def _pictures(now: Frames, then: Frames, smallest: int, rounding: int) -> Iterator[tuple[Row, str]]:
    """Pictures in which the smallest area that both cut out gained or lost few people."""
    for table, (axes, count, length) in _PICTURES.items():
        pictures = [_bins(frames[table], table, axes, count, length) for frames in (now, then)]
        for group, bins in pictures[0].items():
            before = pictures[1].get(group, [])
            if before and _areas_of_few(bins, before, smallest, rounding):
                yield (table, group), count


def _bins(
    frame: pd.DataFrame, table: str, axes: tuple[tuple[str, str], ...], count: str, length: int
) -> dict[tuple[str, ...], list[tuple[list[tuple[float, float]], int]]]:
    """Per group the shown bins: limits on each axis, and people."""
    found: dict[tuple[str, ...], list[tuple[list[tuple[float, float]], int]]] = {}
    for row in frame.to_dict("records"):
        if row[f"{count}_status"] != "shown" or axes[0][0] not in row:
            continue
        key = tuple(str(row[column]) for column in SHAPES[table].key[:length])
        limits = [
            (
                float("-inf") if pd.isna(row[low]) else float(row[low]),
                float("inf") if pd.isna(row[high]) else float(row[high]),
            )
            for low, high in axes
        ]
        found.setdefault(key, []).append((limits, int(row[count])))
    return found


def _areas_of_few(
    now: list[tuple[list[tuple[float, float]], int]],
    then: list[tuple[list[tuple[float, float]], int]],
    smallest: int,
    rounding: int,
) -> bool:
    """Paint the plane: squares of one bin of either time get one colour; add up by colour."""
    axes = range(len(now[0][0]))
    edges = [
        sorted({edge for bins in (now, then) for limits, _ in bins for edge in limits[axis]})
        for axis in axes
    ]
    colour: dict[tuple[int, ...], int] = {}

    def squares(limits: list[tuple[float, float]]) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = [()]
        for axis, (low, high) in enumerate(limits):
            inside = [
                place
                for place, (left, right) in enumerate(
                    zip(edges[axis][:-1], edges[axis][1:], strict=True)
                )
                if low <= left and right <= high
            ]
            found = [(*square, place) for square in found for place in inside]
        return found

    places = [[squares(limits) for limits, _ in bins] for bins in (now, then)]
    for bins in places:
        for own in bins:
            for square in own:
                colour.setdefault(square, len(colour))
    has_changed = True
    while has_changed:
        has_changed = False
        for bins in places:
            for own in bins:
                lowest = min((colour[square] for square in own), default=0)
                for square in own:
                    has_changed |= colour[square] != lowest
                    colour[square] = lowest
    sums: dict[int, list[int]] = {}
    for side, (counted, squared) in enumerate(zip((now, then), places, strict=True)):
        for (_, people), own in zip(counted, squared, strict=True):
            if own:
                told = sums.setdefault(colour[own[0]], [0, 0, 0])
                told[side] += people
                told[2] += 1
    return any(
        _is_few(later, earlier, terms, smallest, rounding)
        for later, earlier, terms in sums.values()
    )
