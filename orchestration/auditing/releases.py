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

# Of a frame: the columns that it had in its file.
_HAD = "columns_of_the_file"


def in_common(
    earlier: Mapping[str, pd.DataFrame], candidate: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """An earlier release in today's form: of what it did not have it tells nothing.

    An older Scout published fewer tables and columns. A table whose rows had other keys has none
    that could be laid beside one of now.
    """
    found = {}
    for table, shape in SHAPES.items():
        columns = candidate[table].columns
        frame = earlier.get(table)
        if frame is None or not set(shape.key) <= set(frame.columns):
            found[table] = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
            continue
        missing = [name for name in columns if name not in frame.columns]
        nothing = {name: "not_computable" if name.endswith("_status") else None for name in missing}
        found[table] = frame[[name for name in columns if name in frame.columns]].assign(**nothing)
        found[table].attrs[_HAD] = [name for name in columns if name not in missing]
    return found


def rows_of(frames: Mapping[str, pd.DataFrame]) -> dict[Row, dict[str, Any]]:
    """Every row of every table by its key, with the columns that its file had."""
    found = {}
    for table, shape in SHAPES.items():
        frame = frames[table]
        for row in frame[frame.attrs.get(_HAD, list(frame.columns))].to_dict("records"):
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
        then = earlier.get(key)
        if row.get("kept_from_release") is not None or then is None:
            continue
        if all(row.get(column) == value for column, value in then.items()):
            shared = {
                count
                for count, group in SHAPES[key[0]].counts.items()
                if then.get(f"{group or count}_status") == "shown"
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
