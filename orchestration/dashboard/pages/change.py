"""Change: where people started and ended, and how many changed reliably.

What belongs here: distributions, classes, rates and the way from referral to recovery.
What does not: what the change goes together with (``link``).
"""

from collections.abc import Mapping

from orchestration import charts
from orchestration.dashboard.drawing import Picture
from orchestration.dashboard.exhibit import exhibit
from orchestration.dashboard.filters import Filter
from orchestration.dashboard.groups import PROGRAM, group_of, not_counted, only_for, who_filters
from orchestration.dashboard.markup import Column
from orchestration.dashboard.view import View, cannot_say, section
from orchestration.dashboard.words import words

TITLE = "Change"
PATH = "change"
LEAD = "Where people started, where they ended, and how many changed by more than chance."


def filters(view: View) -> list[Filter | None]:
    """What the page lets choose."""
    return [
        *who_filters(
            view,
            "pub_program_measures",
            "pub_attrition",
            "pub_program_outcomes",
            per_program=True,
        ),
        only_for(
            view.scale_filter(
                "scale",
                "Scale",
                "scale_id",
                ["pub_score_bins", "pub_program_measures"],
                ["outcome", "process"],
            ),
            PROGRAM,
        ),
        view.code_filter("threshold_set", "Thresholds", "threshold_set", "pub_program_outcomes"),
    ]


def show(view: View, choice: Mapping[str, str]) -> None:
    """Lay the page out."""
    group = group_of(choice)
    if group is not None:
        _group(view, *group, choice.get("threshold_set"))
        return
    program, scale = choice["program"], choice.get("scale", "")
    section("First and last score")
    _distribution(view, program, scale)
    section("Reliable change")
    _classes(view, program)
    section("Rates")
    _rates(view, program, choice.get("threshold_set"))
    section("From referral to recovery")
    _attrition(view, program)
    cannot_say(
        "What would have happened without the program: people also get better by themselves, and "
        "those who come at their worst tend to score nearer the middle next time.",
        "Anything about those without a last form: they are counted as not improved in rates and "
        "are absent from means.",
    )


def _group(view: View, kind: str, unit: str, thresholds: str | None) -> None:
    not_counted(kind, "First and last score", "Reliable change")
    section("Rates")
    asked = {"unit_kind": kind, "unit_id": unit}
    equal = asked | ({"threshold_set": thresholds} if thresholds else {})
    frame = view.named(view.rows("pub_comparisons", **equal))
    exhibit(
        view,
        key="rates",
        picture=Picture.of(charts.group_rates, threshold_set=thresholds, **asked),
        frame=frame.assign(
            whom=frame.get("population", frame.index).map(words),
            unit=view.labels.named_unit(kind, unit),
        ),
        columns=[
            Column("Rate", "metric"),
            Column("Share", "estimate", "percent"),
            Column("With it", "numerator_count", "count"),
            Column("Of", "sample_size", "count"),
            Column("Population", "whom"),
            Column("Group", "unit"),
        ],
        metric="threshold_set",
    )
    not_counted(kind, "From referral to recovery")
    cannot_say(
        "Why this group's rates are not another's: groups differ in who is in them.",
        "How many people two groups have together: the same people are counted in each grouping.",
    )


def _distribution(view: View, program: str, scale: str) -> None:
    if not view.has("pub_score_bins"):
        return
    kind = view.labels.points_kind(scale)
    exhibit(
        view,
        key="scores",
        picture=Picture.of(charts.start_and_end, program_id=program, scale_id=scale),
        frame=view.of_program("pub_score_bins", program, scale_id=scale),
        columns=[
            Column("Form", "score_moment", "code"),
            Column("Program", "program"),
            Column("From", "bin_low", kind),
            Column("To", "bin_high", kind),
            Column("Courses", "episode_count", "count"),
            Column("Of", "paired_count", "count", "paired_data"),
        ],
        metric="score",
    )


def _classes(view: View, program: str) -> None:
    if not view.has("pub_program_measures"):
        return
    frame = view.of_program("pub_program_measures", program)
    exhibit(
        view,
        key="classes",
        picture=Picture.of(charts.reliable_change_classes, program_id=program),
        frame=frame,
        columns=[
            Column("Scale", "scale"),
            Column("Program", "program"),
            Column("Courses", "episode_count", "count"),
            Column("With both scores", "paired_count", "count", "paired_data"),
            Column("First mean", "baseline_mean", "fine_points"),
            Column("Last mean", "final_mean", "fine_points"),
            Column("Mean improvement", "improvement_mean", "fine_points", "improvement_mean"),
            Column("Improved", "improved_count", "count", "reliable_change_class"),
            Column("Unchanged", "unchanged_count", "count", "reliable_change_class"),
            Column("Deteriorated", "deteriorated_count", "count", "reliable_change_class"),
            Column("Share improved", "improved_proportion", "percent", "improved_proportion"),
        ],
        metric="reliable_change_class",
    )


def _rates(view: View, program: str, threshold_set: str | None) -> None:
    if not view.has("pub_program_outcomes"):
        return
    equal = {"threshold_set": threshold_set} if threshold_set else {}
    frame = view.of_program("pub_program_outcomes", program, **equal)
    exhibit(
        view,
        key="rates",
        title="Outcome rates",
        caption="Whoever is not known to have an outcome counts as without it, so that nobody is "
        "left out of a rate by not answering.",
        frame=frame.assign(whom=frame.get("population", frame.index).map(words)),
        columns=[
            Column("Rate", "metric"),
            Column("Share", "estimate", "percent"),
            Column("With it", "numerator_count", "count"),
            Column("Of", "sample_size", "count"),
            Column("Population", "whom"),
            Column("Program", "program"),
        ],
        metric="threshold_set",
    )


def _attrition(view: View, program: str) -> None:
    if not view.has("pub_attrition"):
        return
    frame = view.of_program("pub_attrition", program)
    exhibit(
        view,
        key="attrition",
        picture=Picture.of(charts.attrition, program_id=program),
        frame=frame.assign(step_in_words=frame.get("step", frame.index).map(words)),
        columns=[
            Column("Step", "step_in_words"),
            Column("Took it", "episode_count", "count"),
            Column("Lost since the step before", "lost_count", "count"),
            Column("Of the step before", "previous_proportion", "percent"),
            Column("Of all referred", "referred_proportion", "percent"),
        ],
        metric="attrition",
    )
