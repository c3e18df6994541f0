"""What is asked of dbt: building a selection of the project, its grains, and its page of models.

What belongs here: those questions, and dbt's answers in our words.
What does not: how dbt is called (``dbt_calling``), reading the project (``parsed_project``), which
models belong together (``dbt_gates``), or what they say (``dbt_project``).
"""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration import warehouse
from orchestration.assets.dbt_calling import invoke, target_of
from orchestration.assets.parsed_project import parsed_project
from orchestration.errors import ReleaseHeldError
from orchestration.settings import Settings


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


def grains(settings: Settings) -> dict[str, list[str]]:
    """For every model, as ``schema.table``, the columns that single out one row of it."""
    manifest = parsed_project(settings).manifest
    return {
        f"{node.schema}.{node.name}": list(node.config.meta.get("grain", ()))
        for node in manifest.nodes.values()
        if node.resource_type.value == "model"
    }


def models_page(settings: Settings) -> str | None:
    """The page that dbt draws of every model, its SQL and lineage; None if dbt fails.

    It costs 0.6 processor seconds. Where Scout lies on this machine is taken out.
    """
    project = parsed_project(settings)
    target = target_of(settings)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    # dbt reads the project once more from the file it would have written by itself.
    beside = target / "manifest.json"
    shutil.copyfile(project.path, beside)
    arguments = ["docs", "generate", "--static", "--no-compile"]
    result = invoke(settings, arguments, manifest=project.manifest)
    beside.unlink(missing_ok=True)
    page = target / "static_index.html"
    if not result.success or not page.is_file():
        return None
    text = page.read_text(encoding="utf-8")
    page.unlink()
    return text.replace(str(settings.checkout), "scout")


# Half of what a small clinic's model takes is dbt's Python, which goes on beside another's SQL. A
# big one's SQL keeps all cores busy by itself, and alone it has all of the memory.
_SMALL_BYTES = 200_000_000


def _at_a_time(settings: Settings) -> int:
    """How many models are built beside each other."""
    is_small = settings.warehouse.exists() and settings.warehouse.stat().st_size < _SMALL_BYTES
    return min(2, settings.threads) if is_small else 1


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
    from orchestration.assets.dbt_events import NODE_FINISHED

    manifest = parsed_project(settings).manifest
    finished = 0

    def count(event: Any) -> None:
        nonlocal finished
        if event.info.name == NODE_FINISHED:
            finished += 1
            told(finished)

    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]
    arguments += ["--threads", str(_at_a_time(settings)), "--select"]
    started = time.monotonic()
    while True:
        result = invoke(settings, [*arguments, *select], manifest=manifest, callbacks=[count])
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
