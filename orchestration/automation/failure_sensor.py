"""Telling somebody that a run failed: from Dagster's daemon, and from `scout run` itself.

What belongs here: noticing, and collecting what an alert says of a run.
What does not: the words (``alert_text``), sending (``alerting``).

With run retries Dagster calls the sensor for every attempt; only the last one is told. A run that
`scout run` started tells of itself; where a daemon sees the same failure, it finds the note.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import dagster as dg

from orchestration import warehouse
from orchestration.assets.described import RUN_BOOK
from orchestration.automation.alert_text import Failure, HoldingRule, alert_of
from orchestration.automation.alerting import FOLDER, send_once
from orchestration.automation.jobs import WHOLE_JOB
from orchestration.checks import held_page
from orchestration.errors import ScoutError
from orchestration.run_context import RunReport
from orchestration.settings import Settings

NAME = "alert_on_failure"
WILL_RETRY = "dagster/will_retry"
AS_OF = "scout/as_of"


def build_failure_sensor(settings: Settings) -> dg.SensorDefinition:
    """One alert per run that failed for good; off until an address is set (SCOUT_ALERT_…)."""

    @dg.run_failure_sensor(
        name=NAME,
        monitored_jobs=[WHOLE_JOB],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING
        if settings.alerts.is_set
        else dg.DefaultSensorStatus.STOPPED,
        description="Tells whoever SCOUT_ALERT_MAIL_TO or SCOUT_ALERT_WEBHOOK names, once per run.",
    )
    def alert_on_failure(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        run = context.dagster_run
        if run.tags.get(WILL_RETRY) == "true":
            return dg.SkipReason("Dagster starts this run again; only the last failure is told.")
        if AS_OF in run.tags:
            return dg.SkipReason("A rebuild as known at a date says nothing of how things stand.")
        failed = list(context.get_step_failure_events())
        # A run that Dagster started by itself has written no page of its own.
        page = held_page.write(settings, RunReport())
        for fault in tell(
            settings,
            run.run_id,
            stages=[str(event.step_key) for event in failed],
            reasons=_reasons(failed),
            page=page,
        ):
            context.log.warning(fault)
        return None

    return alert_on_failure


def tell(
    settings: Settings,
    run_id: str,
    *,
    stages: Sequence[str],
    reasons: Sequence[str],
    page: Path | None,
) -> list[str]:
    """Send the alert about a run, once; one sentence per way that failed."""
    if not settings.alerts.is_set:
        return []
    failure = Failure(
        run_id=run_id,
        stages=stages,
        reasons=reasons,
        rules=holding_rules(settings, run_id),
        page=str(page or ""),
        run_book=str(RUN_BOOK),
    )
    return send_once(settings.home / FOLDER, run_id, alert_of(failure), settings.alerts)


def holding_rules(settings: Settings, run_id: str) -> list[HoldingRule]:
    """The critical rules that do not pass in a run; none where the warehouse cannot be read."""
    try:
        with warehouse.open_to_read(settings) as connection:
            rows = connection.execute(
                """
                select results.gate, results.table_name, results.rule, rules.sentence,
                    rules.when_it_fails, results.status, coalesce(results.unexpected_count, 0)
                from quality.rule_results as results
                inner join quality.rules as rules using (gate, table_name, rule)
                where results.run_id = ? and results.severity = 'critical'
                    and results.status in ('fail', 'error')
                order by results.checked_at, results.table_name, results.rule
                """,
                [run_id],
            ).fetchall()
    except (ScoutError, warehouse.Error):
        return []
    return [
        HoldingRule(
            gate=gate,
            table_name=table,
            rule=rule,
            sentence=sentence,
            when_it_fails=when_it_fails,
            status=status,
            unexpected_count=int(unexpected),
        )
        for gate, table, rule, sentence, when_it_fails, status, unexpected in rows
    ]


def _reasons(failed: Iterable[dg.DagsterEvent]) -> list[str]:
    """Scout's own sentences; of anything else only the kind, for its message may quote data."""
    ours = {kind.__name__ for kind in _kinds(ScoutError)}
    found: list[str] = []
    for event in failed:
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        if error is None:
            continue
        kind = str(error.cls_name or "unknown")
        message = error.message.partition(": ")[2].strip() if kind in ours else ""
        found.append(message or f"The step {event.step_key} stopped ({kind}).")
    return list(dict.fromkeys(found))


def _kinds(kind: type[ScoutError]) -> set[type[ScoutError]]:
    return {kind}.union(*(_kinds(below) for below in kind.__subclasses__()))
