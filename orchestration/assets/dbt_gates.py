"""The dbt models as Dagster assets: one op per gate, so that a failed check stops what follows.

What belongs here: which models a gate builds, and how dbt is called.
What does not: what the models say (``dbt_project``), or the rules between gates (``checks``).
A blocking check does not stop models inside the op it belongs to; hence one op for each gate.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.errors import ReleaseHeldError, SettingsError
from orchestration.run_context import RunContext
from orchestration.settings import REFERENCE_DAY_VARIABLE, Settings

# Beside this interpreter: nobody needs to activate an environment.
DBT = str(Path(sys.executable).parent / "dbt")

GATES: dict[str, tuple[str, str]] = {
    "staging": ("resource_type:seed path:models/staging", "one row per administration and answer"),
    "scoring": (
        "path:models/scoring path:models/change path:models/relations",
        "scores, changes and what relations need",
    ),
    "marts": ("path:models/marts path:models/published", "the tables people read"),
}


@contextlib.contextmanager
def dbt_environment(settings: Settings) -> Iterator[None]:
    """Point dbt at this home while the block runs; dagster-dbt takes it from the environment."""
    wanted = {
        "SCOUT_WAREHOUSE": str(settings.warehouse),
        "SCOUT_MEMORY_LIMIT": settings.memory_limit,
        "SCOUT_THREADS": str(settings.threads),
        "SCOUT_SPILL": str(settings.scratch / "spill"),
        REFERENCE_DAY_VARIABLE: settings.reference_day.isoformat()
        if settings.reference_day
        else "",
        "DBT_TARGET_PATH": str(settings.scratch / "dbt"),
        "DBT_LOG_PATH": str(settings.scratch / "dbt"),
        # A debug log would quote failing rows.
        "DBT_LOG_LEVEL_FILE": "none",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def manifest_path(settings: Settings) -> Path:
    """Dbt's manifest for the project as it stands; parsed once and kept until a file changes.

    Raises:
        SettingsError: the project does not parse.
    """
    # dbt's parse keeps absolute paths: a moved checkout is parsed anew.
    digest = hashlib.sha256(str(settings.checkout).encode())
    for folder in (settings.dbt_project, settings.seeds):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".sql", ".yml", ".md", ".csv"}:
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    target = settings.scratch / "dbt"
    kept = target / f"manifest-{digest.hexdigest()[:16]}.json"
    if not kept.exists():
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        (target / "partial_parse.msgpack").unlink(missing_ok=True)
        with dbt_environment(settings):
            finished = subprocess.run(  # noqa: S603 - our own interpreter's dbt, no user text
                [
                    DBT,
                    "--quiet",
                    "parse",
                    "--project-dir",
                    str(settings.dbt_project),
                    "--profiles-dir",
                    str(settings.dbt_project),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
        if finished.returncode != 0:
            message = f"The dbt project does not parse: {finished.stdout.strip()[-800:]}"
            raise SettingsError(message)
        for stale in target.glob("manifest-*.json"):
            stale.unlink()
        (target / "manifest.json").replace(kept)
    return kept


def build_dbt_gates(run: RunContext) -> Sequence[dg.AssetsDefinition]:
    """The three gates as asset definitions, in the order in which they run."""
    settings = run.settings
    manifest = manifest_path(settings)
    project = DbtProject(
        project_dir=settings.dbt_project,
        profiles_dir=settings.dbt_project,
        target_path=settings.scratch / "dbt",
    )
    # One resource for all gates: each would ask dbt for its version anew, two seconds a time.
    dbt = DbtCliResource(
        project_dir=project, profiles_dir=str(settings.dbt_project), dbt_executable=DBT
    )
    gates = [
        _build_gate(run, manifest, project, dbt, name, select, doing)
        for name, (select, doing) in GATES.items()
    ]
    # dagster-dbt puts every model into one group; here the group is the stage, as everywhere.
    return [gate.map_asset_specs(_grouped_by_stage) for gate in gates]


def _grouped_by_stage(spec: dg.AssetSpec) -> dg.AssetSpec:
    return spec.replace_attributes(group_name=spec.key.path[0])


def _build_gate(
    run: RunContext,
    manifest: Path,
    project: DbtProject,
    dbt: DbtCliResource,
    name: str,
    select: str,
    doing: str,
) -> dg.AssetsDefinition:
    settings = run.settings

    @dbt_assets(
        manifest=manifest, project=project, select=select, name=f"{name}_gate", pool=WAREHOUSE_POOL
    )
    def gate(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with run.stage(name, f"dbt: {doing}") as stage:
            started = time.perf_counter()
            events = []
            # dbt and dagster-dbt write to standard output on their own account; what failed is
            # read from the run's results, which name nodes and never quote rows.
            with dbt_environment(settings), contextlib.redirect_stdout(io.StringIO()):
                invocation = dbt.cli(
                    ["build", "--exclude-resource-type", "unit_test"],
                    context=context,
                    raise_on_error=False,
                )
                for event in invocation.stream():
                    events.append(event)
                    stage.step(f"dbt: {len(events)} nodes built and tested")
            _raise_if_failed(invocation.target_path / "run_results.json", name)
            # What failed stays to be read; what passed is not needed again.
            shutil.rmtree(invocation.target_path, ignore_errors=True)
            counts = _row_counts(settings)
            for event in events:
                if isinstance(event, dg.Output):
                    key = context.asset_key_for_output(event.output_name)
                    if (rows := counts.get(tuple(key.path))) is not None:
                        context.add_output_metadata(
                            {"dagster/row_count": rows}, output_name=event.output_name
                        )
                yield event
            tables = [e for e in events if isinstance(e, dg.Output)]
            checks = [e for e in events if isinstance(e, dg.AssetCheckResult)]
            stage.done(f"{len(tables)} tables built, {len(checks)} tests passed")
            context.log.info(f"{name}: {time.perf_counter() - started:.1f} s")

    return gate


def _raise_if_failed(run_results: Path, gate: str) -> None:
    if not run_results.exists():
        message = f"dbt stopped before the {gate} gate began; `scout doctor` tells why."
        raise ReleaseHeldError(message)
    results = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    failed = [
        f"{result['unique_id']} ({result['status']})"
        for result in results
        if result["status"] in {"error", "fail"}
    ]
    if failed:
        message = (
            f"The {gate} gate failed at {', '.join(failed[:5])}"
            f"{' and others' if len(failed) > 5 else ''}. The last good release stays."
        )
        raise ReleaseHeldError(message)


def _row_counts(settings: Settings) -> dict[tuple[str, str], int]:
    with warehouse.open_to_read(settings) as connection:
        rows = connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables()"
        ).fetchall()
    return {(schema, table): count for schema, table, count in rows}
