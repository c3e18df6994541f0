"""What a page is given, and the pieces that every page lays out alike.

What belongs here: a release with its names; sections, sentences about what is missing.
What does not: which numbers a page shows (``pages``), charts with their tables (``exhibit``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas
import streamlit as st
from markupsafe import Markup

from orchestration.dashboard.filters import Filter
from orchestration.dashboard.labels import Labels
from orchestration.dashboard.markup import bullets, joined, paragraph
from orchestration.dashboard.reading import Release
from orchestration.dashboard.words import ALL, ALL_PROGRAMS, Row, is_missing


@dataclass(frozen=True)
class View:
    """One release as the pages see it."""

    release: Release
    labels: Labels

    def rows(self, table: str, **equal: object) -> pandas.DataFrame:
        """The rows of a table in which every named column has the value; none without the table."""
        frame = self.release.table(table)
        if frame is None:
            return pandas.DataFrame()
        for column, value in equal.items():
            frame = frame[frame[column] == value]
        return frame

    def of_program(self, table: str, program: str, **equal: object) -> pandas.DataFrame:
        """Rows of one program with their names; of every program where none is over all of them."""
        frame = self.rows(table, **equal)
        if not frame.empty:
            chosen = frame[frame["program_id"] == program]
            frame = frame if chosen.empty and program == ALL else chosen
        return self.named(frame)

    def row(self, table: str, **equal: object) -> Row | None:
        """The first such row."""
        found = self.rows(table, **equal)
        if found.empty:
            return None
        return {str(name): value for name, value in found.iloc[0].items()}

    def named(self, frame: pandas.DataFrame) -> pandas.DataFrame:
        """The same rows with the name of each id in a column of its own, for tables and charts."""
        names = {
            "program_id": ("program", self.labels.program),
            "scale_id": ("scale", self.labels.scale),
            "process_scale_id": ("process_scale", self.labels.scale),
            "outcome_scale_id": ("outcome_scale", self.labels.scale),
            "component_scale_id": ("component_scale", self.labels.scale),
            "mediator_scale_id": ("mediator_scale", self.labels.scale),
            "metric_id": ("metric", self.labels.metric),
        }
        new = {
            name: frame[column].map(told, na_action="ignore").astype(object)
            for column, (name, told) in names.items()
            if column in frame
        }
        return frame.assign(**new).reset_index(drop=True)

    def has(self, table: str) -> bool:
        """Whether this release holds the table; where it does not, the page says so."""
        if self.release.table(table) is not None:
            return True
        st.html(
            paragraph(
                f"Release {self.release.number} holds no {table}. The next run of this version of "
                "Scout makes it.",
                "note",
            )
        )
        return False

    def code_filter(
        self, key: str, label: str, column: str, table: str, first: str = ""
    ) -> Filter | None:
        """Codes in ``column``, such as threshold sets, ``first`` at the head; None without any."""
        found = sorted(self._found(column, [table]), key=lambda each: (each != first, each))
        options = {each: self.labels.code(column, each) for each in found}
        return Filter(key, label, options, found[0]) if found else None

    def program_filter(self, *tables: str, per_program: bool = False) -> Filter:
        """Programs that any of the tables has rows of, all programs first where it has such a row.

        Args:
            tables: their names.
            per_program: whether the page's pictures are made per program: then the first choice is
                the program with most episodes, not all of them.
        """
        found = self._found("program_id", tables)
        ordered = [each for each in self.labels.programs if each in found]
        ordered += sorted(found - set(ordered) - {ALL})
        options = {ALL: ALL_PROGRAMS} if ALL in found or not ordered else {}
        options |= {each: self.labels.program(each) for each in ordered}
        first = self._largest(ordered) if per_program and ordered else next(iter(options))
        return Filter("program", "Program", options, first)

    def _largest(self, programs: Sequence[str]) -> str:
        frame = self.rows("pub_attrition", step_number=1)
        counts = dict(zip(frame.get("program_id", ()), frame.get("episode_count", ()), strict=True))
        known = {each: counts[each] for each in programs if not is_missing(counts.get(each))}
        return max(known, key=lambda each: known[each]) if known else programs[0]

    def _found(self, column: str, tables: Sequence[str]) -> set[str]:
        empty = pandas.Series(dtype=str)
        return {
            str(value)
            for table in tables
            for value in self.rows(table).get(column, empty).dropna().unique()
        }

    def scale_filter(
        self, key: str, label: str, column: str, tables: Sequence[str], roles: Sequence[str] = ()
    ) -> Filter | None:
        """Scales in ``column`` of any of the tables, by role, the instruments' own first."""
        ordered = self.labels.in_order(self._found(column, tables))
        if roles:
            ordered.sort(
                key=lambda each: (
                    not self.labels.is_primary(each),
                    _place(roles, self.labels.role(each)),
                )
            )
        if not ordered:
            return None
        return Filter(key, label, {each: self.labels.scale(each) for each in ordered}, ordered[0])


def _place(roles: Sequence[str], role: str) -> int:
    return roles.index(role) if role in roles else len(roles)


def section(title: str, text: str = "") -> None:
    """A heading of the page, with a sentence under it."""
    st.html(joined([Markup("<h2>{}</h2>").format(title), *([paragraph(text)] if text else [])]))


def cannot_say(*sentences: str) -> None:
    """What the page's numbers do not show, the same on every page in look and place."""
    st.html(joined([Markup("<h2>What these numbers cannot say</h2>"), bullets(sentences)]))


def bands(frame: pandas.DataFrame, low: str, high: str) -> list[str]:
    """Whole numbers from ``low`` to ``high`` in words; an open end is "and more"."""
    if frame.empty:
        return []
    return [_band(start, end) for start, end in zip(frame[low], frame[high], strict=True)]


def _band(start: float, end: float) -> str:
    if is_missing(end):
        return f"{int(start)} and more"
    return f"{int(start)}" if start == end else f"{int(start)} to {int(end)}"
