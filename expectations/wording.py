"""Ways to word an expectation, shared by the suites.

What belongs here: small factories that turn a claim into a ``Specification``.
What does not: the claims themselves, or Great Expectations.

Great Expectations' own expectations are used where they fit. Where a rule joins the registry, or
compares text with a pattern, which its DuckDB support cannot do, the rule is one SQL statement
that selects the offending rows, and only their number leaves the database.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date

from expectations.rules import Factory, Situation, Specification, Thresholds


class MissingThresholdError(Exception):
    """A rule needs a number that the caller did not bring."""


def quoted(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """``value`` as an SQL text literal."""
    return "'" + value.replace("'", "''") + "'"


def values_are_present(column: str, *, tolerated: str | None = None) -> Factory:
    """No NULL in ``column``; with ``tolerated``, a share of NULLs up to that threshold passes."""

    def expectation(situation: Situation) -> Specification:
        share = float(_number(situation.thresholds, tolerated)) if tolerated else 0.0
        return Specification(
            expectation="ExpectColumnValuesToNotBeNull",
            arguments={"column": column, "mostly": 1.0 - share},
        )

    return expectation


def values_are_in(column: str, words: Iterable[str]) -> Factory:
    """Every value of ``column`` that is not NULL is one of ``words``."""
    allowed = list(words)

    def expectation(_: Situation) -> Specification:
        return Specification(
            expectation="ExpectColumnValuesToBeInSet",
            arguments={"column": column, "value_set": allowed},
        )

    return expectation


def first_is_not_less(column: str, other: str) -> Factory:
    """``column`` is at least ``other`` wherever both are present."""

    def expectation(_: Situation) -> Specification:
        return Specification(
            expectation="ExpectColumnPairValuesAToBeGreaterThanB",
            arguments={
                "column_A": column,
                "column_B": other,
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        )

    return expectation


def key_is_unique(*columns: str) -> Factory:
    """No two rows share the same ``columns``; counts the keys that are shared.

    Not Great Expectations' compound uniqueness: that one lets rows with a NULL in the key pass,
    and took twice the time on five million rows.
    """
    key = ", ".join(quoted(column) for column in columns)
    return no_rows(f"select 1 from batch group by {key} having count(*) > 1")


def no_rows(statement: str | Callable[[Situation], str]) -> Factory:
    """The statement selects no row; it counts as many failures as it selects.

    Args:
        statement: SQL over ``batch`` (the table at hand) and any table by its full name, or a
            function that writes it from the table's columns. ``:name`` stands for the threshold of
            that name. It selects a constant: rows are counted, never fetched.
    """

    def expectation(situation: Situation) -> Specification:
        sql = statement if isinstance(statement, str) else statement(situation)
        sql = re.sub(
            rf":({'|'.join(field.name for field in fields(Thresholds))})\b",
            lambda found: _number(situation.thresholds, found.group(1)),
            sql,
        )
        # Great Expectations reads braces as fields and SQLAlchemy a colon as a parameter.
        sql = re.sub(r"(?<!:):(?!:)", r"\\:", sql.replace("{", "{{").replace("}", "}}"))
        return Specification(
            expectation="NoRows",
            arguments={"unexpected_rows_query": f"with batch as (select * from {{batch}})\n{sql}"},
        )

    return expectation


def no_row_where(condition: str) -> Factory:
    """No row of the table satisfies ``condition``."""
    return no_rows(f"select 1 from batch where {condition}")


def _number(thresholds: Thresholds, name: str) -> str:
    if name == "today" and thresholds.today is None:
        return "current_date"
    value = getattr(thresholds, name)
    if value is None:
        raise MissingThresholdError(name)
    return f"date '{value.isoformat()}'" if isinstance(value, date) else repr(value)
