"""Resources without those of withdrawn clients; the others keep their bytes.

What belongs here: whose a resource is, and lines and entries that go.
What does not: which bytes are an entry (entries.py), who has withdrawn.

A resource goes if it is the client, refers to the client or to an episode of the client (from any
element), or holds an id that nothing else could be. One that speaks of several people, such as a
Group, goes as a whole. What a bundle says beside its entries stays, with a word in place of such an
id: the address of a search may name the client.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from orchestration.landing.formats.erasure import Erased, Erasure, Ids
from orchestration.landing.formats.fhir.entries import Entry, parts
from orchestration.landing.formats.fhir.guarding import RESOURCE_LIMIT
from orchestration.landing.formats.fhir.reading import LINES, look
from orchestration.landing.formats.fhir.records import reference
from orchestration.landing.formats.fhir.shapes import dicts, objects

_EPISODES = ("Encounter", "EpisodeOfCare")
_WORD = re.compile(r"[\w.\-]+")
_WORD_OF_BYTES = re.compile(rb"[\w.\-\x80-\xff]+")
_GONE = b"withdrawn"
_REMEMBERED, _SHORT = 1 << 14, 200


def erase_resources(erasure: Erasure) -> Erased:
    """Take withdrawn clients out of NDJSON, a bundle or a single resource.

    Raises:
        FileRefusalError: the file is no FHIR, or no parser should be given it.
        ValueError: the JSON is damaged.
    """
    if erasure.extension in LINES:
        return _lines(erasure)
    is_bundle = look(erasure.source, erasure.extension, erasure.name) is not None
    return _bundle(erasure) if is_bundle else _single(erasure)


def _lines(erasure: Erasure) -> Erased:
    removed = remaining = 0
    judge = _Judge(erasure)
    with erasure.source.open("rb") as stream, erasure.target.open("wb") as copy:
        while line := stream.readline(RESOURCE_LIMIT + 1):
            if len(line) > RESOURCE_LIMIT:
                raise ValueError("a line is too long")
            if line.strip() and judge.goes(line):
                removed += 1
                continue
            remaining += _is_record(line)
            copy.write(line)
    return Erased(removed, remaining)


def _single(erasure: Erasure) -> Erased:
    content = erasure.source.read_bytes()
    goes = _Judge(erasure).goes(content)
    return Erased(int(goes), int(not goes))


def _bundle(erasure: Erasure) -> Erased:
    removed = remaining = 0
    judge = _Judge(erasure)
    is_first = True
    with erasure.source.open("rb") as stream, erasure.target.open("wb") as copy:
        for part in parts(stream):
            if not isinstance(part, Entry):
                copy.write(_without_words(part, erasure.ids))
                is_first = True
            elif not part.content.strip():
                copy.write(part.content)
            elif judge.goes(part.content):
                removed += 1
            else:
                remaining += _is_record(part.content)
                copy.write(part.content if is_first else b"," + part.content)
                is_first = False
    return Erased(removed, remaining)


class _Judge:
    """Says of one resource after the other whether it goes."""

    def __init__(self, erasure: Erasure) -> None:
        self.ids = erasure.ids
        self.system = erasure.mapping.options.client_identifier
        # The same few texts (keys, addresses, dates) come in crowds.
        self._tells_short = lru_cache(maxsize=_REMEMBERED)(self._tells)

    def goes(self, content: bytes) -> bool:
        """Whether a resource is a withdrawn client's; of damaged JSON its words are asked."""
        found = _parsed(content)
        if found is None:
            return self._tells(content.decode("utf-8", "replace"))
        return any(_is_of_withdrawn(one, self.ids, self.system) for one in objects(found)) or any(
            self._tells_short(text) if len(text) <= _SHORT else self._tells(text)
            for text in _texts(found)
        )

    def _tells(self, text: str) -> bool:
        return any(map(self.ids.is_anywhere, _words(text)))


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _is_of_withdrawn(one: Mapping[str, Any], ids: Ids, system: str | None) -> bool:
    own, kind = one.get("id"), one.get("resourceType")
    if isinstance(own, str):
        if kind == "Patient" and ids.is_client(own):
            return True
        if kind in _EPISODES and ids.is_episode(own):
            return True
    if ids.is_client(reference(one, "Patient") or ""):
        return True
    if any(ids.is_episode(reference(one, episode) or "") for episode in _EPISODES):
        return True
    # An identifier that is the client's pseudonym, of a subject or of the Patient itself.
    return any(
        system is not None
        and value.get("system") == system
        and isinstance(value.get("value"), str)
        and ids.is_client(value["value"])
        for value in dicts(one.get("identifier"))
    )


def _is_record(content: bytes) -> bool:
    """Whether a resource that stays is about anybody: a bundle of definitions alone is no data."""
    if not content.strip():
        return False
    found = _parsed(content)
    return found is None or any(
        one.get("resourceType") == "Patient" or "subject" in one or "patient" in one
        for one in objects(found)
    )


def _texts(value: object) -> Iterator[str]:
    """Every text inside a value, keys included."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _words(text: str) -> Iterator[str]:
    """What in a text may be an id: itself, and what stands between its marks."""
    yield text
    for match in _WORD.finditer(text):
        yield match.group()
        yield match.group().strip(".-")


def _without_words(content: bytes, ids: Ids) -> bytes:
    def kept(match: re.Match[bytes]) -> bytes:
        words = _words(match.group().decode("utf-8", "replace"))
        return _GONE if any(map(ids.is_anywhere, words)) else match.group()

    return _WORD_OF_BYTES.sub(kept, content)
