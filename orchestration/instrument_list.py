"""The instruments of a home, one block each: `scout instruments`.

What belongs here: how the list is laid out. What does not: the registry (``landing.registry``).
"""

from rich.console import Console

from orchestration.landing.registry import describe, load_registry
from orchestration.settings import Settings

_LINES = ("scales", "threshold", "change_rule", "citation")


def show(settings: Settings, console: Console, find: str = "") -> None:
    """Print a block per instrument whose description contains ``find``.

    Raises:
        SettingsError: a definition in the home is wrong.
    """
    rows = describe(load_registry(settings.seeds, settings.instruments))
    wanted = [row for row in rows if find.lower() in f"{row['instrument']} {row['name']}".lower()]
    if not wanted:
        console.print(f"No instrument matches {find!r}. `scout instruments` lists them all.")
        return
    for row in wanted:
        console.print(
            f"[bold]{row['instrument']}[/]  {row['name']} ({row['role']}, {row['items']} items, "
            f"{row['status']}, {row['origin']})",
            highlight=False,
        )
        for name in _LINES:
            parts = row[name].split("; ") if name != "citation" else [row[name]]
            for place, part in enumerate(parts):
                label = name.replace("_", " ") if place == 0 else ""
                console.print(f"    {label:<12} {part}", highlight=False, markup=False)
    console.print(f"{len(wanted)} instruments.", highlight=False)
