"""One call of dbt in this process: quietly, for this home, and the warehouse closed afterwards.

What belongs here: the environment dbt gets, and what it may not do with our streams and signals.
What does not: what is asked of dbt (``parsed_project``, ``dbt_in_process``).

A child process for each gate costs four processor seconds, most of them imports and reading the
project again; in this process that is done once. It also dies with this process: nothing goes on
writing after a run was killed.
"""

import contextlib
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from orchestration.settings import REFERENCE_DAY_VARIABLE, Settings


@contextlib.contextmanager
def dbt_environment(settings: Settings, target: Path | None = None) -> Iterator[None]:
    """Point dbt at this home, and its writing at ``target``, while the block runs."""
    where = str(target or target_of(settings))
    wanted = {
        "SCOUT_WAREHOUSE": str(settings.warehouse),
        "SCOUT_MEMORY_LIMIT": settings.memory_limit,
        "SCOUT_THREADS": str(settings.threads),
        "SCOUT_SPILL": str(settings.scratch / "spill"),
        REFERENCE_DAY_VARIABLE: settings.reference_day.isoformat()
        if settings.reference_day
        else "",
        "DBT_TARGET_PATH": where,
        "DBT_LOG_PATH": where,
        # A debug log would quote failing rows; and what dbt says on a console nobody hears.
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_LOG_LEVEL": "none",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def target_of(settings: Settings) -> Path:
    """Where dbt writes what it makes of this home."""
    return settings.scratch / "dbt"


def invoke(
    settings: Settings, arguments: Sequence[str], *, target: Path | None = None, **runner: Any
) -> Any:
    """Call dbt with ``arguments`` on this home; what ``dbtRunner(**runner).invoke`` returns.

    Args:
        settings: the home.
        arguments: as on dbt's command line.
        target: where dbt writes, in place of ``target_of(settings)``.
        runner: for dbt's runner: the project as already read, and whom to call back.
    """
    # Importing dbt takes seconds: a run that finds nothing new does without.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from orchestration.assets.dbt_events import listen_only_to_what_is_heard

    listen_only_to_what_is_heard()
    project = str(settings.dbt_project)
    # dbt writes to standard output on its own account; what failed is read from the results,
    # which name nodes and never quote rows.
    with dbt_environment(settings, target), contextlib.redirect_stdout(io.StringIO()):
        try:
            result = dbtRunner(**runner).invoke(
                ["--quiet", *arguments, "--project-dir", project, "--profiles-dir", project]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt-duckdb has no types
    # dbt hands over what it caught, Ctrl-C too: that is not for dbt to keep.
    if result.exception is not None and not isinstance(result.exception, Exception):
        raise result.exception
    return result
