"""May this file come in? A source's contract, one file judged by it, then turned into rows.

What belongs here: the source (folder, mapping, contract) and the steps of one file.
What does not: the ledger, the archive, the order of files (inbox.py).
"""

import fnmatch
import json
import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.landing import descriptions, measures, preflight, reading
from orchestration.landing.binding import bind_tidy, bind_wide
from orchestration.landing.columns import Wide, spell_out
from orchestration.landing.expressions import Dialect
from orchestration.landing.files import Received
from orchestration.landing.identifiers import find_beside, find_identifiers, find_in_names
from orchestration.landing.loading import Counts, store
from orchestration.landing.mapping import FILE_NAME, Mapping, read_mapping
from orchestration.landing.reading import Staged
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.tidy import KINDS, kind_of
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_IDENTIFIERS = ("client_id", "episode_id", "clinician_id", "clinic_id")


@dataclass(frozen=True)
class Source:
    """One folder of landing and how its files are read.

    Attributes:
        name: the folder's name.
        mapping: its ``source.yml``, or the defaults.
        wide: the mapping spelt out; None for tidy files.
        contract: hash of mapping and registry.
        place: how messages call the mapping.
        folder: where it lies; None where only the archive remembers it.
    """

    name: str
    mapping: Mapping
    wide: Wide | None
    contract: str
    place: str
    folder: Path | None

    @classmethod
    def of(
        cls, name: str, mapping: Mapping, registry: Registry, place: str, folder: Path | None
    ) -> "Source":
        """A source with its templates spelt out.

        Raises:
            SettingsError: the mapping names something the registry does not know.
        """
        wide = spell_out(mapping, registry, place) if mapping.format == "wide" else None
        return cls(name, mapping, wide, mapping.contract(registry.fingerprint), place, folder)

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
        values: dict[str, Any] = json.loads(self.mapping.canonical())
        return values

    def record_type(self, file_name: str) -> str | None:
        """A tidy kind or ``wide``."""
        return "wide" if self.wide is not None else kind_of(file_name)


@dataclass(frozen=True)
class Judged:
    """A file that may come in, as a table.

    Attributes:
        staged: the landed table.
        record_type: a tidy kind or ``wide``.
    """

    staged: Staged
    record_type: str


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


def read_source(folder: Path, registry: Registry) -> Source:
    """The source of a folder.

    Raises:
        SettingsError: its ``source.yml`` is wrong.
    """
    place = f"landing/{folder.name}/{FILE_NAME}"
    return Source.of(folder.name, read_mapping(folder), registry, place, folder)


def look(
    connection: "Connection", received: Received, source: Source, name: str, folder: Path
) -> tuple[Path, str, str, tuple[str, ...], preflight.CsvFacts | None]:
    """Everything that can be said of a file without reading its rows into a table.

    Returns:
        The path to read (UTF-8), extension, delimiter, header, and the facts about text.

    Raises:
        FileRefusalError: the file cannot come in.
    """
    extension = Path(name).suffix.lower()
    if extension not in reading.EXTENSIONS:
        message = (
            f"{name}: Scout does not read this kind of file. Export it as "
            f"{', '.join(reading.EXTENSIONS)}, "
            "or move it out of landing."
        )
        raise FileRefusalError("unknown_format", message)
    if not any(fnmatch.fnmatchcase(name, glob) for glob in source.mapping.files):
        message = (
            f"{name} is not named by `files` in {source.place}. Name it there, or move it to "
            "a folder of its own."
        )
        raise FileRefusalError("unknown_format", message)
    kind = source.record_type(name)
    if kind is None:
        message = (
            f"{name}: the name of a tidy file starts with {', '.join(KINDS)}. Rename it, or "
            "describe its columns in "
            f"{source.place}."
        )
        raise FileRefusalError("unknown_format", message)
    delimiter = source.mapping.delimiter or reading.DELIMITED.get(extension, ",")
    path = received.path
    if extension in reading.DELIMITED:
        preflight.name_the_bytes(path, name)
        path = preflight.as_utf8(
            path, source.mapping.encoding, folder / f"{received.sha256}.utf8", name
        )
    header, facts = reading.header_of(connection, path, extension, delimiter, name)
    if source.wide is not None:
        bind_wide(source.mapping, source.wide, header, name, source.place)
    else:
        bind_tidy(source.mapping, kind, header, name, source.place)
    return path, extension, delimiter, header, facts


def judge(
    connection: "Connection", received: Received, source: Source, name: str, folder: Path
) -> Judged:
    """Read a file into the landed table and make sure that it identifies nobody.

    Raises:
        FileRefusalError: the file cannot come in.
    """
    path, extension, delimiter, header, facts = look(connection, received, source, name, folder)
    staged = reading.stage(connection, path, extension, delimiter, name, header, facts)
    if path != received.path:
        path.unlink()
    kind = source.record_type(name) or "wide"
    if source.wide is not None:
        needed = source.wide.columns(source.mapping)
        dates = {block.date_column for block in source.wide.blocks if block.date_column}
        pseudonyms = {column for column, key in needed.items() if key in _IDENTIFIERS}
    else:
        dates = {column for column in KINDS[kind].dates if column in header}
        pseudonyms = {column for column in _IDENTIFIERS if column in header}
    findings = find_identifiers(
        connection,
        reading.TABLE,
        columns=list(header),
        event_date_columns=dates,
        identifier_columns=pseudonyms,
    )
    findings += find_in_names(header)
    findings += find_beside(
        connection,
        received.path,
        lines=staged.ragged,
        delimiter=delimiter,
        encoding=source.mapping.encoding,
    )
    if findings:
        told = " ".join(f"{one.sentence} {one.how_to_mend}" for one in findings[:5])
        more = f" And {len(findings) - 5} more such columns." if len(findings) > 5 else ""
        raise FileRefusalError(
            "looks_identified",
            f"{name} looks as if it identifies people; nothing of it was kept. {told}{more}",
        )
    return Judged(staged, kind)


def load(
    connection: "Connection",
    judged: Judged,
    source: Source,
    sequence: int,
    settings: Settings,
    registry: Registry,
) -> Counts:
    """Turn the landed table into raw rows, inside the caller's transaction."""
    staged, mapping = judged.staged, source.mapping
    latest = settings.clock().date() + timedelta(days=1)
    dialect = Dialect(mapping.date_format, mapping.missing, latest)
    if source.wide is not None:
        found = [
            measures.wide_measures(
                connection, table, staged, mapping, source.wide, dialect, source.name
            )
            for table in ("item_responses", "stated_scores")
        ]
        incoming = [one for one in found if one is not None]
        incoming += descriptions.wide_records(connection, staged, mapping, dialect, source.name)
    elif judged.record_type in ("responses", "scores"):
        incoming = [
            measures.tidy_measures(
                connection, judged.record_type, staged, mapping, registry, dialect, source.name
            )
        ]
    else:
        incoming = [
            descriptions.tidy_records(connection, judged.record_type, staged, mapping, dialect)
        ]
    counts = store(connection, sequence, source.name, staged, incoming, mapping.client_id)
    for name in (reading.TABLE, *(one.name for one in incoming)):
        connection.execute(f"drop table if exists {name}")
    return counts
