"""One column of text, counted: its distinct values, cleaned and classed, in a temporary table.

What belongs here: how values are made distinct, cleaned and classed, and how conditions on them
are counted. Only counts leave DuckDB.
What does not: what the counts mean (judgements.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.landing.identifiers.headers import header_rules
from orchestration.landing.identifiers.patterns import CLASSES, PATTERNS, full_match, matches

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = [
    "BARE_NUMBERS",
    "DISTINCT",
    "PROFILE",
    "TEXT",
    "Column",
    "counts_of",
    "one_row",
    "profile",
    "quoted",
    "shown_names",
]

DISTINCT, PROFILE = "identifier_distinct_values", "identifier_profile"
TEXT = f"(select * from {PROFILE} where kind = 'text')"
# The digits become one number before any arithmetic on them, or each digit would parse them anew.
BARE_NUMBERS = (
    "(select digits, length(digits) as places, try_cast(digits as bigint) as number from "
    f"(select split_part(value, '.', 1) as digits from {PROFILE} where kind = 'digits'))"
)
# Scores, answers, short codes: too short for a date, a telephone number or most names.
_SMALL = "(strlen(raw) <= 3 or abs(try_cast(raw as double)) < 1e7 and not starts_with(raw, '+'))"
# Full-width signs, odd hyphens and spaces are what copying from a document leaves behind.
_CLEAN = (
    "case when strlen(raw) = length(raw) then trim(raw, ' \t\r\n') else trim(translate("
    "nfc_normalize(raw), '\u00a0\u2007\u202f\u2009\u2010\u2011\u2012\u2013\u2014\u2212\uff20"
    "\ufeff\u200b\u200e', '    ------@'), ' \t\r\n') end"
)


@dataclass
class Column:
    """One column's numbers: counts of distinct values by class, and what was found so far.

    ``is_worded`` says that not all values are short numbers and answers.
    """

    name: str
    shown: str
    hints: set[str]
    is_pseudonym: bool = False
    is_event: bool = False
    is_worded: bool = False
    lines: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    @property
    def distinct(self) -> int:
        """How many distinct values the column has, blanks aside."""
        return sum(self.counts.values())


def quoted(name: str) -> str:
    """A name as a SQL identifier, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def one_row(connection: "Connection", query: str) -> tuple[int, ...]:
    """The whole numbers of a query's only row; NULL becomes 0."""
    row = connection.execute(query).fetchone()
    return tuple(int(number or 0) for number in row or ())


def counts_of(
    connection: "Connection", conditions: Sequence[str], relation: str = TEXT
) -> tuple[int, ...]:
    """How many distinct values meet each condition."""
    counts = ", ".join(f"count(*) filter ({condition})" for condition in conditions)
    return one_row(connection, f"select {counts} from {relation}")


def profile(connection: "Connection", table: str, name: str, shown: str) -> Column:
    """Class the distinct values of one column into a temporary table.

    Plain values are kept only where the header hints at something, since nothing else reads them.
    """
    column = Column(name, shown, header_rules(name))
    connection.execute(
        f"create or replace temp table {DISTINCT} as "
        f"select cast({quoted(name)} as varchar) as raw, count(*) as lines "
        f"from {quoted(table)} where {quoted(name)} is not null group by all"
    )
    values, blank, small, lines = one_row(
        connection,
        f"select count(*), count(*) filter (trim(raw) = ''), "
        f"count(*) filter ({_SMALL} and trim(raw) <> ''), "
        f"sum(lines) filter (trim(raw) <> '') from {DISTINCT}",
    )
    column.lines = lines
    if blank + small == values and not column.hints:
        # Most columns of an export end here, before any regular expression is compiled.
        column.counts = {"plain": small} if small else {}
        return column
    column.is_worded = True
    kept = "value <> ''" if column.hints else "value <> '' and kind <> 'plain'"
    connection.execute(
        f"create or replace temp table {PROFILE} as select kind, value, lines from "
        f"(select value, lines, {CLASSES} as kind from "
        f"(select {_CLEAN} as value, lines from {DISTINCT})) where {kept}"
    )
    column.counts = {
        str(kind): int(number)
        for kind, number in connection.execute(
            f"select kind, count(*) from {PROFILE} group by kind"
        ).fetchall()
    }
    if not column.hints:
        column.counts["plain"] = values - blank - sum(column.counts.values())
    return column


def shown_names(connection: "Connection", columns: Sequence[str]) -> dict[str, str]:
    """How each column may be named: by position where its name is itself an identifier.

    A file whose header line is missing has a person's values for names.
    """
    shapes = [
        matches(PATTERNS[shape])
        for shape in ("email", "ssn", "nhs", "phone", "postcode", "address", "ip_address")
    ]
    shapes += [full_match(PATTERNS["name_known"]), "length(value) > 80"]
    rows = connection.execute(
        f"select value, {' or '.join(shapes)} from (select unnest(?::varchar[]) as value)",
        [list(columns)],
    ).fetchall()
    is_telling = {str(name): bool(telling) for name, telling in rows}
    return {
        name: f"column {position}" if is_telling.get(name) else name
        for position, name in enumerate(columns, start=1)
    }
