"""Run suites against one DuckDB file and say what came of each rule.

What belongs here: statuses, and the promise that every rule asked for has exactly one result.
What does not: Great Expectations (engine.py), Dagster, what is done about a failure.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.rules import Rule, RuleResult, Situation, Status, TableSuite, Thresholds

if TYPE_CHECKING:
    from expectations.engine import Inspector, Verdict

NO_TABLE = "TableMissing"
NO_COLUMN = "ColumnMissing"


def validate(
    database: Path,
    suites: Iterable[TableSuite],
    thresholds: Thresholds | None = None,
    limits: Mapping[str, str] | None = None,
) -> list[RuleResult]:
    """Judge the tables of ``database`` by ``suites``, inside DuckDB, reading only.

    The file is closed when this returns, so that another process can write to it. While it runs,
    no process may have it open to write; this process may have it open only with the same settings.

    Args:
        database: a DuckDB file.
        suites: what to judge; ``expectations.registry.SUITES`` has them by gate.
        thresholds: the numbers to judge by. Without a disclosure threshold the rules that need one
            are errors.
        limits: DuckDB settings, such as memory_limit, threads and temp_directory.

    Returns:
        One result per rule, in the order of ``suites``. Counts only. Nothing is raised for bad data
        or for a file that cannot be opened: a rule that could not be computed has status error.
    """
    # Costs seconds, and only those who validate should pay.
    from expectations.engine import class_name, opened

    asked = tuple(suites)
    try:
        with opened(database, limits or {}) as inspector:
            return [
                result
                for suite in asked
                for result in _judge_table(inspector, suite, thresholds or Thresholds())
            ]
    except Exception as error:  # noqa: BLE001 a message may name a value; a gate fails closed
        name = class_name(error)
    return [_result(s, r, "error", error=name) for s in asked for r in s.rules]


def _judge_table(
    inspector: "Inspector", suite: TableSuite, thresholds: Thresholds
) -> Iterator[RuleResult]:
    from expectations.engine import QueryFailedError, class_name

    try:
        columns = inspector.columns(suite.schema, suite.table)
        row_count = inspector.row_count(suite.schema, suite.table) if columns else 0
    except QueryFailedError as error:  # a view over something that is gone, for one
        yield from (_result(suite, rule, "error", error=class_name(error)) for rule in suite.rules)
        return
    if not columns:
        status: Status = "not_applicable" if suite.may_be_absent else "error"
        name = None if suite.may_be_absent else NO_TABLE
        yield from (_result(suite, rule, status, error=name) for rule in suite.rules)
        return
    situation = Situation(
        schema=suite.schema, table=suite.table, columns=columns, thresholds=thresholds
    )
    for rule in suite.rules:
        yield _judge_rule(inspector, suite, rule, situation, row_count)


def _judge_rule(
    inspector: "Inspector", suite: TableSuite, rule: Rule, situation: Situation, row_count: int
) -> RuleResult:
    from expectations.engine import class_name

    started = time.perf_counter()
    if not set(rule.columns) <= set(situation.columns):
        return _result(suite, rule, "error", error=NO_COLUMN)
    for name in rule.tables:
        if not inspector.columns(*name.split(".")):
            return _result(suite, rule, "error", error=NO_TABLE)
    if row_count == 0 and rule.needs_rows:
        return _result(suite, rule, "not_applicable")
    try:
        specification = rule.expectation(situation)
    except Exception as error:  # noqa: BLE001 a rule that cannot be worded is its own error
        return _result(suite, rule, "error", error=class_name(error))
    verdict = inspector.judge(suite.schema, suite.table, specification)
    if verdict.error is not None:
        return _result(suite, rule, "error", error=verdict.error)
    return _result(
        suite,
        rule,
        _status(verdict),
        row_count if verdict.evaluated_count is None else verdict.evaluated_count,
        verdict.unexpected_count,
        time.perf_counter() - started,
    )


def _status(verdict: "Verdict") -> Status:
    if not verdict.success:
        return "fail"
    return "pass_with_failures" if verdict.unexpected_count else "pass"


def _result(
    suite: TableSuite,
    rule: Rule,
    status: Status,
    evaluated_count: int = 0,
    unexpected_count: int = 0,
    seconds: float = 0.0,
    error: str | None = None,
) -> RuleResult:
    return RuleResult(
        schema_name=suite.schema,
        table_name=suite.table,
        rule=rule.rule_id,
        severity=rule.severity,
        status=status,
        evaluated_count=evaluated_count,
        unexpected_count=unexpected_count,
        seconds=seconds,
        error=error,
    )
