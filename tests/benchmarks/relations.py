"""How long all relations take for very many clients: SQL and statistics, step by step.

What belongs here: the models of the relations as dbt compiles them, their estimates, and the
seconds and the memory of each, on the imaginary clinic of ``relations_inputs``.
What does not: making that clinic, or the stages before (``scoring`` and ``landing``).

    python -m tests.benchmarks.relations --clients 100000 --out tests/benchmarks/relations.md
"""

import argparse
import resource
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from orchestration import warehouse
from orchestration.assets.estimated_tables import Given
from orchestration.assets.relations import RELATION_ESTIMATES
from orchestration.settings import Settings
from tests.benchmarks import relations_inputs
from tests.sql_harness import models

STATUS = Path("/proc/self/status")
CLEAR_PEAK = Path("/proc/self/clear_refs")


class Step(NamedTuple):
    """What one step took; ``peak`` is of the whole process, in GB."""

    name: str
    seconds: float
    of_processor: float
    peak: float
    rows: int


@contextmanager
def measured(steps: list[Step], name: str) -> Iterator[list[int]]:
    """Note what a step took; the block puts its number of rows into the list it is given."""
    CLEAR_PEAK.write_text("5")  # Linux: the peak starts again at what is resident now
    started, used, rows = time.perf_counter(), _processor(), [0]
    yield rows
    peak = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    seconds, of_processor = time.perf_counter() - started, _processor() - used
    steps.append(Step(name, seconds, of_processor, int(peak.split()[1]) / 1024**2, rows[-1]))
    sys.stderr.write(f"{name}: {of_processor:.1f} processor seconds\n")


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run(clients: int, settings: Settings) -> list[Step]:
    """Every step; the first is the making of the clinic, which is no part of the sum."""
    selected = [model for model in models() if model.schema == "relations"]
    steps: list[Step] = []
    with warehouse.open_to_write(settings) as connection:
        if not warehouse_is_filled(connection):
            with measured(steps, "(making the clinic)"):
                relations_inputs.fill(connection, clients)
        for model in selected:
            with measured(steps, model.name) as rows:
                name = f"relations.{model.name}"
                connection.execute(f"create or replace {model.kind} {name} as {model.select}")
                if model.kind == "table":
                    rows.append(warehouse.count_rows(connection, "relations", model.name))
        given = Given(RELATION_ESTIMATES)
        for table in RELATION_ESTIMATES:
            with measured(steps, table.name) as rows:
                rows.append(len(table.build(connection, settings.policy, given)))
    return steps


def warehouse_is_filled(connection: warehouse.Connection) -> bool:
    """Whether the folder holds a clinic from an earlier call already."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'change'"
    ).fetchall()
    return found[0][0] > 0


def written(clients: int, steps: list[Step], settings: Settings, command: str) -> str:
    """The report."""
    counted = [step for step in steps if not step.name.startswith("(")]
    seconds, of_processor = (sum(step[place] for step in counted) for place in (1, 2))
    peak = max(step.peak for step in counted)
    lines = [
        f"## {clients:,} clients, up to {relations_inputs.OCCASIONS} occasions, "
        f"{len(relations_inputs.SCALES)} scales",
        "",
        f"Made by `{command}`; DuckDB with {settings.threads} threads and {settings.memory_limit}.",
        "",
        "| step | seconds | processor seconds | peak memory, GB | rows |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {step.name} | {step.seconds:.1f} | {step.of_processor:.1f} | {step.peak:.1f} "
            f"| {step.rows:,} |"
            for step in steps
        ),
        f"| **all but the making** | **{seconds:.1f}** | **{of_processor:.1f}** "
        f"| **{peak:.1f}** | |",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--memory", default="6GB")
    parser.add_argument("--home", type=Path, help="keep the warehouse there, or use what is there")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or Path(folder)
        settings = Settings(home=home, threads=2, memory_limit=arguments.memory)
        steps = run(arguments.clients, settings)
    command = "python -m tests.benchmarks.relations " + shlex.join(sys.argv[1:])
    report = written(arguments.clients, steps, settings, command)
    if arguments.out:
        with arguments.out.open("a", encoding="utf-8") as file:
            file.write(report + "\n")
    sys.stdout.write(report)


if __name__ == "__main__":
    main()
