"""The last judges before a release: the attacker on the dashboard, k-anonymity of the evaluation.

What belongs here: handing the candidate's and earlier releases' tables to the judges, and holding
the release by their verdict.
What does not: the attacks (``auditing``), the measure (``disclosure.anonymity``).
"""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import dagster as dg
import pandas as pd

from expectations.rules import RuleResult, Status
from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.auditing.audit import Verdict, audit, unknown_tables
from orchestration.auditing.shapes import SHAPES
from orchestration.checks import results
from orchestration.checks.expectation_checks import CANDIDATE_KEY
from orchestration.disclosure import anonymity, policies
from orchestration.errors import ReleaseHeldError, SettingsError
from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE
from orchestration.publishing.release import candidate_folder, earlier_folders, policy_of
from orchestration.run_context import RunContext
from orchestration.settings import Settings

AUDIT_KEY = ("published", "disclosure_audit")
GATE = "disclosure"


def build_disclosure_audit(run: RunContext) -> dg.AssetsDefinition:
    """The audit as an op of its own between the candidate and the switch."""

    @dg.asset(
        key=list(AUDIT_KEY),
        deps=[list(CANDIDATE_KEY)],
        group_name="published",
        kinds={"python"},
        pool=WAREHOUSE_POOL,
        description="What an attacker can work out from the candidate and the releases before.",
    )
    def disclosure_audit(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with run.stage("disclosure", "attacking the release") as stage:
            started = time.perf_counter()
            policy = policies.named(run.settings.policy.disclosure_policy)
            verdict = audit(
                _tables(run.settings, candidate_folder(run.settings)),
                _earlier(run.settings, policy.name),
                smallest=policy.smallest_count,
                rounding=policy.rounding,
                members=_members(run.settings),
                paired=lambda process, outcome: _paired(run.settings, process, outcome),
            )
            seconds = round(time.perf_counter() - started, 1)
            alike = _alike(run.settings)
            level = run.settings.policy.minimum_k
            run.report.disclosure |= {
                "audit": asdict(verdict) | {"is_clean": verdict.is_clean, "seconds": seconds},
                "k_anonymity": asdict(alike) | {"level": level},
            }
            found = _as_results(verdict, alike, level)
            results.record(run.settings, context.run.run_id, GATE, found)
            run.report.rules.extend((GATE, result) for result in found)
            stage.done(
                f"{verdict.attacked:,} hidden counts attacked, {verdict.failures:,} given away; "
                f"each client looks like at least {(alike.k or 1) - 1:,} others"
            )
            _hold(verdict, alike, level, unknown_tables(_aggregates(run.settings)))
        return dg.MaterializeResult(metadata={"attacked": verdict.attacked})

    return disclosure_audit


def _hold(
    verdict: Verdict, alike: anonymity.Anonymity, level: int, unknown: Sequence[str] = ()
) -> None:
    told = verdict.sentences()
    told += [
        f"{table}: the auditor does not know this table (auditing/shapes)" for table in unknown
    ]
    if alike.k is not None and alike.k < level:
        shared = ", ".join(alike.attributes)
        alone = shared or "that nothing is stated of them"
        told.append(
            f"marts.dim_clients: {alike.below:,} clients share {alone} with "
            f"fewer than the {level} that SCOUT_MINIMUM_K asks for; "
            + ("state wider bands" if shared else "it cannot be met before more have come")
        )
    if told:
        message = f"Disclosure control held the release. {'; '.join(told)}."
        raise ReleaseHeldError(message)


def _as_results(verdict: Verdict, alike: anonymity.Anonymity, level: int) -> list[RuleResult]:
    """Both verdicts as rules among the others, for ``dq_results``."""

    def result(
        schema: str, table: str, rule: str, evaluated: int, unexpected: int, is_judged: bool
    ) -> RuleResult:
        status: Status = "fail" if unexpected else "pass"
        return RuleResult(
            schema_name=schema,
            table_name=table,
            rule=rule,
            severity="critical",
            status=status if is_judged else "not_applicable",
            evaluated_count=evaluated,
            unexpected_count=unexpected,
            seconds=0.0,
        )

    return [
        result(
            "published", "dashboard", "no_small_count_can_be_worked_out",
            verdict.attacked, verdict.failures, is_judged=True,
        ),
        result(
            "marts", "dim_clients", "every_client_looks_like_enough_others",
            alike.clients, alike.below, is_judged=level > 0,
        ),
    ]  # fmt: skip


def _tables(settings: Settings, folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that the auditor knows, where the release has them."""
    with warehouse.open_to_read(settings, folder / DASHBOARD_FILE) as connection:
        there = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
        ).fetchall()
        return {
            table: connection.table(f"published.{table}").df()
            for table in SHAPES
            if (table,) in there
        }


def _members(settings: Settings) -> pd.DataFrame:
    """Who is in which unit, from the evaluation file: whom the rates count, by every kind."""
    with warehouse.open_to_read(
        settings, candidate_folder(settings) / EVALUATION_FILE
    ) as connection:
        return connection.sql(
            "with courses as (select client_id, episode_id, program_id, population, "
            "coalesce(threshold_set, 'none') as threshold_set, "
            "coalesce(is_at_caseness, true) as is_asked, strftime(ended_on, '%Y') as year_ended "
            "from marts.fct_episode_outcomes where is_counted), "
            "units as (select episode_id, 'program' as unit_kind, program_id as unit_id "
            "from courses union all select episode_id, 'period', year_ended from courses "
            "union all select episode_id, 'clinic', clinic_id from marts.dim_episodes "
            "union all select episode_id, 'condition', condition_id "
            "from marts.dim_episode_conditions) "
            "select client_id, episode_id, unit_kind, unit_id, population, threshold_set, is_asked "
            "from courses join units using (episode_id) where unit_id is not null"
        ).df()


def _paired(settings: Settings, process: str, outcome: str) -> pd.DataFrame:
    """Who has both changes of a pair of scales, and in which program and conditions they are."""
    with warehouse.open_to_read(
        settings, candidate_folder(settings) / EVALUATION_FILE
    ) as connection:
        return connection.execute(
            "with paired as (select processes.client_id, episode_id, processes.program_id "
            "from marts.fct_changes as processes join marts.fct_changes as outcomes "
            "using (episode_id, interval_name) where interval_name = 'first_to_last' "
            "and processes.scale_id = ? and processes.change is not null "
            "and outcomes.scale_id = ? and outcomes.change is not null), "
            "units as (select episode_id, 'program' as unit_kind, program_id as unit_id "
            "from paired union all select episode_id, 'condition', condition_id "
            "from marts.dim_episode_conditions) "
            "select client_id, episode_id, unit_kind, unit_id "
            "from paired join units using (episode_id) where unit_id is not null",
            [process, outcome],
        ).df()


def _aggregates(settings: Settings) -> list[str]:
    """The candidate's tables that tell of people: whatever has a status may be held back."""
    with warehouse.open_to_read(settings, candidate_folder(settings) / DASHBOARD_FILE) as found:
        rows = found.execute(
            "select distinct table_name from duckdb_columns() "
            "where schema_name = 'published' and ends_with(column_name, '_status')"
        ).fetchall()
    return [str(row[0]) for row in rows]


def _earlier(settings: Settings, policy: str) -> list[dict[str, pd.DataFrame]]:
    """Releases that are still there, the newest first, whichever Scout made them.

    What another policy told is no fact in the terms of this one: rounded there and exact here, or
    small by the one and not by the other.
    """
    found = []
    for folder in reversed(earlier_folders(settings)):
        if policy_of(folder) not in (policy, None):
            continue
        try:
            found.append(_tables(settings, folder))
        except (warehouse.Error, SettingsError):
            continue
    return found


def _alike(settings: Settings) -> anonymity.Anonymity:
    file = candidate_folder(settings) / EVALUATION_FILE
    with warehouse.open_to_read(settings, file) as connection:
        return anonymity.measure(
            connection.sql("select client_id from marts.dim_clients").df(),
            connection.sql(
                "select client_id, attribute, attribute_value from marts.dim_client_attributes"
            ).df(),
            settings.policy.minimum_k,
        )
