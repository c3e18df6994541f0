"""Imaginary releases that show pairs, and estimates of some of the people of a pair.

What belongs here: who is in which, the frames that SQL would count of them, and the rows that the
published models would show, each in its plainest form.
What does not: a claim, or the counts of ``random_releases``.
"""

from typing import Any

import pandas as pd

from orchestration.auditing.shapes import SHAPES
from orchestration.disclosure import release_changes
from tests.oracle.random_releases import Course, Release, counted

SIZE = "sample_size"
PAIR = ("pub_change_associations", "care|mood")
# Per estimate its block, and the counts that everybody in it is in: table, block and cell.
ESTIMATES = {
    ("pub_lead_lag", "care|mood"): [(*PAIR, SIZE)],
    ("pub_delivery", "care|mood|alliance"): [
        (*PAIR, SIZE), ("pub_program_measures", "mood", "paired_count"),
    ],
    ("pub_components", "kind|mood"): [(*PAIR, SIZE)],
    ("pub_benchmarks", "f|none|mood"): [("pub_program_measures", "mood", "paired_count")],
}  # fmt: skip
# Everybody in so many is left out of an estimate.
_LEFT_OUT = {"pub_lead_lag": 7, "pub_delivery": 4, "pub_components": 9, "pub_benchmarks": 5}
_KEYS: dict[str, dict[str, str]] = {
    "pub_change_associations": {
        "process_scale_id": "care", "outcome_scale_id": "mood", "interval_name": "first_to_last",
    },
    "pub_lead_lag": {
        "process_scale_id": "care", "outcome_scale_id": "mood", "model": "random_intercept",
        "direction": "process_to_outcome",
    },
    "pub_delivery": {"process_scale_id": "care", "scale_id": "mood", "predictor": "alliance"},
    "pub_components": {
        "process_instrument_id": "kind", "outcome_scale_id": "mood", "component_scale_id": "care",
        "statistic": "pearson_r",
    },
    "pub_benchmarks": {
        "published_effect_id": "a", "population": "f", "threshold_set": "none", "scale_id": "mood",
    },
}  # fmt: skip


def with_estimates(courses: list[Course]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``counted``, with pairs and the people behind estimates."""
    counts, sizes = counted(courses)
    rows: list[tuple[str, str, str | None, str, str, str]] = []
    for course in courses:
        if course.outcome is None:
            continue
        number = sum(map(ord, course.client))
        if number % 8:
            rows.append(("pairs", f"{course.program}|{PAIR[1]}", None, PAIR[0], "", course.client))
        for table, block in ESTIMATES:
            if (number % 8 or table == "pub_benchmarks") and number % _LEFT_OUT[table]:
                units = (f"{course.program}|{block}", f"all|{block}")
                rows.append((table, *units, table, "", course.client))
    frame = pd.DataFrame(
        rows, columns=["system", "unit_id", "total_id", "cells", "bucket", "client"]
    )
    frame["cells"] += f"||{SIZE}"
    frame["bucket"] = frame["client"]
    more = frame.drop(columns="client").assign(
        episode_count=1, **{f"sum_{number}": 1.0 for number in range(1, 8)}
    )
    wholes = frame[frame["total_id"].notna()]
    wholes = wholes.assign(unit_id=wholes["total_id"])
    told = pd.concat([frame, wholes]).groupby(["system", "unit_id"], as_index=False)
    own = told.agg(episode_count=("client", "size"), client_count=("client", "nunique"))
    return (
        pd.concat([counts, more], ignore_index=True),
        pd.concat([sizes, own.assign(most_per_client=1)], ignore_index=True),
    )


def estimate_rows(
    release: Release, last: dict[str, list[dict[str, Any]]], smallest: int
) -> dict[str, list[dict[str, Any]]]:
    """The rows of pairs and estimates, by table: of now, or as ``last`` had them.

    An estimate is open where each number that it is set beside is told, and the same or further off
    than few; the row over all programs where that of every program is.
    """
    cells = release.decided.cells
    told = {
        (table, block, cell): None if status != "shown" else int(value)
        for table, block, cell, value, status in cells[
            ["table_name", "block_id", "cell", "value", "status"]
        ].itertuples(index=False)
    }
    words = {
        (table, block): word
        for table, block, word in release.changes[["table_name", "block_id", "change"]].itertuples(
            index=False
        )
    }
    programs = sorted({block.partition("|")[0] for _, block, _ in told} - {"all"})
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in _KEYS}

    def size(table: str, program: str, block: str) -> int | None:
        return told.get((table, f"{program}|{block}", SIZE))

    for program in programs:
        found[PAIR[0]].append(_row(PAIR[0], program, size(PAIR[0], program, PAIR[1])))
    for (table, block), wholes in ESTIMATES.items():
        shown = {program: size(table, program, block) for program in [*programs, "all"]}
        for program in programs:
            beside = [told.get((t, f"{program}|{own}", cell)) for t, own, cell in wholes]
            people = shown[program]
            if people is not None and any(
                one is None or 1 <= abs(one - people) < smallest for one in beside
            ):
                shown[program] = None
        if None in shown.values():
            shown["all"] = None
        found[table] += [_row(table, program, people) for program, people in shown.items()]
    blocks = dict([PAIR, *ESTIMATES])
    for table, rows in found.items():
        before = {row["program_id"]: row for row in last.get(table, [])}
        for place, row in enumerate(rows):
            word = words.get((table, f"{row['program_id']}|{blocks[table]}"))
            then = before.get(row["program_id"])
            if then is None or word not in (release_changes.FEW, release_changes.UNCHANGED):
                continue
            kept = (then["kept_from_release"] or release.number - 1) if word == "few" else None
            rows[place] = then | {"kept_from_release": kept}
    return found


def _row(table: str, program: str, people: int | None) -> dict[str, Any]:
    shape = SHAPES[table]
    row: dict[str, Any] = {"program_id": program, **_KEYS[table], SIZE: people,
                           "kept_from_release": None}  # fmt: skip
    for name in (*shape.counts, *shape.means):
        row.setdefault(name, None)
        row[f"{name}_status"] = "suppressed" if row[name] is None else "shown"
    return row
