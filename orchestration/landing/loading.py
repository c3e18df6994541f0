"""Candidates become raw rows: refusals set aside, repetitions dropped, corrections recorded.

What belongs here: one file's records against themselves and against what raw already holds, inside
one transaction that the caller opens; and the proof that no row was lost.
What does not: the rules for a single row (measures.py, descriptions.py).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError
from orchestration.landing import expressions as sql
from orchestration.landing.candidates import Incoming
from orchestration.landing.repetitions import (
    count_of,
    drop_repeated_descriptions,
    order_of,
    settle_descriptions,
    settle_repetitions,
)
from orchestration.landing.staged import Staged, literal

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_MEASURES = ("item_responses", "stated_scores")
# Loads whose rows no longer count: the same bytes were loaded again under a new contract.
_RETIRED = "select load_sequence from raw.loads where retired_by is not null"


@dataclass(frozen=True)
class Counts:
    """What became of one file, or of one of its tables.

    Attributes:
        rows_read: records in it, counted before DuckDB saw it.
        rows_loaded: records that added something and had no fault.
        rows_refused: records with at least one refused value.
        rows_repeated: records without a fault that added nothing.
        values_loaded: raw records inserted.
        values_refused: raw records refused.
        conflicts: administrations kept twice because one label held different answers.
        superseded: earlier raw records that this file corrects.
        values_coded: cells that hold a declared code for no answer.
        rows_set_aside: those of ``rows_repeated`` that nobody asked for.
    """

    rows_read: int = 0
    rows_loaded: int = 0
    rows_refused: int = 0
    rows_repeated: int = 0
    values_loaded: int = 0
    values_refused: int = 0
    conflicts: int = 0
    superseded: int = 0
    values_coded: int = 0
    rows_set_aside: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together, field by field."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Counts(*(mine + theirs for mine, theirs in pairs))


def store(
    connection: "Connection",
    sequence: int,
    source: str,
    staged: Staged,
    incoming: Sequence[Incoming],
    client_column: str | None = None,
) -> Counts:
    """Insert what a landed table adds, and account for every row of it.

    Args:
        connection: inside a transaction that the caller commits.
        sequence: the load's number.
        source: the folder the file came from.
        staged: the landed table.
        incoming: its candidates.
        client_column: for a wide file, the column without which a line is refused even when blank.

    Raises:
        ScoutError: the rows do not add up; nothing may be committed then.
    """
    connection.execute(
        "create or replace temp table landed_refusals (line bigint, column_name varchar, "
        "reason varchar)"
    )
    connection.execute("create or replace temp table landed_lines (line bigint)")
    if client_column is not None:
        _refuse_nameless_lines(connection, staged, client_column)
    candidates = sum(count_of(connection, f"select count(*) from {one.name}") for one in incoming)
    for one in incoming:
        if one.table not in _MEASURES:
            settle_descriptions(connection, one, staged)
    refused = sum(_set_refusals_aside(connection, one, staged) for one in incoming)
    measures = [one for one in incoming if one.table in _MEASURES]
    measures, conflicts, repeated = settle_repetitions(connection, measures)
    settled = [*measures, *(one for one in incoming if one.table not in _MEASURES)]
    repeated += sum(
        drop_repeated_descriptions(connection, one) for one in settled if one.table not in _MEASURES
    )
    superseded = 0
    for one in settled:
        again, corrected = _compare_with_raw(connection, one, sequence)
        repeated += again
        superseded += corrected
    loaded = sum(_insert(connection, one, sequence, source, staged) for one in settled)
    if candidates != loaded + refused + repeated:
        raise _does_not_add_up("values")
    unread = len(staged.refused)
    rows_refused = unread + count_of(connection, "select count(distinct line) from landed_refusals")
    _write_refusals(connection, sequence, staged)
    if all(one.is_one_per_line for one in incoming):
        rows_loaded, rows_repeated = loaded, repeated
    else:
        rows_loaded, rows_repeated = _rows_by_line(connection, staged, settled)
    rows_repeated += staged.set_aside
    if staged.rows_read != rows_loaded + rows_refused + rows_repeated:
        raise _does_not_add_up("rows")
    return Counts(
        staged.rows_read,
        rows_loaded,
        rows_refused,
        rows_repeated,
        loaded,
        refused + unread,
        conflicts,
        superseded,
        sum(one.coded_count for one in incoming) + staged.coded,
        staged.set_aside,
    )


def _refuse_nameless_lines(connection: "Connection", staged: Staged, column: str) -> None:
    """Refuse lines without a client even where they hold no answer at all."""
    connection.execute(
        f"insert into landed_refusals select {staged.line}, {literal(column)}, 'missing_key' "
        f"from {staged.relation} where {sql.key_text(column)} is null"
    )


def _does_not_add_up(what: str) -> ScoutError:
    return ScoutError(
        f"Scout could not account for all {what} of a file and stored nothing of it. "
        "This is a fault in Scout, not in the file: please report it."
    )


def _write_refusals(connection: "Connection", sequence: int, staged: Staged) -> None:
    """Write down each refused cell once, in the order of the file, by the number people see."""
    connection.execute(
        f"""
        insert into raw.refusals
        with found as (
            select distinct line, column_name, reason from landed_refusals
        ),
        unread as (
            select unnest(?::bigint[]) as line, null as column_name, unnest(?::varchar[]) as reason
        )
        select {sequence}, line, column_name, reason
        from (
            select {_place_of("found", staged)} as line, column_name, reason from found
            union all select * from unread
        )
        order by line, column_name, reason
        """,
        [[line for line, _ in staged.refused], [reason for _, reason in staged.refused]],
    )


def _place_of(table: str, staged: Staged) -> str:
    """SQL of the number that people see in place of a table's ``line``."""
    if staged.place is None:
        return f"{table}.line"
    return (
        f"(select {staged.place} from {staged.relation} where {staged.line} = {table}.line limit 1)"
    )


