"""glance: being written."""

from dataclasses import dataclass

from orchestration.charts.figure import Tables


@dataclass(frozen=True)
class Sentence:
    """One sentence of the summary and what it is about."""

    topic: str
    text: str


def glance(
    tables: Tables, *, program_id: str, threshold_set: str | None = None
) -> tuple[Sentence, ...]:
    """Not written yet."""
    return ()
