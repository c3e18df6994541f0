"""Who kept the old dashboard cannot subtract the new one and get a client who withdrew.

What belongs here: a whole home from which one client is forgotten, attacked with both dashboards.
What does not: the erasing itself (``test_forget``), or the rule for when rows move
(``tests/unit/test_disclosure_releases``).
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration import forgetting, warehouse
from orchestration.auditing.audit import audit
from orchestration.auditing.shapes import SHAPES
from orchestration.publishing.catalogue import DISCLOSURE_FILE
from orchestration.settings import Settings
from tests.helpers import DASHBOARD, IMAGINARY_SOURCE, Built, ask, copied, run_to_a_release


@dataclass(frozen=True)
class Forgotten:
    """A home after one client was forgotten.

    Attributes:
        built: the run after.
        old: the dashboard that a reader kept.
        client: who withdrew.
        left: files in the releases' folder between the erasing and the run.
    """

    built: Built
    old: Path
    client: str
    left: set[str]


@pytest.fixture(scope="module")
def forgotten(imaginary_home: Built, tmp_path_factory: pytest.TempPathFactory) -> Forgotten:
    """One client of a program whose numbers are shown withdraws; nothing else changes."""
    folder = tmp_path_factory.mktemp("forgotten")
    settings: Settings = copied(imaginary_home, folder / "home")
    old = folder / DASHBOARD
    shutil.copy(settings.current / DASHBOARD, old)
    # Found by what the marts say, not by what the erasing looks at.
    ((client,),) = imaginary_home.evaluation(
        "select min(client_id) from marts.fct_changes where interval_name = 'first_to_last' "
        "and change is not null and (program_id, scale_id) = (select (program_id, scale_id) "
        "from marts.fct_changes where interval_name = 'first_to_last' and change is not null "
        "group by program_id, scale_id order by count(*) desc, program_id, scale_id limit 1)"
    )
    with warehouse.hold(settings):
        forgetting.forget(settings, client, forgetting.look_for(settings, client))
    left = {
        path.relative_to(settings.releases).as_posix()
        for path in settings.releases.rglob("*")
        if path.is_file()
    }
    return Forgotten(run_to_a_release(settings), old, client, left)


def shown(file: Path) -> dict[str, pd.DataFrame]:
    with duckdb.connect(str(file.resolve()), read_only=True) as connection:
        return {table: connection.table(f"published.{table}").df() for table in SHAPES}


def test_the_old_dashboard_beside_the_new_one_gives_nothing_away(forgotten: Forgotten) -> None:
    new = forgotten.built.settings.current / DASHBOARD
    assert audit(shown(new), [shown(forgotten.old)], smallest=11).is_clean
    release = forgotten.built.report.release
    assert release is not None
    assert release.sequence == 2
    assert release.manifest["disclosure"]["audit"]["releases"] == 1


def test_the_true_numbers_would_have_given_the_client_away(forgotten: Forgotten) -> None:
    """What is published of the client's scales is what was, and one more than there are."""
    counted = (
        "select program_id, scale_id, paired_count from published.pub_program_measures "
        "where paired_count is not null"
    )
    old = {row[:2]: row[2] for row in ask(forgotten.old, counted)}
    new = {row[:2]: row[2] for row in forgotten.built.dashboard(counted)}
    true = {
        row[:2]: row[2]
        for row in forgotten.built.evaluation(
            "select program_id, scale_id, count(*) from marts.fct_changes "
            "where interval_name = 'first_to_last' and change is not null group by all"
        )
    }
    of_client = [key for key, count in old.items() if true[key] == count - 1]
    assert of_client
    assert new == old
    kept = forgotten.built.dashboard(
        "select program_id, scale_id from published.pub_program_measures "
        "where kept_from_release = 1"
    )
    assert set(of_client) <= set(kept)


def test_only_what_readers_were_told_is_left_of_the_old_release(forgotten: Forgotten) -> None:
    assert forgotten.left == {
        f"000001/{name}" for name in (DASHBOARD, DISCLOSURE_FILE, "withdrawn.json")
    }


def test_no_trace_of_the_client_is_left(forgotten: Forgotten) -> None:
    settings = forgotten.built.settings
    words = (forgotten.client.encode(), forgotten.client.encode("utf-16-le"))
    holding = {
        (Path(folder) / name).relative_to(settings.home).as_posix()
        for folder, _, names in os.walk(settings.home)
        for name in names
        if not (Path(folder) / name).is_symlink()
        and any(word in (Path(folder) / name).read_bytes() for word in words)
    }
    assert holding == set()
    assert (settings.landing / IMAGINARY_SOURCE).is_dir()
    ((clients,),) = forgotten.built.evaluation(
        "select count(*) from marts.dim_clients where client_id = ?", forgotten.client
    )
    assert clients == 0
    for folder in settings.releases.iterdir():
        for file in folder.glob("*.duckdb"):
            with duckdb.connect(str(file), read_only=True) as connection:
                for schema, table, column in connection.execute(
                    "select schema_name, table_name, column_name from duckdb_columns() "
                    "where data_type = 'VARCHAR' and not internal"
                ).fetchall():
                    row = connection.execute(
                        f'select count(*) from "{schema}"."{table}" where contains("{column}", ?)',
                        [forgotten.client],
                    ).fetchone()
                    assert row == (0,), (file.name, table, column)
