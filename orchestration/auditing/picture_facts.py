"""What anybody knows of the pictures of counts: bins add up to their group, programs to all.

What belongs here: sums among the tables of pictures, and between them and the other tables.
What does not: sums of the other tables (``facts``), or solving (``bounds``).
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from orchestration.auditing.shapes import TOTAL, Row

# total, parts, the row it is known from, and whether people may be left over.
Sum = tuple[Hashable, list[Hashable], Row, bool]
# A row's count of a column.
Named = Callable[[Row, str], Hashable]

# How much of the key is the group, the group's count, and the count of a part.
_PARTS = {
    "pub_score_bins": (3, "paired_count", "episode_count"),
    "pub_change_bins": (3, "sample_size", "pair_count"),
}


def limits(
    table: str, values: Mapping[Hashable, Any], smallest: int, rounding: int
) -> Iterator[tuple[str, float, float]]:
    """What the making of a picture tells of a row's counts: column, least and most people."""
    if table in _PARTS:
        _, whole, part = _PARTS[table]
        # Neighbours were put together until none is small.
        if values[f"{whole}_status"] == "shown" and values[f"{part}_status"] == "suppressed":
            yield part, float(smallest), float("inf")
    if table == "pub_course" and values["client_count_status"] == "shown":
        told, half = int(values["client_count"]), (rounding - 1) // 2
        yield "client_count", float(told - half), float(told + smallest - 1 + half)


def sums(rows: set[Row], others: set[Row], named: Named) -> Iterator[Sum]:
    """Sums that hold among rows that are all of one time.

    Args:
        rows: every row of that time.
        others: rows of another time: a total that they are part of is no sum.
        named: the name of a count.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in sorted(rows):
        if row[0] in _PARTS:
            groups.setdefault((row[0], *row[1][: _PARTS[row[0]][0]]), []).append(row)
    for (table, *key), own in groups.items():
        whole, part = _PARTS[table][1:]
        yield named(own[0], whole), [named(row, part) for row in own], own[0], False
        for row in own[1:]:
            yield named(own[0], whole), [named(row, whole)], row, False
        yield from _beside(table, tuple(key), own[0], rows, named)
    for row in sorted(rows):
        scored: Row = ("pub_program_measures", (*row[1][:2], "first_to_last"))
        paired: Row = ("pub_change_associations", (*row[1][:3], "first_to_last"))
        if row[0] == "pub_course" and scored in rows:
            yield named(scored, "episode_count"), [named(row, "client_count")], row, True
        if row[0] == "pub_change_lines" and paired in rows:
            yield named(paired, "sample_size"), [named(row, "sample_size")], row, False
    yield from _orders(rows, others, named)
    yield from _gains(rows, others, named)


def _beside(
    table: str, key: tuple[str, ...], row: Row, rows: set[Row], named: Named
) -> Iterator[Sum]:
    """The group is counted in another table too."""
    if table == "pub_score_bins":
        other: Row = ("pub_program_measures", (*key[:2], "first_to_last"))
        column = "paired_count"
    else:
        other = ("pub_change_associations", (*key, "first_to_last"))
        column = "sample_size"
    if other in rows:
        yield named(row, _PARTS[table][1]), [named(other, column)], row, False


def _orders(rows: set[Row], others: set[Row], named: Named) -> Iterator[Sum]:
    counts = ("process_first_count", "together_count", "outcome_first_count")
    own = [row for row in sorted(rows) if row[0] == "pub_change_order"]
    for row in own:
        yield named(row, "sample_size"), [named(row, count) for count in counts], row, False
    yield from _totals(own, others, ("sample_size", *counts), named)


def _gains(rows: set[Row], others: set[Row], named: Named) -> Iterator[Sum]:
    own = [row for row in sorted(rows) if row[0] == "pub_sudden_gains"]
    for row in own:
        for count in ("gain_count", "loss_count"):
            yield named(row, "course_count"), [named(row, count)], row, True
    yield from _totals(own, others, ("course_count", "gain_count", "loss_count"), named)


def _totals(
    rows: list[Row], others: set[Row], counts: tuple[str, ...], named: Named
) -> Iterator[Sum]:
    for total in rows:
        waiting = {row for row in others if (row[0], row[1][1:]) == (total[0], total[1][1:])}
        if total[1][0] != TOTAL or waiting:
            continue
        parts = [row for row in rows if row[1][1:] == total[1][1:] and row[1][0] != TOTAL]
        for count in counts:
            yield named(total, count), [named(row, count) for row in parts], total, False
