"""One writer per kind of file: a query's rows become a file.

What belongs here: the calls to DuckDB, xlsxwriter and pyreadstat. Rows pass through in pieces
where the format allows.
What does not: names, types and cells (``formats``), or where a file goes (``exporting``).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.desk.dictionary import NOTE, as_text
from orchestration.desk.formats import Field, Format
from orchestration.errors import SettingsError

Told = Callable[[int], None]
_ROWS_AT_ONCE = 10_000
_EXCEL_TEXT = 32_767
# Excel knows no day before 1900 and counts the first two months of that year wrongly.
_EXCEL_FIRST_YEAR = 1901


def write(
    connection: warehouse.Connection,
    full_name: str,
    fields: Sequence[Field],
    form: Format,
    target: Path,
    title: str,
    told: Told,
) -> None:
    """Write one table to ``target``, in the order of its rows.

    Args:
        connection: the release's file.
        full_name: ``schema.table``, one of Scout's own names.
        fields: the columns as they are written.
        form: the format.
        target: a new file.
        title: which release and table, kept inside the file where the format can.
        told: called with the number of rows written so far, where they pass in pieces.

    Raises:
        SettingsError: a text is longer than a cell of Excel holds; the message names the column.
    """
    query = f"select {', '.join(_picked(field) for field in fields)} from {full_name}"
    if form is Format.CSV:
        _copy(connection, query, target, "format csv, header true")
    elif form is Format.PARQUET:
        described = title.replace("'", "''")
        kept = f"format parquet, compression zstd, kv_metadata {{scout: '{described}'}}"
        _copy(connection, query, target, kept)
    elif form is Format.EXCEL:
        _write_excel(connection, query, fields, target, title, told)
    else:
        _write_statistical(connection, query, fields, form, target, title)


def _picked(field: Field) -> str:
    return f'{field.sql} as "{field.name}"'


def _copy(connection: warehouse.Connection, query: str, target: Path, options: str) -> None:
    path = str(target).replace("'", "''")
    connection.execute(f"copy ({query}) to '{path}' ({options})")


def _write_excel(
    connection: warehouse.Connection,
    query: str,
    fields: Sequence[Field],
    target: Path,
    title: str,
    told: Told,
) -> None:
    import xlsxwriter

    # Each row leaves memory when the next begins. A text is a text: never a formula, link, number.
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "tmpdir": str(target.parent),
        },
    )
    book.set_properties({"title": title, "comments": "Made by scout export."})
    sheet = book.add_worksheet("data")
    meanings = book.add_worksheet("columns")
    bold = book.add_format({"bold": True})
    shapes = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    sheet.freeze_panes(1, 0)
    for place, field in enumerate(fields):
        sheet.set_column(place, place, max(12, min(len(field.name) + 2, 40)))
        sheet.write_string(0, place, field.name, bold)
    rows = connection.execute(query)
    done = 0
    while piece := rows.fetchmany(_ROWS_AT_ONCE):
        for row in piece:
            done += 1
            for place, value in enumerate(row):
                if value is not None:
                    _put(sheet, done, place, value, fields[place], shapes)
        told(done)
    if fields:
        sheet.autofilter(0, 0, max(done, 1), len(fields) - 1)
    meanings.set_column(0, 0, 36)
    meanings.set_column(1, 1, 120)
    for line, (name, meaning) in enumerate(
        [
            ("table", title),
            ("note", NOTE),
            *((field.name, field.column.meaning) for field in fields),
        ]
    ):
        meanings.write_string(line, 0, name, bold)
        meanings.write_string(line, 1, as_text(meaning))
    book.close()


def _put(
    sheet: Any, line: int, place: int, value: object, field: Field, shapes: dict[str, Any]
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif isinstance(value, date | datetime) and value.year >= _EXCEL_FIRST_YEAR:
        sheet.write_datetime(line, place, value, shapes[field.kind])
    elif len(text := str(value)) > _EXCEL_TEXT:
        message = (
            f"A text in {field.name} is longer than a cell of Excel holds ({_EXCEL_TEXT:,} "
            "letters). Take csv or parquet."
        )
        raise SettingsError(message)
    else:
        sheet.write_string(line, place, text)


def _write_statistical(
    connection: warehouse.Connection,
    query: str,
    fields: Sequence[Field],
    form: Format,
    target: Path,
    title: str,
) -> None:
    import pyreadstat

    frame = connection.execute(query).df()
    labels: dict[str, str | None] = {field.name: field.label for field in fields}
    words = {field.name: field.words for field in fields if field.words}
    shown = {field.name: field.display for field in fields if field.display}
    if form is Format.SPSS:
        scales = {
            f.name: "scale" if f.kind in ("number", "date", "moment") else "nominal" for f in fields
        }
        pyreadstat.write_sav(
            frame,
            target,
            file_label=title[:60],
            column_labels=labels,
            row_compress=True,
            variable_value_labels=words,
            variable_measure=scales,
            variable_format=shown,
        )
    else:
        pyreadstat.write_dta(
            frame,
            target,
            file_label=title[:80],
            column_labels=labels,
            version=15,
            variable_value_labels=words,
            variable_format=shown,
        )
