"""The whole of landing: every file of every source is loaded once, or refused with a reason.

What belongs here: the order of things (receive, judge, archive, load), for new files, for bytes whose
contract changed, and for a warehouse that lost what the archive still has.
What does not: how any single step is done.

A kill at any moment is mended by the next call: bytes and their note reach the archive before the
warehouse, the warehouse takes each file in one transaction, and what the archive has and the warehouse
lacks is loaded first, in the order in which it once came.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError, SettingsError
from orchestration.landing import files, ledger
from orchestration.landing.acceptance import Judged, Source, judge, load, look, read_source, sources
from orchestration.landing.loading import Counts
from orchestration.landing.mapping import FILE_NAME, parse_mapping
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.settings import Settings
from orchestration.warehouse import Error

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_IGNORED_ENDINGS = (".tmp", ".part", ".crdownload")


@dataclass(frozen=True)
class LandingEvent:
    """Something to show while landing works.

    Attributes:
        source: the folder.
        file_name: the file.
        phase: receiving, reading, checking, loading, loaded, already_loaded or refused.
        rows: rows concerned, where known.
    """

    source: str
    file_name: str
    phase: str
    rows: int | None = None


@dataclass(frozen=True)
class FileSummary:
    """What became of one file in this call.

    Attributes:
        source: the folder.
        file_name: the file.
        status: loaded, already_loaded or refused.
        counts: rows and values; zeros for a refused file.
        reasons: reason -> number of refused rows or values.
        refusal: the code of a refused file.
        message: what is wrong, or deserves a person's eye, and how to mend it.
        remark: what is worth knowing and needs no mending.
        sequence: the load's number; None where the ledger has none.
        sha256: hash of the bytes; empty where they could not be read.
        record_type: a tidy kind or ``wide``.
    """

    source: str
    file_name: str
    status: str
    counts: Counts = Counts()
    reasons: dict[str, int] = field(default_factory=dict)
    refusal: str | None = None
    message: str | None = None
    remark: str | None = None
    sequence: int | None = None
    sha256: str = ""
    record_type: str | None = None

    @property
    def rows_read(self) -> int:
        """Records in the file."""
        return self.counts.rows_read

    @property
    def rows_loaded(self) -> int:
        """Rows that added something and had no fault."""
        return self.counts.rows_loaded

    @property
    def rows_refused(self) -> int:
        """Rows with at least one refused value."""
        return self.counts.rows_refused

    @property
    def rows_repeated(self) -> int:
        """Rows without a fault that added nothing."""
        return self.counts.rows_repeated


@dataclass(frozen=True)
class LandingSummary:
    """One call of :func:`receive`.

    Attributes:
        files: every file that lies in landing, and every one loaded again from the archive.
        mapping_errors: one message per source that could not be used at all.
    """

    files: tuple[FileSummary, ...]
    mapping_errors: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        """Whether raw holds anything new."""
        return any(outcome.status == "loaded" for outcome in self.files)


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
    return _Inbox(connection, settings, registry, report).run()


class _Inbox:
    """One call's working state."""

    def __init__(
        self,
        connection: "Connection",
        settings: Settings,
        registry: Registry,
        report: Callable[[LandingEvent], None],
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.registry = registry
        self.report = report
        self.folder = settings.scratch / "receiving"
        self.outcomes: list[FileSummary] = []
        self.errors: list[str] = []
        self.sources: dict[str, Source] = {}

    def run(self) -> LandingSummary:
        create_raw_tables(self.connection)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        try:
            self._read_sources()
            self.notes = files.notes(self.settings.archive)
            self._retire_changed()
            self._replay()
            for source in list(self.sources.values()):
                if source.is_landed:
                    self._receive_source(source)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
        return LandingSummary(tuple(self.outcomes), tuple(self.errors))

    def _read_sources(self) -> None:
        folders, errors = sources(self.settings.landing)
        self.errors += errors
        for folder in folders:
            try:
                self.sources[folder.name] = read_source(folder, self.registry)
            except SettingsError as error:
                self.errors.append(str(error))

    def _source_of(self, note: files.Note) -> Source:
        """The source as it is now, or as the archive remembers it where its folder is gone or unusable."""
        if note.source not in self.sources:
            latest = [one for one in self.notes if one.source == note.source][-1]
            place = f"archive note of {note.source}/{FILE_NAME}"
            mapping = parse_mapping(latest.mapping, place)
            self.sources[note.source] = Source.of(
                note.source, mapping, self.registry, place, folder=None
            )
        return self.sources[note.source]

    def _next(self) -> int:
        archived = max((note.sequence for note in self.notes), default=0)
        return max(archived, ledger.greatest_sequence(self.connection)) + 1

    # -- what the archive has ---------------------------------------------------------------------

    def _retire_changed(self) -> None:
        """Retire every load whose contract changed, and those that depend on one; the replay follows."""
        active = {(one.source, one.sha256): one for one in ledger.active(self.connection)}
        changed: dict[int, files.Note] = {}
        by_number: dict[int, files.Note] = {}
        held: set[str] = set()
        for note in self.notes:
            now = active.get((note.source, note.sha256))
            if now is None:
                continue
            by_number[now.sequence] = note
            try:
                source = self._source_of(note)
            except SettingsError as error:
                self._hold(note.source, str(error), held)
                continue
            if source.contract != now.contract and note.source not in held:
                if self._is_still_acceptable(note, source):
                    changed[now.sequence] = note
                else:
                    held.add(note.source)
        changed = {number: note for number, note in changed.items() if note.source not in held}
        if not changed:
            return
        for number in ledger.entangled(self.connection, min(changed)):
            if number in by_number and by_number[number].source not in held:
                changed[number] = by_number[number]
        first = self._next()
        numbers = sorted(changed)
        ledger.retire(self.connection, {old: first + at for at, old in enumerate(numbers)})

    def _hold(self, source: str, message: str, held: set[str]) -> None:
        if source not in held:
            self.errors.append(message)
        held.add(source)

    def _is_still_acceptable(self, note: files.Note, source: Source) -> bool:
        """Whether a loaded file fits the changed mapping; if not, its source stays as it was loaded."""
        known = ledger.refused(
            self.connection, note.source, note.sha256, source.contract, note.file_name
        )
        if known is None:
            received = files.archived(self.settings.archive, note.sha256)
            try:
                look(self.connection, received, source, note.file_name, self.folder)
            except FileRefusalError as refusal:
                known = self._record_refusal(source, note.file_name, refusal, received)
            else:
                return True
        stays = (
            f"{known.message} The mapping or a definition changed since this file was loaded; until it fits, "
            f"what was loaded from {note.source} stays as it was."
        )
        self._add(
            FileSummary(
                note.source,
                note.file_name,
                "refused",
                refusal=known.refusal,
                message=stays,
                sequence=known.sequence,
                sha256=note.sha256,
                record_type=known.record_type,
            )
        )
        return False

    def _replay(self) -> None:
        """Load what the archive has and the warehouse lacks, in the order in which it came."""
        active = {(one.source, one.sha256) for one in ledger.active(self.connection)}
        promised = ledger.promised(self.connection)
        for note in self.notes:
            mark = (note.source, note.sha256)
            if mark in active:
                continue
            try:
                source = self._source_of(note)
            except SettingsError as error:
                self._hold(note.source, str(error), set())
                continue
            if ledger.refused(
                self.connection, note.source, note.sha256, source.contract, note.file_name
            ):
                continue
            number = promised.get(mark, note.sequence)
            if number in ledger.used_sequences(self.connection):
                number = self._next()
            received = files.archived(self.settings.archive, note.sha256)
            self._take(source, note.file_name, received, number, note)

    # -- what lies in landing ---------------------------------------------------------------------

    def _receive_source(self, source: Source) -> None:
        try:
            paths = sorted(source.require_folder().iterdir())
        except OSError:
            self.errors.append(
                f"landing/{source.name} cannot be read. Give Scout permission to it (chmod u+rx), then run again."
            )
            return
        for path in paths:
            name = path.name
            if (
                name == FILE_NAME
                or name.startswith((".", "~$"))
                or name.lower().endswith(_IGNORED_ENDINGS)
            ):
                continue
            self.report(LandingEvent(source.name, name, "receiving"))
            try:
                received = files.receive_copy(path, self.folder)
            except FileRefusalError as refusal:
                self._refuse(source, name, refusal, None)
                continue
            self._receive_file(source, name, received)
            received.path.unlink(missing_ok=True)

    def _receive_file(self, source: Source, name: str, received: files.Received) -> None:
        for one in ledger.active(self.connection):
            if (one.source, one.sha256) == (source.name, received.sha256):
                held = ledger.refused(
                    self.connection, source.name, received.sha256, source.contract, name
                )
                if held is None:
                    self._tell_again(one, name)
                return
        if any(
            (o.source, o.sha256, o.status) == (source.name, received.sha256, "refused")
            for o in self.outcomes
        ):
            return
        known = ledger.refused(self.connection, source.name, received.sha256, source.contract, name)
        if known is not None:
            self._add(_refusal_outcome(known, name))
            return
        self._take(source, name, received, self._next(), None)

    def _tell_again(self, one: ledger.Load, name: str) -> None:
        if any(
            o.sequence == one.sequence and o.status == "loaded" and o.file_name == name
            for o in self.outcomes
        ):
            return
        as_name = f" as {one.file_name}" if one.file_name != name else ""
        self._add(
            FileSummary(
                one.source,
                name,
                "already_loaded",
                one.counts,
                ledger.reasons(self.connection, one.sequence),
                remark=f"These bytes were loaded before{as_name}.",
                sequence=one.sequence,
                sha256=one.sha256 or "",
                record_type=one.record_type,
            )
        )

    def _take(
        self,
        source: Source,
        name: str,
        received: files.Received,
        number: int,
        note: files.Note | None,
    ) -> None:
        """Judge one file, archive it, load it; or write down why not."""
        try:
            self.report(LandingEvent(source.name, name, "reading"))
            judged = judge(self.connection, received, source, name, self.folder)
            self.report(LandingEvent(source.name, name, "loading", judged.staged.rows_read))
        except FileRefusalError as refusal:
            self._refuse(source, name, refusal, received)
            return
        except Error as error:
            raise _could_not_store(name, error) from None
        kept = files.Note(
            sequence=note.sequence if note else number,
            source=source.name,
            file_name=note.file_name if note else name,
            sha256=received.sha256,
            mapping=source.remembered(),
        )
        if kept != note:
            files.keep(received, kept, self.settings.archive)
            self.notes = [one for one in self.notes if one != note] + [kept]
        self._load(source, name, received, judged, number)

    def _load(
        self, source: Source, name: str, received: files.Received, judged: Judged, number: int
    ) -> None:
        try:
            self.connection.execute("begin")
            counts = load(self.connection, judged, source, number, self.settings, self.registry)
            entry = ledger.Load(
                number,
                source.name,
                name,
                received.sha256,
                source.contract,
                judged.record_type,
                "loaded",
                byte_count=received.byte_count,
                counts=counts,
            )
            ledger.add(self.connection, entry, self.settings.clock())
            self.connection.execute("commit")
        except BaseException as error:
            self.connection.execute("rollback")
            if isinstance(error, Error):
                raise _could_not_store(name, error) from None
            raise
        self._add(
            FileSummary(
                source.name,
                name,
                "loaded",
                counts,
                ledger.reasons(self.connection, number),
                message=_conflict(counts),
                remark=_correction(counts),
                sequence=number,
                sha256=received.sha256,
                record_type=judged.record_type,
            )
        )

    # -- telling ----------------------------------------------------------------------------------

    def _refuse(
        self, source: Source, name: str, refusal: FileRefusalError, received: files.Received | None
    ) -> None:
        sha256 = received.sha256 if received else None
        known = ledger.refused(self.connection, source.name, sha256, source.contract, name)
        if known is None or known.refusal != refusal.code:
            known = self._record_refusal(source, name, refusal, received)
        self._add(_refusal_outcome(known, name))

    def _record_refusal(
        self, source: Source, name: str, refusal: FileRefusalError, received: files.Received | None
    ) -> ledger.Load:
        entry = ledger.Load(
            self._next(),
            source.name,
            name,
            received.sha256 if received else None,
            source.contract,
            source.record_type(name),
            "refused",
            refusal.code,
            refusal.message,
            received.byte_count if received else None,
        )
        ledger.add(self.connection, entry, self.settings.clock())
        return entry

    def _add(self, outcome: FileSummary) -> None:
        self.outcomes.append(outcome)
        self.report(
            LandingEvent(
                outcome.source, outcome.file_name, outcome.status, outcome.counts.rows_read
            )
        )


def _refusal_outcome(known: ledger.Load, name: str) -> FileSummary:
    return FileSummary(
        known.source,
        name,
        "refused",
        refusal=known.refusal,
        message=known.message,
        sequence=known.sequence,
        sha256=known.sha256 or "",
        record_type=known.record_type,
    )


def _conflict(counts: Counts) -> str | None:
    if not counts.conflicts:
        return None
    return (
        f"{counts.conflicts} administrations stand twice under one label with different answers. Both are kept, "
        "numbered by repeat_number; correct the labels in the export if one is wrong."
    )


def _correction(counts: Counts) -> str | None:
    if not counts.superseded:
        return None
    return f"{counts.superseded} earlier records are corrected; both versions stay in raw."


def _could_not_store(name: str, error: Exception) -> ScoutError:
    # DuckDB's own text may carry values: only the kind of error is told.
    return ScoutError(
        f"{name} could not be stored (DuckDB: {type(error).__name__}); nothing of it was kept. "
        "Check the free space on the disk and SCOUT_MEMORY_LIMIT, then run again."
    )
