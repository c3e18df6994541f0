"""How dbt is called: in this process, quietly, with this home's settings.

What belongs here: parsing the project once and building a selection of it.
What does not: which models belong together (``dbt_gates``), or what they say (``dbt_project``).

A child process for each gate costs four processor seconds, most of them imports and reading the
project again; in this process that is done once. It also dies with this process: nothing goes on
writing after a run was killed. DuckDB must be closed after each build, because only one connection
with one set of limits may hold the file.
"""

import contextlib
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import warehouse
from orchestration.errors import ReleaseHeldError, SettingsError
from orchestration.settings import REFERENCE_DAY_VARIABLE, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


@dataclass(frozen=True)
class Node:
    """What became of one model, seed or test.

    Attributes:
        unique_id, kind, name: as dbt names it; ``kind`` is model, seed or test.
        status: dbt's own word: success, pass, warn, fail, error or skipped.
        failures: how many rows a test found, where it counted.
        seconds: how long it took.
    """

    unique_id: str
    kind: str
    name: str
    status: str
    failures: int | None
    seconds: float

    @property
    def is_broken(self) -> bool:
        """Whether nothing may follow from this."""
        return self.status in {"error", "fail", "runtime error"}


# The project of each home as last read: the definitions and the gates of one run share it.
_PARSED: dict[Path, "Manifest"] = {}


@contextlib.contextmanager
def dbt_environment(settings: Settings) -> Iterator[None]:
    """Point dbt at this home while the block runs."""
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
    """Dbt's manifest for the project as it stands; read anew only when a file has changed.

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
        _PARSED[kept] = _parse(settings)
        for stale in target.glob("manifest-*.json"):
            stale.unlink()
        (target / "manifest.json").replace(kept)
    return kept


def grains(settings: Settings) -> dict[str, list[str]]:
    """For every model, as ``schema.table``, the columns that single out one row of it."""
    path = manifest_path(settings)
    if path not in _PARSED:
        _PARSED[path] = _parse(settings)
    return {
        f"{node.schema}.{node.name}": list(node.config.meta.get("grain", ()))
        for node in _PARSED[path].nodes.values()
        if node.resource_type.value == "model"
    }


def models_page(settings: Settings) -> str | None:
    """The page that dbt draws of every model, its SQL and lineage; None if dbt fails.

    It costs 0.6 processor seconds. Where Scout lies on this machine is taken out.
    """
    path = manifest_path(settings)
    if path not in _PARSED:
        _PARSED[path] = _parse(settings)
    # dbt reads the project once more from the file it would have written by itself.
    beside = path.with_name("manifest.json")
    shutil.copyfile(path, beside)
    arguments = ["docs", "generate", "--static", "--no-compile"]
    result = invoke(settings, arguments, manifest=_PARSED[path])
    beside.unlink(missing_ok=True)
    page = path.with_name("static_index.html")
    if not result.success or not page.is_file():
        return None
    text = page.read_text(encoding="utf-8")
    page.unlink()
    return text.replace(str(settings.checkout), "scout")


def build(settings: Settings, select: Sequence[str], told: Callable[[int], None]) -> list[Node]:
    """Build and test what ``select`` names, in order.

    Args:
        settings: the home to build in.
        select: arguments after ``--select``, dbt's own node selection.
        told: called with the number of nodes finished, each time one is.

    Returns:
        Every node selected, those skipped after a failure too.

    Raises:
        ReleaseHeldError: dbt stopped before it began.
        WarehouseBusyError: another process has the warehouse open, and keeps it.
    """
    path = manifest_path(settings)
    if path not in _PARSED:
        _PARSED[path] = _parse(settings)
    finished = 0

    def count(event: Any) -> None:
        nonlocal finished
        if event.info.name == "NodeFinished":
            finished += 1
            told(finished)

    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json", "--select"]
    started = time.monotonic()
    while True:
        result = invoke(settings, [*arguments, *select], manifest=_PARSED[path], callbacks=[count])
        if not warehouse.is_held(result.exception):
            break
        # Nothing was built yet: dbt could not open the warehouse, so it may simply try again.
        if time.monotonic() - started > warehouse.PATIENCE_SECONDS:
            raise warehouse.held_error(settings.warehouse)
        warehouse.let_go_of_leftovers()
    if result.exception is not None or result.result is None:
        kind = type(result.exception).__name__
        message = f"dbt stopped before it built anything ({kind}); `scout doctor` tells why."
        raise ReleaseHeldError(message)
    return [
        Node(
            unique_id=found.node.unique_id,
            kind=str(found.node.resource_type.value),
            name=found.node.name,
            status=str(found.status.value),
            failures=found.failures,
            seconds=found.execution_time,
        )
        for found in result.result.results
    ]


def _parse(settings: Settings) -> "Manifest":
    result = invoke(settings, ["parse"])
    if not result.success:
        message = f"The dbt project does not parse: {str(result.exception).strip()[-800:]}"
        raise SettingsError(message)
    manifest: Manifest = result.result
    return manifest


def invoke(settings: Settings, arguments: Sequence[str], **runner: Any) -> Any:
    """Call dbt with ``arguments`` on this home; what ``dbtRunner(**runner).invoke`` returns."""
    # Importing dbt takes seconds: a run that finds nothing new does without.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project = str(settings.dbt_project)
    # dbt writes to standard output on its own account; what failed is read from the results,
    # which name nodes and never quote rows.
    with dbt_environment(settings), contextlib.redirect_stdout(io.StringIO()):
        try:
            result = dbtRunner(**runner).invoke(
                ["--quiet", *arguments, "--project-dir", project, "--profiles-dir", project]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    # dbt hands over what it caught, Ctrl-C too: that is not for dbt to keep.
    if result.exception is not None and not isinstance(result.exception, Exception):
        raise result.exception
    return result
