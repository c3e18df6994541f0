"""COURSE: the mean by weeks since the first score, sudden gains, and what changed first.

What belongs here: change inside a course. What does not: calendar time (a month mixes first and
tenth scores), or the lagged models (``leading``).
"""

from collections.abc import Sequence

from orchestration.charts import theme, words
from orchestration.charts.figure import WIDTH, Figure, Specification, Tables, table_of, undrawn
from orchestration.charts.marks import Axis, Plot, step_digits, steps
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Row,
    Scale,
    estimate,
    program_name,
    rows,
    scale,
    text,
    told_count,
    value,
    why_not,
)
from orchestration.charts.stacked import Bar, Part, stacked_bars

HEIGHT = 200


def course(tables: Tables, *, program_id: str, scale_id: str, width: int = WIDTH) -> Figure:
    """The mean score by weeks since each client's first, with interval and n."""
    one = scale(tables, scale_id)
    name, title = "course", f"{one.name} by weeks since the first score"
    found = rows(tables, "pub_course", program_id=program_id, scale_id=scale_id)
    found.sort(key=lambda row: value(row, "week_from") or 0)
    means = [estimate(row, "score_mean", "client_count") for row in found]
    table = table_of(
        ["Weeks", "Mean", "Clients, at least"],
        [
            [_weeks(row), mean.told(digits=one.digits), mean.told_size()]
            for row, mean in zip(found, means, strict=True)
        ],
    )
    if not any(mean.is_shown for mean in means):
        said = why_not(tables, means[0] if means else NOTHING)
        if not found and program_id == "all":
            said = "Courses are told within a program, never over all of them."
        return undrawn(name, title, said, table)
    shown = [
        f"week {_weeks(row)} {mean.told_with_n(digits=one.digits)}"
        for row, mean in zip(found, means, strict=True)
        if mean.is_shown
    ]
    caption = (
        f"{program_name(tables, program_id)}, {one.direction}. Mean with interval: "
        f"{words.listed(shown)}. Each n is rounded down. Later weeks hold only those who were "
        "still measured: who left early is not in them, so a rise or fall at the end may be a "
        "change of who is counted."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"A line through {len(shown)} means. {caption}",
        table=table,
        specification=_line(one, found, width),
    )


def _weeks(row: Row) -> str:
    start, end = value(row, "week_from"), value(row, "week_to")
    if start is None:
        return ""
    if end is None:
        return f"{words.count(start)}+"
    if end == start:
        return words.count(start)
    return f"{words.count(start)}\N{EN DASH}{words.count(end)}"


def _line(one: Scale, found: Sequence[Row], width: int) -> Specification:
    means = [estimate(row, "score_mean", "client_count") for row in found]
    ends = [end for mean in means for end in (mean.value, mean.low, mean.high) if end is not None]
    room = (max(ends) - min(ends) or 1.0) * 0.25
    y = (min(ends) - room, max(ends) + room)
    plot = Plot(
        width=width,
        height=HEIGHT,
        x=(-0.5, len(found) - 0.5),
        y=y,
        left=40,
        right=10,
        top=30,
        bottom=58,
    )
    colour = theme.OF_SCALE_ROLE.get(one.role, "accent")
    up = steps(*y)
    spans, dots, labels, held = [], [], [], []
    for place, (row, mean) in enumerate(zip(found, means, strict=True)):
        tells = f"Week {_weeks(row)}: {mean.told_with_n(digits=one.digits)}"
        if mean.value is None:
            area = {"x": place - 0.4, "x2": place + 0.4, "y": y[0], "y2": y[1]}
            held.append(area | {"colour": "wash", "words": tells})
            continue
        if mean.low is not None and mean.high is not None:
            spans.append({"x": place, "x2": place, "y": mean.low, "y2": mean.high})
        dots.append({"x": place, "y": mean.value, "colour": colour, "words": tells})
        labels.append(
            {
                "x": place,
                "y": mean.high if mean.high is not None else mean.value,
                "text": words.number(mean.value, one.digits),
            }
        )
    plot.rectangles(held, border="soft", dash=(3, 3))
    plot.line([{"x": dot["x"], "y": dot["y"]} for dot in dots], colour=colour)
    plot.rules([span | {"colour": colour} for span in spans], size=3)
    plot.points(dots, size=90)
    plot.texts(labels, align="center", size=theme.SMALL, baseline="bottom", dy=-5, bold=True)
    sizes = [
        {
            "x": place,
            "y": y[0],
            "text": "held" if mean.size is None else words.count(mean.size),
            "colour": "soft",
        }
        for place, mean in enumerate(means)
    ]
    plot.texts(sizes, align="center", size=theme.SMALL, dy=34)
    plot.texts(
        [{"x": -0.5, "y": y[0], "text": "n", "colour": "soft"}], size=theme.SMALL, dy=34, dx=-30
    )
    return plot.specification(
        x=Axis(
            values=list(range(len(found))),
            labels=[_weeks(row) for row in found],
            title="",
        ),
        y=Axis(
            values=up,
            labels=[words.number(mark, step_digits(up)) for mark in up],
            title=f"{one.name}, mean ({one.direction}), by week",
            is_grid=True,
        ),
    )


