"""AT A GLANCE: what a program came to, in seven sentences.

What belongs here: the sentences. What does not: a number that no table holds, or a word that says
what the program did: there is nobody beside its clients to compare them with.
"""

from dataclasses import dataclass

import pandas

from orchestration.charts import words
from orchestration.charts.figure import Tables
from orchestration.charts.selecting import (
    Estimate,
    Row,
    Scale,
    estimate,
    first,
    leading_scales,
    program_name,
    rows,
    text,
    told_count,
    value,
    why_not,
)

LIMITS = (
    "What these data cannot say: there is no comparison group, so nobody knows how these clients "
    "would be without the program; clients without a last score are not in the changes; and what "
    "changes together may have a third thing behind it."
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of the summary and what it is about."""

    topic: str
    text: str


def glance(
    tables: Tables, *, program_id: str, threshold_set: str | None = None
) -> tuple[Sentence, ...]:
    """What finished, who improved, what rose and fell, whether together, and what is not known.

    Topics, in order: freshness (if the release says), finished, improved, process, outcome, link,
    limits. A number that is not shown is said not to be, with the reason.
    """
    told = [
        ("freshness", _freshness(tables)),
        ("finished", _finished(tables, program_id)),
        ("improved", _improved(tables, program_id, threshold_set)),
        ("process", _changes(tables, program_id, "process", "self-compassion")),
        ("outcome", _changes(tables, program_id, "outcome", "symptoms")),
        ("link", _link(tables, program_id)),
        ("limits", LIMITS),
    ]
    return tuple(Sentence(topic, text) for topic, text in told if text)


def _freshness(tables: Tables) -> str:
    frame = tables.get("pub_release")
    if frame is None or frame.empty:
        return ""
    row: Row = frame.iloc[0].to_dict()
    parts = [f"Release {told_count(row, 'release_number')}"]
    for column, said in (("built_at", "built"), ("last_arrival_at", "newest file")):
        found = row.get(column)
        if found is not None and not pandas.isna(found):
            parts.append(f"{said} {pandas.Timestamp(found):%Y-%m-%d}")
    told = f"{', '.join(parts)}."
    return (
        f"{told} Synthetic: every client in it is imaginary." if row.get("is_synthetic") else told
    )


def _finished(tables: Tables, program_id: str) -> str:
    row = first(tables, "pub_attrition", program_id=program_id, step="counted")
    name = program_name(tables, program_id)
    if row is None:
        return f"{name}: how many finished a course is not in this release."
    share = estimate(row, "referred_proportion", "referred_count")
    if not share.is_shown:
        return f"{name}: how many finished a course is not shown. {why_not(tables, share)}"
    return (
        f"{name}: {told_count(row, 'episode_count')} of {told_count(row, 'referred_count')} "
        f"referred finished a course, {share.told('proportion')}."
    )


def _improved(tables: Tables, program_id: str, threshold_set: str | None) -> str:
    found = rows(
        tables, "pub_program_outcomes", program_id=program_id, metric_id="reliable_improvement"
    )
    if threshold_set is not None:
        found = [row for row in found if text(row, "threshold_set") == threshold_set]
    if not found:
        return "How many reliably improved is not in this release."
    row = found[0]
    rate = estimate(row)
    by = f"(thresholds {words.plain(str(row['threshold_set']))})"
    if not rate.is_shown:
        return f"How many reliably improved {by} is not shown. {why_not(tables, rate)}"
    return (
        f"{told_count(row, 'numerator_count')} of {told_count(row, 'sample_size')} "
        f"{words.plain(str(row['population']))} reliably improved, {rate.told('proportion')} {by}."
    )


def _changes(tables: Tables, program_id: str, role: str, what: str) -> str:
    scales = leading_scales(tables, program_id, role)
    if not scales:
        return f"Change in {what} was not measured at both ends."
    if program_id != "all":
        told = [_change(tables, program_id, one) for one in scales]
        return " ".join(words.sentence(part) for part in told)
    return " ".join(_over_programs(tables, one) for one in scales)


def _change(tables: Tables, program_id: str, one: Scale) -> str:
    row = first(tables, "pub_program_measures", program_id=program_id, scale_id=one.scale_id)
    found = estimate(row, "improvement_mean", "paired_count")
    if row is None or not found.is_shown:
        return f"{one.name}: not shown. {why_not(tables, found)}"
    start, end = (
        words.number(value(row, name) or 0.0, one.digits)
        for name in ("baseline_mean", "final_mean")
    )
    verb = _verb(one, found)
    return (
        f"{one.name} {verb}, from a mean of {start} to {end}: improvement "
        f"{found.told(digits=one.digits)} points, {words.n_of(found.size)}"
    )


def _verb(one: Scale, found: Estimate) -> str:
    if not found.is_apart_from:
        return "did not clearly change"
    return "rose" if ((found.value or 0) > 0) == one.is_higher_better else "fell"


def _over_programs(tables: Tables, one: Scale) -> str:
    found = [
        estimate(row, "improvement_mean", "paired_count")
        for row in rows(tables, "pub_program_measures", scale_id=one.scale_id)
    ]
    shown = [change for change in found if change.is_shown]
    if not shown:
        return f"{one.name}: not shown in any program."
    better = sum(change.is_apart_from and (change.value or 0) > 0 for change in shown)
    verb = "rose" if one.is_higher_better else "fell"
    sizes = [change.size for change in shown if change.size is not None]
    clients = f" ({words.n_of(sum(sizes))} in all)" if len(sizes) == len(shown) else ""
    return (
        f"{one.name} {verb} in {better} of {words.plural(len(shown), 'program')} with an interval "
        f"that leaves out zero{clients}."
    )


def _link(tables: Tables, program_id: str) -> str:
    processes = leading_scales(tables, program_id, "process")
    outcomes = leading_scales(tables, program_id, "outcome")
    if not processes or not outcomes:
        return "Whether the two change together cannot be told from these data."
    process = processes[0]
    told = [_pair(tables, program_id, process, outcome) for outcome in outcomes]
    return " ".join(words.sentence(part) for part in told)


def _pair(tables: Tables, program_id: str, process: Scale, outcome: Scale) -> str:
    pair = {"process_scale_id": process.scale_id, "outcome_scale_id": outcome.scale_id}
    if program_id == "all":
        row = first(tables, "pub_strata", stratum_kind="program", row_kind="pooled", **pair)
        found = estimate(row)
        over = ", pooled over the programs"
    else:
        row = first(tables, "pub_change_associations", program_id=program_id, **pair)
        found = estimate(row, "pearson_r")
        over = ""
    both = f"{process.inside} and {outcome.inside}"
    if not found.is_shown:
        reason = why_not(tables, found) if row is not None else "Not in this release."
        return f"Whether {both} change together is not shown. {reason}"
    told = f"r {found.told_with_n()}{over}"
    if not found.is_apart_from:
        return f"No clear sign that {both} change together: {told}"
    together = "rise together" if (found.value or 0) > 0 else "change together, one up, one down"
    return f"{words.sentence(both).removesuffix('.')} {together}: {told}"
