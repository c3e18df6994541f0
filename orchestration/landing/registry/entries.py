"""What the rules across registry rows share: rows of one kind, rows in groups.

What belongs here: the shapes and small helpers that every such rule uses.
What does not: a rule.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from orchestration.landing.registry.questionnaires import ScaleItem
from orchestration.landing.registry.reading import Entry
from orchestration.landing.registry.rows import Row

Entries = Mapping[str, Sequence[Entry]]
RowType = TypeVar("RowType", bound=Row)
Key = TypeVar("Key")


def rows_of(entries: Entries, name: str, model: type[RowType]) -> list[tuple[Entry, RowType]]:
    """The well-formed rows of one file, each with where it stands."""
    return [(entry, entry.row) for entry in entries[name] if isinstance(entry.row, model)]


def grouped(
    rows: Iterable[tuple[Entry, RowType]], key: Callable[[RowType], Key]
) -> dict[Key, list[tuple[Entry, RowType]]]:
    """The rows that share a key, in order."""
    groups: dict[Key, list[tuple[Entry, RowType]]] = defaultdict(list)
    for entry, row in rows:
        groups[key(row)].append((entry, row))
    return groups


def items_by_scale(entries: Entries) -> dict[str, list[tuple[Entry, ScaleItem]]]:
    """Scale -> its items."""
    return grouped(rows_of(entries, "scale_items", ScaleItem), lambda row: row.scale_id)
