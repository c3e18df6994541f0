"""COMPONENTS: the parts of self-compassion, before and after, and which goes with relief.

What belongs here: the profile and the estimates per component. What does not: the total.
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.rows import Row, Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Estimate,
    Scale,
    estimate,
    is_component,
    program_name,
    rows,
    scale,
    status,
    text,
    value,
    why_not,
)

STATISTICS = {
    "pearson_r": "alone (r)",
    "standardised_slope": "beside the other five",
    "relative_weight": "share of what all six explain",
}


def component_profile(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """The mean of each component at the start and at the end."""
    name, title = "component_profile", "Components of self-compassion, before and after"
    known = {text(row, "component_scale_id") for row in rows(tables, "pub_components")}
    found = [
        (scale(tables, text(row, "scale_id")), row)
        for row in rows(tables, "pub_program_measures", program_id=program_id)
    ]
    chosen = sorted(
        (pair for pair in found if is_component(pair[0]) or pair[0].scale_id in known),
        key=lambda pair: (not pair[0].is_higher_better, pair[0].name),
    )
    if not chosen:
        said = "No component of self-compassion was measured at the start and at the end."
        if program_id == "all":
            said = "Means are told within a program, never over all of them."
        return undrawn(name, title, said)
    drawn = []
    lines = []
    heading = None
    for one, row in chosen:
        start, end = value(row, "baseline_mean"), value(row, "final_mean")
        change = estimate(row, "improvement_mean", "paired_count")
        told = (
            f"{words.number(start, one.digits)} → {words.number(end, one.digits)}"
            if start is not None and end is not None
            else words.instead(change.status)
        )
        group = "Meant to rise" if one.is_higher_better else "Meant to fall"
        drawn.append(
            Row(
                label=one.name,
                told=told,
                found=Estimate(end, None, None, change.size, status(row, "final_mean")),
                start=start,
                colour="process",
                heading=group if group != heading else "",
            )
        )
        heading = group
        lines.append(
            [
                one.name,
                words.instead(change.status) if start is None else words.number(start, one.digits),
                words.instead(change.status) if end is None else words.number(end, one.digits),
                change.told(digits=one.digits),
                change.told_size(),
            ]
        )
    headings = ["Component", "Start", "End", "Improvement", "Clients"]
    table = table_of(headings, lines)
    changes = [(one, estimate(row, "improvement_mean", "paired_count")) for one, row in chosen]
    if not any(change.is_shown for _, change in changes):
        return undrawn(name, title, why_not(tables, changes[0][1]), table)
    caption = (
        f"{program_name(tables, program_id)}. Hollow: mean at the start; full: mean at the end, of "
        f"the same clients. {_improvements(changes)} No comparison group: what would have changed "
        "without the program is not known."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        note=f"Hollow: at the start; full: at the end; {_clients(changes)}, the same clients. No "
        "comparison group.",
        description=f"{len(drawn)} components, each with two means on one scale. {caption}",
        table=table,
        specification=interval_rows(drawn, Ruler(title="Mean score", digits=2), width),
    )


def _improvements(changes: list[tuple[Scale, Estimate]]) -> str:
    parts = [
        f"{one.inside} {change.told(digits=one.digits)}"
        for one, change in changes
        if change.is_shown
    ]
    return f"Improvement in points: {words.listed(parts)}; {_clients(changes)}."


def _clients(changes: list[tuple[Scale, Estimate]]) -> str:
    sizes = sorted({change.size for _, change in changes if change.size is not None})
    if not sizes:
        return words.n_of(None)
    if len(sizes) == 1:
        return words.n_of(sizes[0])
    return f"{words.n_of(sizes[0])} to {words.count(sizes[-1])}"


def component_estimates(
    tables: Tables, *, program_id: str, outcome_scale_id: str, width: int = WIDTH
) -> Figure:
    """How the change of each component goes with the change of an outcome."""
    outcome = scale(tables, outcome_scale_id)
    name, title = "component_estimates", f"Which component goes with {outcome.inside}"
    found = rows(tables, "pub_components", program_id=program_id, outcome_scale_id=outcome_scale_id)
    table = table_of(
        ["Component", "Statistic", "Estimate", "Clients"],
        [
            [
                scale(tables, text(row, "component_scale_id")).name,
                STATISTICS.get(text(row, "statistic"), words.plain(text(row, "statistic"))),
                estimate(row).told(_kind(text(row, "statistic"))),
                estimate(row).told_size(),
            ]
            for row in found
        ],
    )
    slopes = [
        (scale(tables, text(row, "component_scale_id")), estimate(row))
        for row in found
        if text(row, "statistic") == "standardised_slope"
    ]
    slopes.sort(key=lambda pair: (not pair[0].is_higher_better, pair[0].name))
    if not any(told.is_shown for _, told in slopes):
        return undrawn(name, title, why_not(tables, slopes[0][1] if slopes else NOTHING), table)
    told_all = [f"{one.inside} {told.told()}" for one, told in slopes]
    apart = [one.inside for one, told in slopes if told.is_apart_from]
    caption = (
        f"{program_name(tables, program_id)}, {words.n_of(slopes[0][1].size)}. Standardised slope "
        f"of the change in {outcome.inside} on the change of each component, beside the other "
        f"five: {words.listed(told_all)}. {_apart(apart)} The components go together, so a slope "
        "near zero does not mean that a component does not matter. Same time, not controlled."
    )
    drawn = [
        Row(label=one.name, told=told.told(), found=told, colour="process") for one, told in slopes
    ]
    title_of_ruler = f"Standardised slope (below zero: component up, {outcome.inside} down)"
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} estimates with intervals around zero. {caption}",
        table=table,
        specification=interval_rows(drawn, Ruler(title=title_of_ruler, reference=0), width),
    )


def _apart(found: list[str]) -> str:
    if not found:
        return "Every interval takes in zero."
    return f"Leaving out zero: {words.listed(found)}."


def _kind(statistic: str) -> words.Kind:
    return "proportion" if statistic == "relative_weight" else "number"
