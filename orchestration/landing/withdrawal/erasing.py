"""One file without the records of withdrawn clients: which format does it, and whom it leaves out.

What belongs here: the choice of the format, and tombstones asked in the words of a source.
What does not: how a kind of file is written again (``formats``), where files lie and what becomes
of them.

A file that its source's format does not read, such as a workbook beside the exports of a project,
is never loaded but may hold the client: the format that reads its ending elsewhere takes it.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.erasure import Erased, Erasure
from orchestration.landing.mapping import Mapping
from orchestration.landing.withdrawal.tombstones import CLIENT, EPISODE, Tombstones, is_specific

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["ERASABLE", "SourceIds", "erase"]

# Ending -> the first format that can take clients out of such a file.
_BY_ENDING = {ending: one.name for one in reversed(FORMATS.values()) for ending in one.erasable}
ERASABLE = tuple(_BY_ENDING)


@dataclass(frozen=True)
class SourceIds:
    """Who has withdrawn, asked of the cells of one source.

    Attributes:
        tombstones: who has.
        prefix: what the source's mapping puts before a client's id.
    """

    tombstones: Tombstones
    prefix: str = ""

    @classmethod
    def of(cls, tombstones: Tombstones, mapping: Mapping) -> "SourceIds":
        """In the words of a mapping."""
        return cls(tombstones, mapping.client_id_prefix or "")

    def is_client(self, text: str) -> bool:
        """Whether a client's cell is a withdrawn client's."""
        return bool(text) and self.tombstones.holds(CLIENT, self.prefix + text)

    def is_episode(self, text: str) -> bool:
        """Whether an episode's cell is a withdrawn client's."""
        return bool(text) and self.tombstones.holds(EPISODE, text)

    def is_anywhere(self, text: str) -> bool:
        """Whether a cell of any column is an id that nothing else could be."""
        # Without its prefix an id may be a small number, which stands in every file.
        held = self.tombstones
        return is_specific(text) and (
            held.holds_anywhere(text) or held.holds_anywhere(self.prefix + text)
        )


def erase(
    connection: "Connection | None",
    source: Path,
    target: Path,
    name: str,
    mapping: Mapping | None,
    tombstones: Tombstones,
    companions: Dictionary[str, Path] | None = None,
) -> Erased | None:
    """Write ``source`` without withdrawn clients to ``target``; None for a format Scout cannot.

    ``target`` is of use only where something was removed and something remains.

    Args:
        connection: for what DuckDB reads.
        source: the bytes.
        target: where the others go.
        name: the file's name in landing.
        mapping: its source's mapping; None where that is of no use.
        tombstones: who has withdrawn.
        companions: key of the mapping -> the companion file.
    """
    extension = Path(name).suffix.lower()
    given = mapping or Mapping()
    if extension not in given.reader.erasable:
        if extension not in _BY_ENDING:
            return None
        given = _read_as(given, _BY_ENDING[extension])
    ids = SourceIds.of(tombstones, given)
    return given.reader.erase(
        Erasure(connection, source, target, name, given, ids, companions or {})
    )


def _read_as(mapping: Mapping, name: str) -> Mapping:
    """A mapping that keeps what it says of columns and text, with another format's defaults."""
    options = FORMATS[name].options
    return mapping.model_copy(update={"format": name, "options": options and options()})
