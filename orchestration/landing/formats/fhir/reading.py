"""Resources of a file, one by one: a single one, a bundle, or bulk NDJSON.

What belongs here: bytes to resources in flat memory, each with its number, and what is refused
because it is no FHIR or no whole JSON.
What does not: what a resource says.
"""

import codecs
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from orchestration.landing import decoding
from orchestration.landing.formats.fhir.guarding import (
    CHUNK,
    DEPTH_LIMIT,
    RESOURCE_LIMIT,
    TEXT_LIMIT,
    Guard,
)
from orchestration.landing.formats.fhir.shapes import Resource, objects
from orchestration.landing.refusals import FileRefusalError

LINES = (".ndjson", ".jsonl")
# Stands in an object that gives a key twice: which value counts would be a guess.
_TWICE = "\0twice"


class _TwiceError(Exception):
    """An object gives a key twice."""


class _Object(dict[str, Any]):
    """A JSON object that remembers a key given twice."""

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            super().__setitem__(_TWICE, True)
        super().__setitem__(key, value)


def look(path: Path, extension: str, name: str) -> int | None:
    """Refuse a file that is not FHIR, or that no parser should be given.

    Returns:
        The number of a bundle's entries, counted apart from the parser; None for any other file.

    Raises:
        FileRefusalError: empty_file, wrong_encoding, binary_content, too_deep, too_long_line,
            unreadable_file, unknown_format.
    """
    decoding.name_the_bytes(path, name)
    if extension in LINES:
        return None
    guard = Guard(name)
    with _opened(path) as stream:
        while chunk := stream.read(CHUNK):
            guard.feed(chunk)
    kinds = list(islice(_items(path, "resourceType", name), 2))
    if len(kinds) > 1:
        raise _twice(name, 1)
    if not kinds or not isinstance(kinds[0], str):
        message = (
            f"{name}: this JSON is no FHIR resource: it has no resourceType. Export resources, "
            "a bundle, or bulk data as .ndjson."
        )
        raise FileRefusalError("unknown_format", message)
    if kinds[0] == "Bundle":
        if _top_level(path, "type", name) == "history":
            message = (
                f"{name} is a history: it holds old versions beside new ones. Export the current "
                "resources."
            )
            raise FileRefusalError("unknown_format", message)
        return guard.entries
    if path.stat().st_size > RESOURCE_LIMIT:
        message = f"{name}, resource 1: a resource here is longer than Scout accepts. Export again."
        raise FileRefusalError("too_long_line", message)
    return None


def resources(path: Path, extension: str, name: str) -> Iterator[tuple[int, Resource | None]]:
    """Every resource with its number, from 1; None where a line or an entry is none.

    Raises:
        FileRefusalError: the file is damaged; what follows the damage is unknown.
    """
    if extension in LINES:
        yield from _lines(path, name)
        return
    is_bundle = _top_level(path, "resourceType", name) == "Bundle"
    for number, found in enumerate(_items(path, "entry.item" if is_bundle else "", name), start=1):
        # An entry may be there without a resource, such as the answer to a deletion.
        resource = found.get("resource", {}) if is_bundle and isinstance(found, dict) else found
        yield number, _checked(resource, name, number)


def _lines(path: Path, name: str) -> Iterator[tuple[int, Resource | None]]:
    """Lines of bulk data; a line that is no JSON is one lost record, not a lost file."""
    number = 0
    with _opened(path) as stream:
        while line := stream.readline(RESOURCE_LIMIT + 1):
            if not line.strip():
                continue
            number += 1
            if len(line) > RESOURCE_LIMIT:
                message = (
                    f"{name}, resource {number}: a resource here is longer than Scout accepts. "
                    "Export the file again without attachments."
                )
                raise FileRefusalError("too_long_line", message)
            # A line with few brackets and few bytes needs no closer look.
            if line.count(b"{") + line.count(b"[") > DEPTH_LIMIT or len(line) > TEXT_LIMIT:
                Guard(name, number).feed(line)
            try:
                found = json.loads(
                    line,
                    object_pairs_hook=_object,
                    parse_float=Decimal,
                    parse_constant=_no_number,
                )
            except _TwiceError:
                raise _twice(name, number) from None
            except (ValueError, RecursionError):
                if not line.endswith(b"\n"):
                    raise _damaged(name, number) from None
                yield number, None
                continue
            yield number, found if isinstance(found, dict) else None


def _object(pairs: list[tuple[str, Any]]) -> Resource:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _TwiceError
    return made


def _no_number(text: str) -> None:
    raise ValueError(text)


def _checked(found: object, name: str, number: int) -> Resource | None:
    if not isinstance(found, dict):
        return None
    if any(_TWICE in one for one in objects(found)):
        raise _twice(name, number)
    return found


def _twice(name: str, number: int) -> FileRefusalError:
    message = (
        f"{name}, resource {number}: an object gives one key twice, so it is unclear which "
        "value counts. Export it again."
    )
    return FileRefusalError("unreadable_file", message)


def _top_level(path: Path, key: str, name: str) -> str | None:
    """The text of one key of the outermost object, read no further than to it.

    Raises:
        FileRefusalError: unreadable_file.
    """
    found = next(_items(path, key, name), None)
    return found if isinstance(found, str) else None


def _items(path: Path, prefix: str, name: str) -> Iterator[Any]:
    import ijson

    count = 0
    make: Callable[[], _Object] = _Object
    with _opened(path) as stream:
        try:
            for one in ijson.items(stream, prefix, map_type=make, buf_size=CHUNK):
                count += 1
                yield one
        except (ijson.JSONError, UnicodeDecodeError, ValueError):
            # The parser's own message shows the text around the fault.
            raise _damaged(name, count + 1) from None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        yield stream


def _damaged(name: str, number: int) -> FileRefusalError:
    message = (
        f"{name} breaks off or is damaged at resource {number} or soon after; what follows cannot "
        "be told. Export it again."
    )
    return FileRefusalError("unreadable_file", message)
