"""A plot: marks on two scales with fixed edges, so that every label is where it was planned.

What belongs here: rectangles, rules, lines, bands, points and text in the theme's colours. What
does not: what they mean. The edges of a drawing are given, nothing is fitted afterwards: widths are
exact, scales line up from chart to chart. A drawing is a Vega-Lite specification, written here and
not through altair's classes: those check every part again, which takes longer than drawing it does
(50 ms a chart against 2). The tests check every specification against the schema instead.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestration.charts import theme
from orchestration.charts.figure import WIDTH, Specification

Mark = Mapping[str, Any]
Align = Literal["left", "center", "right"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # a name; nothing is fetched

# Without a colour of its own, a mark is as dark as text.
_PLAIN = "ink"


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Where an axis has its marks and what it says; drawn only if it is given."""

    values: Sequence[float]
    labels: Sequence[str]
    title: str = ""
    is_grid: bool = False


@dataclass(kw_only=True)
class Plot:
    """A drawing of ``width`` px in all; ``height`` is that of the inner area.

    Attributes:
        width: total width in px.
        height: height of the inner area in px.
        x, y: first and last value of the scales, left to right and bottom to top.
        left, right, top, bottom: px around the inner area.
    """

    width: int = WIDTH
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    left: int = 8
    right: int = 12
    top: int = 8
    bottom: int = 8
    _layers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def inner_width(self) -> int:
        """Width of the inner area in px."""
        return self.width - self.left - self.right

    def x_at(self, pixels: float) -> float:
        """The value that lies ``pixels`` to the right of the inner area's left edge."""
        return self.x[0] + (self.x[1] - self.x[0]) * pixels / self.inner_width

    def y_at(self, pixels: float) -> float:
        """The value that lies ``pixels`` below the inner area's upper edge."""
        return self.y[1] - (self.y[1] - self.y[0]) * pixels / self.height

    def x_pixels(self, value: float) -> float:
        """How far to the right of the left edge a value lies."""
        return (value - self.x[0]) / (self.x[1] - self.x[0]) * self.inner_width

    def y_pixels(self, value: float) -> float:
        """How far below the upper edge a value lies."""
        return (self.y[1] - value) / (self.y[1] - self.y[0]) * self.height

    def rectangles(
        self, marks: Sequence[Mark], *, border: str | None = None, dash: Sequence[int] = ()
    ) -> None:
        """Areas from ``x, y`` to ``x2, y2``; ``colour`` is a role, ``words`` what they tell."""
        options: dict[str, Any] = {"type": "rect"}
        if border:
            options |= {"stroke": theme.LIGHT[border], "strokeWidth": 1}
        if dash:
            options["strokeDash"] = list(dash)
        self._add(options, marks, "fill", ("x2", "y2"))

    def rules(self, marks: Sequence[Mark], *, size: float = 1, dash: Sequence[int] = ()) -> None:
        """Straight lines from ``x, y`` to ``x2, y2``."""
        options: dict[str, Any] = {"type": "rule", "strokeWidth": size, "strokeCap": "round"}
        if dash:
            options |= {"strokeDash": list(dash), "strokeCap": "butt"}
        self._add(options, marks, "stroke", ("x2", "y2"))

    def line(
        self, marks: Sequence[Mark], *, colour: str, size: float = 2, dash: Sequence[int] = ()
    ) -> None:
        """One line through the points in their order."""
        if len(marks) > 1:
            options: dict[str, Any] = {"type": "line", "stroke": theme.LIGHT[colour]}
            options |= {"strokeWidth": size, "strokeJoin": "round"}
            if dash:
                options["strokeDash"] = list(dash)
            self._add(options, marks, None, (), is_ordered=True)

    def band(
        self, marks: Sequence[Mark], *, colour: str, opacity: float = 1, step: bool = False
    ) -> None:
        """An area between ``y`` and ``y2`` along x."""
        if len(marks) > 1:
            options = {"type": "area", "fill": theme.LIGHT[colour], "fillOpacity": opacity}
            if step:
                options["interpolate"] = "step-after"
            self._add(options, marks, None, ("y2",))

    def points(
        self,
        marks: Sequence[Mark],
        *,
        shape: str = "circle",
        size: int = 80,
        hollow: bool = False,
        angle: float = 0,
    ) -> None:
        """One symbol per mark, with a rim of paper so that it stands out from what it lies on."""
        options: dict[str, Any] = {"type": "point", "shape": shape, "size": size, "opacity": 1}
        if angle:
            options["angle"] = angle
        if hollow:
            options |= {"fill": theme.LIGHT["paper"], "strokeWidth": 2}
            self._add(options, marks, "stroke", ())
        else:
            options |= {"stroke": theme.LIGHT["paper"], "strokeWidth": 1.5}
            self._add(options, marks, "fill", ())

    def texts(
        self,
        marks: Sequence[Mark],
        *,
        align: Align = "left",
        size: int = theme.TEXT,
        bold: bool = False,
        baseline: Literal["top", "middle", "bottom", "alphabetic"] = "middle",
        dx: float = 0,
        dy: float = 0,
    ) -> None:
        """The ``text`` of each mark at ``x, y``."""
        options = {
            "type": "text",
            "align": align,
            "baseline": baseline,
            "fontSize": size,
            "dx": dx,
            "dy": dy,
            "fontWeight": "bold" if bold else "normal",
        }
        self._add(options, marks, "fill", (), is_text=True)

    def specification(self, *, x: Axis | None = None, y: Axis | None = None) -> Specification:
        """The drawing with its axes, in the words of Vega-Lite 6."""
        corner = {"x": self.x[0], "y": self.y[0], "x2": self.x[0], "y2": self.y[0]}
        options = {"type": "rule", "strokeWidth": 0, "aria": False}
        frame = self._layer(options, [corner], {}, ("x2", "y2"), axes=(x, y))
        return {
            "$schema": SCHEMA,
            "layer": [frame, *self._layers],
            "width": self.inner_width,
            "height": self.height,
            "autosize": {"type": "none", "contains": "content"},
            "padding": {
                "left": self.left,
                "right": self.right,
                "top": self.top,
                "bottom": self.bottom,
            },
            "background": theme.LIGHT["paper"],
            # Only the frame has axes; shared, they would be taken away by the layers without.
            "resolve": {
                "axis": {"x": "independent", "y": "independent"},
                "scale": {"x": "shared", "y": "shared"},
            },
            "config": {"font": theme.FONT, "view": {"stroke": None}},
        }

    def _add(
        self,
        options: dict[str, Any],
        marks: Sequence[Mark],
        colour: Literal["fill", "stroke"] | None,
        ends: tuple[str, ...],
        *,
        is_ordered: bool = False,
        is_text: bool = False,
    ) -> None:
        if not marks:
            return
        data = [dict(mark) for mark in marks]
        channels: dict[str, Any] = {}
        if colour is not None:
            for mark in data:
                mark["colour"] = theme.LIGHT[mark.get("colour", _PLAIN)]
            channels[colour] = _read("colour") | {"scale": None, "legend": None}
        if is_text:
            channels["text"] = _read("text")
        if is_ordered:
            for place, mark in enumerate(data):
                mark["place"] = place
            channels["order"] = {"field": "place", "type": "quantitative"}
        if all(mark.get("words") for mark in data):
            channels["description"] = _read("words")
        else:
            options = options | {"aria": False}
        self._layers.append(self._layer(options, data, channels, ends))

    def _layer(
        self,
        options: dict[str, Any],
        data: list[dict[str, Any]],
        channels: dict[str, Any],
        ends: tuple[str, ...],
        axes: tuple[Axis | None, Axis | None] = (None, None),
    ) -> dict[str, Any]:
        for name, scale, axis in (("x", self.x, axes[0]), ("y", self.y, axes[1])):
            channels[name] = {
                "field": name,
                "type": "quantitative",
                "title": None,
                "stack": None,
                "scale": {"domain": list(scale), "nice": False, "zero": False},
                "axis": _axis(axis, name, self),
            }
        channels |= {end: {"field": end} for end in ends}
        return {"data": {"values": data}, "mark": options, "encoding": channels}


