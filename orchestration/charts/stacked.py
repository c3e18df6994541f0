"""Stacked bars: how a group falls into classes, one bar under another, each class named below it.

What belongs here: the layout. What does not: which classes there are, or where counts come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.charts import theme, words
from orchestration.charts.figure import Specification
from orchestration.charts.marks import Mark, Plot
from orchestration.charts.measuring import shorten, width_of, wrap

LINE = 17
BAR = 22
KEY_LINE = 18
GAP = 14
# px of the square before a name, and between two names
SQUARE = 10
BETWEEN = 14

# Letters that can be read on a colour: paper on what is dark, ink on what is light.
_ON = {"unchanged": "ink", "unknown": "ink", "wash": "ink"}


@dataclass(frozen=True)
class Part:
    """One class of a bar: its name, how many, its colour; ``held`` if its own count is not shown.

    A held part may stand for several classes: then its size is what the others leave.
    """

    name: str
    size: float
    colour: str
    held: bool = False


@dataclass(frozen=True)
class Bar:
    """One group: its name, what is told of it, and its parts; without parts it is held back."""

    label: str
    told: str
    parts: Sequence[Part]


def stacked_bars(bars: Sequence[Bar], width: int) -> Specification:
    """The bars from top to bottom, each as wide as the drawing."""
    inner = width - 20
    laid = [_lay_out(bar, inner) for bar in bars]
    height = sum(one.height for one in laid)
    plot = Plot(
        width=width, height=height, x=(0, inner), y=(height, 0), left=10, right=10, top=4, bottom=4
    )
    top = 0.0
    marks: dict[str, list[Mark]] = {
        name: [] for name in ("full", "held", "inside", "label", "told", "square", "key")
    }
    for one in laid:
        _place(one, top, inner, marks)
        top += one.height
    plot.rectangles(marks["full"], border="paper")
    plot.rectangles(marks["held"], border="soft", dash=(3, 3))
    plot.texts(marks["inside"], align="center", size=theme.SMALL, bold=True)
    plot.texts(marks["label"])
    plot.texts(marks["told"], align="right", bold=True)
    plot.rectangles(marks["square"], border="soft")
    plot.texts(marks["key"], size=theme.SMALL)
    return plot.specification()


@dataclass(frozen=True)
class _Laid:
    bar: Bar
    label: list[str]
    # name, colour, held, x and line of each entry of the key
    key: list[tuple[str, str, bool, float, int]]
    key_lines: int

    @property
    def height(self) -> int:
        return LINE * len(self.label) + 4 + BAR + KEY_LINE * self.key_lines + GAP


def _lay_out(bar: Bar, inner: float) -> _Laid:
    room = inner - width_of(bar.told, theme.TEXT, bold=True) - 14
    key = []
    at, line = 0.0, 0
    for part in bar.parts:
        name = shorten(key_entry(part), inner - SQUARE - 5, theme.SMALL)
        needed = SQUARE + 5 + width_of(name, theme.SMALL)
        if at > 0 and at + needed > inner:
            at, line = 0.0, line + 1
        key.append((name, part.colour, part.held, at, line))
        at += needed + BETWEEN
    return _Laid(bar, wrap(bar.label, room, theme.TEXT), key, line + 1 if key else 0)


def key_entry(part: Part) -> str:
    """``improved 60``, or that it is held back."""
    return f"{part.name} {words.HELD_BACK if part.held else words.count(part.size)}"


def _place(one: _Laid, top: float, inner: float, marks: dict[str, list[Mark]]) -> None:
    for place, line in enumerate(one.label):
        marks["label"].append({"x": 0, "y": top + LINE * (place + 0.5), "text": line})
    quiet = "ink" if one.bar.parts else "soft"
    marks["told"].append({"x": inner, "y": top + LINE / 2, "text": one.bar.told, "colour": quiet})
    high = top + LINE * len(one.label) + 4
    edges = {"y": high, "y2": high + BAR}
    total = sum(part.size for part in one.bar.parts)
    if not one.bar.parts or total <= 0:
        tells = f"{one.bar.label}: {one.bar.told}"
        marks["held"].append({"x": 0, "x2": inner, "colour": "wash", "words": tells} | edges)
        return
    at = 0.0
    for part, (name, *_) in zip(one.bar.parts, one.key, strict=True):
        end = at + part.size / total * inner
        if part.size > 0:
            area = {"x": at, "x2": end, "colour": "wash" if part.held else part.colour} | edges
            area["words"] = f"{one.bar.label}, {name}"
            marks["held" if part.held else "full"].append(area)
            inside = words.HELD_BACK if part.held else words.count(part.size)
            if width_of(inside, theme.SMALL, bold=True) + 8 <= end - at:
                marks["inside"].append(
                    {
                        "x": (at + end) / 2,
                        "y": high + BAR / 2,
                        "text": inside,
                        "colour": "ink" if part.held else _ON.get(part.colour, "paper"),
                    }
                )
        at = end
    for name, colour, held, x, row in one.key:
        y = high + BAR + KEY_LINE * (row + 0.5) + 2
        marks["square"].append(
            {
                "x": x,
                "x2": x + SQUARE,
                "y": y - SQUARE / 2,
                "y2": y + SQUARE / 2,
                "colour": "wash" if held else colour,
            }
        )
        marks["key"].append({"x": x + SQUARE + 5, "y": y, "text": name})
