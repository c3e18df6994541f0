"""Scoring alone: Scout's models beside the leanest hand-written query for the same totals.

What belongs here: answers of every shipped instrument, both ways to score them, the ratio.
What does not: files, checks, change (``compare``).

The hand-written query is what an expert writes who knows each key by heart: one column per item,
one formula per scale, one statement per instrument, and nothing but key, scale and score as its
result. It is written here by a loop over the seeds, because nobody should type 117 formulas twice.
Scout's side writes all of ``scoring.int_scores``: ids, dates, bands, caseness, counts, flags.

Run: ``python -m tests.benchmarks.scoring [ANSWERS] [RUNS]``; writes ``scoring.md`` beside it.
"""

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from orchestration.settings import Settings
from orchestration.warehouse import Connection
from tests.sql_harness import SqlScout, models

REPORT = Path(__file__).with_name("scoring.md")
RESPONSES = "staging.stg_raw__item_responses"
ADMINISTRATIONS = "staging.int_administrations"


def main(answers: int, runs: int) -> None:
    """Measure both in turn, compare every score, and write the report."""
    folder = Path(tempfile.mkdtemp())
    settings = Settings(home=folder, threads=2, memory_limit="6GB")
    harness = SqlScout(settings).build()
    connection = harness.connection
    forms, count = fill(connection, answers)
    by_name = {model.name: model for model in models()}
    scout = f"create or replace table scored as {by_name['int_scores'].select}"
    hand = hand_written(connection)
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(runs + 1):
        for name, statement in (("Scout", scout), ("by hand", hand)):
            times[name].append(timed(lambda sql=statement: connection.execute(sql)))
    differing = connection.execute(
        "select count(*) from scored full join by_hand using (administration_key, scale_id) "
        "where abs(scored.score - by_hand.score) > 1e-9 "
        "or (scored.score is null) <> (by_hand.score is null)"
    ).fetchall()[0][0]
    lines = report(times, forms, count, differing)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - processor


def fill(connection: Connection, answers: int) -> tuple[int, int]:
    """As many rounds of one form of every instrument as ``answers`` allows; every item answered."""
    per_round = connection.execute("select count(*) from staging.stg_registry__items").fetchall()
    rounds = answers // per_round[0][0]
    connection.execute(
        "create temp table forms as "
        "select row_number() over () as administration_key, instrument_id, n, r.range as client "
        "from range(?) as r, (select instrument_id, count(*) as n from "
        "staging.stg_registry__items group by instrument_id) as instruments",
        [rounds],
    )
    given = {
        "administration_key": "administration_key",
        "instrument_id": "instrument_id",
        "item_answers_count": "n",
        "day": "cast(client % 10 * 7 as double)",
    }
    given |= dict.fromkeys(("client_id", "episode_id", "program_id"), "concat('c', client)")
    given["administration_id"] = "cast(administration_key as varchar)"
    replace(connection, ADMINISTRATIONS, given, "forms")
    replace(
        connection,
        RESPONSES,
        {
            "administration_key": "forms.administration_key",
            "instrument_id": "forms.instrument_id",
            "item": "items.item",
            "response_value": "response_minimum + floor(random() * "
            "(response_maximum - response_minimum + 1))",
        },
        "forms join staging.stg_registry__items as items using (instrument_id) "
        "order by administration_key, item",
    )
    counts = connection.execute(
        f"select (select count(*) from forms), (select count(*) from {RESPONSES})"
    ).fetchall()[0]
    return int(counts[0]), int(counts[1])


def replace(connection: Connection, table: str, given: dict[str, str], source: str) -> None:
    """Put a filled table where a model stood, with the model's columns."""
    described = connection.execute(f"describe {table}").fetchall()
    columns = ", ".join(
        f"{given.get(name, f'cast(null as {kind})')} as {name}" for name, kind, *_ in described
    )
    connection.execute(f"create temp table filled as select {columns} from {source}")
    schema, _, name = table.partition(".")
    kinds = connection.execute(
        "select table_type from information_schema.tables where table_schema = ? "
        "and table_name = ?",
        [schema, name],
    ).fetchall()
    connection.execute(f"drop {'view' if kinds[0][0] == 'VIEW' else 'table'} {table}")
    connection.execute(f"create table {table} as from filled")
    connection.execute("drop table filled")


