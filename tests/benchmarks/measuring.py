"""One child process and what it took: wall seconds, processor seconds, peak memory.

What belongs here: starting a child, watching it and all that it starts, and nothing it prints.
What does not: which children there are (``compare``) or how numbers are shown (``reporting``).

Keep this process small: on Linux a child's peak as the kernel tells it starts with the size of the
process that started it. Hence no pandas, duckdb or orchestration import here or in ``compare``.
"""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_SAMPLES = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")
_CHARACTERS_SHOWN = 3000


class ChildFailedError(RuntimeError):
    """A measured process ended with an error; what it said last is the message."""


@dataclass(frozen=True)
class Sample:
    """Resident bytes of a child and everything under it at one moment (``time.monotonic``)."""

    at: float
    resident_bytes: int


@dataclass(frozen=True)
class Measured:
    """What one child took.

    Attributes:
        seconds: wall seconds from start to end.
        processor_seconds: user and system seconds of the child and all it waited for.
        peak_bytes: the largest sum of resident memory over the child and everything under it, from
            samples, or the kernel's own peak of the largest single process if that is larger.
            Pages that two of the processes share count twice.
        samples: every sample, in order.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: int
    samples: Sequence[Sample] = field(repr=False, default=())

    def peak_between(self, start: float, end: float) -> int | None:
        """The largest sample from ``start`` to ``end``; None if none was taken."""
        return max((s.resident_bytes for s in self.samples if start <= s.at <= end), default=None)


def measure(command: Sequence[str], log: Path) -> Measured:
    """Run ``command`` from the checkout, its output going to ``log``.

    Raises:
        ChildFailedError: it ended with another code than 0.
    """
    samples: list[Sample] = []
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "ignore"}
    with log.open("w", encoding="utf-8") as output:
        started = time.monotonic()
        child = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child.pid, over, samples), daemon=True)
        watcher.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        finally:
            over.set()
        seconds = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)  # we waited, so Popen must not
    watcher.join()
    if child.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[-_CHARACTERS_SHOWN:]
        message = f"{' '.join(command)} ended with {child.returncode}.\n{said}"
        raise ChildFailedError(message)
    return Measured(
        seconds=seconds,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=max([usage.ru_maxrss * 1024, *(s.resident_bytes for s in samples)]),
        samples=samples,
    )


def _watch(root: int, over: threading.Event, samples: list[Sample]) -> None:
    while not over.wait(SECONDS_BETWEEN_SAMPLES):
        samples.append(Sample(time.monotonic(), sum(_resident(pid) for pid in _tree(root))))


def _tree(root: int) -> list[int]:
    """``root`` and every process under it that is alive now."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            tasks = list(Path(f"/proc/{pid}/task").iterdir())
            for task in tasks:
                waiting += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
