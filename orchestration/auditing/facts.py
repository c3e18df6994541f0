"""What anybody knows of the published tables: which counts are sums of which others.

What belongs here: reading rows into facts about counts, from the tables' own descriptions.
What does not: solving them (``bounds``), or comparing releases (``releases``).
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.auditing import picture_facts
from orchestration.auditing.bounds import Knowledge
from orchestration.auditing.estimates import state_estimates
from orchestration.auditing.shapes import SHAPES, TOTAL, Row, Shape

_ASKED = ("recovery", "reliable_recovery")
_METRICS = {
    "at_caseness",
    "paired_data",
    "reliable_improvement",
    "no_reliable_change",
    "reliable_deterioration",
    *_ASKED,
}


@dataclass(frozen=True)
class At:
    """Of which time and people the counts of one row are.

    Attributes:
        label: the release it stands in.
        is_kept: it keeps what an earlier release said: of another time than the rows around it.
        people: of its counts that are of the same people in a later release, that one's label.
    """

    label: Hashable
    is_kept: bool
    people: Mapping[str, Hashable]


class Reader:
    """Takes the rows of one release in and states what follows from them.

    Args:
        knowledge: where facts go.
        smallest, rounding: what the policy says of itself: no shown count is from 1 to
            ``smallest`` - 1, and each is rounded to a multiple of ``rounding``.
    """

    def __init__(self, knowledge: Knowledge, smallest: int, rounding: int) -> None:
        self.knowledge, self.smallest, self.rounding = knowledge, smallest, rounding
        # Every count that stands in no file: those that are held back, and those left over.
        self.targets: dict[Hashable, Row] = {}

    def read(
        self,
        frames: Mapping[str, pd.DataFrame],
        label: Hashable,
        people: Mapping[Row, Mapping[str, Hashable]],
    ) -> None:
        """State what one release tells.

        Args:
            frames: its tables.
            label: sets this release's counts apart from those of others.
            people: counts of rows that are of the same people in a later release -> its label.
        """
        place: dict[Row, At] = {}
        values: dict[Row, dict[Hashable, Any]] = {}
        for table, shape in SHAPES.items():
            for row in frames[table].to_dict("records"):
                key: Row = (table, tuple(str(row[column]) for column in shape.key))
                # A row that was kept is about another time: no sum with the others holds.
                is_kept = not pd.isna(row["kept_from_release"])
                place[key] = At(label, is_kept, people.get(key, {}))
                self._read_row(key, shape, row, place[key])
                for count, low, high in picture_facts.limits(
                    table, row, self.smallest, self.rounding
                ):
                    self.knowledge.learn(_named(key, count, place[key]), low, high)
                if not is_kept:
                    values[key] = row
        # Per table and program, and whether all its rows are of this time: else no sum holds.
        rows: dict[tuple[str, str], list[Row]] = {}
        for key in place:
            rows.setdefault((key[0], key[1][0]), []).append(key)
        current = {
            whose: own for whose, own in rows.items() if not any(place[key].is_kept for key in own)
        }
        of_now = set(values)

        def named(row: Row, count: str) -> Hashable:
            return _named(row, count, place[row])

        self._measures(place, of_now)
        self._pictures(named, of_now, set(place) - of_now)
        programs = {program for _, program in rows if program != TOTAL}
        self._outcomes(current, place, programs, rows)
        self._attrition(current, place, programs, rows)
        state_estimates(values, set(place), named, self._sum)

    def _read_row(self, row: Row, shape: Shape, values: dict[Hashable, Any], at: At) -> None:
        for count, group in shape.counts.items():
            name = _named(row, count, at)
            if values[f"{count}_status"] == "shown":
                self.knowledge.learn(name, *self._possible(int(values[count])))
                continue
            if values[f"{count}_status"] == "suppressed":
                self.targets[name] = row
                is_in_shown_group = group is not None and values[f"{group}_status"] == "shown"
                # Zero is shown of every group that is: so this one is none.
                self.knowledge.learn(name, float(is_in_shown_group), float("inf"))
        for share, (part, whole) in shape.shares.items():
            if values[f"{share}_status"] == "shown":
                self._read_share(row, values, share, (part, whole), at)

    def _read_share(
        self,
        row: Row,
        values: dict[Hashable, Any],
        share: str,
        counts: tuple[str, str],
        at: At,
    ) -> None:
        part, whole = (_named(row, count, at) for count in counts)
        if all(values[f"{count}_status"] == "shown" for count in counts):
            return
        # A share of three digits: part and whole lie close to a line; of rounded counts less close.
        told, half = float(values[share]), (self.rounding - 1) // 2
        room = half * (1 + told)
        most = float("inf")
        self.knowledge.state({part: 1.0, whole: -(told + 0.0005)}, -most, room)
        self.knowledge.state({part: 1.0, whole: -(told - 0.0005)}, -room, most)

    def _possible(self, shown: int) -> tuple[float, float]:
        half = (self.rounding - 1) // 2
        if shown == 0 or half == 0:
            return shown, shown
        return max(shown - half, self.smallest), shown + half

    def _sum(self, total: Hashable, parts: list[Hashable], row: Row, *, has_rest: bool) -> None:
        """``total`` is the sum of ``parts``, with people left over or without."""
        terms: dict[Hashable, float] = {total: 1.0}
        for part in parts:
            terms[part] = terms.get(part, 0.0) - 1.0
        if has_rest:
            rest = ("rest", total, tuple(parts))
            self.targets[rest] = row
            terms[rest] = -1.0
        self.knowledge.state(terms, 0.0, 0.0)

    def _measures(self, place: dict[Row, At], current: set[Row]) -> None:
        paired: dict[tuple[str, str], Hashable] = {}
        for row in (row for row in current if row[0] == "pub_program_measures"):
            episodes, pairs, judged, *classes = (
                _named(row, count, place[row]) for count in SHAPES[row[0]].counts
            )
            self._sum(episodes, [pairs], row, has_rest=True)
            self._sum(pairs, [judged], row, has_rest=True)
            self._sum(judged, classes, row, has_rest=False)
            paired[row[1][0], row[1][1]] = pairs
        for row in (row for row in current if row[0] == "pub_change_associations"):
            program, process, outcome, _ = row[1]
            for scale in (process, outcome):
                if (program, scale) in paired:
                    size = _named(row, "sample_size", place[row])
                    self._sum(paired[program, scale], [size], row, has_rest=True)

    def _pictures(self, named: picture_facts.Named, rows: set[Row], others: set[Row]) -> None:
        for total, parts, row, has_rest in picture_facts.sums(rows, others, named):
            self._sum(total, parts, row, has_rest=has_rest)

    def _outcomes(
        self,
        current: dict[tuple[str, str], list[Row]],
        place: dict[Row, At],
        programs: set[str],
        rows: dict[tuple[str, str], list[Row]],
    ) -> None:
        table = "pub_program_outcomes"
        grouped: dict[tuple[str, ...], dict[str, Row]] = {}
        for (name, _), own in current.items():
            for row in own if name == table else ():
                grouped.setdefault(row[1][:3], {})[row[1][3]] = row
        for group in grouped.values():
            self._one_group_of_outcomes(group, place)
        if not _are_all_current(table, programs, rows, current):
            return
        parts: dict[tuple[str, ...], list[dict[str, Row]]] = {}
        for key, group in grouped.items():
            if key[0] != TOTAL:
                parts.setdefault(key[1:], []).append(group)
        for key, group in grouped.items():
            for metric, row in group.items() if key[0] == TOTAL else ():
                for count in ("numerator_count", "sample_size"):
                    names = [
                        _named(part[metric], count, place[part[metric]]) for part in parts[key[1:]]
                    ]
                    self._sum(_named(row, count, place[row]), names, row, has_rest=False)

    def _one_group_of_outcomes(self, rows: dict[str, Row], place: dict[Row, At]) -> None:
        if not rows.keys() >= _METRICS:
            # An earlier release of another form.
            return

        def numerator(metric: str) -> Hashable:
            return _named(rows[metric], "numerator_count", place[rows[metric]])

        def denominator(metric: str) -> Hashable:
            return _named(rows[metric], "sample_size", place[rows[metric]])

        first = rows["paired_data"]
        course, asked = denominator("paired_data"), denominator("recovery")
        for metric in rows:
            same = asked if metric in _ASKED else course
            if denominator(metric) != same:
                self._sum(same, [denominator(metric)], first, has_rest=False)
        changes = ("reliable_improvement", "no_reliable_change", "reliable_deterioration")
        for whole, parts in (
            (course, [asked]),
            (course, [numerator("paired_data")]),
            (course, [numerator(metric) for metric in changes]),
            (asked, [numerator("at_caseness")]),
            (numerator("at_caseness"), [numerator("recovery")]),
            (numerator("recovery"), [numerator("reliable_recovery")]),
            (numerator("reliable_improvement"), [numerator("reliable_recovery")]),
        ):
            self._sum(whole, parts, first, has_rest=True)

    def _attrition(
        self,
        current: dict[tuple[str, str], list[Row]],
        place: dict[Row, At],
        programs: set[str],
        rows: dict[tuple[str, str], list[Row]],
    ) -> None:
        table = "pub_attrition"
        steps = {
            program: {int(row[1][1]): row for row in own}
            for (name, program), own in current.items()
            if name == table
        }
        for program, own in steps.items():
            self._one_attrition(own, place)
            self._attrition_beside_outcomes(
                own, current.get(("pub_program_outcomes", program), []), place
            )
        if TOTAL in steps and _are_all_current(table, programs, rows, current):
            for step, row in steps[TOTAL].items():
                for count in ("episode_count", "lost_count"):
                    names = [
                        _named(own[step], count, place[own[step]])
                        for program, own in steps.items()
                        if program != TOTAL
                    ]
                    self._sum(_named(row, count, place[row]), names, row, has_rest=False)

    def _one_attrition(self, rows: dict[int, Row], place: dict[Row, At]) -> None:
        first = _named(rows[1], "episode_count", place[rows[1]])
        for step, row in rows.items():
            referred, previous, taken, lost = (
                _named(row, count, place[row]) for count in SHAPES[row[0]].counts
            )
            self._sum(previous, [taken, lost], row, has_rest=False)
            before = rows[max(step - 1, 1)]
            self._sum(
                previous, [_named(before, "episode_count", place[before])], row, has_rest=False
            )
            self._sum(referred, [first], row, has_rest=False)
            self._sum(referred, [taken], row, has_rest=True)

    def _attrition_beside_outcomes(
        self, rows: dict[int, Row], outcomes: list[Row], place: dict[Row, At]
    ) -> None:
        """The fourth step is to be a counted course, the fifth to be measured twice."""
        courses = [row for row in outcomes if row[1][3] == "paired_data"]
        if courses:
            for step, count in ((4, "sample_size"), (5, "numerator_count")):
                total = _named(rows[step], "episode_count", place[rows[step]])
                parts = [_named(row, count, place[row]) for row in courses]
                self._sum(total, parts, rows[step], has_rest=False)


def _are_all_current(
    table: str,
    programs: set[str],
    rows: dict[tuple[str, str], list[Row]],
    current: dict[tuple[str, str], list[Row]],
) -> bool:
    """Whether a total of all programs is of the same time as each of them."""
    return all((table, name) in current or (table, name) not in rows for name in programs)


def _named(row: Row, count: str, at: At) -> Hashable:
    return (row, count, (at.people.get(count, at.label), at.is_kept))
