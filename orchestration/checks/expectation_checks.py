"""One factory: the expectation suites of a gate become Dagster asset checks.

What belongs here: which database a gate looks into, and how a result becomes a check.
What does not: the rules (``expectations``), or a cell of the data: results are counts.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from expectations.registry import SUITES
from expectations.rules import TableSuite, Thresholds
from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.checks import results
from orchestration.disclosure import policies
from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE
from orchestration.publishing.release import candidate_folder
from orchestration.run_context import RunContext
from orchestration.settings import Settings

CANDIDATE_KEY = ("published", "candidate")
# These gates look into the candidate's files, which nobody reads yet; the others at the warehouse.
CANDIDATE_GATES = {"marts": EVALUATION_FILE, "published": DASHBOARD_FILE}


def build_expectation_checks(run: RunContext) -> Sequence[dg.AssetChecksDefinition]:
    """One op per gate, one check per rule; a critical rule blocks what comes after its table."""
    return [_build_gate(run, gate) for gate in SUITES]


def database_of(settings: Settings, gate: str) -> Path:
    """The file a gate looks into during a run."""
    if gate in CANDIDATE_GATES:
        return candidate_folder(settings) / CANDIDATE_GATES[gate]
    return settings.warehouse


def thresholds(settings: Settings) -> Thresholds:
    """The numbers that the suites judge by, all of them policy."""
    policy = settings.policy
    disclosure = policies.named(policy.disclosure_policy)
    return Thresholds(
        disclosure_threshold=disclosure.smallest_count,
        disclosure_rounding=disclosure.rounding,
        refused_share=policy.refused_share,
        missing_share=policy.missing_share,
        volume_share=policy.volume_share,
        volume_arrivals=policy.volume_arrivals,
        paired_share=policy.paired_share,
        paired_courses=policy.paired_courses,
        stated_score_tolerance=policy.stated_score_tolerance,
        today=settings.clock().date(),
    )


def check_name(suite: TableSuite, rule: str) -> str:
    """A check's name: the rule's sentence, with the table before it where one asset has several."""
    return f"{suite.table}__{rule}"


def _build_gate(run: RunContext, gate: str) -> dg.AssetChecksDefinition:
    suites = SUITES[gate]
    specs = [
        dg.AssetCheckSpec(
            name=check_name(suite, rule.rule_id),
            asset=_asset_key(gate, suite.schema, suite.table),
            description=f"{rule.sentence} {rule.why} When it fails: {rule.when_it_fails}",
            blocking=rule.severity == "critical",
        )
        for suite in suites
        for rule in suite.rules
    ]

    @dg.multi_asset_check(name=f"{gate}_expectations", specs=specs, pool=WAREHOUSE_POOL)
    def expectation_checks(
        context: dg.AssetCheckExecutionContext,
    ) -> Iterator[dg.AssetCheckResult]:
        # Importing Great Expectations costs seconds: only where it is used.
        from expectations.validate import validate

        with run.stage("checks", f"the {gate} suites") as stage:
            found = validate(
                database_of(run.settings, gate),
                suites,
                thresholds(run.settings),
                warehouse.limits(run.settings),
            )
            results.record(run.settings, context.run.run_id, gate, found)
            run.report.rules.extend((gate, result) for result in found)
            failed = [result for result in found if not result.is_passing]
            held = [result for result in failed if result.is_blocking]
            stage.done(
                f"{gate}: {len(found)} rules, failed: {len(held)} critical, "
                f"{len(failed) - len(held)} warning"
            )
        for result in found:
            yield dg.AssetCheckResult(
                passed=result.is_passing,
                check_name=f"{result.table_name}__{result.rule}",
                asset_key=_asset_key(gate, result.schema_name, result.table_name),
                severity=dg.AssetCheckSeverity.ERROR
                if result.severity == "critical"
                else dg.AssetCheckSeverity.WARN,
                metadata={
                    "status": result.status,
                    "evaluated_count": result.evaluated_count,
                    "unexpected_count": result.unexpected_count,
                },
            )

    return expectation_checks


def _asset_key(gate: str, schema: str, table: str) -> dg.AssetKey:
    return dg.AssetKey(CANDIDATE_KEY if gate in CANDIDATE_GATES else (schema, table))
