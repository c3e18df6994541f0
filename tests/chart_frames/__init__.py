"""Small published tables by hand, with the columns that the release has: what charts are tried on.

What belongs here: frames whose numbers can be checked by eye. What does not: claims, or the
rows themselves (the modules beside this one, by subject).
Two programs: "explicit" is large, "tiny" has three clients and everything of it is held back.
"""

from functools import cache

import pandas

from tests.chart_frames import compared, link, pictures, programs
from tests.chart_frames.words import (
    HELD,
    LARGE,
    MECHANISM,
    NOT,
    OTHER,
    OUTCOME,
    PROCESS,
    SHOWN,
    TINY,
    counted,
    estimated,
)

__all__ = [
    "HELD",
    "LARGE",
    "MECHANISM",
    "NOT",
    "OTHER",
    "OUTCOME",
    "PROCESS",
    "SHOWN",
    "TINY",
    "counted",
    "empty",
    "estimated",
    "held_back",
    "tables",
]


def tables(
    *, synthetic: bool = True, name: str = "Self-compassion course"
) -> dict[str, pandas.DataFrame]:
    """Every table that a chart reads, the caller's own to change."""
    return {table: frame.copy() for table, frame in _tables(synthetic, name).items()}


@cache
def _tables(synthetic: bool, name: str) -> dict[str, pandas.DataFrame]:
    made = {
        "pub_release": [
            {
                "release_number": 7,
                "built_at": pandas.Timestamp("2026-03-02 08:30"),
                "last_arrival_at": pandas.Timestamp("2026-03-01 17:00"),
                "reference_day": None,
                "is_synthetic": synthetic,
                "smallest_count": 11,
                "policy_name": "cms11",
            }
        ],
        "pub_programs": [
            {"program_id": LARGE, "program_name": name, "self_compassion_content": "explicit"},
            {"program_id": TINY, "program_name": "Tiny group", "self_compassion_content": "none"},
        ],
        "pub_scales": programs.scales(),
        "pub_program_measures": programs.measures(),
        "pub_program_outcomes": programs.outcomes(),
        "pub_attrition": programs.attrition(),
        "pub_change_associations": link.associations(),
        "pub_change_bins": pictures.change_bins(),
        "pub_change_lines": pictures.change_lines(),
        "pub_score_bins": pictures.score_bins(),
        "pub_course": pictures.course(),
        "pub_sudden_gains": pictures.sudden_gains(),
        "pub_change_order": pictures.change_order(),
        "pub_lead_lag": link.lead_lag(),
        "pub_strata": link.strata(),
        "pub_components": link.components(),
        "pub_mediation": link.mediation(),
        "pub_delivery": link.delivery(),
        "pub_dose_response": programs.dose_response(),
        "pub_comparisons": compared.comparisons(),
        "pub_benchmarks": compared.benchmarks(),
        "pub_completeness": programs.completeness(),
        "pub_metric_dictionary": [
            {"metric_id": "reliable_improvement", "name": "Reliable improvement"},
            {"metric_id": "effect_size_reference_sd", "name": "Effect size"},
        ],
    }
    return {table: pandas.DataFrame(rows) for table, rows in made.items()}


def held_back() -> dict[str, pandas.DataFrame]:
    """The same tables with every value held back, as a policy may do."""
    found = tables()
    for frame in found.values():
        for column in [name for name in frame.columns if f"{name}_status" in frame.columns]:
            frame[f"{column}_status"] = HELD
            for hidden in (column, f"{column}_interval_low", f"{column}_interval_high"):
                if hidden in frame.columns:
                    frame[hidden] = float("nan")
    return found


def empty() -> dict[str, pandas.DataFrame]:
    """The same tables without a row, as a release without clients has them."""
    return {table: frame.iloc[0:0] for table, frame in tables().items()}
