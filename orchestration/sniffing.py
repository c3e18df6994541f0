"""How a delimited file is written: what separates its columns, in which encoding.

What belongs here: looking at the header and trying encodings.
What does not: what landing then requires (``landing.preflight``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestration.proposing.proposal import Certainty, Reason

_DELIMITED = {".csv": ",", ".tsv": "\t"}
_MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LOOKED_AT = 1 << 20
Encoding = Literal["utf-8", "utf-16", "cp1252"]


@dataclass(frozen=True)
class Written:
    """How a file is written.

    Attributes:
        delimiter: what separates columns, where it is not what the ending says.
        encoding: how letters are stored.
    """

    delimiter: str | None = None
    encoding: Encoding = "utf-8"

    def keys(self) -> list[tuple[str, object, Reason]]:
        """The keys of ``source.yml`` that say so."""
        found: list[tuple[str, object, Reason]] = []
        if self.delimiter is not None:
            why = f"the header's columns are separated by {_MARKS[self.delimiter]}"
            found.append(("delimiter", self.delimiter, Reason(Certainty.SURE, why)))
        if self.encoding == "utf-16":
            why = "it begins with the mark of UTF-16"
            found.append(("encoding", self.encoding, Reason(Certainty.SURE, why)))
        elif self.encoding != "utf-8":
            why = "it is no UTF-8, and this is the commonest of the others"
            found.append(("encoding", self.encoding, Reason(Certainty.LIKELY, why)))
        return found


def how_written(path: Path, extension: str) -> Written:
    """How a file is written; what is usual for its ending is left out.

    Args:
        path: a copy of the file, whatever it is called.
        extension: the ending of its name.
    """
    if extension not in _DELIMITED:
        return Written()
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    encoding: Encoding = "utf-8"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif not _is_utf8(path):
        encoding = "cp1252"
    first = head.decode(encoding, errors="replace").lstrip("\ufeff\r\n").splitlines()[:1]
    outside = "".join("".join(first).split('"')[::2])
    counts = {mark: outside.count(mark) for mark in _MARKS}
    usual = _DELIMITED[extension]
    best = max(counts, key=lambda mark: (counts[mark], mark == usual))
    return Written(None if best == usual or not counts[best] else best, encoding)


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(_LOOKED_AT):
                pass
    except UnicodeDecodeError:
        return False
    return True
