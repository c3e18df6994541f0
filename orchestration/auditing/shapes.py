"""The published tables as a reader sees them: which columns count people, and what rests on them.

What belongs here: one entry per pub_ table that tells of people; one that is missing holds the
release. What does not: sums across rows (``facts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Tables with statuses that need no attack of their own: rows of files and rules are counted, no
# people; or every count is a copy of one in a table below, as critical rules of their suites prove.
WITHOUT_COUNTS_OF_THEIR_OWN = frozenset({"pub_loads", "pub_rule_results", "pub_completeness"})
# A row of a table, whoever publishes it: table, key.
Row = tuple[str, tuple[str, ...]]
TOTAL = "all"


@dataclass(frozen=True)
class Shape:
    """What a reader knows of one table.

    Attributes:
        key: the columns that name a row.
        counts: its columns that count people, each with the one that its group is (or None).
        shares: proportion -> numerator and denominator, with intervals of the same name.
        means: columns that rest on a count of people -> that count.
    """

    key: tuple[str, ...]
    counts: Mapping[str, str | None]
    shares: Mapping[str, tuple[str, str]]
    means: Mapping[str, str]


SHAPES = {
    "pub_program_measures": Shape(
        ("program_id", "scale_id", "interval_name"),
        {
            "episode_count": None,
            "paired_count": None,
            "judged_count": "paired_count",
            "improved_count": "judged_count",
            "unchanged_count": "judged_count",
            "deteriorated_count": "judged_count",
        },
        {"improved_proportion": ("improved_count", "judged_count")},
        {
            "episode_count": "episode_count",
            "baseline_mean": "paired_count",
            "final_mean": "paired_count",
            "improvement_mean": "paired_count",
            "improved_proportion": "judged_count",
        },
    ),
    "pub_change_associations": Shape(
        ("program_id", "process_scale_id", "outcome_scale_id", "interval_name"),
        {"sample_size": None},
        {},
        {"pearson_r": "sample_size", "improvement_r": "sample_size"},
    ),
    "pub_program_outcomes": Shape(
        ("program_id", "population", "threshold_set", "metric_id"),
        {"sample_size": None, "numerator_count": "sample_size"},
        {"estimate": ("numerator_count", "sample_size")},
        {"estimate": "sample_size"},
    ),
    "pub_attrition": Shape(
        ("program_id", "step_number"),
        {
            "referred_count": None,
            "previous_count": "referred_count",
            "episode_count": "referred_count",
            "lost_count": "referred_count",
        },
        {
            "previous_proportion": ("episode_count", "previous_count"),
            "referred_proportion": ("episode_count", "referred_count"),
        },
        {"referred_proportion": "referred_count"},
    ),
    "pub_score_bins": Shape(
        ("program_id", "scale_id", "score_moment", "bin_number"),
        {"paired_count": None, "episode_count": "paired_count"},
        {},
        {},
    ),
    "pub_change_bins": Shape(
        ("program_id", "process_scale_id", "outcome_scale_id", "cell_number"),
        {"sample_size": None, "pair_count": "sample_size"},
        {},
        {},
    ),
    "pub_change_lines": Shape(
        ("program_id", "process_scale_id", "outcome_scale_id", "process_change"),
        {"sample_size": None},
        {},
        {"fitted_outcome_change": "sample_size"},
    ),
    # Clients are counted to a multiple of the smallest count (picture_facts).
    "pub_course": Shape(
        ("program_id", "scale_id", "week_from"), {}, {}, {"score_mean": "client_count"}
    ),
    "pub_change_order": Shape(
        ("program_id", "process_scale_id", "outcome_scale_id", "order_basis"),
        {
            "sample_size": None,
            "process_first_count": "sample_size",
            "together_count": "sample_size",
            "outcome_first_count": "sample_size",
        },
        {"estimate": ("process_first_count", "sample_size")},
        {"estimate": "sample_size"},
    ),
    "pub_sudden_gains": Shape(
        ("program_id", "scale_id"),
        {"course_count": None, "gain_count": "course_count", "loss_count": "course_count"},
        {"gain_proportion": ("gain_count", "course_count")},
        {"gain_proportion": "course_count"},
    ),
    # Estimates: the people behind each, and the number that rests on them.
    "pub_lead_lag": Shape(
        ("program_id", "process_scale_id", "outcome_scale_id", "model", "direction"),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
    "pub_strata": Shape(
        ("process_scale_id", "outcome_scale_id", "stratum_kind", "stratum_id", "row_kind"),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
    "pub_components": Shape(
        (
            "program_id",
            "process_instrument_id",
            "outcome_scale_id",
            "component_scale_id",
            "statistic",
        ),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
    "pub_mediation": Shape(
        (
            "program_id",
            "process_scale_id",
            "mediator_scale_id",
            "outcome_scale_id",
            "window_name",
            "path",
        ),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
    "pub_delivery": Shape(
        ("program_id", "process_scale_id", "scale_id", "predictor"),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
    "pub_dose_response": Shape(
        ("program_id", "threshold_set", "session_band"),
        {"sample_size": None, "numerator_count": "sample_size"},
        {"estimate": ("numerator_count", "sample_size")},
        {"estimate": "sample_size"},
    ),
    # Of units that overlap none may be held back too.
    "pub_comparisons": Shape(
        ("unit_kind", "unit_id", "population", "threshold_set", "metric_id"),
        {"sample_size": None, "numerator_count": None},
        {"estimate": ("numerator_count", "sample_size")},
        {"estimate": "sample_size"},
    ),
    "pub_benchmarks": Shape(
        ("published_effect_id", "program_id", "population", "threshold_set", "scale_id"),
        {"sample_size": None},
        {},
        {"estimate": "sample_size"},
    ),
}
