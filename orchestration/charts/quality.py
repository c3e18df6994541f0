"""COMPLETENESS: which share of the courses has scores at all, and at both ends.

What belongs here: completeness per instrument. What does not: rules and loads (``reporting``).
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Row,
    estimate,
    first,
    program_name,
    rows,
    scale,
    text,
    told_count,
    why_not,
)


def completeness(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """Per instrument: measured at all, and of these at the start and at the end."""
    name, title = "completeness", "How complete the scores are"
    found = [
        (_instrument(tables, row), row)
        for row in rows(tables, "pub_completeness", program_id=program_id)
    ]
    found.sort(key=lambda pair: pair[0])
    table = table_of(
        ["Instrument", "Courses", "Measured", "Share", "Start and end", "Share of measured"],
        [
            [
                label,
                told_count(row, "episode_count"),
                told_count(row, "measured_count"),
                estimate(row, "measured_proportion", "episode_count").told("proportion"),
                told_count(row, "paired_count"),
                estimate(row, "paired_proportion", "measured_count").told("proportion"),
            ]
            for label, row in found
        ],
    )
    drawn = []
    said = []
    for label, row in found:
        measured = estimate(row, "measured_proportion", "episode_count")
        paired = estimate(row, "paired_proportion", "measured_count")
        for heading, part, share in (
            (label, "Measured", measured),
            ("", "First and last score, of these", paired),
        ):
            drawn.append(
                Drawn(
                    label=part,
                    told=share.told_with_n("proportion"),
                    found=share,
                    colour="accent",
                    shape="fill",
                    heading=heading,
                )
            )
        said.append(
            f"{label} measured {measured.told_with_n('proportion')}, of these at both ends "
            f"{paired.told_with_n('proportion')}"
        )
    if not found and program_id == "all":
        return undrawn(name, title, "Completeness is told within a program, never over all.", table)
    if not any(one.found.is_shown for one in drawn):
        return undrawn(name, title, why_not(tables, drawn[0].found if drawn else NOTHING), table)
    caption = (
        f"{program_name(tables, program_id)}. {'; '.join(said)}. Who has no last score may have "
        "done better or worse than those who have: the lower the share, the less the other "
        "numbers speak for everyone."
    )
    ruler = Ruler(kind="proportion", span=(0.0, 1.0), title="Share of courses")
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} bars with intervals. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _instrument(tables: Tables, row: Row) -> str:
    """The short name of the scale that stands for the instrument, or the instrument's own."""
    if text(row, "scale_id"):
        return scale(tables, text(row, "scale_id")).name
    found = text(
        first(tables, "pub_scales", instrument_id=text(row, "instrument_id")), "instrument_name"
    )
    return found or words.plain(text(row, "instrument_id"))
