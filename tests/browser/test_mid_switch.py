"""A release that is looked at while ``current`` moves: the old one whole or the new one whole.

What belongs here: readers that look during switches, old releases kept and removed.
What does not: what a page shows of a release (``test_pages``), or how a release is published.
"""

import operator
import shutil
import threading
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.dashboard import shell
from orchestration.dashboard.reading import Identity, Release, read
from orchestration.settings import Settings
from tests.browser import releases
from tests.helpers import DASHBOARD

# Wide enough that reading one takes longer than switching to the next.
TABLES, ROWS = 12, 2000
SWITCHES, READERS = 5, 2


def publish(home: Path, number: int) -> None:
    """A release in which every row of every table is the release's own number; not current yet."""
    folder = home / "releases" / f"{number:06}"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / DASHBOARD)) as connection:
        connection.execute("create schema published")
        for place in range(TABLES):
            connection.execute(
                f"create table published.pub_{place} as select {number} as release_number "
                f"from range({ROWS})"
            )


def numbers(release: Release) -> set[int]:
    """The releases that its rows come from, and the one it says it is."""
    tables = [release.table(f"pub_{place}") for place in range(TABLES)]
    assert all(table is not None and len(table) == ROWS for table in tables), "half a release"
    columns = [table.iloc[:, 0] for table in tables if table is not None]
    found = {int(each) for column in columns for each in column.unique()}
    return found | {int(release.number)}


@pytest.mark.parametrize("is_old_removed", [False, True], ids=["old kept", "old removed"])
def test_readers_during_switches_see_one_release_whole_and_never_an_older_one_again(
    tmp_path: Path, is_old_removed: bool
) -> None:
    settings = Settings(home=tmp_path)
    for number in range(1, SWITCHES + 2):
        publish(tmp_path, number)
    releases.switch(tmp_path, 1)
    over, seen, faults = threading.Event(), [[] for _ in range(READERS)], []

    def look(mine: list[set[int]]) -> None:
        while not over.is_set():
            try:
                release = shell.newest(settings)
                assert release is not None, "no release at all"
                mine.append(numbers(release))
            except Exception as error:  # noqa: BLE001 - told below, by the thread that judges
                faults.append(error)

    readers = [threading.Thread(target=look, args=(mine,)) for mine in seen]
    for reader in readers:
        reader.start()
    for number in range(2, SWITCHES + 2):
        looks = [len(mine) for mine in seen]
        releases.switch(tmp_path, number)
        # As publishing does it: what goes is not the newest but one (releases_kept).
        if is_old_removed and number > 2:
            shutil.rmtree(tmp_path / "releases" / f"{number - 2:06}")
        after = shell.newest(settings)
        assert after is not None
        assert numbers(after) == {number}, "one look after the switch is not the new release"
        # Everybody looks at it, or has begun to, before the next comes.
        while not faults and any(map(operator.eq, map(len, seen), looks)):
            time.sleep(0.001)
    over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert all(len(one) == 1 for mine in seen for one in mine), "a mix of releases"
    for mine in seen:
        in_order = [min(one) for one in mine]
        assert in_order == sorted(in_order)
    assert len({min(one) for mine in seen for one in mine}) > 2, "nobody looked during a switch"


@pytest.mark.parametrize("what_goes", ["the file", "the folder", "nothing"])
def test_a_look_that_began_before_the_switch_ends_with_one_release_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what_goes: str
) -> None:
    """The worst moment on purpose: between finding out which file is current and opening it."""
    publish(tmp_path, 1)
    publish(tmp_path, 2)
    releases.switch(tmp_path, 1)

    def read_late(settings: Settings, identity: Identity) -> Release:
        if identity.path.parent.name == "000001":
            releases.switch(tmp_path, 2)
            if what_goes == "the file":
                identity.path.unlink()
            elif what_goes == "the folder":
                shutil.rmtree(identity.path.parent)
        return read(settings, identity)

    monkeypatch.setattr(shell, "read", read_late)
    first = shell.newest(Settings(home=tmp_path))
    assert first is not None
    assert numbers(first) == ({1} if what_goes == "nothing" else {2})
    again = shell.newest(Settings(home=tmp_path))
    assert again is not None
    assert numbers(again) == {2}
