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
}
