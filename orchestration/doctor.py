"""What is wrong with a home, file by file: landing tried without keeping anything.

What belongs here: the rehearsal and how its findings are told.
What does not: the judging (``landing``): the doctor runs the same code as a run does.
"""

import tempfile
from pathlib import Path

from rich.console import Console

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.fetching.sources import faults_before_fetching
from orchestration.landing.inbox import receive
from orchestration.landing.raw_tables import create_raw_tables
from orchestration.landing.refusal_report import refusal_report
from orchestration.landing.registry import load_registry
from orchestration.refusals_told import tell_refused
from orchestration.settings import Settings


def examine(settings: Settings, console: Console) -> int:
    """Rehearse landing in a throw-away home; 0 if every file would load whole, else 2.

    Raises:
        SettingsError: the home has no landing folder.
    """
    if not settings.landing.is_dir():
        message = (
            f"{settings.home} has no landing folder. Make {settings.landing}/<source>/ and put a "
            "source's files there, or try `scout demo`."
        )
        raise SettingsError(message)
    faults = 0
    registry = load_registry(settings.seeds, settings.instruments)
    with tempfile.TemporaryDirectory(prefix="scout-doctor-") as folder:
        rehearsal = settings.model_copy(update={"home": Path(folder)})
        rehearsal.landing.symlink_to(settings.landing, target_is_directory=True)
        rehearsal.archive.mkdir()
        if settings.withdrawals.is_dir():
            rehearsal.withdrawals.symlink_to(settings.withdrawals, target_is_directory=True)
        with warehouse.in_memory(rehearsal) as connection:
            create_raw_tables(connection)
            summary = receive(connection, rehearsal, registry, report=lambda _: None)
            report = refusal_report(connection, summary.files)
    for error in (*faults_before_fetching(settings), *summary.mapping_errors):
        faults += 1
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
    refused = {(one.source, one.file_name) for one in report}
    for file in summary.files:
        faults += bool(file.message or file.reasons)
        if (file.source, file.file_name) not in refused:
            told = file.message or f"{file.rows_read or 0:,} rows, nothing to mend"
            console.print(
                f"{file.source}/{file.file_name}: {told}",
                highlight=False, markup=False, soft_wrap=True,
            )  # fmt: skip
    tell_refused(console, report, most=500)
    if not summary.files and not faults:
        console.print(f"{settings.landing} holds no files yet.")
    return 2 if faults else 0
