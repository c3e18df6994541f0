"""What the archive has and the warehouse lacks, or holds under a contract that is no more.

What belongs here: retiring loads whose mapping or definitions changed, and loading archived bytes
again in the order in which they once came.
What does not: new files (inbox.py), the steps of one file (desk.py).
"""

from orchestration.errors import SettingsError
from orchestration.landing import files, ledger
from orchestration.landing.acceptance import look
from orchestration.landing.desk import Desk
from orchestration.landing.outcomes import FileSummary
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.sources import Source


def retire_changed(desk: Desk) -> None:
    """Retire every load whose contract changed, and those that hang on one; replay follows."""
    active = {(one.source, one.sha256): one for one in ledger.active(desk.connection)}
    changed: dict[int, files.Note] = {}
    by_number: dict[int, files.Note] = {}
    held: set[str] = set()
    for note in desk.notes:
        now = active.get((note.source, note.sha256))
        if now is None:
            continue
        by_number[now.sequence] = note
        try:
            source = desk.source_of(note)
        except SettingsError as error:
            desk.hold(note.source, str(error), held)
            continue
        if source.contract != now.contract and note.source not in held:
            if _is_still_acceptable(desk, note, source):
                changed[now.sequence] = note
            else:
                held.add(note.source)
    changed = {number: note for number, note in changed.items() if note.source not in held}
    if not changed:
        return
    for number in ledger.entangled(desk.connection, min(changed)):
        if number in by_number and by_number[number].source not in held:
            changed[number] = by_number[number]
    first = desk.next_sequence()
    numbers = sorted(changed)
    ledger.retire(desk.connection, {old: first + at for at, old in enumerate(numbers)})


def replay(desk: Desk) -> None:
    """Load what the archive has and the warehouse lacks, in the order in which it came."""
    active = {(one.source, one.sha256) for one in ledger.active(desk.connection)}
    promised = ledger.promised(desk.connection)
    for note in desk.notes:
        mark = (note.source, note.sha256)
        if mark in active:
            continue
        try:
            source = desk.source_of(note)
        except SettingsError as error:
            desk.hold(note.source, str(error), set())
            continue
        if ledger.refused(
            desk.connection, note.source, note.sha256, source.contract, note.file_name
        ):
            continue
        number = promised.get(mark, note.sequence)
        if number in ledger.used_sequences(desk.connection):
            number = desk.next_sequence()
        received = files.archived(desk.settings.archive, note.sha256)
        desk.take(source, note.file_name, received, number, note)


def _is_still_acceptable(desk: Desk, note: files.Note, source: Source) -> bool:
    """Whether a loaded file fits the changed mapping; if not, its source stays as it was."""
    known = ledger.refused(
        desk.connection, note.source, note.sha256, source.contract, note.file_name
    )
    if known is None:
        received = files.archived(desk.settings.archive, note.sha256)
        try:
            look(desk.connection, received, source, note.file_name, desk.folder, desk.registry)
        except FileRefusalError as refusal:
            known = desk.record_refusal(source, note.file_name, refusal, received)
        else:
            return True
    stays = (
        f"{known.message} The mapping or a definition changed since this file was loaded; "
        "until it fits, "
        f"what was loaded from {note.source} stays as it was."
    )
    desk.tell(
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
