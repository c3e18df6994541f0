"""Candidates: one file's records before they are compared with anything stored.

What belongs here: the shape of a table of candidates, the rules for one answer or stated score.
What does not: where in a file the answers stand (measures.py), what raw already holds (loading.py).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.landing import expressions as sql
from orchestration.landing.mapping import Mapping
from orchestration.landing.staged import literal

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_TARGET = {"item_responses": "item", "stated_scores": "scale_id"}
_VALUE = {"item_responses": "response", "stated_scores": "score"}


@dataclass(frozen=True)
class Incoming:
    """A temporary table of candidates for one raw table.

    Attributes:
        table: the raw table.
        name: the temporary table: line, slot, fault, record_key, the columns that vary, and for
            a measure ``target_number``, which counts the items or scales of an instrument from 1.
        constants: raw column -> SQL of what it holds on every row.
        varying: raw columns that the temporary table has.
        is_one_per_line: each line of the file gave exactly one candidate.
        same: SQL that is true where ``new`` says what ``old`` says.
        coded_count: cells of the file that hold a declared code for no answer.
    """

    table: str
    name: str
    constants: dict[str, str]
    varying: tuple[str, ...]
    is_one_per_line: bool
    same: str
    coded_count: int = 0


@dataclass
class Fields:
    """SQL for each field; a constant is kept out of the temporary table.

    Attributes:
        varying: what the temporary table keeps.
        constants: what every row holds alike.
        reads: what is read for a check and not kept.
    """

    varying: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    reads: dict[str, str] = field(default_factory=dict)

    def vary(self, name: str, expression: str | None) -> None:
        """Give a field its SQL; without any it is NULL on every row."""
        if expression is None:
            self.constants[name] = "null"
        else:
            self.varying[name] = expression


def client_of(mapping: Mapping, column: str) -> str:
    """The client's pseudonym, with the source's prefix."""
    text = sql.key_text(column)
    return f"{literal(mapping.client_id_prefix)} || {text}" if mapping.client_id_prefix else text


def collect(
    connection: "Connection",
    table: str,
    fields: Fields,
    *,
    source: str,
    line: str,
    dialect: sql.Dialect,
    source_name: str,
    date: str | None,
    day: str | None,
    value: str,
    key_faults: list[tuple[str, str]],
    code_faults: list[tuple[str, str]],
    time_columns: tuple[int | str, int | str, int | str],
    value_column: int | str,
    is_wide: bool,
    label: str | None,
    coded_count: int,
    relation: str | None = None,
) -> Incoming:
    """Create the table of candidates: every rule for one answer in one pass over the file.

    ``label`` is SQL of the response that an answer in words stands for, where the file has words.
    ``relation`` is the landed table where each day of its column of dates is to be read only once.
    """
    is_item = table == "item_responses"
    reads: dict[str, str | None] = {"occurred_text": date, "day": day}
    shift = "code.shift" if is_wide else "0"
    if label is not None:
        # As the export would store it: the shift is taken off again with that of the numbers.
        value = f"coalesce(({label} + {shift})::varchar, {value})"
    inner = [f"{line} as line", f"{value} as value"]
    inner += [f"{expression} as {name}" for name, expression in fields.varying.items()]
    reads |= fields.reads
    inner += [f"{expression} as {name}" for name, expression in reads.items() if expression]
    inner += ["code.instrument_id", "code.target", "code.target_key", "code.target_number"]
    inner += ["code.low", "code.high"]
    inner += ["code.is_fractional"] if is_item else []
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
        bad = "is_bad_date" if relation else bad
        checks.append((bad, sql.fault("unreadable_date", time_columns[1])))
    if day:
        checks.append((sql.is_bad_number("day"), sql.fault("unreadable_day", time_columns[2])))
    checks += code_faults
    shift = "shift" if is_wide else "0"
    word = "response" if is_item else "score"
    bad = sql.is_bad_number("value", sql.WHOLE_NUMBER if is_item else sql.NUMBER)
    told = sql.fault(f"{word}_not_a_number", value_column)
    if is_item:
        fraction = f"is_fractional and not ({sql.is_bad_number('value')})"
        bad = f"{bad} and not ({fraction})"
        unknown = sql.fault("unknown_label", value_column)
        told = f"case when {sql.is_in_words('value')} then {unknown} else {told} end"
    checks.append((bad, told))
    outside = f"try_cast(value as double) - {shift} not between low and high"
    checks.append((outside, sql.fault(f"{word}_out_of_range", value_column)))

    occurred = "null"
    if date:
        occurred = "occurred_on" if relation else "occurred_date::varchar"
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
    # Two sources may number their clients alike: a correction reaches its own source only.
    parts.append(literal(source_name))
    varying = [*fields.varying, "instrument_id", *(["day"] if day else [])]
    outer = ["line", *(["slot"] if is_wide else []), *varying]
    outer += [f"target as {_TARGET[table]}", f"value as {_VALUE[table]}"]
    if is_wide and is_item:
        outer.append("shift as response_shift")
    outer += [f"{occurred} as occurred_on"] if date else []
    outer += [f"{sql.faults(checks)} as fault", f"{sql.key(parts)} as administration_key"]
    outer += ["target_number::integer as target_number", "target_key"]
    name = f"incoming_{table}"
    read_date, days_of = "", ""
    if date and relation is None:
        read_date = f", {sql.as_date('occurred_text', dialect)} as occurred_date"
    elif date and relation:
        _read_dates(connection, relation, date, dialect)
        read_date = ", dates.is_bad as is_bad_date, dates.occurred_on"
        days_of = "left join landed_dates as dates on dates.given = occurred_text"
    connection.execute(
        f"""
        create or replace temp table {name} as
        with picked as (select {", ".join(inner)} from {source}),
        dated as (select picked.*{read_date} from picked {days_of}),
        checked as (select {", ".join(outer)} from dated)
        select * exclude (target_key),
            {sql.record_key("administration_key", "target_key")} as record_key
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
        coded_count=coded_count,
    )


def _read_dates(connection: "Connection", relation: str, date: str, dialect: sql.Dialect) -> None:
    """A small table of the dates of a file, each read once: what it says, and whether it is one.

    Many answers share a day: to match, cast and write each anew took ten million of them four
    times as long as to look it up.
    """
    connection.execute(
        f"""
        create or replace temp table landed_dates as
        with given as (select distinct {date} as given from {relation}),
        read as (select given, {sql.as_date("given", dialect)} as occurred_date from given)
        select given, occurred_date::varchar as occurred_on,
            {sql.is_bad_date("given", "occurred_date", dialect)} as is_bad
        from read where given is not null
        """
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