def _set_refusals_aside(connection: "Connection", one: Incoming, staged: Staged) -> int:
    """Move candidates with a fault out of the way; returns how many there were."""
    count = count_of(connection, f"select count(*) from {one.name} where fault <> 0")
    if count:
        connection.execute(
            "insert into landed_refusals select distinct line, "
            f"{sql.column_of('fault', staged.header)}, "
            f"{sql.reason_of('fault')} from {one.name} where fault <> 0"
        )
        connection.execute(f"delete from {one.name} where fault <> 0")
    return count


def _compare_with_raw(connection: "Connection", one: Incoming, sequence: int) -> tuple[int, int]:
    """Drop what raw already says; record which earlier rows this file corrects."""
    if not count_of(connection, f"select count(*) from (select 1 from raw.{one.table} limit 1)"):
        return 0, 0
    connection.execute(
        f"""
        create or replace temp table landed_matches as
        select new.record_key, old.load_sequence, {one.same} as is_same
        from {one.name} as new
        join raw.{one.table} as old on old.record_key = new.record_key
        where old.load_sequence not in ({_RETIRED})
            and not exists (
                select 1 from raw.superseded as gone
                where gone.record_type = '{one.table}'
                    and gone.record_key = old.record_key and gone.load_sequence = old.load_sequence
            )
        """
    )
    again = count_of(connection, "select count(*) from landed_matches where is_same")
    if again:
        connection.execute(
            f"delete from {one.name} where record_key in (select record_key from "
            "landed_matches where is_same)"
        )
    corrected = count_of(connection, "select count(*) from landed_matches where not is_same")
    if corrected:
        connection.execute(
            f"insert into raw.superseded select '{one.table}', load_sequence, record_key, "
            f"{sequence} "
            "from landed_matches where not is_same order by load_sequence, record_key"
        )
    return again, corrected


def _insert(
    connection: "Connection", one: Incoming, sequence: int, source: str, staged: Staged
) -> int:
    columns = {
        "load_sequence": str(sequence),
        "line": _place_of(one.name, staged),
        "record_key": "record_key",
        "source": literal(source),
    }
    columns |= one.constants
    columns |= {column: column for column in one.varying}
    # What is NULL throughout need not be carried through the insert.
    columns = {column: given for column, given in columns.items() if given != "null"}
    if one.table in _MEASURES:
        columns.setdefault("repeat_number", "1")
    # Candidates of one line each stand in the order of the file unless they were numbered, and
    # DuckDB keeps it: sorting ten million of them took a quarter of the time of an insert.
    is_in_order = one.is_one_per_line and "repeat_number" not in one.varying
    ordered = "" if is_in_order else f" order by {order_of(one)}"
    connection.execute(
        f"insert into raw.{one.table} ({', '.join(columns)}) "
        f"select {', '.join(columns.values())} from {one.name}{ordered}"
    )
    return count_of(connection, f"select count(*) from {one.name}")


def _rows_by_line(
    connection: "Connection", staged: Staged, settled: Sequence[Incoming]
) -> tuple[int, int]:
    """Rows that added something and rows that added nothing, among those without a fault."""
    for one in settled:
        connection.execute(f"insert into landed_lines select distinct line from {one.name}")
    connection.execute(
        f"""
        create or replace temp table landed_verdicts as
        select every.line, every.line in (select line from landed_lines) as has_added
        from (select {staged.line} as line from {staged.relation}) as every
        where every.line not in (select line from landed_refusals)
        """
    )
    added = count_of(connection, "select count(*) from landed_verdicts where has_added")
    return added, count_of(connection, "select count(*) from landed_verdicts where not has_added")
