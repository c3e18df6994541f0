"""What stays of the releases that a withdrawal removes: dashboards, and what the next is held to.

What belongs here: carrying over what readers were told, without a trace of the client.
What does not: the erasing (``forgetting``), or comparing releases (``disclosure``).

Whoever kept the last dashboard could subtract the next one from it, and so get the values of the
one who withdrew. A release is therefore compared with the last that readers know, erased or not.
What stays for it is what was given out already, aggregates in which nobody can be told apart: the
dashboards, which counts they showed, and fingerprints of the groups behind them. Every fingerprint
that the client may have had a part in is taken out; that somebody left the group stays, so that its
rows move only when enough others have changed too. The evaluation file, reports and everything else
of a release go.
"""

import json
import shutil

import pandas as pd

from orchestration import warehouse
from orchestration.disclosure import history, release_changes
from orchestration.errors import SettingsError
from orchestration.landing.withdrawal.tombstones import write_durably
from orchestration.publishing.catalogue import DASHBOARD_FILE, DISCLOSURE_FILE
from orchestration.publishing.release import SPENT, last_told, policy_of, remove_links
from orchestration.settings import Settings

__all__ = ["prepare", "remove_releases", "tidy"]

_STAGED = "told.duckdb"


def prepare(settings: Settings, client: str) -> None:
    """Lay aside what the next release is compared with; the client is known here and not later."""
    staged = settings.withdrawals / _STAGED
    staged.unlink(missing_ok=True)
    told = last_told(settings)
    if told is None or not (told[1] / DISCLOSURE_FILE).is_file():
        return
    now, blocks = _counted(settings, client)
    target = settings.scratch / _STAGED
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.unlink(missing_ok=True)
    with warehouse.in_memory(settings) as connection:
        warehouse.attach(connection, told[1] / DISCLOSURE_FILE, "last", read_only=True)
        warehouse.attach(connection, target, "carried", read_only=False)
        connection.execute("create schema carried.disclosure")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'last'"
        ).fetchall():
            rows = f"from last.disclosure.{table}"
            if table != "release_state":
                connection.execute(f"create table carried.disclosure.{table} as {rows}")
                continue
            state = connection.execute(f"select * {rows}").df()
            mended = release_changes.without(state, now, client, blocks)[list(state.columns)]
            connection.execute(f"create table carried.disclosure.{table} as {rows} limit 0")
            connection.register("mended", mended)
            connection.execute(f"insert into carried.disclosure.{table} select * from mended")
    write_durably(staged, target.read_bytes())
    target.unlink()


def remove_releases(settings: Settings) -> None:
    """Take every release away but for what readers were told; may be done again."""
    remove_links(settings)
    if not settings.releases.is_dir():
        return
    staged = settings.withdrawals / _STAGED
    numbered = sorted(path for path in settings.releases.iterdir() if path.name.isdigit())
    # Without what it is compared with, an old dashboard would hold every release to come.
    stays = {DASHBOARD_FILE, SPENT} if staged.is_file() else {SPENT}
    for path in settings.releases.iterdir():
        if path in numbered and (staged.is_file() or path == numbered[-1]):
            if not (path / SPENT).is_file():
                told = {"removed": "a client withdrew", "disclosure": {"policy": policy_of(path)}}
                write_durably(path / SPENT, f"{json.dumps(told)}\n".encode("ascii"))
            for part in path.iterdir():
                if part.name not in stays:
                    shutil.rmtree(part) if part.is_dir() else part.unlink()
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    if staged.is_file() and numbered:
        write_durably(numbered[-1] / DISCLOSURE_FILE, staged.read_bytes())


def tidy(settings: Settings) -> None:
    """Take away what was laid aside, once nothing needs it any more."""
    (settings.withdrawals / _STAGED).unlink(missing_ok=True)


def _counted(settings: Settings, client: str) -> tuple[pd.DataFrame, set[tuple[str, str]]]:
    """What stands behind rows that are as of now, and the rows that the client is counted in."""
    nothing = pd.DataFrame(columns=list(release_changes.STATE))
    try:
        with warehouse.open_to_read(settings) as connection:
            now = connection.execute(
                "select state.* from disclosure.release_state as state "
                "anti join disclosure.kept_blocks as kept on state.table_name = kept.table_name "
                "and state.block_id = kept.block_id and kept.change = ?",
                [release_changes.FEW],
            ).df()
            atoms = connection.execute(
                "select distinct unit_id, total_id, cells from disclosure.int_atoms "
                "where client_id = ?",
                [client],
            ).fetchall()
    except (warehouse.Error, SettingsError):
        # No run has got that far: every row may hold the client.
        return nothing, set()
    return now, {name[:2] for atom in atoms for name in history.names(*atom)}
