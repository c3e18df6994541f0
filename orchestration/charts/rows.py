"""Rows: one estimate under another, each with its interval, all on one scale.

What belongs here: the layout that forests, arrows, shares and benchmarks have in common. A row has
its name and its numbers above its mark, so that it is read without a legend and fits a telephone.
What does not: where the numbers come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from orchestration.charts import theme, words
from orchestration.charts.figure import Specification
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
        shape: ``dot``; ``diamond`` for a pooled estimate; ``bar`` for an interval without a middle;
            ``fill`` for a share, filled from the left.
        hollow: for what is set beside something, such as a published value.
        start: where it came from: drawn hollow, with a line from there to the value.
        limits: areas behind the mark, the widest first, such as the limits of a funnel plot.
        heading: words above the row, where a new group begins.
    """

    label: str
    told: str
    found: Estimate
    colour: str = "accent"
    shape: Literal["dot", "diamond", "bar", "fill"] = "dot"
    hollow: bool = False
    start: float | None = None
    limits: Sequence[tuple[float, float]] = ()
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


def interval_rows(rows: Sequence[Row], ruler: Ruler, width: int) -> Specification:
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
        bottom=30 + 15 * len(title_lines),
    )
    _draw(plot, laid, tops, ruler.reference)
    marks = steps(low, high)
    if ruler.title:
        plot.texts(
            [
                {"x": low, "y": height + 27 + 15 * place, "text": line, "colour": "soft"}
                for place, line in enumerate(title_lines)
            ],
            size=theme.SMALL,
            baseline="top",
        )
    return plot.specification(x=Axis(values=marks, labels=_labels(marks, ruler)))


def _labels(marks: Sequence[float], ruler: Ruler) -> list[str]:
    if ruler.kind == "proportion":
        return [words.percent(mark) for mark in marks]
    digits = step_digits(marks)
    return [words.number(mark, digits) for mark in marks]


def _span(rows: Sequence[Row], ruler: Ruler) -> tuple[float, float]:
    ends = [
        end
        for row in rows
        for end in (row.found.value, row.found.low, row.found.high, row.start, *sum(row.limits, ()))
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


def _draw(plot: Plot, laid: Sequence[_Laid], tops: Sequence[int], at: float | None) -> None:
    left, right = plot.x
    texts: dict[str, list[Mark]] = {"heading": [], "label": [], "beside": [], "below": []}
    drawn = _Drawn()
    for one, top in zip(laid, tops, strict=True):
        row, track = one.row, top + one.track
        if row.heading:
            texts["heading"].append(
                {"x": left, "y": top + 12, "text": row.heading, "colour": "soft"}
            )
        line = top + one.heading + LINE / 2
        for place, part in enumerate(one.label):
            texts["label"].append({"x": left, "y": line + LINE * place, "text": part})
        for place, part in enumerate(one.told):
            where = {"x": right, "y": line} if one.is_beside else None
            after = line + LINE * (len(one.label) + place)
            texts["beside" if where else "below"].append(
                (where or {"x": left, "y": after})
                | {"text": part, "colour": "ink" if row.found.is_shown else "soft"}
            )
        drawn.add(row, track, plot.x, at)
    drawn.draw(plot)
    plot.texts(texts["heading"], size=theme.SMALL, bold=True)
    plot.texts(texts["label"])
    plot.texts(texts["beside"], align="right", bold=True)
    plot.texts(texts["below"], bold=True)


class _Drawn:
    """The marks of all rows, sorted by what lies on what."""

    def __init__(self) -> None:
        self.held: list[Mark] = []
        self.guides: list[Mark] = []
        self.references: list[Mark] = []
        self.limits: list[Mark] = []
        self.fills: list[Mark] = []
        self.spans: list[Mark] = []
        self.thin: list[Mark] = []
        self.starts: list[Mark] = []
        self.symbols: dict[tuple[str, bool], list[Mark]] = {}

    def add(self, row: Row, track: float, x: tuple[float, float], at: float | None) -> None:
        """The marks of one row around its track."""
        found, tells = row.found, {"words": f"{row.label}: {row.told}"}
        level = {"y": track, "y2": track}
        if found.value is None:
            whole = {"x": x[0], "x2": x[1], "y": track - 5, "y2": track + 5, "colour": "wash"}
            self.held.append(whole | tells)
            return
        if at is not None:
            self.references.append(
                {"x": at, "x2": at, "y": track - 8, "y2": track + 8, "colour": "soft"}
            )
        colour = {"colour": row.colour}
        for shade, (low, high) in zip(("unknown", "line"), row.limits, strict=False):
            self.limits.append(
                {"x": low, "x2": high, "y": track - 8, "y2": track + 8, "colour": shade}
            )
        self.guides.append({"x": x[0], "x2": x[1], "colour": "line"} | level)
        if row.start is not None:
            self.spans.append({"x": row.start, "x2": found.value} | level | colour)
            self.starts.append({"x": row.start, "y": track, "colour": "before"})
        elif found.low is not None and found.high is not None:
            span = {"x": found.low, "x2": found.high} | colour
            if row.shape == "bar":
                self.fills.append(span | {"y": track - 4, "y2": track + 4} | tells)
            elif row.shape == "fill":
                self.thin.append(span | level)
            else:
                self.spans.append(span | level)
        if row.shape == "fill":
            share = {"x": x[0], "x2": found.value, "y": track - 6, "y2": track + 6}
            self.fills.append(share | colour | tells)
        elif row.shape != "bar":
            mark = {"x": found.value, "y": track} | colour | tells
            self.symbols.setdefault((row.shape, row.hollow), []).append(mark)

    def draw(self, plot: Plot) -> None:
        """Put them on the plot, what lies below first."""
        plot.rectangles(self.held, border="soft", dash=(3, 3))
        plot.rectangles(self.limits)
        plot.rules(self.guides)
        plot.rules(self.references)
        plot.rectangles(self.fills)
        plot.rules(self.spans, size=3.5)
        plot.rules([{**mark, "colour": "paper"} for mark in self.thin], size=4)
        plot.rules([{**mark, "colour": "ink"} for mark in self.thin], size=1.5)
        plot.points(self.starts, size=90, hollow=True)
        for (shape, hollow), marks in self.symbols.items():
            form, size = ("diamond", 190) if shape == "diamond" else ("circle", 120)
            plot.points(marks, shape=form, size=size, hollow=hollow)
