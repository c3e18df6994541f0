"""Who is shown: a program, or a condition, a clinic or a year, chosen one after the other.

What belongs here: the two filters, and what is said where nothing is counted by a grouping.
What does not: what a page shows of a group (``pages``), or counting (there is a cell or there is
none).
"""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from orchestration.dashboard.filters import Filter
from orchestration.dashboard.markup import paragraph
from orchestration.dashboard.view import View, section

WHO, PROGRAM = "who", "program"
# What people may have in common, as pub_comparisons names it: the filter's option and label.
KINDS = {
    "condition": ("People with one condition", "Condition"),
    "clinic": ("People of one clinic", "Clinic"),
    "period": ("Courses that ended in one year", "Year"),
}
# How a grouping is named in the middle of a sentence.
BY = {"condition": "condition", "clinic": "clinic", "period": "year"}

# What the table and its download say of the row that the filter chose.
CHOSEN = "chosen"


def who_filters(view: View, *tables: str, per_program: bool = False) -> list[Filter | None]:
    """Which kind of group, and which group: programs first, then what the release counts by.

    Args:
        view: the release.
        tables: those the page shows of a program.
        per_program: see ``View.program_filter``.
    """
    groups = {kind: _groups(view, kind) for kind in KINDS}
    known = {kind: found for kind, found in groups.items() if found}
    programs = only_for(view.program_filter(*tables, per_program=per_program), PROGRAM)
    options = {PROGRAM: "People of one program or all"}
    options |= {kind: KINDS[kind][0] for kind in known}
    return [
        Filter(WHO, "Who", options, PROGRAM),
        programs,
        *(
            only_for(Filter(kind, KINDS[kind][1], found, next(iter(found))), kind)
            for kind, found in known.items()
        ),
    ]


def only_for(asked: Filter | None, *kinds: str) -> Filter | None:
    """A filter that changes something only where who is shown is of one of these kinds."""
    return None if asked is None else replace(asked, within=(WHO, kinds))


def _groups(view: View, kind: str) -> dict[str, str]:
    frame = view.rows("pub_comparisons", unit_kind=kind)
    if frame.empty:
        return {}
    # The newest year first.
    found = sorted(frame["unit_id"].unique(), reverse=kind == "period")
    return {str(each): view.labels.named_unit(kind, str(each)) for each in found}


def group_of(choice: Mapping[str, str]) -> tuple[str, str] | None:
    """Kind and id of the group that was chosen; None for a program."""
    kind = choice.get(WHO, PROGRAM)
    return None if kind == PROGRAM else (kind, choice[kind])


def not_counted(kind: str, *titles: str) -> None:
    """Each of these sections with one line in place of its exhibits."""
    for title in titles:
        section(title)
        st.html(paragraph(f"Not counted by {BY[kind]}: choose a program.", "note"))
