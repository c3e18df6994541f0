"""What the suites found, kept as data: one row per run and rule, counts only; and the rules.

What belongs here: writing ``quality.rule_results`` and ``quality.rules``.
What does not: judging the results (``expectation_checks``).
"""

from collections.abc import Sequence

from expectations.rules import RuleResult
from orchestration import warehouse
from orchestration.checks.rulebook import registered
from orchestration.settings import Settings

_TABLE = """
create schema if not exists quality;
create table if not exists quality.rule_results (
    run_id varchar,
    gate varchar,
    table_name varchar,
    rule varchar,
    severity varchar,
    status varchar,
    evaluated_count bigint,
    unexpected_count bigint,
    checked_at timestamp,
    failing_since timestamp
);
-- A home that an earlier version of Scout filled.
alter table quality.rule_results add column if not exists failing_since timestamp
"""

# Since when a rule fails is carried from run to run, whatever number of them is remembered: from
# the run before if it failed there too, else from now.
_FAILING_SINCE = """
update quality.rule_results as results
set failing_since = coalesce(before.failing_since, results.checked_at)
from (
    select
        now.table_name,
        now.rule,
        arg_max_null(earlier.failing_since, earlier.checked_at) as failing_since
    from quality.rule_results as now
    left join quality.rule_results as earlier
        on
            earlier.gate = now.gate
            and earlier.table_name = now.table_name
            and earlier.rule = now.rule
            and earlier.run_id <> now.run_id
    where now.run_id = $run and now.gate = $gate
    group by now.table_name, now.rule
) as before
where
    results.run_id = $run
    and results.gate = $gate
    and results.status in ('fail', 'error')
    and results.table_name = before.table_name
    and results.rule = before.rule
"""

_RULES = """
create or replace table quality.rules (
    gate varchar,
    table_name varchar,
    rule varchar,
    severity varchar,
    sentence varchar,
    why varchar,
    when_it_fails varchar,
    threshold varchar,
    columns_read varchar,
    tables_read varchar
)
"""


def prepare(connection: warehouse.Connection) -> None:
    """Make sure that the table of results exists, and that the rules are those of today."""
    connection.execute(_TABLE)
    connection.execute(_RULES)
    connection.executemany(
        "insert into quality.rules values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row["gate"],
                f"{row['schema_name']}.{row['table_name']}",
                row["rule"],
                row["severity"],
                row["sentence"],
                row["why"],
                row["when_it_fails"],
                row["threshold"],
                row["columns"],
                row["tables"],
            )
            for row in registered()
        ],
    )


def record(settings: Settings, run_id: str, gate: str, results: Sequence[RuleResult]) -> None:
    """Add one gate's results to the warehouse; a gate checked again in a run replaces its rows."""
    now = settings.clock().replace(tzinfo=None, microsecond=0)
    rows = [
        (
            run_id,
            gate,
            f"{result.schema_name}.{result.table_name}",
            result.rule,
            result.severity,
            result.status,
            result.evaluated_count,
            result.unexpected_count,
            now,
        )
        for result in results
    ]
    with warehouse.open_to_write(settings) as connection:
        connection.execute(_TABLE)
        connection.begin()
        connection.execute(
            "delete from quality.rule_results where run_id = ? and gate = ?", [run_id, gate]
        )
        connection.executemany(
            "insert into quality.rule_results values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)", rows
        )
        connection.execute(_FAILING_SINCE, {"run": run_id, "gate": gate})
        connection.commit()
