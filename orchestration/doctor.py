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
from orchestration.landing.registry import load_registry
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
        with warehouse.in_memory(rehearsal) as connection:
            create_raw_tables(connection)
            summary = receive(connection, rehearsal, registry, report=lambda _: None)
            lines = connection.execute(
                "select loads.source, loads.file_name, refusals.line, refusals.column_name,"
                " refusals.reason from raw.refusals as refusals inner join raw.loads as loads"
                " using (load_sequence) order by all limit 200"
            ).fetchall()
    for error in (*faults_before_fetching(settings), *summary.mapping_errors):
        faults += 1
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
    for file in summary.files:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in file.reasons.items())
        told = file.message or reasons or f"{file.rows_read or 0:,} rows, nothing to mend"
        faults += bool(file.message or reasons)
        console.print(
            f"{file.source}/{file.file_name}: {told}", highlight=False, markup=False, soft_wrap=True
        )
    for source, name, line, column, reason in lines:
        where = f"line {line}" + (f", column {column}" if column else "")
        console.print(f"  {source}/{name} {where}: {reason}", highlight=False, markup=False)
    if not summary.files and not faults:
        console.print(f"{settings.landing} holds no files yet.")
    return 2 if faults else 0
