"""Imaginary clinics whose releases follow each other, and an attack on what they publish.

What belongs here: made-up courses, the frames that SQL would count from them, and an attacker who
shares nothing with the code that protects or audits: he tries every table of whole numbers.
What does not: a claim.
"""

import hashlib
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from orchestration.auditing.shapes import SHAPES
from orchestration.disclosure import cells, release_changes
from orchestration.disclosure.deciding import Told, decide_release
from orchestration.disclosure.history import History
from orchestration.disclosure.policies import DisclosurePolicy

CLASSES = ("improved", "unchanged", "deteriorated")
MEASURES = "pub_program_measures"
OUTCOMES = "pub_program_outcomes"
BINS, ORDERS, GAINS = "pub_score_bins", "pub_change_order", "pub_sudden_gains"
PUBLISHED = ["table_name", "block_id", "cell", "value", "status"]


@dataclass(frozen=True)
class Course:
    """One episode: its client, program, class (or None where it came once) and score."""

    client: str
    program: str
    outcome: str | None
    score: int
    is_case: bool

    def names(self) -> list[str]:
        """The published counts in which it is counted, as the SQL names them."""
        found = [f"{MEASURES}||episode_count"]
        if self.outcome is not None:
            found += [f"{MEASURES}||paired_count", f"{MEASURES}||judged_count"]
            found += [f"{MEASURES}||{self.outcome}_count"]
        return found

    def outcome_names(self) -> list[str]:
        """Likewise of the rates of courses."""
        names = ["course", "paired"] if self.outcome else ["course"]
        names += ["asked", "at_caseness"] if self.is_case else []
        names += [self.outcome] if self.outcome else []
        if self.is_case and self.outcome == "improved" and self.score % 2:
            names += ["recovered", "reliably_recovered"]
        return [f"{OUTCOMES}|f|t|{name}" for name in names]

    def bin_names(self) -> list[str]:
        """The fine bins of the first and the last score, of whoever came twice."""
        if self.outcome is None:
            return []
        last = self.score + {"improved": -8, "unchanged": 1, "deteriorated": 7}[self.outcome]
        fine = [max(1, min(30, score + 1)) for score in (self.score, last)]
        names = ["paired_count", f"first_fine_{fine[0]}", f"last_fine_{fine[1]}"]
        return [f"{BINS}||{name}" for name in names]

    def picture_names(self) -> dict[str, list[str]]:
        """Likewise of what is counted in sudden gains and in orders, each with a total."""
        order = ("process_first", "together", "outcome_first")[self.score % 3]
        gains = ["course_count"] if self.outcome else []
        gains += ["gain_count"] if self.outcome == "improved" and self.score % 4 == 0 else []
        gains += ["loss_count"] if self.outcome and self.score % 9 == 0 else []
        orders = ["sample_size", order] if self.outcome == "improved" else []
        return {
            "gains": [f"{GAINS}||{name}" for name in gains],
            "orders": [f"{ORDERS}|resolved|{name}" for name in orders],
        }


def make_courses(
    random: np.random.Generator, sizes: dict[str, int], start: int = 0
) -> list[Course]:
    """New clients of each program; some came once, few deteriorate."""
    found = []
    for program, size in sizes.items():
        shares = random.dirichlet([3, 3, 0.7, 0.5])
        for number in range(size):
            outcome = random.choice([*CLASSES, "once"], p=shares)
            found.append(
                Course(
                    f"c{start + len(found)}-{program}-{number}",
                    program,
                    None if outcome == "once" else str(outcome),
                    int(random.integers(0, 28)),
                    bool(random.random() < 0.9),
                )
            )
    return found


