"""What raw held at the end of a day: the records, corrections and refusals as known then.

What belongs here: the day against the ledger, and copying what was known from one warehouse into
another. Raw keeps every version (a correction is a new record, a load that was read again is
retired and stays), so nothing is read anew.
What does not: what is built from it, or where that is published.

A load is known from its ``loaded_at`` on. A record counts as superseded, and a load as retired,
once the load that did so is known. Definitions (``instruments/``), seeds and models are those of
today, and clients who withdrew since are gone from raw and stay gone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.errors import SettingsError
from orchestration.landing.raw_tables import RECORD_TABLES, create_raw_tables

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_OF_A_LOAD = (*RECORD_TABLES, "refusals", "refused_answers")


@dataclass(frozen=True)
class Known:
    """How much was known at the end of a day.

    Attributes:
        file_count: files that were in by then.
        refused_count: files that had been refused by then.
        later_count: files that came only afterwards, whether they were loaded or refused.
        row_count: rows that the known files had loaded.
    """

    file_count: int
    refused_count: int
    later_count: int
    row_count: int


def check_day(connection: "Connection", day: date, today: date) -> None:
    """Something is known of a day, and it is not still to come.

    Args:
        connection: reads the home's warehouse.
        day: the day asked for.
        today: the present day, UTC.

    Raises:
        SettingsError: the day lies in the future, or before the first load.
    """
    if day > today:
        message = (
            f"--as-of {day} lies in the future (today is {today}, UTC); nobody knows yet what will "
            "be known then. Name a past day, or run without --as-of."
        )
        raise SettingsError(message)
    first = connection.execute(
        "select min(loaded_at) from raw.loads where status = 'loaded'"
    ).fetchall()[0][0]
    if first is None:
        raise SettingsError("Nothing was ever loaded here: drop files into landing and run first.")
    if first >= _end_of(day):
        message = (
            f"Nothing was known on {day}: the first file was loaded on {first:%Y-%m-%d} (UTC). "
            "Name that day or a later one."
        )
        raise SettingsError(message)


def carry_over(connection: "Connection", held: str, day: date) -> Known:
    """Fill raw with what another warehouse's raw held at the end of a day.

    Args:
        connection: writes to an empty warehouse; the other one is attached to it.
        held: the name under which the other one is attached, one of Scout's own words.
        day: the day, UTC.
    """
    create_raw_tables(connection)
    connection.execute(
        f"""
        insert into raw.loads by name
        with known as (select * from {held}.raw.loads where loaded_at < ?)
        select * replace (
            case when retired_by in (select load_sequence from known) then retired_by end
            as retired_by
        )
        from known
        order by load_sequence
        """,
        [_end_of(day)],
    )
    known = "select load_sequence from raw.loads"
    for table in _OF_A_LOAD:
        # By name: a home that an earlier version of Scout filled may have fewer columns.
        connection.execute(
            f"insert into raw.{table} by name "
            f"select * from {held}.raw.{table} where load_sequence in ({known})"
        )
    connection.execute(
        f"insert into raw.superseded by name select * from {held}.raw.superseded "
        f"where load_sequence in ({known}) and superseded_by in ({known})"
    )
    loaded, refused, rows = connection.execute(
        "select count(*) filter (where status = 'loaded'), "
        "count(*) filter (where status = 'refused'), coalesce(sum(rows_loaded), 0) from raw.loads "
        "where retired_by is null"
    ).fetchall()[0]
    file = "concat_ws('/', source, coalesce(sha256, file_name))"
    later = connection.execute(
        f"select count(distinct {file}) from {held}.raw.loads "
        f"where {file} not in (select {file} from raw.loads)"
    ).fetchall()[0][0]
    return Known(int(loaded), int(refused), int(later), int(rows))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(days=1)
