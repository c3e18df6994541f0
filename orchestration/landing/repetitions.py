"""The same key twice within one file: a repetition, two administrations, or a contradiction.

What belongs here: one file's candidates against themselves.
What does not: what raw already holds (loading.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from orchestration.landing import expressions as sql
from orchestration.landing.candidates import Incoming
from orchestration.landing.staged import Staged

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


def count_of(connection: "Connection", query: str) -> int:
    """The one whole number a query gives; nothing counts as 0."""
    return int(connection.execute(query).fetchall()[0][0] or 0)


def order_of(one: Incoming) -> str:
    """The columns that put candidates into the order of the file."""
    return "line" if one.is_one_per_line else "line, slot"


def settle_repetitions(
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
                select * from {one.name}
                qualify row_number() over (partition by record_key order by {order_of(one)}) = 1
            )
            select distinct new.administration_key
            from {one.name} as new
            join (select *{_shift_column(one)} from first) as old using (record_key)
            where not ({one.same})
            """
        )
    conflicts = count_of(
        connection, "select count(distinct administration_key) from landed_conflicts"
    )
    dropped = 0
    numbered = []
    for one in measures:
        if one not in doubled:
            numbered.append(one)
            continue
        before = count_of(connection, f"select count(*) from {one.name}")
        again = sql.key(["administration_key::varchar", "repeat_number::varchar"])
        target = "item" if one.table == "item_responses" else "scale_id"
        varying = [column for column in one.varying if column != "administration_key"]
        slot = "" if one.is_one_per_line else "slot,"
        connection.execute(
            f"""
            create or replace temp table {one.name} as
            with counted as (
                select *,
                    row_number() over (
                        partition by record_key order by {order_of(one)}
                    )::integer as occurrence,
                    administration_key in (
                        select administration_key from landed_conflicts
                    ) as is_conflict
                from {one.name}
            ),
            numbered as (
                select *, case when is_conflict then occurrence else 1 end as repeat_number
                from counted where is_conflict or occurrence = 1
            ),
            keyed as (
                select * replace (
                    case when repeat_number = 1 then administration_key else {again} end
                    as administration_key
                ), record_key as first_key from numbered
            )
            select line, {slot} {", ".join(varying)}, administration_key, repeat_number, fault,
                case when repeat_number = 1 then first_key
                    else {sql.record_key("administration_key", sql.key([target]))} end as record_key
            from keyed
            """
        )
        dropped += before - count_of(connection, f"select count(*) from {one.name}")
        numbered.append(replace(one, varying=(*one.varying, "repeat_number")))
    return numbered, conflicts, dropped


def _has_repeated_keys(connection: "Connection", one: Incoming) -> bool:
    """Whether an item or a scale stands twice on an administration.

    Each is one bit of its administration, 62 to a number: a fifth of what counting ten million
    distinct keys takes, and as exact.
    """
    return (
        count_of(
            connection,
            f"""
            select sum(answers - bit_count(seen)) from (
                select count(*) as answers, bit_or(1::bigint << (target_number % 62)) as seen
                from {one.name} group by administration_key, target_number // 62
            )
            """,
        )
        > 0
    )


def _shift_column(one: Incoming) -> str:
    """Rows of a file share their shift; a constant one has to be spelt for the comparison."""
    return (
        f", {one.constants['response_shift']} as response_shift"
        if "response_shift" in one.constants
        else ""
    )


def settle_descriptions(connection: "Connection", one: Incoming, staged: Staged) -> None:
    """Within one file the first statement about a key stands; a later different one is refused."""
    clean = f"(select * from {one.name} where fault = 0)"
    if not count_of(connection, f"select count(*) - count(distinct record_key) from {clean}"):
        return
    number = sql.fault("duplicate_key", "new.place")
    connection.execute(
        f"""
        create or replace temp table landed_doubles as
        with first as (
            select * from {clean}
            qualify row_number() over (partition by record_key order by line, slot) = 1
        )
        select new.slot, {number} as fault from {clean} as new join first as old using (record_key)
        where not ({one.same})
        """
    )
    connection.execute(
        f"update {one.name} as it set fault = d.fault from landed_doubles as d where d.slot = "
        "it.slot"
    )


def drop_repeated_descriptions(connection: "Connection", one: Incoming) -> int:
    """Keep the first of several equal statements; returns how many were dropped."""
    return _deleted(
        connection,
        one,
        f"slot in (select slot from {one.name} "
        "qualify row_number() over (partition by record_key order by line, slot) > 1)",
    )


def _deleted(connection: "Connection", one: Incoming, condition: str) -> int:
    before = count_of(connection, f"select count(*) from {one.name}")
    connection.execute(f"delete from {one.name} where {condition}")
    return before - count_of(connection, f"select count(*) from {one.name}")
