"""Disclosure: which counts may be shown, and the rows that keep what the last release said.

What belongs here: taking counts and the last release to the room that decides, and storing what
comes back.
What does not: deciding (``disclosure``), how a published table looks (``models/published``), or the
attacker who judges the result (``checks.disclosure_audit``).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.disclosure import cells, deciding, history, policies, release_changes
from orchestration.disclosure.tables import TABLES
from orchestration.publishing.catalogue import DASHBOARD_FILE, DISCLOSURE_FILE
from orchestration.publishing.release import last_told, policy_of
from orchestration.run_context import RunContext

SCHEMA = "disclosure"
# What dbt reads, and what the release keeps for the next one.
MADE = {
    "published_cells": "One row per published count: shown or suppressed, and as which number.",
    "merged_bins": "One row per bin of a picture: the fine bins that were put together.",
    "disclosure_policy": "One row: the numbers of the policy that this run goes by.",
    "kept_blocks": "One row per block of rows that keeps what the last release said of it.",
    "release_cells": "What a reader of the release sees of every count: for the next release.",
    "release_state": "What stood behind every count when it was published: fingerprints only.",
    "release_births": "In which release each block of rows last moved: for the next release.",
    "told_cells": "What the last few releases told of counts that hang together, cell by cell.",
    "told_atoms": "Which patterns of counts there were in those releases, not how many had each.",
}
KEPT_ROWS = ["published", "kept_rows"]


def build_disclosure_assets(run: RunContext) -> list[dg.AssetsDefinition]:
    """The decision before the published gate, and the kept rows after it."""

    @dg.multi_asset(
        name="disclosure_control",
        specs=[
            dg.AssetSpec(
                [SCHEMA, name],
                deps=[[SCHEMA, "int_atom_counts"], [SCHEMA, "int_unit_sizes"]],
                group_name=SCHEMA,
                kinds={"python", "duckdb"},
                description=description,
            )
            for name, description in MADE.items()
        ],
        pool=WAREHOUSE_POOL,
    )
    def disclosure_control() -> Iterator[dg.MaterializeResult[Any]]:
        policy = policies.named(run.settings.policy.disclosure_policy)
        with (
            run.stage(SCHEMA, "holding back small numbers") as stage,
            warehouse.open_to_write(run.settings) as connection,
        ):
            last = _last_file(run, DISCLOSURE_FILE)
            # Of the chain of releases that this one continues, also where it is one as known then.
            told = last_told(run.settings)
            number = 1 + (told[0] if told is not None else 0)
            made, decided = _decide(connection, policy, last, _is_same(run, policy), number)
            for name, frame in made.items():
                warehouse.replace_table(connection, SCHEMA, name, frame)
            shown = int((decided.cells["status"] == cells.SHOWN).sum())
            run.report.disclosure = {
                "policy": policy.name,
                "cells": len(decided.cells),
                "shown": shown,
                "small": decided.small,
                "complementary": decided.complementary,
                "kept_from_earlier_releases": decided.kept,
                "unsecured": decided.unsecured,
            }
            stage.done(
                f"{policy.name}: {shown:,} of {len(decided.cells):,} counts shown, "
                f"{decided.small:,} small, {decided.complementary:,} would give others away"
            )
        for name, frame in made.items():
            yield dg.MaterializeResult(
                asset_key=[SCHEMA, name], metadata={"dagster/row_count": len(frame)}
            )

    @dg.asset(
        key=KEPT_ROWS,
        deps=[[SCHEMA, "kept_blocks"], *(["published", table] for table in TABLES)],
        group_name="published",
        kinds={"duckdb"},
        pool=WAREHOUSE_POOL,
        description="Rows behind which too few clients changed, as the last release had them.",
    )
    def kept_rows() -> dg.MaterializeResult[None]:
        last = _last_file(run, DASHBOARD_FILE)
        count = 0
        if last is not None:
            told = last_told(run.settings)
            sequence = told[0] if told is not None else 0
            with (
                run.stage("published", "keeping rows that may not move yet"),
                warehouse.open_to_write(run.settings) as connection,
            ):
                warehouse.attach(connection, last, "last", read_only=True)
                count = sum(_put_back(connection, name, sequence) for name in TABLES)
        return dg.MaterializeResult(metadata={"kept_rows": count})

    return [disclosure_control, kept_rows]


def _decide(
    connection: warehouse.Connection,
    policy: policies.DisclosurePolicy,
    last: Path | None,
    is_same_policy: bool,
    number: int,
) -> tuple[dict[str, pd.DataFrame], cells.Decided]:
    fine = connection.table(f"{SCHEMA}.int_atom_counts").df()
    sizes = connection.table(f"{SCHEMA}.int_unit_sizes").df()
    told = _last(connection, last, release_changes.STATE)
    decision = deciding.decide_release(
        fine, sizes, told, policy, number, is_same_policy=is_same_policy
    )
    made = dict(decision.made)
    made["disclosure_policy"] = pd.DataFrame([policies.as_row(policy)])
    return {name: made[name] for name in MADE}, decision.decided


def _last(
    connection: warehouse.Connection, file: Path | None, columns: Sequence[str]
) -> deciding.Told:
    """State, cells and history of the last release; nothing before the first."""
    if file is None:
        return deciding.Told()
    warehouse.attach(connection, file, "last", read_only=True)
    there = {
        str(row[0])
        for row in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'last'"
        ).fetchall()
    }
    found = {name: connection.table(f"last.{SCHEMA}.{name}").df() for name in there}
    connection.execute("detach last")
    told = history.History()
    if "told_cells" in there:
        # An earlier Scout told nothing of what bins were made of.
        cells_then = found["told_cells"].reindex(columns=list(history.TOLD_CELLS))
        told = history.History(cells_then, found["told_atoms"], found["release_births"])
    if set(found["release_state"].columns) != set(columns):
        # Of another form of Scout: who changed is not known, so every row counts as new; what it
        # showed is known still.
        return deciding.Told(history=told)
    return deciding.Told(found["release_state"], found["release_cells"], told)


def _put_back(connection: warehouse.Connection, name: str, sequence: int) -> int:
    """Replace the rows of kept blocks by those of the last release; the number put back.

    A table whose columns an upgrade of Scout has changed has nothing to put back: its rows that
    may not move are held back already, and the auditor judges the others.
    """
    columns = [
        [
            row[0]
            for row in connection.execute(
                "select column_name from duckdb_columns() where database_name = ? "
                "and schema_name = 'published' and table_name = ? order by 1",
                [database, name],
            ).fetchall()
        ]
        for database in ("warehouse", "last")
    ]
    if columns[0] != columns[1]:
        return 0
    block = f"concat_ws('|', {', '.join(TABLES[name].key)})"
    kept = f"select block_id from {SCHEMA}.kept_blocks where table_name = '{name}'"
    few = f"{kept} and change = '{release_changes.FEW}'"
    rows = f"from last.published.{name} where {block} in ({kept})"
    connection.execute(f"delete from published.{name} where {block} in (select {block} {rows})")
    connection.execute(
        f"insert into published.{name} by name select * replace ("
        f"case when {block} in ({few}) then coalesce(kept_from_release, {sequence}) end "
        f"as kept_from_release) {rows}"
    )
    row = connection.execute(f"select count(*) {rows}").fetchone()
    return int(row[0]) if row else 0


def _is_same(run: RunContext, policy: policies.DisclosurePolicy) -> bool:
    told = last_told(run.settings)
    return told is not None and policy_of(told[1]) == policy.name


def _last_file(run: RunContext, name: str) -> Path | None:
    """A file of the release that readers know last, if there is one that has it."""
    told = last_told(run.settings)
    if told is None or not (told[1] / DISCLOSURE_FILE).is_file():
        return None
    return told[1] / name
