"""Scout beside hand-written scripts on the same imaginary clinic, as ratios in one run.

What belongs here: which competitors run, in which order, on what, and the command line.
What does not: measuring one child (``measuring``), the answers (``agreement``), tables
(``reporting``).

Run: ``python -m tests.benchmarks.compare [--responses N ...] [--repeat N] [--write] [--keep DIR]``.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.measuring import CHECKOUT, ChildFailedError, Measured, measure
from tests.benchmarks.reporting import (
    HANDWRITTEN,
    PANDAS,
    SCOUT,
    SCOUT_AGAIN,
    TOTALS,
    Record,
    Size,
    render,
)

HERE = Path(__file__).resolve().parent
SOURCE = "imaginary_clinic"
CLIENTS_PER_RESPONSE = 1500 / 1_000_000  # a client gives about 670 answers
SEED = 7
DEFAULT_RESPONSES = (1_000_000, 10_000_000)


def main(arguments: list[str] | None = None) -> int:
    """Measure, compare, print; 1 if a child fails or any two differ."""
    options = _parser().parse_args(arguments)
    _require_locked_duckdb()
    load = os.getloadavg()[0]
    responses = options.responses or list(DEFAULT_RESPONSES)
    with tempfile.TemporaryDirectory(prefix="scout-benchmark-") as temporary:
        folder = options.keep or Path(temporary)
        try:
            sizes = [measure_size(folder / str(n), n, options.repeat) for n in responses]
        except ChildFailedError as error:
            sys.stderr.write(f"\n{error}\n")
            return 1
    command = "python -m tests.benchmarks.compare"
    command += "".join(f" --responses {n}" for n in options.responses or ())
    command += f" --repeat {options.repeat}" if options.repeat > 1 else ""
    loads = (load, os.getloadavg()[0])
    text = render(sizes, command, datetime.now(UTC).date().isoformat(), loads)
    sys.stdout.write(f"\n{text}")
    if options.write:
        (HERE / "results.md").write_text(text, encoding="utf-8")
    return 0


def measure_size(folder: Path, responses: int, repeats: int) -> Size:
    """Make one clinic and run every competitor on it, each in a process of its own.

    Args:
        folder: a folder that does not exist yet; everything is made in it.
        responses: about how many item responses.
        repeats: how often each competitor runs, in turn; the median run counts.

    Raises:
        ChildFailedError: one of them failed, or two of them disagree.
    """
    folder.mkdir(parents=True)
    clients = max(3, round(responses * CLIENTS_PER_RESPONSE))
    _tell(f"making an imaginary clinic of {clients:,} clients")
    clinic = folder / "clinic"
    scout = str(Path(sys.executable).with_name("scout"))
    synth = [scout, "synth", "--clients", str(clients), "--seed", str(SEED), "--out", str(clinic)]
    measure(synth, folder / "synth.log")

    runs: dict[str, list[tuple[Measured, int]]] = {}
    for turn in range(repeats):
        place = folder / f"turn_{turn}"
        place.mkdir()
        _furnish(clinic, place / "home")
        for name, command in _competitors(clinic / "landing" / SOURCE, place).items():
            measured = measure(command, place / f"{_file_name(name)}.log")
            runs.setdefault(name, []).append((measured, turn))
            _tell(f"{name}: {measured.seconds:.1f} s")
    median = {name: sorted(of, key=_seconds)[(len(of) - 1) // 2] for name, of in runs.items()}
    turn_of_scout = folder / f"turn_{median[SCOUT][1]}"
    record: Record = json.loads((turn_of_scout / "scout.json").read_text(encoding="utf-8"))
    record["nodes"] = _dbt_nodes(turn_of_scout)
    return Size(
        clients=clients,
        responses=_count_responses(clinic),
        runs={name: run for name, (run, _) in median.items()},
        repeats=repeats,
        record=record,
        agreement=_agreement(folder / f"turn_{repeats - 1}"),
    )


def _competitors(landing: Path, place: Path) -> dict[str, list[str]]:
    """Name to command, in the order in which they run; the files are in the page cache for all."""
    python = sys.executable
    handwritten = [python, str(HERE / "handwritten_duckdb.py"), str(landing)]
    scout = [python, "-m", "tests.benchmarks.scout_run", str(place / "home")]
    return {
        TOTALS: [*handwritten, str(place / "totals.duckdb"), "totals"],
        HANDWRITTEN: [*handwritten, str(place / "all_scales.duckdb")],
        PANDAS: [python, str(HERE / "pandas_script.py"), str(landing), str(place / "pandas")],
        SCOUT: [*scout, str(place / "scout.json")],
        SCOUT_AGAIN: [*scout, str(place / "again.json")],
    }


def _agreement(place: Path) -> dict[str, dict[str, dict[str, float]]]:
    """What the comparison found; it ends with an error, and so do we, where two differ."""
    again = json.loads((place / "again.json").read_text(encoding="utf-8"))
    if again["is_news"]:
        message = (
            "Scout's second run found news where nothing had changed "
            "(or the checkout changed in between: work on a copy)."
        )
        raise ChildFailedError(message)
    out = place / "agreement.json"
    outputs = {
        HANDWRITTEN: place / "all_scales.duckdb",
        TOTALS: place / "totals.duckdb",
        PANDAS: place / "pandas",
    }
    measure(
        [
            *(sys.executable, "-m", "tests.benchmarks.agreement"),
            *(str(place / "home" / "current" / "evaluation.duckdb"), str(out)),
            *(f"{name}={path}" for name, path in outputs.items()),
        ],
        place / "agreement.log",
    )
    found: dict[str, dict[str, dict[str, float]]] = json.loads(out.read_text(encoding="utf-8"))
    _tell("all give the same scores and changes")
    return found


def _dbt_nodes(place: Path) -> list[tuple[str, float]]:
    out = place / "nodes.json"
    command = [sys.executable, "-m", "tests.benchmarks.dbt_nodes", str(place / "home"), str(out)]
    measure(command, place / "nodes.log")
    nodes: list[tuple[str, float]] = json.loads(out.read_text(encoding="utf-8"))
    return nodes


def _furnish(clinic: Path, home: Path) -> None:
    """A fresh home that holds the clinic's files (as hard links: bytes are not the subject)."""
    home.mkdir(mode=0o700)
    copy: Callable[[str, str], object] = os.link
    for name in ("landing", "instruments"):
        shutil.copytree(clinic / name, home / name, copy_function=copy)


def _count_responses(clinic: Path) -> int:
    truth = json.loads((clinic / "synthetic_truth.json").read_text(encoding="utf-8"))
    counts: dict[str, int] = truth["row_counts"]
    repeated = truth["planted_mistakes"]["repeated_files"]["file"]
    return sum(n for f, n in counts.items() if f.startswith("responses") and f != repeated)


def _require_locked_duckdb() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.search(r"^duckdb==(\S+)", lock, flags=re.MULTILINE)
    if locked is None or locked[1] != version("duckdb"):
        message = "The duckdb installed is not the one in requirements.lock; run `make setup`."
        raise SystemExit(message)


def _seconds(run: tuple[Measured, int]) -> float:
    return run[0].seconds


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


def _tell(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.compare", description=__doc__)
    add = parser.add_argument
    add("--responses", type=int, action="append", metavar="N", help="item responses; repeatable")
    add("--repeat", type=int, default=1, metavar="N", help="runs of each; the median counts")
    add("--write", action="store_true", help="write results.md beside this file")
    add("--keep", type=Path, metavar="DIR", help="work in DIR and leave everything there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
