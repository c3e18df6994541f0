"""The link in every group: the forest, and the one of its rows that the filters chose.

What belongs here: the exhibits of ``pub_strata``, and the link page of a group that is no program.
What does not: what a program's page shows besides (``pages.link``), or the drawing (``charts``).
"""

import streamlit as st

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.groups import BY, CHOSEN, not_counted
from orchestration.dashboard.markup import Column, paragraph
from orchestration.dashboard.view import View, section
from orchestration.dashboard.words import ALL

SAYS = Column("Design", "evidence_label", "code", "evidence_label")
N = Column("n", "sample_size", "count")


def of_group(view: View, kind: str, unit: str, groups: str, pair: dict[str, str]) -> None:
    """The page's sections of a group that is no program: what is counted by it, and what is not."""
    if kind == "condition":
        section("Change beside change")
        _of_condition(view, unit, pair)
        groups = "condition"
    else:
        not_counted(kind, "Change beside change")
    not_counted(kind, "Which moves first?", "Which part of self-compassion?")
    section("The same in every group?")
    groups_beside(view, groups, pair, (kind, unit))
    not_counted(kind, "By way of a mechanism?")


def _of_condition(view: View, unit: str, pair: dict[str, str]) -> None:
    if not view.has("pub_strata"):
        return
    frame = view.named(
        view.rows(
            "pub_strata", stratum_kind="condition", stratum_id=unit, row_kind="stratum", **pair
        )
    )
    exhibit(
        view,
        key="correlations",
        title="Correlation of the two changes",
        caption="With a scale on which less is better, a negative r means that both improve "
        "together. Somebody with two conditions is counted in both, and in a program too.",
        frame=frame.assign(group=view.labels.named_unit("condition", unit)),
        columns=[
            Column("Condition", "group"),
            Column("r of the changes", "estimate", "coefficient", "pearson_r"),
            N,
            SAYS,
        ],
        metric="pearson_r",
    )


def groups_beside(view: View, groups: str, pair: dict[str, str], chosen: tuple[str, str]) -> None:
    """The forest over ``groups``, in which who is shown (kind and id) stands out if among them."""
    if not view.has("pub_strata"):
        return
    kind, unit = chosen
    if kind != groups and unit != ALL:
        what = view.labels.named_unit(kind, unit)
        st.html(
            paragraph(
                f"These groups hold people of every {BY.get(kind, kind)}: {what} is no row of this "
                "chart.",
                "note",
            )
        )
    unit = unit if kind == groups else ""
    frame = view.named(view.rows("pub_strata", stratum_kind=groups, **pair))
    is_chosen = frame.get("stratum_id", frame.index) == unit
    exhibit(
        view,
        key="groups",
        picture=Picture.of(charts.forest, stratum_kind=groups, chosen_id=unit or None, **pair),
        frame=frame.assign(
            group=[view.labels.group(row) for row in frame.to_dict("records")],
            chosen=[CHOSEN if each else "" for each in is_chosen],
        ),
        columns=[
            Column("Group", "group"),
            *([Column("Chosen", "chosen")] if any(is_chosen) else []),
            Column("r", "estimate", "coefficient", "pearson_r"),
            N,
            Column("Spread between groups (I\u00b2)", "i_squared", "percent"),
            SAYS,
        ],
        metric="pooled_r",
    )
