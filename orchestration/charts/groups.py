"""GROUPS: outcome rates of a condition, a clinic or a year, whose people programs count too.

What belongs here: the rates of one group beside those of everybody, and what is said of it.
What does not: a program's own numbers (``glance``, ``change``), or comparing groups
(``comparison``).
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.glance import Sentence
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    NOTHING,
    Row,
    estimate,
    first,
    is_leading,
    metric_name,
    rows,
    scale,
    text,
    told_count,
    unit_name,
    why_not,
)

# In the order in which they are read: the better, the worse, and how far.
RATES = ("reliable_improvement", "reliable_deterioration", "recovery", "reliable_recovery")
_SIDES = ("process_scale_id", "outcome_scale_id")
KINDS = {"condition": "condition", "clinic": "clinic", "period": "year"}
OVERLAP = (
    "The same people are counted by program, by condition, by clinic and by year: numbers of "
    "different groupings are not to be added up."
)


def group_rates(
    tables: Tables,
    *,
    unit_kind: str,
    unit_id: str,
    threshold_set: str | None = None,
    width: int = WIDTH,
) -> Figure:
    """Each rate of one group with its interval, and below it that of all programs together."""
    group = unit_name(tables, unit_kind, unit_id)
    name, title = "group_rates", f"Outcome rates: {group}"
    found = _rows(tables, unit_kind, unit_id, threshold_set)
    if not found:
        said = f"No finished course of this {KINDS.get(unit_kind, unit_kind)} is counted."
        return undrawn(name, title, said)
    drawn, told, table = [], [], []
    for row in found:
        own, everybody = estimate(row), estimate(_everybody(tables, row))
        metric = metric_name(tables, text(row, "metric_id"))
        told.append(f"{words.mid_sentence(metric)} {own.told_with_n('proportion')}")
        table.append(
            [
                metric,
                told_count(row, "numerator_count"),
                own.told_size(),
                own.told("proportion"),
                everybody.told("proportion"),
            ]
        )
        drawn += [
            Drawn(
                label=group,
                told=own.told_with_n("proportion"),
                found=own,
                colour="process",
                heading=metric,
            ),
            Drawn(
                label="All programs",
                told=everybody.told_with_n("proportion"),
                found=everybody,
                colour="before",
                hollow=True,
            ),
        ]
    numbers = table_of(["Rate", "Count", "Of", "Rate here", "All programs"], table)
    if not any(estimate(row).is_shown for row in found):
        return undrawn(name, title, why_not(tables, estimate(found[0])), numbers)
    caption = (
        f"{group}, {words.plain(text(found[0], 'population'))}, thresholds "
        f"{words.plain(text(found[0], 'threshold_set'))}: {'; '.join(told)}. Whoever is not known "
        f"to have an outcome counts as without it. {OVERLAP}"
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(found)} rates, each above that of all programs. {caption}",
        table=numbers,
        specification=interval_rows(drawn, Ruler(kind="proportion", title="Share"), width),
    )


def group_glance(
    tables: Tables, *, unit_kind: str, unit_id: str, threshold_set: str | None = None
) -> tuple[Sentence, ...]:
    """What one group came to: one sentence per rate, the link where it is told, the overlap."""
    found = _rows(tables, unit_kind, unit_id, threshold_set)
    told = [("rate", _sentence(tables, row)) for row in found]
    if not told:
        told = [("rate", "No finished course of this group is counted in this release.")]
    if unit_kind == "condition":
        told.append(("link", _link(tables, unit_id)))
        told.append(("overlap", "Somebody with two conditions is counted in both."))
    told.append(("overlap", OVERLAP))
    return tuple(Sentence(topic, said) for topic, said in told if said)


def _rows(tables: Tables, unit_kind: str, unit_id: str, threshold_set: str | None) -> list[Row]:
    every = rows(tables, "pub_comparisons", unit_kind=unit_kind, unit_id=unit_id)
    found = [row for row in every if threshold_set in (None, text(row, "threshold_set"))]
    order = {metric: place for place, metric in enumerate(RATES)}
    return sorted(found, key=lambda row: order.get(text(row, "metric_id"), len(order)))


def _everybody(tables: Tables, row: Row) -> Row | None:
    same = {name: row[name] for name in ("population", "threshold_set", "metric_id")}
    return first(tables, "pub_program_outcomes", program_id="all", **same)


def _sentence(tables: Tables, row: Row) -> str:
    rate = estimate(row)
    metric = metric_name(tables, text(row, "metric_id"))
    if not rate.is_shown:
        return f"{metric}: not shown. {why_not(tables, rate)}"
    return (
        f"{metric}: {told_count(row, 'numerator_count')} of {told_count(row, 'sample_size')} "
        f"{words.plain(text(row, 'population'))}, {rate.told('proportion')} "
        f"(thresholds {words.plain(text(row, 'threshold_set'))})."
    )


def leading_link(tables: Tables, unit_id: str) -> Row | None:
    """The row of a condition's forest for the pair of scales that most have, the first by name."""
    found = rows(
        tables, "pub_strata", stratum_kind="condition", stratum_id=unit_id, row_kind="stratum"
    )
    leading = [
        row for row in found if all(is_leading(scale(tables, text(row, side))) for side in _SIDES)
    ]
    return min(
        leading,
        key=lambda row: (
            -(estimate(row).size or 0),
            text(row, "process_scale_id"),
            scale(tables, text(row, "outcome_scale_id")).name,
        ),
        default=None,
    )


def _link(tables: Tables, unit_id: str) -> str:
    row = leading_link(tables, unit_id)
    found = estimate(row) if row is not None else NOTHING
    if row is None:
        return ""
    pair = " and ".join(scale(tables, text(row, side)).inside for side in _SIDES)
    if not found.is_shown:
        return f"How {pair} changed together is not shown. {why_not(tables, found)}"
    return (
        f"Changes in {pair} went together with r {found.told_with_n()} (at the same time, not "
        "controlled)."
    )
