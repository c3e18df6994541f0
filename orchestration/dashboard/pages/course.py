"""Course: how scores went on, when large steps came, which scale moved first.

What belongs here: means by weeks since the first form, sudden gains, orders of change.
What does not: means by calendar month, which mix visit numbers (dashboard.md).
"""

from collections.abc import Mapping

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.markup import Column
from orchestration.dashboard.view import View, bands, cannot_say, section
from orchestration.dashboard.words import words

TITLE = "Course"
PATH = "course"
LEAD = "How scores went on week by week, when large steps came, and which scale moved first."


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    scales = ["pub_course", "pub_sudden_gains"]
    return [
        view.program_filter("pub_course", "pub_sudden_gains", "pub_change_order", per_program=True),
        view.scale_filter("scale", "Scale", "scale_id", scales, ["outcome", "process"]),
        view.scale_filter(
            "process", "Process scale", "process_scale_id", ["pub_change_order"], ["process"]
        ),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    program, scale = choice["program"], choice.get("scale", "")
    section("Week by week")
    _weeks(view, program, scale)
    section("Large steps")
    _gains(view, program)
    section("Which came first?")
    _order(view, program, choice.get("process", ""))
    cannot_say(
        "How one person's course runs: a smooth mean can be made of steps at different times.",
        "That those still measured late are like those who left: later weeks hold fewer people.",
    )


def _weeks(view: View, program: str, scale: str) -> None:
    if not view.has("pub_course"):
        return
    frame = view.of_program("pub_course", program, scale_id=scale)
    exhibit(
        view,
        key="weeks",
        picture=Picture.of(charts.course, program_id=program, scale_id=scale),
        frame=frame.assign(weeks=bands(frame, "week_from", "week_to")),
        columns=[
            Column("Weeks since the first form", "weeks"),
            Column("Program", "program"),
            Column("Mean", "score_mean", view.labels.points_kind(scale), "score"),
            Column("Clients, at least", "client_count", "count"),
        ],
        metric="score",
    )


def _gains(view: View, program: str) -> None:
    if not view.has("pub_sudden_gains"):
        return
    exhibit(
        view,
        key="sudden-gains",
        picture=Picture.of(charts.sudden_gains, program_id=program),
        frame=view.of_program("pub_sudden_gains", program),
        columns=[
            Column("Scale", "scale"),
            Column("Program", "program"),
            Column("Share with a gain", "gain_proportion", "percent", "sudden_gain"),
            Column("With a gain", "gain_count", "count", "sudden_gain"),
            Column("With a loss", "loss_count", "count", "sudden_loss"),
            Column("Of", "course_count", "count"),
        ],
        metric="sudden_gain",
    )


def _order(view: View, program: str, process: str) -> None:
    if not view.has("pub_change_order"):
        return
    frame = view.of_program("pub_change_order", program, process_scale_id=process)
    exhibit(
        view,
        key="order",
        picture=Picture.of(charts.change_order, program_id=program, process_scale_id=process),
        frame=frame.assign(basis=frame.get("order_basis", frame.index).map(words)),
        columns=[
            Column("Outcome scale", "outcome_scale"),
            Column("Program", "program"),
            Column("Process first", "process_first_count", "count"),
            Column("Together", "together_count", "count"),
            Column("Outcome first", "outcome_first_count", "count"),
            Column("Share with process first", "estimate", "percent"),
            Column("n", "sample_size", "count"),
            Column("Order", "basis"),
        ],
        metric="change_order",
    )
