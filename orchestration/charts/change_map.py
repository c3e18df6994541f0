"""The map of change against change: areas of clients, the fitted line, its interval.

What belongs here: how the map is drawn. What does not: what is said about it (``link``).
"""

from collections.abc import Sequence

import numpy

from orchestration.charts import theme, words
from orchestration.charts.figure import Specification
from orchestration.charts.marks import Axis, Mark, Plot, step_digits, steps
from orchestration.charts.measuring import width_of
from orchestration.charts.selecting import Row, Scale, told_count, value

HEIGHT = 270
# px from a count to the edge of its area, and to a line that is near enough to run through it
_INSET, _NEAR = 10, 13
_LETTERS = 16
# The line and the edges of its interval.
ENDS = ("", "_interval_low", "_interval_high")


def change_map(
    process: Scale, outcome: Scale, cells: Sequence[Row], line: Sequence[Row], width: int
) -> Specification:
    """The areas where both changes lie, darker where clients are denser, and the fitted line."""
    x = _window(cells, "process", [value(row, "process_change") for row in line])
    fitted = [value(row, f"fitted_outcome_change{end}") for row in line for end in ENDS]
    y = _window(cells, "outcome", fitted)
    plot = Plot(width=width, height=HEIGHT, x=x, y=y, left=46, right=14, top=30, bottom=44)
    shown: list[Mark] = []
    held: list[Mark] = []
    labels: list[Mark] = []
    areas = [(cell, _clipped(cell, x, y)) for cell in cells]
    densities = [_density(cell, area, plot) for cell, area in areas]
    top = max((density for density in densities if density is not None), default=1.0) or 1.0
    for (cell, area), density in zip(areas, densities, strict=True):
        said = (
            f"{process.name} {from_to(cell, 'process', process.digits)}, "
            f"{outcome.inside} {from_to(cell, 'outcome', outcome.digits)}: "
            f"{told_count(cell, 'pair_count')} clients"
        )
        if density is None:
            held.append(area | {"colour": "wash", "words": said})
            place = _free_place(plot, area, words.HELD_BACK, line)
            if place is not None:
                labels.append({"x": place[0], "y": place[1], "text": words.HELD_BACK})
            continue
        level = min(int(density / top * len(theme.HEAT)), len(theme.HEAT) - 1)
        shown.append(area | {"colour": theme.HEAT[level], "words": said})
        tells = told_count(cell, "pair_count")
        place = _free_place(plot, area, tells, line)
        if place is not None:
            shade = "paper" if level >= theme.DARK_HEAT else "ink"
            labels.append({"x": place[0], "y": place[1], "text": tells, "colour": shade})
    plot.rectangles(shown, border="paper")
    plot.rectangles(held, border="soft", dash=(3, 3))
    zeros = [{"x": 0, "x2": 0, "y": y[0], "y2": y[1]}] if x[0] < 0 < x[1] else []
    zeros += [{"x": x[0], "x2": x[1], "y": 0, "y2": 0}] if y[0] < 0 < y[1] else []
    plot.rules(zeros, dash=(2, 3))
    _fitted(plot, line)
    plot.texts(labels, align="center", size=theme.SMALL)
    across, up = steps(*x), steps(*y)
    return plot.specification(
        x=Axis(
            values=across,
            labels=[words.number(v, step_digits(across)) for v in across],
            title=f"Change in {process.inside}, points ({process.direction})",
        ),
        y=Axis(
            values=up,
            labels=[words.number(v, step_digits(up)) for v in up],
            title=f"Change in {outcome.inside}, points ({outcome.direction})",
        ),
    )


