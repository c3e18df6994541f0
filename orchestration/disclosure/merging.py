"""Bins put together until none is small: a coarser picture instead of one with holes.

What belongs here: which neighbouring bins become one, and the names of what is counted then.
What does not: the bins' edges (they come from the registry: ``macros/published_bins.sql``), or
holding back what is still too small (``protection``).

Which bins became one is a fact about data, and tells only that some of them alone have fewer people
than a bin needs, perhaps nobody: a bin with nobody is put together with its neighbour too. To see
that no more follows, move everybody in a bin of the picture to the last of the fine bins that it
was made of. That clinic is published exactly alike (before the last fine bin there are then nowhere
more people than there were), and in it every set of fine bins has nobody or at least the smallest
count. So of no such set does the picture tell that it has some, but few.

Where counts of classes are published beside a picture of changes, its fine bins do not cross the
lines between classes, and ``protection`` secures both together.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.disclosure.release_changes import cell_parts
from orchestration.disclosure.tables import CLASSES, MOMENTS, SCORE_BINS, SIDES

SCORES, CHANGES = "pub_score_bins", "pub_change_bins"
# One row per bin of a picture: its fine bins from first to last, of changes in both directions.
COLUMNS = ("table_name", "block_id", "cell", "bin_number", "first_bin", "last_bin",
           "outcome_first_bin", "outcome_last_bin")  # fmt: skip

# The fine bins of a change (macros/published_bins.sql), and the last ones of two of its classes.
CHANGE_BINS = range(1, 11)
_LINES = (2, 6)
# A picture of scores has at most so many bins, and one more for each fifty people: fewer people in
# a bin would be chance.
_FEW_BINS, _PEOPLE_PER_BIN = 6, 50
# A picture of changes has at most so many columns of so many bins; a column people for three.
_MOST = 8
_BINS_OF_A_COLUMN = 3

Integers = NDArray[np.int64]
# First and last fine bin, from 1.
Span = tuple[int, int]


def merged(
    counts: pd.DataFrame, smallest: Mapping[tuple[str, str], int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts with the fine bins of each picture put together.

    Args:
        counts: ``int_atom_counts``: system, unit_id, cells, episode_count (and more).
        smallest: per system and unit the fewest episodes that a bin needs.

    Returns:
        ``counts``, where people are in bins by number and in no fine ones, and ``COLUMNS``.
    """
    spans: list[tuple[object, ...]] = []
    names: dict[tuple[str, str], str] = {}
    is_binned = counts["cells"].str.contains(f"{SCORES}|{CHANGES}", regex=True)
    binned = counts[is_binned].groupby(["system", "unit_id", "cells"], as_index=False)
    for (system, unit), frame in binned["episode_count"].sum().groupby(["system", "unit_id"]):
        texts = dict(zip(frame["cells"], frame["episode_count"].astype(int), strict=True))
        people = _people(texts)
        new = _score_bins(unit, people, smallest[system, unit], spans)
        new |= _change_bins(unit, people, smallest[system, unit], spans)
        for text in texts:
            names[unit, text] = ",".join(new.get(cell, cell) for cell in text.split(","))
    renamed = [
        names.get((unit, text), text)
        for unit, text in counts[["unit_id", "cells"]].itertuples(index=False)
    ]
    found = pd.DataFrame(spans, columns=list(COLUMNS))
    return counts.assign(cells=renamed), found.astype(dict.fromkeys(COLUMNS[3:], "Int64"))


def together(counts: Integers | Sequence[Sequence[int]], smallest: int) -> list[Span]:
    """Neighbours put together from the first on until each group has ``smallest``.

    What is left over joins the last group. Of too few altogether one group is made.

    Args:
        counts: people per fine bin; with several rows, each group needs ``smallest`` in each row.
        smallest: the fewest people of a group.
    """
    rows = np.atleast_2d(np.asarray(counts, dtype=np.int64))
    count = rows.shape[1]
    ends = []
    people = np.zeros(len(rows), dtype=np.int64)
    for number in range(count):
        people += rows[:, number]
        if (people >= smallest).all():
            ends.append(number + 1)
            people[:] = 0
    ends = [*ends[:-1], count]
    return [(first + 1, last) for first, last in pairwise([0, *ends])]


