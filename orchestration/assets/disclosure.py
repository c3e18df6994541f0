"""Disclosure: which counts may be shown, and the rows that keep what the last release said.

What belongs here: taking counts and the last release to the room that decides, and storing what
comes back.
What does not: deciding (``disclosure``), how a published table looks (``models/published``), or the
attacker who judges the result (``checks.disclosure_audit``).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from orchestration import warehouse
from orchestration.assets import WAREHOUSE_POOL
from orchestration.disclosure import (
    cells,
    history,
    merging,
    overlaps,
    policies,
    release_changes,
    systems,
    told_before,
)
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
    sizes = connection.table(f"{SCHEMA}.int_unit_sizes").df()
    fine = connection.table(f"{SCHEMA}.int_atom_counts").df()
    counts, bins = merging.merged(fine, systems.floors_of(sizes, policy))
    # Of the fine bins: which of them are put together is the policy's doing, not the people's.
    now = release_changes.state(fine, TABLES)
    then_state, then_cells, known = _last(connection, last, now)
    compared = release_changes.with_linked(
        release_changes.compare(now, then_state, policy.smallest_count),
        release_changes.links(counts, TABLES),
    )
    merged = [name for name, table in TABLES.items() if table.is_merged]
    born = history.births(compared, known, number, () if is_same_policy else merged)
    # Rows of the same people are shown anew by a new policy; where few changed they are held back,
    # for what the old policy showed may be too much for the new one.
    changes = compared if is_same_policy else release_changes.shown_anew(compared)
    known = history.of_strict_policies(known, policy.smallest_count)
    past = told_before.Past(known, born, TABLES)
    decided = overlaps.decide(
        counts, sizes, changes, then_cells, TABLES, policy, past, bins=bins, may_rest=is_same_policy
    )
    changes = release_changes.shown_anew(
        release_changes.with_rested(changes, decided.rested), decided.anew
    )
    born = history.births(
        release_changes.with_rested(compared, decided.rested),
        known,
        number,
        () if is_same_policy else merged,
    )
    told = history.remembered(known, born, decided.cells, counts, changes, policy, number, bins)
    is_kept = changes["change"].isin([release_changes.FEW, release_changes.UNCHANGED])
    made = {
        "published_cells": decided.cells,
        "merged_bins": bins,
        "disclosure_policy": pd.DataFrame([policies.as_row(policy)]),
        "kept_blocks": changes[is_kept & is_same_policy],
        "release_cells": (
            release_changes.carried(decided.cells, then_cells, changes)
            if is_same_policy
            else decided.cells
        ),
        "release_state": release_changes.carried(now, then_state, changes),
        "release_births": told.births,
        "told_cells": told.cells,
        "told_atoms": told.atoms,
    }
    return made, decided


def _last(
    connection: warehouse.Connection, file: Path | None, now: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, history.History]:
    """State, cells and history of the last release; empty before the first."""
    if file is None:
        nothing = {name: pd.Series(dtype=object) for name in cells.COLUMNS}
        empty = pd.DataFrame(nothing).astype({"value": "Int64"})
        return now.iloc[:0], empty, history.History()
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
    state, seen = found["release_state"], found["release_cells"]
    if set(state.columns) != set(now.columns):
        # Of another form of Scout: who changed is not known, so every row counts as new; what it
        # showed is known still.
        return now.iloc[:0], seen.iloc[:0], told
    return state, seen, told


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