def _free_place(
    plot: Plot, area: Mark, tells: str, line: Sequence[Row]
) -> tuple[float, float] | None:
    """Where in its area a count is farthest from the lines; None where it does not fit."""
    left, right = plot.x_pixels(area["x"]), plot.x_pixels(area["x2"])
    top, bottom = plot.y_pixels(area["y2"]), plot.y_pixels(area["y"])
    half = width_of(tells, theme.SMALL) / 2
    if right - left < 2 * half + 6 or bottom - top < _LETTERS:
        return None
    middle = ((left + right) / 2, (top + bottom) / 2)
    inset = min(_INSET, (bottom - top) / 2)
    corners = [
        (x, y) for x in (left + half + 5, right - half - 5) for y in (bottom - inset, top + inset)
    ]
    free = [(_clearance(plot, x, y, half, line), x, y) for x, y in (middle, *corners)]
    best = next((found for found in free if found[0] >= _NEAR), max(free))
    return plot.x_at(best[1]), plot.y_at(best[2])


def _clearance(plot: Plot, x: float, y: float, half: float, line: Sequence[Row]) -> float:
    """How many px the text around ``x, y`` is away from any line."""
    distances = [abs(y - plot.y_pixels(0.0)), abs(x - plot.x_pixels(0.0)) - half]
    along = [plot.x_pixels(value(row, "process_change") or 0.0) for row in line]
    for part in ENDS:
        heights = [value(row, f"fitted_outcome_change{part}") for row in line]
        if len(line) < 2 or None in heights:
            continue
        down = [plot.y_pixels(height) for height in heights if height is not None]
        ends = [at for at in (x - half, x, x + half) if along[0] <= at <= along[-1]]
        distances += [abs(y - float(numpy.interp(at, along, down))) for at in ends]
    return min(distances)


def _fitted(plot: Plot, line: Sequence[Row]) -> None:
    marks = [
        {
            "x": value(row, "process_change"),
            "y": value(row, "fitted_outcome_change"),
            "low": value(row, "fitted_outcome_change_interval_low"),
            "high": value(row, "fitted_outcome_change_interval_high"),
        }
        for row in line
    ]
    plot.line(marks, colour="paper", size=5)
    plot.line(marks, colour="ink", size=2.5)
    for end in ("low", "high"):
        edge = [mark | {"y": mark[end]} for mark in marks if mark[end] is not None]
        plot.line(edge, colour="paper", size=3)
        plot.line(edge, colour="ink", size=1, dash=(4, 3))


def _window(cells: Sequence[Row], side: str, also: Sequence[float | None]) -> tuple[float, float]:
    """From where to where an axis goes: the outermost areas reach too far to be drawn whole."""
    edges = sorted(
        {
            edge
            for cell in cells
            for edge in (value(cell, f"{side}_bin_low"), value(cell, f"{side}_bin_high"))
            if edge is not None
        }
    )
    inner = edges[1:-1] or edges
    reach = sorted(value for value in (*inner, *also) if value is not None)
    room = (reach[-1] - reach[0] or 1.0) * 0.25
    return (max(reach[0] - room, edges[0]), min(reach[-1] + room, edges[-1]))


def _clipped(cell: Row, x: tuple[float, float], y: tuple[float, float]) -> dict[str, float]:
    area = {}
    for side, near, far, (low, high) in (("process", "x", "x2", x), ("outcome", "y", "y2", y)):
        start, end = value(cell, f"{side}_bin_low"), value(cell, f"{side}_bin_high")
        area[near] = min(max(low if start is None else start, low), high)
        area[far] = min(max(high if end is None else end, low), high)
    return area


def _density(cell: Row, area: Mark, plot: Plot) -> float | None:
    found = value(cell, "pair_count")
    size = (plot.x_pixels(area["x2"]) - plot.x_pixels(area["x"])) * (
        plot.y_pixels(area["y"]) - plot.y_pixels(area["y2"])
    )
    return None if found is None else found / max(size, 1.0)


def from_to(cell: Row, side: str, digits: int) -> str:
    """The edges of an area on one side, ``process`` or ``outcome``, in words."""
    low, high = value(cell, f"{side}_bin_low"), value(cell, f"{side}_bin_high")
    if low is None or high is None:
        return words.HELD_BACK
    return f"{words.number(low, digits)} to {words.number(high, digits)}"
