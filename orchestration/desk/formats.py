"""How a table looks in each file format: names, types and cells that every program can take.

What belongs here: pure rules: the name, the SQL and the label of one column in one format.
What does not: writing files (``writers``) or choosing tables (``exporting``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from orchestration.desk.words import words_of

if TYPE_CHECKING:
    from orchestration.desk.published_tables import Column


class Format(StrEnum):
    """What ``scout export`` writes."""

    CSV = "csv"
    PARQUET = "parquet"
    EXCEL = "excel"
    SPSS = "spss"
    STATA = "stata"

    @property
    def suffix(self) -> str:
        """How such a file's name ends."""
        return {"excel": ".xlsx", "spss": ".sav", "stata": ".dta"}.get(self, f".{self}")

    @property
    def is_statistical(self) -> bool:
        """Whether a statistics program reads it, which knows numbers, texts and labels only."""
        return self in (Format.SPSS, Format.STATA)


# Rows that one file holds. Excel: its own limit less the header. SPSS and Stata have none, but
# pyreadstat takes the whole table at once: 1 million rows of fct_scores took 1.3 GB (measured).
ROWS_AT_MOST = {Format.EXCEL: 1_048_575, Format.SPSS: 2_000_000, Format.STATA: 2_000_000}
# Stata's limit of a variable's name and label; SPSS: 64 and 256 bytes (the labels here may hold
# letters of two bytes and more).
_NAME_LENGTH = {Format.STATA: 32, Format.SPSS: 64}
_LABEL_LENGTH = {Format.STATA: 80, Format.SPSS: 120}
_SHORTER = (("proportion", "prop"), ("interval", "ci"), ("reliable", "rel"), ("count", "n"))
# A spreadsheet would compute a text that begins so (OWASP, "CSV injection"); the last four are the
# full-width forms, which some take for the plain ones.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - meant
_DAY_ZERO = {Format.SPSS: "1582-10-14", Format.STATA: "1960-01-01"}
_MOMENTS_A_DAY = {Format.SPSS: 86_400.0, Format.STATA: 86_400_000.0}
_MICROSECONDS_A_DAY = 86_400_000_000
TRUTH = ("no", "yes")


@dataclass(frozen=True)
class Field:
    """One column as it is written.

    Attributes:
        column: what it is in the release.
        name: what it is called in the file.
        kind: text, number, truth, date, moment or words (a number with a label for each word).
        sql: what is written.
        label: the variable's label; the beginning of its description.
        display: how SPSS or Stata shows it; '' in other formats and for texts.
        words: word by number, for words and truths in SPSS and Stata.
    """

    column: "Column"
    name: str
    kind: str
    sql: str
    label: str
    display: str
    words: dict[float, str]


def fields_of(columns: "Sequence[Column]", form: Format, worded: frozenset[str]) -> list[Field]:
    """Every column as it is written in one format.

    Args:
        columns: the table's columns in order.
        form: the format.
        worded: text columns whose every value is one of the words known for it.
    """
    names = names_in([column.name for column in columns], form)
    return [_field(column, names[column.name], form, worded) for column in columns]


def names_in(columns: Sequence[str], form: Format) -> dict[str, str]:
    """A name for each column that the format can hold; no two are the same."""
    longest = _NAME_LENGTH.get(form)
    taken: dict[str, str] = {}
    for column in columns:
        name = column
        if longest is not None and len(name) > longest:
            for long, short in _SHORTER:
                name = name.replace(long, short)
            number = 1
            candidate = name[:longest]
            while candidate in taken.values() or (candidate != column and candidate in columns):
                number += 1
                candidate = f"{name[: longest - len(str(number)) - 1]}_{number}"
            name = candidate
        taken[column] = name
    return taken


def _field(column: "Column", name: str, form: Format, worded: frozenset[str]) -> Field:
    kind = _kind(column.data_type)
    if form.is_statistical and kind == "text" and column.name in worded:
        kind = "words"
    words: dict[float, str] = {}
    if form.is_statistical and kind == "truth":
        words = {float(number): word for number, word in enumerate(TRUTH)}
    elif kind == "words":
        words = {float(number): word for number, word in enumerate(words_of(column.name), start=1)}
    return Field(
        column,
        name,
        kind,
        _sql(column, kind, form, words),
        label_of(column.meaning, _LABEL_LENGTH.get(form, 255)),
        _display(column.data_type, kind, form),
        words,
    )


def _kind(data_type: str) -> str:
    return {
        "VARCHAR": "text",
        "BOOLEAN": "truth",
        "DATE": "date",
        "TIMESTAMP": "moment",
        "TIMESTAMP WITH TIME ZONE": "moment",
        "DOUBLE": "number",
        "INTEGER": "number",
        "BIGINT": "number",
    }.get(data_type, "text")


def _sql(column: "Column", kind: str, form: Format, words: dict[float, str]) -> str:
    name = f'"{column.name}"'
    if kind == "text":
        text = name if column.data_type == "VARCHAR" else f"cast({name} as varchar)"
        if form in (Format.CSV, Format.EXCEL):
            is_formula = f"regexp_matches({text}, '{_FORMULA}')"
            return f"case when {is_formula} then '''' || {text} else {text} end"
        # Neither SPSS nor Stata knows a missing text.
        return f"coalesce({text}, '')" if form.is_statistical else text
    if not form.is_statistical:
        return name
    if kind == "words":
        cases = " ".join(f"when '{word}' then {number}" for number, word in words.items())
        return f"cast(case {name} {cases} end as double)"
    if kind in ("date", "moment"):
        zero = f"timestamp '{_DAY_ZERO[form]}'"
        # Days in Stata's dates; in SPSS a date is a moment, and a moment counts seconds.
        unit = 1.0 if (kind, form) == ("date", Format.STATA) else _MOMENTS_A_DAY[form]
        passed = f"(epoch_us(cast({name} as timestamp)) - epoch_us({zero}))"
        return f"{passed} / {_MICROSECONDS_A_DAY / unit}"
    return f"cast({name} as double)"


def _display(data_type: str, kind: str, form: Format) -> str:
    shown = {
        Format.SPSS: {
            "date": "SDATE10",
            "moment": "DATETIME20",
            "number": "F12.4",
            "words": "F8.0",
            "truth": "F8.0",
        },
        Format.STATA: {
            "date": "%td",
            "moment": "%tc",
            "number": "%10.0g",
            "words": "%8.0g",
            "truth": "%8.0g",
        },
    }.get(form, {})
    if form is Format.SPSS and data_type in ("INTEGER", "BIGINT"):
        return "F12.0"
    return shown.get(kind, "")


def label_of(meaning: str, longest: int) -> str:
    """The beginning of a description, whole sentences where they fit, else whole words."""
    text = " ".join(meaning.split())
    if len(text) <= longest:
        return text
    sentence = text[:longest].rpartition(". ")[0]
    if len(sentence) > longest // 3:
        return f"{sentence}."
    return f"{text[: longest - 1].rpartition(' ')[0]}…"
