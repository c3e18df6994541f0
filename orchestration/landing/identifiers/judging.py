"""The decision, column by column, made inside DuckDB on every value.

What belongs here: the order of the judges over the columns of one table.
What does not: the judges themselves (judgements.py, samples.py) and their words (findings.py).
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from orchestration.landing.identifiers.columns import (
    DISTINCT,
    PROFILE,
    Column,
    profile,
    shown_names,
)
from orchestration.landing.identifiers.findings import Finding, finding
from orchestration.landing.identifiers.judgements import (
    event_years,
    judge_dates,
    judge_digits,
    judge_header,
    judge_text,
    latest_event_year,
    years_of,
)
from orchestration.landing.identifiers.samples import judge_sample

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["find_identifiers"]


def find_identifiers(
    connection: "Connection",
    table: str,
    *,
    columns: Sequence[str],
    event_date_columns: Collection[str] = (),
    identifier_columns: Collection[str] = (),
) -> list[Finding]:
    """Every reason to believe that ``table`` identifies people, in the order of ``columns``.

    Args:
        connection: an open connection that may create temporary tables.
        table: the name of a table or view whose ``columns`` are text.
        columns: the columns to judge; all values of each are looked at.
        event_date_columns: columns mapped as dates of events; they are not judged as birth dates
            by their values, though a header that says birth still counts.
        identifier_columns: columns mapped as pseudonyms; shapes that digits have by chance count
            there only when nearly all values have them.

    Returns:
        One finding per column and rule; an empty list when nothing looks identified. No finding
        contains a value of the table.

    Raises:
        orchestration.warehouse.Error: the table or one of the columns does not exist.
    """
    findings: list[Finding] = []
    dated: list[dict[int, int]] = []
    judged: list[Column] = []
    old_dates: list[tuple[Column, dict[int, int]]] = []
    shown = shown_names(connection, columns)
    for name in columns:
        column = profile(connection, table, name, shown[name])
        column.is_pseudonym = name in identifier_columns
        column.is_event = name in event_date_columns
        if column.is_event:
            dated.append(event_years(connection))
        if column.distinct:
            judge_header(connection, column)
            judge_digits(connection, column)
            judge_text(connection, column)
            if column.is_pseudonym or column.is_worded:
                judge_sample(connection, column)
            years = years_of(connection, column)
            if years:
                old_dates.append((column, years))
        judged.append(column)
    judge_dates(old_dates, latest_event_year(dated))
    for temporary in (DISTINCT, PROFILE):
        connection.execute(f"drop table if exists {temporary}")
    for column in judged:
        if "date_of_death" in column.found:
            column.found.pop("date_of_birth", None)
        for rule, reason in column.found.items():
            findings.append(finding(column.shown, rule, reason))
    return findings
