"""Files of the statistical packages without the records of withdrawn clients.

What belongs here: which rows go, what of a file's description is carried over, the same bytes each
time.
What does not: reading for the warehouse (statistical.py), what a value means
(statistical_values.py).

Carried over: values, formats (dates), labels of values and variables, ranges of missing values,
Stata's tagged ones, measure and display width. Not carried: notes, weights and sets of
variables, SAS's and SPSS's own names of label sets, tagged missing values in SAS files (blank, as
they are read). A number in single precision becomes the one that its shortest text means, which is
how it is read. Text is written as UTF-8: the file says so by its label, and a declared ``encoding``
no longer holds for it. ReadStat writes whole tables only, so that a file has to fit into memory.

SAS data sets can be written by nobody but SAS: they become transport files. Portable files would
lose their labels: they become SPSS system files. Their names stay, so that a source's ``files``
still means them; Scout knows them by the label (:func:`read_as`).
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from orchestration.landing.formats.erasure import Erased, Erasure, RowFinder, row_test
from orchestration.landing.formats.statistical_values import as_texts, variable_of

__all__ = ["REWRITTEN", "erase_file", "is_rewritten", "read_as"]

REWRITTEN = "Rewritten by Scout in UTF-8"
_WRITTEN_AS = {".sas7bdat": ".xpt", ".por": ".sav"}
# Where labels of files stand: in the first bytes.
_HEAD = 1024
# When a file was written, as each package says it: blanked, so that bytes repeat.
_SPSS_TIME = slice(92, 109)
_SPSS_LONG_AGO = b"01 Jan 8000:00:00"
_STATA_TIME = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)
_STATA_LONG_AGO = b"<timestamp>\x1101 Jan 1980 00:00</timestamp>"
_SAS_TIME = re.compile(rb"[0-9]{2}[A-Z]{3}[0-9]{2}:[0-9]{2}:[0-9]{2}:[0-9]{2}")
_SAS_LONG_AGO = b"01JAN80:00:00:00"


def is_rewritten(path: Path) -> bool:
    """Whether Scout wrote the file itself, in UTF-8 whatever its source declares."""
    with path.open("rb") as stream:
        return REWRITTEN.encode("ascii") in stream.read(_HEAD)


def read_as(path: Path, extension: str) -> str:
    """The ending that says how a file is written, which may not be the one of its name."""
    return _WRITTEN_AS.get(extension, extension) if is_rewritten(path) else extension


def erase_file(
    erasure: Erasure, package: str, columns: tuple[str, str], table: tuple[Any, Any]
) -> Erased:
    """Take withdrawn clients out of a file.

    Args:
        erasure: the task.
        package: spss, stata or sas.
        columns: those of the client's and of the episode's id.
        table: pyreadstat's frame and description, read without conversion of dates and with the
            user's missing values.
    """
    frame, facts = table
    header = list(facts.column_names)
    goes = row_test(RowFinder(erasure.ids, *columns), header, tuple, None)
    keep = np.array(
        [not goes(cells) for cells in _rows(frame, facts, package, erasure)], dtype=bool
    )
    remaining = int(keep.sum())
    removed = len(keep) - remaining
    if removed and remaining:
        kept = frame[keep].reset_index(drop=True)
        extension = _WRITTEN_AS.get(erasure.extension, erasure.extension)
        _write(kept, facts, erasure.target, extension)
    return Erased(removed, remaining)


def _rows(frame: Any, facts: Any, package: str, erasure: Erasure) -> list[Sequence[str]]:
    """Every row as landing reads it; a declared missing value is nobody's id."""
    with_labels = erasure.mapping.options.labels
    texts = []
    for name in facts.column_names:
        variable = variable_of(facts, name, package, with_labels=with_labels)
        texts.append([text or "" for text in as_texts(frame[name].tolist(), variable)[0]])
    return list(zip(*texts, strict=True))


def _write(frame: Any, facts: Any, target: Path, extension: str) -> None:
    import pyreadstat

    for name in facts.column_names:
        frame[name] = _writable(
            frame[name], facts.readstat_variable_types.get(name), tagged=extension == ".dta"
        )
    labels = facts.column_names_to_labels
    formats = {name: one for name, one in (facts.original_variable_types or {}).items() if one}
    values = facts.variable_value_labels or {}
    path = str(target)
    if extension == ".xpt":
        pyreadstat.write_xport(
            frame, path, file_label=REWRITTEN, column_labels=labels, variable_format=formats
        )
    elif extension == ".dta":
        tagged = {name: list(tags) for name, tags in (facts.missing_user_values or {}).items()}
        pyreadstat.write_dta(
            frame,
            path,
            file_label=REWRITTEN,
            column_labels=labels,
            variable_value_labels=values,
            missing_user_values=tagged or None,
            variable_format=formats,
        )
    else:
        pyreadstat.write_sav(
            frame,
            path,
            file_label=REWRITTEN,
            column_labels=labels,
            compress=extension == ".zsav",
            variable_value_labels=values,
            missing_ranges=_ranges(facts),
            variable_display_width=facts.variable_display_width,
            variable_measure=facts.variable_measure,
            variable_format=formats,
        )
    _blank_times(target, extension)


def _writable(column: Any, stored: str | None, *, tagged: bool) -> Any:
    """A column as pyreadstat takes it; tagged missing values are written for Stata alone."""
    if stored == "string":
        return column.fillna("").astype("object")
    if not tagged and column.dtype.kind not in "biuf":
        column = column.map(lambda value: None if isinstance(value, str) else value)
        column = column.astype("float64")
    if stored == "float":
        return column.map(lambda value: _shortest(value), na_action="ignore")
    return column


def _shortest(value: Any) -> Any:
    return float(str(np.float32(value))) if isinstance(value, float) else value


def _ranges(facts: Any) -> dict[str, list[Any]] | None:
    return {name: list(ranges) for name, ranges in (facts.missing_ranges or {}).items()} or None


def _blank_times(path: Path, extension: str) -> None:
    with path.open("r+b") as stream:
        head = stream.read(_HEAD)
        if extension == ".dta":
            blank = _STATA_TIME.sub(_STATA_LONG_AGO, head)
        elif extension == ".xpt":
            blank = _SAS_TIME.sub(_SAS_LONG_AGO, head)
        else:
            blank = head[: _SPSS_TIME.start] + _SPSS_LONG_AGO + head[_SPSS_TIME.stop :]
        stream.seek(0)
        stream.write(blank)
