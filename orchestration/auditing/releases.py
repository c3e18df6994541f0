"""One release beside an earlier one: whom did a newcomer's arrival give away?

What belongs here: subtracting two tables from each other.
What does not: what one release alone tells (``facts``).

The mean of n people and the mean of these and one more give the one's score: n' m' - n m. So a
count that means or rates rest on may not differ by few between two releases, unless nothing that
rests on it is told in both.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from orchestration.auditing.shapes import SHAPES, Row, Shape


def rows_of(frames: Mapping[str, pd.DataFrame]) -> dict[Row, dict[str, Any]]:
    """Every row of every table by its key."""
    found = {}
    for table, shape in SHAPES.items():
        for row in frames[table].to_dict("records"):
            key = tuple(str(row[column]) for column in shape.key)
            found[table, key] = {
                str(column): None if pd.isna(value) else value for column, value in row.items()
            }
    return found


def same_people(
    later: Mapping[Row, dict[str, Any]], earlier: Mapping[Row, dict[str, Any]]
) -> dict[Row, frozenset[str]]:
    """Per row that both releases have alike and of their own time: which counts are of the same.

    Only where the number of the group is shown: that is what may not change by few, while two
    numbers that are both held back look alike whoever they are about.
    """
    found = {}
    for key, row in later.items():
        if row.get("kept_from_release") is None and earlier.get(key) == row:
            shared = {
                count
                for count, group in SHAPES[key[0]].counts.items()
                if row[f"{group or count}_status"] == "shown"
            }
            if shared:
                found[key] = frozenset(shared)
    return found


def moved_by_few(
    now: Mapping[Row, dict[str, Any]],
    then: Mapping[Row, dict[str, Any]],
    smallest: int,
    rounding: int,
) -> list[tuple[Row, str]]:
    """Rows and columns that together with the earlier release tell about few people.

    Returns:
        The row, and the column whose value of the few can be worked out.
    """
    found = []
    for key in now.keys() & then.keys():
        shape = SHAPES[key[0]]
        for value, count in shape.means.items():
            if _tells_few(now[key], then[key], shape, value, count, smallest, rounding):
                found.append((key, value))
    return found


def _tells_few(
    now: dict[str, Any],
    then: dict[str, Any],
    shape: Shape,
    value: str,
    count: str,
    smallest: int,
    rounding: int,
) -> bool:
    needed = (value, count, *shape.shares.get(value, ()))
    if any(row.get(name) is None for row in (now, then) for name in needed):
        return False
    difference = abs(int(now[count]) - int(then[count]))
    # Of two rounded counts the difference is known to within twice half a step.
    blur = 0 if rounding == 1 else rounding - 1
    return max(difference - blur, 0) >= 1 and difference + blur < smallest
