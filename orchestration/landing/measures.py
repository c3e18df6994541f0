"""Answers and stated scores: from the landed table to checked, keyed candidates.

What belongs here: the rules for one answer, one score and its place in time, tidy and wide.
What does not: comparing with what is already stored (loading.py).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing import expressions as sql
from orchestration.landing.columns import Slot, Wide
from orchestration.landing.mapping import Mapping
from orchestration.landing.reading import TABLE, Staged, literal, quoted
from orchestration.landing.registry import Registry
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_TARGET = {"item_responses": "item", "stated_scores": "scale_id"}
_VALUE = {"item_responses": "response", "stated_scores": "score"}
# Columns every measure has, besides what a table calls its target and its value.
_SHARED = ("client_id", "episode_id", "program_id", "instrument_id", "occurred_on", "day")
_LATE = ("occasion", "occasion_order", "mode", "timepoint")


@dataclass(frozen=True)
class Incoming:
    """A temporary table of candidates for one raw table.

    Attributes:
        table: the raw table.
        name: the temporary table: line, slot, fault, record_key, and the columns that vary.
        constants: raw column -> SQL of what it holds on every row.
        varying: raw columns that the temporary table has.
        is_one_per_line: each line of the file gave exactly one candidate.
        same: SQL that is true where ``new`` says what ``old`` says.
    """

    table: str
    name: str
    constants: dict[str, str]
    varying: tuple[str, ...]
    is_one_per_line: bool
    same: str


@dataclass
class _Fields:
    """SQL for each field; a constant is kept out of the temporary table."""

    varying: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    def vary(self, name: str, expression: str | None) -> None:
        if expression is None:
            self.constants[name] = "null"
        else:
            self.varying[name] = expression


def client_of(mapping: Mapping, column: str) -> str:
    """The client's pseudonym, with the source's prefix."""
    text = sql.key_text(column)
    return f"{literal(mapping.client_id_prefix)} || {text}" if mapping.client_id_prefix else text


def tidy_measures(
    connection: "Connection",
    kind: str,
    staged: Staged,
    mapping: Mapping,
    registry: Registry,
    dialect: sql.Dialect,
) -> Incoming:
    """Candidates of a tidy ``responses`` or ``scores`` file, one per line."""
    table = KINDS[kind].table
    target, value = ("item", "response") if table == "item_responses" else ("scale_id", "score")
    _resolve_codes(connection, table, target, registry)
    header = staged.header
    fields = _Fields()

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
    return _collect(
        connection,
        table,
        fields,
        source=f"{TABLE} left join landed_codes as code on code.given_instrument = {TABLE}.instrument_id "
        f"and code.given_target = {TABLE}.{target}",
        line=staged.line,
        dialect=dialect,
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
                (row["instrument_id"], code, row["target"])
                for row in ranges.to_dict("records")
                for code in (
                    str(row["target"]),
                    str(row["target"]).removeprefix(f"{row['instrument_id']}_"),
                )
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
            select distinct {quoted("instrument_id")} as given_instrument, {quoted(target)} as given_target
            from {TABLE}
        )
        select given_instrument, given_target, aliases.instrument_id, codes.target, ranges.low, ranges.high
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
    fields = _Fields()
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
    return _collect(
        connection,
        table,
        fields,
        source=cells,
        line="line",
        dialect=dialect,
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


def _distinct(columns: object) -> list[str]:
    return list(dict.fromkeys(column for column in columns if column))  # type: ignore[attr-defined]


def _collect(
    connection: "Connection",
    table: str,
    fields: _Fields,
    *,
    source: str,
    line: str,
    dialect: sql.Dialect,
    date: str | None,
    day: str | None,
    value: str,
    key_faults: list[tuple[str, str]],
    code_faults: list[tuple[str, str]],
    time_columns: tuple[int | str, int | str, int | str],
    value_column: int | str,
    is_wide: bool,
) -> Incoming:
    """Create the table of candidates: every rule for one answer in one pass over the file."""
    is_item = table == "item_responses"
    reads = {"occurred_text": date, "day": day}
    inner = [f"{line} as line", f"{value} as value"]
    inner += [f"{expression} as {name}" for name, expression in fields.varying.items()]
    inner += [f"{expression} as {name}" for name, expression in reads.items() if expression]
    inner += ["code.instrument_id", "code.target", "code.low", "code.high"]
    if is_wide:
        inner += [
            "code.slot",
            "code.shift",
            "code.column_position",
            "code.day_position",
            "code.date_position",
        ]
    else:
        inner += [expression + f" as key_fault_{n}" for n, (expression, _) in enumerate(key_faults)]
        key_faults = [(f"key_fault_{n}", number) for n, (_, number) in enumerate(key_faults)]
    checks = list(key_faults)
    times = [name for name, there in (("occurred_text", date), ("day", day)) if there]
    times += ["occasion"] if "occasion" in fields.varying else []
    nothing = " and ".join(f"{name} is null" for name in times)
    checks.append((nothing, sql.fault("missing_time", time_columns[0])))
    if date:
        bad = sql.is_bad_date("occurred_text", "occurred_date", dialect)
        checks.append((bad, sql.fault("unreadable_date", time_columns[1])))
    if day:
        checks.append((sql.is_bad_number("day"), sql.fault("unreadable_day", time_columns[2])))
    checks += code_faults
    shift = "shift" if is_wide else "0"
    word = "response" if is_item else "score"
    pattern = sql.WHOLE_NUMBER if is_item else sql.NUMBER
    bad = sql.is_bad_number("value", pattern)
    checks.append((bad, sql.fault(f"{word}_not_a_number", value_column)))
    outside = f"try_cast(value as double) - {shift} not between low and high"
    checks.append((outside, sql.fault(f"{word}_out_of_range", value_column)))

    occurred = "occurred_date::varchar" if date else "null"
    parts = [
        "client_id",
        "episode_id" if "episode_id" in fields.varying else "null",
        "instrument_id",
        occurred,
    ]
    parts += [
        sql.same_day("day") if day else "null",
        "occasion" if "occasion" in fields.varying else "null",
    ]
    varying = [*fields.varying, "instrument_id", *(["day"] if day else [])]
    outer = ["line", *(["slot"] if is_wide else []), *varying]
    outer += [f"target as {_TARGET[table]}", f"value as {_VALUE[table]}"]
    if is_wide and is_item:
        outer.append("shift as response_shift")
    outer += [f"{occurred} as occurred_on"] if date else []
    outer += [f"{sql.faults(checks)} as fault", f"{sql.key(parts)} as administration_key"]
    name = f"incoming_{table}"
    read_date = f", {sql.as_date('occurred_text', dialect)} as occurred_date" if date else ""
    connection.execute(
        f"""
        create or replace temp table {name} as
        with picked as (select {", ".join(inner)} from {source}),
        dated as (select *{read_date} from picked),
        checked as (select {", ".join(outer)} from dated)
        select *, {sql.key(["administration_key::varchar", _TARGET[table]])} as record_key
        from checked
        """
    )
    constants = dict(fields.constants)
    constants |= {} if date else {"occurred_on": "null"}
    constants |= {} if day else {"day": "null"}
    columns = [*varying, _TARGET[table], _VALUE[table], *(["occurred_on"] if date else [])]
    if is_item:
        columns += ["response_shift"] if is_wide else []
        constants |= {} if is_wide else {"response_shift": "0"}
    return Incoming(
        table=table,
        name=name,
        constants=constants,
        varying=("administration_key", *columns),
        is_one_per_line=not is_wide,
        same=_same_value(is_item=is_item, has_shift=is_item and is_wide),
    )


def _same_value(*, is_item: bool, has_shift: bool) -> str:
    """Two answers are the same when they mean the same number, however each was written."""
    if not is_item:
        return "try_cast(new.score as double) is not distinct from try_cast(old.score as double)"
    shift = "new.response_shift" if has_shift else "0"
    return (
        f"try_cast(new.response as double) - {shift} "
        "is not distinct from try_cast(old.response as double) - old.response_shift"
    )
