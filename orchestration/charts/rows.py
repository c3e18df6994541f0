"""Rows: one estimate under another, each with its interval, all on one scale.

What belongs here: the layout that forests, arrows, shares and benchmarks have in common. A row has
its name and its numbers above its mark, so that it is read without a legend and fits a telephone.
What does not: where the numbers come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair

from orchestration.charts import theme, words
from orchestration.charts.marks import Axis, Mark, Plot, step_digits, steps
from orchestration.charts.measuring import width_of, wrap
from orchestration.charts.selecting import Estimate

LINE = 17
TRACK = 24
GAP = 8
HEADING = 26


@dataclass(frozen=True, kw_only=True)
class Row:
    """One estimate with its name.

    Attributes:
        label: its name.
        told: its numbers, or what is said in their place.
        found: what is drawn; nothing is drawn of a value that is not shown.
        colour: a role of the theme.
        shape: ``dot``; ``diamond`` for a pooled estimate; ``bar`` for an interval without a middle.
        hollow: for what is set beside something, such as a published value.
        heading: words above the row, where a new group begins.
    """

    label: str
    told: str
    found: Estimate
    colour: str = "accent"
    shape: Literal["dot", "diamond", "bar"] = "dot"
    hollow: bool = False
    heading: str = ""


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """The scale that rows share.

    Attributes:
        kind, digits: how its marks are told.
        title: under its marks.
        reference: a value with a line through all rows, such as 0 for no association.
        span: first and last value; from the rows where None.
    """

    kind: words.Kind = "number"
    digits: int = 2
    title: str = ""
    reference: float | None = None
    span: tuple[float, float] | None = None


def interval_rows(rows: Sequence[Row], ruler: Ruler, width: int) -> altair.LayerChart:
    """The rows from top to bottom, and their scale below them."""
    inner = width - 20
    laid = [_Laid(row, inner) for row in rows]
    tops, height = [], 0
    for one in laid:
        tops.append(height)
        height += one.height
    low, high = ruler.span or _span(rows, ruler)
    title_lines = wrap(ruler.title, inner, theme.SMALL) if ruler.title else []
    plot = Plot(
        width=width,
        height=height,
        x=(low, high),
        y=(height, 0),
        left=10,
        right=10,
        top=4,
        bottom=24 + 15 * len(title_lines),
    )
    tracks = [top + one.track for top, one in zip(tops, laid, strict=True)]
    if ruler.reference is not None:
        at = ruler.reference
        # Between the words, so that it never runs through a letter.
        plot.rules(
            [
                {"x": at, "x2": at, "y": track - 8, "y2": track + 8, "colour": "soft"}
                for track in tracks
            ]
            + [{"x": at, "x2": at, "y": height - 4, "y2": height, "colour": "soft"}]
        )
    _draw(plot, laid, tops, tracks)
    marks = steps(low, high)
    if ruler.title:
        plot.texts(
            [
                {"x": low, "y": height + 28 + 15 * place, "text": line, "colour": "soft"}
                for place, line in enumerate(title_lines)
            ],
            size=theme.SMALL,
            baseline="top",
        )
    return plot.chart(x=Axis(values=marks, labels=_labels(marks, ruler)))


def _labels(marks: Sequence[float], ruler: Ruler) -> list[str]:
    if ruler.kind == "proportion":
        return [words.percent(mark) for mark in marks]
    digits = step_digits(marks)
    return [words.number(mark, digits) for mark in marks]


def _span(rows: Sequence[Row], ruler: Ruler) -> tuple[float, float]:
    ends = [
        end
        for row in rows
        for end in (row.found.value, row.found.low, row.found.high)
        if end is not None
    ]
    if ruler.reference is not None:
        ends.append(ruler.reference)
    if not ends:
        return (0.0, 1.0)
    low, high = min(ends), max(ends)
    room = (high - low or abs(high) or 1.0) * 0.06
    return (low - room, high + room)


class _Laid:
    """Where the parts of a row lie, below its own top."""

    def __init__(self, row: Row, inner: float) -> None:
        self.row = row
        self.heading = HEADING if row.heading else 0
        told = width_of(row.told, theme.TEXT, bold=True)
        one_line = width_of(row.label, theme.TEXT) + told + 14 <= inner
        self.label = [row.label] if one_line else wrap(row.label, inner, theme.TEXT)
        self.told = [row.told] if one_line else wrap(row.told, inner, theme.TEXT, bold=True)
        self.is_beside = one_line
        self.lines = max(len(self.label), 1) if one_line else len(self.label) + len(self.told)
        self.track = self.heading + LINE * self.lines + TRACK // 2
        self.height = self.heading + LINE * self.lines + TRACK + GAP


def _draw(plot: Plot, laid: Sequence[_Laid], tops: Sequence[int], tracks: Sequence[float]) -> None:
    left, right = plot.x
    headings: list[Mark] = []
    labels: list[Mark] = []
    beside: list[Mark] = []
    below: list[Mark] = []
    guides: list[Mark] = []
    held: list[Mark] = []
    spans: list[Mark] = []
    bars: list[Mark] = []
    symbols: dict[tuple[str, bool], list[Mark]] = {}
    for one, top, track in zip(laid, tops, tracks, strict=True):
        row, found = one.row, one.row.found
        tells = f"{row.label}: {row.told}"
        if row.heading:
            headings.append({"x": left, "y": top + 12, "text": row.heading, "colour": "soft"})
        line = top + one.heading + LINE / 2
        for place, part in enumerate(one.label):
            labels.append({"x": left, "y": line + LINE * place, "text": part})
        quiet = "ink" if found.is_shown else "soft"
        for place, part in enumerate(one.told):
            if one.is_beside:
                beside.append({"x": right, "y": line, "text": part, "colour": quiet})
            else:
                after = line + LINE * (len(one.label) + place)
                below.append({"x": left, "y": after, "text": part, "colour": quiet})
        if found.value is None:
            held.append(
                {"x": left, "x2": right, "y": track - 5, "y2": track + 5, "colour": "wash"}
                | {"words": tells}
            )
            continue
        guides.append({"x": left, "x2": right, "y": track, "y2": track, "colour": "line"})
        if found.low is not None and found.high is not None:
            span = {"x": found.low, "x2": found.high, "colour": row.colour}
            if row.shape == "bar":
                bars.append(span | {"y": track - 4, "y2": track + 4, "words": tells})
            else:
                spans.append(span | {"y": track, "y2": track})
        if row.shape != "bar":
            mark = {"x": found.value, "y": track, "colour": row.colour, "words": tells}
            symbols.setdefault((row.shape, row.hollow), []).append(mark)
    plot.rectangles(held, border="soft", dash=(3, 3))
    plot.rules(guides)
    plot.rectangles(bars)
    plot.rules(spans, size=3.5)
    for (shape, hollow), marks in symbols.items():
        form, size = ("diamond", 190) if shape == "diamond" else ("circle", 120)
        plot.points(marks, shape=form, size=size, hollow=hollow)
    plot.texts(headings, size=theme.SMALL, bold=True)
    plot.texts(labels)
    plot.texts(beside, align="right", bold=True)
    plot.texts(below, bold=True)
