"""``scout export`` and ``scout explain``: the arguments and what is said at the end.

What belongs here: options, examples, exit codes, progress.
What does not: the work.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from orchestration.desk.formats import Format
from orchestration.settings import HOME_VARIABLE, Settings

if TYPE_CHECKING:
    from orchestration.desk.published_tables import PublishedTable

__all__ = ["register"]

_Home = Annotated[
    Path | None,
    typer.Option(
        "--home", readable=False, help=f"The home folder; else ${HOME_VARIABLE}, else ./var."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the desk's commands to the command line."""
    app.command(
        epilog="Examples:  scout export fct_changes   ·   scout export fct_scores --format spss "
        "--out scores.sav   ·   scout export all --format stata --out tables   ·   "
        "scout export pub_program_outcomes --format excel --release 12"
    )(export)


def export(
    table: Annotated[str, typer.Argument(help="A mart, a pub_ table, or all (every mart).")],
    form: Annotated[
        Format, typer.Option("--format", help="Whose file it is to be.", case_sensitive=False)
    ] = Format.CSV,
    out: Annotated[
        Path | None, typer.Option(help="The file, or a folder; else named after the table, here.")
    ] = None,
    release: Annotated[
        int | None, typer.Option(min=1, help="The release; else the current one.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    home: _Home = None,
) -> None:
    """A published table as CSV, Parquet, Excel, SPSS or Stata, with its dictionary beside it.

    Columns carry their descriptions as labels and closed lists of words become numbers with labels
    in SPSS and Stata. In CSV and Excel a text that a spreadsheet would compute gets a ' before it.

    Exit code 0: written. 2: no such table or release, or a file is in the way; nothing is half.
    """
    from orchestration.desk.exporting import Order, export
    from orchestration.publishing.catalogue import EVALUATION_FILE

    console = Console()
    order = Order(table, form, out, release, is_forced=force)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), console=Console(stderr=True), transient=True,
    ) as progress:  # fmt: skip
        bars: dict[str, TaskID] = {}

        def told(table: "PublishedTable", rows: int) -> None:
            if table.name not in bars:
                bars[table.name] = progress.add_task(table.name, total=max(table.row_count, 1))
            progress.update(bars[table.name], completed=max(rows, table.row_count == 0))

        written = export(Settings.from_environment(home), order, told)
    for one in written:
        console.print(
            f"{one.file}: {one.table.row_count:,} rows of {one.table.full_name}, each column "
            f"explained in {one.dictionary.name}",
            highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip
    if any(one.table.file == EVALUATION_FILE for one in written):
        console.print("Pseudonymous, not anonymous: keep it as you keep patient data.")
