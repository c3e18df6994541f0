"""Rows and values out of the published tables: what is there, what is held back, what is unknown.

What belongs here: the only code that looks into a frame. What does not: words for people, marks.
A table that is missing, or lacks a column, is like an empty one: an older release has fewer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas

from orchestration.charts import words
from orchestration.charts.figure import Tables

Row = Mapping[str, Any]


class Prepared(Mapping[str, pandas.DataFrame]):
    """The same tables, for many figures in a row: what is read of a frame is kept.

    A page draws a dozen figures that each look up scales and programs; with this they do so in
    a tenth of the time. The frames must not change meanwhile.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._records: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> pandas.DataFrame:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def records(self, name: str) -> list[Row]:
        """All rows of a table, in its order."""
        if name not in self._records:
            self._records[name] = _records(self._tables, name)
        return self._records[name]


def rows(tables: Tables, name: str, **equal: object) -> list[Row]:
    """The rows of a table in which every named column has that value, in the table's order."""
    found = tables.records(name) if isinstance(tables, Prepared) else _records(tables, name)
    return [row for row in found if all(_is(row.get(column), equal[column]) for column in equal)]


def _records(tables: Tables, name: str) -> list[Row]:
    frame = tables.get(name)
    return [] if frame is None or frame.empty else frame.to_dict("records")


def _is(found: object, wanted: object) -> bool:
    # A missing value is equal to nothing, and pandas.NA will not say so.
    return found is not pandas.NA and bool(found == wanted)


def first(tables: Tables, name: str, **equal: object) -> Row | None:
    """The first of these rows, or None."""
    found = rows(tables, name, **equal)
    return found[0] if found else None


def value(row: Row | None, column: str) -> float | None:
    """A number, or None where there is none, whatever way the frame spells that."""
    found = None if row is None else row.get(column)
    return None if found is None or pandas.isna(found) else float(found)


def text(row: Row | None, column: str) -> str:
    """A text, or ``""`` where there is none."""
    found = None if row is None else row.get(column)
    return "" if found is None or pandas.isna(found) else str(found)


def status(row: Row | None, column: str) -> str:
    """The status of a value: ``shown``, ``suppressed`` or ``not_computable``."""
    return text(row, f"{column}_status") or (
        "not_computable" if value(row, column) is None else "shown"
    )


def told_count(row: Row, column: str) -> str:
    """A count, or what is said in its place."""
    found = value(row, column)
    return words.instead(status(row, column)) if found is None else words.count(found)


