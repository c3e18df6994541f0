"""What validating costs: its share of a run's processor time, and its memory.

What belongs here: one run of Scout on an imaginary clinic, split into its checks and the rest.
What does not: other competitors (``compare``), or how a child is measured (``measuring``).

Run: ``python -m tests.benchmarks.validating 1_000_000 10_000_000``; writes validating.md.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import Measured, measure

REPORT = Path(__file__).with_name("validating.md")
CLIENTS_PER_RESPONSE = 15_000 / 10_059_045
GOAL_SHARE, GOAL_BYTES = 0.25, 2 * 10**9
_MAKE = (
    "import sys; from pathlib import Path; from orchestration.synthetic import make_clinic, "
    "write_clinic; home = Path(sys.argv[2]); home.mkdir(); "
    "write_clinic(make_clinic(int(sys.argv[1]), 1), home)"
)


def main(sizes: list[int]) -> int:
    """Measure each size and write the table; 1 if a goal is missed."""
    lines = [
        "# What validating costs",
        "",
        "Made by `python -m tests.benchmarks.validating "
        f"{' '.join(f'{size:_}' for size in sizes)}`; do not edit. One first run of Scout per "
        "size; the checks are the stages `checks` and `disclosure: attacking the release`. "
        "Processor seconds are of the one process that does everything; memory is resident "
        "memory, sampled every 50 ms, while checks ran. DuckDB, dbt and Great "
        "Expectations share that process, so what the stages before left in memory is in it.",
        "",
        "| item responses | run, processor s | checks, processor s | share | goal | "
        "peak MB in checks | goal | peak MB of the run |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    told: list[str] = []
    is_met = True
    for size in sizes:
        measured, record = _run(size)
        spans = record["spans"]
        checks = [span for span in spans if _is_check(span)]
        seconds = sum(span["processor_seconds"] for span in checks)
        share = seconds / measured.processor_seconds
        peak = max(measured.peak_between(span["start"], span["end"]) or 0 for span in checks)
        is_met &= share <= GOAL_SHARE and peak <= GOAL_BYTES
        lines.append(
            f"| {record['rows']:,} | {measured.processor_seconds:.1f} | {seconds:.1f} | "
            f"{share:.1%} | {GOAL_SHARE:.0%} | {peak / 1e6:,.0f} | {GOAL_BYTES / 1e6:,.0f} | "
            f"{measured.peak_bytes / 1e6:,.0f} |"
        )
        told += ["", f"## {record['rows']:,} item responses", "", *_stages(measured, spans)]
        told += ["", *_slowest(record["rules"])]
    REPORT.write_text("\n".join([*lines, *told]) + "\n", encoding="utf-8")
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))
    return 0 if is_met else 1


def _run(size: int) -> tuple[Measured, dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="validating-"))
    try:
        home, out = folder / "home", folder / "out.json"
        clients = str(max(3, round(size * CLIENTS_PER_RESPONSE)))
        measure([sys.executable, "-c", _MAKE, clients, str(home)], folder / "make.log")
        rows = 0
        for path in (home / "landing").rglob("responses_*.csv"):
            with path.open("rb") as file:
                rows += (
                    sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
                )
        command = [sys.executable, "-m", "tests.benchmarks.scout_run", str(home), str(out)]
        measured = measure(command, folder / "run.log")
        return measured, json.loads(out.read_text(encoding="utf-8")) | {"rows": rows}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_check(span: dict[str, Any]) -> bool:
    return span["name"] == "checks" or span["doing"] == "attacking the release"


def _stages(measured: Measured, spans: list[dict[str, Any]]) -> list[str]:
    rows = [
        f"| {span['name']}: {span['doing']} | {span['end'] - span['start']:.1f} | "
        f"{span['processor_seconds']:.1f} | "
        f"{(measured.peak_between(span['start'], span['end']) or 0) / 1e6:,.0f} |"
        for span in spans
    ]
    return ["| stage | seconds | processor s | peak MB |", "| --- | ---: | ---: | ---: |", *rows]


def _slowest(rules: list[tuple[str, float]]) -> list[str]:
    rows = sorted(rules, key=lambda rule: -rule[1])[:10]
    return [
        "| the slowest rules | seconds |",
        "| --- | ---: |",
        *(f"| {name} | {seconds:.2f} |" for name, seconds in rows),
    ]


if __name__ == "__main__":
    sys.exit(main([int(text) for text in sys.argv[1:]] or [1_000_000]))
