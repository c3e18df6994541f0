"""May this file come in? A source's contract, one file judged by it, then turned into rows.

What belongs here: the source (folder, mapping, contract) and the steps of one file.
What does not: the ledger, the archive, the order of files (inbox.py).
"""

import fnmatch
import json
import stat
from collections.abc import Collection
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import SettingsError
from orchestration.landing import descriptions, files, measures
from orchestration.landing.binding import bind_tidy, bind_wide
from orchestration.landing.columns import Wide, spell_out
from orchestration.landing.expressions import Dialect
from orchestration.landing.files import Received
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Opened
from orchestration.landing.identifiers import find_identifiers
from orchestration.landing.loading import Counts, store
from orchestration.landing.mapping import FILE_NAME, Mapping, read_mapping
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.staged import Staged
from orchestration.landing.tidy import KINDS
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_IDENTIFIERS = ("client_id", "episode_id", "clinician_id", "clinic_id")


@dataclass(frozen=True)
class Source:
    """One folder of landing and how its files are read.

    Attributes:
        name: the folder's name.
        mapping: its ``source.yml``, or the defaults, as the row rules see it.
        wide: the mapping spelt out; None where no landed table is wide.
        contract: hash of mapping, registry and companions.
        place: how messages call the mapping.
        folder: where it lies; None where only the archive remembers it.
        companions: key of the mapping -> a private copy of the companion file.
        given: the mapping as it was written.
    """

    name: str
    mapping: Mapping
    wide: Wide | None
    contract: str
    place: str
    folder: Path | None
    companions: Dictionary[str, Received] = field(default_factory=dict)
    given: Mapping = field(default_factory=Mapping)

    @classmethod
    def of(
        cls,
        name: str,
        mapping: Mapping,
        registry: Registry,
        place: str,
        folder: Path | None,
        companions: Dictionary[str, Received],
    ) -> "Source":
        """A source with its templates spelt out.

        Raises:
            SettingsError: the mapping names something the registry does not know.
        """
        seen = mapping.reader.seen_as(mapping)
        wide = spell_out(seen, registry, place) if mapping.reader.is_wide(mapping) else None
        hashes = {key: one.sha256 for key, one in companions.items()}
        contract = mapping.contract(registry.fingerprint, hashes)
        return cls(name, seen, wide, contract, place, folder, companions, mapping)

    @property
    def companion_names(self) -> Collection[str]:
        """The files of its folder that hold no records."""
        return self.given.reader.companions(self.given).values()

    @property
    def is_landed(self) -> bool:
        """Whether its folder is there."""
        return self.folder is not None

    def require_folder(self) -> Path:
        """Its folder, which the caller knows to be there."""
        if self.folder is None:
            raise FileNotFoundError(self.name)
        return self.folder

    def remembered(self) -> dict[str, Any]:
        """The mapping as the archive's note keeps it."""
        values: dict[str, Any] = json.loads(self.given.canonical())
        return values

    def record_type(self, file_name: str) -> str | None:
        """What the ledger calls the contents of a file."""
        return self.given.reader.record_type(self.given, file_name)


@dataclass(frozen=True)
class Judged:
    """A file that may come in, as tables.

    Attributes:
        tables: the landed tables.
    """

    tables: tuple[Staged, ...]

    @property
    def rows_read(self) -> int:
        """Records in the file."""
        return sum(staged.rows_read for staged in self.tables)

    @property
    def record_type(self) -> str:
        """What the tables hold, each once."""
        return ", ".join(dict.fromkeys(staged.record_type for staged in self.tables))


def sources(landing: Path) -> tuple[list[Path], list[str]]:
    """The folders of landing in order, and a message for whatever else lies there."""
    try:
        found = sorted(landing.iterdir())
    except FileNotFoundError:
        return [], []
    except OSError:
        return [], [
            f"{landing} cannot be read. Give Scout permission to it (chmod u+rx), then run again."
        ]
    folders, errors = [], []
    for path in found:
        if path.name.startswith("."):
            continue
        # A link to a folder elsewhere is not ours to read.
        if stat.S_ISDIR(path.lstat().st_mode):
            folders.append(path)
        else:
            errors.append(
                f"landing/{path.name} lies beside the sources. Move it into a folder of its "
                "source, landing/<source>/."
            )
    return folders, errors


def read_source(folder: Path, registry: Registry, scratch: Path) -> Source:
    """The source of a folder.

    Args:
        folder: where it lies.
        registry: what is known of instruments.
        scratch: where private copies of its companions may be put.

    Raises:
        SettingsError: its ``source.yml`` is wrong, or names a companion that cannot be read.
    """
    place = f"landing/{folder.name}/{FILE_NAME}"
    mapping = read_mapping(folder)
    companions = {}
    for key, name in mapping.reader.companions(mapping).items():
        if Path(name).name != name or not (folder / name).exists():
            raise SettingsError(
                f"{place}: key `{key}`: the folder landing/{folder.name} holds no such file. Put "
                "it there beside the data, or correct the name."
            )
        try:
            companions[key] = files.receive_copy(folder / name, scratch / "companions")
        except FileRefusalError as refusal:
            raise SettingsError(f"{place}: key `{key}`: {refusal.message}") from None
    return Source.of(folder.name, mapping, registry, place, folder, companions)


