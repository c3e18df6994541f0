"""THE LINK: do self-compassion and symptoms change together, and which comes first?

What belongs here: change against change, and what leads. What does not: components, strata and
paths (their own modules). Nothing here says that one brings about the other.
"""

from collections.abc import Sequence

import pandas

from orchestration.charts import words
from orchestration.charts.change_map import change_map, from_to
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
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
        f"{_together(r, process, outcome)} Numbers: clients; darker areas are fuller, and the "
        "outermost go on to the end of the scale. Both changes cover the same time, so this says "
        "nothing about which came first."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        note=f"Pearson r {r.told_with_n()}. Same time: nothing about which came first.",
        description=f"Map of {len(cells)} areas with a fitted line. {caption}",
        table=table,
        specification=change_map(process, outcome, cells, found_line, width),
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
                from_to(cell, "process", process.digits),
                from_to(cell, "outcome", outcome.digits),
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
