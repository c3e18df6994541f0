"""The contract of a format: how one file becomes one or more landed tables of text.

What belongs here: what every format promises, and what it is given. A new format is one module
beside this one, listed in ``formats/__init__.py``.
What does not: any particular format; what the columns of a landed table mean.

A file goes through two steps. :meth:`Format.open` looks: it refuses a file that cannot come in and
tells which tables it will give and which columns each has, reading no more than it must.
:meth:`Opened.stage` reads: it makes the tables. Between the two the columns are held against the
mapping; after them come the search for identifiers, the row rules, the keys and the conservation
law, all of them per landed table and the same for every format.

A third is asked of archived bytes: :meth:`Format.erase` writes a file again without the clients who
withdrew. Its bytes depend on nothing but the file, the mapping and who withdrew.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from orchestration.landing.formats.erasure import (
    Erased,
    Erasure,
    Ids,
    RowFinder,
    RowTest,
    row_test,
)
from orchestration.landing.mapping_values import Strict
from orchestration.landing.staged import Staged
from orchestration.landing.tidy import kind_of

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping
    from orchestration.landing.registry import Registry
    from orchestration.landing.wide import Wide
    from orchestration.warehouse import Connection

# Keys of a mapping that only make sense where one line holds many answers.
_WIDE_ONLY = (
    "client_id",
    "episode_id",
    "day",
    "occurred_on",
    "occasion",
    "instruments",
    "attributes",
)


@dataclass(frozen=True)
class Arrival:
    """One received file and all that a format may want to know of it.

    Attributes:
        name: how messages call the file; its ending is the file's ending.
        path: a private copy of its bytes, never to be changed.
        mapping: the source's mapping; ``mapping.options`` is the format's own block.
        registry: what is known of instruments.
        place: how messages call the mapping.
        scratch: a folder for temporary copies; it is removed when landing ends.
        companions: key of the mapping -> a private copy of the companion file.
        wide: what the mapping spells out; None where no landed table is wide.
    """

    name: str
    path: Path
    mapping: "Mapping"
    registry: "Registry"
    place: str
    scratch: Path
    companions: Dictionary[str, Path] = field(default_factory=dict)
    wide: "Wide | None" = None

    @property
    def extension(self) -> str:
        """The ending of the file's name, in lower case, with its dot."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Outline:
    """One table that a file will give.

    Attributes:
        record_type: a tidy kind, or ``wide``.
        header: its columns.
        known: columns that the format understands by itself: nothing has to map or ignore them.
    """

    record_type: str
    header: tuple[str, ...]
    known: frozenset[str] = frozenset()


class Opened(ABC):
    """A file that was looked at and may be read.

    Attributes:
        outlines: the tables it will give. Two of them never feed one raw table.
    """

    outlines: tuple[Outline, ...]

    @abstractmethod
    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Make one temporary table per outline, in the same order, every value as text.

        Memory stays flat however large the file is.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """


class Format(ABC):
    """One value of ``format`` in ``source.yml``.

    Attributes:
        name: that value.
        extensions: the endings of the files it reads, in lower case.
        options: the model of its own block in ``source.yml``, which is called as the format is.
        erasable: the endings of the files out of which it can take clients who withdrew.
    """

    name: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]]
    options: ClassVar[type[Strict] | None] = None
    erasable: ClassVar[tuple[str, ...]] = ()

    def check(self, mapping: "Mapping") -> None:
        """Say what in a mapping does not fit this format or itself.

        Raises:
            ValueError: what is wrong and how to mend it, without a full stop.
        """
        check_tidy(mapping)

    def is_wide(self, mapping: "Mapping") -> bool:
        """Whether the landed table is wide, so that the mapping spells out its columns."""
        return False

    def seen_as(self, mapping: "Mapping") -> "Mapping":
        """The mapping as the row rules see it: with columns that reading adds to the table."""
        return mapping

    def record_type(self, mapping: "Mapping", file_name: str) -> str | None:
        """What the ledger calls the contents of a file; None where nothing can be said."""
        return "wide" if self.is_wide(mapping) else kind_of(file_name)

    def companions(self, mapping: "Mapping") -> Dictionary[str, str]:
        """Files of the source that hold no records and that reading needs: key -> file name.

        The key is how the mapping calls it, such as ``redcap.dictionary``. Their bytes are archived
        with the file's and their hashes are part of its contract: a changed dictionary
        has the file read again.
        """
        return {}

    def id_columns(self, mapping: "Mapping") -> tuple[str, str]:
        """The columns of the client's and of the episode's id, as files call them."""
        return mapping.client_id or "client_id", mapping.episode_id or "episode_id"

    def withdrawn_rows(
        self,
        mapping: "Mapping",
        ids: Ids,
        header: Sequence[str],
        rows: Callable[[], Iterable[Sequence[str]]],
    ) -> RowTest:
        """The question whether a row of a table is a withdrawn client's.

        Args:
            mapping: the source's mapping.
            ids: who has withdrawn.
            header: the names of the columns.
            rows: reads the rows, each time anew.
        """
        return row_test(RowFinder(ids, *self.id_columns(mapping)), header, rows, None)

    def erase(self, erasure: Erasure) -> Erased:
        """Write a file of an erasable ending without the records of withdrawn clients.

        The same file, mapping and clients give the same bytes. Whatever is raised says that the
        file cannot be read; its text is never shown.
        """
        raise NotImplementedError(self.name)

    @abstractmethod
    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at a file.

        Raises:
            FileRefusalError: it cannot come in.
        """


def check_tidy(mapping: "Mapping") -> None:
    """Refuse keys that belong to wide files.

    Raises:
        ValueError: what is wrong and how to mend it.
    """
    for key in _WIDE_ONLY:
        if getattr(mapping, key):
            raise ValueError(f"`{key}` belongs to `format: wide`; remove it, or set the format")


def check_wide(mapping: "Mapping", *, has_time: bool = False) -> None:
    """Refuse a wide mapping that lacks the client, the instruments or their time.

    Args:
        mapping: the mapping.
        has_time: the format itself knows when a line was filled in.

    Raises:
        ValueError: what is wrong and how to mend it.
    """
    if mapping.client_id is None:
        raise ValueError("`client_id` is missing; name the column that holds the pseudonym")
    if not mapping.instruments:
        raise ValueError("`instruments` is missing; map at least one instrument")
    timed = has_time or mapping.day or mapping.occurred_on or mapping.occasion
    for name, block in mapping.instruments.items():
        has_own = block.occasions is not None or block.occurred_on or block.day
        if not timed and not has_own:
            raise ValueError(
                f"`instruments.{name}` has no time; give `occurred_on`, `day` or `occasion` "
                "for the whole file, or `occasions` for this instrument"
            )