def look(
    connection: "Connection",
    received: Received,
    source: Source,
    name: str,
    folder: Path,
    registry: Registry,
) -> Opened:
    """Everything that can be said of a file without reading its rows into a table.

    Raises:
        FileRefusalError: the file cannot come in.
    """
    reader = source.given.reader
    arrival = Arrival(
        name,
        received.path,
        source.given,
        registry,
        source.place,
        folder,
        {key: one.path for key, one in source.companions.items()},
    )
    if arrival.extension not in reader.extensions:
        message = (
            f"{name}: Scout does not read this kind of file. Export it as "
            f"{', '.join(reader.extensions)}, "
            "or move it out of landing."
        )
        raise FileRefusalError("unknown_format", message)
    if not any(fnmatch.fnmatchcase(name, glob) for glob in source.mapping.files):
        message = (
            f"{name} is not named by `files` in {source.place}. Name it there, or move it to "
            "a folder of its own."
        )
        raise FileRefusalError("unknown_format", message)
    opened = reader.open(connection, arrival)
    for outline in opened.outlines:
        if outline.record_type == "wide" and source.wide is not None:
            bind_wide(source.mapping, source.wide, outline, name, source.place)
        else:
            bind_tidy(source.mapping, outline, name, source.place)
    return opened


def judge(
    connection: "Connection",
    received: Received,
    source: Source,
    name: str,
    folder: Path,
    registry: Registry,
) -> Judged:
    """Read a file into landed tables and make sure that they identify nobody.

    Raises:
        FileRefusalError: the file cannot come in.
    """
    tables = look(connection, received, source, name, folder, registry).stage(connection)
    for staged in tables:
        staging.prove(connection, staged, name)
    if not any(staged.rows_read for staged in tables):
        raise staging.without_rows(name)
    for staged in tables:
        _refuse_identified(connection, staged, source, name)
    return Judged(tables)


def _refuse_identified(connection: "Connection", staged: Staged, source: Source, name: str) -> None:
    if staged.record_type == "wide" and source.wide is not None:
        needed = source.wide.columns(source.mapping)
        dates = {block.date_column for block in source.wide.blocks if block.date_column}
        pseudonyms = {column for column, key in needed.items() if key in _IDENTIFIERS}
    else:
        dates = {column for column in KINDS[staged.record_type].dates if column in staged.header}
        pseudonyms = {column for column in _IDENTIFIERS if column in staged.header}
    findings = find_identifiers(
        connection,
        staged.table,
        columns=list(staged.header),
        event_date_columns=dates,
        identifier_columns=pseudonyms,
    )
    if findings:
        told = " ".join(f"{one.sentence} {one.how_to_mend}" for one in findings[:5])
        more = f" And {len(findings) - 5} more such columns." if len(findings) > 5 else ""
        raise FileRefusalError(
            "looks_identified",
            f"{name} looks as if it identifies people; nothing of it was kept. {told}{more}",
        )


def load(
    connection: "Connection",
    judged: Judged,
    source: Source,
    sequence: int,
    settings: Settings,
    registry: Registry,
) -> Counts:
    """Turn the landed tables into raw rows, inside the caller's transaction."""
    latest = settings.clock().date() + timedelta(days=1)
    dialect = Dialect(source.mapping.date_format, source.mapping.missing, latest)
    counts = Counts()
    for staged in judged.tables:
        counts += _load_table(connection, staged, source, sequence, dialect, registry)
    return counts


def _load_table(
    connection: "Connection",
    staged: Staged,
    source: Source,
    sequence: int,
    dialect: Dialect,
    registry: Registry,
) -> Counts:
    mapping = source.mapping
    client_column = None
    if staged.record_type == "wide" and source.wide is not None:
        client_column = mapping.client_id
        found = [
            measures.wide_measures(
                connection, table, staged, mapping, source.wide, dialect, source.name
            )
            for table in ("item_responses", "stated_scores")
        ]
        incoming = [one for one in found if one is not None]
        incoming += descriptions.wide_records(connection, staged, mapping, dialect, source.name)
    elif staged.record_type in ("responses", "scores"):
        incoming = [
            measures.tidy_measures(
                connection, staged.record_type, staged, mapping, registry, dialect, source.name
            )
        ]
    else:
        incoming = [
            descriptions.tidy_records(connection, staged.record_type, staged, mapping, dialect)
        ]
    counts = store(connection, sequence, source.name, staged, incoming, client_column)
    for name in (staged.table, *(one.name for one in incoming)):
        connection.execute(f"drop table if exists {name}")
    return counts
