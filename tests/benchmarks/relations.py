"""How long the link over time takes for very many clients: SQL and statistics, step by step.

What belongs here: ordered scores of an imaginary clinic written straight into the change stage, the
models over them as dbt compiles them, the estimates, and the seconds of each.
What does not: raw files, scoring, or changes (``scoring`` and ``landing`` measure those).

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

from orchestration import warehouse
from orchestration.assets.relations import RELATION_ESTIMATES
from orchestration.settings import Settings
from tests.sql_harness import models, sql_scout

OCCASIONS = 12
# Scale: level, spread between clients, spread within, course per occasion, on the process before.
SCALES = {
    "scs_total": (2.5, 0.4, 0.25, 0.03, 0.0),
    "scs_compassionate": (2.6, 0.4, 0.3, 0.03, 0.0),
    "scs_uncompassionate": (3.4, 0.4, 0.3, -0.03, 0.0),
    "ess_total": (60.0, 8.0, 4.0, -0.4, -6.0),
    "phq9_total": (14.0, 3.0, 2.0, -0.3, -2.0),
    "gad7_total": (11.0, 3.0, 2.0, -0.2, -1.5),
}
MODELS = (
    "int_panels",
    "int_panel_products",
    "int_within_person_moments",
    "int_stratum_blocks",
    "int_panel_sums",
    "int_wave_sums",
    "int_course_windows",
    "int_early_change_sums",
    "int_mediation_sums",
)
ESTIMATES = (
    "within_person_estimates",
    "within_model_estimates",
    "cross_lagged_estimates",
    "early_change_estimates",
    "mediation_estimates",
)


Step = tuple[str, float, float]


@contextmanager
def timed(rows: list[Step], name: str) -> Iterator[None]:
    """Note how long something took, by the clock and of the processors."""
    started, used = time.perf_counter(), time.process_time()
    yield
    rows.append((name, time.perf_counter() - started, time.process_time() - used))


def fill(connection: warehouse.Connection, clients: int) -> None:
    """Ordered scores, episodes and groups of ``clients`` clients, drawn by DuckDB's hash.

    Weekly occasions; symptoms follow from self-compassion one occasion before. One client in ten
    leaves after each occasion from the fourth on.
    """
    scout = sql_scout().build({}, {})
    pairs = scout.frame("relations.int_scale_pairs")
    pairs = pairs[
        pairs["process_scale_id"].isin(SCALES) & pairs["outcome_scale_id"].isin(SCALES)
    ].copy()
    for schema in ("staging", "change", "relations"):
        connection.execute(f"create schema if not exists {schema}")
    connection.register("pairs", pairs)
    connection.execute("create table relations.int_scale_pairs as select * from pairs")
    # Four uniform numbers from a hash: near enough to normal, and the same always.
    connection.execute(
        "create macro noise(a, b) as (cast(hash(a, b, 1) % 65536 + hash(a, b, 2) % 65536 "
        "+ hash(a, b, 3) % 65536 + hash(a, b, 4) % 65536 as bigint) - 131070) / 37837.0"
    )
    connection.execute(
        f"""
        create table staging.int_episodes as
        select 'e' || i as episode_id, 'c' || i as client_id, 'p' || i % 4 as program_id,
            'clinic' || i % 8 as clinic_id, case when i % 4 = 0 then 'arm' || i % 3 end as arm,
            4 + case when hash(i, 'stay') % 10 < 4 then hash(i, 'left') % 9 else 8 end as visits
        from range({clients}) as clients (i)
        """
    )
    connection.execute(
        """
        create table staging.int_episode_strata as
        select episode_id, 'all' as stratum_kind, 'all' as stratum_id from staging.int_episodes
        union all select episode_id, 'program', program_id from staging.int_episodes
        union all select episode_id, 'clinic', clinic_id from staging.int_episodes
        union all select episode_id, 'condition', 'd' || hash(episode_id, 'd') % 8
        from staging.int_episodes
        union all select episode_id, 'self_compassion_content', 'k' || hash(episode_id, 'k') % 3
        from staging.int_episodes
        """
    )
    selects = [
        f"""
        select client_id, episode_id, program_id, '{scale}' as scale_id,
            7.0 * (k - 1) as day, 7.0 * (k - 1) as time_position, true as is_ordered_by_day,
            round({level} + {between} * noise(episode_id, '{scale}')
                + {within} * noise(episode_id || '-' || k, '{scale}') + {course} * k
                + {lagged} * 0.25 * noise(episode_id || '-' || k - 1, 'scs_total'), 2) as score,
            k as position, visits as positions_count
        from staging.int_episodes cross join range(1, {OCCASIONS + 1}) as occasions (k)
        where k <= visits
        """
        for scale, (level, between, within, course, lagged) in SCALES.items()
    ]
    connection.execute("create table change.int_score_sequences as " + " union all ".join(selects))


def run(clients: int, memory_limit: str, folder: Path) -> list[Step]:
    """Seconds of each step; the first is the making of the clinic, which is no part of the sum."""
    settings = Settings(home=folder, threads=2, memory_limit=memory_limit)
    selects = {model.name: model.select for model in models()}
    rows: list[Step] = []
    with warehouse.open_to_write(settings) as connection:
        with timed(rows, "(making the clinic)"):
            fill(connection, clients)
        for name in MODELS:
            with timed(rows, name):
                connection.execute(f"create table relations.{name} as {selects[name]}")
        for table in RELATION_ESTIMATES:
            if table.name in ESTIMATES:
                with timed(rows, table.name):
                    made = table.build(connection, settings.policy)
                assert (made["status"] == "estimated").any(), table.name
    return rows


def written(clients: int, rows: list[Step], memory_limit: str, command: str) -> str:
    """The report."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    counted = [row for row in rows if not row[0].startswith("(")]
    total, used = (sum(row[place] for row in counted) for place in (1, 2))
    lines = [
        f"## {clients:,} clients, up to {OCCASIONS} occasions, {len(SCALES)} scales, 24 groups",
        "",
        f"Made by `{command}`; DuckDB with 2 threads and {memory_limit}. "
        f"Peak memory of the process {peak:.1f} GB.",
        "",
        "| step | seconds | processor seconds |",
        "| --- | ---: | ---: |",
        *(
            f"| {name} | {seconds:.1f} | {of_processor:.1f} |"
            for name, seconds, of_processor in rows
        ),
        f"| **all but the making** | **{total:.1f}** | **{used:.1f}** |",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--memory", default="5GB")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = run(arguments.clients, arguments.memory, Path(folder))
    command = "python -m tests.benchmarks.relations " + shlex.join(sys.argv[1:])
    report = written(arguments.clients, rows, arguments.memory, command)
    if arguments.out:
        with arguments.out.open("a", encoding="utf-8") as file:
            file.write(report + "\n")
    sys.stdout.write(report)


if __name__ == "__main__":
    main()
