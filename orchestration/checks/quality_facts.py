"""What the quality report is made of: the recorded results beside the registered rules.

What belongs here: reading ``quality.rule_results`` and what was loaded, and joining them with the
registry.
What does not: how the page looks (``reporting``), or judging (``expectations``).
"""

from collections import defaultdict
from datetime import datetime

from orchestration import warehouse
from orchestration.checks.rulebook import registered
from orchestration.reporting.quality import RUNS_SHOWN, QualityFacts, RuleFacts, SourceFacts
from orchestration.run_context import RunReport
from orchestration.settings import Settings

Rule = tuple[str, str, str]
# status, evaluated_count, unexpected_count, failing_since
Found = tuple[str, int, int, datetime | None]

_QUERIES = (
    "select run_id, max(checked_at) as checked from quality.rule_results "
    f"group by run_id order by checked desc, run_id limit {RUNS_SHOWN}",
    "select gate, table_name, rule, run_id, status, evaluated_count, unexpected_count, "
    "failing_since from quality.rule_results",
    "select source, count(*), count(*) filter (where status = 'refused'), sum(rows_read), "
    "sum(rows_loaded), sum(rows_refused), sum(rows_repeated), max(loaded_at) "
    "from raw.loads group by source order by source",
)


def read(settings: Settings, report: RunReport, *, release: int | None) -> QualityFacts:
    """The facts of the newest run, with the trend of each rule.

    Args:
        settings: a home whose warehouse was checked at least once.
        report: what the newest run has to tell.
        release: the number of the release that the page will lie in, None where it was held.
    """
    with warehouse.open_to_read(settings) as connection:
        runs, results, sources = (connection.execute(query).fetchall() for query in _QUERIES)
    times: dict[str, datetime] = dict(reversed(runs))
    found: dict[Rule, dict[str, Found]] = defaultdict(dict)
    for gate, table, rule, run_id, status, evaluated, unexpected, since in results:
        found[(gate, table, rule)][run_id] = (status, evaluated or 0, unexpected or 0, since)
    return QualityFacts(
        made_at=max(times.values(), default=settings.clock().replace(tzinfo=None)),
        release=release,
        is_synthetic=settings.is_synthetic,
        rules=[_rule(row, found, times) for row in registered()],
        sources=[
            SourceFacts(
                source=source,
                files=files,
                files_refused=refused,
                rows_read=int(read_ or 0),
                rows_loaded=int(loaded or 0),
                rows_refused=int(not_loaded or 0),
                rows_repeated=int(repeated or 0),
                last_arrival=last,
            )
            for source, files, refused, read_, loaded, not_loaded, repeated, last in sources
        ],
        to_mend=[*(str(failure) for failure in report.failures), *report.guards],
    )


def _rule(
    row: dict[str, str],
    found: dict[Rule, dict[str, Found]],
    times: dict[str, datetime],
) -> RuleFacts:
    table = f"{row['schema_name']}.{row['table_name']}"
    by_run = found[(row["gate"], table, row["rule"])]
    newest = list(times)[-1] if times else ""
    status, evaluated, unexpected, failing_since = by_run.get(newest, ("not_checked", 0, 0, None))
    return RuleFacts(
        gate=row["gate"],
        table_name=table,
        rule=row["rule"],
        severity=row["severity"],
        sentence=row["sentence"],
        why=row["why"],
        when_it_fails=row["when_it_fails"],
        status=status,
        evaluated_count=evaluated,
        unexpected_count=unexpected,
        failing_since=failing_since,
        history=tuple(by_run[run_id][0] for run_id in times if run_id in by_run),
    )
