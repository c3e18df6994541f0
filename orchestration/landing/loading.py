"""Candidates become raw rows: refusals set aside, repetitions dropped, corrections recorded.

What belongs here: one file's records against themselves and against what raw already holds, inside
one transaction that the caller opens; and the proof that no row was lost.
What does not: the rules for a single row (measures.py, descriptions.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestration.errors import ScoutError
from orchestration.landing import expressions as sql
from orchestration.landing.measures import Incoming
from orchestration.landing.reading import TABLE, Staged, literal

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_MEASURES = ("item_responses", "stated_scores")
# Loads whose rows no longer count: a later load of the same bytes under a new contract took their place.
_RETIRED = "select load_sequence from raw.loads where retired_by is not null"


@dataclass(frozen=True)
class Counts:
    """What became of one file.

    Attributes:
        rows_read: records in the file, counted before DuckDB saw it.
        rows_loaded: records that added something and had no fault.
        rows_refused: records with at least one refused value.
        rows_repeated: records without a fault that added nothing.
        values_loaded: raw records inserted.
        values_refused: raw records refused.
        conflicts: administrations kept twice because one label held different answers.
        superseded: earlier raw records that this file corrects.
    """

    rows_read: int = 0
    rows_loaded: int = 0
    rows_refused: int = 0
    rows_repeated: int = 0
    values_loaded: int = 0
    values_refused: int = 0
    conflicts: int = 0
    superseded: int = 0


def store(
    connection: "Connection",
    sequence: int,
    source: str,
    staged: Staged,
    incoming: Sequence[Incoming],
    client_column: str | None = None,
) -> Counts:
    """Insert what a file adds, and account for every row of it.

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
        "create or replace temp table landed_refusals (line bigint, column_name varchar, reason varchar)"
    )
    connection.execute("create or replace temp table landed_lines (line bigint)")
    if staged.ragged:
        _insert_ragged(connection, staged.ragged)
    if client_column is not None:
        _refuse_nameless_lines(connection, staged, client_column)
    candidates = sum(_number(connection, f"select count(*) from {one.name}") for one in incoming)
    for one in incoming:
        if one.table not in _MEASURES:
            _settle_descriptions(connection, one, staged)
    refused = len(staged.ragged) + sum(
        _set_refusals_aside(connection, one, staged) for one in incoming
    )
    measures = [one for one in incoming if one.table in _MEASURES]
    measures, conflicts, repeated = _settle_repetitions(connection, measures)
    settled = [*measures, *(one for one in incoming if one.table not in _MEASURES)]
    repeated += sum(
        _drop_repeated_descriptions(connection, one)
        for one in settled
        if one.table not in _MEASURES
    )
    superseded = 0
    for one in settled:
        again, corrected = _compare_with_raw(connection, one, sequence)
        repeated += again
        superseded += corrected
    loaded = sum(_insert(connection, one, sequence, source, staged) for one in settled)
    if candidates + len(staged.ragged) != loaded + refused + repeated:
        raise _does_not_add_up("values")
    rows_refused = _number(connection, "select count(distinct line) from landed_refusals")
    connection.execute(
        f"insert into raw.refusals select distinct {sequence}, line, column_name, reason "
        "from landed_refusals order by line, column_name, reason"
    )
    if all(one.is_one_per_line for one in incoming):
        rows_loaded, rows_repeated = loaded, repeated
    else:
        rows_loaded, rows_repeated = _rows_by_line(connection, staged, settled)
    if staged.rows_read != rows_loaded + rows_refused + rows_repeated:
        raise _does_not_add_up("rows")
    return Counts(
        staged.rows_read,
        rows_loaded,
        rows_refused,
        rows_repeated,
        loaded,
        refused,
        conflicts,
        superseded,
    )


def _refuse_nameless_lines(connection: "Connection", staged: Staged, column: str) -> None:
    """Refuse lines without a client even where they hold no answer at all."""
    connection.execute(
        f"insert into landed_refusals select {staged.line}, {literal(column)}, 'missing_key' "
        f"from {TABLE} where {sql.key_text(column)} is null"
    )


def _number(connection: "Connection", query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0] or 0)


def _does_not_add_up(what: str) -> ScoutError:
    return ScoutError(
        f"Scout could not account for all {what} of a file and stored nothing of it. "
        "This is a fault in Scout, not in the file: please report it."
    )


def _insert_ragged(connection: "Connection", lines: Sequence[int]) -> None:
    connection.execute(
        "insert into landed_refusals select unnest(?::bigint[]), null, 'ragged_row'", [list(lines)]
    )


def _set_refusals_aside(connection: "Connection", one: Incoming, staged: Staged) -> int:
    """Move candidates with a fault out of the way; returns how many there were."""
    count = _number(connection, f"select count(*) from {one.name} where fault <> 0")
    if count:
        connection.execute(
            f"insert into landed_refusals select distinct line, {sql.column_of('fault', staged.header)}, "
            f"{sql.reason_of('fault')} from {one.name} where fault <> 0"
        )
        connection.execute(f"delete from {one.name} where fault <> 0")
    return count


def _slot(one: Incoming) -> str:
    return "line" if one.is_one_per_line else "line, slot"


