"""The link: does change in self-compassion go together with change in symptoms?

What belongs here: the association with its picture, its direction in time, its parts, its groups.
What does not: a word that makes a cause of an association.
"""

from collections.abc import Mapping

import pandas
import streamlit as st

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.forest import SAYS, N, groups_beside, of_group
from orchestration.dashboard.groups import PROGRAM, group_of, only_for, who_filters
from orchestration.dashboard.markup import Column, paragraph
from orchestration.dashboard.view import View, cannot_say, section
from orchestration.dashboard.words import words

TITLE = "The link"
PATH = "link"
LEAD = (
    "Do people whose self-compassion changed more also change more in symptoms? Which came first?"
)


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    pairs = ["pub_change_associations"]
    return [
        *who_filters(
            view, "pub_change_associations", "pub_lead_lag", "pub_mediation", per_program=True
        ),
        view.scale_filter(
            "process", "Process scale", "process_scale_id", pairs, ["process", "mechanism"]
        ),
        view.scale_filter(
            "outcome", "Outcome scale", "outcome_scale_id", pairs, ["outcome", "mechanism"]
        ),
        # Beside a condition stand the other conditions.
        only_for(
            view.code_filter("groups", "Groups", "stratum_kind", "pub_strata", first="program"),
            *(PROGRAM, "clinic", "period"),
        ),
        only_for(
            view.scale_filter("mediator", "Mechanism", "mediator_scale_id", ["pub_mediation"]),
            PROGRAM,
        ),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    if not {"process", "outcome"} <= set(choice):
        st.html(paragraph("This release holds no pair of scales.", "note"))
        return
    pair = {"process_scale_id": choice["process"], "outcome_scale_id": choice["outcome"]}
    group = group_of(choice)
    if group is None:
        _of_program(view, choice, pair)
    else:
        of_group(view, *group, choice.get("groups", ""), pair)
    cannot_say(
        "That more self-compassion makes symptoms fall: both may follow from something else, such "
        "as a crisis that passes.",
        "Which way it goes, where the intervals of both directions hold zero or neither does.",
        "That a mechanism carries an effect: a path computed from the same moments holds as well "
        "when it is walked the other way, which is why the swapped path stands beside it.",
    )


def _of_program(view: View, choice: Mapping[str, str], pair: dict[str, str]) -> None:
    section("Change beside change")
    _heat(view, choice["program"], pair)
    _associations(view, choice["program"], pair)
    section("Which moves first?")
    _lead_lag(view, choice["program"], pair)
    section("Which part of self-compassion?")
    _components(view, choice["program"], pair["outcome_scale_id"])
    section("The same in every group?")
    groups_beside(view, choice.get("groups", ""), pair, ("program", choice["program"]))
    section("By way of a mechanism?")
    _mediation(view, choice["program"], pair, choice.get("mediator", ""))


def _heat(view: View, program: str, pair: dict[str, str]) -> None:
    if not view.has("pub_change_bins"):
        return
    exhibit(
        view,
        key="change-beside-change",
        picture=Picture.of(charts.change_against_change, program_id=program, **pair),
        frame=view.of_program("pub_change_bins", program, **pair),
        columns=[
            Column("Process from", "process_bin_low", "fine_points"),
            Column("to", "process_bin_high", "fine_points"),
            Column("Outcome from", "outcome_bin_low", "fine_points"),
            Column("to", "outcome_bin_high", "fine_points"),
            Column("Courses", "pair_count", "count"),
            Column("Program", "program"),
        ],
        metric="change",
    )
    lines = view.of_program("pub_change_lines", program, **pair)
    if lines.empty:
        return
    exhibit(
        view,
        key="fitted-line",
        title="The fitted line in numbers",
        caption="Where the line lies and how sure that is, fitted on every course that r rests on.",
        frame=lines,
        columns=[
            Column("Change of the process scale", "process_change", "fine_points"),
            Column("Fitted change of the outcome", "fitted_outcome_change", "fine_points"),
            N,
            Column("Program", "program"),
        ],
        metric="slope",
        is_folded=True,
    )


def _associations(view: View, program: str, pair: dict[str, str]) -> None:
    if not view.has("pub_change_associations"):
        return
    exhibit(
        view,
        key="correlations",
        title="Correlation of the two changes",
        caption="With a scale on which less is better, a negative r means that both improve "
        "together; r of improvements is positive whenever they do.",
        frame=view.of_program("pub_change_associations", program, **pair),
        columns=[
            Column("Program", "program"),
            Column("r of the changes", "pearson_r", "coefficient", "pearson_r"),
            Column("r of improvements", "improvement_r", "coefficient", "improvement_r"),
            N,
            SAYS,
        ],
        metric="pearson_r",
    )


def _lead_lag(view: View, program: str, pair: dict[str, str]) -> None:
    if not view.has("pub_lead_lag"):
        return
    process = view.labels.scale(pair["process_scale_id"])
    outcome = view.labels.scale(pair["outcome_scale_id"])
    ways = {
        "process_to_outcome": f"{process}, then {outcome}",
        "outcome_to_process": f"{outcome}, then {process}",
    }
    frame = view.of_program("pub_lead_lag", program, **pair)
    exhibit(
        view,
        key="lead-lag",
        picture=Picture.of(charts.lead_lag, program_id=program, **pair),
        frame=frame.assign(way=frame.get("direction", frame.index).map(ways)),
        columns=[
            Column("Direction", "way"),
            Column("Program", "program"),
            Column("Slope", "estimate", "coefficient"),
            Column("Clients", "sample_size", "count"),
            Column("Moments", "wave_count", "count"),
            Column("Model", "model", "code"),
            SAYS,
        ],
        metric="within_person_models",
    )


def _components(view: View, program: str, outcome: str) -> None:
    exhibit(
        view,
        key="component-profile",
        picture=Picture.of(charts.component_profile, program_id=program),
        frame=_component_rows(view, program),
        columns=[
            Column("Component", "scale"),
            Column("Program", "program"),
            Column("First mean", "baseline_mean", "fine_points"),
            Column("Last mean", "final_mean", "fine_points"),
            Column("Mean improvement", "improvement_mean", "fine_points", "improvement_mean"),
            Column("n", "paired_count", "count", "paired_data"),
        ],
        metric="balance",
    )
    if not view.has("pub_components"):
        return
    frame = view.of_program("pub_components", program, outcome_scale_id=outcome)
    exhibit(
        view,
        key="components",
        picture=Picture.of(
            charts.component_estimates, program_id=program, outcome_scale_id=outcome
        ),
        frame=frame.assign(which=frame.get("statistic", frame.index).map(words)),
        columns=[
            Column("Component", "component_scale"),
            Column("Program", "program"),
            Column("Statistic", "which"),
            Column("Value", "estimate", "coefficient"),
            N,
        ],
        metric="component_slope",
    )


def _component_rows(view: View, program: str) -> pandas.DataFrame:
    frame = view.of_program("pub_program_measures", program)
    if frame.empty:
        return frame
    parts = [
        view.labels.role(each) == "process" and view.labels.kind(each) == "subscale"
        for each in frame["scale_id"]
    ]
    return frame[parts].reset_index(drop=True)


def _mediation(view: View, program: str, pair: dict[str, str], mediator: str) -> None:
    if not view.has("pub_mediation"):
        return
    asked = {**pair, "mediator_scale_id": mediator}
    frame = view.of_program("pub_mediation", program, **asked)
    exhibit(
        view,
        key="mediation",
        picture=Picture.of(charts.mediation, program_id=program, **asked),
        frame=frame.assign(
            path_in_words=frame.get("path", frame.index).map(words),
            window=frame.get("window_name", frame.index).map(words),
        ),
        columns=[
            Column("Path", "path_in_words"),
            Column("Mechanism", "mediator_scale"),
            Column("Program", "program"),
            Column("Window", "window"),
            Column("Value", "estimate", "coefficient"),
            N,
            SAYS,
        ],
        metric="mediation",
    )
