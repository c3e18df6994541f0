"""One call's working state, and what happens to a single file: judged, archived, loaded or refused.

What belongs here: the steps of one file in the order that makes a kill harmless.
What does not: which files, and in which order (inbox.py, replaying.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError, SettingsError
from orchestration.landing import files, ledger
from orchestration.landing.acceptance import Judged, judge, load
from orchestration.landing.mapping import FILE_NAME, parse_mapping
from orchestration.landing.outcomes import (
    FileSummary,
    LandingEvent,
    conflict,
    refusal_summary,
    remark,
)
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry
from orchestration.landing.sources import Source, read_source, sources
from orchestration.landing.withdrawal import Tombstones, refuse_withdrawn
from orchestration.settings import Settings
from orchestration.warehouse import Error

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


class Desk:
    """What one call of landing knows and has done so far."""

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
        self.notes = files.notes(settings.archive)
        self.tombstones = Tombstones(settings.withdrawals)

    def read_sources(self) -> None:
        """Read every folder's mapping; a wrong one is an error of its source alone."""
        folders, errors = sources(self.settings.landing)
        self.errors += errors
        for folder in folders:
            try:
                self.sources[folder.name] = read_source(folder, self.registry, self.folder)
            except SettingsError as error:
                self.errors.append(str(error))

    def source_of(self, note: files.Note) -> Source:
        """The source as it is now, or as the archive remembers it where its folder is of no use."""
        if note.source not in self.sources:
            latest = [one for one in self.notes if one.source == note.source][-1]
            place = f"archive note of {note.source}/{FILE_NAME}"
            mapping = parse_mapping(latest.mapping, place)
            companions = {
                key: files.archived(self.settings.archive, sha256)
                for key, sha256 in latest.companions.items()
            }
            self.sources[note.source] = Source.of(
                note.source, mapping, self.registry, place, None, companions
            )
        return self.sources[note.source]

    def next_sequence(self) -> int:
        """A number that no load has or is promised."""
        archived = max((note.sequence for note in self.notes), default=0)
        return max(archived, ledger.greatest_sequence(self.connection)) + 1

    def hold(self, source: str, message: str, held: set[str]) -> None:
        """Leave a source as it is, and say why once."""
        if source not in held:
            self.errors.append(message)
        held.add(source)

    def take(
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
            judged = judge(self.connection, received, source, name, self.folder, self.registry)
            refuse_withdrawn(self.connection, self.tombstones, source.given, judged.tables, name)
            self.report(LandingEvent(source.name, name, "loading", judged.rows_read))
        except FileRefusalError as refusal:
            self.refuse(source, name, refusal, received)
            return
        except Error as error:
            raise _could_not_store(name, error) from None
        now = self.settings.clock().astimezone(UTC)
        kept = files.Note(
            sequence=note.sequence if note else number,
            source=source.name,
            file_name=note.file_name if note else name,
            sha256=received.sha256,
            mapping=source.remembered(),
            rewritten=note.rewritten if note else None,
            companions={key: one.sha256 for key, one in source.companions.items()},
            accepted_at=note.accepted_at if note else now.isoformat(),
        )
        if kept != note:
            files.keep(received, kept, self.settings.archive, source.companions.values())
            self.notes = [one for one in self.notes if one != note] + [kept]
        # Read anew under another contract, it is known anew; put back into a warehouse that was
        # lost, it is known since it first came.
        is_put_back = note is not None and number == note.sequence
        since = datetime.fromisoformat(kept.accepted_at) if kept.accepted_at else now
        self._load(source, name, received, judged, number, since if is_put_back else now)

    def _load(
        self,
        source: Source,
        name: str,
        received: files.Received,
        judged: Judged,
        number: int,
        known_since: datetime,
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
            ledger.add(self.connection, entry, known_since)
            self.connection.execute("commit")
        except BaseException as error:
            self.connection.execute("rollback")
            if isinstance(error, Error):
                raise _could_not_store(name, error) from None
            raise
        self.tell(
            FileSummary(
                source.name,
                name,
                "loaded",
                counts,
                ledger.reasons(self.connection, number),
                message=conflict(counts),
                remark=remark(counts),
                sequence=number,
                sha256=received.sha256,
                record_type=judged.record_type,
            )
        )

    def refuse(
        self, source: Source, name: str, refusal: FileRefusalError, received: files.Received | None
    ) -> None:
        """Tell of a refused file, and write it down once."""
        sha256 = received.sha256 if received else None
        known = ledger.refused(self.connection, source.name, sha256, source.contract, name)
        if known is None or known.refusal != refusal.code:
            known = self.record_refusal(source, name, refusal, received)
        self.tell(refusal_summary(known, name))

    def record_refusal(
        self, source: Source, name: str, refusal: FileRefusalError, received: files.Received | None
    ) -> ledger.Load:
        """Write a refused file into the ledger."""
        entry = ledger.Load(
            self.next_sequence(),
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

    def tell(self, outcome: FileSummary) -> None:
        """Note what became of a file, and report it."""
        self.outcomes.append(outcome)
        self.report(
            LandingEvent(
                outcome.source, outcome.file_name, outcome.status, outcome.counts.rows_read
            )
        )


def _could_not_store(name: str, error: Exception) -> ScoutError:
    # DuckDB's own text may carry values: only the kind of error is told.
    return ScoutError(
        f"{name} could not be stored (DuckDB: {type(error).__name__}); nothing of it was kept. "
        "Check the free space on the disk and SCOUT_MEMORY_LIMIT, then run again."
    )
