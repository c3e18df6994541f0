"""The words of this room: a rule, the rules of one table, and what came of a rule.

What belongs here: plain frozen data.
What does not: Great Expectations, SQL, the names of tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Severity = Literal["critical", "warning"]
Status = Literal["pass", "pass_with_failures", "fail", "error", "not_applicable"]


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """The numbers rules are judged by; the caller brings them, for they are policy elsewhere.

    Attributes:
        disclosure_threshold: the smallest number of clients that may be shown. It has no default:
            a rule that needs it and does not get it is an error, never a pass. So with the others.
        disclosure_rounding: shown counts of people are multiples of this.
        refused_share: the largest share of a file's rows (0-1) that may be refused quietly.
        missing_share: the largest share of answers (0-1) that may be missing quietly.
        volume_share: the smallest share of its usual rows (0-1) that a source may send quietly.
        volume_arrivals: fewest earlier arrivals from which a source has a usual number of rows.
        paired_share: the smallest share of finished courses (0-1) with a first and a last score.
        paired_courses: fewest finished courses that this share is judged of.
        stated_score_tolerance: how far a stated total may lie from the scored one, in score points.
        today: the day the data are judged on; the database's own date when None.
    """

    disclosure_threshold: int | None = None
    disclosure_rounding: int = 1
    refused_share: float | None = None
    missing_share: float | None = None
    volume_share: float | None = None
    volume_arrivals: int | None = None
    paired_share: float | None = None
    paired_courses: int | None = None
    stated_score_tolerance: float | None = None
    today: date | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a rule may know when its expectation is made.

    Attributes:
        schema: the schema of the table at hand.
        table: the table at hand.
        columns: the table's columns as they are now, each with its DuckDB type.
        thresholds: the numbers to judge by.
    """

    schema: str
    table: str
    columns: Mapping[str, str]
    thresholds: Thresholds


@dataclass(frozen=True, kw_only=True)
class Specification:
    """An expectation by name, so that rules need not import Great Expectations.

    Attributes:
        expectation: a class name in ``great_expectations.expectations``, or ``NoRows`` (engine).
        arguments: its keyword arguments.
    """

    expectation: str
    arguments: Mapping[str, object]


Factory = Callable[[Situation], Specification]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that must be true of one table.

    Attributes:
        rule_id: the claim as a sentence_with_underscores, unique within the table.
        sentence: the claim in plain words.
        why: what goes wrong for a reader of the numbers when it is not true.
        severity: critical holds the release; warning is reported.
        when_it_fails: what the person who sees it does next.
        threshold: which number it is judged by and where that comes from; empty where the claim is
            simply true or false.
        expectation: makes the expectation for the table as it is now.
        columns: the columns of the table that the rule reads.
        tables: other tables that it reads, each as ``schema.table``.
        needs_rows: on an empty table the rule says nothing (not_applicable) instead of passing.
    """

    rule_id: str
    sentence: str
    why: str
    severity: Severity
    when_it_fails: str
    expectation: Factory
    threshold: str = ""
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    needs_rows: bool = True


@dataclass(frozen=True, kw_only=True)
class TableSuite:
    """The rules of one table, in the order they are reported.

    Attributes:
        schema: the table's schema, which is also its stage.
        table: the table's name.
        rules: what must be true of it.
        may_be_absent: no such table is not_applicable instead of an error.
    """

    schema: str
    table: str
    rules: tuple[Rule, ...]
    may_be_absent: bool = False


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """What came of one rule: counts only.

    Attributes:
        schema_name: the table's schema.
        table_name: the table.
        rule: the rule's id.
        severity: critical or warning.
        status: pass; pass_with_failures (some rows break the rule, fewer than it tolerates); fail;
            error (the rule could not be computed, which says nothing about the data);
            not_applicable (nothing to judge).
        evaluated_count: values the rule looked at, or the table's rows for a rule in SQL.
        unexpected_count: rows, groups or columns that break it; 0 when it could not be computed.
        seconds: wall time of this rule.
        error: the class name of what was raised, for status error. Never its message.
    """

    schema_name: str
    table_name: str
    rule: str
    severity: Severity
    status: Status
    evaluated_count: int
    unexpected_count: int
    seconds: float
    error: str | None = field(default=None)

    @property
    def is_blocking(self) -> bool:
        """Whether it holds the release: a critical rule that failed or could not be computed."""
        return self.severity == "critical" and not self.is_passing

    @property
    def is_passing(self) -> bool:
        """Whether the rule holds, within what it tolerates, or has nothing to judge."""
        return self.status in ("pass", "pass_with_failures", "not_applicable")
