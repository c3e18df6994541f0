"""The instruments of a home as a table: `scout instruments`.

What belongs here: the table. What does not: the registry (``landing.registry``).
"""

from rich.console import Console
from rich.table import Table

from orchestration.landing.registry import describe, load_registry
from orchestration.settings import Settings


def show(settings: Settings, console: Console, find: str = "") -> None:
    """Print one row per instrument whose id or name contains ``find``.

    Raises:
        SettingsError: a definition in the home is wrong.
    """
    rows = describe(load_registry(settings.seeds, settings.instruments))
    wanted = [row for row in rows if find.lower() in " ".join(row.values()).lower() or not find]
    if not wanted:
        console.print(f"No instrument matches {find!r}. `scout instruments` lists them all.")
        return
    table = Table(*wanted[0], show_lines=True)
    for row in wanted:
        table.add_row(*row.values())
    console.print(table)
