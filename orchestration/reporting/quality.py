"""The quality report: what failed, where, since when, what it changes in the numbers, what to do.

What belongs here: the facts the page is made of, and how they are put in order.
What does not: judging (``expectations``), reading what was recorded (``checks.quality_facts``), or
a cell of the data: counts only.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from orchestration.reporting.page import render

# How many runs the trend of a rule goes back.
RUNS_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """One rule, what came of it in the newest run, and in those before.

    Attributes:
        gate, table_name, rule, severity, sentence, why, when_it_fails: as registered.
        status: of the newest run; ``not_checked`` where the run did not come so far.
        evaluated_count, unexpected_count: of the newest run.
        failing_since: the first run of the unbroken series that does not pass; None if it passes.
        history: the statuses of the last runs, oldest first, at most ``RUNS_SHOWN``.
    """

    gate: str
    table_name: str
    rule: str
    severity: str
    sentence: str
    why: str
    when_it_fails: str
    status: str
    evaluated_count: int
    unexpected_count: int
    failing_since: datetime | None
    history: tuple[str, ...]

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should do something."""
        return self.status in ("fail", "error")

    @property
    def is_holding(self) -> bool:
        """Whether it keeps a release from being published."""
        return self.severity == "critical" and self.needs_a_look


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """The files of one source: how many there are and how many of their rows count."""

    source: str
    files: int
    files_refused: int
    rows_read: int
    rows_loaded: int
    rows_refused: int
    rows_repeated: int
    last_arrival: datetime


@dataclass(frozen=True, kw_only=True)
class QualityFacts:
    """All that the page says.

    Attributes:
        made_at: when the run that the page tells of was checked last.
        release: the number of the release it lies in; None where the release was held.
        is_synthetic: whether every client of the home is imaginary.
        rules: every registered rule, in the order of the gates.
        sources: one entry per source.
        to_mend: what a person should mend, one sentence each, as the run's summary says it.
    """

    made_at: datetime
    release: int | None
    is_synthetic: bool
    rules: Sequence[RuleFacts]
    sources: Sequence[SourceFacts]
    to_mend: Sequence[str]


def quality_page(facts: QualityFacts) -> str:
    """The page as self-contained HTML."""
    failing = sorted(
        (rule for rule in facts.rules if rule.needs_a_look), key=lambda rule: not rule.is_holding
    )
    statuses = Counter(rule.status for rule in facts.rules)
    return render(
        "quality.html",
        facts=facts,
        failing=failing,
        holding=[rule for rule in failing if rule.is_holding],
        passed=len(facts.rules) - len(failing) - statuses["not_checked"],
        tolerated=statuses["pass_with_failures"],
        not_checked=statuses["not_checked"],
        gates=[(gate, list(rules)) for gate, rules in groupby(facts.rules, lambda rule: rule.gate)],
    )