def _settle_repetitions(
    connection: "Connection", measures: Sequence[Incoming]
) -> tuple[list[Incoming], int, int]:
    """Tell repeated lines from two administrations under one label; number the latter 1, 2, ...

    Returns:
        The tables, the number of conflicts, the number of candidates dropped as repeated.
    """
    doubled = [one for one in measures if _has_repeated_keys(connection, one)]
    if not doubled:
        return list(measures), 0, 0
    connection.execute("create or replace temp table landed_conflicts (administration_key bigint)")
    for one in doubled:
        connection.execute(
            f"""
            insert into landed_conflicts
            with first as (
                select * from {one.name} qualify row_number() over (partition by record_key order by {_slot(one)}) = 1
            )
            select distinct new.administration_key
            from {one.name} as new join (select *{_shift_column(one)} from first) as old using (record_key)
            where not ({one.same})
            """
        )
    conflicts = _number(
        connection, "select count(distinct administration_key) from landed_conflicts"
    )
    dropped = 0
    numbered = []
    for one in measures:
        if one not in doubled:
            numbered.append(one)
            continue
        before = _number(connection, f"select count(*) from {one.name}")
        again = sql.key(["administration_key::varchar", "repeat_number::varchar"])
        target = "item" if one.table == "item_responses" else "scale_id"
        varying = [column for column in one.varying if column != "administration_key"]
        slot = "" if one.is_one_per_line else "slot,"
        connection.execute(
            f"""
            create or replace temp table {one.name} as
            with counted as (
                select *, row_number() over (partition by record_key order by {_slot(one)})::integer as occurrence,
                    administration_key in (select administration_key from landed_conflicts) as is_conflict
                from {one.name}
            ),
            numbered as (
                select *, case when is_conflict then occurrence else 1 end as repeat_number
                from counted where is_conflict or occurrence = 1
            ),
            keyed as (
                select * replace (
                    case when repeat_number = 1 then administration_key else {again} end as administration_key
                ), record_key as first_key from numbered
            )
            select line, {slot} {", ".join(varying)}, administration_key, repeat_number, fault,
                case when repeat_number = 1 then first_key
                    else {sql.key(["administration_key::varchar", target])} end as record_key
            from keyed
            """
        )
        dropped += before - _number(connection, f"select count(*) from {one.name}")
        numbered.append(replace(one, varying=(*one.varying, "repeat_number")))
    return numbered, conflicts, dropped


def _has_repeated_keys(connection: "Connection", one: Incoming) -> bool:
    return _number(connection, f"select count(*) - count(distinct record_key) from {one.name}") > 0


def _shift_column(one: Incoming) -> str:
    """Rows of the same file share their shift; a constant one has to be spelt for the comparison."""
    return (
        f", {one.constants['response_shift']} as response_shift"
        if "response_shift" in one.constants
        else ""
    )


def _settle_descriptions(connection: "Connection", one: Incoming, staged: Staged) -> None:
    """Within one file the first statement about a key stands; a later different one is refused."""
    clean = f"(select * from {one.name} where fault = 0)"
    if not _number(connection, f"select count(*) - count(distinct record_key) from {clean}"):
        return
    number = sql.fault("duplicate_key", "new.place")
    connection.execute(
        f"""
        create or replace temp table landed_doubles as
        with first as (select * from {clean} qualify row_number() over (partition by record_key order by line, slot) = 1)
        select new.slot, {number} as fault from {clean} as new join first as old using (record_key)
        where not ({one.same})
        """
    )
    connection.execute(
        f"update {one.name} as it set fault = d.fault from landed_doubles as d where d.slot = it.slot"
    )


def _drop_repeated_descriptions(connection: "Connection", one: Incoming) -> int:
    return _deleted(
        connection,
        one,
        f"slot in (select slot from {one.name} "
        "qualify row_number() over (partition by record_key order by line, slot) > 1)",
    )


def _deleted(connection: "Connection", one: Incoming, condition: str) -> int:
    before = _number(connection, f"select count(*) from {one.name}")
    connection.execute(f"delete from {one.name} where {condition}")
    return before - _number(connection, f"select count(*) from {one.name}")


def _compare_with_raw(connection: "Connection", one: Incoming, sequence: int) -> tuple[int, int]:
    """Drop what raw already says; record which earlier rows this file corrects."""
    if not _number(connection, f"select count(*) from (select 1 from raw.{one.table} limit 1)"):
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
    again = _number(connection, "select count(*) from landed_matches where is_same")
    if again:
        connection.execute(
            f"delete from {one.name} where record_key in (select record_key from landed_matches where is_same)"
        )
    corrected = _number(connection, "select count(*) from landed_matches where not is_same")
    if corrected:
        connection.execute(
            f"insert into raw.superseded select '{one.table}', load_sequence, record_key, {sequence} "
            "from landed_matches where not is_same order by load_sequence, record_key"
        )
    return again, corrected


def _insert(
    connection: "Connection", one: Incoming, sequence: int, source: str, staged: Staged
) -> int:
    columns = {
        "load_sequence": str(sequence),
        "line": "line",
        "record_key": "record_key",
        "source": literal(source),
    }
    columns |= {name: expression for name, expression in one.constants.items()}
    columns |= {column: column for column in one.varying}
    if one.table in _MEASURES:
        columns.setdefault("repeat_number", "1")
    connection.execute(
        f"insert into raw.{one.table} ({', '.join(columns)}) "
        f"select {', '.join(columns.values())} from {one.name} order by {_slot(one)}"
    )
    return _number(connection, f"select count(*) from {one.name}")


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
        from (select {staged.line} as line from {TABLE}) as every
        where every.line not in (select line from landed_refusals)
        """
    )
    added = _number(connection, "select count(*) from landed_verdicts where has_added")
    return added, _number(connection, "select count(*) from landed_verdicts where not has_added")