def within_classes(counts: Integers, smallest: int, lines: Iterable[int]) -> list[Span]:
    """As ``together``, but a group crosses a line only where one side of it has too few.

    Args:
        counts: people per fine bin.
        smallest: the fewest people of a group.
        lines: the fine bins after which a line is drawn.
    """
    edges = [0, *sorted(lines), len(counts)]
    classes = _summed(counts, edges)
    found: list[Span] = []
    for first_class, last_class in together(classes, smallest):
        first, last = edges[first_class - 1], edges[last_class]
        found += [(first + a, first + b) for a, b in together(counts[first:last], smallest)]
    return found


def _score_bins(
    unit: str, people: Mapping[str, int], smallest: int, spans: list[tuple[object, ...]]
) -> dict[str, str]:
    """New names of the bins of both moments, which are the same bins."""
    fine = {m: [f"{SCORES}||{m}_fine_{number}" for number in SCORE_BINS] for m in MOMENTS}
    rows = [[people.get(name, 0) for name in fine[moment]] for moment in MOMENTS]
    if not any(map(any, rows)):
        return {}
    everybody = sum(rows[0])
    enough = max(smallest, everybody // (_FEW_BINS + everybody // _PEOPLE_PER_BIN))
    new: dict[str, str] = {}
    for number, (first, last) in enumerate(together(rows, enough), start=1):
        for moment in MOMENTS:
            name = f"{moment}_{number}"
            spans.append((SCORES, unit, name, number, first, last, None, None))
            new |= dict.fromkeys(fine[moment][first - 1 : last], f"{SCORES}||{name}")
    return new


def _change_bins(
    unit: str, people: Mapping[str, int], smallest: int, spans: list[tuple[object, ...]]
) -> dict[str, str]:
    """New names of the rectangles: columns of process change, each cut by outcome change."""
    plane = np.array(
        [[people.get(f"{CHANGES}||fine_{x}_{y}", 0) for y in CHANGE_BINS] for x in CHANGE_BINS]
    )
    everybody = int(plane.sum())
    if not everybody:
        return {}
    lines = {
        side: _lines([people.get(f"{CHANGES}||{side}_{name}", 0) for name in CLASSES], smallest)
        for side in SIDES
    }
    new: dict[str, str] = {}
    number = 0
    wide = max(_BINS_OF_A_COLUMN * smallest, everybody // _MOST)
    for first, last in _divided(plane.sum(axis=1), wide, *lines["process"]):
        column = plane[first - 1 : last].sum(axis=0)
        high_enough = max(smallest, int(column.sum()) // _MOST)
        for low, high in _divided(column, high_enough, *lines["outcome"]):
            number += 1
            name = f"cell_{number}"
            spans.append((CHANGES, unit, name, number, first, last, low, high))
            new |= {
                f"{CHANGES}||fine_{x}_{y}": f"{CHANGES}||{name}"
                for x in range(first, last + 1)
                for y in range(low, high + 1)
            }
    return new


def _divided(
    counts: Integers, smallest: int, lines: Sequence[int], hidden: Sequence[int]
) -> list[Span]:
    """As ``within_classes``, and nowhere is an edge drawn at a hidden line."""
    edges = [0, *(number for number in range(1, len(counts)) if number not in hidden), len(counts)]
    glued = _summed(counts, edges)
    found = within_classes(glued, smallest, [edges.index(line) for line in lines])
    return [(edges[first - 1] + 1, edges[last]) for first, last in found]


def _summed(counts: Integers, edges: Sequence[int]) -> Integers:
    return np.array([counts[first:last].sum() for first, last in pairwise(edges)], dtype=np.int64)


def _lines(classes: Sequence[int], smallest: int) -> tuple[list[int], list[int]]:
    """The lines between classes at which an edge may be drawn, and those where it would tell.

    Of a class that has few, and of the smaller one of the others, ``protection`` holds the counts
    back; the one that is left may be told apart from the rest, and nothing else.
    """
    if not sum(classes):
        return [], []
    if not any(0 < count < smallest for count in classes):
        return list(_LINES), []
    left = classes.index(max(classes))
    told = {0: [_LINES[0]], 1: [], 2: [_LINES[1]]}[left]
    return told, [line for line in _LINES if line not in told]


def _people(texts: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text, count in texts.items():
        for cell in text.split(","):
            if cell_parts(cell)[0] in (SCORES, CHANGES):
                found[cell] = found.get(cell, 0) + count
    return found
