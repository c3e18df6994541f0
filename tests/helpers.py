"""Homes that were run, copied and asked: what the tests of the whole job share.

What belongs here: building a home's landing folder, running ``scout``, reading published files.
What does not: any claim, and anything only one test needs.
"""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.progress import SilentProgress
from orchestration.run_context import RunReport
from orchestration.running import run_once
from orchestration.settings import HOME_VARIABLE, Settings
from orchestration.synthetic import make_clinic, write_clinic
from tests.oracle import shared_data

EVALUATION = "evaluation.duckdb"
DASHBOARD = "dashboard.duckdb"
IMAGINARY_SOURCE = "imaginary_clinic"
# Columns that say when and in which run, which two runs over the same files cannot share.
OF_A_RUN = frozenset(
    {
        *("loaded_at", "checked_at", "run_id", "failing_since", "built_at", "release_number"),
        *("as_of", "judged_on", "days_since_arrival", "last_arrival_at", "last_arrived_on"),
    }
)
MAPPINGS = Path(__file__).resolve().parent / "data_mappings"
CLI = (sys.executable, "-m", "orchestration.cli")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Built:
    """A home and what the run that built it reported."""

    settings: Settings
    report: RunReport

    @property
    def home(self) -> Path:
        """The folder."""
        return self.settings.home

    def evaluation(self, query: str, *values: object) -> list[Row]:
        """Rows of the published evaluation file."""
        return ask(self.settings.current / EVALUATION, query, *values)

    def dashboard(self, query: str, *values: object) -> list[Row]:
        """Rows of the published dashboard file."""
        return ask(self.settings.current / DASHBOARD, query, *values)

    def warehouse(self, query: str, *values: object) -> list[Row]:
        """Rows of the warehouse."""
        return ask(self.settings.warehouse, query, *values)


def ask(database: Path, query: str, *values: object) -> list[Row]:
    """Rows of a DuckDB file, opened to read and closed again."""
    with duckdb.connect(str(database.resolve()), read_only=True) as connection:
        return connection.execute(query, list(values)).fetchall()


def run(settings: Settings, *, always: bool = False) -> Built:
    """Run the whole job once in this process."""
    return Built(settings, run_once(settings, SilentProgress(), always=always))


def run_to_a_release(settings: Settings) -> Built:
    """Run the whole job once; a fixture that cannot be built must say why."""
    built = run(settings)
    told = [str(failure) for failure in built.report.failures]
    assert built.report.release is not None, f"nothing was published: {told}"
    return built


def environment(**more: str) -> dict[str, str]:
    """This process's environment without anything that points at another home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
    assert HOME_VARIABLE not in kept
    return kept | more


def scout(
    *arguments: object, seconds: float = 600, **more: str
) -> subprocess.CompletedProcess[str]:
    """``scout …`` as a person calls it: a process of its own."""
    return subprocess.run(
        [*CLI, *(str(argument) for argument in arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment(**more),
    )


def furnish_imaginary(home: Path, clients: int, seed: int) -> Path:
    """An imaginary clinic's landing folder."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_clinic(make_clinic(clients, seed), home)
    return home


def copied(built: Built, to: Path) -> Settings:
    """A copy of a built home to change and run again; the original stays as others need it."""
    shutil.copytree(built.home, to, symlinks=True)
    return Settings(home=to)


def lend_parsed_project(lender: Path, home: Path) -> None:
    """Give a new home the parsed dbt project of another: it spares 5 s and changes nothing."""
    target = home / "scratch" / "dbt"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (lender / "scratch" / "dbt").iterdir():
        if path.is_file():
            shutil.copy2(path, target)


def land_real_source(
    home: Path,
    name: str,
    *,
    data: Iterable[str],
    mapping: str = "source.yml",
    source: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Drop one public data set into a home, with its mapping and its local definitions.

    Args:
        home: the home.
        name: the folder under ``tests/data_mappings`` and under the shared data.
        data: the files to drop.
        mapping: the file of the mapping.
        source: the landing folder, where it is not called as the data set is.
        changes: keys of the mapping that this home sets otherwise.
    """
    shared = shared_data()
    assert shared is not None
    folder = home / "landing" / (source or name)
    folder.mkdir(parents=True)
    described = yaml.safe_load((MAPPINGS / name / mapping).read_text(encoding="utf-8"))
    described |= dict(changes or {})
    (folder / "source.yml").write_text(yaml.safe_dump(described, sort_keys=False), encoding="utf-8")
    for file in data:
        shutil.copyfile(shared / name / file, folder / file)


def merge_instruments(home: Path, names: Iterable[str]) -> None:
    """The local definitions of several data sets as one clinic would keep them."""
    target = home / "instruments"
    target.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[dict[str, str]]] = {}
    for name in names:
        for path in sorted((MAPPINGS / name / "instruments").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows.setdefault(path.name, []).extend(csv.DictReader(file))
    for file_name, found in rows.items():
        columns = list(dict.fromkeys(column for row in found for column in row))
        with (target / file_name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)


def lines_of(path: Path) -> list[dict[str, str]]:
    """A CSV file as Python's own reader sees it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shared_lines(folder: str, file: str) -> list[dict[str, str]]:
    """A public data file; asked for only where ``real_home`` was not skipped."""
    shared = shared_data()
    assert shared is not None
    return lines_of(shared / folder / file)


def contents(database: Path, *, without: frozenset[str] = OF_A_RUN) -> dict[str, list[str]]:
    """Every table of a published file as sorted lines of text, without what tells of a run.

    ``dq_results`` keeps the rows of the newest run only: how many runs were held or killed before
    is history, not result. So is how many counts were attacked: earlier releases are attacked with
    the newest.
    """
    found: dict[str, list[str]] = {}
    with duckdb.connect(str(database.resolve()), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()
        for schema, table in tables:
            columns = [
                row[0]
                for row in connection.execute(
                    "select column_name from duckdb_columns() where schema_name = ? and "
                    "table_name = ? order by column_index",
                    [schema, table],
                ).fetchall()
                if row[0] not in without
            ]
            newest = (
                f" where run_id = (select arg_max(run_id, checked_at) from {schema}.{table})"
                " and gate <> 'disclosure'"
                if table == "dq_results"
                else ""
            )
            rows = connection.execute(
                f"select {', '.join(columns)} from {schema}.{table}{newest}"
            ).fetchall()
            found[f"{schema}.{table}"] = sorted(repr(tuple(map(_told, row))) for row in rows)
    return found


def _told(value: object) -> object:
    # Sums over several threads differ in the last bit from run to run; 10 digits do not.
    return f"{value:.10g}" if isinstance(value, float) else value


def assert_same_release(home: Path, reference: Path) -> None:
    """Both published files of two homes hold the same; names tables that differ, never a row."""
    for file in (EVALUATION, DASHBOARD):
        ours, theirs = contents(home / "current" / file), contents(reference / "current" / file)
        assert list(ours) == list(theirs)
        assert any(theirs.values()), "an empty reference proves nothing"
        different = [
            f"{table} ({len(ours[table])} rows, {len(theirs[table])} expected)"
            for table in theirs
            if ours[table] != theirs[table]
        ]
        assert not different, f"{file}: {different}"


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)
