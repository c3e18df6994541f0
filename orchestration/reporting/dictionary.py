"""The data dictionary of a release: every table and column of both files, every metric.

What belongs here: the facts the page and the CSV file are made of.
What does not: a value or a count of any row: the dictionary may be given to anybody.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.reporting.page import render

_CSV_COLUMNS = ("file", "table_name", "column_name", "data_type", "meaning", "grain", "made_from")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """One column: its name, DuckDB's name of its type, what it means."""

    name: str
    data_type: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """One table.

    Attributes:
        file, schema, name: where it lies.
        meaning: its description, which begins with what one row is.
        grain: the columns that single out one row; empty where nobody stated them.
        made_from: the tables that it reads.
        columns: in order.
    """

    file: str
    schema: str
    name: str
    meaning: str
    grain: Sequence[str]
    made_from: Sequence[str]
    columns: Sequence[ColumnFacts]

    @property
    def full_name(self) -> str:
        """As a query writes it."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, kw_only=True)
class MetricFacts:
    """One metric or term: its id, name, meaning, formula and source; '' where there is none."""

    metric_id: str
    name: str
    meaning: str
    formula: str
    source: str


def dictionary_page(
    tables: Sequence[TableFacts],
    metrics: Sequence[MetricFacts],
    *,
    release: int,
    is_synthetic: bool,
) -> str:
    """The dictionary as self-contained HTML."""
    files: dict[str, list[TableFacts]] = {}
    for table in tables:
        files.setdefault(table.file, []).append(table)
    return render(
        "dictionary.html", files=files, metrics=metrics, release=release, is_synthetic=is_synthetic
    )


def dictionary_csv(tables: Sequence[TableFacts], metrics: Sequence[MetricFacts]) -> str:
    """The dictionary as CSV: a line per table (no column), per column, and per metric.

    A metric has ``metric`` for its file, its id for its table and its name for its column; formula
    and source follow its meaning.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for table in tables:
        grain, made_from = ", ".join(table.grain), ", ".join(table.made_from)
        place = (table.file, table.full_name)
        writer.writerow([*place, "", "", _safe(table.meaning), grain, made_from])
        for column in table.columns:
            told = (column.name, column.data_type, _safe(column.meaning), "", "")
            writer.writerow([*place, *told])
    for metric in metrics:
        parts = (
            metric.meaning,
            f"Formula: {metric.formula}" if metric.formula else "",
            f"Source: {metric.source}" if metric.source else "",
        )
        meaning = _safe(" ".join(part for part in parts if part))
        writer.writerow(["metric", metric.metric_id, metric.name, "", meaning, "", ""])
    return text.getvalue()


def _safe(cell: str) -> str:
    # A spreadsheet would compute it otherwise.
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
