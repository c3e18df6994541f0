"""``scout …``: the command line.

What belongs here: arguments, the error boundary, exit codes.
What does not: the work. Heavy imports stay inside the commands that need them.
"""

import atexit
import os
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from orchestration.deidentification.commands import register as add_deidentification
from orchestration.desk.commands import register as add_desk
from orchestration.errors import ScoutError, without_data
from orchestration.running_told import run_and_tell, run_as_of_and_tell
from orchestration.settings import HOME_VARIABLE, Settings

app = typer.Typer(
    name="scout",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
Home = Annotated[
    Path | None,
    typer.Option(
        "--home", readable=False, help=f"The home folder; else ${HOME_VARIABLE}, else ./var."
    ),
]


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"scout {version('scout-outcomes')}")
        raise typer.Exit


@app.callback()
def scout(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Show which Scout this is."
        ),
    ] = False,
) -> None:
    """Scout: did self-compassion change, did symptoms follow, and how sure can we be?"""


def main() -> None:
    """Run the command line; every error ends as one message and a stable exit code."""
    # Nobody is told what runs here (reliability.md A-20).
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Everything a home holds is for its owner alone.
    os.umask(0o077)
    # Being told to stop ends like Ctrl-C: children are stopped too and the lock is let go.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _leave(_exit_code_of_command())


def _exit_code_of_command() -> int:
    try:
        app(standalone_mode=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except ScoutError as error:
        return _tell(error)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Run again to go on: nothing is lost.")
        return 130
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback, no quoted data
        return _tell(without_data("the command", error))
    return 0


def _tell(error: ScoutError) -> int:
    Console(stderr=True).print(str(error), highlight=False, markup=False, soft_wrap=True)
    return error.exit_code


def _leave(code: int) -> NoReturn:
    # DuckDB 2.0's Python client reports leaked objects when the interpreter is taken down, pages of
    # it and harmless. Everything is closed and written by now, so leave without the taking down.
    if (engine := sys.modules.get("expectations.engine")) is not None:
        atexit.unregister(engine.forget_great_expectations)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@app.command(
    epilog="Examples:  scout run   ·   scout run --home /srv/scout   ·   scout run --always   ·   "
    "scout run --as-of 2025-03-31"
)
def run(
    home: Home = None,
    always: Annotated[
        bool, typer.Option("--always", help="Run every stage even if nothing has changed.")
    ] = False,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="Rebuild from what was known at the end of this day (UTC), to reproduce a report.",
        ),
    ] = "",
) -> None:
    """The whole job once: landing to published, with progress and a closing summary.

    With --as-of nothing is read from landing: every table is made again from the files, corrections
    and refusals known by then, by today's code and definitions, without clients who withdrew since.
    The link as-of-DATE in the home names the result; current and the warehouse stay as they are.

    Exit code 0: published, or nothing new. 1: a check held the release.
    2: wrong settings, mapping or date. 3: another run holds the warehouse.
    """
    settings = Settings.from_environment(home)
    if as_of:
        raise typer.Exit(run_as_of_and_tell(settings, as_of))
    raise typer.Exit(run_and_tell(settings, always=always))


@app.command(epilog="Example:  scout demo --clients 300")
def demo(
    home: Home = None,
    clients: Annotated[int, typer.Option(min=3, help="How many imaginary clients.")] = 300,
    seed: Annotated[int, typer.Option(help="Which imaginary clinic.")] = 1,
) -> None:
    """Make the imaginary clinic, run the whole job on it, and say what to open next."""
    from orchestration.assets.parsed_project import read_ahead
    from orchestration.demo import furnish

    settings = Settings.from_environment(home)
    # In another process: it takes longer than the clinic.
    read_ahead(settings)
    furnish(settings, clients, seed, Console())
    raise typer.Exit(run_and_tell(settings, always=False))


@app.command(epilog="Example:  scout synth --clients 1000 --seed 7 --out imaginary")
def synth(
    clients: Annotated[int, typer.Option(min=3, help="How many imaginary clients.")],
    seed: Annotated[int, typer.Option(help="Which imaginary clinic.")],
    out: Annotated[Path, typer.Option(help="A new or empty folder.")],
) -> None:
    """Write a landing folder of imaginary clients, and the true effects behind it."""
    from orchestration.demo import write_imaginary

    write_imaginary(out, clients, seed, Console())


