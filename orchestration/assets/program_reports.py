"""The program reports: drawn while the candidate is checked, written before the switch.

What belongs here: reading the candidate's tables, and drawing them beside other work.
What does not: what a report says (``reporting``), or how it is drawn (``charts``).
"""

from concurrent.futures import Future

import pandas

from orchestration import beside, warehouse
from orchestration.publishing import release
from orchestration.publishing.catalogue import DASHBOARD_FILE, PUBLISHED
from orchestration.settings import Settings

Files = dict[str, str | bytes]


def begin(settings: Settings) -> "Future[Files]":
    """Start drawing the reports of the candidate; its tables are read before this returns.

    Drawing takes five processor seconds: it costs the run nothing while a second core is free, and
    a check that opens the candidate does not find it open.
    """
    # 0.1 s that only a run that publishes needs.
    from orchestration.reporting.programs import program_pages

    return beside.begin(program_pages, _read(settings))


def write(settings: Settings, drawn: "Future[Files]") -> str:
    """Put the reports among the candidate's; what came of it, in words.

    A report that cannot be drawn holds no release: its numbers are right, and in the tables. The
    folder then has a page that says so.
    """
    try:
        files = drawn.result()
    except Exception as error:  # noqa: BLE001 - a message of another library may quote a cell
        kind = str(error) if isinstance(error, beside.FailedError) else type(error).__name__
        what = f"The reports could not be drawn ({kind})."
        release.write_report(settings, "index.html", _failing(what))
        return what
    for name, content in files.items():
        release.write_report(settings, name, content)
    return f"{len(files)} reports and pictures"


def _read(settings: Settings) -> dict[str, pandas.DataFrame]:
    path = release.candidate_folder(settings) / DASHBOARD_FILE
    schema, tables = PUBLISHED[DASHBOARD_FILE]
    with warehouse.open_to_read(settings, path) as connection:
        return {table: connection.table(f"{schema}.{table}").df() for table in tables}


def _failing(what: str) -> str:
    from orchestration.reporting.page import render

    return render("undrawn.html", what=what)
