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
    held, at, depth, begun = b"", 0, 0, 0
    key, is_entry_key, in_list = b"", False, False
    is_last = False
    while not is_last:
        chunk = stream.read(CHUNK)
        is_last = not chunk
        held, at, begun = held[begun:] + chunk, at - begun, 0
        if len(held) > 2 * RESOURCE_LIMIT:
            raise ValueError("an entry is too long")
        while match := _TOKEN.search(held, at):
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
                if in_list and depth == _OUTER:
                    yield Entry(held[begun : match.start()])
                    begun, in_list = match.start(), False
            elif mark == b"," and in_list and depth == _LIST:
                yield Entry(held[begun : match.start()])
                begun = match.end()
            if mark == b":" and depth == _OUTER:
                is_entry_key = json.loads(key or b'""') == "entry"
            elif mark == b"," and depth == _OUTER:
                is_entry_key = False
            at = match.end()
        else:
            at = len(held)
        if not in_list and begun < at:
            yield held[begun:at]
            begun = at
    if depth or in_list or begun < len(held):
        raise ValueError("the JSON is damaged")
