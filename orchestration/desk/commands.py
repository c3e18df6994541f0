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
from orchestration.errors import SettingsError
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
    app.command(
        epilog="Examples:  scout explain current fct_program_outcomes metric_id=reliable_recovery "
        "program_id=cft_group stratum_kind=all period_kind=all population=finished_courses   ·   "
        "scout explain 12 rel_pooled pooled_over=condition process_scale_id=scs_total "
        "outcome_scale_id=phq9_total interval_name=first_to_last"
    )(explain)


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


def explain(
    release: Annotated[str, typer.Argument(help="The release's number, or current.")],
    table: Annotated[str, typer.Argument(help="A mart or a pub_ table.")],
    keys: Annotated[
        list[str] | None, typer.Argument(help="column=value, as many as single out one row.")
    ] = None,
    home: _Home = None,
) -> None:
    """Walk one number of a release back: definition, thresholds, tables, forms, files, rules, code.

    Ids of clients and answers are not told, and nothing is counted beside a table of the dashboard.

    Exit code 0: told. 2: no such release, table or column, or not exactly one row.
    """
    from orchestration.desk.explaining import explain
    from orchestration.desk.explaining_told import lines

    if release != "current" and not release.isdecimal():
        message = "The release is a number, or `current`."
        raise SettingsError(message)
    sequence = None if release == "current" else int(release)
    console = Console()
    for line in lines(explain(Settings.from_environment(home), sequence, table, keys or [])):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
