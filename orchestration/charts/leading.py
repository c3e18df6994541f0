"""WHICH GOES FIRST: from one scale to the other later, both ways, each with its interval.

What belongs here: the arrows of the lagged models. What does not: the models (``statistics``).
"""

from orchestration.charts import words
from orchestration.charts.diagram import BOX_HEIGHT, arrow, box, canvas, ruler
from orchestration.charts.figure import WIDTH, Figure, Specification, Tables, table_of, undrawn
from orchestration.charts.selecting import (
    Estimate,
    Row,
    Scale,
    estimate,
    program_name,
    rows,
    scale,
    text,
    value,
    why_not,
)

# The one that keeps what differs between people apart comes first (metrics.md 2.7, 7).
MODELS = ("random_intercept", "multilevel")
MODEL_NAMES = {
    "random_intercept": "random-intercept cross-lagged panel",
    "multilevel": "multilevel model of lagged scores",
}
SHORT_NAMES = {"random_intercept": "panel", "multilevel": "multilevel"}
# Slopes per point are small where an outcome of 27 points predicts a mean of 1 to 5.
DIGITS = 3


def lead_lag(
    tables: Tables,
    *,
    program_id: str,
    process_scale_id: str,
    outcome_scale_id: str,
    model: str | None = None,
    width: int = WIDTH,
) -> Figure:
    """Two arrows: the process and the later outcome, the outcome and the later process."""
    name = "lead_lag"
    process, outcome = scale(tables, process_scale_id), scale(tables, outcome_scale_id)
    title = f"Which goes first: {process.inside} or {outcome.inside}?"
    found = rows(
        tables,
        "pub_lead_lag",
        program_id=program_id,
        process_scale_id=process_scale_id,
        outcome_scale_id=outcome_scale_id,
    )
    chosen = model or _first_shown(found)
    forward = _direction(found, chosen, "process_to_outcome")
    back = _direction(found, chosen, "outcome_to_process")
    table = table_of(
        ["Model", "From", "To, later", "Slope per point", "Clients", "Waves"],
        [_told(row, process, outcome) for row in found],
    )
    ahead, behind = estimate(forward), estimate(back)
    if not ahead.is_shown and not behind.is_shown:
        return undrawn(name, title, why_not(tables, ahead), table)
    waves = value(forward, "wave_count")
    caption = (
        f"{program_name(tables, program_id)}, {MODEL_NAMES.get(chosen, words.plain(chosen))}"
        f"{f', {words.count(waves)} waves' if waves else ''}. "
        f"{process.name} and later {outcome.inside}: {ahead.told_with_n(digits=DIGITS)}. "
        f"{outcome.name} and later {process.inside}: {behind.told_with_n(digits=DIGITS)}. "
        f"{_which(ahead, behind, process, outcome)} "
        "Points of the later scale per point of the earlier one within a client, given its own "
        "earlier value; the two are in different units. A dashed arrow: the interval takes in "
        "zero. Ordered in time, not controlled: something else may move both."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        note="Points per point, each in its own units; dashed: the interval takes in zero. Ordered "
        "in time, not controlled.",
        description=f"Two arrows between {process.inside} and {outcome.inside}. {caption}",
        table=table,
        specification=_arrows(process, outcome, ahead, behind, width),
    )


def _first_shown(found: list[Row]) -> str:
    for model in MODELS:
        if any(text(row, "model") == model and value(row, "estimate") is not None for row in found):
            return model
    return str(found[0]["model"]) if found else MODELS[0]


def _direction(found: list[Row], model: str, direction: str) -> Row | None:
    return next(
        (
            row
            for row in found
            if text(row, "model") == model and text(row, "direction") == direction
        ),
        None,
    )


def _told(row: Row, process: Scale, outcome: Scale) -> list[str]:
    ahead = text(row, "direction") == "process_to_outcome"
    one, other = (process, outcome) if ahead else (outcome, process)
    told = estimate(row)
    waves = value(row, "wave_count")
    return [
        SHORT_NAMES.get(text(row, "model"), words.plain(text(row, "model"))),
        one.name,
        other.name,
        told.told(digits=DIGITS),
        told.told_size(),
        words.count(waves) if waves else "",
    ]


def _which(ahead: Estimate, behind: Estimate, process: Scale, outcome: Scale) -> str:
    if ahead.is_apart_from and behind.is_apart_from:
        return "Both intervals leave out zero: each goes before the other."
    if ahead.is_apart_from:
        return f"Only {process.inside} goes before: the other interval takes in zero."
    if behind.is_apart_from:
        return f"Only {outcome.inside} goes before: the other interval takes in zero."
    return "Both intervals take in zero: these data do not show which goes first."


def _arrows(
    process: Scale, outcome: Scale, ahead: Estimate, behind: Estimate, width: int
) -> Specification:
    ways = (
        (process, outcome, ahead, "process"),
        (outcome, process, behind, "outcome"),
    )
    block = BOX_HEIGHT + 76
    plot = canvas(width, 2 * block - 8)
    wide = min(150.0, plot.inner_width * 0.36)
    for place, (one, other, found, colour) in enumerate(ways):
        top = place * block + 2
        middle = top + BOX_HEIGHT / 2
        box(plot, 0, top, wide, one.name, colour)
        box(plot, plot.inner_width - wide, top, wide, f"later {other.inside}", _other(colour))
        arrow(plot, (wide + 6, middle), (plot.inner_width - wide - 6, middle), colour, found)
        told = found.told_with_n(digits=DIGITS)
        plot.texts(
            [{"x": plot.inner_width / 2, "y": top + BOX_HEIGHT + 16, "text": told}],
            align="center",
            bold=True,
        )
        tells = f"{one.name} and later {other.inside}: {told}"
        ruler(plot, top + BOX_HEIGHT + 36, found, colour, DIGITS, tells)
    return plot.specification()


def _other(colour: str) -> str:
    return "outcome" if colour == "process" else "process"