def _read(field: str) -> dict[str, Any]:
    return {"field": field, "type": "nominal"}


def _axis(axis: Axis | None, which: str, plot: Plot) -> dict[str, Any] | None:
    if axis is None:
        return None
    # Labels by position: an axis says what the caption says, to the digit.
    named = "".join(
        f"abs(datum.value - {value!r}) < 1e-9 ? {_quoted(label)} : "
        for value, label in zip(axis.values, axis.labels, strict=True)
    )
    options: dict[str, Any] = {
        "values": list(axis.values),
        "labelExpr": f"{named}''",
        "labelFontSize": theme.SMALL,
        "labelColor": theme.LIGHT["soft"],
        "labelOverlap": False,
        "labelFlush": 16,
        "labelPadding": 4,
        "domain": which == "x",
        "domainColor": theme.LIGHT["line"],
        "ticks": which == "x",
        "tickColor": theme.LIGHT["line"],
        "tickSize": 4,
        "grid": axis.is_grid,
        "gridColor": theme.LIGHT["line"],
        "aria": False,
    }
    if axis.title:
        options |= {
            "title": axis.title,
            "titleFontSize": theme.SMALL,
            "titleFontWeight": "normal",
            "titleColor": theme.LIGHT["soft"],
        }
        if which == "x":
            options |= {"titleAnchor": "start", "titlePadding": 6}
        else:
            options |= {
                "titleAngle": 0,
                "titleAlign": "left",
                "titleAnchor": "end",
                "titleX": -plot.left + 4,
                "titleY": -10,
            }
    return options


def _quoted(label: str) -> str:
    return "'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'"


def steps(low: float, high: float, count: int = 4) -> list[float]:
    """About ``count`` round numbers inside ``low`` to ``high``, evenly spaced by 1, 2, 2.5 or 5."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = magnitude * next(nice for nice in (1, 2, 2.5, 5, 10) if nice >= rough / magnitude - 1e-9)
    start, end = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Adding 0.0 turns a negative zero into zero.
    return [round(place * step, 10) + 0.0 for place in range(start, end + 1)]


def step_digits(values: Sequence[float]) -> int:
    """How many decimals evenly spaced marks need."""
    return next((digits for digits in range(5) if all(round(v, digits) == v for v in values)), 5)
