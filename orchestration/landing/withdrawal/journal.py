"""The log of withdrawals: append-only, each line chained to the one before by its hash.

What belongs here: adding a line, reading them, and finding out whether one was changed.
What does not: ids; a line says when and how much, never who.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["FIRST", "Journal", "verify"]

FIRST = "0" * 64


@dataclass(frozen=True)
class Journal:
    """One log file.

    Attributes:
        path: where it lies.
    """

    path: Path

    def lines(self) -> list[dict[str, Any]]:
        """Every whole line; a line that a power cut tore is not one."""
        if not self.path.exists():
            return []
        told = []
        for text in self.path.read_text(encoding="ascii").splitlines():
            try:
                told.append(json.loads(text))
            except ValueError:
                break
        return told

    def add(self, event: str, now: datetime, facts: Mapping[str, int]) -> None:
        """Append one line and make it durable."""
        before = self.lines()
        line = {
            "number": len(before) + 1,
            "event": event,
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            **facts,
            "previous": before[-1]["hash"] if before else FIRST,
        }
        line["hash"] = _hash(line)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = "".join(json.dumps(one, sort_keys=True) + "\n" for one in before)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # What a power cut tore off a line goes; whole lines are never written again.
            os.ftruncate(descriptor, len(whole))
            os.pwrite(descriptor, (json.dumps(line, sort_keys=True) + "\n").encode(), len(whole))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _hash(line: Mapping[str, Any]) -> str:
    text = json.dumps({key: line[key] for key in line if key != "hash"}, sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def verify(lines: list[dict[str, Any]]) -> bool:
    """Whether every line is as it was written and none is missing before the last."""
    previous = FIRST
    for number, line in enumerate(lines, start=1):
        if (line.get("number"), line.get("previous")) != (number, previous):
            return False
        if line.get("hash") != _hash(line):
            return False
        previous = line["hash"]
    return True
