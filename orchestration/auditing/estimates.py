"""What anybody knows of the people behind published estimates: who is among whom.

What belongs here: which tables of estimates rest on some, or on all, of the people of other rows.
What does not: reading a row (``facts``), solving (``bounds``), or comparing releases.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from orchestration.auditing.shapes import TOTAL, Row

SIZE, NUMERATOR = "sample_size", "numerator_count"
# Tables whose rows over all programs are the programs' together, with what is added up.
SUMS = {
    "pub_lead_lag": (SIZE,),
    "pub_components": (SIZE,),
    "pub_mediation": (SIZE,),
    "pub_delivery": (SIZE,),
    "pub_dose_response": (SIZE, NUMERATOR),
}
# Tables of estimates of some of those who are measured, or in a pair.
ESTIMATES = {*SUMS, "pub_strata", "pub_benchmarks"} - {"pub_dose_response"}
# A named count is (row, column, where); values are the rows as they stand in the file.
Values = Mapping[Row, Mapping[Any, Any]]
Named = Callable[[Row, str], Hashable]
Add = Callable[..., None]


def state_estimates(values: Values, rows: set[Row], named: Named, add: Add) -> None:
    """State which counts of people behind estimates are parts of which others.

    Args:
        values: every row of one release that is of its own time.
        rows: every row of the release.
        named: the name of a count of a row.
        add: states that a count is the sum of others, with ``has_rest`` or without.
    """
    tried: set[tuple[Any, Any]] = set()
    for part, whole, part_column, whole_column in _nested(values):
        told = (_told(values[part], part_column), _told(values[whole], whole_column))
        # Many estimates rest on the same people: the same subtraction tells the same.
        if None not in told and (told in tried or told[0] > told[1]):
            # Nobody believes that more are among fewer: the two are about other people.
            continue
        tried.add(told)
        add(named(whole, whole_column), [named(part, part_column)], part, has_rest=True)
    for row in values:
        if row[0] == "pub_comparisons" and row[1][-1] == "reliable_deterioration":
            _state_changes(row, values, named, add)
    for total, parts, column in _summed(values, rows):
        add(
            named(total, column),
            [named(row, column) for row in parts],
            total,
            has_rest=_is_less(values, parts, total, column),
        )


def left_out(values: Values) -> dict[tuple[Row, Row], tuple[int, int]]:
    """People of an estimate and of each row that they are all in, where both are shown.

    Args:
        values: every row of one release that is of its own time.

    Returns:
        By the estimate's row and the other: how many are in the one and in the other.
    """
    found = {}
    for row in values:
        for whole, column in _wholes(row):
            if row[0] in ESTIMATES and whole in values and whole != row:
                part, people = _told(values[row], SIZE), _told(values[whole], column)
                if part is not None and people is not None and part <= people:
                    found[row, whole] = (int(part), int(people))
    return found


def _state_changes(row: Row, values: Values, named: Named, add: Add) -> None:
    """Of the same courses some improved, others deteriorated, and the rest did neither."""
    improved: Row = (row[0], (*row[1][:-1], "reliable_improvement"))
    if improved in values:
        add(named(improved, SIZE), [named(row, SIZE)], row, has_rest=False)
        changed = [named(improved, NUMERATOR), named(row, NUMERATOR)]
        add(named(row, SIZE), changed, row, has_rest=True)


def _is_less(values: Values, parts: list[Row], total: Row, column: str) -> bool:
    """Whether the parts are all told and come to less: then somebody is in none of them."""
    rows = [values[row] for row in (*parts, total)]
    if any(row[f"{column}_status"] != "shown" for row in rows):
        return False
    return bool(sum(values[row][column] for row in parts) < values[total][column])


def _told(values: Mapping[Hashable, Any], column: str) -> Any:
    """A count as it is shown; None where it is not."""
    return values[column] if values.get(f"{column}_status") == "shown" else None


def _nested(values: Values) -> Iterator[tuple[Row, Row, str, str]]:
    """A row whose people are among those of another: part, whole and their columns."""
    for row in values:
        for whole, column in _wholes(row):
            if whole in values and whole != row:
                yield row, whole, SIZE, column
        if row[0] in ("pub_dose_response", "pub_comparisons"):
            yield row, row, NUMERATOR, SIZE
        if row[0] == "pub_comparisons":
            yield from _among_the_recovered(row, values)
            everybody: Row = ("pub_program_outcomes", (TOTAL, *row[1][2:]))
            if everybody in values:
                yield row, everybody, NUMERATOR, NUMERATOR
        for column, whole, whole_column in _of_other_tables(row):
            if whole in values:
                yield row, whole, column, whole_column


def _wholes(row: Row) -> Iterator[tuple[Row, str]]:
    """Rows that everybody of a row is in."""
    table, key = row
    if table == "pub_lead_lag":
        program, process, outcome, _, direction = key
        yield _link(program, process, outcome), SIZE
        yield (table, (program, process, outcome, "random_intercept", direction)), SIZE
    elif table == "pub_strata" and key[2] == "program" and key[4] == "stratum":
        yield _link(key[3], key[0], key[1]), SIZE
    elif table == "pub_components":
        program, _, outcome, component, _ = key
        yield _link(program, component, outcome), SIZE
    elif table == "pub_mediation":
        program, process, mediator, outcome, _, path = key
        yield _link(program, process, outcome), SIZE
        yield _link(program, process, mediator), SIZE
        yield _link(program, mediator, outcome), SIZE
        yield (table, (program, process, mediator, outcome, "first_to_last", path)), SIZE
    elif table == "pub_delivery":
        program, process, scale, _ = key
        yield _link(program, process, scale), SIZE
        yield _measure(program, scale), "paired_count"
    elif table == "pub_comparisons":
        yield ("pub_program_outcomes", (TOTAL, *key[2:])), SIZE
    elif table == "pub_benchmarks":
        yield _measure(key[1], key[4]), "paired_count"


def _of_other_tables(row: Row) -> Iterator[tuple[str, Row, str]]:
    """Counts of a row that are among those of another table: column, whole and its column."""
    table, (program, *rest) = row
    referred: Row = ("pub_attrition", (program, "1"))
    if table == "pub_program_measures":
        for column in ("episode_count", "paired_count", "judged_count"):
            yield column, referred, "episode_count"
    elif table == "pub_score_bins":
        yield "paired_count", referred, "episode_count"
    elif table == "pub_sudden_gains":
        yield "course_count", _measure(program, rest[0]), "paired_count"
        yield "course_count", _measure(program, rest[0]), "episode_count"
        yield "course_count", referred, "episode_count"
    elif table == "pub_change_order":
        yield SIZE, _link(program, rest[0], rest[1]), SIZE
        for scale in rest[:2]:
            yield SIZE, _measure(program, scale), "paired_count"
        yield SIZE, referred, "episode_count"


def _among_the_recovered(row: Row, values: Values) -> Iterator[tuple[Row, Row, str, str]]:
    """Who recovered was asked; who recovered reliably also recovered, and improved."""
    table, (*unit, metric) = row
    improved, recovered = (
        (table, (*unit, other)) for other in ("reliable_improvement", "recovery")
    )
    if metric == "recovery" and improved in values:
        yield row, improved, SIZE, SIZE
    if metric == "reliable_recovery":
        for whole in (improved, recovered):
            if whole in values:
                yield row, whole, NUMERATOR, NUMERATOR


def _summed(values: Values, rows: Iterable[Row]) -> Iterator[tuple[Row, list[Row], str]]:
    """A row that is others together: the total, its parts and the column.

    A sum holds only where every row of it is of the same time, so all must be in ``values``.
    """
    sums: dict[tuple[Row, str, str], list[Row]] = {}
    for row in rows:
        for total, column, split in _totals(row):
            sums.setdefault((total, column, split), []).append(row)
    for (total, column, _), parts in sums.items():
        if total in values and all(part in values for part in parts):
            told = [part for part in parts if _has(values[part], column)]
            if told:
                yield total, told, column


def _totals(row: Row) -> Iterator[tuple[Row, str, str]]:
    """The rows that a row is a part of, the column, and what splits them into such parts."""
    table, key = row
    if table in SUMS and key[0] != TOTAL:
        for column in SUMS[table]:
            yield (table, (TOTAL, *key[1:])), column, "programs"
    if table == "pub_dose_response" and key[2] != TOTAL:
        for column in (SIZE, NUMERATOR):
            yield (table, (*key[:2], TOTAL)), column, "bands"
    if table == "pub_comparisons":
        kind, unit, *rest = key
        # A program's rate stands among the rates; all clinics or years together are all programs.
        for column in (SIZE, NUMERATOR) if kind != "condition" else ():
            whole = unit if kind == "program" else TOTAL
            yield ("pub_program_outcomes", (whole, *rest)), column, kind


def _has(values: Mapping[Hashable, Any], column: str) -> bool:
    return bool(values[f"{column}_status"] != "not_computable")


def _link(program: str, process: str, outcome: str) -> Row:
    return ("pub_change_associations", (program, process, outcome, "first_to_last"))


def _measure(program: str, scale: str) -> Row:
    return ("pub_program_measures", (program, scale, "first_to_last"))
