"""Great Expectations over DuckDB: open a file to read, judge specifications, let go of the file.

What belongs here: everything that touches Great Expectations or SQLAlchemy, and the boundary
behind which cell values stay.
What does not: rules, statuses, severities.

Importing this module imports Great Expectations (seconds): import it where it is used.
"""

import atexit
import builtins
import gc
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read by Great Expectations while it is imported

import great_expectations as gx
import great_expectations.expectations as gxe
import sqlalchemy as sa
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)
from great_expectations.validator.v1_validator import Validator
from sqlalchemy.pool import StaticPool

from expectations.rules import Specification

# Great Expectations' default report copies offending cell values; this one has counts only.
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


class QueryFailedError(Exception):
    """A query raised; carries the class name of what was raised and nothing else."""


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Fetches before it closes, and lets no database message out.

    The parent closes the connection first, with which DuckDB's rows are gone; and a message of
    DuckDB quotes the value it stumbled over, which would end in results, logs and tracebacks.
    """

    last_error: str | None = None

    def execute_query(self, query: Any) -> Any:
        """The rows of ``query``, fetched. Keeps the class name of what it raised in ``last_error``.

        Raises:
            QueryFailedError: the query raised.
        """
        try:
            with self.get_connection() as connection:
                return connection.execute(query).freeze()()
        except Exception as error:  # noqa: BLE001 whatever it is, its message stays here
            self.last_error = class_name(error)
        # Raised outside the handler, so that the original does not travel along as its context.
        raise QueryFailedError(self.last_error)


class DuckDBDatasource(SQLDatasource):
    """One DuckDB file, opened to read through one connection.

    Attributes:
        database: the file.
        limits: DuckDB settings for the connection, such as memory_limit and threads.
    """

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]  # narrower than the parent's, on purpose
    # The parent reads `$` in a connection string as a variable; a path may hold one. Unused.
    connection_string: str = "duckdb://"
    database: str
    limits: dict[str, str] = {}  # noqa: RUF012 pydantic copies defaults

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """The engine that knows DuckDB."""
        return DuckDBExecutionEngine

    def get_engine(self) -> sa.Engine:
        """The one SQLAlchemy engine, so that there is one connection to let go of."""
        engine: sa.Engine = self.get_execution_engine().engine
        return engine

    def get_execution_engine(self) -> DuckDBExecutionEngine:
        """The one execution engine of this file."""
        if self._execution_engine is None:
            url = sa.URL.create(
                "duckdb",
                database=self.database,
                query={**self.limits, "access_mode": "read_only"},
            )
            self._execution_engine = DuckDBExecutionEngine(
                engine=sa.create_engine(url, poolclass=StaticPool), create_temp_table=False
            )
        engine: DuckDBExecutionEngine = self._execution_engine
        return engine


class NoRows(UnexpectedRowsExpectation):
    """The statement selects no row. Unlike its parent it only counts: no row is ever fetched."""

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


@dataclass(frozen=True)
class Verdict:
    """What an expectation said.

    Attributes:
        success: whether it holds, tolerance included.
        evaluated_count: values it looked at; None when it counts failures only.
        unexpected_count: failures.
        error: the class name of what was raised, if anything was.
    """

    success: bool
    evaluated_count: int | None
    unexpected_count: int
    error: str | None = None


class Inspector:
    """Answers questions about the tables of one open file."""

    def __init__(self, datasource: DuckDBDatasource) -> None:
        """Take an open ``datasource``."""
        self._datasource = datasource
        self._engine = datasource.get_execution_engine()
        self._validators: dict[tuple[str, str], Validator] = {}

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Column names and DuckDB types of a table or view; empty when there is none."""
        query = sa.text(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = current_database() and schema_name = :schema "
            "and table_name = :table order by column_index"
        ).bindparams(schema=schema, table=table)
        return {row[0]: row[1] for row in self._engine.execute_query(query)}

    def row_count(self, schema: str, table: str) -> int:
        """The number of rows of a table or view.

        Raises:
            QueryFailedError: it cannot be counted.
        """
        query = sa.select(sa.func.count()).select_from(sa.table(table, schema=schema))
        return int(self._engine.execute_query(query).scalar_one())

    def judge(self, schema: str, table: str, specification: Specification) -> Verdict:
        """Run one expectation on one table; what it raises becomes an error."""
        self._engine.last_error = None
        try:
            result = self._validator(schema, table).validate_expectation(
                _expectation(specification)
            )
        except Exception as error:  # noqa: BLE001 its message may carry a value
            return Verdict(False, None, 0, class_name(error))
        if _has_raised(result.exception_info):
            return Verdict(False, None, 0, self._engine.last_error or "MetricError")
        counts = result.result
        if "observed_value" in counts:
            return Verdict(bool(result.success), None, int(counts["observed_value"]))
        evaluated = int(counts["element_count"]) - int(counts.get("missing_count") or 0)
        return Verdict(bool(result.success), evaluated, int(counts["unexpected_count"] or 0))

    def _validator(self, schema: str, table: str) -> Validator:
        if (schema, table) not in self._validators:
            # A query asset: a table asset asks the database for things DuckDB does not have.
            preparer = self._engine.dialect.identifier_preparer
            asset = self._datasource.add_query_asset(
                name=f"{schema}.{table}",
                query=f"select * from {preparer.quote(schema)}.{preparer.quote(table)}",
            )
            self._validators[schema, table] = Validator(
                batch_definition=asset.add_batch_definition_whole_table("all"),
                result_format=COUNTS_ONLY,
            )
        return self._validators[schema, table]


@contextmanager
def opened(database: Path, limits: Mapping[str, str]) -> Iterator[Inspector]:
    """An inspector of ``database``, which is closed for good afterwards.

    Args:
        database: an existing DuckDB file that no other process writes to.
        limits: DuckDB settings for the connection.

    Raises:
        Exception: the file cannot be opened; the message may name its path.
    """
    with _silence("great_expectations"):
        context = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        datasource: DuckDBDatasource = context.data_sources.add_duckdb(
            name="database", database=str(database), limits=dict(limits)
        )
        try:
            yield Inspector(datasource)
        finally:
            # An open connection would keep the file from the next process that writes to it.
            datasource.get_execution_engine().close()


@contextmanager
def _silence(name: str) -> Iterator[None]:
    """No log lines of ``name`` meanwhile: what went wrong is told by the results, in our words."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


@atexit.register
def forget_great_expectations() -> None:
    """Let the interpreter end quietly.

    Great Expectations outlives its imports and keeps duckdb-engine alive with it, whereupon duckdb
    prints sixty lines about leaked objects after a run that went well. A process that leaves
    without taking itself down (``scout``) may unregister this and save a second.
    """
    for name in [name for name in sys.modules if name.split(".")[0] == gx.__name__]:
        del sys.modules[name]
    gc.collect()


def class_name(error: BaseException) -> str:
    """The class name of ``error``, or of the error that caused it (the database's own)."""
    if isinstance(error, QueryFailedError):
        return str(error)
    return type(error).__name__ if error.__cause__ is None else class_name(error.__cause__)


def _expectation(specification: Specification) -> Any:
    name = specification.expectation
    made: Any = NoRows if name == NoRows.__name__ else getattr(gxe, name)
    return made(**specification.arguments)


def _has_raised(exception_info: Mapping[str, Any]) -> bool:
    """Whether an expectation or one of its metrics raised.

    The report is flat when the expectation itself raised, and keyed by metric when a metric did.
    """
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return True
