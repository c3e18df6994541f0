"""MEDIATION: a path through a scale that may lie between, with its caution on the picture.

What belongs here: the path diagram. What does not: its estimates (``statistics``).
"""

from orchestration.charts import theme, words
from orchestration.charts.diagram import BOX_HEIGHT, arrow, box, canvas, ruler
from orchestration.charts.figure import WIDTH, Figure, Specification, Tables, table_of, undrawn
from orchestration.charts.marks import Align
from orchestration.charts.measuring import wrap
from orchestration.charts.selecting import (
    NOTHING,
    Estimate,
    Scale,
    estimate,
    program_name,
    rows,
    scale,
    text,
    why_not,
)

DIGITS = 3
CAUTION = (
    "A path that fits the numbers is not a proof: without a comparison "
    "group the order could be another, as the swapped path shows."
)
WINDOWS = {
    "first_to_last": "all three changes over the same time",
    "middle_then_last": "the process and the middle first, the outcome later",
}


def mediation(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    mediator_scale_id: str,
    outcome_scale_id: str,
    window_name: str = "first_to_last",
    width: int = WIDTH,
) -> Figure:
    """The path from a process through a mediator to an outcome, and the same path swapped."""
    name = "mediation"
    process, mediator, outcome = (
        scale(tables, scale_id)
        for scale_id in (process_scale_id, mediator_scale_id, outcome_scale_id)
    )
    title = f"{process.name}, {mediator.inside}, {outcome.inside}: a possible path"
    found = rows(
        tables,
        "pub_mediation",
        program_id=program_id,
        process_scale_id=process_scale_id,
        mediator_scale_id=mediator_scale_id,
        outcome_scale_id=outcome_scale_id,
    )
    found = [row for row in found if text(row, "window_name") in ("", window_name)]
    paths = {text(row, "path"): estimate(row) for row in found}
    steps = _steps(process, mediator, outcome)
    table = table_of(
        ["Path", "Points per point", "Clients"],
        [
            [steps[path], paths[path].told(digits=DIGITS), paths[path].told_size()]
            for path in steps
            if path in paths
        ],
    )
    indirect, swapped = paths.get("indirect", NOTHING), paths.get("swapped_indirect", NOTHING)
    if not indirect.is_shown:
        return undrawn(name, title, why_not(tables, indirect), table)
    caption = (
        f"{program_name(tables, program_id)}, {WINDOWS.get(window_name, words.plain(window_name))}."
        f" Through {mediator.inside}: {indirect.told_with_n(digits=DIGITS)}. With "
        f"{mediator.inside} and {outcome.inside} swapped: {swapped.told_with_n(digits=DIGITS)}. "
        f"{_which(indirect, swapped)} {CAUTION}"
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        note=f"{words.sentence(WINDOWS.get(window_name, words.plain(window_name)))} "
        f"{_which(indirect, swapped)}",
        description=(
            f"Three boxes with arrows: a {paths.get('a', NOTHING).told(digits=DIGITS)}, "
            f"b {paths.get('b', NOTHING).told(digits=DIGITS)}, direct "
            f"{paths.get('direct', NOTHING).told(digits=DIGITS)}. {caption}"
        ),
        table=table,
        specification=_diagram((process, mediator, outcome), paths, width),
    )


def _steps(process: Scale, mediator: Scale, outcome: Scale) -> dict[str, str]:
    return {
        "a": f"a: {process.name} → {mediator.inside}",
        "b": f"b: {mediator.name} → {outcome.inside}",
        "direct": f"direct: {process.name} → {outcome.inside}",
        "indirect": f"through {mediator.inside} (a times b)",
        "swapped_indirect": f"swapped: {process.name} → {outcome.inside} → {mediator.inside}",
    }


def _which(indirect: Estimate, swapped: Estimate) -> str:
    if indirect.is_apart_from and swapped.is_apart_from:
        return "Both leave out zero: the numbers fit either order."
    if indirect.is_apart_from:
        return "The swapped path takes in zero."
    if swapped.is_apart_from:
        return "The path takes in zero; the swapped one does not."
    return "Both take in zero."


def _diagram(
    scales: tuple[Scale, Scale, Scale], paths: dict[str, Estimate], width: int
) -> Specification:
    process, mediator, outcome = scales
    below = 200
    swapped_below = below + 74
    caution = wrap(CAUTION, width - 20, theme.SMALL)
    plot = canvas(width, swapped_below + 66 + 15 * len(caution))
    inner = plot.inner_width
    wide = min(150.0, inner * 0.34)
    base = 112.0
    middle = inner / 2
    box(plot, 0, base, wide, process.name, "process")
    box(plot, middle - wide / 2, 2, wide, mediator.name, _colour(mediator))
    box(plot, inner - wide, base, wide, outcome.name, "outcome")
    foot = 2.0 + BOX_HEIGHT
    ends = {
        "a": ((wide / 2, base - 4), (middle - wide / 4, foot + 5)),
        "b": ((middle + wide / 4, foot + 5), (inner - wide / 2, base - 4)),
        "direct": ((wide + 5, base + BOX_HEIGHT / 2), (inner - wide - 5, base + BOX_HEIGHT / 2)),
    }
    at: dict[str, tuple[float, float, Align]] = {
        "a": (0.0, 74.0, "left"),
        "b": (inner, 74.0, "right"),
        "direct": (middle, base + 8, "center"),
    }
    for path, (start, end) in ends.items():
        arrow(plot, start, end, "ink", paths.get(path, NOTHING))
        x, y, side = at[path]
        told = paths.get(path, NOTHING).told(digits=DIGITS)
        said = f"{path} {told}"
        plot.texts([{"x": x, "y": y, "text": said}], align=side, size=theme.SMALL, bold=True)
    for top, path, said in (
        (below, "indirect", f"Through {mediator.inside}"),
        (swapped_below, "swapped_indirect", "Swapped: outcome in the middle"),
    ):
        found = paths.get(path, NOTHING)
        told = found.told_with_n(digits=DIGITS)
        plot.texts([{"x": 0, "y": top - 18, "text": said}])
        plot.texts([{"x": 0, "y": top, "text": told}], bold=True)
        ruler(plot, top + 20, found, _colour(mediator), DIGITS, f"{said}: {told}")
    plot.texts(
        [
            {"x": 0, "y": swapped_below + 62 + 15 * place, "text": line, "colour": "soft"}
            for place, line in enumerate(caution)
        ],
        size=theme.SMALL,
    )
    return plot.specification()


def _colour(found: Scale) -> str:
    return theme.OF_SCALE_ROLE.get(found.role, "mechanism")
