"""THE LINK: do self-compassion and symptoms change together, and which comes first?

What belongs here: change against change, and what leads. What does not: components, strata and
paths (their own modules). Nothing here says that one brings about the other.
"""

from collections.abc import Sequence

import altair
import pandas

from orchestration.charts import theme, words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.marks import Axis, Mark, Plot, step_digits, steps
from orchestration.charts.selecting import (
    Estimate,
    Row,
    Scale,
    estimate,
    first,
    program_name,
    rows,
    scale,
    told_count,
    value,
    why_not,
)

HEIGHT = 270
# A count is written into an area only where it fits.
_WORD_WIDTH, _WORD_HEIGHT = 24, 16


def change_against_change(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    outcome_scale_id: str,
    width: int = WIDTH,
) -> Figure:
    """How the change of a process and that of an outcome go together: areas, fitted line, r."""
    name = "change_against_change"
    process, outcome = scale(tables, process_scale_id), scale(tables, outcome_scale_id)
    title = f"Change in {process.inside} against change in {outcome.inside}"
    chosen = {
        "program_id": program_id,
        "process_scale_id": process_scale_id,
        "outcome_scale_id": outcome_scale_id,
    }
    cells = rows(tables, "pub_change_bins", **chosen)
    r = estimate(first(tables, "pub_change_associations", **chosen), "pearson_r")
    found_line = [
        row
        for row in rows(tables, "pub_change_lines", **chosen)
        if value(row, "fitted_outcome_change") is not None
    ]
    table = _cell_table(process, outcome, cells, found_line)
    if not any(value(cell, "pair_count") is not None for cell in cells):
        if not cells and program_id == "all":
            said = "Changes are set against each other within a program, never over all of them."
        else:
            said = why_not(tables, r) if cells or not r.is_shown else _no_areas(r)
        return undrawn(name, title, said, table)
    caption = (
        f"{program_name(tables, program_id)}. Pearson r {r.told_with_n()}. "
        f"{_together(r, process, outcome)} Darker areas hold more clients; the outermost go on to "
        "the end of the scale. Both changes cover the same time, so this says nothing about which "
        "came first."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"Map of {len(cells)} areas with a fitted line. {caption}",
        table=table,
        chart=_map(process, outcome, cells, found_line, width),
    )


def _no_areas(r: Estimate) -> str:
    return f"Pearson r {r.told_with_n()}. This release has no map of the changes to draw it on."


def _together(r: Estimate, process: Scale, outcome: Scale) -> str:
    if not r.is_shown:
        return ""
    if not r.is_apart_from:
        return "The interval takes in zero: these data do not show that the two change together."
    both_up = (r.value or 0) > 0
    rise = f"Clients whose {process.inside} rose more"
    lean = "a larger rise" if both_up else "a larger fall"
    return f"{rise} tended to have {lean} in {outcome.inside}."


def _cell_table(
    process: Scale, outcome: Scale, cells: Sequence[Row], line: Sequence[Row]
) -> pandas.DataFrame:
    return table_of(
        [f"Change in {process.inside}", f"Change in {outcome.inside}", "Clients", "Fitted change"],
        [
            [
                _from_to(cell, "process", process.digits),
                _from_to(cell, "outcome", outcome.digits),
                told_count(cell, "pair_count"),
                "",
            ]
            for cell in cells
        ]
        + [
            [
                words.number(value(row, "process_change") or 0.0, process.digits),
                "",
                "",
                estimate(row, "fitted_outcome_change").told(digits=outcome.digits),
            ]
            for row in line
        ],
    )


def _from_to(cell: Row, side: str, digits: int) -> str:
    low, high = value(cell, f"{side}_bin_low"), value(cell, f"{side}_bin_high")
    if low is None or high is None:
        return words.HELD_BACK
    return f"{words.number(low, digits)} to {words.number(high, digits)}"


def _map(
    process: Scale, outcome: Scale, cells: Sequence[Row], line: Sequence[Row], width: int
) -> altair.LayerChart:
    x = _window(cells, "process", [value(row, "process_change") for row in line])
    y = _window(cells, "outcome", [value(row, "fitted_outcome_change") for row in line])
    plot = Plot(width=width, height=HEIGHT, x=x, y=y, left=46, right=14, top=26, bottom=44)
    shown: list[Mark] = []
    held: list[Mark] = []
    labels: list[Mark] = []
    areas = [(cell, _clipped(cell, x, y)) for cell in cells]
    densities = [_density(cell, area, plot) for cell, area in areas]
    top = max((density for density in densities if density is not None), default=1.0) or 1.0
    for (cell, area), density in zip(areas, densities, strict=True):
        said = (
            f"{process.name} {_from_to(cell, 'process', process.digits)}, "
            f"{outcome.inside} {_from_to(cell, 'outcome', outcome.digits)}: "
            f"{told_count(cell, 'pair_count')} clients"
        )
        if density is None:
            held.append(area | {"colour": "wash", "words": said})
            continue
        level = min(int(density / top * len(theme.HEAT)), len(theme.HEAT) - 1)
        shown.append(area | {"colour": theme.HEAT[level], "words": said})
        wide = plot.x_pixels(area["x2"]) - plot.x_pixels(area["x"])
        high = plot.y_pixels(area["y"]) - plot.y_pixels(area["y2"])
        if wide >= _WORD_WIDTH and high >= _WORD_HEIGHT:
            labels.append(
                {
                    "x": (area["x"] + area["x2"]) / 2,
                    "y": (area["y"] + area["y2"]) / 2,
                    "text": told_count(cell, "pair_count"),
                    "colour": "paper" if level >= theme.DARK_HEAT else "ink",
                }
            )
    plot.rectangles(shown, border="paper")
    plot.rectangles(held, border="soft", dash=(3, 3))
    zeros = [{"x": 0, "x2": 0, "y": y[0], "y2": y[1]}] if x[0] < 0 < x[1] else []
    zeros += [{"x": x[0], "x2": x[1], "y": 0, "y2": 0}] if y[0] < 0 < y[1] else []
    plot.rules(zeros, dash=(2, 3))
    plot.texts(labels, align="center", size=theme.SMALL)
    _fitted(plot, line)
    across, up = steps(*x), steps(*y)
    return plot.chart(
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
