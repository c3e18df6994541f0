"""Do all of them say the same? Every score and every change, joined to Scout's own.

What belongs here: the comparison, which fails loudly; counts and differences, never a value.
What does not: how any of them got there.

Run: ``python -m tests.benchmarks.agreement EVALUATION.duckdb OUT.json NAME=PATH ...`` where a path
is a DuckDB file with ``scores`` and ``changes``, or a folder with both as CSV. One whose name ends
in ``totals only`` is held against the four totals, any other against every scale that Scout has.
"""

import json
import sys
from pathlib import Path

import duckdb

# Scores are sums of whole numbers divided once or twice: two right ways differ in the last bits.
# Scout rounds the standard deviation behind the index to ten decimals (so that the order of rows
# cannot change a release): with an SD of 0.3 and an index of 10 that is 2e-9.
TOLERANCE = {"scores": 1e-12, "changes": 1e-8}

TOTALS_ONLY = "totals only"
SCORE_KEY = ("client_id", "scale_id", "occasion")
CHANGE_KEY = ("client_id", "scale_id", "interval_name")
NUMBERS = {
    "scores": ("score",),
    "changes": (
        "baseline_score",
        "final_score",
        "change",
        "improvement",
        "reliable_change_index",
    ),
}
WORDS = {"scores": (), "changes": ("reliable_change_class", "outcome_class")}


def compare(
    connection: duckdb.DuckDBPyConnection, theirs: str, table: str, *, is_totals_only: bool
) -> dict[str, object]:
    """How Scout's ``table`` and the other's differ."""
    held_against = "ends_with(scale_id, '_total')" if is_totals_only else "true"
    key = SCORE_KEY if table == "scores" else CHANGE_KEY
    unequal = " or ".join(
        [f"(scout.{c} is null) <> (other.{c} is null)" for c in NUMBERS[table]]
        + [f"scout.{c} is distinct from other.{c}" for c in WORDS[table]]
    )
    furthest = ", ".join(f"max(abs(scout.{c} - other.{c}))" for c in NUMBERS[table])
    on = " and ".join(f"scout.{c} = cast(other.{c} as varchar)" for c in key)
    row = connection.execute(
        f"""
        with other as (select * from {theirs}),
        scout as (
            select * from scout.marts.fct_{table}
            where {held_against}
        )
        select
            (select count(*) from scout), (select count(*) from other),
            (select count(distinct ({", ".join(key)})) from other),
            count(*) filter (other.{key[0]} is null),
            count(*) filter (scout.{key[0]} is null),
            count(*) filter ({unequal}),
            coalesce(greatest({furthest}), 0)
        from scout full outer join other on {on}
        """
    ).fetchone()
    assert row is not None
    names = ("scout_rows", "other_rows", "other_keys", "missing", "surplus", "unequal", "furthest")
    return dict(zip(names, row, strict=True))


def agrees(found: dict[str, object], table: str) -> bool:
    """Whether two tables have the same rows and the same values."""
    return (
        found["other_rows"] == found["scout_rows"] == found["other_keys"] != 0
        and not (found["missing"] or found["surplus"] or found["unequal"])
        and float(str(found["furthest"])) <= TOLERANCE[table]
    )


def main(evaluation: Path, out: Path, others: dict[str, Path]) -> int:
    """Compare all; 1 if any differs."""
    connection = duckdb.connect()
    connection.execute(f"attach '{evaluation}' as scout (read_only)")
    record: dict[str, dict[str, object]] = {}
    is_same = True
    for number, (name, path) in enumerate(others.items()):
        if path.is_file():
            connection.execute(f"attach '{path}' as other_{number} (read_only)")
        record[name] = {}
        for table in NUMBERS:
            theirs = f"other_{number}.{table}" if path.is_file() else f"'{path}/{table}.csv'"
            is_totals_only = name.endswith(TOTALS_ONLY)
            found = compare(connection, theirs, table, is_totals_only=is_totals_only)
            record[name][table] = found
            if not agrees(found, table):
                is_same = False
                sys.stderr.write(f"{name} and Scout differ in {table}: {found}\n")
    out.write_text(json.dumps(record), encoding="utf-8")
    return 0 if is_same else 1


if __name__ == "__main__":
    pairs = (argument.split("=", 1) for argument in sys.argv[3:])
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), {n: Path(p) for n, p in pairs}))