def hand_written(connection: Connection) -> str:
    """One statement that scores every scale of every instrument, all keys spelt out."""
    keys: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(dict))
    highest: dict[str, int] = {}
    rows = connection.execute(
        "select instrument_id, scale_id, component, item, is_reversed, range_sum "
        "from scoring.int_scale_memberships order by all"
    ).fetchall()
    for instrument, scale, component, item, is_reversed, range_sum in rows:
        term = f"({range_sum} - i{item})" if is_reversed else f"i{item}"
        keys[instrument][scale].setdefault(component, []).append(term)
        highest[instrument] = max(item, highest.get(instrument, 0))
    shapes = {
        row[0]: row[1:]
        for row in connection.execute(
            "select scale_id, scoring_rule, multiplier, item_count from scoring.int_scale_shapes"
        ).fetchall()
    }
    parts = []
    for instrument, scales in keys.items():
        formulas = ", ".join(f"{formula(*shapes[s], g)} as {s}" for s, g in scales.items())
        items = ", ".join(
            f"max(case when item = {i} then response_value end) as i{i}"
            for i in range(1, highest[instrument] + 1)
        )
        parts.append(
            "select administration_key, scale_id, score from ("
            f"select administration_key, {formulas} from (select administration_key, {items} "
            f"from {RESPONSES} where instrument_id = '{instrument}' group by administration_key)) "
            f"unpivot include nulls (score for scale_id in ({', '.join(scales)}))"
        )
    return "create or replace table by_hand as " + " union all ".join(parts)


def formula(rule: str, multiplier: float, item_count: int, groups: dict[str, list[str]]) -> str:
    """One scale in terms of the columns i1, i2, ..."""
    sums = {name: " + ".join(terms) for name, terms in groups.items()}
    if rule == "sum":
        total = " + ".join(sums.values())
    elif rule == "mean":
        total = f"({' + '.join(sums.values())}) / {item_count}"
    else:
        means = " + ".join(f"({sums[name]}) / {len(terms)}" for name, terms in groups.items())
        total = f"({means}) / {len(groups)}" if rule.startswith("mean") else means
    return f"{multiplier} * ({total})"


def report(
    times: dict[str, list[tuple[float, float]]], forms: int, answers: int, differing: int
) -> list[str]:
    """The table that is committed."""
    ratios = [
        (ours[0] / theirs[0], ours[1] / theirs[1])
        for ours, theirs in zip(times["Scout"][1:], times["by hand"][1:], strict=True)
    ]
    lines = [
        "# Scoring beside the leanest hand-written query",
        "",
        "Made by `python -m tests.benchmarks.scoring`: every shipped instrument, "
        f"{answers:,} answers on {forms:,} complete forms, 2 threads, one warm-up and "
        f"{len(ratios)} runs of each in turn, in one process. Scores that differ: {differing}.",
        "",
        "| | wall s, median | processor s, median |",
        "|---|---|---|",
    ]
    for name, measured in times.items():
        wall, processor = (statistics.median(column) for column in zip(*measured[1:], strict=True))
        lines.append(f"| {name} | {wall:.2f} | {processor:.2f} |")
    wall, processor = (statistics.median(column) for column in zip(*ratios, strict=True))
    lines.append(f"| ratio, pair by pair | {wall:.2f} | {processor:.2f} |")
    return lines


if __name__ == "__main__":
    arguments = [int(argument.replace("_", "")) for argument in sys.argv[1:]]
    main(*(arguments + [10_000_000, 5][len(arguments) :]))
