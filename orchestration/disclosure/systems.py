"""Which counts hang together, and the smallest that may be known of each set of them.

What belongs here: taking atoms apart into sets of counts that sums connect, and floors in episodes.
What does not: which of a set are shown (``cells``).
"""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from orchestration.disclosure.history import Whole
from orchestration.disclosure.policies import DisclosurePolicy
from orchestration.disclosure.release_changes import block_of, cell_parts
from orchestration.disclosure.tables import PublishedTable
from orchestration.disclosure.universe import Universe


def floors_of(sizes: pd.DataFrame, policy: DisclosurePolicy) -> dict[tuple[str, str], int]:
    """Per system and unit the smallest count of episodes that surely stands for enough clients."""
    return {
        (system, unit): _floor(policy, int(episodes), int(clients), int(most))
        for system, unit, episodes, clients, most in sizes[
            ["system", "unit_id", "episode_count", "client_count", "most_per_client"]
        ].itertuples(index=False)
    }


def systems(
    atoms: pd.DataFrame,
    tables: Mapping[str, PublishedTable],
    floors: Mapping[tuple[str, str], int],
) -> Iterator[tuple[Whole, Universe, int, list[tuple[Universe, int]]]]:
    """Each set of counts that hang together, its smallest count, and its parts where it has any."""
    parsed = {
        text: [cell_parts(cell) for cell in text.split(",")] for text in atoms["cells"].unique()
    }

    def filled(own: Iterable[tuple[str, str, int]], whole: str | None) -> Universe:
        universe = Universe(tables)
        for unit, text, count in own:
            units = [unit] if whole is None else [unit, whole]
            names = [
                (t, block_of(one, row), cell) for one in units for t, row, cell in parsed[text]
            ]
            universe.add_atom((unit, text), count, names)
        return universe

    alone: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    together: dict[tuple[str, str], dict[str, list[tuple[str, str, int]]]] = {}
    columns = ["system", "unit_id", "total_id", "cells", "episode_count"]
    for system, unit, total, text, count in atoms[columns].values.tolist():
        if pd.isna(total):
            alone.setdefault((system, unit), []).append((unit, text, count))
        else:
            units = together.setdefault((system, total), {})
            units.setdefault(unit, []).append((unit, text, count))
    for (system, unit), own in alone.items():
        yield (system, unit, None), filled(own, None), floors[system, unit], []
    for (system, total), units in together.items():
        parts = [(filled(own, None), floors[system, unit]) for unit, own in units.items()]
        floor = max(floors[system, total], *(floor for _, floor in parts))
        everybody = [row for own in units.values() for row in own]
        yield (system, None, total), filled(everybody, total), floor, parts


def _floor(policy: DisclosurePolicy, episodes: int, clients: int, most: int) -> int:
    """The smallest count of episodes that surely stands for enough clients.

    Of n episodes at least n - (episodes - clients) belong to different people, and at least
    n / most.
    """
    smallest = policy.smallest_count
    return smallest + min(episodes - clients, smallest * (most - 1))
