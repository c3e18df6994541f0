"""What a person sees while Scout works: a line or a bar per stage, with counts and seconds.

What belongs here: how progress is told, on a terminal or as plain lines.
What does not: the work, or what the closing summary says (``cli`` and ``summary`` own that).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console


class Progress(Protocol):
    """What a stage may say of itself while it runs."""

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator["Stage"]:
        """Announce a stage; it ends, with its seconds, when the block does."""
        ...


class Stage(Protocol):
    """One running stage."""

    def step(self, text: str) -> None:
        """Say what is being done now; shown on a terminal, left out of plain lines."""
        ...

    def done(self, text: str) -> None:
        """Say, once, what the stage did, with counts."""
        ...


class _Line:
    def __init__(self, show: "TerminalProgress", name: str) -> None:
        self._show, self._name, self.result = show, name, ""

    def step(self, text: str) -> None:
        self._show.update(self._name, text)

    def done(self, text: str) -> None:
        self.result = text


class TerminalProgress:
    """A spinner with the current step on a terminal; one plain line per stage elsewhere."""

    def __init__(self, console: Console) -> None:
        """Tell progress on ``console``; whether it is a terminal decides the form."""
        self._console = console
        self._status = console.status("") if console.is_terminal else None

    def update(self, name: str, text: str) -> None:
        """Show ``text`` beside the spinner of stage ``name``."""
        if self._status is not None:
            self._status.update(f"[bold]{name:<10}[/] {text}")

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[Stage]:
        """Announce a stage; print its result and seconds when the block ends."""
        started = time.perf_counter()
        line = _Line(self, name)
        if self._status is not None:
            self.update(name, doing)
            self._status.start()
        ended = False
        try:
            yield line
            ended = True
        finally:
            if self._status is not None:
                self._status.stop()
            seconds = time.perf_counter() - started
            result = (line.result or doing) if ended else f"{doing}: stopped"
            self._console.print(
                f"  [bold]{name:<10}[/] {result} [dim]({seconds:.1f} s)[/]",
                highlight=False,
                soft_wrap=True,
            )


class SilentProgress:
    """Says nothing: for Dagster's own runs, which have their event log, and for tests."""

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[Stage]:
        """Announce nothing."""
        yield _Mute()


class _Mute:
    def step(self, text: str) -> None:
        """Say nothing."""

    def done(self, text: str) -> None:
        """Say nothing."""
