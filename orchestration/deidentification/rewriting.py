"""A delimited file rewritten row by row, with what happened to it told beside it.

What belongs here: reading, writing, the first contacts, the note beside the result.
What does not: what becomes of one value (transforms.py). No value reaches a message.
"""

import codecs
import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

from orchestration.deidentification import transforms
from orchestration.deidentification.keys import Key
from orchestration.deidentification.plan import Plan
from orchestration.errors import SettingsError

__all__ = ["Written", "note_path", "pseudonymise"]

# Characters; also the longest line.
_FIELD_LIMIT = 1 << 20
_Row = list[str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        rows: records after the header.
        clients: different clients among them.
        note: the file that says what happened to which column and under which key id.
    """

    rows: int
    clients: int
    note: Path


def note_path(out: Path) -> Path:
    """Where the note of a result lies; a name that landing passes over."""
    return out.with_name(f".{out.name}.about.json")


def pseudonymise(
    source: Path, out: Path, plan: Plan, key: Key, *, delimiter: str = ",", encoding: str = "utf-8"
) -> Written:
    """Write ``source`` anew as ``out``; the same input, plan and key give the same bytes.

    Args:
        source: delimited text with a header; it is read twice where days are asked for.
        out: the result, in UTF-8; replaced in one step, or left as it was if anything is wrong.
        plan: what happens to which column.
        key: the recipient's key.
        delimiter: what separates columns, in both files.
        encoding: of ``source``.

    Raises:
        SettingsError: the plan does not fit the header, or a value is not what its column is said
            to hold; the message names line and column, never the value.
    """
    _require_places(source, out, encoding)
    try:
        with _records(source, delimiter, encoding) as (header, rows):
            actions = plan.action_of(header)
            first = _first_contacts(rows, header, plan) if plan.days else {}
        with _records(source, delimiter, encoding) as (header, rows), _replacing(out) as target:
            writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
            writer.writerow(_named_anew(header, actions))
            rewrite = _rewriter(header, actions, plan, key, first)
            clients, count = set(), 0
            for line, row in rows:
                new, client = rewrite(line, row)
                writer.writerow(new)
                clients.add(client)
                count += 1
    except UnicodeDecodeError:
        message = f"{source.name} is not {encoding} text. Say what it is with --encoding cp1252."
        raise SettingsError(message) from None
    except csv.Error:
        message = f"{source.name} has a quotation mark that is not closed. Export it again."
        raise SettingsError(message) from None
    except OSError as error:
        message = (
            f"{source.name} could not be rewritten as {out.name} ({type(error).__name__}). Check "
            "the permissions and the free space; nothing was written."
        )
        raise SettingsError(message) from None
    note = note_path(out)
    _write_note(note, out, actions, key, count)
    return Written(count, len(clients), note)


def _require_places(source: Path, out: Path, encoding: str) -> None:
    if not source.is_file():
        raise SettingsError(f"There is no file {source}. Check the path.")
    if not out.parent.is_dir():
        raise SettingsError(f"There is no folder {out.parent} for the result. Make it first.")
    if out.exists() and out.samefile(source):
        raise SettingsError("--out must be another file than the one that is read.")
    try:
        codecs.lookup(encoding)
    except LookupError:
        message = f"--encoding {encoding} is not known; use utf-8, cp1252 or latin-1, say."
        raise SettingsError(message) from None


@contextmanager
def _records(
    source: Path, delimiter: str, encoding: str
) -> Iterator[tuple[_Row, Iterator[tuple[int, _Row]]]]:
    """The header and the records with the line on which each ends."""
    csv.field_size_limit(_FIELD_LIMIT)
    with source.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        reader = csv.reader(_lines(file, source.name), delimiter=delimiter, strict=True)
        header = [name.strip() for name in next(reader, [])]
        if len(set(header)) != len(header) or not header:
            message = f"{source.name} needs a first line that names every column, each once."
            raise SettingsError(message)

        def rows() -> Iterator[tuple[int, _Row]]:
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    message = (
                        f"{source.name}, line {reader.line_num}: it has {len(row)} cells, the "
                        f"header {len(header)}. Correct the line, or say --delimiter."
                    )
                    raise SettingsError(message)
                yield reader.line_num, row

        yield header, rows()


def _lines(file: TextIO, name: str) -> Iterator[str]:
    """Lines of bounded length: one endless line must not fill the memory."""
    while line := file.readline(_FIELD_LIMIT + 1):
        if len(line) > _FIELD_LIMIT:
            raise SettingsError(f"{name} has a line of more than a million characters.")
        yield line


@contextmanager
def _replacing(out: Path) -> Iterator[TextIO]:
    """A private file that takes ``out``'s place when all went well, and vanishes else."""
    beside = out.with_name(f".{out.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _first_contacts(rows: Iterator[tuple[int, _Row]], header: _Row, plan: Plan) -> dict[str, date]:
    columns = (plan.first_contact,) if plan.first_contact else plan.days
    client_at = header.index(plan.client)
    first: dict[str, date] = {}
    for line, row in rows:
        client = transforms.canonical(row[client_at])
        for column in columns:
            if text := row[header.index(column)].strip():
                at = _reading(line, column, partial(transforms.read_date, text, plan.date_format))
                first[client] = min(first.get(client, at), at)
    return first


def _named_anew(header: _Row, actions: dict[str, str]) -> _Row:
    """The header of the result: a lone column of days is called ``day``, as landing wants it."""
    days = [column for column in header if actions[column] == "days"]
    called = {days[0]: "day"} if len(days) == 1 and "day" not in header else {}
    called |= {column: f"{column}_day" for column in days if column not in called}
    return [called.get(column, column) for column in header if actions[column] != "dropped"]


def _rewriter(
    header: _Row, actions: dict[str, str], plan: Plan, key: Key, first: dict[str, date]
) -> Callable[[int, _Row], tuple[_Row, str]]:
    client_at = header.index(plan.client)
    made: dict[tuple[str, str], str] = {}
    shifts: dict[str, timedelta] = {}

    def replaced(kind: str, text: str) -> str:
        mark = (kind, text)
        if mark not in made:
            made[mark] = transforms.pseudonym(key, kind, text)
        return made[mark]

    def one(action: str, column: str, text: str, client: str) -> str:
        if action == "kept" or not text.strip():
            return text
        if action == "client":
            return replaced("client", client)
        if action == "pseudonyms":
            return replaced(column, transforms.canonical(text))
        if action == "ages":
            return transforms.age(text)
        if action == "zips":
            return transforms.zip3(text)
        on = transforms.read_date(text, plan.date_format)
        if action == "shifted":
            if client not in shifts:
                shifts[client] = transforms.shift_of(key, client)
            return (on + shifts[client]).strftime(plan.date_format)
        if client not in first:
            raise transforms.UnreadableError
        return str((on - first[client]).days)

    def rewrite(line: int, row: _Row) -> tuple[_Row, str]:
        client = transforms.canonical(row[client_at])
        if not client:
            message = f"Line {line}: column {plan.client} is empty. Every record needs a client."
            raise SettingsError(message)
        new = [
            _reading(line, column, partial(one, actions[column], column, text, client))
            for column, text in zip(header, row, strict=True)
            if actions[column] != "dropped"
        ]
        return new, client

    return rewrite


def _reading(line: int, column: str, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except transforms.UnreadableError:
        message = (
            f"Line {line}, column {column}: the value is not what the option for this column says. "
            "Correct it, or give --date-format; nothing was written."
        )
        raise SettingsError(message) from None


def _write_note(note: Path, out: Path, actions: dict[str, str], key: Key, rows: int) -> None:
    with out.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    told = {
        "file": out.name,
        "sha256": sha256,
        "rows": rows,
        "key_id": key.key_id,
        "recipient": key.recipient,
        "method": "HMAC-SHA-256, 80 bits",
        "columns": actions,
    }
    with _replacing(note) as file_of_note:
        file_of_note.write(json.dumps(told, indent=1, ensure_ascii=True) + "\n")
