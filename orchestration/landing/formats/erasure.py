"""The contract of forgetting: what a format is given to take withdrawn clients out of a file.

What belongs here: the task, its outcome, and the question whether a row of cells is a withdrawn
client's, which every kind of table asks alike.
What does not: how a kind of file is written (erasing_tables.py, statistical_erasing.py,
fhir/erasing.py), who has withdrawn (``landing.withdrawal``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping as SourceMapping

__all__ = ["Erased", "Erasure", "Ids", "RowFinder", "RowTest", "row_test"]

RowTest = Callable[[Sequence[str]], bool]


class Ids(Protocol):
    """Who has withdrawn, asked in the words of one source."""

    def is_client(self, text: str) -> bool:
        """Whether a client's cell of this source is a withdrawn client's; a prefix is added."""
        ...

    def is_episode(self, text: str) -> bool:
        """Whether an episode's cell is a withdrawn client's."""
        ...

    def is_anywhere(self, text: str) -> bool:
        """Whether a cell of any column is an id that nothing else could be."""
        ...


@dataclass(frozen=True)
class Erasure:
    """One file and whom to leave out of it.

    Attributes:
        connection: for what DuckDB reads and writes.
        source: the bytes as they came, never changed.
        target: where to write the file without those clients.
        name: the file's name; its ending is the file's ending.
        mapping: the source's mapping; ``mapping.options`` is the format's own block.
        ids: who has withdrawn.
        companions: key of the mapping -> the companion file.
    """

    connection: Any
    source: Path
    target: Path
    name: str
    mapping: "SourceMapping"
    ids: Ids
    companions: Mapping[str, Path] = field(default_factory=dict)

    @property
    def extension(self) -> str:
        """The ending of the file's name, in lower case, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Erased:
    """What became of a file.

    Attributes:
        removed: records left out; 0 where the file holds no withdrawn client.
        remaining: records that stay; the target is of use where both are more than 0.
    """

    removed: int
    remaining: int


class RowFinder:
    """Does a row belong to a withdrawn client?"""

    def __init__(self, ids: Ids, client: str, episode: str) -> None:
        """Look for ids.

        Args:
            ids: who has withdrawn.
            client: the column of the client's id.
            episode: the column of the episode's id.
        """
        self.ids, self.client, self.episode = ids, client, episode
        self.client_at: int | None = None
        self.episode_at: int | None = None

    def read_header(self, header: Sequence[str]) -> None:
        """Learn where the ids stand."""
        names = [name.removeprefix("\ufeff").strip() for name in header]
        self.client_at = names.index(self.client) if self.client in names else None
        self.episode_at = names.index(self.episode) if self.episode in names else None

    def is_withdrawn(self, cells: Sequence[str]) -> bool:
        """Whether any cell says so."""
        texts = [cell.strip(" \t") for cell in cells]
        return any(self.tells(place, text) for place, text in enumerate(texts) if text)

    def tells(self, place: int, text: str) -> bool:
        """Whether one trimmed cell says so."""
        if place == self.client_at and self.ids.is_client(text):
            return True
        if place == self.episode_at and self.ids.is_episode(text):
            return True
        return self.ids.is_anywhere(text)


def row_test(
    finder: RowFinder,
    header: Sequence[str],
    rows: Callable[[], Iterable[Sequence[str]]],
    group: int | None,
) -> RowTest:
    """The question whether a row goes, for a table whose rows can be read twice.

    Args:
        finder: who has withdrawn, and in which columns.
        header: the names of the columns.
        rows: reads the rows.
        group: the place of a column whose rows go together, such as the record of a project of
            which only some rows say who the client is; None where each row speaks for itself.
    """
    finder.read_header(header)
    if group is None:
        return finder.is_withdrawn
    at = group
    gone = {row[at].strip() for row in rows() if len(row) > at and finder.is_withdrawn(row)} - {""}
    return lambda row: (len(row) > at and row[at].strip() in gone) or finder.is_withdrawn(row)
