"""The columns of a landed table, counted: what proposing may know of a file.

What belongs here: the counting, in one pass per column, and telling how dates are written.
What does not: what columns mean (``proposing``), reading files (``landing``).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from orchestration.landing.staged import quoted
from orchestration.proposing.profiles import Column
from orchestration.warehouse import Connection

# What programs write where there is no answer.
NO_ANSWER = ("NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", ".", "-", "#N/A", "#NULL!")
# How many different values may be compared with the registry's words and codes.
_FEW = 60
_WHOLE, _NUMBER = "-?[0-9]{1,9}([.]0+)?", "-?[0-9]{1,15}([.,][0-9]+)?"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?"
_DAY_FIRST_OR_NOT = "[0-9]{1,2}([./-])[0-9]{1,2}[./-][0-9]{4}"


def profiles(connection: Connection, table: str, header: Sequence[str]) -> list[Column]:
    """One profile per column, in their order.

    Args:
        connection: where the table is.
        table: a table of text; blank cells are NULL.
        header: its columns.
    """
    rows = int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])
    return [_one(connection, table, name, rows) for name in header]


def _one(connection: Connection, table: str, name: str, rows: int) -> Column:
    # Most columns hold few different values: fetching those is quicker than five expressions.
    counted = connection.execute(
        f"select {quoted(name)}, count(*) from {table} where {quoted(name)} is not null "
        f"group by all limit {_FEW + 1}"
    ).fetchall()
    if len(counted) <= _FEW:
        return _of_few(name, rows, {str(value): int(count) for value, count in counted})
    return _without_words(connection, table, name)


def _of_few(name: str, rows: int, counts: dict[str, int]) -> Column:
    """The profile of a column whose values are few, blanks aside."""
    missing = frozenset(counts) & frozenset(NO_ANSWER)
    rest = {value: count for value, count in counts.items() if value not in missing}
    kind, date_format, is_clear = _kind(rest)
    if kind in ("text", "empty"):
        rest, missing = counts, frozenset()
    values = frozenset(value.lower().strip() for value in rest)
    numbers = [float(value.replace(",", ".")) for value in rest if kind in ("integer", "number")]
    return Column(
        name,
        rows,
        sum(rest.values()),
        len(rest),
        "text" if rest and kind == "empty" else kind,
        min(numbers, default=None),
        max(numbers, default=None),
        date_format,
        is_clear,
        missing,
        values,
    )


def _kind(values: Collection[str]) -> tuple[str, str | None, bool]:
    """The kind of values, and how their dates are written."""
    if not values:
        return "empty", None, True
    for kind, pattern in (("integer", _WHOLE), ("number", _NUMBER), ("date", _ISO)):
        if all(re.fullmatch(pattern, value) for value in values):
            return kind, None, True
    if not all(re.fullmatch(_DAY_FIRST_OR_NOT, value) for value in values):
        return "text", None, True
    parts = [re.split("[./-]", value) for value in values]
    marks = {sign for value in values for sign in value if sign in "./-"}
    first, second = (max(int(part[n]) for part in parts) for n in (0, 1))
    date_format = _date_format(marks, first, second)
    return "date", date_format, date_format is not None


def _date_format(marks: Collection[str], first: int, second: int) -> str | None:
    """How dates are written: a number above 12 tells, or points between the parts."""
    if len(marks) != 1 or (first > 12 and second > 12):
        return None
    (mark,) = marks
    if mark == "." or first > 12:
        return f"%d{mark}%m{mark}%Y"
    return f"%m{mark}%d{mark}%Y" if second > 12 else None


def has_decimal_commas(connection: Connection, table: str, header: Sequence[str]) -> bool:
    """Whether some column holds numbers with a comma, and none holds a point between digits."""
    commas, points = (
        " + ".join(
            f"count(*) filter (regexp_full_match({quoted(name)}, '-?[0-9]+[{mark}][0-9]+'))"
            for name in header
        )
        for mark in (",", ".")
    )
    row = connection.execute(f"select {commas}, {points} from {table}").fetchall()[0]
    return bool(row[0]) and not row[1]


def _without_words(connection: Connection, table: str, name: str) -> Column:
    """The profile, with the usual words for no answer left out where numbers or dates remain."""
    found = _profile(connection, table, name, quoted(name))
    if found.kind != "text":
        return found
    words = ", ".join(f"'{word}'" for word in NO_ANSWER)
    column = f"case when {quoted(name)} not in ({words}) then {quoted(name)} end"
    without = _profile(connection, table, name, column)
    if without.kind in ("text", "empty"):
        return found
    met = connection.execute(
        f"select distinct {quoted(name)} from {table} where {quoted(name)} in ({words})"
    ).fetchall()
    return replace(without, missing=frozenset(str(row[0]) for row in met))


def _profile(connection: Connection, table: str, name: str, column: str) -> Column:
    number = f"try_cast(replace({column}, ',', '.') as double)"
    rows, filled, distinct, whole, numbers, iso, other, low, high = connection.execute(
        f"select count(*), count({column}), count(distinct {column}), "
        f"count(*) filter (regexp_full_match({column}, '{_WHOLE}')), "
        f"count(*) filter (regexp_full_match({column}, '{_NUMBER}')), "
        f"count(*) filter (regexp_full_match({column}, '{_ISO}')), "
        f"count(*) filter (regexp_full_match({column}, '{_DAY_FIRST_OR_NOT}')), "
        f"min({number}), max({number}) from {table}"
    ).fetchall()[0]
    if not filled:
        return Column(name, rows)
    if whole == filled or numbers == filled:
        kind = "integer" if whole == filled else "number"
        return Column(name, rows, filled, distinct, kind, low, high)
    if iso == filled:
        return Column(name, rows, filled, distinct, "date")
    if other == filled:
        date_format = _order(connection, table, column)
        is_clear = date_format is not None
        return Column(name, rows, filled, distinct, "date", None, None, date_format, is_clear)
    return Column(name, rows, filled, distinct, "text")


def _order(connection: Connection, table: str, column: str) -> str | None:
    """How dates of a column of many are written, or None where it cannot be told."""
    parts = [
        f"max(try_cast(regexp_extract({column}, '^([0-9]+)[./-]([0-9]+)', {n}) as integer))"
        for n in (1, 2)
    ]
    mark = f"regexp_extract({column}, '[./-]')"
    first, second, one, other = connection.execute(
        f"select {', '.join(parts)}, min({mark}), max({mark}) from {table}"
    ).fetchall()[0]
    return _date_format({one, other}, first, second)
