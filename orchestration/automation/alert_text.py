"""What an alert says: which stage stopped, which rules hold the release, what to do, where to look.

What belongs here: words made of names of stages, tables and rules, and of counts.
What does not: sending (``alerting``); a cell value, a client's id, another library's message.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_RULES_NAMED = 10


@dataclass(frozen=True, kw_only=True)
class HoldingRule:
    """A critical rule that does not pass.

    Attributes:
        gate, table_name, rule: which.
        sentence, when_it_fails: as registered.
        status: fail or error.
        unexpected_count: rows that break it.
    """

    gate: str
    table_name: str
    rule: str
    sentence: str
    when_it_fails: str
    status: str
    unexpected_count: int


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One run that published nothing.

    Attributes:
        run_id: the run.
        stages: what stopped: the stages' names, or the steps' where no stage of Scout's did.
        reasons: why, in sentences of Scout's own.
        rules: the rules that hold the release.
        page: where the quality report of this run lies; empty where there is none.
        run_book: where the run book lies.
    """

    run_id: str
    stages: Sequence[str]
    reasons: Sequence[str]
    rules: Sequence[HoldingRule]
    page: str
    run_book: str


@dataclass(frozen=True)
class Alert:
    """What is sent."""

    subject: str
    text: str


def alert_of(failure: Failure) -> Alert:
    """The words of one alert."""
    where = ", ".join(dict.fromkeys([*(rule.gate for rule in failure.rules), *failure.stages]))
    what = "a check held the release" if failure.rules else "the run stopped"
    lines = [
        "Scout published nothing; the last good release stays and can be read as before.",
        "",
        f"Stage: {where or 'unknown'}",
        f"Run:   {failure.run_id}",
    ]
    if failure.rules:
        lines += ["", "Rules that hold the release:"]
    for rule in failure.rules[:_RULES_NAMED]:
        lines += [
            f"* {rule.table_name}: {rule.rule} ({rule.status}, {rule.unexpected_count:,} rows)",
            f"  {rule.sentence}",
            f"  What to do: {rule.when_it_fails}",
        ]
    if len(failure.rules) > _RULES_NAMED:
        lines.append(f"* and {len(failure.rules) - _RULES_NAMED} more")
    if failure.reasons:
        lines += ["", "Why it stopped:", *(f"* {reason}" for reason in failure.reasons)]
    lines += [
        "",
        f"The page:     {failure.page or 'none was made; `scout check` shows the rules'}",
        f"The run book: {failure.run_book}",
        "Then run again: `scout run`.",
    ]
    return Alert(f"Scout: {what} ({where or 'unknown stage'})", "\n".join(lines) + "\n")
