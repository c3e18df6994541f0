"""A REDCap project is brought up to date in landing: what changed, what is new, what has gone.

What belongs here: which records to ask for, in which batches, and the check that all of them came.
What does not: how an answer is judged (redcap_server.py), how a file gets into place
(snapshots.py).

What was chosen, and why. Each fetch asks for the list of all rows (ids and form status only: light)
and for the records changed since the last fetch. Only new and changed records are
exported whole, in batches by id; the rest is taken over from the last snapshot, and what is no
longer listed is left out. `dateRangeBegin` counts in the server's own time, which the API does not
tell, so two days of overlap are asked for again. Because the API reports no deletion and no change
of a calculated field, everything is exported anew every ``full_every_days``, and whenever the
dictionary or the last snapshot is not what it was.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.fetching.redcap_server import RedcapServer, Row, row_key
from orchestration.fetching.refusing import FetchError
from orchestration.fetching.snapshots import LeaveOut, Snapshot, file_hash, put, put_companion
from orchestration.fetching.spool import Spool
from orchestration.fetching.text import as_text
from orchestration.landing.files import Note
from orchestration.landing.formats.remote import REDCAP_DICTIONARY, REDCAP_EVENTS

RECORDS = "records-fetched.csv"
# Hidden: landing and the fingerprint of what lies there pass it by.
STATE = ".redcap-fetched.json"
_OVERLAP = timedelta(days=2)
_SINGLE_TRIES = 5
# Field types that hold no answer, or what a person wrote, drew or uploaded.
_SILENT = frozenset(("descriptive", "notes", "file", "signature"))
_EVENT_COLUMNS = ("event_name", "arm_num", "unique_event_name")


@dataclass(frozen=True)
class _State:
    """What the last fetch left behind.

    Attributes:
        fetched_at: when it began, UTC.
        full_at: when the last whole export began, UTC.
        project: hash of address, dictionary and fields.
        records: hash of the snapshot's bytes.
    """

    fetched_at: str
    full_at: str
    project: str
    records: str


class _FieldsChangedError(FetchError):
    """Rows of one export do not all have the same columns."""


def fetch_redcap(
    folder: Path,
    server: RedcapServer,
    *,
    address: str,
    batch: int,
    full_every_days: int,
    now: datetime,
    scratch: Path,
    notes: Iterable[Note],
    tell: Callable[[str], None],
    leave_out: LeaveOut | None = None,
) -> list[Snapshot]:
    """Bring one project's records and dictionary into files of the source's folder.

    Fields that the project marks as identifiers, notes, files and signatures are not asked for.

    Args:
        folder: the source's folder in landing.
        server: the project.
        address: what tells this project from another, apart from the token.
        batch: how many records to ask for at once.
        full_every_days: after how many days everything is exported anew.
        now: UTC.
        scratch: where rows wait while they are sorted.
        notes: what the archive remembers.
        tell: is told what is being done.
        leave_out: tells the rows of clients who withdrew.

    Returns:
        The files of the dictionary, the events and the records.

    Raises:
        FetchError: anything went wrong; the files of the last time are still there.
    """
    tell("dictionary")
    project = _Project.of(server, address)
    state = _read_state(folder)
    tell("list of records")
    listed = server.roster([project.id_field, *project.statuses])
    is_usable = (
        state is not None
        and state.project == project.hash
        and _is_untouched(folder, state)
        and now - datetime.fromisoformat(state.full_at) < timedelta(days=full_every_days)
    )
    old = _read_keys(folder / RECORDS) if is_usable else set()
    _require_gone(server, project.id_field, {key[0] for key in old} - {key[0] for key in listed})
    spool = Spool(scratch)
    try:
        try:
            changed = _changed(server, project, state if is_usable else None, listed, old)
            kept = _old_rows(folder / RECORDS, {k[0] for k in listed} - changed) if old else None
            rows = _fetched(server, sorted(changed), project.fields, listed, batch, tell)
            header = _fill(spool, project.id_field, kept, rows)
        except _FieldsChangedError:
            # The project changed what it adds to every row: the old rows are of no more use.
            spool.close()
            spool, state = Spool(scratch), None
            everything = sorted({key[0] for key in listed})
            rows = _fetched(server, everything, project.fields, listed, batch, tell)
            header = _fill(spool, project.id_field, None, rows)
        if header is None:
            raise FetchError("the project holds no records. Check the token's project.")
        events = server.events() if any(key[1] for key in listed) else []
        columns = tuple(project.dictionary[0])
        found = [
            _put_rows(folder, REDCAP_DICTIONARY, columns, project.dictionary),
            _put_rows(folder, REDCAP_EVENTS, _EVENT_COLUMNS, events),
            put(folder, RECORDS, header, spool, notes, leave_out),
        ]
    finally:
        spool.close()
    began = now.isoformat()
    full_at = state.full_at if state is not None and is_usable else began
    _write_state(folder, _State(began, full_at, project.hash, file_hash(folder / RECORDS)))
    return found


@dataclass(frozen=True)
class _Project:
    """What is asked of a project.

    Attributes:
        dictionary: its fields, without those that are not asked for.
        id_field: the record's id.
        fields: what to export: the id, the fields that hold answers, the status of each form.
        statuses: the status fields alone.
        hash: changes with any of these and with the address.
    """

    dictionary: tuple[Row, ...]
    id_field: str
    fields: tuple[str, ...]
    statuses: tuple[str, ...]
    hash: str

    @classmethod
    def of(cls, server: RedcapServer, address: str) -> "_Project":
        """As the server describes it now."""
        given = server.dictionary()
        first = str(given[0]["field_name"])
        # The id itself stays: landing refuses it if it looks like a person's.
        rows = [given[0], *(row for row in given[1:] if _is_wanted(row))]
        statuses = list(dict.fromkeys(f"{row['form_name']}_complete" for row in given))
        fields = [*(str(row["field_name"]) for row in rows), *statuses]
        text = json.dumps([address, rows, fields], sort_keys=True)
        return cls(
            tuple(rows),
            first,
            tuple(fields),
            tuple(statuses),
            hashlib.sha256(text.encode()).hexdigest(),
        )


def _is_wanted(field: Row) -> bool:
    return field.get("identifier") != "y" and field["field_type"] not in _SILENT


def _changed(
    server: RedcapServer,
    project: _Project,
    state: _State | None,
    listed: set[tuple[str, ...]],
    old: set[tuple[str, ...]],
) -> set[str]:
    """The records to export: all of them, or those that are new or were changed."""
    everything = {key[0] for key in listed}
    if state is None:
        return everything
    since = (datetime.fromisoformat(state.fetched_at) - _OVERLAP).replace(tzinfo=None)
    changed = {key[0] for key in server.roster([project.id_field], since)}
    return (changed | {key[0] for key in listed ^ old}) & everything


def _require_gone(server: RedcapServer, id_field: str, missing: Collection[str]) -> None:
    """Records that the list no longer has must not answer when asked by name."""
    if missing and server.rows(sorted(missing)[:100], [id_field]):
        raise FetchError(
            "the server's list of records lacks some that are still there. Nothing was changed; "
            "run again, or ask the server's administrator about limits on exports."
        )


def _fetched(
    server: RedcapServer,
    asked: Sequence[str],
    fields: Sequence[str],
    listed: Collection[tuple[str, ...]],
    batch: int,
    tell: Callable[[str], None],
) -> Iterator[Row]:
    """Every row of the records asked for; what an answer lacks is asked for again, in halves."""
    expected: dict[str, set[tuple[str, ...]]] = {}
    for key in listed:
        expected.setdefault(key[0], set()).add(key)
    waiting = [list(asked[n : n + batch]) for n in range(0, len(asked), batch)]
    single_tries = 0
    done = 0
    while waiting:
        records = waiting.pop()
        rows = server.rows(records, fields)
        came: dict[str, set[tuple[str, ...]]] = {}
        for row in rows:
            came.setdefault(str(row.get(fields[0]) or ""), set()).add(row_key(row, fields[0]))
        whole = {one for one in records if came.get(one, set()) >= expected[one]}
        yield from (row for row in rows if str(row.get(fields[0])) in whole)
        done += len(whole)
        tell(f"{done:,} of {len(asked):,} records")
        lacking = [one for one in records if one not in whole]
        single_tries = single_tries + 1 if len(records) == len(lacking) == 1 else 0
        if single_tries == _SINGLE_TRIES:
            raise FetchError(
                "a record that the server lists does not come when asked for. Nothing was changed; "
                "run again, or ask the server's administrator about limits on exports."
            )
        middle = (len(lacking) + 1) // 2
        waiting += [half for half in (lacking[:middle], lacking[middle:]) if half]


def _fill(
    spool: Spool, id_field: str, kept: Iterator[list[str]] | None, rows: Iterable[Row]
) -> tuple[str, ...] | None:
    """Put old and new rows into the spool, and tell the columns, the id first."""
    header = tuple(next(kept)) if kept is not None else None
    for row in rows:
        if header is None:
            header = (id_field, *(name for name in row if name != id_field))
        if set(row) != set(header):
            raise _FieldsChangedError("the project's fields changed meanwhile. Run again.")
        spool.add([as_text(row[name], name) for name in header])
    for cells in kept or ():
        spool.add(cells)
    return header


def _old_rows(path: Path, records: Collection[str]) -> Iterator[list[str]]:
    """The header of the last snapshot, then its rows of some records."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        yield next(reader)
        yield from (row for row in reader if row[0] in records)


def _read_keys(path: Path) -> set[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        id_field = (reader.fieldnames or [""])[0]
        return {row_key(row, id_field) for row in reader}


def _put_rows(folder: Path, name: str, header: Sequence[str], rows: Sequence[Row]) -> Snapshot:
    lines = [[as_text(row.get(column), column) for column in header] for row in rows]
    return put_companion(folder, name, header, lines)


def _is_untouched(folder: Path, state: _State) -> bool:
    path = folder / RECORDS
    return path.is_file() and file_hash(path) == state.records


def _read_state(folder: Path) -> _State | None:
    """None where there is none, or one that is of no use: then everything is exported."""
    try:
        return _State(**json.loads((folder / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_state(folder: Path, state: _State) -> None:
    partial = folder / f"{STATE}.part"
    partial.write_text(json.dumps(asdict(state)), encoding="utf-8")
    partial.replace(folder / STATE)
