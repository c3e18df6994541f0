"""Diagrams: boxes, arrows between them, and a small ruler for one estimate.

What belongs here: their shapes, on a plot whose scales are px. What does not: what they stand for.
"""

import math

from orchestration.charts import theme, words
from orchestration.charts.marks import Mark, Plot, step_digits
from orchestration.charts.measuring import shorten, wrap
from orchestration.charts.selecting import Estimate

LINE = 16
BOX_HEIGHT = 44


def canvas(width: int, height: int) -> Plot:
    """A plot in px, from its upper left corner."""
    inner = width - 20
    return Plot(
        width=width, height=height, x=(0, inner), y=(height, 0), left=10, right=10, top=4, bottom=4
    )


def box(plot: Plot, x: float, y: float, wide: float, name: str, colour: str) -> None:
    """A box with its upper left corner at ``x, y`` and a name of at most two lines in it."""
    area = {"x": x, "x2": x + wide, "y": y, "y2": y + BOX_HEIGHT, "colour": "wash"}
    plot.rectangles([area], border=colour)
    lines = wrap(name, wide - 12, theme.TEXT, bold=True)
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    middle = y + BOX_HEIGHT / 2 - LINE * (len(lines) - 1) / 2
    plot.texts(
        [
            {
                "x": x + wide / 2,
                "y": middle + LINE * place,
                "text": shorten(line, wide - 8, theme.TEXT, bold=True),
                "colour": colour,
            }
            for place, line in enumerate(lines)
        ],
        align="center",
        bold=True,
    )


def arrow(
    plot: Plot, start: tuple[float, float], end: tuple[float, float], colour: str, found: Estimate
) -> None:
    """An arrow; dashed where the interval takes in zero, and grey where nothing is shown."""
    (x, y), (x2, y2) = start, end
    shade = colour if found.is_shown else "line"
    far = math.hypot(x2 - x, y2 - y)
    # The line ends inside the head, or it would stick out of its point.
    shaft = {"x2": x2 - (x2 - x) / far * 9, "y2": y2 - (y2 - y) / far * 9}
    unsure = found.low is not None and not found.is_apart_from
    plot.rules([{"x": x, "y": y, "colour": shade} | shaft], size=3, dash=(6, 4) if unsure else ())
    angle = math.degrees(math.atan2(y2 - y, x2 - x)) + 90
    head = {"x": x2 - (x2 - x) / far * 6, "y": y2 - (y2 - y) / far * 6, "colour": shade}
    plot.points([head], shape="triangle-up", size=200, angle=angle % 360)


def ruler(plot: Plot, y: float, found: Estimate, colour: str, digits: int, tells: str) -> None:
    """One estimate on a scale of its own with zero in the middle, over the whole width."""
    wide = plot.inner_width
    if found.value is None:
        held = {"x": 0, "x2": wide, "y": y - 5, "y2": y + 5, "colour": "wash", "words": tells}
        plot.rectangles([held], border="soft", dash=(3, 3))
        return
    reach = max(abs(end) for end in (found.value, found.low or 0, found.high or 0)) or 1.0
    reach = max(_round_up(reach), 10.0**-digits)
    middle, unit = wide / 2, (wide / 2 - 22) / reach
    guides: list[Mark] = [{"x": 0, "x2": wide, "y": y, "y2": y, "colour": "line"}]
    plot.rules(guides)
    ticks = [(middle + place * unit * reach, round(place * reach, 4)) for place in (-1, 0, 1)]
    plot.rules(
        [{"x": x, "x2": x, "y": y - 7, "y2": y + 7, "colour": "soft"} for x, _ in ticks[1:2]]
    )
    plot.texts(
        [
            {"x": x, "y": y + 16, "text": words.number(at, step_digits([at])), "colour": "soft"}
            for x, at in ticks
        ],
        align="center",
        size=theme.SMALL,
    )
    if found.low is not None and found.high is not None:
        ends = {"x": middle + found.low * unit, "x2": middle + found.high * unit}
        plot.rules([ends | {"y": y, "y2": y, "colour": colour}], size=3.5)
    mark = {"x": middle + found.value * unit, "y": y, "colour": colour, "words": tells}
    plot.points([mark], size=120)


def _round_up(reach: float) -> float:
    power = 10.0 ** math.floor(math.log10(reach))
    return power * next(
        nice for nice in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if nice >= reach / power - 1e-9
    )
