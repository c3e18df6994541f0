"""At a glance: what happened in each program, in sentences.

What belongs here: the few numbers a board asks for, each with interval and n.
What does not: the sentences themselves (``orchestration.charts.glance``), a ranking of programs.
"""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from orchestration import charts
from orchestration.charts.words import HELD_BACK, mid_sentence, none_shown, short_name
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.groups import BY, group_of, who_filters
from orchestration.dashboard.markup import KeyNumber, bullets, joined, key_numbers, paragraph
from orchestration.dashboard.view import View, cannot_say
from orchestration.dashboard.words import (
    ALL,
    Kind,
    Row,
    sentence_case,
    status_of,
    told,
    told_with_interval,
    words,
)

TITLE = "At a glance"
PATH = "glance"
LEAD = (
    "How many finished, how many got reliably better, and whether self-compassion and symptoms "
    "moved together."
)

# A step of the way through care and a rate, as pub_attrition and pub_program_outcomes name them.
FINISHED = "counted"
RATE = "reliable_improvement"
_SIZE = "sample_size"
# Sentences that stand once for the page, or are the page's own last section.
_ELSEWHERE = ("freshness", "limits")


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    return [
        *who_filters(view, "pub_program_outcomes", "pub_attrition"),
        view.code_filter("threshold_set", "Thresholds", "threshold_set", "pub_program_outcomes"),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    group = group_of(choice)
    if group is not None:
        st.html(_group(view, *group, choice.get("threshold_set")))
        cannot_say(
            "Why one group's rates are another's: groups differ in who is in them.",
            "Whether treatment caused the change: without a comparison group a rate says what "
            "happened, not why.",
        )
        return
    shown = [ALL, *view.labels.programs] if choice["program"] == ALL else [choice["program"]]
    for program in shown:
        st.html(_program(view, program, choice.get("threshold_set")))
    cannot_say(
        "Whether a program caused the change: without a comparison group a rate says what "
        "happened, not why.",
        "Which program is better: programs differ in whom they treat.",
        "Whether self-compassion moved symptoms: changes that go together may have a common cause.",
    )


def _group(view: View, kind: str, unit: str, thresholds: str | None) -> Markup:
    asked = {"unit_kind": kind, "unit_id": unit}
    equal = asked | ({"threshold_set": thresholds} if thresholds else {})
    numbers = [
        _key_number(view, view.labels.metric(metric), metric, row, "estimate", "percent", _SIZE)
        for metric in charts.groups.RATES
        if (row := view.row("pub_comparisons", metric_id=metric, **equal)) is not None
    ]
    link = charts.leading_link(view.release.tables, unit) if kind == "condition" else None
    if link is not None:
        outcome = mid_sentence(short_name(view.labels.scale(link["outcome_scale_id"])))
        name = f"Link with {outcome}: r"
        numbers.append(_key_number(view, name, "pearson_r", link, "estimate", "coefficient", _SIZE))
    sentences = charts.group_glance(view.release.tables, threshold_set=thresholds, **asked)
    return joined(
        [
            Markup("<section><h2>{}</h2>").format(view.labels.named_unit(kind, unit)),
            paragraph(
                f"Referrals and scores are not counted by {BY[kind]}: choose a program.", "note"
            ),
            key_numbers(numbers),
            bullets(each.text for each in sentences),
            Markup("</section>"),
        ]
    )


def _program(view: View, program: str, thresholds: str | None) -> Markup:
    sentences = charts.glance(view.release.tables, program_id=program, threshold_set=thresholds)
    name = view.labels.program(program)
    content = view.row("pub_programs", program_id=program)
    about = words(content["self_compassion_content"]) if content else ""
    rows = [
        ("Finished a course", "attrition", *_finished(view, program)),
        ("Reliably improved", RATE, *_improved(view, program, thresholds)),
        *_changes(view, program),
        *_link(view, program),
    ]
    numbers = [
        _key_number(view, name, metric, row, column, kind, size)
        for name, metric, row, column, kind, size in rows
        if row is not None
    ]
    return joined(
        [
            Markup("<section><h2>{}</h2>").format(name),
            paragraph(f"Work on self-compassion: {about}.", "note") if about else Markup(""),
            key_numbers(numbers),
            paragraph(none_shown(charts.smallest_count(view.release.tables)))
            if numbers and all(each.value == HELD_BACK for each in numbers)
            else bullets(
                sentence_case(each.text.removeprefix(f"{name}: "))
                for each in sentences
                if each.topic not in _ELSEWHERE
            ),
            Markup("</section>"),
        ]
    )


# A row, its column, the column's kind and that of its n.
_Where = tuple[Row | None, str, Kind, str]
# The same with its name and its entry in the dictionary before it.
_Told = tuple[str, str, Row | None, str, Kind, str]


def _finished(view: View, program: str) -> _Where:
    row = view.row("pub_attrition", program_id=program, step=FINISHED)
    return row, "episode_count", "count", "referred_count"


def _improved(view: View, program: str, thresholds: str | None) -> _Where:
    equal = {"threshold_set": thresholds} if thresholds else {}
    row = view.row("pub_program_outcomes", program_id=program, metric_id=RATE, **equal)
    return row, "estimate", "percent", "sample_size"


def _changes(view: View, program: str) -> list[_Told]:
    frame = view.rows("pub_program_measures", program_id=program)
    scales = view.labels.leading(frame.get("scale_id", ()), "process", "outcome")
    return [
        (
            f"{short_name(view.labels.scale(scale))}: points better",
            "improvement_mean",
            view.row("pub_program_measures", program_id=program, scale_id=scale),
            "improvement_mean",
            view.labels.points_kind(scale),
            "paired_count",
        )
        for scale in scales
    ]


def _link(view: View, program: str) -> list[_Told]:
    frame = view.rows("pub_change_associations", program_id=program)
    processes = view.labels.leading(frame.get("process_scale_id", ()), "process")
    outcomes = view.labels.leading(frame.get("outcome_scale_id", ()), "outcome")
    if not processes or not outcomes:
        return []
    row = view.row(
        "pub_change_associations",
        program_id=program,
        process_scale_id=processes[0],
        outcome_scale_id=outcomes[0],
    )
    name = f"Link with {mid_sentence(short_name(view.labels.scale(outcomes[0])))}: r"
    return [(name, "pearson_r", row, "pearson_r", "coefficient", "sample_size")]


def _key_number(
    view: View, name: str, metric: str, row: Row, column: str, kind: Kind, size: str
) -> KeyNumber:
    is_shown = status_of(row, column) == "shown"
    value, _, limits = told_with_interval(row, column, kind).partition(" (")
    limits = limits.removesuffix(")")
    if status_of(row, size) != "shown":
        n = f"n {told(row, size, 'count')}"
    else:
        n = f"{'of' if size == 'referred_count' else 'n ='} {told(row, size, 'count')}"
    return KeyNumber(
        name,
        value,
        f"{limits}, {n}" if limits else n,
        view.labels.defined(metric),
        is_shown,
    )
