"""Whole numbers of people that agree with what is known: how low and how high can each be?

What belongs here: unknown counts, sums that hold among them, and their exact bounds.
What does not: which table a count stands in.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

# By the clock on the wall: on a busy machine the first may pass before anything is found.
_SECONDS = (5.0, 60.0)
_OUT_OF_TIME = 1
# Nobody publishes about more people than this.
_MOST = 1e9


@dataclass
class Knowledge:
    """Counts of people by any hashable name, and what is known of them.

    Attributes:
        low, high: least and most people of each count; of an unknown one 0 and no end.
        rows: linear facts, each as names and coefficients with the least and most they come to.
    """

    low: dict[Hashable, float] = field(default_factory=dict)
    high: dict[Hashable, float] = field(default_factory=dict)
    rows: list[tuple[dict[Hashable, float], float, float]] = field(default_factory=list)

    def learn(self, name: Hashable, low: float, high: float) -> None:
        """A count lies between two numbers, these included."""
        self.low[name] = max(low, self.low.get(name, 0.0))
        self.high[name] = min(high, self.high.get(name, _MOST))

    def state(self, terms: dict[Hashable, float], low: float, high: float) -> None:
        """A weighted sum of counts lies between two numbers."""
        for name in terms:
            self.learn(name, 0.0, _MOST)
        self.rows.append((terms, low, high))


@dataclass(frozen=True)
class Found:
    """What became of one count that was attacked.

    Attributes:
        low, high: the bounds that decide; one of them may be left wide where the other suffices.
        is_contradicted: no whole numbers agree with all that was stated, or none were found in
            time, so that nothing is known of it.
    """

    low: float
    high: float
    is_contradicted: bool = False

    def is_recovered(self, smallest: int) -> bool:
        """Whether it is known exactly, and small."""
        return 1 <= self.low == self.high < smallest

    def is_narrowed(self, smallest: int) -> bool:
        """Whether it is known to be small and not none, if not how small."""
        return 1 <= self.low < self.high < smallest


def attack(
    knowledge: Knowledge, targets: Iterable[Hashable], smallest: int
) -> dict[Hashable, Found]:
    """Bounds of each target: exact where both matter, that is where it is surely small.

    Counts that hang together by no fact are attacked apart, so the work grows with their number.
    """
    wanted = set(targets)
    found: dict[Hashable, Found] = {}
    for names, rows in _components(knowledge):
        mine = [name for name in names if name in wanted]
        if mine:
            found |= _attack_together(knowledge, names, rows, mine, smallest)
    for name in wanted - set(found):
        found[name] = Found(knowledge.low.get(name, 0.0), knowledge.high.get(name, _MOST))
    return found


def _components(knowledge: Knowledge) -> Iterable[tuple[list[Hashable], list[int]]]:
    """Unknown counts and the facts that tie them; a count that is known ties nothing."""
    parent: dict[Hashable, Hashable] = {}

    def root(name: Hashable) -> Hashable:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    free: list[list[Hashable]] = []
    for terms, _, _ in knowledge.rows:
        names = [name for name in terms if knowledge.low[name] < knowledge.high[name]]
        free.append(names)
        for name in names:
            parent.setdefault(name, name)
        for name in names[1:]:
            parent[root(name)] = root(names[0])
    members: dict[Hashable, list[Hashable]] = defaultdict(list)
    facts: dict[Hashable, list[int]] = defaultdict(list)
    for name in parent:
        members[root(name)].append(name)
    for number, names in enumerate(free):
        if names:
            facts[root(names[0])].append(number)
    for key, names in members.items():
        yield names, facts[key]


def _attack_together(
    knowledge: Knowledge,
    names: list[Hashable],
    rows: list[int],
    targets: list[Hashable],
    smallest: int,
) -> dict[Hashable, Found]:
    place = {name: number for number, name in enumerate(names)}
    matrix, low, high = _matrix(knowledge, place, rows)
    least = np.array([knowledge.low[name] for name in names])
    most = np.array([knowledge.high[name] for name in names])
    safe: set[Hashable] = set()
    found: dict[Hashable, Found] = {}
    for target in targets:
        if target in safe:
            continue
        number = place[target]
        highest = _extreme(matrix, low, high, least, most, number, -1.0)
        if highest is None:
            nothing = Found(0.0, _MOST, is_contradicted=True)
            return found | dict.fromkeys([name for name in targets if name not in found], nothing)
        # One table that agrees may show of many at once that they need not be small.
        for name in targets:
            if highest[place[name]] >= smallest or highest[place[name]] == 0:
                safe.add(name)
                found.setdefault(name, Found(0.0, float(_MOST)))
        if target in safe:
            continue
        lowest = _extreme(matrix, low, high, least, most, number, 1.0)
        bottom = float(lowest[number]) if lowest is not None else 0.0
        found[target] = Found(bottom, float(highest[number]))
    return found


def _matrix(
    knowledge: Knowledge, place: dict[Hashable, int], rows: list[int]
) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
    entries: list[tuple[int, int, float]] = []
    low, high = [], []
    for line, number in enumerate(rows):
        terms, least, most = knowledge.rows[number]
        for name, weight in terms.items():
            if name in place:
                entries.append((line, place[name], weight))
            else:
                least -= weight * knowledge.low[name]
                most -= weight * knowledge.low[name]
        low.append(least)
        high.append(most)
    lines, columns, weights = zip(*entries, strict=True)
    matrix = csr_array((weights, (lines, columns)), shape=(len(rows), len(place)))
    return matrix, np.array(low), np.array(high)


def _extreme(
    matrix: csr_array,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    number: int,
    direction: float,
) -> NDArray[np.float64] | None:
    objective = np.zeros(len(least))
    objective[number] = direction
    for seconds in _SECONDS:
        result = milp(
            objective,
            integrality=np.ones(len(least)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": seconds},
        )
        # The best point so far is no bound: it would make a count look small that need not be.
        if result.status != _OUT_OF_TIME:
            break
    if result.x is None:
        return None
    point: NDArray[np.float64] = np.round(result.x)
    return point
