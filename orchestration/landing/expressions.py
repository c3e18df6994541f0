"""The SQL for one cell: text, checked dates, days and numbers, faults as numbers, keys.

What belongs here: expressions that read one row. Every pattern is checked before any cast, because
DuckDB's casts are generous (7.5 becomes 8, 0x1F becomes 31).
What does not: tables, joins, statements.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.landing.refusals import ROW_REASONS
from orchestration.landing.staged import TABLE, literal, quoted

# A fault is one number: which reason (from 1), which column (from 0). 0 is no fault.
_FAULT_BASE = 100_000
# Between the parts of a key: cannot stand in a cell that survived as an id.
_SEPARATOR = chr(31)
WHOLE_NUMBER = "-?[0-9]{1,9}([.]0+)?"
NUMBER = "-?[0-9]{1,9}([.][0-9]+)?"
_ISO_DATE = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    "([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
EARLIEST = "1900-01-01"
# What both curly apostrophes become, as SQL.
_STRAIGHT = literal("''")


@dataclass(frozen=True)
class Dialect:
    """How this source writes dates and missing values.

    Attributes:
        date_format: as strptime takes it; None for ISO.
        missing: the codes that mean missing in every column of values.
        latest: the latest day that can be believed.
        decimal: the mark before decimals, ``.`` or ``,``.
        tiny: what numbers nearer to zero than 1e-70 mean: ``zero``, ``missing`` or None.
        by_column: column -> codes that mean missing there.
    """

    date_format: str | None
    missing: tuple[str, ...]
    latest: date
    decimal: str = "."
    tiny: str | None = None
    by_column: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def key_text(column: str) -> str:
    """A cell of an id; reading has trimmed it and made blank ones NULL."""
    return f"{TABLE}.{quoted(column)}"


def value_text(column: str, dialect: Dialect, codes: Sequence[str] | None = None) -> str:
    """A cell of a value: as :func:`key_text`, and NULL when its code means missing.

    Args:
        column: the column.
        dialect: how the source writes.
        codes: the codes that hold in this column, where they are not the dialect's.
    """
    if codes is None:
        codes = (*dialect.missing, *dialect.by_column.get(column, ()))
    text = key_text(column)
    return without_codes(text, codes) if codes else text


def number_text(column: str, dialect: Dialect, codes: Sequence[str] | None = None) -> str:
    """A cell of a number: as :func:`value_text`, with a point before its decimals.

    Where the comma is the decimal mark, points and commas change places, so that a number with a
    mark of thousands is none in either writing.
    """
    return as_number(value_text(column, dialect, codes), dialect)


def as_number(text: str, dialect: Dialect) -> str:
    """A text of a number with a point before its decimals; see :func:`number_text`."""
    if dialect.decimal == ",":
        text = f"translate({text}, ',.', '.,')"
    if dialect.tiny is not None:
        meant = "'0'" if dialect.tiny == "zero" else "null"
        number = f"try_cast({text} as double)"
        text = f"(case when abs({number}) < 1e-70 and {number} <> 0 then {meant} else {text} end)"
    return text


def spellings(code: str) -> tuple[str, ...]:
    """A code as exports write it: a column with blanks turns 99 into 99.0 in many programs."""
    return (code, f"{code}.0") if re.fullmatch("-?[0-9]+", code) else (code,)


def without_codes(text: str, codes: Sequence[str]) -> str:
    """A text, NULL where it is one of the codes."""
    listed = ", ".join(literal(one) for code in codes for one in spellings(code))
    return f"(case when {text} in ({listed}) then null else {text} end)"


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
    """Whether a text is there and is no number of the given pattern.

    Most answers are one digit, which is told without a regular expression.
    """
    is_digit = f"strlen({text}) = 1 and {text} between '0' and '9'"
    other = f"{text} is not null and not regexp_full_match({text}, '{pattern}')"
    return f"(case when {is_digit} then false else {other} end)"


def is_in_words(text: str) -> str:
    """Whether a text is an answer in words rather than a number wrongly written."""
    return f"(try_cast({text} as double) is null and regexp_matches({text}, '\\pL{{2}}'))"


def plain_label(text: str) -> str:
    """A label as labels are compared; the same rule as ``registry.plain_label``."""
    spaced = f"regexp_replace(nfc_normalize({text}), '[\\s\\x{{00a0}}\\x{{202f}}]+', '', 'g')"
    return f"lower(translate({spaced}, '\u2018\u2019', {_STRAIGHT}))"


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


def record_key(administration_key: str, target_key: str) -> str:
    """The key of one answer or stated score: those of its administration and of what it answers.

    Both are 63 bits of MD5, so that two records share one by chance as rarely as if their parts had
    been hashed together, and the hash of an item is made once a file and not once an answer.
    """
    return f"xor({administration_key}, {target_key})"


def key(parts: Sequence[str]) -> str:
    """A positive 63-bit number from the MD5 of its parts; NULL counts as empty text."""
    # What is known beforehand is joined beforehand: one text between two that vary.
    pieces: list[str] = []
    known = ""
    for at, part in enumerate(parts):
        known += _SEPARATOR if at else ""
        if part == "null":
            continue
        if re.fullmatch("'(?:[^']|'')*'", part):
            known += part[1:-1].replace("''", "'")
            continue
        pieces += [literal(known), part] if known else [part]
        known = ""
    pieces += [literal(known)] if known or not pieces else []
    # md5_number_lower is a macro that computes MD5 twice; shifting once does not.
    return f"(md5_number(concat({', '.join(pieces)})) >> 65)::bigint"