@dataclass(frozen=True)
class Estimate:
    """A value with its interval and n, each None where it is not shown.

    Attributes:
        value, low, high: in the units of the table.
        size: how many clients stand behind it.
        status: of the value.
        reason: why it is not computable, where the table says so.
    """

    value: float | None
    low: float | None
    high: float | None
    size: float | None
    status: str
    reason: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether there is a value to draw."""
        return self.value is not None

    @property
    def is_apart_from(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and self.low * self.high > 0

    def told(self, kind: words.Kind = "number", digits: int = 2) -> str:
        """The value with its interval, or what is said in its place."""
        if self.value is None:
            return words.instead(self.status)
        return words.with_interval(self.value, self.low, self.high, kind, digits)

    def told_size(self) -> str:
        """How many clients, or what is said in place of it."""
        return words.instead(self.status) if self.size is None else words.count(self.size)

    def told_with_n(self, kind: words.Kind = "number", digits: int = 2) -> str:
        """The same, with n, unless both are held back together."""
        if self.value is None and self.size is None:
            return self.told(kind, digits)
        return f"{self.told(kind, digits)}, {words.n_of(self.size)}"


NOTHING = Estimate(None, None, None, None, "not_computable")


def estimate(row: Row | None, column: str = "estimate", size: str = "sample_size") -> Estimate:
    """The value ``column`` of a row with what belongs to it; nothing where it is not shown."""
    if row is None:
        return NOTHING
    state = status(row, column)
    shown = state == "shown"
    return Estimate(
        value(row, column) if shown else None,
        value(row, f"{column}_interval_low") if shown else None,
        value(row, f"{column}_interval_high") if shown else None,
        value(row, size) if status(row, size) == "shown" else None,
        state,
        text(row, "reason"),
    )


@dataclass(frozen=True)
class Scale:
    """What a chart needs of a scale; a scale that nobody described is known by its id."""

    scale_id: str
    row: Row | None

    @cached_property
    def name(self) -> str:
        """Short, as a label."""
        # A release with nothing in it has no scale to choose.
        named = text(self.row, "scale_name") or words.plain(self.scale_id) or "The scale"
        return words.short_name(named)

    @property
    def inside(self) -> str:
        """Short, in the middle of a sentence."""
        return words.mid_sentence(self.name)

    @property
    def role(self) -> str:
        """``process``, ``outcome``, ``mechanism`` or ``""``."""
        return text(self.row, "role")

    @property
    def construct(self) -> str:
        """What it measures, in words."""
        return words.plain(text(self.row, "construct"))

    @property
    def is_higher_better(self) -> bool:
        """Whether a higher score is better."""
        return self.row is not None and bool(self.row.get("is_higher_better"))

    @property
    def direction(self) -> str:
        """The reading direction, for an axis."""
        return "higher is better" if self.is_higher_better else "lower is better"

    @property
    def minimum(self) -> float | None:
        """The lowest possible score."""
        return value(self.row, "score_minimum")

    @property
    def maximum(self) -> float | None:
        """The highest possible score."""
        return value(self.row, "score_maximum")

    @property
    def digits(self) -> int:
        """The digits of its means, as published: one more where the range is short."""
        low, high = self.minimum, self.maximum
        return 2 if low is not None and high is not None and high - low <= 10 else 1


def scale(tables: Tables, scale_id: str) -> Scale:
    """The scale of that id."""
    return Scale(scale_id, first(tables, "pub_scales", scale_id=scale_id))


def is_leading(found: Scale) -> bool:
    """Whether a scale stands for its instrument: the total that is published first."""
    told = None if found.row is None else found.row.get("is_primary")
    if told is not None and not pandas.isna(told):
        return bool(told)
    return found.scale_id.endswith("_total")


def leading_scales(tables: Tables, program_id: str, role: str) -> list[Scale]:
    """The leading scales of that role that the program measured, those with most pairs first."""
    found = rows(tables, "pub_program_measures")
    sizes: dict[str, float] = {}
    for row in found:
        if program_id in ("all", text(row, "program_id")):
            size = value(row, "paired_count") or 0.0
            sizes[text(row, "scale_id")] = sizes.get(text(row, "scale_id"), 0.0) + size
    scales = [scale(tables, scale_id) for scale_id in sizes]
    return sorted(
        (one for one in scales if one.role == role and is_leading(one)),
        key=lambda one: (-sizes[one.scale_id], one.name),
    )


def is_component(found: Scale) -> bool:
    """Whether a scale is one of the parts of a process, such as mindfulness of self-compassion."""
    kind = text(found.row, "scale_kind")
    return found.role == "process" and kind == "subscale"


def program_name(tables: Tables, program_id: str) -> str:
    """A program's name; ``all`` is all programs together."""
    if program_id == "all":
        return "All programs"
    found = first(tables, "pub_programs", program_id=program_id)
    return text(found, "program_name") or words.plain(program_id)


def unit_name(tables: Tables, kind: str, unit_id: str) -> str:
    """A unit of a comparison: a program or a condition by name, a clinic or a year by id."""
    if kind == "program":
        return program_name(tables, unit_id)
    return (
        words.sentence(words.plain(unit_id)).removesuffix(".") if kind == "condition" else unit_id
    )


def metric_name(tables: Tables, metric_id: str) -> str:
    """A metric's name in the dictionary."""
    found = text(first(tables, "pub_metric_dictionary", metric_id=metric_id), "name")
    return found or words.sentence(words.plain(metric_id)).removesuffix(".")


def smallest_count(tables: Tables) -> int | None:
    """The smallest group that is shown, or None where the release does not say."""
    frame = tables.get("pub_release")
    if frame is None or frame.empty or "smallest_count" not in frame.columns:
        return None
    found = value(frame.iloc[0].to_dict(), "smallest_count")
    return None if found is None else int(found)


def why_not(tables: Tables, found: Estimate) -> str:
    """Why an estimate is not shown, a sentence."""
    return words.why(found.status, smallest_count(tables), found.reason or None, found.size)
