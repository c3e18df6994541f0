"""KEY NUMBERS: the few numbers at the head of a page, each with its interval and n.

What belongs here: which they are. What does not: sentences (``glance``), or a colour that judges.
"""

from dataclasses import dataclass

from orchestration.charts import words
from orchestration.charts.figure import Tables
from orchestration.charts.selecting import (
    Estimate,
    Scale,
    estimate,
    first,
    leading_scales,
    told_count,
    value,
    why_not,
)


@dataclass(frozen=True, kw_only=True)
class KeyNumber:
    """A number for the head of a page, as text.

    Attributes:
        label: what it is.
        value: the number, or what is said in its place.
        interval: its interval; ``""`` where it has none.
        note: n and units, or why it is not shown.
        role: a role of the theme.
    """

    label: str
    value: str
    interval: str
    note: str
    role: str = "ink"


def key_numbers(tables: Tables, *, program_id: str) -> tuple[KeyNumber, ...]:
    """Finished, reliably improved, and per program the change of the first process and outcome."""
    made = [_finished(tables, program_id), _improved(tables, program_id)]
    if program_id == "all":
        return tuple(made)
    for role in ("process", "outcome"):
        leading = leading_scales(tables, program_id, role)[:1]
        made += [_change(tables, program_id, one) for one in leading]
    return tuple(made)


def _finished(tables: Tables, program_id: str) -> KeyNumber:
    row = first(tables, "pub_attrition", program_id=program_id, step="counted")
    share = estimate(row, "referred_proportion", "referred_count")
    note = (
        f"{told_count(row, 'episode_count')} of {told_count(row, 'referred_count')} referred"
        if row is not None and share.is_shown
        else why_not(tables, share)
    )
    return _number("Finished a course", share, "proportion", 0, note)


def _improved(tables: Tables, program_id: str) -> KeyNumber:
    row = first(
        tables, "pub_program_outcomes", program_id=program_id, metric_id="reliable_improvement"
    )
    rate = estimate(row)
    note = (
        f"{told_count(row, 'numerator_count')} of {told_count(row, 'sample_size')} "
        f"{words.plain(str(row['population']))}"
        if row is not None and rate.is_shown
        else why_not(tables, rate)
    )
    return _number("Reliably improved", rate, "proportion", 0, note, "improved")


def _change(tables: Tables, program_id: str, one: Scale) -> KeyNumber:
    row = first(tables, "pub_program_measures", program_id=program_id, scale_id=one.scale_id)
    found = estimate(row, "improvement_mean", "paired_count")
    start, end = value(row, "baseline_mean"), value(row, "final_mean")
    note = (
        f"points better: {words.number(start, one.digits)} → {words.number(end, one.digits)}, "
        f"{words.n_of(found.size)}"
        if start is not None and end is not None and found.is_shown
        else why_not(tables, found)
    )
    return _number(one.name, found, "number", one.digits, note, one.role)


def _number(
    label: str, found: Estimate, kind: words.Kind, digits: int, note: str, role: str = "ink"
) -> KeyNumber:
    if found.value is None:
        return KeyNumber(
            label=label, value=words.instead(found.status), interval="", note=note, role="soft"
        )
    whole = words.with_interval(found.value, found.low, found.high, kind, digits)
    number, _, rest = whole.partition(" (")
    return KeyNumber(
        label=label, value=number, interval=rest.removesuffix(")"), note=note, role=role
    )
