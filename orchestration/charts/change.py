"""CHANGE: where clients began and ended, who changed reliably, and who was lost on the way.

What belongs here: start and end, the classes of reliable change, the funnel of attrition.
What does not: how change is judged (``dbt_project/models/change``).
"""

from orchestration.charts import words
from orchestration.charts.figure import WIDTH, Figure, Tables, table_of, undrawn
from orchestration.charts.rows import Row as Drawn
from orchestration.charts.rows import Ruler, interval_rows
from orchestration.charts.selecting import (
    Row,
    Scale,
    estimate,
    is_leading,
    program_name,
    rows,
    scale,
    smallest_count,
    status,
    text,
    told_count,
    value,
    why_not,
)
from orchestration.charts.stacked import Bar, Part, stacked_bars

CLASSES = ("improved", "unchanged", "deteriorated")
STEPS = {
    "referred": "Referred",
    "seen": "Seen at least once",
    "stayed": "Stayed",
    "counted": "Course counts as finished",
    "paired": "First and last score",
    "at_caseness": "At caseness at the start",
    "reliably_improved": "Reliably improved",
    "reliably_recovered": "Reliably recovered",
}


def reliable_change_classes(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """One bar per leading scale: improved, unchanged, deteriorated, unknown."""
    name, title = "reliable_change_classes", "Who changed reliably"
    found = [
        (scale(tables, text(row, "scale_id")), row)
        for row in rows(tables, "pub_program_measures", program_id=program_id)
    ]
    chosen = [(one, row) for one, row in found if is_leading(one)]
    chosen.sort(key=lambda pair: (pair[0].role != "process", pair[0].role, pair[0].name))
    if not chosen:
        said = "No scale with a first and a last score was found for this program."
        if program_id == "all":
            said = "Classes are counted within a program, never over all of them."
        return undrawn(name, title, said)
    table = table_of(
        ["Scale", "Improved", "Unchanged", "Deteriorated", "Unknown", "Judged", "Measured"],
        [
            [
                one.name,
                *(told_count(row, f"{kind}_count") for kind in CLASSES),
                _unknown_told(row),
                told_count(row, "judged_count"),
                told_count(row, "episode_count"),
            ]
            for one, row in chosen
        ],
    )
    bars = [_bar(one, row) for one, row in chosen]
    if not any(bar.parts for bar in bars):
        return undrawn(name, title, _held(tables, chosen[0][1], "improved_count"), table)
    told = [
        f"{one.inside} {estimate(row, 'improved_proportion', 'judged_count').told('proportion')}"
        f", {words.n_of(value(row, 'judged_count'))}"
        for one, row in chosen
    ]
    caption = (
        f"{program_name(tables, program_id)}. Reliably improved: {words.listed(told)}. Reliable: "
        "more than measuring the same person twice would explain. Unknown: no last score, or no "
        "published threshold. Without a comparison group this is change, not what the program did."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(bars)} bars, each divided into classes. {caption}",
        table=table,
        specification=stacked_bars(bars, width),
    )


def _bar(one: Scale, row: Row) -> Bar:
    measured, judged = value(row, "episode_count"), value(row, "judged_count")
    if judged is None or measured is None:
        return Bar(one.name, words.instead(status(row, "judged_count")), ())
    parts = [
        Part(kind, size, kind)
        for kind in CLASSES
        if (size := value(row, f"{kind}_count")) is not None
    ]
    held = [kind for kind in CLASSES if value(row, f"{kind}_count") is None]
    if not parts:
        told = words.instead(status(row, f"{CLASSES[0]}_count"))
        return Bar(one.name, f"{told}, {words.n_of(measured)}", ())
    if held:
        left = judged - sum(part.size for part in parts)
        name = words.listed(held)
        place = CLASSES.index(held[0])
        parts.insert(min(place, len(parts)), Part(name, left, "wash", held=True))
    return Bar(
        one.name, words.n_of(measured), [*parts, Part("unknown", measured - judged, "unknown")]
    )


def _unknown_told(row: Row) -> str:
    measured, judged = value(row, "episode_count"), value(row, "judged_count")
    if measured is None or judged is None:
        return words.instead(status(row, "judged_count"))
    return words.count(measured - judged)


def attrition(tables: Tables, *, program_id: str, width: int = WIDTH) -> Figure:
    """From referral to reliable recovery: how many are still there at each step."""
    name, title = "attrition", "From referral to reliable recovery"
    found = rows(tables, "pub_attrition", program_id=program_id)
    found.sort(key=lambda row: value(row, "step_number") or 0)
    if not found:
        return undrawn(name, title, "This release counts no referrals for this program.")
    lines = [_step(row) for row in found]
    table = table_of(["Step", "Clients", "Of all referred", "Lost here"], lines)
    shares = [estimate(row, "referred_proportion", "referred_count") for row in found]
    if not any(share.is_shown for share in shares):
        return undrawn(name, title, why_not(tables, shares[0]), table)
    drawn = [
        Drawn(
            label=line[0],
            told=line[1] if share.value is None else f"{line[1]} · {words.percent(share.value)}",
            found=share,
            colour="accent",
            shape="fill",
        )
        for line, share in zip(lines, shares, strict=True)
    ]
    last = shares[-1]
    of_them = " of them" if last.is_shown else ""
    held = sum(not share.is_shown for share in shares)
    caption = (
        f"{program_name(tables, program_id)}, {words.n_of(value(found[0], 'referred_count'))} "
        f"referred. {lines[-1][0]}: {last.told('proportion')}{of_them}. "
        + (f"{_held_steps(tables, held)} " if held else "")
        + "Each share is of all referred; the thin line is its interval."
    )
    return Figure(
        name=name,
        title=title,
        caption=caption,
        description=f"{len(drawn)} bars, one per step. {caption}",
        table=table,
        specification=interval_rows(
            drawn, Ruler(kind="proportion", span=(0.0, 1.0), title="Share of all referred"), width
        ),
    )


def _held_steps(tables: Tables, held: int) -> str:
    smallest = smallest_count(tables)
    group = f"fewer than {smallest}" if smallest else "very few"
    steps = words.plural(held, "step is held back", "steps are held back")
    return f"{steps}: it would tell about a group of {group} people."


def _step(row: Row) -> list[str]:
    share = estimate(row, "referred_proportion", "referred_count")
    return [
        STEPS.get(text(row, "step"), words.sentence(words.plain(text(row, "step"))).rstrip(".")),
        told_count(row, "episode_count"),
        share.told("proportion"),
        told_count(row, "lost_count"),
    ]


def _held(tables: Tables, row: Row, column: str) -> str:
    return words.why(status(row, column), smallest_count(tables))
