"""Practice and delivery: sessions, the three levels, the alliance and practice at home.

What belongs here: what was delivered, beside what changed.
What does not: advice on how many sessions somebody should have.
"""

from collections.abc import Mapping

import pandas

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.markup import Column
from orchestration.dashboard.view import View, bands, cannot_say, section
from orchestration.dashboard.words import words

TITLE = "Practice and delivery"
PATH = "delivery"
LEAD = (
    "Does change go together with how much was delivered, in which way, and with practice at home?"
)


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    return [
        view.program_filter("pub_dose_response", "pub_delivery"),
        view.scale_filter("scale", "Scale", "scale_id", ["pub_delivery"], ["process", "outcome"]),
        view.code_filter("threshold_set", "Thresholds", "threshold_set", "pub_dose_response"),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    section("Number of sessions")
    _dose(view, choice)
    section("How it was delivered")
    _levels(view, choice["program"], choice.get("scale", ""))
    cannot_say(
        "That more sessions help more, or less: people leave when they are well and stay when "
        "they are not.",
        "What one more session would do for one person.",
        "That the alliance or practice made the change: those who get better also find it easier "
        "to practise and to trust.",
    )


def _dose(view: View, choice: Mapping[str, str]) -> None:
    if not view.has("pub_dose_response"):
        return
    program, thresholds = choice["program"], choice.get("threshold_set")
    equal = {"threshold_set": thresholds} if thresholds else {}
    frame = _in_order(view.of_program("pub_dose_response", program, **equal))
    exhibit(
        view,
        key="dose",
        picture=Picture.of(charts.dose_response, program_id=program, threshold_set=thresholds),
        frame=frame,
        columns=[
            Column("Sessions", "sessions"),
            Column("Program", "program"),
            Column("Share improved", "estimate", "percent"),
            Column("Improved", "numerator_count", "count"),
            Column("Of", "sample_size", "count"),
        ],
        metric="rates_by_sessions",
    )


def _in_order(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Few sessions before many, and a program's courses of any number after its bands."""
    told = frame.assign(sessions=bands(frame, "session_band_low", "session_band_high"))
    if frame.empty:
        return told
    is_of_all = told["session_band"] == "all"
    told.loc[is_of_all, "sessions"] = "any number"
    return (
        told.assign(is_of_all=is_of_all)
        .sort_values(["program_id", "is_of_all", "session_band_low"], kind="stable")
        .drop(columns="is_of_all")
    )


def _levels(view: View, program: str, scale: str) -> None:
    if not view.has("pub_delivery"):
        return
    frame = view.of_program("pub_delivery", program, scale_id=scale)
    exhibit(
        view,
        key="delivery",
        picture=Picture.of(charts.delivery, program_id=program, scale_id=scale),
        frame=frame.assign(
            what=frame.get("predictor", frame.index).map(words),
            which=frame.get("statistic", frame.index).map(words),
        ),
        columns=[
            Column("Delivered", "what"),
            Column("Program", "program"),
            Column("Statistic", "which"),
            Column("Value", "estimate", "coefficient"),
            Column("n", "sample_size", "count"),
            Column("Design", "evidence_label", "code", "evidence_label"),
        ],
        metric="delivery",
    )
