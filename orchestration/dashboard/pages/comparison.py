"""Comparison: programs and clinics beside limits, and beside published results.

What belongs here: funnels with their limits, benchmarks with what makes them comparable or not.
What does not: a ranking. A unit inside the limits differs from the others by no more than chance.
"""

from collections.abc import Mapping

import streamlit as st

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.groups import CHOSEN
from orchestration.dashboard.markup import Column, paragraph
from orchestration.dashboard.view import View, cannot_say, section
from orchestration.dashboard.words import ALL, words

TITLE = "Comparison"
PATH = "comparison"
LEAD = (
    "Which differences are larger than chance, and how local results stand beside published ones."
)


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    table = "pub_comparisons"
    return [
        view.code_filter("unit_kind", "Units", "unit_kind", table, first="program"),
        view.code_filter("metric_id", "Rate", "metric_id", table, first="reliable_improvement"),
        view.code_filter("threshold_set", "Thresholds", "threshold_set", table),
        view.code_filter("population", "Population", "population", table),
        view.program_filter("pub_benchmarks"),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    section("Beside each other")
    asked = {key: value for key, value in choice.items() if key != "program"}
    _funnel(view, asked, choice["program"])
    section("Beside published results")
    _benchmarks(view, choice["program"])
    cannot_say(
        "Which program or clinic is better: they differ in whom they treat, and the limits know "
        "nothing of that.",
        "Why a unit lies outside the limits: look at its data and its clients first.",
        "That a published result is a target: its people were chosen otherwise, and published "
        "numbers lean to the good side.",
    )


def _funnel(view: View, asked: dict[str, str], program: str) -> None:
    if not view.has("pub_comparisons"):
        return
    if not asked:
        st.html(paragraph("This release compares no units.", "note"))
        return
    is_by_program = asked["unit_kind"] == "program"
    if not is_by_program and program != ALL:
        st.html(
            paragraph(
                f"These units hold people of every program: {view.labels.program(program)} is no "
                "row of this chart.",
                "note",
            )
        )
    chosen = program if is_by_program and program != ALL else None
    frame = view.named(view.rows("pub_comparisons", **asked))
    is_chosen = frame["unit_id"] == chosen
    exhibit(
        view,
        key="funnel",
        picture=Picture.of(charts.funnel_plot, chosen_id=chosen, **asked),
        frame=frame.assign(
            unit=[view.labels.unit(row) for row in frame.to_dict("records")],
            lies=frame["position"].map(words),
            chosen=[CHOSEN if each else "" for each in is_chosen],
        ),
        columns=[
            Column("Unit", "unit"),
            *([Column("Chosen", "chosen")] if any(is_chosen) else []),
            Column("Rate", "estimate", "percent"),
            Column("Of", "sample_size", "count"),
            Column("Target", "target", "percent"),
            Column("95% from", "limit_95_low", "percent", "funnel_limit", "target"),
            Column("to", "limit_95_high", "percent", status_of="target"),
            Column("99.8% from", "limit_998_low", "percent", "funnel_limit", "target"),
            Column("to", "limit_998_high", "percent", status_of="target"),
            Column("Lies", "lies", status_of="target"),
        ],
        metric="funnel_limit",
    )


def _benchmarks(view: View, program: str) -> None:
    if not view.has("pub_benchmarks"):
        return
    frame = view.of_program("pub_benchmarks", program)
    named = frame.to_dict("records")
    exhibit(
        view,
        key="benchmarks",
        picture=Picture.of(charts.benchmarks, program_id=program),
        frame=frame.assign(
            what=[f"{words(row['outcome'])}: {words(row['metric_id'])}" for row in named]
        ),
        columns=[
            Column("Result", "what"),
            Column("Program", "program"),
            Column("Here", "estimate", "fine_points"),
            Column("n", "sample_size", "count"),
            Column("Published", "published_estimate", "fine_points"),
            Column("n", "published_sample_size", "count"),
            Column("Comparable", "is_comparable", "flag"),
            Column("Why not", "not_comparable_reason", "code"),
            Column("Study", "citation"),
        ],
        metric="benchmark",
    )
