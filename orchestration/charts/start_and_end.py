"""START AND END: how the scores of the same clients lay at the start and at the end.

What belongs here: the two histograms, the cut-off and the size of a reliable change. What does
not: how either is found (``seeds``, ``dbt_project/models/change``).
"""

from orchestration.charts import theme, words
from orchestration.charts.figure import WIDTH, Figure, Specification, Tables, table_of, undrawn
from orchestration.charts.marks import Axis, Mark, Plot, step_digits, steps
from orchestration.charts.measuring import width_of
from orchestration.charts.selecting import (
    Estimate,
    Row,
    Scale,
    estimate,
    first,
    program_name,
    rows,
    scale,
    text,
    told_count,
    value,
    why_not,
)

OPERATORS = {">=": "{} or more", ">": "above {}", "<=": "{} or less", "<": "below {}"}
PANEL = 104
# Above each histogram: its name; above the first also the cut-off.
HEAD = 20
BETWEEN = 34


def start_and_end(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """The scores at the start above those at the end, on one scale with its thresholds."""
    one = scale(tables, scale_id)
    name, title = "start_and_end", f"{one.name} at the start and at the end"
    bins = rows(tables, "pub_score_bins", program_id=program_id, scale_id=scale_id)
    bins.sort(key=lambda row: value(row, "bin_number") or 0)
    measures = first(tables, "pub_program_measures", program_id=program_id, scale_id=scale_id)
    change = estimate(measures, "improvement_mean", "paired_count")
    moments = {
        moment: [row for row in bins if text(row, "score_moment") == moment]
        for moment in ("first", "last")
    }
    table = table_of(
        ["Score", "Clients at the start", "Clients at the end"],
        [
            [_range(begin, one.digits), _count(begin), _count(end)]
            for begin, end in zip(moments["first"], moments["last"], strict=False)
        ],
    )
    if not any(value(row, "episode_count") is not None for row in bins):
        if program_id == "all":
            said = "Scores are counted within a program, never over all of them."
        elif bins:
            said = why_not(tables, estimate(bins[0], "episode_count"))
        else:
            said = f"{_means(one, measures, change)} {why_not(tables, change)}".strip()
        return undrawn(name, title, said, table)
    start, end = value(measures, "baseline_mean"), value(measures, "final_mean")
    caption = (
        f"{program_name(tables, program_id)}, {one.direction}. {_means(one, measures, change)} "
        f"{_thresholds(one)} An area is as large as its share of the clients; neighbouring scores "
        "are taken together until no group is small."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"Two histograms, one above the other, {len(moments['first'])} areas each. "
        f"{caption}",
        table=table,
        specification=_histograms(one, moments, (start, end), width),
    )


def _means(one: Scale, measures: Row | None, change: Estimate) -> str:
    start, end = value(measures, "baseline_mean"), value(measures, "final_mean")
    if start is None or end is None or not change.is_shown:
        return ""
    return (
        f"Mean {words.number(start, one.digits)} at the start, {words.number(end, one.digits)} at "
        f"the end: improvement {change.told_with_n(digits=one.digits)}, the same clients twice."
    )


def _thresholds(one: Scale) -> str:
    cutoff, change = value(one.row, "cutoff"), value(one.row, "reliable_change_points")
    if cutoff is None and change is None:
        return "There is no published cut-off or reliable change to draw for this scale."
    parts = []
    if cutoff is not None:
        side = OPERATORS.get(text(one.row, "cutoff_operator"), "{}")
        parts.append(f"at caseness: {side.format(_plain_number(cutoff))}")
    if change is not None:
        parts.append(f"a change is reliable from {_plain_number(change)} points")
    return words.sentence(words.listed(parts))


def _plain_number(found: float) -> str:
    return words.number(found, step_digits([round(found, 2)]))


def _range(row: Row, digits: int) -> str:
    low, high = value(row, "bin_low"), value(row, "bin_high")
    if low is None or high is None:
        return ""
    return f"{words.number(low, digits)} to {words.number(high, digits)}"


def _count(row: Row) -> str:
    return told_count(row, "episode_count")


def _histograms(
    one: Scale,
    moments: dict[str, list[Row]],
    means: tuple[float | None, float | None],
    width: int,
) -> Specification:
    every = [row for part in moments.values() for row in part]
    low = min(value(row, "bin_low") or 0.0 for row in every)
    high = max(value(row, "bin_high") or 0.0 for row in every)
    height = 2 * (HEAD + PANEL) + BETWEEN
    plot = Plot(
        width=width,
        height=height,
        x=(low, high),
        y=(height, 0),
        left=12,
        right=14,
        top=4,
        bottom=42,
    )
    tallest = max(_density(row) for row in every) or 1.0
    floors = {"first": HEAD + PANEL, "last": height}
    areas: dict[str, list[Mark]] = {"first": [], "last": []}
    held: list[Mark] = []
    counts: list[Mark] = []
    for moment, part in moments.items():
        floor = floors[moment]
        colour = "before" if moment == "first" else theme.OF_SCALE_ROLE.get(one.role, "accent")
        for row in part:
            edges = {"x": value(row, "bin_low"), "x2": value(row, "bin_high"), "y": floor}
            when = "at the start" if moment == "first" else "at the end"
            tells = {"words": f"{_range(row, one.digits)} {when}: {_count(row)} clients"}
            if value(row, "episode_count") is None:
                held.append(edges | {"y2": floor - 12, "colour": "wash"} | tells)
                continue
            rise = _density(row) / tallest * (PANEL - 36)
            areas[moment].append(edges | {"y2": floor - rise, "colour": colour} | tells)
            if _fits(plot, row):
                middle = ((edges["x"] or 0) + (edges["x2"] or 0)) / 2
                middle = _clear_of_cutoff(plot, one, middle, _count(row))
                counts.append({"x": middle, "y": floor - rise - 8, "text": _count(row)})
    for marks in areas.values():
        plot.rectangles(marks, border="paper")
    plot.rectangles(held, border="soft", dash=(3, 3))
    plot.rules([{"x": low, "x2": high, "y": y, "y2": y, "colour": "line"} for y in floors.values()])
    plot.texts(counts, align="center", size=theme.SMALL)
    _draw_cutoff(plot, one, floors)
    _draw_means(plot, one, means, floors)
    _draw_reliable_change(plot, one, means[0])
    ticks = steps(low, high)
    labels = [words.number(tick, step_digits(ticks)) for tick in ticks]
    return plot.specification(
        x=Axis(values=ticks, labels=labels, title=f"{one.name}, score ({one.direction})")
    )


def _density(row: Row) -> float:
    found, low, high = (value(row, name) for name in ("episode_count", "bin_low", "bin_high"))
    return 0.0 if found is None or low is None or high is None else found / max(high - low, 1e-9)


def _fits(plot: Plot, row: Row) -> bool:
    low, high = value(row, "bin_low") or 0.0, value(row, "bin_high") or 0.0
    return plot.x_pixels(high) - plot.x_pixels(low) >= width_of(_count(row), theme.SMALL) + 2


def _clear_of_cutoff(plot: Plot, one: Scale, at: float, tells: str) -> float:
    """Where the middle of a count lies so that the cut-off does not run through it."""
    cutoff = value(one.row, "cutoff")
    half = width_of(tells, theme.SMALL) / 2 + 4
    if cutoff is None or abs(plot.x_pixels(at) - plot.x_pixels(cutoff)) >= half:
        return at
    side = -half if at < cutoff else half
    return plot.x_at(plot.x_pixels(cutoff) + side)


def _draw_cutoff(plot: Plot, one: Scale, floors: dict[str, int]) -> None:
    cutoff = value(one.row, "cutoff")
    if cutoff is None or not plot.x[0] <= cutoff <= plot.x[1]:
        return
    plot.rules(
        [
            {"x": cutoff, "x2": cutoff, "y": floor - PANEL + 2, "y2": floor, "colour": "ink"}
            for floor in floors.values()
        ],
        size=1.5,
        dash=(5, 3),
    )
    said = f"cut-off {_plain_number(cutoff)}"
    _beside(plot, cutoff, floors["first"] - PANEL + 7, said, "ink")


def _draw_means(
    plot: Plot, one: Scale, means: tuple[float | None, float | None], floors: dict[str, int]
) -> None:
    for moment, mean in zip(("first", "last"), means, strict=True):
        when = "At the start" if moment == "first" else "At the end"
        told = "" if mean is None else f", mean {words.number(mean, one.digits)}"
        floor = floors[moment]
        top = floor - PANEL - HEAD / 2
        colour = "before" if moment == "first" else theme.OF_SCALE_ROLE.get(one.role, "accent")
        plot.texts(
            [{"x": plot.x[0], "y": top, "text": f"{when}{told}", "colour": colour}], bold=True
        )
        if mean is not None:
            plot.points(
                [{"x": mean, "y": floor + 6, "colour": colour}], shape="triangle-up", size=110
            )


def _draw_reliable_change(plot: Plot, one: Scale, start: float | None) -> None:
    """An arrow as long as a reliable change, from the mean at the start to the better side."""
    change = value(one.row, "reliable_change_points")
    if change is None or start is None:
        return
    end = start + (change if one.is_higher_better else -change)
    if not plot.x[0] <= end <= plot.x[1]:
        return
    y = HEAD + PANEL + 20
    plot.rules([{"x": start, "x2": end, "y": y, "y2": y, "colour": "improved"}], size=2)
    shape = "triangle-right" if one.is_higher_better else "triangle-left"
    plot.points([{"x": end, "y": y, "colour": "improved"}], shape=shape, size=70)
    said = f"reliable change: {_plain_number(change)} points"
    outer = end if one.is_higher_better else start
    _beside(plot, outer, y, said, "improved")


def _beside(plot: Plot, x: float, y: float, said: str, colour: str) -> None:
    """A text to the right of ``x``, or to its left where there is no room."""
    room = plot.inner_width - plot.x_pixels(x)
    is_right = width_of(said, theme.SMALL) + 10 <= room
    marks = [{"x": x, "y": y, "text": said, "colour": colour}]
    plot.texts(
        marks, size=theme.SMALL, align="left" if is_right else "right", dx=8 if is_right else -8
    )
