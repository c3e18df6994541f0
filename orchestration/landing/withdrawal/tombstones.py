"""Tombstones: keyed hashes of the ids of withdrawn clients and of their episodes.

What belongs here: the key, the tombstones, and the question whether a cell is one of them.
What does not: files that hold cells.

The ids themselves are nowhere: HMAC-SHA-256 under a key that never leaves the home (mode 0600). Who
has the home can try ids out; who has a copy of the tombstones alone cannot.
"""

import hmac
import json
import os
import re
import secrets
from pathlib import Path

from orchestration.errors import ScoutError

__all__ = ["ANYWHERE", "CLIENT", "EPISODE", "Tombstones", "is_specific", "write_durably"]

CLIENT, EPISODE, ANYWHERE = "client", "episode", "anywhere"
# An id that no answer, age or date could be: it is looked for in every column.
_SPECIFIC = re.compile(r"(?=.*[A-Za-z\u00c0-\uffff])(?=.*[0-9]).{6,}|[0-9]{9,}")
_REMEMBERED = 1 << 20


def write_durably(path: Path, content: bytes) -> None:
    """Put a private file in place so that it survives a power cut, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_specific(text: str) -> bool:
    """Whether an id is one that no answer, age or date could be."""
    return bool(_SPECIFIC.fullmatch(text))


class Tombstones:
    """Whom this home leaves out.

    Attributes:
        is_pending: the erasing that the newest tombstones ask for is not finished.

    Raises:
        ScoutError: there are tombstones and their key is gone.
    """

    def __init__(self, folder: Path) -> None:
        self._key_path, self._path = folder / "key", folder / "tombstones.json"
        self._marks: dict[str, str] = {}
        self.is_pending = False
        self._known: dict[tuple[str, str], bool] = {}
        if self._path.exists():
            try:
                told = json.loads(self._path.read_text(encoding="ascii"))
                self._marks, self.is_pending = dict(told["marks"]), bool(told["is_pending"])
                self._key = bytes.fromhex(self._key_path.read_text(encoding="ascii").strip())
            except (OSError, ValueError, KeyError, TypeError):
                message = (
                    f"{self._key_path} or {self._path.name} beside it is missing or damaged, and "
                    "without them withdrawn clients would come back. Restore them from a backup."
                )
                raise ScoutError(message) from None

    def __bool__(self) -> bool:
        """Whether anybody was forgotten here."""
        return bool(self._marks)

    def add(self, client: str, episodes: set[str]) -> None:
        """Remember a client and the client's episodes, durably, before anything is erased."""
        if not self._key_path.exists():
            write_durably(self._key_path, secrets.token_hex(32).encode())
        self._key = bytes.fromhex(self._key_path.read_text(encoding="ascii").strip())
        pairs = [(CLIENT, client), *((EPISODE, episode) for episode in sorted(episodes))]
        pairs += [(ANYWHERE, text) for _, text in pairs if is_specific(text)]
        for kind, text in pairs:
            self._marks[self._mark(kind, text)] = kind
        self._known.clear()
        self._write(is_pending=True)

    def finish(self) -> None:
        """Remember that what the tombstones ask for is done."""
        self._write(is_pending=False)

    def _write(self, *, is_pending: bool) -> None:
        # One file for both: a kill leaves either no tombstone or one that is still to be honoured.
        self.is_pending = is_pending
        told = {"is_pending": is_pending, "marks": dict(sorted(self._marks.items()))}
        write_durably(self._path, json.dumps(told, indent=0).encode("ascii"))

    def holds(self, kind: str, text: str) -> bool:
        """Whether ``text`` is the id of a withdrawn client or episode; asked of cells by kind."""
        if not self._marks:
            return False
        pair = (kind, text)
        found = self._known.get(pair)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[pair] = self._mark(kind, text) in self._marks
        return found

    def holds_anywhere(self, text: str) -> bool:
        """Whether a cell of any column is an id that nothing else could be."""
        return is_specific(text) and self.holds(ANYWHERE, text)

    def _mark(self, kind: str, text: str) -> str:
        return hmac.digest(self._key, f"{kind}\0{text}".encode(), "sha256").hex()
