"""COMPARISON: units against a target with their limits, and local results beside published ones.

What belongs here: the funnel plot, turned so that its names can be read, and the benchmarks.
What does not: a ranking. A league table is not drawn.
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.groups import OVERLAP
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Estimate,
    Row,
    estimate,
    metric_name,
    program_name,
    rows,
    scale,
    text,
    told_count,
    unit_name,
    value,
    why_not,
)

POSITIONS = {
    "within": "within its limits",
    "below_95": "below the 95% limit",
    "above_95": "above the 95% limit",
    "below_998": "below the 99.8% limit",
    "above_998": "above the 99.8% limit",
}
# What a unit is called where its code is not the word.
UNITS = {"period": "year"}
# What is said of the unit that somebody chose.
CHOSEN = " (chosen)"
# Shares of people; everything else that is benchmarked is a standardised effect or a correlation.
# How many results a caption reads out; a picture of more has them in its table.
MOST_SAID = 4
RATES = (
    "recovery",
    "reliable_recovery",
    "reliable_improvement",
    "reliable_deterioration",
    "no_reliable_change",
)


def funnel_plot(
    tables: Tables,
    *,
    unit_kind: str,
    metric_id: str,
    threshold_set: str,
    population: str,
    chosen_id: str | None = None,
    width: int = WIDTH,
) -> Figure:
    """Each unit's rate inside the limits that chance gives a unit of its size, smallest on top.

    The unit of ``chosen_id`` is named as the chosen one, told first and drawn in another colour.
    """
    metric = metric_name(tables, metric_id)
    name, unit = "funnel_plot", UNITS.get(unit_kind, words.plain(unit_kind))
    found = rows(
        tables,
        "pub_comparisons",
        unit_kind=unit_kind,
        metric_id=metric_id,
        threshold_set=threshold_set,
        population=population,
    )
    found.sort(key=lambda row: (value(row, "sample_size") or 0, text(row, "unit_id")))
    title = f"{metric} by {unit}" + (
        ", with funnel limits" if any(_areas(row) for row in found) else ""
    )
    rates = [estimate(row) for row in found]
    table = table_of(
        [
            words.sentence(unit).removesuffix("."),
            *("Count", "Of", "Rate", "95% limits", "99.8% limits", "Position"),
        ],
        [
            [
                _name(tables, unit_kind, row, chosen_id),
                told_count(row, "numerator_count"),
                rate.told_size(),
                rate.told("proportion"),
                _limits(row, "95"),
                _limits(row, "998"),
                _position(row),
            ]
            for row, rate in zip(found, rates, strict=True)
        ],
    )
    if not any(rate.is_shown for rate in rates):
        return undrawn(name, title, why_not(tables, rates[0] if rates else NOTHING), table)
    target = next((at for row in found if (at := value(row, "target")) is not None), None)
    told = [
        f"{_name(tables, unit_kind, row, chosen_id)} {rate.told_with_n('proportion')}"
        + (f", {_position(row)}" if _areas(row) else "")
        # The chosen one is told first.
        for row, rate in sorted(
            zip(found, rates, strict=True), key=lambda pair: text(pair[0], "unit_id") != chosen_id
        )
    ]
    caption = (
        f"{metric}, {words.plain(population)}, thresholds {words.plain(threshold_set)}. "
        + (f"Target (line): {words.percent(target)}. " if target is not None else "")
        + "; ".join(told)
        + ". "
        + (
            "Shaded: where a unit of its size would lie by chance, 95% dark, 99.8% light. "
            if any(_areas(row) for row in found)
            else OVERLAP + " "
        )
        + "Units differ in whom they see: a position is a question, not a verdict."
    )
    drawn = [
        Drawn(
            label=_name(tables, unit_kind, row, chosen_id) + _outside(row),
            told=rate.told_with_n("proportion"),
            # Limits take the place of the interval; a unit without them has its own.
            found=Estimate(rate.value, None, None, rate.size, rate.status) if _areas(row) else rate,
            colour=_colour(row, chosen_id),
            limits=_areas(row),
        )
        for row, rate in zip(found, rates, strict=True)
    ]
    # Without limits a drawing of one unit would have no width of its own.
    span = None if any(one.limits for one in drawn) else (0.0, 1.0)
    ruler = Ruler(kind="proportion", reference=target, title=metric, span=span)
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} rates by {unit}. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _name(tables: Tables, kind: str, row: Row, chosen_id: str | None) -> str:
    unit = text(row, "unit_id")
    return unit_name(tables, kind, unit) + (CHOSEN if unit == chosen_id else "")


def _colour(row: Row, chosen_id: str | None) -> str:
    if text(row, "unit_id") == chosen_id:
        return "process"
    return "ink" if text(row, "position") in ("within", "") else "accent"


def _outside(row: Row) -> str:
    return "" if text(row, "position") in ("within", "") else f", {_position(row)}"


def _areas(row: Row) -> list[tuple[float, float]]:
    found = []
    for limit in ("998", "95"):
        low, high = value(row, f"limit_{limit}_low"), value(row, f"limit_{limit}_high")
        if low is not None and high is not None:
            found.append((low, high))
    return found


def _limits(row: Row, limit: str) -> str:
    low, high = value(row, f"limit_{limit}_low"), value(row, f"limit_{limit}_high")
    if low is None or high is None:
        return words.instead(text(row, "target_status"))
    return f"{words.percent(low)} to {words.percent(high)}"


def _position(row: Row) -> str:
    found = text(row, "position")
    return POSITIONS.get(found, words.plain(found)) if found else "no position"


def benchmarks(
    tables: Tables, *, program_id: str, metric_id: str | None = None, width: int = WIDTH
) -> Figure:
    """Local results beside published ones: one metric, or those that share a scale."""
    name, title = "benchmarks", "Local results beside published ones"
    every = rows(tables, "pub_benchmarks", program_id=program_id)
    found = [row for row in every if metric_id in (None, text(row, "metric_id"))]
    shown = [row for row in found if estimate(row).is_shown]
    # Shares and effects are on different scales: a drawing holds one kind, the table both.
    is_rate = bool(shown) and shown[0]["metric_id"] in RATES
    drawn_rows = [row for row in shown if (text(row, "metric_id") in RATES) == is_rate]
    kind: words.Kind = "proportion" if is_rate else "number"
    table = table_of(
        ["Metric", "Local", "n", "Published", "Published n", "Study", "Comparable"],
        [_benchmark(tables, row) for row in found],
    )
    if not drawn_rows:
        return undrawn(
            name, title, why_not(tables, estimate(found[0]) if found else NOTHING), table
        )
    drawn = []
    heading = ""
    said = []
    for row in drawn_rows:
        local, published = estimate(row), estimate(row, "published_estimate", "published_n")
        about = f"{metric_name(tables, str(row['metric_id']))}{_of_scale(tables, row)}"
        label = f"{about}, {text(row, 'study')}"
        drawn.append(
            Drawn(
                label="Here",
                told=local.told_with_n(kind),
                found=local,
                colour="accent",
                heading=about if about != heading else "",
            )
        )
        drawn.append(
            Drawn(
                label=_study(row),
                told=published.told(kind),
                found=published,
                colour="before",
                hollow=True,
            )
        )
        heading = about
        said.append(f"{label}: here {local.told_with_n(kind)}, published {published.told(kind)}")
    alike = [bool(row.get("is_comparable")) for row in drawn_rows]
    apart = len(alike) - sum(alike)
    # What is not like for like need not be read out where it would hide what is.
    if len(said) > MOST_SAID:
        said = [one for one, is_alike in zip(said, alike, strict=True) if is_alike][:MOST_SAID]
    caption = (
        ". ".join([program_name(tables, program_id), *(["; ".join(said)] if said else [])])
        + ". "
        + (
            f"{apart} of {len(drawn_rows)} are not like for like: the table says why. "
            if apart
            else ""
        )
        + "Published clients were others, seen elsewhere: near is not proven equal, far is not "
        "proven different."
    )
    ruler = Ruler(kind=kind, title="Share of clients" if is_rate else "Effect size or correlation")
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn_rows)} local results, each above a published one. {caption}",
        table=table,
        specification=interval_rows(drawn, ruler, width),
    )


def _of_scale(tables: Tables, row: Row) -> str:
    found = text(row, "scale_id")
    return f", {scale(tables, found).inside}" if found not in ("", "none") else ""


def _study(row: Row) -> str:
    marks = "" if row.get("is_comparable") else ", not like for like"
    return f"Published: {text(row, 'study')}{marks}"


def _benchmark(tables: Tables, row: Row) -> list[str]:
    kind: words.Kind = "proportion" if text(row, "metric_id") in RATES else "number"
    local = estimate(row)
    size = value(row, "published_sample_size")
    return [
        f"{metric_name(tables, str(row['metric_id']))}{_of_scale(tables, row)}",
        local.told(kind),
        local.told_size(),
        estimate(row, "published_estimate").told(kind),
        "not stated" if size is None else words.count(size),
        text(row, "study"),
        "yes" if row.get("is_comparable") else f"no: {text(row, 'not_comparable_reason')}",
    ]
