"""The SQL for one cell: text, checked dates, days and numbers, faults as numbers, keys.

What belongs here: expressions that read one row. Every pattern is checked before any cast, because
DuckDB's casts are generous (7.5 becomes 8, 0x1F becomes 31).
What does not: tables, joins, statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.landing.refusals import ROW_REASONS
from orchestration.landing.staged import TABLE, literal, quoted

# A fault is one number: which reason (from 1), which column (from 0). 0 is no fault.
_FAULT_BASE = 100_000
# Between the parts of a key: cannot stand in a cell that survived as an id.
_SEPARATOR = "chr(31)"
WHOLE_NUMBER = "-?[0-9]{1,9}([.]0+)?"
NUMBER = "-?[0-9]{1,9}([.][0-9]+)?"
_ISO_DATE = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
EARLIEST = "1900-01-01"


@dataclass(frozen=True)
class Dialect:
    """How this source writes dates and missing values.

    Attributes:
        date_format: as strptime takes it; None for ISO.
        missing: the codes that mean missing.
        latest: the latest day that can be believed.
    """

    date_format: str | None
    missing: tuple[str, ...]
    latest: date


def key_text(column: str) -> str:
    """A cell of an id; reading has trimmed it and made blank ones NULL."""
    return f"{TABLE}.{quoted(column)}"


def value_text(column: str, dialect: Dialect) -> str:
    """A cell of a value: as :func:`key_text`, and NULL when its code means missing."""
    text = key_text(column)
    for code in dialect.missing:
        text = f"nullif({text}, {literal(code)})"
    return text


def as_date(text: str, dialect: Dialect) -> str:
    """The calendar date a text states, NULL where it states none that can be believed."""
    if dialect.date_format is None:
        read = (
            f"case when regexp_full_match({text}, '{_ISO_DATE}') then try_cast(left({text}, "
            "10) as date) end"
        )
    else:
        read = f"try_strptime({text}, {literal(dialect.date_format)})::date"
    return f"({read})"


def is_bad_date(text: str, read: str, dialect: Dialect) -> str:
    """Whether a text is there and is no date between 1900 and ``dialect.latest``."""
    believable = f"{read} between date '{EARLIEST}' and date '{dialect.latest}'"
    return f"{text} is not null and ({read} is null or not {believable})"


def is_bad_number(text: str, pattern: str = NUMBER) -> str:
    """Whether a text is there and is no number of the given pattern."""
    return f"{text} is not null and not regexp_full_match({text}, '{pattern}')"


def same_day(text: str) -> str:
    """A day so written that 7, 7.0 and 7.00 are one."""
    return f"case when contains({text}, '.') then rtrim(rtrim({text}, '0'), '.') else {text} end"


def fault(reason: str, column: int | str) -> str:
    """A fault as a number.

    Args:
        reason: one of the row reasons.
        column: the column's position, or SQL that gives it.
    """
    return f"{(ROW_REASONS.index(reason) + 1) * _FAULT_BASE} + {column}"


def faults(cases: Sequence[tuple[str, str]]) -> str:
    """The first fault whose condition holds, else 0."""
    whens = " ".join(f"when {condition} then {number}" for condition, number in cases)
    return f"(case {whens} else 0 end)::integer"


def reason_of(number: str) -> str:
    """The reason in a fault."""
    listed = ", ".join(literal(reason) for reason in ROW_REASONS)
    return f"[{listed}][{number} // {_FAULT_BASE}]"


def column_of(number: str, header: Sequence[str]) -> str:
    """The column name in a fault."""
    listed = ", ".join(literal(column) for column in header)
    return f"[{listed}][{number} % {_FAULT_BASE} + 1]"


def key(parts: Sequence[str]) -> str:
    """A positive 63-bit number from the MD5 of its parts; NULL counts as empty text."""
    joined = ", ".join(f"coalesce({part}, '')" for part in parts)
    # md5_number_lower is a macro that computes MD5 twice; shifting once does not.
    return f"(md5_number(concat_ws({_SEPARATOR}, {joined})) >> 65)::bigint"
