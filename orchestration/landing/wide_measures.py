"""Answers and stated scores of a wide file: many on each line.

What belongs here: which column gives which part of an answer.
What does not: what the mapping spells out (columns.py), the rules for one answer (candidates.py).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orchestration.landing import expressions as sql
from orchestration.landing.candidates import Fields, Incoming, client_of, collect
from orchestration.landing.labels import gather_labels, has_words
from orchestration.landing.mapping import Mapping as SourceMapping
from orchestration.landing.registry import Registry
from orchestration.landing.repetitions import count_of
from orchestration.landing.staged import Staged, literal
from orchestration.landing.wide import Slot, Wide

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


def wide_measures(
    connection: "Connection",
    table: str,
    staged: Staged,
    mapping: SourceMapping,
    wide: Wide,
    registry: Registry,
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
    values = [sql.number_text(slot.column, dialect, slot.missing) for slot in slots]
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
    if staged.timepoint:
        carried["line_timepoint"] = staged.timepoint
    if staged.occasion_order:
        carried["line_order"] = staged.occasion_order
    for name, columns in (("days", days), ("dates", dates)):
        if columns:
            read = sql.number_text if name == "days" else sql.value_text
            carried[name] = "[" + ", ".join(read(column, dialect) for column in columns) + "]"
    spread = ", ".join(f"{expression} as {name}" for name, expression in carried.items())
    cells = f"""
        (select {staged.line} as line, {spread}, [{", ".join(filled)}] as filled,
            unnest([{", ".join(values)}]) as given_value, unnest(range({len(slots)})) as cell_slot
        from {staged.relation}) as cells
        join landed_slots as code on code.slot = cell_slot and filled[code.filled_index]"""
    label = None
    columns = [slot.column for slot in slots]
    if table == "item_responses" and has_words(connection, staged, columns):
        # A decimal comma has changed places with points by now, in words too.
        given = " union all ".join(
            f"select {literal(wide.blocks[slot.block].instrument_id)}, {value} "
            f"from {staged.relation}"
            for slot, value in zip(slots, values, strict=True)
        )
        gather_labels(connection, registry, given)
        cells += (
            " left join landed_labels as label on label.instrument_id = code.instrument_id "
            "and label.given = given_value"
        )
        label = "label.response"
    coded_count = 0
    if any(slot.missing for slot in slots):
        differences = " + ".join(
            f"count({sql.key_text(slot.column)}) - count({value})"
            for slot, value in zip(slots, values, strict=True)
        )
        coded_count = count_of(connection, f"select {differences} from {staged.relation}")
    fields = Fields()
    fields.vary("client_id", "cells.client_id")
    fields.vary("episode_id", "cells.episode_id" if mapping.episode_id else None)
    fields.constants |= {"program_id": literal(mapping.program_id), "mode": "null"}
    if table == "stated_scores":
        fields.constants["is_preferred"] = str(mapping.stated_wins).lower()
    fields.vary(
        "occasion",
        "coalesce(code.occasion, line_occasion)" if mapping.occasion else "code.occasion",
    )
    fields.vary(
        "occasion_order",
        "coalesce(code.occasion_order, line_order::varchar)"
        if staged.occasion_order
        else "code.occasion_order",
    )
    fields.vary(
        "timepoint",
        "coalesce(code.timepoint, line_timepoint)" if staged.timepoint else "code.timepoint",
    )
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
        label=label,
        coded_count=coded_count,
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
                slot.is_fractional,
            )
        )
    connection.execute(
        """create or replace temp table landed_slots (
            slot integer, filled_index integer, column_position integer, instrument_id varchar,
            target varchar, low double, high double, shift integer, occasion varchar,
            occasion_order varchar, timepoint varchar, day varchar, day_index integer,
            day_position integer, date_index integer, date_position integer,
            is_fractional boolean)"""
    )
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"insert into landed_slots values ({marks})", rows)
    connection.execute(
        "create or replace temp table landed_slots as "
        f"select *, {sql.key(['target'])} as target_key, "
        "dense_rank() over (partition by instrument_id order by target) as target_number "
        "from landed_slots"
    )


def _distinct(columns: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(column for column in columns if column))
