"""`scout forget CLIENT`: a client who withdrew is erased everywhere under the home.

What belongs here: the order of the steps, so that a kill at any moment is mended by the next call.
What does not: how a file is rewritten or a tombstone made (``landing.withdrawal``).

The order. First every archived file that holds the client is written again for a try: where one
cannot be, nothing is changed. Then the tombstones are made durable: keyed hashes of the client's id
and of the ids of the client's episodes. Everything after that is driven by them alone and may be
done again: the releases, the warehouse and scratch go; every archived file that holds the client is
rewritten under a new hash; the copies in landing are rewritten alike. The warehouse and a new
release come from the archive by the next run, which `scout forget` starts itself.

Decisions. Old releases are removed, not mended: they hold the client, and a sealed file whose
numbers change silently would be worse than none. What readers were told of groups stays as it was
given out, for the next release to be compared with (``forgetting_published``). The warehouse is
rebuilt and not edited: DuckDB leaves deleted values in free blocks. What the disk, a snapshot or a
backup keeps is beyond Scout.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.forgetting_published import prepare, remove_releases, tidy
from orchestration.landing import files
from orchestration.landing.mapping import FILE_NAME, read_mapping
from orchestration.landing.withdrawal import Journal, Tombstones, erase
from orchestration.landing.withdrawal.rehearsing import erase_archived, unwritable
from orchestration.landing.withdrawal.tombstones import CLIENT, is_specific, write_durably
from orchestration.settings import Settings

__all__ = [
    "Holding",
    "as_rows",
    "finish_pending",
    "forget",
    "journal",
    "left_in_landing",
    "look_for",
    "withdrawals_after",
]

_TABLES = ("item_responses", "stated_scores", "clients", "episodes", "practice")
NUMBERS = ("records", "files_rewritten", "files_removed", "records_removed")


@dataclass(frozen=True)
class Holding:
    """What this home has of one client, in numbers.

    Attributes:
        records: rows of the raw tables.
        episodes: ids of the client's own episodes; never shown.
        was_forgotten: the client was forgotten before.
        files: hashes of the files these came from.
    """

    records: int
    episodes: frozenset[str]
    was_forgotten: bool
    files: frozenset[str]


def journal(settings: Settings) -> Journal:
    """The chained log of withdrawals of a home."""
    return Journal(settings.withdrawals / "log.jsonl")


def look_for(settings: Settings, client: str) -> Holding:
    """What this home holds of a client, asked of the warehouse; changes nothing.

    Raises:
        SettingsError: there is no warehouse to ask.
        WarehouseBusyError: a run is writing.
    """
    with warehouse.open_to_read(settings) as connection:
        there = {
            str(row[0])
            for row in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw'"
            ).fetchall()
        }
        records, hashes, episodes = 0, set[str](), set[str]()
        for table in (name for name in _TABLES if name in there):
            rows = connection.execute(
                f"select loads.sha256, count(*) from raw.{table} as held "
                "inner join raw.loads as loads using (load_sequence) "
                "where held.client_id = ? group by all",
                [client],
            ).fetchall()
            records += sum(int(row[1]) for row in rows)
            hashes |= {str(row[0]) for row in rows}
            if table not in ("clients", "practice"):
                # An id that two clients share is not the client's own.
                episodes |= {
                    str(row[0])
                    for row in connection.execute(
                        f"select episode_id from raw.{table} where episode_id is not null "
                        "group by episode_id having bool_and(client_id = ?)",
                        [client],
                    ).fetchall()
                }
    was_forgotten = Tombstones(settings.withdrawals).holds(CLIENT, client)
    return Holding(records, frozenset(episodes), was_forgotten, frozenset(hashes))


def forget(settings: Settings, client: str, holding: Holding) -> dict[str, int]:
    """Erase a client; returns what was done, in numbers.

    Raises:
        SettingsError: a file that holds the client cannot be rewritten; nothing was changed.
        ScoutError: the archive is damaged.
    """
    with warehouse.in_memory(settings) as connection:
        stuck = unwritable(
            connection,
            settings.archive,
            settings.scratch,
            holding.files,
            client,
            holding.episodes,
        )
    if stuck:
        message = (
            f"Scout cannot take one client out of {', '.join(stuck)}. Export it again without this "
            "client, best as CSV, and replace it in landing; delete the files in archive that "
            "begin with these characters, and warehouse.duckdb; then run, and call `scout forget` "
            "again. Nothing was changed."
        )
        raise SettingsError(message)
    prepare(settings, client)
    journal(settings).add("begun", settings.clock(), {"records": holding.records})
    Tombstones(settings.withdrawals).add(client, set(holding.episodes))
    return finish_pending(settings) or {}


def finish_pending(settings: Settings) -> dict[str, int] | None:
    """Finish a withdrawal that was begun; None where there is none. The caller holds the home.

    Raises:
        ScoutError: the archive is damaged.
    """
    tombstones = Tombstones(settings.withdrawals)
    if not tombstones.is_pending:
        return None
    remove_releases(settings)
    for path in (settings.warehouse, settings.warehouse.with_name("warehouse.duckdb.wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.scratch, ignore_errors=True)
    files.sync_folder(settings.home)
    done = {"files_rewritten": 0, "files_removed": 0, "records_removed": 0}
    with warehouse.in_memory(settings) as connection:
        settings.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        for note in files.notes(settings.archive):
            _mend_archived(settings, connection, tombstones, note, done)
        for folder, path in _landed(settings):
            _mend_landed(settings, connection, tombstones, folder, path)
    journal(settings).add("finished", settings.clock(), done)
    tombstones.finish()
    tidy(settings)
    return done


def _mend_archived(
    settings: Settings,
    connection: warehouse.Connection,
    tombstones: Tombstones,
    note: files.Note,
    done: dict[str, int],
) -> None:
    target = settings.scratch / "rewritten"
    erased = erase_archived(connection, settings.archive, note, target, tombstones)
    if erased is None or not erased.removed:
        return
    if erased.remaining:
        kept = files.receive_copy(target, settings.scratch / "receiving")
        told = (
            f"rewritten on {settings.clock():%Y-%m-%d}: {erased.removed} records of withdrawn "
            "clients were taken out; the bytes are not those that came"
        )
        name = _without_ids(note.file_name, tombstones)
        mended = replace(note, sha256=kept.sha256, file_name=name, rewritten=told)
        files.keep(kept, mended, settings.archive)
        done["files_rewritten"] += 1
    else:
        done["files_removed"] += 1
    done["records_removed"] += erased.removed
    files.discard(note, settings.archive)


def _landed(settings: Settings) -> Iterator[tuple[Path, Path]]:
    if not settings.landing.is_dir():
        return
    for folder in sorted(settings.landing.iterdir()):
        if folder.is_dir() and not folder.is_symlink():
            for path in sorted(folder.iterdir()):
                if path.is_file() and not path.is_symlink() and path.name != FILE_NAME:
                    yield folder, path


def _mend_landed(
    settings: Settings,
    connection: warehouse.Connection,
    tombstones: Tombstones,
    folder: Path,
    path: Path,
) -> None:
    try:
        mapping = read_mapping(folder)
    except SettingsError:
        mapping = None
    named = mapping.reader.companions(mapping) if mapping else {}
    if path.name in named.values():
        # It holds no records.
        return
    beside = {key: folder / name for key, name in named.items() if (folder / name).is_file()}
    target = settings.scratch / "rewritten"
    target.unlink(missing_ok=True)
    try:
        erased = erase(connection, path, target, path.name, mapping, tombstones, beside)
    except Exception:  # noqa: BLE001 - a damaged file of the clinic's is told of, not mended
        return
    if erased is None or not erased.removed:
        return
    name = _without_ids(path.name, tombstones)
    if erased.remaining:
        write_durably(path.with_name(name), target.read_bytes())
    if not erased.remaining or name != path.name:
        path.unlink()


def as_rows(settings: Settings) -> list[dict[str, Any]]:
    """The log as rows of a table: one per step, in order."""
    return [
        {name: line.get(name) for name in ("number", "event", "at", *NUMBERS)}
        for line in journal(settings).lines()
    ]


def withdrawals_after(settings: Settings, day: date) -> int:
    """How many withdrawals were begun after the end of a day (UTC)."""
    return sum(
        line["event"] == "begun" and datetime.fromisoformat(str(line["at"])).date() > day
        for line in journal(settings).lines()
    )


def left_in_landing(settings: Settings, client: str) -> list[str]:
    """Places in landing whose bytes still hold the id, for whoever dropped them to remove.

    Asked only of ids that nothing else could be: `17` stands in every file.
    """
    if not is_specific(client):
        return []
    marks = (client.encode(), client.encode("utf-16-le"))
    places: dict[str, int] = {}
    found = []
    for folder, path in _landed(settings):
        places[folder.name] = places.get(folder.name, 0) + 1
        content = path.read_bytes()
        if client in path.name or any(mark in content for mark in marks):
            name = path.name if client not in path.name else f"file {places[folder.name]}"
            found.append(f"{folder.name}/{name}")
    return found


def _without_ids(name: str, tombstones: Tombstones) -> str:
    """A file's name where an id of a withdrawn client is replaced by a word."""
    return "".join(
        "withdrawn" if tombstones.holds(CLIENT, part) or tombstones.holds_anywhere(part) else part
        for part in re.split(r"([ _.]+)", name)
    )
