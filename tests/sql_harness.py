"""The real dbt SQL from raw to relations, quickly: compiled once, run in memory for each example.

What belongs here: compiling, the order of the models, filling raw, building, asking.
What does not: any claim, any second way to compute what the SQL computes.

dbt itself takes seconds to start, so it only compiles; the statements it would run are then run
here, in its order, as the views and tables it would make. A table is made when it is first asked
for, with what it reads: of a hundred models a test looks at three.
"""

import atexit
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from orchestration import warehouse
from orchestration.assets import dbt_calling
from orchestration.assets.parsed_project import parsed_project
from orchestration.landing.raw_tables import TABLES as RAW_TABLES
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.registry.tables import TABLES as REGISTRY_TABLES
from orchestration.settings import Settings
from tests.sharing import made_once

STAGES = ("staging", "scoring", "change", "relations")
# Marts that compute: built by themselves, once a test has put the estimates they read in place.
MARTS = (
    "fct_session_tracking",
    "fct_expected_trajectories",
    "fct_alerts",
    "fct_alert_performance",
)

Rows = Iterable[Mapping[str, Any]]


class Model(NamedTuple):
    """One dbt model: where it goes, how it is kept, its select, what it reads and what is raw."""

    schema: str
    name: str
    kind: str
    select: str
    reads: frozenset[str]
    raw_tables: frozenset[str]

    @property
    def table(self) -> str:
        """As it is asked for."""
        return f"{self.schema}.{self.name}"


@cache
def models() -> tuple[Model, ...]:
    """Every model of the four stages, each after what it reads, as dbt compiles it today.

    Raises:
        AssertionError: dbt cannot compile the project; the message is dbt's own.
    """
    return made_once("compiled", _compiled)


def _compiled(_: Path) -> tuple[Model, ...]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), threads=1, memory_limit="1GB")
        settings.scratch.mkdir(parents=True)
        selected = [f"resource_type:model,path:models/{stage}" for stage in STAGES]
        selected += MARTS
        manifest = parsed_project(settings).manifest
        compiled = dbt_calling.invoke(
            settings, ["compile", "--select", *selected], manifest=manifest
        )
        assert compiled.success, compiled.exception
    nodes = {
        found.node.unique_id: found.node
        for found in compiled.result.results
        if found.node.schema in STAGES or found.node.name in MARTS
    }
    ordered: list[str] = []

    def visit(key: str) -> None:
        if key in nodes and key not in ordered:
            for needed in nodes[key].depends_on.nodes:
                visit(needed)
            ordered.append(key)

    for key in nodes:
        visit(key)

    def raw_tables(key: str) -> frozenset[str]:
        """The raw tables that a model reads, itself or through other models."""
        if key.startswith("source."):
            return frozenset({manifest.sources[key].name})
        needed = nodes[key].depends_on.nodes if key in nodes else []
        return frozenset().union(*map(raw_tables, needed))

    return tuple(
        Model(
            nodes[key].schema,
            nodes[key].name,
            nodes[key].config.materialized,
            nodes[key].compiled_code,
            frozenset(
                f"{nodes[each].schema}.{nodes[each].name}"
                for each in nodes[key].depends_on.nodes
                if each in nodes
            ),
            raw_tables(key),
        )
        for key in ordered
    )


