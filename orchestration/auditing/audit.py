"""The auditor's verdict on a candidate release.

What belongs here: playing every attack and counting what came of it.
What does not: the attacks (``facts``, ``bounds``, ``releases``), or what is done about the verdict.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

from orchestration.auditing.bounds import Found, Knowledge, attack
from orchestration.auditing.facts import Reader
from orchestration.auditing.newcomers import newcomers_told
from orchestration.auditing.overlaps import FOREST, Paired, groups_told_apart, told_apart
from orchestration.auditing.overlaps import TABLE as OVERLAPPING
from orchestration.auditing.releases import in_common, moved_by_few, rows_of, same_people
from orchestration.auditing.shapes import SHAPES, WITHOUT_COUNTS_OF_THEIR_OWN, Row

Frames = Mapping[str, pd.DataFrame]
# Row -> count -> the number of the later release that has the same people.
People = Mapping[Row, Mapping[str, Hashable]]


@dataclass(frozen=True)
class Verdict:
    """What an attacker gets; counts and names of tables, never a value.

    Attributes:
        attacked: counts that stand nowhere and were attacked.
        recovered: those that are known exactly, and small, per table.
        narrowed: those that are known to be small and not none, per table.
        undecided: counts about which the tables contradict each other, per table.
        differenced: rows that tell about few people beside an earlier release, per table.
        releases: how many earlier releases were laid beside this one.
        overlapping: units that are another kind's but for few people, per table.
    """

    attacked: int
    recovered: dict[str, int]
    narrowed: dict[str, int]
    undecided: dict[str, int]
    differenced: dict[str, int]
    releases: int
    overlapping: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.failures

    @property
    def failures(self) -> int:
        """How many things were found."""
        return sum(sum(tables.values()) for tables in self._by_rule().values())

    def _by_rule(self) -> dict[str, dict[str, int]]:
        return {
            "a small count can be worked out exactly": self.recovered,
            "a count can be told to be small": self.narrowed,
            "counts contradict each other": self.undecided,
            "an earlier release beside this one tells about few people": self.differenced,
            "two groupings beside each other tell about few people": self.overlapping,
        }

    def sentences(self) -> list[str]:
        """What was found, by rule and table."""
        return [
            f"{table}: {rule} ({count:,} times)"
            for rule, tables in self._by_rule().items()
            for table, count in sorted(tables.items())
        ]


def audit(
    candidate: Frames,
    earlier: Sequence[Frames],
    *,
    smallest: int,
    rounding: int = 1,
    members: pd.DataFrame | None = None,
    paired: Paired | None = None,
) -> Verdict:
    """Attack a candidate with everything that has been published.

    Args:
        candidate: its pub_ tables of aggregates, by name.
        earlier: those of the releases before, the newest first; an older Scout's may have fewer
            tables and columns.
        smallest: no count from 1 to one less may be known.
        rounding: what shown counts are multiples of.
        members: who is in which unit (``overlaps.MEMBERS``), where units overlap.
        paired: likewise of a pair of scales, where groups of one overlap.

    Raises:
        KeyError: a table that this room knows is not there.
    """
    now = rows_of(candidate)
    earlier = [in_common(frames, candidate) for frames in earlier]
    before = [rows_of(frames) for frames in earlier]
    people = _people([now, *before])
    reader, found = _solved(candidate, earlier, people, smallest, rounding)
    if any(people) and any(one.is_contradicted for one in found.values()):
        # Rows that look alike need not be about the same people.
        reader, found = _solved(candidate, earlier, [{} for _ in people], smallest, rounding)
    differenced: set[tuple[Row, str]] = set()
    for then, frames in zip(before, earlier, strict=True):
        differenced |= set(moved_by_few(now, then, smallest, rounding))
        differenced |= newcomers_told(candidate, frames, smallest, rounding)

    apart = {
        OVERLAPPING: 0 if members is None else told_apart(candidate, earlier, members, smallest),
        FOREST: 0 if paired is None else groups_told_apart(candidate, earlier, paired, smallest),
    }

    def tables(names: list[Hashable]) -> dict[str, int]:
        return dict(Counter(reader.targets[name][0] for name in names))

    return Verdict(
        attacked=len(reader.targets),
        recovered=tables([n for n, one in found.items() if one.is_recovered(smallest)]),
        narrowed=tables([n for n, one in found.items() if one.is_narrowed(smallest)]),
        undecided=tables([n for n, one in found.items() if one.is_contradicted]),
        differenced=dict(Counter(table for table, _ in {row for row, _ in differenced})),
        releases=len(before),
        overlapping={table: count for table, count in apart.items() if count},
    )


def _people(releases: Sequence[Mapping[Row, dict[str, Any]]]) -> list[People]:
    """Per release, the newest first, the later one that each of its counts is as well of."""
    found: list[People] = [{}]
    for number, (later, earlier) in enumerate(pairwise(releases)):
        before = found[-1]
        found.append(
            {
                row: {count: before.get(row, {}).get(count, number) for count in counts}
                for row, counts in same_people(later, earlier).items()
            }
        )
    return found


def _solved(
    candidate: Frames,
    earlier: Sequence[Frames],
    people: Sequence[People],
    smallest: int,
    rounding: int,
) -> tuple[Reader, dict[Hashable, Found]]:
    knowledge = Knowledge()
    reader = Reader(knowledge, smallest, rounding)
    for number, (frames, shared) in enumerate(zip([candidate, *earlier], people, strict=True)):
        reader.read(frames, number, shared)
    return reader, attack(knowledge, reader.targets, smallest)


def unknown_tables(tables: Sequence[str]) -> list[str]:
    """Tables of aggregates that the auditor has never heard of, and so cannot judge."""
    return sorted(set(tables) - set(SHAPES) - WITHOUT_COUNTS_OF_THEIR_OWN)
