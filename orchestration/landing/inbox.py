"""The whole of landing: every file of every source is loaded once, or refused with a reason.

What belongs here: the order of things (receive, judge, archive, load), for new files, for bytes
whose contract changed, and for a warehouse that lost what the archive still has.
What does not: how any single step is done.

A kill at any moment is mended by the next call: bytes and their note reach the archive before the
warehouse, the warehouse takes each file in one transaction, and what the archive has and the
warehouse lacks is loaded first, in the order in which it once came.
"""

import shutil
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from orchestration.landing import files, ledger
from orchestration.landing.desk import Desk
from orchestration.landing.identifiers import Finding, find_in_name
from orchestration.landing.mapping import FILE_NAME
from orchestration.landing.outcomes import (
    FileSummary,
    LandingEvent,
    LandingSummary,
    refusal_summary,
)
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.replaying import replay, retire_changed
from orchestration.landing.sources import Source
from orchestration.landing.withdrawal import leave_out
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

__all__ = ["FileSummary", "LandingEvent", "LandingSummary", "holds_no_records", "receive"]

_IGNORED_ENDINGS = (".tmp", ".part", ".crdownload")


def receive(
    connection: "Connection",
    settings: Settings,
    registry: Registry,
    *,
    report: Callable[[LandingEvent], None] = lambda event: None,
) -> LandingSummary:
    """Take in what lies in landing.

    Args:
        connection: a writing connection to the warehouse, outside any transaction.
        settings: where landing, archive and scratch are, and the clock.
        registry: instruments, items, scales and their ranges.
        report: is told what happens, file by file.

    Returns:
        What became of each file.

    Raises:
        ScoutError: the archive is damaged, or a file could not be accounted for.
    """
    create_raw_tables(connection)
    desk = Desk(connection, settings, registry, report)
    shutil.rmtree(desk.folder, ignore_errors=True)
    desk.folder.mkdir(parents=True, mode=0o700)
    try:
        desk.read_sources()
        retire_changed(desk)
        replay(desk)
        for source in list(desk.sources.values()):
            if source.is_landed:
                _receive_source(desk, source)
    finally:
        shutil.rmtree(desk.folder, ignore_errors=True)
    return LandingSummary(tuple(desk.outcomes), tuple(desk.errors))


def holds_no_records(name: str, companions: Collection[str]) -> bool:
    """Whether a file of a source's folder is none to load: its mapping, a companion, half a file.

    Args:
        name: the file's.
        companions: the names of the files that explain the others, a data dictionary for one.
    """
    return (
        name == FILE_NAME
        or name in companions
        or name.startswith((".", "~$"))
        or name.lower().endswith(_IGNORED_ENDINGS)
    )


def _receive_source(desk: Desk, source: Source) -> None:
    try:
        paths = sorted(source.require_folder().iterdir())
    except OSError:
        desk.errors.append(
            f"landing/{source.name} cannot be read. Give Scout permission to it (chmod "
            "u+rx), then run again."
        )
        return
    for place, path in enumerate(paths, start=1):
        name = path.name
        if holds_no_records(name, source.companion_names):
            continue
        if (telling := find_in_name(name)) is not None:
            _refuse_unnamed(desk, source, place, telling)
            continue
        desk.report(LandingEvent(source.name, name, "receiving"))
        try:
            received = files.receive_copy(path, desk.folder)
        except FileRefusalError as refusal:
            desk.refuse(source, name, refusal, None)
            continue
        try:
            received, left_out = leave_out(
                desk.connection, desk.tombstones, source.given, name, received, source.companions
            )
        except FileRefusalError as refusal:
            desk.refuse(source, name, refusal, received)
            continue
        _receive_file(desk, source, name, received)
        if left_out:
            _tell_left_out(desk, source, name, left_out)
        received.path.unlink(missing_ok=True)


def _refuse_unnamed(desk: Desk, source: Source, place: int, telling: Finding) -> None:
    """Refuse a file whose name must not be shown: it is called by its place in the folder."""
    name = f"file {place} of the folder"
    message = (
        f"{name} (in alphabetical order) looks as if it identifies people; nothing of it was kept. "
        f"{telling.sentence} Rename the file."
    )
    desk.refuse(source, name, FileRefusalError("looks_identified", message), None)


def _tell_left_out(desk: Desk, source: Source, name: str, records: int) -> None:
    """Say that a landed file still holds a withdrawn client, whose records were left out."""
    message = (
        f"{records:,} records of withdrawn clients were left out. The file in landing still holds "
        "them: delete it, or export it again without them."
    )
    for place, one in enumerate(desk.outcomes):
        if (one.source, one.file_name) == (source.name, name):
            desk.outcomes[place] = replace(
                one, message=f"{one.message} {message}" if one.message else message
            )


def _receive_file(desk: Desk, source: Source, name: str, received: files.Received) -> None:
    one = ledger.active_load(desk.connection, source.name, received.sha256)
    if one is not None:
        held = ledger.refused(desk.connection, source.name, received.sha256, source.contract, name)
        if held is None:
            _tell_again(desk, one, name)
        return
    if any(
        (o.source, o.sha256, o.status) == (source.name, received.sha256, "refused")
        for o in desk.outcomes
    ):
        return
    known = ledger.refused(desk.connection, source.name, received.sha256, source.contract, name)
    if known is not None:
        desk.tell(refusal_summary(known, name))
        return
    desk.take(source, name, received, desk.next_sequence(), None)


def _tell_again(desk: Desk, one: ledger.Load, name: str) -> None:
    if any(
        o.sequence == one.sequence and o.status == "loaded" and o.file_name == name
        for o in desk.outcomes
    ):
        return
    as_name = f" as {one.file_name}" if one.file_name != name else ""
    desk.tell(
        FileSummary(
            one.source,
            name,
            "already_loaded",
            one.counts,
            ledger.reasons(desk.connection, one.sequence),
            remark=f"These bytes were loaded before{as_name}.",
            sequence=one.sequence,
            sha256=one.sha256 or "",
            record_type=one.record_type,
        )
    )
