"""Is a JSON text safe to parse? Asked of its bytes, before any parser sees them.

What belongs here: nesting, the length of texts and numbers, the size of one resource.
What does not: JSON's grammar, which the parser judges, and FHIR.

A parser that is given 200 000 nested lists recurses or builds a path of a megabyte for each of
them; one that is given a text of 1.5 GB holds it whole. Up to the first fault of grammar, where any
parser stops, what is counted here is what the parser would meet.
"""

import re

import numpy as np
import numpy.typing as npt

from orchestration.landing.accountant import LINE_LIMIT
from orchestration.landing.refusals import FileRefusalError

CHUNK = 1 << 20
# FHIR's own structures nest about 20 deep; DuckDB stops at 128 (architecture.md, section 7).
DEPTH_LIMIT = 100
TEXT_LIMIT = LINE_LIMIT
NUMBER_LIMIT = 400
RESOURCE_LIMIT = 16 << 20

# An element of `entry` opens at this depth: the bundle is 1, the list 2.
_ELEMENT = 3
_ENTRIES = re.compile(rb'"entry"[ \t\r\n]*:[ \t\r\n]*\[')
_REMEMBERED = 64
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_BRACKETS = np.zeros(256, dtype=np.int64)
_BRACKETS[[ord("{"), ord("[")]] = 1
_BRACKETS[[ord("}"), ord("]")]] = -1
_BREAKS = np.zeros(256, dtype=bool)
_BREAKS[list(b'{}[]",: \t\r\n')] = True

Positions = npt.NDArray[np.int64]


class Guard:
    """Follows one JSON text chunk by chunk.

    Attributes:
        entries: the elements of a bundle's `entry` that ended so far: a count of its own.
    """

    def __init__(self, name: str, number: int = 1) -> None:
        """Begin a text.

        Args:
            name: how messages call the file.
            number: the resource that this text is, unless it is a bundle.
        """
        self.name = name
        self.number = number
        self.entries = 0
        self._is_in_entries = False
        self._before = b""
        self._offset = 0
        self._depth = 0
        self._is_escaped = False
        self._text_from: int | None = None
        self._element_from: int | None = None
        self._break_at = -1

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes.

        Raises:
            FileRefusalError: too_deep, too_long_line.
        """
        start, end = self._offset, self._offset + len(chunk)
        codes = np.frombuffer(self._without_escapes(chunk), dtype=np.uint8)
        quotes = np.flatnonzero(codes == ord('"'))
        steps_at = np.flatnonzero(_BRACKETS[codes])
        breaks = np.flatnonzero(_BREAKS[codes])
        was_text = self._text_from is not None
        self._check_numbers(breaks, quotes, was_text, start, end)
        self._check_texts(quotes + start, end)
        outside = (np.searchsorted(quotes, steps_at) + was_text) % 2 == 0
        steps_at = steps_at[outside]
        self._check_depth(_BRACKETS[codes[steps_at]], steps_at + start, chunk, end)
        self._offset = end

    def _without_escapes(self, chunk: bytes) -> bytes:
        if self._is_escaped:
            chunk = b"_" + chunk[1:]
        self._is_escaped = False
        if b"\\" in chunk:
            chunk = _ESCAPED.sub(b"__", chunk)
            self._is_escaped = chunk.endswith(b"\\")
        return chunk

    def _check_numbers(
        self, breaks: Positions, quotes: Positions, was_text: bool, start: int, end: int
    ) -> None:
        """Long runs outside texts: only a number (or nonsense) can be one."""
        edges = np.concatenate(([self._break_at - start], breaks, [end - start]))
        runs = np.flatnonzero(np.diff(edges) > NUMBER_LIMIT)
        inside = (np.searchsorted(quotes, np.maximum(edges[runs] + 1, 0)) + was_text) % 2 == 1
        if not inside.all():
            raise self._too_long("a number")
        if len(breaks):
            self._break_at = int(breaks[-1]) + start

    def _check_texts(self, quotes: Positions, end: int) -> None:
        if self._text_from is not None:
            quotes = np.concatenate(([self._text_from], quotes))
        self._text_from = int(quotes[-1]) if len(quotes) % 2 else None
        closed = quotes[: len(quotes) // 2 * 2]
        longest = int((closed[1::2] - closed[0::2]).max(initial=0))
        if self._text_from is not None:
            longest = max(longest, end - self._text_from)
        if longest > TEXT_LIMIT:
            raise self._too_long("a text")

    def _check_depth(self, steps: Positions, at: Positions, chunk: bytes, end: int) -> None:
        depths = self._depth + np.cumsum(steps)
        self._count_entries(steps, depths, at, chunk, end)
        if int(depths.max(initial=0)) > DEPTH_LIMIT:
            message = (
                f"{self.name}, {self.place}: the JSON is nested more than {DEPTH_LIMIT} deep, "
                "which no FHIR resource is. Export it again."
            )
            raise FileRefusalError("too_deep", message)
        opens = at[(steps > 0) & (depths == _ELEMENT)]
        closes = at[(steps < 0) & (depths == _ELEMENT - 1)]
        if self._element_from is not None:
            opens = np.concatenate(([self._element_from], opens))
        whole = min(len(opens), len(closes))
        largest = int((closes[:whole] - opens[:whole]).max(initial=0))
        self._element_from = int(opens[-1]) if len(opens) > whole else None
        if self._element_from is not None:
            largest = max(largest, end - self._element_from)
        if largest > RESOURCE_LIMIT:
            raise self._too_long("a resource")
        if len(depths):
            self._depth = int(depths[-1])

    def _count_entries(
        self, steps: Positions, depths: Positions, at: Positions, chunk: bytes, end: int
    ) -> None:
        """Count what ends inside a list called `entry` of the outermost object."""
        seen = self._before + chunk
        self._before = seen[-_REMEMBERED:]
        named = [end - len(seen) + match.end() - 1 for match in _ENTRIES.finditer(seen)]
        lists = at[(steps > 0) & (depths == _ELEMENT - 1)]
        begins = np.intersect1d(np.array(named, dtype=np.int64), lists)
        ends = at[(steps < 0) & (depths == _ELEMENT - 2)]
        events = np.concatenate((begins, ends))
        order = np.argsort(events)
        # One state before each event: what holds between two of them is what the first one began.
        states = np.concatenate(
            ([self._is_in_entries], (np.arange(len(events)) < len(begins))[order])
        )
        closes = at[(steps < 0) & (depths == _ELEMENT - 1)]
        self.entries += int(states[np.searchsorted(events[order], closes)].sum())
        self._is_in_entries = bool(states[-1])

    @property
    def place(self) -> str:
        """How a message says where."""
        inside = self._is_in_entries or self.entries > 0
        return f"resource {self.entries + 1 if inside else self.number}"

    def _too_long(self, what: str) -> FileRefusalError:
        message = (
            f"{self.name}, {self.place}: {what} here is longer than Scout accepts. Export the file "
            "again without attachments."
        )
        return FileRefusalError("too_long_line", message)
