"""The columns of a landed table, counted: what proposing may know of a file.

What belongs here: the counting, in one pass per column, and telling how dates are written.
What does not: what columns mean (``proposing``), reading files (``landing``).
"""

from collections.abc import Sequence
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
    return [_without_words(connection, table, name) for name in header]


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
    values = None
    if distinct <= _FEW:
        found = connection.execute(f"select distinct lower({column}) from {table}").fetchall()
        values = frozenset(str(row[0]).strip() for row in found if row[0] is not None)
    if whole == filled or numbers == filled:
        kind = "integer" if whole == filled else "number"
        return Column(name, rows, filled, distinct, kind, low, high, values=values)
    if iso == filled:
        return Column(name, rows, filled, distinct, "date", values=values)
    if other == filled:
        date_format = _order(connection, table, column)
        is_clear = date_format is not None
        return Column(
            name, rows, filled, distinct, "date", None, None, date_format, is_clear, values=values
        )
    return Column(name, rows, filled, distinct, "text", values=values)


def _order(connection: Connection, table: str, column: str) -> str | None:
    """Whether day or month stands first: told by a number above 12, or by points between them."""
    parts = [
        f"max(try_cast(regexp_extract({column}, '^([0-9]+)[./-]([0-9]+)', {n}) as integer))"
        for n in (1, 2)
    ]
    mark = f"regexp_extract({column}, '[./-]')"
    first, second, one, other = connection.execute(
        f"select {', '.join(parts)}, min({mark}), max({mark}) from {table}"
    ).fetchall()[0]
    if one != other or (first > 12 and second > 12):
        return None
    if one == "." or first > 12:
        return f"%d{one}%m{one}%Y"
    return f"%m{one}%d{one}%Y" if second > 12 else None