def sudden_gains(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """In which share of the courses a scale took a sudden turn for the better."""
    name, title = "sudden_gains", "Courses with a sudden gain"
    found = [
        (scale(tables, text(row, "scale_id")), row)
        for row in rows(tables, "pub_sudden_gains", program_id=program_id)
    ]
    found.sort(key=lambda pair: (pair[0].role != "process", pair[0].name))
    shares = [estimate(row, "gain_proportion", "course_count") for _, row in found]
    table = table_of(
        ["Scale", "Courses", "With a gain", "Share", "With a loss"],
        [
            [
                one.name,
                share.told_size(),
                told_count(row, "gain_count"),
                share.told("proportion"),
                told_count(row, "loss_count"),
            ]
            for (one, row), share in zip(found, shares, strict=True)
        ],
    )
    if not any(share.is_shown for share in shares):
        return undrawn(name, title, why_not(tables, shares[0] if shares else NOTHING), table)
    drawn = [
        Drawn(
            label=one.name,
            told=share.told_with_n("proportion"),
            found=share,
            colour=theme.OF_SCALE_ROLE.get(one.role, "accent"),
            shape="fill",
        )
        for (one, _), share in zip(found, shares, strict=True)
    ]
    told = [
        f"{one.inside} {share.told_with_n('proportion')}"
        for (one, _), share in zip(found, shares, strict=True)
    ]
    caption = (
        f"{program_name(tables, program_id)}. Share of courses with at least one sudden gain, a "
        f"large and lasting step between two scores in a row: {words.listed(told)}. Courses with "
        "too few scores to judge a step are not counted."
    )
    top = max((share.high or share.value or 0.0) for share in shares if share.is_shown)
    span = (0.0, min(1.0, max(0.1, top * 1.1)))
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} bars with intervals. {caption}",
        table=table,
        specification=interval_rows(
            drawn, Ruler(kind="proportion", span=span, title="Share of courses"), width
        ),
    )


def change_order(
    tables: Tables, *, program_id: str, process_scale_id: str, width: int = WIDTH
) -> Figure:
    """Where both improved: in how many courses the process was first, and in how many not."""
    process = scale(tables, process_scale_id)
    name, title = "change_order", f"What improved first: {process.inside} or the outcome?"
    found = rows(
        tables, "pub_change_order", program_id=program_id, process_scale_id=process_scale_id
    )
    # One basis per outcome: with values between scores resolved, where that was computed.
    by_outcome: dict[str, Row] = {}
    for row in found:
        if (
            text(row, "order_basis") == "observed"
            or text(row, "outcome_scale_id") not in by_outcome
        ):
            by_outcome[text(row, "outcome_scale_id")] = row
    chosen = [(scale(tables, outcome), row) for outcome, row in sorted(by_outcome.items())]
    shares = [estimate(row) for _, row in chosen]
    table = table_of(
        ["Outcome", "Basis", f"{process.name} first", "Together", "Outcome first", "Share", "n"],
        [
            [
                scale(tables, text(row, "outcome_scale_id")).name,
                words.plain(text(row, "order_basis")),
                *(
                    told_count(row, f"{kind}_count")
                    for kind in ("process_first", "together", "outcome_first")
                ),
                estimate(row).told("proportion"),
                estimate(row).told_size(),
            ]
            for row in found
        ],
    )
    if not any(value(row, "process_first_count") is not None for _, row in chosen):
        return undrawn(name, title, why_not(tables, shares[0] if shares else NOTHING), table)
    told = [
        f"{outcome.inside} {share.told_with_n('proportion')}"
        for (outcome, _), share in zip(chosen, shares, strict=True)
    ]
    caption = (
        f"{program_name(tables, program_id)}. Courses in which both improved; share in which "
        f"{process.inside} was first, against {words.listed(told)}. A scale that is measured more "
        "often can look earlier. Ordered in time, not controlled."
    )
    bars = [_order_bar(process, outcome, row) for outcome, row in chosen]
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(bars)} bars, each divided into what was first. {caption}",
        table=table,
        specification=stacked_bars(bars, width),
    )


def _order_bar(process: Scale, outcome: Scale, row: Row) -> Bar:
    size = value(row, "sample_size")
    if size is None:
        return Bar(f"Against {outcome.inside}", words.HELD_BACK, ())
    names = (
        ("process_first", f"{process.inside} first", "process"),
        ("together", "together", "unchanged"),
        ("outcome_first", f"{outcome.inside} first", "outcome"),
    )
    parts = [
        Part(said, found, colour)
        for kind, said, colour in names
        if (found := value(row, f"{kind}_count")) is not None
    ]
    held = [said for kind, said, _ in names if value(row, f"{kind}_count") is None]
    if not parts:
        return Bar(f"Against {outcome.inside}", f"{words.HELD_BACK}, {words.n_of(size)}", ())
    if held:
        left = size - sum(part.size for part in parts)
        parts.append(Part(words.listed(held), left, "wash", held=True))
    return Bar(f"Against {outcome.inside}", words.n_of(size), parts)
