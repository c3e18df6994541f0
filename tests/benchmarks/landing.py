"""Landing alone: a tidy file of answers beside DuckDB, which only reads it as text into a file.

What belongs here: one file of answers, both ways to take it in, seconds, ratio, peak memory.
What does not: what comes after landing (``compare``), whether rows are right (the tests).

DuckDB's side is ``create table t as select * from read_csv(file, all_varchar = true)`` into a new
database file, closed. Scout's side is ``receive`` on an empty home, closed: a private copy with its
hash, the independent count of records, the search for identifiers, every rule for a row, both keys,
the check for repetitions, the insert, the archive. Each is a process of its own, the two in turn;
the seconds are those of that work alone, the memory is the kernel's peak of the whole process.

Run: ``python -m tests.benchmarks.landing [ANSWERS] [RUNS]``; writes ``landing.md`` beside it.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import measure

REPORT = Path(__file__).with_name("landing.md")
GOAL = 2.5
GOAL_MEGABYTES = 2000
# Items and lowest answer of the forms that each occasion holds; DuckDB's random numbers are seeded.
_FORMS = (("gad7", 7, 0), ("phq9", 9, 0), ("scs_sf", 12, 1))
_PER_OCCASION = sum(items for _, items, _ in _FORMS)
_THREADS = 2


def main(answers: int, runs: int) -> None:
    """Measure both in turn and write the report."""
    measured: dict[str, list[tuple[float, float, float]]] = {"DuckDB": [], "Scout": []}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        file = place / "responses.csv"
        _child("write", file, place, str(answers))
        rows = 0
        for _ in range(runs + 1):
            for name, taken in measured.items():
                rows, *numbers = _child(name, file, place)
                taken.append((numbers[0], numbers[1], numbers[2]))
        size = file.stat().st_size / 1e6
    lines = report(measured, int(rows), size)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def _child(name: str, file: Path, place: Path, *more: str) -> tuple[float, ...]:
    """Rows, wall seconds, processor seconds and peak megabytes of one process."""
    out = place / "out.json"
    command = [sys.executable, "-m", "tests.benchmarks.landing", name, str(file), str(out), *more]
    taken = measure(command, place / "log.txt")
    told = json.loads(out.read_text(encoding="utf-8"))
    return told["rows"], told["wall"], told["processor"], taken.peak_bytes / 1e6


def report(
    measured: dict[str, list[tuple[float, float, float]]], rows: int, megabytes: float
) -> list[str]:
    """The table that is committed, and whether the goal was met."""
    pairs = list(zip(measured["Scout"][1:], measured["DuckDB"][1:], strict=True))
    lines = [
        "# Landing beside DuckDB reading the same file as text",
        "",
        f"Made by `python -m tests.benchmarks.landing`: one tidy CSV of {rows:,} answers "
        f"({megabytes:.0f} MB, five columns), {_THREADS} threads, Scout's memory limit as it is "
        f"unless set; one warm-up and {len(pairs)} runs of each in turn, each in a process of its "
        "own. Peak memory is that of the whole process, Python included.",
        "",
        "| | wall s, median | processor s, median | peak MB, largest |",
        "|---|---|---|---|",
    ]
    for name, taken in measured.items():
        wall, processor, peaks = zip(*taken[1:], strict=True)
        lines.append(
            f"| {name} | {statistics.median(wall):.2f} | {statistics.median(processor):.2f} | "
            f"{max(peaks):,.0f} |"
        )
    wall, processor = (
        statistics.median(ours[at] / theirs[at] for ours, theirs in pairs) for at in (0, 1)
    )
    peak = max(ours[2] for ours, _ in pairs)
    lines.append(f"| ratio, pair by pair | {wall:.2f} | {processor:.2f} | |")
    is_fast, is_small = processor <= GOAL, peak < GOAL_MEGABYTES
    lines += [
        "",
        f"The goal is {GOAL} times DuckDB's processor seconds, which other work on the machine "
        f"disturbs least: {'reached' if is_fast else 'missed'}. Under {GOAL_MEGABYTES:,} MB: "
        f"{'reached' if is_small else 'missed'}.",
    ]
    return lines


def write(file: Path, answers: int) -> int:
    """Write a file of about ``answers`` lines: ten occasions a client, three forms an occasion."""
    import duckdb

    items = " union all ".join(
        f"select '{form}' as form, {at} as place, range + 1 as item, {low} as low "
        f"from range({count})"
        for at, (form, count, low) in enumerate(_FORMS)
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("select setseed(0.5)")
        connection.execute(
            f"""
            copy (
                with occasions as (
                    select range as occasion, format('c{{:07d}}', range // 10) as client_id,
                        date '2020-01-01' + (range % 10 * 200 + floor(random() * 200))::integer
                            as occurred_on
                    from range({answers // _PER_OCCASION})
                ), items as ({items})
                select client_id, form as instrument_id, item,
                    low + floor(random() * 4)::integer as response, occurred_on::date as occurred_on
                from occasions, items order by occasion, place, item
            ) to '{file}' (header)
            """
        )
    return answers // _PER_OCCASION * _PER_OCCASION


def read_as_text(file: Path, folder: Path) -> Callable[[], int]:
    """What DuckDB alone does."""
    import duckdb

    def run() -> int:
        target = folder / "alone.duckdb"
        with duckdb.connect(str(target), config={"threads": _THREADS}) as connection:
            connection.execute(
                f"create table t as select * from read_csv('{file}', all_varchar = true)"
            )
        with duckdb.connect(str(target), read_only=True) as connection:
            return int(connection.execute("select count(*) from t").fetchall()[0][0])

    return run


def land(file: Path, folder: Path) -> Callable[[], int]:
    """What Scout does, on an empty home."""
    from orchestration import warehouse
    from orchestration.landing.inbox import receive
    from orchestration.landing.registry import load_registry
    from orchestration.settings import CHECKOUT, Settings

    settings = Settings(home=folder / "home", threads=_THREADS)
    source = settings.landing / "clinic"
    source.mkdir(parents=True)
    (source / file.name).hardlink_to(file)
    registry = load_registry(CHECKOUT / "seeds", None)

    def run() -> int:
        with warehouse.open_to_write(settings) as connection:
            outcome = receive(connection, settings, registry)
        return sum(one.counts.rows_loaded for one in outcome.files)

    return run


def child(name: str, file: Path, out: Path, *more: str) -> None:
    """One side in this process, and what it took."""
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        if name == "write":
            run: Callable[[], int] = partial(write, file, int(more[0]))
        else:
            run = (land if name == "Scout" else read_as_text)(file, Path(folder))
        wall, processor = time.perf_counter(), time.process_time()
        rows = run()
        taken = {
            "rows": rows,
            "wall": time.perf_counter() - wall,
            "processor": time.process_time() - processor,
        }
    out.write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] and not sys.argv[1].replace("_", "").isdigit():
        child(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
    else:
        given = [int(argument.replace("_", "")) for argument in sys.argv[1:]]
        main(*(given + [10_000_000, 3][len(given) :]))
