"""What a person sees of ``scout run``: where it runs, each stage, and how it ended.

What belongs here: joining a run to a terminal. What does not: the run (``running``), its progress
(``progress``), the words of its end (``summary``). Heavy imports stay inside the functions.
"""

import sys

from rich.console import Console

from orchestration import standard_output
from orchestration.errors import SettingsError
from orchestration.settings import Settings, iso_day


@standard_output.for_python_alone()
def run_and_tell(settings: Settings, *, always: bool) -> int:
    """The whole job once, told while it happens; returns the exit code.

    Raises:
        ScoutError: as ``running.run_once``.
    """
    from orchestration.progress import TerminalProgress
    from orchestration.running import run_once
    from orchestration.summary import exit_code, tell

    console = _console(settings)
    report = run_once(settings, TerminalProgress(console), always=always)
    tell(console, settings, report)
    return exit_code(report)


@standard_output.for_python_alone()
def run_as_of_and_tell(settings: Settings, text: str) -> int:
    """Rebuild what was known at the end of a day, told while it happens; returns the exit code.

    Raises:
        SettingsError: ``text`` is no day as 2025-03-31.
        ScoutError: as ``running.run_as_of``.
    """
    from orchestration.progress import TerminalProgress
    from orchestration.running import run_as_of
    from orchestration.summary import exit_code, tell_as_known

    try:
        day = iso_day(text)
    except ValueError:
        message = "--as-of takes a day of the calendar written as 2025-03-31."
        raise SettingsError(message) from None
    console = _console(settings)
    report = run_as_of(settings, TerminalProgress(console), day)
    tell_as_known(console, settings, day, report)
    return exit_code(report)


def _console(settings: Settings) -> Console:
    # Bound to the real standard output: dbt's is turned away while it works (dbt_in_process).
    console = Console(file=sys.stdout)
    console.print(f"[bold]Scout[/] in {settings.home}", highlight=False, soft_wrap=True)
    return console
