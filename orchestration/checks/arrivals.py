"""When a source is expected to send its next file, as far as somebody said so.

What belongs here: what every ``source.yml`` says of it, as a table that dbt reads and as the window
that Dagster watches.
What does not: when files arrived and what follows from that (``marts.dq_freshness``).
"""

from datetime import UTC, date
from pathlib import Path

from orchestration import warehouse
from orchestration.errors import SettingsError
from orchestration.landing.mapping import read_mapping
from orchestration.landing.sources import sources
from orchestration.settings import Settings

_COLUMNS = "source varchar, expected_days double, judged_on date"


def stated(landing: Path) -> dict[str, int | None]:
    """Source -> days within which its ``source.yml`` expects a file; None where it says nothing.

    A folder whose mapping is wrong says nothing: landing tells what is wrong with it.
    """
    found: dict[str, int | None] = {}
    for folder in sources(landing)[0]:
        try:
            found[folder.name] = read_mapping(folder).expected_every
        except SettingsError:
            found[folder.name] = None
    return found


def prepare(connection: warehouse.Connection) -> None:
    """Make sure that the table is there for dbt."""
    connection.execute("create schema if not exists quality")
    connection.execute(f"create table if not exists quality.expected_arrivals ({_COLUMNS})")


def record(connection: warehouse.Connection, settings: Settings) -> None:
    """Write ``quality.expected_arrivals``: one row per source of landing, and the day to judge by.

    In a rebuild as known at a date that day is the date: nobody was late then for what came since.
    One row without a source carries the day where landing is empty.
    """
    prepare(connection)
    connection.execute("delete from quality.expected_arrivals")
    today = judged_on(settings)
    rows: list[tuple[str | None, int | None, date]] = [(None, None, today)]
    rows += [(source, days, today) for source, days in stated(settings.landing).items()]
    connection.executemany("insert into quality.expected_arrivals values (?, ?, ?)", rows)


def judged_on(settings: Settings) -> date:
    """The day on which it is judged whether a source is late."""
    return settings.as_of or settings.clock().astimezone(UTC).date()
