"""The instruments of a home in a terminal: `scout instruments`.

What belongs here: how the list is laid out. What does not: the registry (``landing.registry``), the
page with every detail (``instrument_page``).
"""

import textwrap
from collections.abc import Mapping

from rich.console import Console

from orchestration.instrument_page import instrument_page
from orchestration.landing.registry import describe, load_registry
from orchestration.settings import Settings

_BRIEF = ("scales", "threshold", "citation")
_WHOLE = ("scales", "threshold", "change_rule", "citation")
_MARGIN = 17  # where the text of a line begins, behind its label


def show(settings: Settings, console: Console, find: str = "") -> None:
    """Print a short block per instrument, by role; with ``find``, whole blocks of what matches.

    Raises:
        SettingsError: a definition in the home is wrong.
    """
    rows = describe(load_registry(settings.seeds, settings.instruments))
    wanted = [row for row in rows if find.lower() in f"{row['instrument']} {row['name']}".lower()]
    if not wanted:
        console.print(f"No instrument matches {find!r}. `scout instruments` lists them all.")
        return
    for role in dict.fromkeys(row["role"] for row in wanted):
        mine = [row for row in wanted if row["role"] == role]
        console.print(f"[bold underline]{role.replace('_', ' ')}[/] ({len(mine)})", highlight=False)
        for row in mine:
            _print_block(console, row, _WHOLE if find else _BRIEF)
    noun = "instrument" if len(wanted) == 1 else "instruments"
    console.print(f"{len(wanted)} {noun}.", highlight=False)
    if not find:
        console.print("More of one: scout instruments --find phq9. All of it: --page.")


def print_page(settings: Settings, console: Console) -> None:
    """Print the page of every instrument as Markdown, as it is, for a file.

    Raises:
        SettingsError: a definition in the home is wrong.
    """
    page = instrument_page(load_registry(settings.seeds, settings.instruments))
    console.file.write(page)


def _print_block(console: Console, row: Mapping[str, str], names: tuple[str, ...]) -> None:
    console.print(
        f"  [bold]{row['instrument']}[/]  {row['name']} ({row['items']} items, {row['status']}"
        f"{'' if row['origin'] == 'seed' else ', your own'})",
        highlight=False,
        soft_wrap=True,
    )
    for name in names:
        if row[name] == "none":
            continue
        parts = row[name].split("; ") if name == "change_rule" else [row[name]]
        for place, part in enumerate(parts):
            label = name.replace("_", " ") if place == 0 else ""
            for text in textwrap.wrap(part, max(40, console.width - _MARGIN)):
                console.print(f"    {label:<12} {text}", highlight=False, markup=False)
                label = ""
