"""The entries of a bundle as the bytes they are, in flat memory.

What belongs here: where an entry begins and ends.
What does not: what it says, and whether the JSON is safe to read (guarding.py is asked first).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from orchestration.landing.formats.fhir.guarding import CHUNK, RESOURCE_LIMIT

# A whole text, one that has not ended yet, or a mark outside texts.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+("?)|[{}\[\],:]', re.DOTALL)
_OUTER, _LIST = 1, 2
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Entry:
    """One element of a bundle's ``entry``, with the blanks around it and without commas.

    Attributes:
        content: its bytes; blanks alone where the list is empty.
    """

    content: bytes


def parts(stream: BinaryIO) -> Iterator[bytes | Entry]:
    """The bytes of a bundle, in order: entries, and all that is not in one.

    The commas between entries are left out; everything else is there.

    Raises:
        ValueError: the JSON is damaged, or an entry is too long.
    """
    held, depth, in_list = b"", 0, False
    key, is_entry_key, is_last = b"", False, False
    while not is_last:
        chunk = stream.read(CHUNK)
        is_last = not chunk
        held += chunk
        if len(held) > 2 * RESOURCE_LIMIT:
            raise ValueError("an entry is too long")
        at = begun = 0
        while True:
            if in_list:
                # One byte is one character, so that places in the text are places in the bytes.
                text = held.decode("latin-1")
                for end in _ends(text, begun):
                    yield Entry(held[begun:end])
                    in_list = text[end] != "]"
                    begun = end + in_list
                    if not in_list:
                        break
                at = begun
                if in_list:
                    break
            match = _TOKEN.search(held, at)
            if match is None:
                at = len(held)
                break
            mark = match.group()
            if mark.startswith(b'"'):
                if not match.group(1):
                    # The text goes on in the next chunk, and is read again from its beginning.
                    break
                key = mark if depth == _OUTER else b""
            elif mark in b"{[":
                depth += 1
                if mark == b"[" and depth == _LIST and is_entry_key:
                    yield held[begun : match.end()]
                    begun, in_list = match.end(), True
            elif mark in b"}]":
                depth -= 1
            elif mark == b":" and depth == _OUTER:
                is_entry_key = json.loads(key or b'""') == "entry"
            elif mark == b"," and depth == _OUTER:
                is_entry_key = False
            at = match.end()
        if not in_list and begun < at:
            yield held[begun:at]
            begun = at
        held = held[begun:]
    if depth or in_list or held:
        raise ValueError("the JSON is damaged")


def _ends(text: str, at: int) -> Iterator[int]:
    """Where elements of a list end, at the comma or bracket after each; whole ones only."""
    while True:
        start = _after_blanks(text, at)
        if start < len(text) and text[start] == "]":
            yield start
            return
        try:
            _, end = _DECODER.raw_decode(text, start)
        except ValueError:
            # Not all of it is here yet; of one that is damaged, all never will be.
            return
        end = _after_blanks(text, end)
        if end == len(text):
            return
        if text[end] not in ",]":
            raise ValueError("the JSON is damaged")
        yield end
        at = end + 1


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
