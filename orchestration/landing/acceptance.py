"""May this file come in? One file judged by its source's contract, then turned into rows.

What belongs here: the steps of one file, table by table.
What does not: the source itself (sources.py), the ledger, the archive, the order of files.
"""

import fnmatch
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.landing import descriptions
from orchestration.landing.binding import bind_tidy, bind_wide
from orchestration.landing.expressions import Dialect
from orchestration.landing.files import Received
from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Opened
from orchestration.landing.formats.delimited import DELIMITERS
from orchestration.landing.identifiers import (
    Finding,
    find_beside,
    find_identifiers,
    find_in_names,
    identified,
)
from orchestration.landing.loading import Counts, store
from orchestration.landing.measures import tidy_measures
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.sources import Source
from orchestration.landing.staged import Staged
from orchestration.landing.tidy import KINDS
from orchestration.landing.wide_measures import wide_measures
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_IDENTIFIERS = ("client_id", "episode_id", "clinician_id", "clinic_id")


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
        source.wide,
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
    found = [one for staged in tables for one in _identifiers(connection, staged, source)]
    found += _beside(connection, received, source, name, tables)
    if found:
        raise identified(name, found)
    return Judged(tables)


def _identifiers(connection: "Connection", staged: Staged, source: Source) -> list[Finding]:
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
    return findings + find_in_names(staged.header)


def _beside(
    connection: "Connection",
    received: Received,
    source: Source,
    name: str,
    tables: tuple[Staged, ...],
) -> list[Finding]:
    """What the bytes hold beside the rows: they are archived whole."""
    extension = Path(name).suffix.lower()
    if extension not in (*DELIMITERS, ".xlsx"):
        return []
    odd = [line for one in tables for line, reason in one.refused if reason == "ragged_row"]
    return find_beside(
        connection,
        received.path,
        lines=odd,
        delimiter=source.given.delimiter or DELIMITERS.get(extension, ","),
        encoding=source.given.encoding,
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
    mapping = source.mapping
    dialect = Dialect(
        mapping.date_format,
        mapping.missing_codes.everywhere,
        latest,
        mapping.decimal,
        mapping.sas_tiny_zeros,
        mapping.missing_codes.columns,
    )
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
            wide_measures(
                connection, table, staged, mapping, source.wide, registry, dialect, source.name
            )
            for table in ("item_responses", "stated_scores")
        ]
        incoming = [one for one in found if one is not None]
        incoming += descriptions.wide_records(connection, staged, mapping, dialect, source.name)
    elif staged.record_type in ("responses", "scores"):
        incoming = [
            tidy_measures(
                connection,
                staged.record_type,
                staged,
                mapping,
                registry,
                dialect,
                source.name,
                source.instrument_codes,
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