@app.command(epilog="Example:  scout check --home /srv/scout")
def check(
    home: Home = None,
    page: Annotated[
        bool, typer.Option("--page", help="Every rule as Markdown, for a file; judges nothing.")
    ] = False,
) -> None:
    """The expectation suites alone, as a table. Exit code 1 if a critical rule fails."""
    from orchestration.checks.standing import check_now, print_page

    if page:
        print_page(Settings.from_environment(home), Console())
        return
    raise typer.Exit(check_now(Settings.from_environment(home), Console()))


@app.command(epilog="Examples:  scout verify   ·   scout verify --release 12")
def verify(
    home: Home = None,
    release: Annotated[int | None, typer.Option(min=1, help="One release; else all kept.")] = None,
) -> None:
    """Whether published releases still are what was published: every hash and row count.

    Exit code 0: they are. 1: a file has changed or is gone. 2: there is no such release.
    """
    from orchestration.publishing.verifying import verify as verify_releases

    raise typer.Exit(verify_releases(Settings.from_environment(home), Console(), release))


@app.command(epilog="Examples:  scout status   ·   scout status --json")
def status(
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """The last release, what waits, what was refused, what is late, and whether a run is at work.

    Changes nothing and may be asked while a run is at work.

    Exit code 0: nobody need do anything. 2: no release yet, the last run was held, a mapping or a
    whole file was refused, or a source is late.
    """
    from orchestration.home_status_told import show

    raise typer.Exit(show(Settings.from_environment(home), Console(), as_json=as_json))


@app.command(epilog="Example:  scout doctor --home /srv/scout")
def doctor(home: Home = None) -> None:
    """What is wrong with this home, file by file, and how to mend it. Changes nothing."""
    from orchestration.doctor import examine

    raise typer.Exit(examine(Settings.from_environment(home), Console()))


@app.command(epilog="Example:  scout forget C-000123 --yes")
def forget(
    client: Annotated[str, typer.Argument(help="The client's id, as the marts show it.")],
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a client who withdrew: archive, warehouse, releases, landing; then run anew.

    Old releases hold the client and are removed. A keyed hash stays, so that the client does not
    come back with an old file. What was done is logged without the id. It cannot be undone.

    Exit code 0: erased and published anew. 1: erased; a check held the new release.
    2: unknown client, not confirmed, or a file that cannot be rewritten. 3: another run is at work.
    """
    from orchestration.forgetting_told import erase_and_run

    raise typer.Exit(erase_and_run(Settings.from_environment(home), client, Console(), yes=yes))


@app.command(epilog="Example:  scout instruments --find phq")
def instruments(
    home: Home = None,
    find: Annotated[str, typer.Option(help="Only those whose id or name contains this.")] = "",
    page: Annotated[
        bool, typer.Option("--page", help="All of it as Markdown, for a file.")
    ] = False,
) -> None:
    """Every instrument Scout can score here: scales, default rules, citations."""
    from orchestration.instrument_list import print_page, show

    if page:
        print_page(Settings.from_environment(home), Console())
    else:
        show(Settings.from_environment(home), Console(), find)


@app.command("map", epilog="Example:  scout map export.csv --out var/landing/clinic/source.yml")
def map_columns(
    file: Annotated[Path, typer.Argument(help="A file that a clinic exported.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the proposal; else it is shown.")
    ] = None,
    home: Home = None,
) -> None:
    """Propose a source.yml for a file, each line with how sure it is and why.

    Exit code 0: it can be used as it stands. 2: something is left to fill in or to drop.
    """
    from orchestration.map_file import map_file

    raise typer.Exit(map_file(Settings.from_environment(home), file, out, Console()))


@app.command(epilog="Example:  scout ui --port 3000")
def ui(
    home: Home = None,
    port: Annotated[int, typer.Option(min=1024, max=65535)] = 3000,
) -> None:
    """Dagster's pages and daemon with the schedule and the sensor, on this machine only."""
    from orchestration.user_interface import serve

    raise typer.Exit(serve(Settings.from_environment(home), port, Console()))


@app.command(epilog="Example:  scout dashboard --home /srv/scout --port 8502")
def dashboard(
    home: Home = None,
    port: Annotated[int, typer.Option(min=1024, max=65535)] = 8501,
) -> None:
    """The newest release in a browser: eight pages, on this machine only, nothing fetched."""
    from orchestration.dashboard.serving.command import serve

    raise typer.Exit(serve(Settings.from_environment(home), port, Console()))


# Last, so that the list of commands begins with those that every day needs.
add_deidentification(app)
add_desk(app)

if __name__ == "__main__":
    main()