def counted(
    courses: list[Course], *, has_pictures: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``int_atom_counts`` and ``int_unit_sizes`` of these courses, counted one by one."""
    atoms: dict[tuple[Any, ...], list[float]] = {}
    clients: dict[tuple[str, str], list[str]] = {}
    for course in courses:
        bucket = hashlib.md5(course.client.encode(), usedforsecurity=False).hexdigest()[:2]
        bins = course.bin_names() if has_pictures else []
        systems: list[tuple[str, str, str | None, list[str], int]] = [
            ("changes", f"{course.program}|mood", None, course.names() + bins, course.score),
            ("courses", course.program, "all", course.outcome_names(), 0),
        ]
        for system, names in course.picture_names().items() if has_pictures else ():
            scales = {"gains": "mood", "orders": "care|mood"}[system]
            if names:
                systems.append((system, f"{course.program}|{scales}", f"all|{scales}", names, 0))
        for system, unit, total, names, amount in systems:
            key = (system, unit, total, ",".join(names), bucket)
            known = amount if course.outcome else 0
            sums = atoms.setdefault(key, [0.0] * 8)
            for place, value in enumerate((1, known, 0, 0, known**2, 0, 0, 0)):
                sums[place] += value
            for whole in (unit, total):
                if whole is not None:
                    clients.setdefault((system, whole), []).append(course.client)
    columns = ["system", "unit_id", "total_id", "cells", "bucket", "episode_count"]
    counts = pd.DataFrame(
        [(*key, *sums) for key, sums in atoms.items()],
        columns=[*columns, *(f"sum_{number}" for number in range(1, 8))],
    )
    sizes = pd.DataFrame(
        [
            (system, unit, len(of), len(set(of)), max(of.count(one) for one in set(of)))
            for (system, unit), of in clients.items()
        ],
        columns=["system", "unit_id", "episode_count", "client_count", "most_per_client"],
    )
    return counts.astype({"episode_count": int}), sizes


@dataclass
class Release:
    """What one release shows, and what the next one needs to know of it."""

    seen: pd.DataFrame
    state: pd.DataFrame
    decided: cells.Decided
    changes: pd.DataFrame
    history: History
    number: int
    policy: DisclosurePolicy
    bins: pd.DataFrame


def publish(
    courses: list[Course],
    last: Release | None,
    policy: DisclosurePolicy,
    *,
    is_complementary: bool = True,
    has_pictures: bool = False,
    frames: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Release:
    """What a run does between counting and showing; ``frames`` in place of ``counted``."""
    is_same = last is not None and last.policy == policy
    decision = decide_release(
        *(frames or counted(courses, has_pictures=has_pictures)),
        Told() if last is None else Told(last.state, last.seen, last.history),
        policy,
        1 if last is None else last.number + 1,
        is_same_policy=is_same,
        is_complementary=is_complementary,
    )
    made, told = decision.made, decision.told
    bins = made["merged_bins"]
    return Release(
        told.cells,
        told.state,
        decision.decided,
        decision.changes,
        told.history,
        1 if last is None else last.number + 1,
        policy,
        release_changes.carried(bins, last.bins, decision.changes)
        if last is not None and is_same
        else bins,
    )


def given_away(courses: list[Course], shown: pd.DataFrame, smallest: int, room: int) -> int:
    """How many small sets of people follow from what is shown, by trying every table.

    Args:
        courses: the truth, for the sets there are (not for how many are in them).
        shown: one release's cells.
        smallest: no set of 1 to one less may be known.
        room: people that a set is tried to have beyond its true number.
    """
    found = 0
    for unit in sorted({course.program for course in courses}):
        block = shown[(shown["table_name"] == MEASURES) & (shown["block_id"] == f"{unit}|mood")]
        own = [course.names() for course in courses if course.program == unit]
        found += _given_away(own, {f"{MEASURES}||{c}": v for c, v in _told(block)}, smallest, room)
    return found


def _told(block: pd.DataFrame) -> list[tuple[str, int | None]]:
    return [
        (cell, None if status != "shown" else int(value))
        for cell, value, status in block[["cell", "value", "status"]].itertuples(index=False)
    ]


def _given_away(
    people: list[list[str]], told: dict[str, int | None], smallest: int, room: int
) -> int:
    """Small unions of sets whose size is the same in every table that agrees with ``told``."""
    sets = sorted({tuple(names) for names in people})
    true = [sum(tuple(names) == one for names in people) for one in sets]
    axes = [np.arange(size + room + 1) for size in true]
    tables = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(sets))
    for cell, value in told.items():
        inside = [number for number, one in enumerate(sets) if cell in one]
        total = tables[:, inside].sum(axis=1)
        if value is not None:
            tables = tables[total == value]
    assert len(tables), "the truth itself must agree with what is shown"
    found = 0
    for size in range(1, len(sets) + 1):
        for chosen in combinations(range(len(sets)), size):
            sums = tables[:, list(chosen)].sum(axis=1)
            found += bool(sums.min() >= 1 and sums.max() < smallest)
    return found


def newcomers_given_away(
    before: list[Course], after: list[Course], old: Release, new: Release, smallest: int
) -> int:
    """Blocks that moved between two releases although few people in them did.

    ``before`` and ``after`` are, per block, the people that the shown numbers are about.
    """
    found = 0
    for program in {course.program for course in after}:
        block = f"{program}|mood"
        numbers = [
            release.seen.loc[
                (release.seen["block_id"] == block) & (release.seen["cell"] == "paired_count"),
                "value",
            ]
            for release in (old, new)
        ]
        if any(number.empty or pd.isna(number.iloc[0]) for number in numbers):
            continue
        paired = [
            {course for course in courses if course.program == program and course.outcome}
            for courses in (before, after)
        ]
        few = max(len(paired[1] - paired[0]), len(paired[0] - paired[1]))
        has_moved = block in set(
            new.changes.loc[
                (new.changes["table_name"] == MEASURES) & (new.changes["change"] == "many"),
                "block_id",
            ]
        )
        found += bool(has_moved and 1 <= few < smallest)
    return found


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
        values: dict[str, Any] = dict(_told(frame))
        if values["paired_count"]:
            values["baseline_mean"] = 10.0
        values["kept_from_release"] = kept.get((MEASURES, block))
        rows.append(measures(program_id=str(block).partition("|")[0], **values))
    rates = []
    courses = release.seen[release.seen["table_name"] == OUTCOMES]
    for block, frame in courses.groupby("block_id"):
        values = dict(_told(frame))
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
        values = dict(_told(frame))
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
