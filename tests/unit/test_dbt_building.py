"""How a stage is built by dbt: how many models at a time, and what of dbt's telling is heard.

What belongs here: claims that need no build. What does not: builds (``test_dbt_in_process``).
"""

import os
from pathlib import Path

import pytest
from dbt_common.events.base_types import BaseEvent, EventLevel, EventMsg
from dbt_common.events.types import Note

from orchestration.assets.dbt_events import _Attentive
from orchestration.assets.dbt_in_process import _at_a_time
from orchestration.settings import Settings


@pytest.mark.parametrize(
    ("threads", "megabytes", "models"),
    [(2, 10, 2), (8, 10, 2), (1, 10, 1), (2, 500, 1), (2, None, 1)],
)
def test_models_of_a_small_warehouse_are_built_two_at_a_time_where_there_are_two_threads(
    tmp_path: Path, threads: int, megabytes: int | None, models: int
) -> None:
    settings = Settings(home=tmp_path, threads=threads)
    if megabytes is not None:
        settings.warehouse.touch()
        # A hole, which takes no room on the disk.
        os.truncate(settings.warehouse, megabytes * 1_000_000)
    assert _at_a_time(settings) == models


def heard(event: BaseEvent, level: EventLevel | None = None) -> list[str]:
    """The names of the events that a listener is told of one."""
    told: list[str] = []

    def listen(message: EventMsg) -> None:
        told.append(message.info.name)

    manager = _Attentive()
    manager.callbacks.append(listen)
    manager.fire_event(event, level)
    return told


def test_of_dbts_events_warnings_and_errors_are_heard_and_remarks_are_not() -> None:
    assert heard(Note(msg="a remark")) == []
    assert heard(Note(msg="a remark"), EventLevel.DEBUG) == []
    assert heard(Note(msg="a warning"), EventLevel.WARN) == ["Note"]
    assert heard(Note(msg="an error"), EventLevel.ERROR) == ["Note"]
