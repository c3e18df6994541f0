"""Imaginary clinics whose releases follow each other, and an attack on what they publish.

What belongs here: made-up courses, the frames that SQL would count from them, and an attacker who
shares nothing with the code that protects or audits: he tries every table of whole numbers.
What does not: a claim, or the rows of the pub_ tables (``release_tables``).
"""

import hashlib
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

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
        found += _given_away(own, {f"{MEASURES}||{c}": v for c, v in told(block)}, smallest, room)
    return found


def told(block: pd.DataFrame) -> list[tuple[str, int | None]]:
    """Each cell of a block and its value, None where it is not shown."""
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
