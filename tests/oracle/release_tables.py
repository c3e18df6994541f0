"""What the pub_ tables show of imaginary releases, row by row as an auditor reads them.

What belongs here: rows of pub_ tables, made by hand or of a release's cells. What does not: making
the release (``random_releases``), or a claim.
"""

from typing import Any

import pandas as pd

from orchestration.auditing.shapes import SHAPES
from orchestration.disclosure import release_changes
from tests.oracle.random_releases import (
    BINS,
    GAINS,
    MEASURES,
    ORDERS,
    OUTCOMES,
    Release,
    told,
)

COUNTS = {
    "episode_count": 60,
    "paired_count": 60,
    "judged_count": 60,
    "improved_count": 30,
    "unchanged_count": 30,
    "deteriorated_count": 0,
}
MEANS = ("baseline_mean", "final_mean", "improvement_mean", "improved_proportion")


def measures(**changes: Any) -> dict[str, Any]:
    """One row of pub_program_measures; a count of None is held back."""
    row: dict[str, Any] = {
        "program_id": "p", "scale_id": "mood", "interval_name": "first_to_last",
        "kept_from_release": None, **COUNTS, **dict.fromkeys(MEANS), **changes,
    }  # fmt: skip
    for name in (*COUNTS, *MEANS):
        row[f"{name}_status"] = "suppressed" if row[name] is None else "shown"
    return row


def tables(*rows: dict[str, Any], **others: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """A release that has these rows, and no other table has any."""
    found: dict[str, pd.DataFrame] = {}
    for table, shape in SHAPES.items():
        own = list(rows) if table == "pub_program_measures" else others.get(table, [])
        names = [*dict.fromkeys([*shape.key, *shape.counts, *shape.shares, *shape.means])]
        names.append("kept_from_release")
        found[table] = pd.DataFrame(own, columns=None if own else names, dtype=object)
    return found


def as_tables(release: Release) -> dict[str, pd.DataFrame]:
    """What two pub_ tables show of a release's cells, with a mean of each shown group."""
    rows = []
    few = release.changes[release.changes["change"] == release_changes.FEW]
    # Rows of another time say so, as they do in the file.
    kept = dict.fromkeys(few[["table_name", "block_id"]].itertuples(index=False, name=None), 1)
    own = release.seen[release.seen["table_name"] == MEASURES]
    for block, frame in own.groupby("block_id"):
        values: dict[str, Any] = dict(told(frame))
        if values["paired_count"]:
            values["baseline_mean"] = 10.0
        values["kept_from_release"] = kept.get((MEASURES, block))
        rows.append(measures(program_id=str(block).partition("|")[0], **values))
    rates = []
    courses = release.seen[release.seen["table_name"] == OUTCOMES]
    for block, frame in courses.groupby("block_id"):
        values = dict(told(frame))
        for metric, (part, whole) in RATES.items():
            rates.append(
                rate(
                    str(block).partition("|")[0],
                    metric,
                    values[part],
                    values[whole],
                    kept.get((OUTCOMES, block)),
                )
            )
    pictures = _pictures(release, kept)
    return tables(*rows, pub_program_outcomes=rates, **pictures)


def _pictures(release: Release, kept: dict[Any, int]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the pictures: of bins those that anybody can be in."""
    found: dict[str, list[dict[str, Any]]] = {BINS: [], GAINS: [], ORDERS: []}
    edges = release.bins.set_index(["block_id", "cell"])[["first_bin", "last_bin"]].T.to_dict()
    own = release.seen[release.seen["table_name"].isin(list(found))]
    for (table, block), frame in own.groupby(["table_name", "block_id"]):
        values = dict(told(frame))
        program = str(block).partition("|")[0]
        row: dict[str, Any] = {
            "program_id": program, "scale_id": "mood",
            "kept_from_release": kept.get((table, block)),
        }  # fmt: skip
        if table == GAINS:
            found[table].append(_with_status(row, values | {"gain_proportion": None}))
        if table == ORDERS:
            keys = {"process_scale_id": "care", "outcome_scale_id": "mood"}
            named = {name if name == "sample_size" else f"{name}_count": value
                     for name, value in values.items()}  # fmt: skip
            found[table].append(
                _with_status(row | keys | {"order_basis": "resolved"}, named | {"estimate": None})
            )
        for name, count in values.items() if table == BINS else ():
            moment, _, number = name.partition("_")
            if (block, name) in edges and count != 0:
                first, last = edges[block, name].values()
                keys = {"score_moment": moment, "bin_number": number,
                        "bin_low": first - 1, "bin_high": last}  # fmt: skip
                counts = {"paired_count": values["paired_count"], "episode_count": count}
                found[table].append(_with_status(row | keys, counts))
    return found


def _with_status(row: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    statuses = {
        f"{name}_status": "suppressed" if value is None else "shown"
        for name, value in values.items()
    }
    return row | values | statuses


RATES = {
    "at_caseness": ("at_caseness", "course"),
    "recovery": ("recovered", "asked"),
    "reliable_recovery": ("reliably_recovered", "asked"),
    "reliable_improvement": ("improved", "course"),
    "no_reliable_change": ("unchanged", "course"),
    "reliable_deterioration": ("deteriorated", "course"),
    "paired_data": ("paired", "course"),
}


def rate(
    program: str, metric: str, part: int | None, whole: int | None, kept: int | None = None
) -> dict[str, Any]:
    """One row of pub_program_outcomes; a count of None is held back."""
    row: dict[str, Any] = {
        "program_id": program, "population": "f", "threshold_set": "t", "metric_id": metric,
        "numerator_count": part, "sample_size": whole,
        "estimate": round(part / whole, 3) if whole and part is not None else None,
        "kept_from_release": kept,
    }  # fmt: skip
    for name in ("numerator_count", "sample_size", "estimate"):
        row[f"{name}_status"] = "suppressed" if row[name] is None else "shown"
    return row
