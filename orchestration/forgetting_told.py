"""What `scout forget` asks and tells: the confirmation, the steps, what is left to the clinic.

What belongs here: words for a terminal; never the client's id.
What does not: the erasing (``forgetting``).
"""

import typer
from rich.console import Console

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.forgetting import finish_pending, forget, left_in_landing, look_for
from orchestration.running import prepare_home
from orchestration.running_told import run_and_tell
from orchestration.settings import Settings

__all__ = ["erase_and_run"]


def erase_and_run(settings: Settings, client: str, console: Console, *, yes: bool) -> int:
    """Erase a client and publish anew; returns the exit code.

    Raises:
        SettingsError: the client is unknown here, or a file cannot be rewritten.
        WarehouseBusyError: another run holds the home.
    """
    client = client.strip()
    with warehouse.hold(settings):
        prepare_home(settings)
        if finish_pending(settings) is not None:
            console.print("A withdrawal that was interrupted is finished now.")
        if settings.warehouse.exists() or not _is_known(settings, client):
            _erase(settings, client, console, yes=yes)
    # Without a release there is news by itself; a client forgotten long ago needs no new one.
    return run_and_tell(settings, always=False)


def _is_known(settings: Settings, client: str) -> bool:
    from orchestration.landing.withdrawal import Tombstones
    from orchestration.landing.withdrawal.tombstones import CLIENT

    return Tombstones(settings.withdrawals).holds(CLIENT, client)


def _erase(settings: Settings, client: str, console: Console, *, yes: bool) -> None:
    holding = look_for(settings, client)
    if not holding.records:
        if holding.was_forgotten:
            console.print("This client was forgotten before; nothing of them is here.")
            return
        message = (
            "This home has no record of a client with this id. Check the spelling: capitals count, "
            "and a source's client_id_prefix belongs to the id. Nothing was changed."
        )
        raise SettingsError(message)
    console.print(
        f"{holding.records:,} records and {len(holding.episodes)} episodes of this client will be "
        "erased from the archive, the warehouse and landing, and earlier releases removed but for "
        "their dashboards, for the next one to be compared with: they hold nobody. "
        "This cannot be undone.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if not yes and not typer.confirm("Erase this client?", default=False):
        raise SettingsError("Not confirmed; nothing was changed.")
    done = forget(settings, client, holding)
    console.print(
        f"[bold]Erased[/]     {done['records_removed']:,} records: {done['files_rewritten']} "
        f"archived files rewritten, {done['files_removed']} removed; of earlier releases "
        "only the dashboards are left.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    for place in left_in_landing(settings, client):
        console.print(
            f"           landing/{place} may still hold this client and could not be rewritten: "
            "remove it.",
            highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip
    console.print("           Backups and snapshots of this disk are yours to mend.")
