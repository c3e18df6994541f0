"""Rows put in one order on disk, so that the same rows give the same bytes and memory stays flat.

What belongs here: sorted runs and their merge. A database promises no order, and sorting there
would follow its collation; the order here is that of the text's code points.
What does not: where rows come from or how they are written.
"""

import heapq
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

_RUN_BYTES = 32 << 20


class Spool:
    """Rows of text on their way into one file; :meth:`close` it and nothing is left behind.

    Attributes:
        count: how many rows were added.
    """

    def __init__(self, scratch: Path, run_bytes: int = _RUN_BYTES) -> None:
        """Spill into files without a name in ``scratch`` whenever a run has grown large enough."""
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.count = 0
        self._scratch, self._run_bytes = scratch, run_bytes
        self._rows: list[str] = []
        self._bytes = 0
        self._runs: list[IO[str]] = []
        self._files = ExitStack()

    def close(self) -> None:
        """Let go of everything on disk."""
        self._files.close()

    def add(self, row: Sequence[str]) -> None:
        """Take one row."""
        line = json.dumps(row, ensure_ascii=False)
        self._rows.append(line)
        self._bytes += len(line)
        self.count += 1
        if self._bytes > self._run_bytes:
            self._spill()

    def _spill(self) -> None:
        self._rows.sort()
        # Without a name: a kill leaves no values behind.
        run = self._files.enter_context(
            tempfile.TemporaryFile(  # noqa: SIM115 - the stack closes it
                "w+", dir=self._scratch, encoding="utf-8", newline="\n"
            )
        )
        run.writelines(f"{line}\n" for line in self._rows)
        self._runs.append(run)
        self._rows, self._bytes = [], 0

    def rows(self) -> Iterator[Sequence[str]]:
        """Every row in order; may be asked again."""
        self._rows.sort()
        for run in self._runs:
            run.seek(0)
        lines = ((line.rstrip("\n") for line in run) for run in self._runs)
        for line in heapq.merge(*lines, self._rows):
            yield json.loads(line)
