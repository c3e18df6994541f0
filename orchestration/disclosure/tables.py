"""The published tables of aggregates: which cells a row has and what each rests on.

What belongs here: one entry per pub_ table that counts people.
What does not: what is counted (``int_atoms.sql``) or how it is shown (``models/published``).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTable:
    """One pub_ table of aggregates.

    Attributes:
        name: the table.
        key: columns that together, joined by ``|``, name a block: the rows that move together.
        cells: each published count of a block, and the count it rests on: a cell is shown only
            where that one is. None for the one everything rests on.
        bases: the counts that means and rates are taken over. Each must gain or lose nobody or
            at least as many clients as the policy's smallest count before the block moves.
        is_merged: its cells were put together until none is small (``merging``): by another policy
            the same name is another set of people.
        dear: cells that people look for first: where others would do as well to protect a small
            count, these stay.
    """

    name: str
    key: tuple[str, ...]
    cells: Mapping[str, str | None]
    bases: tuple[str, ...]
    is_merged: bool = False
    dear: frozenset[str] = frozenset()


_STEPS = range(1, 9)
# As many bins and rectangles as a picture has at most (merging).
SCORE_BINS = range(1, 31)
CHANGE_CELLS = range(1, 65)
MOMENTS = ("first", "last")
SIDES = ("process", "outcome")
CLASSES = ("deteriorated", "unchanged", "improved")


def _estimates() -> tuple[PublishedTable, ...]:
    """Tables of estimates: what is counted is the people behind each."""
    size: dict[str, str | None] = {"sample_size": None}
    pair = ("program_id", "process_scale_id", "outcome_scale_id")
    return (
        PublishedTable(
            "pub_lead_lag",
            pair,
            size | {"lagged_size": "sample_size"},
            ("sample_size", "lagged_size"),
        ),
        PublishedTable(
            "pub_strata",
            ("process_scale_id", "outcome_scale_id", "stratum_kind", "stratum_id"),
            size,
            ("sample_size",),
        ),
        PublishedTable(
            "pub_components",
            ("program_id", "process_instrument_id", "outcome_scale_id"),
            size,
            ("sample_size",),
        ),
        PublishedTable(
            "pub_mediation",
            (
                "program_id",
                "process_scale_id",
                "mediator_scale_id",
                "outcome_scale_id",
                "window_name",
            ),
            size,
            ("sample_size",),
        ),
        PublishedTable(
            "pub_delivery",
            ("program_id", "process_scale_id", "scale_id", "predictor"),
            size,
            ("sample_size",),
        ),
        PublishedTable(
            "pub_dose_response",
            ("program_id", "threshold_set", "session_band"),
            size | {"numerator_count": "sample_size", "remainder_count": "sample_size"},
            ("sample_size",),
        ),
        PublishedTable(
            "pub_comparisons",
            ("population", "threshold_set", "unit_kind", "unit_id"),
            {
                "course": None,
                "asked": "course",
                "improved": "course",
                "deteriorated": "course",
                "recovered": "asked",
                "reliably_recovered": "asked",
            },
            ("course", "asked"),
            dear=frozenset({"improved", "recovered", "reliably_recovered"}),
        ),
        PublishedTable(
            "pub_benchmarks",
            ("program_id", "population", "threshold_set", "scale_id"),
            size,
            ("sample_size",),
        ),
    )


TABLES: dict[str, PublishedTable] = {
    table.name: table
    for table in (
        PublishedTable(
            "pub_program_measures",
            ("program_id", "scale_id"),
            {
                "paired_count": None,
                "episode_count": "paired_count",
                "judged_count": "paired_count",
                "improved_count": "judged_count",
                "unchanged_count": "judged_count",
                "deteriorated_count": "judged_count",
            },
            ("episode_count", "paired_count", "judged_count"),
        ),
        PublishedTable(
            "pub_change_associations",
            ("program_id", "process_scale_id", "outcome_scale_id"),
            {"sample_size": None},
            ("sample_size",),
        ),
        PublishedTable(
            "pub_program_outcomes",
            ("program_id", "population", "threshold_set"),
            {
                "course": None,
                "asked": "course",
                "at_caseness": "course",
                "recovered": "asked",
                "reliably_recovered": "asked",
                "improved": "course",
                "unchanged": "course",
                "deteriorated": "course",
                "paired": "course",
            },
            ("course", "asked"),
            dear=frozenset({"improved", "recovered", "reliably_recovered"}),
        ),
        PublishedTable(
            "pub_attrition",
            ("program_id",),
            {f"step_{step}": "step_1" if step > 1 else None for step in _STEPS}
            | {f"lost_{step}": "step_1" for step in _STEPS if step > 1},
            ("step_1",),
        ),
        PublishedTable(
            "pub_score_bins",
            ("program_id", "scale_id"),
            {"paired_count": None}
            | {f"{moment}_{number}": "paired_count" for moment in MOMENTS for number in SCORE_BINS},
            ("paired_count",),
            is_merged=True,
        ),
        # The classes are published in pub_program_measures: here only so that bins do not tell what
        # is held back there.
        PublishedTable(
            "pub_change_bins",
            ("program_id", "process_scale_id", "outcome_scale_id"),
            {"sample_size": None}
            | {f"{side}_{name}": "sample_size" for side in SIDES for name in CLASSES}
            | {f"cell_{number}": "sample_size" for number in CHANGE_CELLS},
            ("sample_size",),
            is_merged=True,
        ),
        PublishedTable(
            "pub_change_lines",
            ("program_id", "process_scale_id", "outcome_scale_id"),
            {"sample_size": None},
            ("sample_size",),
        ),
        PublishedTable(
            "pub_course",
            ("program_id", "scale_id", "week_from"),
            {"client_count": None},
            ("client_count",),
        ),
        PublishedTable(
            "pub_change_order",
            ("program_id", "process_scale_id", "outcome_scale_id", "order_basis"),
            {"sample_size": None}
            | dict.fromkeys(("process_first", "together", "outcome_first"), "sample_size"),
            ("sample_size",),
        ),
        PublishedTable(
            "pub_sudden_gains",
            ("program_id", "scale_id"),
            {"course_count": None, "gain_count": "course_count", "loss_count": "course_count"},
            ("course_count",),
        ),
        *_estimates(),
    )
}
