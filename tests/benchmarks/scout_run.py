"""Scout's part of the benchmark: one run of one home in this process, with its seconds per stage.

What belongs here: running, and writing down what each stage, file and rule took.
What does not: a way to run that a user does not have: this is ``run_once`` and nothing else; dbt's
nodes (``dbt_nodes`` reads them afterwards).

Run: ``python -m tests.benchmarks.scout_run HOME OUT.json``.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

STARTED = time.monotonic()


@dataclass
class Span:
    """One stage, from start to end on the monotonic clock that all processes share."""

    name: str
    doing: str
    start: float
    end: float = 0.0
    processor_seconds: float = 0.0
    steps: list[tuple[float, str]] = field(default_factory=list)
    result: str = ""

    def step(self, text: str) -> None:
        """Remember when a step began."""
        self.steps.append((time.monotonic(), text))

    def done(self, text: str) -> None:
        """Remember what the stage said of itself."""
        self.result = text


class RecordingProgress:
    """Keeps what a terminal would show, with times (``orchestration.progress.Progress``)."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    @contextmanager
    def stage(self, name: str, doing: str) -> Iterator[Span]:
        """Time one stage."""
        span = Span(name, doing, time.monotonic())
        # Of this process with all its threads: dbt, DuckDB and Great Expectations work in it.
        before = time.process_time()
        try:
            yield span
        finally:
            span.end = time.monotonic()
            span.processor_seconds = time.process_time() - before
            self.spans.append(span)


def main(home: Path, out: Path) -> int:
    """Run once; 0 if a release stands at the end, new or unchanged."""
    from orchestration.running import run_once
    from orchestration.settings import Settings

    settings = Settings(home=home)
    progress = RecordingProgress()
    report = run_once(settings, progress)
    record = {
        "started": STARTED,
        "is_news": report.is_news,
        "memory_limit": settings.memory_limit,
        "threads": settings.threads,
        "spans": [asdict(span) for span in progress.spans],
        "rules": [
            (f"{gate}: {result.table_name} {result.rule}", result.seconds)
            for gate, result in report.rules
        ],
    }
    out.write_text(json.dumps(record), encoding="utf-8")
    for failure in report.failures:
        sys.stderr.write(f"{failure}\n")
    return 0 if report.release is not None else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
