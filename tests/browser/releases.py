"""Releases to look at: the one that was built, and what could become of it.

What belongs here: making a published file say something else, and switching to it.
What does not: claims, or the browser.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from tests.helpers import DASHBOARD, ask

PAYLOADS = (
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "[x](javascript:window.ran=1) :red[loud] **b**",
    "$$\\href{javascript:window.ran=1}{x}$$ <svg onload=window.ran=1>",
)
Change = Callable[[duckdb.DuckDBPyConnection], None]


def start(home: Path, published: Path) -> None:
    """A home that holds nothing but one release, a copy of ``published``."""
    folder = home / "releases" / "000001"
    folder.mkdir(parents=True)
    shutil.copyfile(published, folder / DASHBOARD)
    switch(home, 1)


def add(home: Path, number: int, change: Change) -> None:
    """Another release of the home: the first with a change. It is not current yet."""
    folder = home / "releases" / f"{number:06}"
    folder.mkdir()
    shutil.copyfile(home / "releases" / "000001" / DASHBOARD, folder / DASHBOARD)
    with duckdb.connect(str(folder / DASHBOARD)) as connection:
        change(connection)


def switch(home: Path, number: int) -> None:
    """Make a release the current one, atomically, as publishing does."""
    link = home / "next"
    link.symlink_to(Path("releases") / f"{number:06}")
    link.replace(home / "current")


def columns(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Every published table and column."""
    yield from connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'published'"
        " order by all"
    ).fetchall()


def hold_everything_back(connection: duckdb.DuckDBPyConnection) -> None:
    """What a home of three clients publishes: names, and not one number."""
    known = set(columns(connection))
    for table, column in sorted(known):
        value = column.removesuffix("_status")
        if value == column or (table, value) not in known:
            continue
        parts = [value, f"{value}_interval_low", f"{value}_interval_high"]
        nulls = ", ".join(f"{part} = null" for part in parts if (table, part) in known)
        connection.execute(f"update published.{table} set {nulls}, {column} = 'suppressed'")


def hold_back_the_last_step(connection: duckdb.DuckDBPyConnection) -> None:
    """One step of the way is held back, the steps before it are shown."""
    values = [
        column
        for table, column in columns(connection)
        if table == "pub_attrition" and not column.endswith("_status")
    ]
    statuses = [each for table, each in columns(connection) if table == "pub_attrition"]
    held = [each for each in values if f"{each}_status" in statuses]
    limits = [each for each in values if "_interval_" in each]
    told = [f"{each} = null" for each in [*held, *limits]]
    told += [f"{each}_status = 'suppressed'" for each in held]
    connection.execute(
        f"update published.pub_attrition set {', '.join(told)} where step = 'reliably_recovered'"
    )


def empty(connection: duckdb.DuckDBPyConnection) -> None:
    """A release without a row but its dictionary: everything was withdrawn, say."""
    for table in {table for table, _ in columns(connection)} - {"pub_metric_dictionary"}:
        connection.execute(f"delete from published.{table}")


def name_everything_badly(connection: duckdb.DuckDBPyConnection) -> None:
    """Labels that would run if anything took them for markup."""
    for table, column in (
        ("pub_programs", "program_name"),
        ("pub_scales", "scale_name"),
        ("pub_metric_dictionary", "name"),
        ("pub_metric_dictionary", "meaning"),
    ):
        rows = connection.execute(f"select distinct {column} from published.{table}").fetchall()
        for place, (old,) in enumerate(sorted(rows)):
            connection.execute(
                f"update published.{table} set {column} = ? where {column} = ?",
                [f"{PAYLOADS[place % len(PAYLOADS)]} {place}", old],
            )


def older(connection: duckdb.DuckDBPyConnection) -> None:
    """A release made before most tables were: only what the first version published is there."""
    first = {
        "pub_program_measures",
        "pub_change_associations",
        "pub_program_outcomes",
        "pub_attrition",
        "pub_metric_dictionary",
        "pub_programs",
    }
    for table in sorted({table for table, _ in columns(connection)} - first):
        connection.execute(f"drop table published.{table}")


def published(home: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Rows of the current release."""
    return ask(home / "current" / DASHBOARD, query, *values)


def holds(home: Path, table: str) -> bool:
    """Whether the current release has a table of that name."""
    return bool(
        published(home, "select 1 from duckdb_tables() where table_name = ? limit 1", table)
    )
