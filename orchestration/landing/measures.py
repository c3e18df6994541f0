"""Answers and stated scores: where they stand in a tidy or a wide file.

What belongs here: which column gives which part of an answer, and codes turned into the registry's.
What does not: the rules for one answer (candidates.py).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing import expressions as sql
from orchestration.landing.candidates import Fields, Incoming, client_of, collect
from orchestration.landing.columns import Slot, Wide
from orchestration.landing.mapping import Mapping
from orchestration.landing.reading import TABLE, Staged, literal
from orchestration.landing.registry import Registry
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


def tidy_measures(
    connection: "Connection",
    kind: str,
    staged: Staged,
    mapping: Mapping,
    registry: Registry,
    dialect: sql.Dialect,
    source_name: str,
) -> Incoming:
    """Candidates of a tidy ``responses`` or ``scores`` file, one per line."""
    table = KINDS[kind].table
    target, value = ("item", "response") if table == "item_responses" else ("scale_id", "score")
    _resolve_codes(connection, table, target, registry)
    header = staged.header
    fields = Fields()

    def text(column: str) -> str | None:
        return sql.key_text(column) if column in header else None

    def valued(column: str) -> str | None:
        return sql.value_text(column, dialect) if column in header else None

    fields.vary("client_id", client_of(mapping, "client_id"))
    fields.vary("episode_id", text("episode_id"))
    if "program_id" in header:
        default = f", {literal(mapping.program_id)}" if mapping.program_id else ""
        fields.vary("program_id", f"coalesce({sql.key_text('program_id')}{default})")
    else:
        fields.constants["program_id"] = literal(mapping.program_id)
    fields.vary("occasion", text("occasion"))
    fields.vary("mode", text("mode"))
    fields.constants |= {"occasion_order": "null", "timepoint": "null"}
    at = {column: position for position, column in enumerate(header)}
    when = next(column for column in KINDS[kind].one_of if column in header)
    return collect(
        connection,
        table,
        fields,
        source=f"{TABLE} left join landed_codes as code "
        f"on code.given_instrument = {TABLE}.instrument_id "
        f"and code.given_target = {TABLE}.{target}",
        line=staged.line,
        dialect=dialect,
        source_name=source_name,
        date=valued("occurred_on"),
        day=valued("day"),
        value=sql.value_text(value, dialect),
        key_faults=[
            (f"{sql.key_text(column)} is null", sql.fault("missing_key", at[column]))
            for column in ("client_id", "instrument_id", target)
        ],
        code_faults=[
            ("instrument_id is null", sql.fault("unknown_instrument", at["instrument_id"])),
            (
                "target is null",
                sql.fault("unknown_item" if target == "item" else "unknown_scale", at[target]),
            ),
        ],
        time_columns=(at[when], at.get("occurred_on", 0), at.get("day", 0)),
        value_column=at[value],
        is_wide=False,
    )


def _resolve_codes(connection: "Connection", table: str, target: str, registry: Registry) -> None:
    """A small table from the codes this file uses to what the registry calls them."""
    aliases = pd.DataFrame(
        list(registry.instrument_aliases.items()), columns=["alias", "instrument_id"]
    )
    if table == "item_responses":
        known = pd.DataFrame(
            [
                (instrument, code, item)
                for (instrument, code), item in registry.item_aliases.items()
            ],
            columns=["instrument_id", "code", "target"],
        )
        ranges = registry.item_ranges.rename(
            columns={"item": "target", "response_minimum": "low", "response_maximum": "high"}
        )
    else:
        ranges = registry.scale_ranges.rename(
            columns={"scale_id": "target", "score_minimum": "low", "score_maximum": "high"}
        )
        known = pd.DataFrame(
            [
                (instrument, code, scale)
                for (instrument, code), scale in registry.scale_aliases.items()
            ],
            columns=["instrument_id", "code", "target"],
        )
    for name, frame in (
        ("known_aliases", aliases),
        ("known_codes", known),
        ("known_ranges", ranges),
    ):
        connection.register(name, frame)
    connection.execute(
        f"""
        create or replace temp table landed_codes as
        with given as (
            select distinct instrument_id as given_instrument, {target} as given_target
            from {TABLE}
        )
        select given_instrument, given_target, aliases.instrument_id, codes.target,
            ranges.low, ranges.high
        from given
        left join known_aliases as aliases
            on aliases.alias = regexp_replace(lower(given_instrument), '[^a-z0-9]', '', 'g')
        left join (select distinct * from known_codes) as codes
            on codes.instrument_id = aliases.instrument_id
            and codes.code = lower(trim(given_target, E' \\t'))
        left join known_ranges as ranges
            on ranges.instrument_id = aliases.instrument_id and ranges.target = codes.target
        """
    )
    for name in ("known_aliases", "known_codes", "known_ranges"):
        connection.unregister(name)


def wide_measures(
    connection: "Connection",
    table: str,
    staged: Staged,
    mapping: Mapping,
    wide: Wide,
    dialect: sql.Dialect,
    source_name: str,
) -> Incoming | None:
    """Candidates of the answers (or of the stated scores) of a wide file; None where it maps none.

    A form whose answers are all blank was not filled in: it gives no candidates.
    """
    slots = [slot for slot in wide.slots if slot.table == table]
    if not slots:
        return None
    header = staged.header
    at = {column: position for position, column in enumerate(header)}
    days = _distinct(wide.blocks[slot.block].day_column for slot in slots)
    dates = _distinct(wide.blocks[slot.block].date_column for slot in slots)
    _slot_table(connection, slots, wide, at, days, dates)
    blocks = sorted({slot.block for slot in slots})
    values = [sql.value_text(slot.column, dialect) for slot in slots]
    filled = [
        "coalesce("
        + ", ".join(v for v, s in zip(values, slots, strict=True) if s.block == block)
        + ") is not null"
        for block in blocks
    ]
    carried = {"client_id": client_of(mapping, str(mapping.client_id))}
    if mapping.episode_id:
        carried["episode_id"] = sql.key_text(mapping.episode_id)
    if mapping.occasion:
        carried["line_occasion"] = sql.key_text(mapping.occasion)
    for name, columns in (("days", days), ("dates", dates)):
        if columns:
            carried[name] = (
                "[" + ", ".join(sql.value_text(column, dialect) for column in columns) + "]"
            )
    spread = ", ".join(f"{expression} as {name}" for name, expression in carried.items())
    cells = f"""
        (select {staged.line} as line, {spread}, [{", ".join(filled)}] as filled,
            unnest([{", ".join(values)}]) as given_value, unnest(range({len(slots)})) as cell_slot
        from {TABLE}) as cells
        join landed_slots as code on code.slot = cell_slot and filled[code.filled_index]"""
    fields = Fields()
    fields.vary("client_id", "cells.client_id")
    fields.vary("episode_id", "cells.episode_id" if mapping.episode_id else None)
    fields.constants |= {"program_id": literal(mapping.program_id), "mode": "null"}
    fields.vary(
        "occasion",
        "coalesce(code.occasion, line_occasion)" if mapping.occasion else "code.occasion",
    )
    fields.vary("occasion_order", "code.occasion_order")
    fields.vary("timepoint", "code.timepoint")
    client = at[str(mapping.client_id)]
    first_time = next(
        (at[c] for c in (mapping.occurred_on, mapping.day, mapping.occasion) if c), client
    )
    return collect(
        connection,
        table,
        fields,
        source=cells,
        line="line",
        dialect=dialect,
        source_name=source_name,
        date="dates[code.date_index]" if dates else None,
        day="coalesce(code.day, days[code.day_index])" if days else "code.day",
        value="given_value",
        key_faults=[("client_id is null", sql.fault("missing_key", client))],
        code_faults=[],
        time_columns=(first_time, "date_position", "day_position"),
        value_column="column_position",
        is_wide=True,
    )


def _slot_table(
    connection: "Connection",
    slots: list[Slot],
    wide: Wide,
    at: dict[str, int],
    days: list[str],
    dates: list[str],
) -> None:
    blocks = sorted({slot.block for slot in slots})
    rows = []
    for number, slot in enumerate(slots):
        block = wide.blocks[slot.block]
        rows.append(
            (
                number,
                blocks.index(slot.block) + 1,
                at[slot.column],
                block.instrument_id,
                slot.target,
                slot.low,
                slot.high,
                slot.shift,
                block.occasion,
                None if block.order is None else str(block.order),
                block.timepoint,
                block.day,
                days.index(block.day_column) + 1 if block.day_column else None,
                at[block.day_column] if block.day_column else 0,
                dates.index(block.date_column) + 1 if block.date_column else None,
                at[block.date_column] if block.date_column else 0,
            )
        )
    connection.execute(
        """create or replace temp table landed_slots (
            slot integer, filled_index integer, column_position integer, instrument_id varchar,
            target varchar, low double, high double, shift integer, occasion varchar,
            occasion_order varchar, timepoint varchar, day varchar, day_index integer,
            day_position integer, date_index integer, date_position integer)"""
    )
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"insert into landed_slots values ({marks})", rows)


def _distinct(columns: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(column for column in columns if column))
