"""Does a file have the columns that its mapping, or the tidy contract, asks for?

What belongs here: missing and unmapped columns, near misses, how messages call a column.
What does not: what a mapping means (columns.py), SQL, values.
"""

import difflib
import fnmatch
import re
from collections.abc import Collection, Iterable, Sequence

from orchestration.landing.formats.contract import Outline
from orchestration.landing.mapping import Mapping
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.templates import listed
from orchestration.landing.tidy import KINDS
from orchestration.landing.wide import Wide

_SHOWABLE = re.compile(r"[A-Za-z_][\w .()/?-]{0,59}")
# Clients as columns: a header of capitalised words alone may be somebody's name.
_MAYBE_A_PERSON = re.compile(r"[A-Z]\w*\.?(?:[ -][A-Z]\w*\.?)+")


def bind_wide(mapping: Mapping, wide: Wide, outline: Outline, name: str, place: str) -> None:
    """Refuse a wide file whose columns are not exactly those that are mapped or ignored.

    Raises:
        FileRefusalError: missing_column or unmapped_column.
    """
    header, needed = outline.header, wide.columns(mapping)
    missing = [column for column in needed if column not in header]
    if missing:
        raise _missing(missing, header, name, f"{place} maps", {needed[one] for one in missing})
    extra = unmapped(header, outline.known | needed.keys(), mapping.ignore)
    if extra:
        raise _extra(extra, header, name, f"Map or list under `ignore` in {place}.")


def bind_tidy(mapping: Mapping, outline: Outline, name: str, place: str) -> None:
    """Refuse a tidy file whose columns are not those of its kind.

    Raises:
        FileRefusalError: missing_column or unmapped_column.
    """
    kind, header = outline.record_type, outline.header
    tidy = KINDS[kind]
    missing = [column for column in tidy.required if column not in header]
    if kind == "episodes" and mapping.program_id is not None:
        missing = [column for column in missing if column != "program_id"]
    if missing:
        refusal = _missing(missing, header, name, "a tidy file needs", set())
        # Most often no file of ours at all: an export with a column for each item, say.
        advice = "For a file of another shape `scout map FILE` proposes a mapping."
        raise FileRefusalError(refusal.code, f"{refusal.message} {advice}")
    if tidy.one_of and not any(column in header for column in tidy.one_of):
        message = (
            f"{name} has none of the columns {listed(tidy.one_of)}; give one, so that "
            "answers stand in time."
        )
        raise FileRefusalError("missing_column", message)
    extra = unmapped(header, outline.known.union(tidy.columns), mapping.ignore)
    if extra and not tidy.has_attributes:
        raise _extra(
            extra, header, name, f"Remove from the export, or list under `ignore` in {place}."
        )
    if tidy.has_attributes and not extra:
        message = (
            f"{name} says nothing about its clients; add a column such as age_band, or leave "
            "the file out."
        )
        raise FileRefusalError("missing_column", message)


def unmapped(header: Iterable[str], known: Collection[str], ignore: Sequence[str]) -> list[str]:
    """The columns that nobody has asked for and nobody has ignored."""
    return [
        column
        for column in header
        if column not in known and not any(fnmatch.fnmatchcase(column, glob) for glob in ignore)
    ]


def shown(column: str, header: Sequence[str]) -> str:
    """A column as messages call it: by position where its name could be a value (no header)."""
    if (
        _SHOWABLE.fullmatch(column)
        and not re.search(r"[0-9]{5}", column)
        and not _MAYBE_A_PERSON.fullmatch(column)
    ):
        return column
    return f"number {list(header).index(column) + 1}"


def _missing(
    missing: list[str], header: Sequence[str], name: str, who: str, keys: set[str]
) -> FileRefusalError:
    hints = []
    for column in missing[:3]:
        near = difflib.get_close_matches(column.lower(), [one.lower() for one in header], 1, 0.75)
        actual = next((one for one in header if near and one.lower() == near[0]), None)
        if actual is not None and shown(actual, header) == actual:
            hints.append(f"{actual} for {column}")
    hint = f" Does it stand there as {', '.join(hints)}?" if hints else ""
    where = f" (keys {', '.join(sorted(keys)[:4])})" if keys else ""
    message = (
        f"{name} lacks {_counted(missing)} that {who}: {listed(missing)}{where}.{hint} "
        "Correct the header or the mapping; the first line must hold the column names."
    )
    return FileRefusalError("missing_column", message)


def _extra(extra: list[str], header: Sequence[str], name: str, fix: str) -> FileRefusalError:
    named = listed([shown(column, header) for column in extra])
    message = f"{name} has {_counted(extra)} that nothing maps: {named}. {fix}"
    return FileRefusalError("unmapped_column", message)


def _counted(columns: Sequence[str]) -> str:
    return "a column" if len(columns) == 1 else f"{len(columns)} columns"
