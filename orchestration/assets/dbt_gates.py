"""The dbt models as Dagster assets: one op per gate, so that a failed check stops what follows.

What belongs here: which models a gate builds, and how its results become Dagster's events.
What does not: what the models say (``dbt_project``), how dbt is called (``dbt_in_process``), or
the rules between gates (``checks``).
A blocking check does not stop models inside the op it belongs to; hence one op for each gate.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL, dbt_in_process
from orchestration.assets.dbt_calling import target_of
from orchestration.assets.dbt_in_process import Node
from orchestration.assets.parsed_project import parsed_project
from orchestration.errors import ReleaseHeldError
from orchestration.run_context import RunContext
from orchestration.settings import Settings

GATES: dict[str, tuple[str, str]] = {
    "staging": ("resource_type:seed path:models/staging", "one row per administration and answer"),
    "scoring": (
        "path:models/scoring path:models/change path:models/relations",
        "scores, changes and what relations need",
    ),
    "marts": ("path:models/marts path:models/disclosure", "the tables people read"),
    "published": ("path:models/published", "what a dashboard may show"),
}

# The name under which a table's metadata tells how long it took to build.
EXECUTION_SECONDS = "execution_seconds"


def build_dbt_gates(run: RunContext) -> Sequence[dg.AssetsDefinition]:
    """The four gates as asset definitions, in the order in which they run.

    Raises:
        SettingsError: the dbt project does not parse.
    """
    settings = run.settings
    manifest = parsed_project(settings).path
    project = DbtProject(
        project_dir=settings.dbt_project,
        profiles_dir=settings.dbt_project,
        target_path=target_of(settings),
    )
    gates = [
        _build_gate(run, manifest, project, name, select, doing)
        for name, (select, doing) in GATES.items()
    ]
    # dagster-dbt puts every model into one group; here the group is the stage, as everywhere.
    return [gate.map_asset_specs(_grouped_by_stage) for gate in gates]


def _grouped_by_stage(spec: dg.AssetSpec) -> dg.AssetSpec:
    return spec.replace_attributes(group_name=spec.key.path[0])


def _build_gate(
    run: RunContext, manifest: Path, project: DbtProject, name: str, select: str, doing: str
) -> dg.AssetsDefinition:
    settings = run.settings

    @dbt_assets(
        manifest=manifest, project=project, select=select, name=f"{name}_gate", pool=WAREHOUSE_POOL
    )
    def gate(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with run.stage(name, f"dbt: {doing}") as stage:
            started = time.perf_counter()
            nodes = dbt_in_process.build(
                settings,
                _selected(context) if context.is_subset else select.split(),
                lambda count: stage.step(f"dbt: {count} nodes built and tested"),
            )
            _raise_if_broken(nodes, name)
            built = [node for node in nodes if node.kind != "test"]
            tested = {node.name: node for node in nodes if node.kind == "test"}
            stage.done(f"{len(built)} tables built, {len(tested)} tests passed")
            context.log.info(f"{name}: {time.perf_counter() - started:.1f} s")
        yield from _tables(context, built, _row_counts(settings))
        yield from _checks(context, tested)

    return gate


def _selected(context: dg.AssetExecutionContext) -> list[str]:
    # Somebody chose a few tables on Dagster's page. A table's name is its asset's last word.
    return sorted(key.path[-1] for key in context.selected_asset_keys)


def _tables(
    context: dg.AssetExecutionContext, built: Sequence[Node], counts: Mapping[tuple[str, ...], int]
) -> Iterator[dg.MaterializeResult[Any]]:
    keys = {key.path[-1]: key for key in context.selected_asset_keys}
    # In the order in which they were built: Dagster wants what others rest on first.
    for node in built:
        metadata: dict[str, float] = {EXECUTION_SECONDS: node.seconds}
        if (rows := counts.get(tuple(keys[node.name].path))) is not None:
            metadata["dagster/row_count"] = rows
        yield dg.MaterializeResult(asset_key=keys[node.name], metadata=metadata)


def _checks(
    context: dg.AssetExecutionContext, tested: Mapping[str, Node]
) -> Iterator[dg.AssetCheckResult]:
    for key in sorted(context.selected_asset_check_keys, key=lambda key: key.name):
        if (test := tested.get(key.name)) is not None:
            yield dg.AssetCheckResult(
                passed=test.status == "pass",
                asset_key=key.asset_key,
                check_name=key.name,
                severity=dg.AssetCheckSeverity.WARN
                if test.status == "warn"
                else dg.AssetCheckSeverity.ERROR,
                metadata={"failed_row_count": test.failures or 0},
            )


def _raise_if_broken(nodes: Sequence[Node], gate: str) -> None:
    broken = [f"{node.unique_id} ({node.status})" for node in nodes if node.is_broken]
    if broken:
        message = (
            f"The {gate} gate failed at {', '.join(broken[:5])}"
            f"{' and others' if len(broken) > 5 else ''}. The last good release stays."
        )
        raise ReleaseHeldError(message)


def _row_counts(settings: Settings) -> dict[tuple[str, ...], int]:
    with warehouse.open_to_read(settings) as connection:
        rows = connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables()"
        ).fetchall()
    return {(schema, table): count for schema, table, count in rows}
