"""dbt inside Scout's process: it closes what it opened, waits for what is open, quotes nothing."""

import os
import shutil
import signal
import threading
from pathlib import Path

import pytest

from orchestration import warehouse
from orchestration.assets import dbt_in_process
from orchestration.errors import ReleaseHeldError
from orchestration.settings import CHECKOUT, Settings

SEED = ["conditions"]

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path, threads=1, memory_limit="1GB")
    with warehouse.open_to_write(settings):
        pass
    return settings


def test_after_a_build_anybody_may_open_the_warehouse(settings: Settings) -> None:
    (node,) = dbt_in_process.build(settings, SEED, lambda _: None)[:1]
    assert (node.kind, node.status) == ("seed", "success")
    with warehouse.open_to_read(settings) as connection:
        assert warehouse.count_rows(connection, "seeds", "conditions") > 0


def test_a_build_waits_until_a_connection_with_other_limits_is_closed(settings: Settings) -> None:
    leftover = warehouse.open_to_read(settings)
    leftover.__enter__()
    threading.Timer(1.0, leftover.__exit__, (None, None, None)).start()
    assert dbt_in_process.build(settings, SEED, lambda _: None)[0].status == "success"


def test_a_wrong_selection_is_told_without_dbts_own_words(settings: Settings) -> None:
    with pytest.raises(ReleaseHeldError) as told:
        dbt_in_process.build(settings, ["a_method_that_is_not:a-secret"], lambda _: None)
    assert "a-secret" not in str(told.value)


def test_whoever_stops_a_build_is_heard(settings: Settings) -> None:
    pressed: list[int] = []

    def press_ctrl_c(finished: int) -> None:
        # Once: a second would hit whatever runs next. Two nodes may finish between two looks.
        if finished and not pressed:
            pressed.append(finished)
            os.kill(os.getpid(), signal.SIGINT)

    # A run in the same process before this one may have left a handler of its own.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            dbt_in_process.build(settings, ["resource_type:seed"], press_ctrl_c)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """A home whose project has Scout's materializations and nothing else."""
    project = tmp_path / "checkout" / "dbt_project"
    shutil.copytree(CHECKOUT / "dbt_project" / "macros" / "materializations", project / "macros")
    shutil.copy(CHECKOUT / "dbt_project" / "profiles.yml", project)
    (project / "dbt_project.yml").write_text("name: small\nversion: '1.0'\nprofile: scout\n")
    (project.parent / "seeds").mkdir()
    (project / "models").mkdir()
    settings = Settings(home=tmp_path, checkout=project.parent, threads=1, memory_limit="1GB")
    with warehouse.open_to_write(settings):
        pass
    return settings


def built(settings: Settings, select: str) -> str:
    """How the building of one model ended."""
    model = settings.dbt_project / "models" / "counted.sql"
    model.write_text("{{ config(materialized='table') }} " + select)
    (node,) = dbt_in_process.build(settings, ["counted"], lambda _: None)
    return node.status


def test_a_table_that_cannot_be_built_leaves_the_one_before(small: Settings) -> None:
    assert built(small, "select 1 as number") == "success"
    assert built(small, "select 2 as number") == "success"
    assert built(small, "select error('planted') as number") == "error"
    with warehouse.open_to_read(small) as connection:
        assert connection.execute("select number from main.counted").fetchall() == [(2,)]
        left = "select table_name from duckdb_tables()"
        assert connection.execute(left).fetchall() == [("counted",)]


CONTRACT = """
models:
  - name: counted
    description: What was counted.
    config:
      contract: {enforced: true}
      persist_docs: {relation: true, columns: true}
    columns:
      - {name: number, data_type: integer, description: It's how many.}
"""


@pytest.mark.parametrize(
    "other",
    ["'one' as number", "1 as another", "1 as number, 2 as more"],
    ids=["another type", "another name", "a column more"],
)
def test_a_table_is_as_its_contract_says_and_says_so_itself(small: Settings, other: str) -> None:
    (small.dbt_project / "models" / "counted.yml").write_text(CONTRACT)
    assert built(small, "select 1 as number") == "success"
    assert built(small, f"select {other}") == "error"
    with warehouse.open_to_read(small) as connection:
        assert connection.execute("from main.counted").fetchall() == [(1,)]
        said = "select comment from duckdb_tables() union all select comment from duckdb_columns()"
        told = [text for (text,) in connection.execute(said).fetchall() if text]
        assert told == ["What was counted.", "It's how many."]