class SqlScout:
    """A warehouse in memory that can be filled and built again and again.

    Seeds stay as they are; raw and the clinic's own definitions are what the last ``build`` was
    given, and nothing of an earlier example is left. What none of that touches is built once.
    """

    def __init__(self, settings: Settings) -> None:
        self._context = warehouse.in_memory(settings)
        self.connection = self._context.__enter__()
        atexit.register(self.connection.close)
        # dbt's names are "warehouse"."schema"."table": the file is called warehouse.duckdb.
        self.connection.execute("attach ':memory:' as warehouse")
        self.connection.execute("use warehouse")
        create_raw_tables(self.connection)
        self._create_local_tables()
        self._load_seeds(settings.seeds)
        self._filled: set[str] = set()
        self._filled_before: set[str] | None = None
        self._until = ""
        self._models = {model.table: model for model in models() if model.name not in MARTS}
        self._stale: set[str] = set()
        for stage in (*STAGES, "marts"):
            self.connection.execute(f"create schema {stage}")

    def build(
        self,
        raw: Mapping[str, Rows] | None = None,
        local: Mapping[str, Rows] | None = None,
        until: str = STAGES[-1],
    ) -> "SqlScout":
        """Fill raw and the clinic's own definitions; models are built when they are asked for.

        Args:
            raw: name of a raw table -> its rows; a column that is left out is NULL.
            local: name of a registry table -> the clinic's own rows, as text.
            until: the last stage that may be asked for.
        """
        self.empty()
        for table, rows in (raw or {}).items():
            assert table in RAW_TABLES
            self._insert(table, rows)
        for table, rows in (local or {}).items():
            assert table in REGISTRY_TABLES
            # What a clinic leaves out has the value that landing's reading of the file gives it.
            left_out = REGISTRY_TABLES[table].stated_defaults
            self._insert(f"local_{table}", [left_out | dict(row) for row in rows])
        return self.build_models(until)

    def empty(self) -> None:
        """Take every row out of raw."""
        for table in self._filled:
            self.connection.execute(f"delete from raw.{table}")
        self._filled = set()

    def mark_filled(self, *tables: str) -> None:
        """Say which raw tables a test has filled by itself, so that the next build empties them."""
        self._filled |= set(tables)

    def build_models(self, until: str = STAGES[-1]) -> "SqlScout":
        """Have models up to a stage made of whatever raw holds now."""
        if self._filled_before is None:
            for model in self._models.values():
                self._make(model)
        else:
            changed = self._filled | self._filled_before
            self._stale |= {
                model.table
                for model in self._models.values()
                if model.kind == "table"
                and (model.raw_tables & changed or not model.name.startswith("stg_registry__"))
            }
        self._filled_before, self._until = self._filled, until
        return self

    def make_all(self) -> "SqlScout":
        """Make every model of the stages that may be asked for."""
        for model in self._models.values():
            if STAGES.index(model.schema) <= STAGES.index(self._until):
                self.make(model.table)
        return self

    def make(self, table: str) -> None:
        """Make a table, and what it reads, unless that has been done since raw was filled."""
        wanted = {table}
        for model in reversed(self._models.values()):
            if model.table in wanted:
                wanted |= model.reads
        for model in self._models.values():
            if model.table in wanted & self._stale:
                self._make(model)

    def _make(self, model: Model) -> None:
        self.connection.execute(f"create or replace {model.kind} {model.table} as {model.select}")
        self._stale.discard(model.table)

    def build_marts(self, estimates: Mapping[str, pd.DataFrame]) -> "SqlScout":
        """Build the marts that compute, after ``build``.

        Args:
            estimates: name of a table of estimates in ``change`` -> its rows.
        """
        for table, frame in estimates.items():
            warehouse.replace_table(self.connection, "change", table, frame)
        for model in models():
            if model.name in MARTS:
                for each in model.reads:
                    self.make(each)
                self._make(model)
        return self

    def rows(self, table: str, columns: str = "*") -> list[dict[str, Any]]:
        """Rows of a table or view as dicts; NULL is None and NaN stays NaN."""
        self._see_that_it_is_built(table)
        cursor = self.connection.execute(f"select {columns} from {table}")
        names = [each[0] for each in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def frame(self, table: str) -> pd.DataFrame:
        """A table as the statistics room receives it."""
        self._see_that_it_is_built(table)
        return self.connection.table(table).df()

    def _see_that_it_is_built(self, table: str) -> None:
        stage = table.partition(".")[0]
        assert stage not in STAGES or STAGES.index(stage) <= STAGES.index(self._until)
        self.make(table)

    def _insert(self, table: str, rows: Rows) -> None:
        rows = [dict(row) for row in rows]
        if not rows:
            return
        if table in RAW_TABLES:
            for column in ("load_sequence", "line"):
                if f"{column} bigint not null" in RAW_TABLES[table]:
                    rows = [{column: 1} | row for row in rows]
        self._filled.add(table)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        # One list of text per column: the quickest way in, and DuckDB casts to the column's type.
        values = [
            [None if row.get(column) is None else str(row[column]) for row in rows]
            for column in columns
        ]
        lists = ", ".join("unnest(?::varchar[])" for _ in columns)
        self.connection.execute(
            f"insert into raw.{table} ({', '.join(columns)}) select {lists}", values
        )

    def _create_local_tables(self) -> None:
        for name, table in REGISTRY_TABLES.items():
            columns = ", ".join(f"{column} varchar" for column in table.columns)
            self.connection.execute(f"create table raw.local_{name} ({columns})")

    def _load_seeds(self, seeds: Path) -> None:
        self.connection.execute("create schema seeds")
        for path in sorted(seeds.glob("*.csv")):
            self.connection.execute(
                f"create table seeds.{path.stem} as "
                f"from read_csv('{path}', header = true, all_varchar = true, quote = '\"')"
            )


@cache
def sql_scout() -> SqlScout:
    """The one warehouse of this test session; whoever builds it owns it until the next build."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return SqlScout(Settings(home=Path(folder.name), threads=1, memory_limit="1GB"))
