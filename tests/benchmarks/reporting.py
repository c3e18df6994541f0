"""Measurements into the Markdown that is printed and committed.

What belongs here: tables, units and the words around them; no path, no host name.
What does not: measuring (``measuring``) or deciding what runs (``compare``).
"""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import TypedDict

from tests.benchmarks.measuring import Measured

SCOUT, SCOUT_AGAIN = "Scout, first run", "Scout again, nothing new"
HANDWRITTEN, TOTALS = "hand-written DuckDB, all scales", "hand-written DuckDB, totals only"
PANDAS = "pandas script, totals only"
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "pandas")
_QUIET = 0.5  # load average; a run of our own raises it only afterwards
_BUSY = (
    "**The machine was busy with other work: seconds are too long and their ratios chance. "
    "Read the processor seconds and the memory; measure again on a quiet machine.**"
)
_SPOTS = 12
_SHORTEST_SPOT = 0.05


class Span(TypedDict):
    """One stage of Scout's run; times are of the monotonic clock."""

    name: str
    doing: str
    start: float
    end: float
    steps: list[tuple[float, str]]
    result: str


class Record(TypedDict):
    """What ``scout_run`` writes down."""

    started: float
    is_news: bool
    spans: list[Span]
    nodes: list[tuple[str, float]]
    rules: list[tuple[str, float]]


@dataclass(frozen=True)
class Size:
    """All that was measured for one clinic.

    Attributes:
        clients: how many imaginary clients.
        responses: item responses in the files, the repeated file left out.
        runs: competitor to its median run.
        repeats: how often each was run.
        record: what Scout wrote down of its stages, nodes and rules (``scout_run``).
        agreement: competitor to what ``agreement`` found.
    """

    clients: int
    responses: int
    runs: Mapping[str, Measured]
    repeats: int
    record: Record
    agreement: Mapping[str, Mapping[str, Mapping[str, float]]]


def render(sizes: Sequence[Size], command: str, date: str, loads: tuple[float, float]) -> str:
    """The whole document; ``loads`` is the load average before the first run and after the last."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    head = f"""\
# Benchmark: Scout beside hand-written scripts

Made by `{command}` on {date}; do not edit. What is compared, and how: [README.md](README.md).

{os.cpu_count()} cores, {gigabytes:.0f} GB of memory, {platform.system()}, Python \
{platform.python_version()}; {versions}. Load average {loads[0]:.1f} before the first run, \
{loads[1]:.1f} after the last.
"""
    if loads[0] > _QUIET:
        head += f"\n{_BUSY}\n"
    return "\n".join([head, *(_size(size) for size in sizes)])


def spots(record: Record) -> list[tuple[str, float]]:
    """The slowest single things inside Scout's run: dbt nodes, files in landing, rules."""
    nodes = [(f"dbt {name}", seconds) for name, seconds in record["nodes"]]
    rules = [(f"rule {name}", seconds) for name, seconds in record["rules"]]
    found = [*nodes, *rules, *_landing_steps(record)]
    return sorted((f for f in found if f[1] >= _SHORTEST_SPOT), key=lambda f: -f[1])[:_SPOTS]


def _size(size: Size) -> str:
    of_repeats = "one run each" if size.repeats == 1 else f"median of {size.repeats} runs each"
    parts = [
        f"## {size.responses:,} item responses, {size.clients:,} clients ({of_repeats})\n",
        _competitors(size),
        _agreement(size),
        "Scout's first run, stage by stage:\n",
        _stages(size),
        "The slowest single spots inside it:\n",
        _table(("spot", "seconds"), ((name, f"{s:.1f}") for name, s in spots(size.record))),
    ]
    return "\n".join(parts)


def _competitors(size: Size) -> str:
    base = size.runs[HANDWRITTEN]
    rows = [
        (
            name,
            f"{run.seconds:.1f}",
            f"{run.processor_seconds:.1f}",
            _megabytes(run.peak_bytes),
            f"{run.seconds / base.seconds:.1f}",
            f"{run.processor_seconds / base.processor_seconds:.1f}",
            f"{run.peak_bytes / base.peak_bytes:.1f}",
        )
        for name, run in size.runs.items()
    ]
    head = ("", "seconds", "processor seconds", "peak MB", "x seconds", "x processor", "x memory")
    return _table(head, rows) + "\n`x`: as a multiple of the hand-written script of all scales.\n"


def _agreement(size: Size) -> str:
    told = []
    for name, tables in size.agreement.items():
        scores, changes = tables["scores"], tables["changes"]
        furthest = max(scores["furthest"], changes["furthest"])
        told.append(
            f"* {name} = Scout on {scores['scout_rows']:,} scores and "
            f"{changes['scout_rows']:,} changes; largest difference {furthest:.1e}"
        )
    return "Same answers, joined on client, scale and occasion or interval:\n\n" + (
        "\n".join(told) + "\n"
    )


def _stages(size: Size) -> str:
    run, record = size.runs[SCOUT], size.record
    spans = sorted(record["spans"], key=lambda span: span["start"])
    began = record["started"]
    rows = [("Python starts, Scout's modules load", spans[0]["start"] - began, began)]
    for span in spans:
        is_one_of_several = span["name"] in {"checks", "published"}
        label = f"{span['name']}: {span['doing']}" if is_one_of_several else span["name"]
        rows.append((label, span["end"] - span["start"], span["start"]))
    inside = sum(seconds for _, seconds, _ in rows)
    shown = [
        (label, f"{seconds:.1f}", _megabytes(run.peak_between(start, start + seconds)))
        for label, seconds, start in rows
    ]
    shown.append(("between the stages (Dagster)", f"{run.seconds - inside:.1f}", ""))
    shown.append(("**whole run**", f"**{run.seconds:.1f}**", f"**{_megabytes(run.peak_bytes)}**"))
    return _table(("stage", "seconds", "peak MB"), shown)


def _landing_steps(record: Record) -> Iterable[tuple[str, float]]:
    for span in record["spans"]:
        if span["name"] != "landing":
            continue
        steps = [*span["steps"], (span["end"], "end")]
        for (start, text), (end, _) in pairwise(steps):
            yield f"landing {text.split('/')[-1]}", end - start


def _megabytes(count: int | None) -> str:
    return "" if count is None else f"{count / 1024**2:,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))
