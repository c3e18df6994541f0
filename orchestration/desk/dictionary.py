"""The data dictionary of one exported table, as a CSV file beside it.

What belongs here: one line per column: what it is, what its words are, what it is called there.
What does not: the dictionary of a whole release (``reporting.dictionary``).
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from orchestration.desk.formats import Field, Format, names_in
from orchestration.desk.published_tables import PublishedTable

_HEADER = (
    "table_name",
    "column_name",
    "name_in_stata",
    "kind",
    "words_in_spss_and_stata",
    "meaning",
)
NOTE = (
    "In SPSS and Stata an empty text is one that is missing. In CSV and Excel a text that a "
    "spreadsheet would compute has a ' before it."
)


def write_dictionary(table: PublishedTable, fields: Sequence[Field], target: Path) -> None:
    """Write the dictionary of one table to ``target``; it is the same beside every format.

    The first line is the table itself, with an empty column name.

    Args:
        table: the table.
        fields: its columns as a statistics program has them, words and all.
        target: a new file.
    """
    names = names_in([field.column.name for field in fields], Format.STATA)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerow([table.full_name, "", "", "table", "", as_text(f"{table.meaning} {NOTE}")])
        for field in fields:
            words = "; ".join(f"{number:g} = {word}" for number, word in field.words.items())
            name = field.column.name
            meaning = as_text(field.column.meaning)
            writer.writerow([table.full_name, name, names[name], field.kind, words, meaning])


def is_dictionary(path: Path) -> bool:
    """Whether a file is a dictionary that was written here, which the next one may replace."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().strip() == ",".join(_HEADER)


def as_text(cell: str) -> str:
    """A cell that no spreadsheet computes."""
    return f"'{cell}" if re.match(r"[=+\-@\t\r\n]", cell) else cell
