"""Clients, episodes, sessions and practice: from the landed table to checked, keyed candidates.

What belongs here: the row rules of everything that is not an answer or a stated score.
What does not: comparing with what is already stored (loading.py).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.landing import expressions as sql
from orchestration.landing.binding import unmapped
from orchestration.landing.candidates import Incoming, client_of
from orchestration.landing.columns import EPISODE_ATTRIBUTES
from orchestration.landing.mapping import Mapping
from orchestration.landing.staged import TABLE, Staged, literal
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


@dataclass(frozen=True)
class _Shape:
    """How a table's records are told apart, and which texts must be numbers.

    Attributes:
        key: the columns that make the key; None for all of them.
        numbers: column -> the reason when it is no number.
    """

    key: tuple[str, ...] | None
    numbers: dict[str, str]


_SHAPES = {
    "episodes": _Shape(("episode_id", "condition_id"), {}),
    "sessions": _Shape(
        ("episode_id", "session_number"),
        {"day": "unreadable_day", "alliance_score": "score_not_a_number"},
    ),
    "practice": _Shape(None, {"day": "unreadable_day", "minutes": "response_not_a_number"}),
}


def tidy_records(
    connection: "Connection", kind: str, staged: Staged, mapping: Mapping, dialect: sql.Dialect
) -> Incoming:
    """Candidates of a tidy ``clients``, ``episodes``, ``sessions`` or ``practice`` file."""
    tidy = KINDS[kind]
    if tidy.has_attributes:
        columns = unmapped(staged.header, tidy.columns, mapping.ignore)
        return _attributes(
            connection,
            staged,
            mapping,
            dialect,
            "client_id",
            {column: column for column in columns},
            keep_blank=True,
        )
    at = {column: position for position, column in enumerate(staged.header)}
    texts: dict[str, str] = {}
    checks = []
    for column in (column for column in tidy.columns if column in at):
        is_required = column in tidy.required
        is_number = column in _SHAPES[tidy.table].numbers
        valued = sql.number_text if is_number else sql.value_text
        text = sql.key_text(column) if is_required else valued(column, dialect)
        if column == "client_id":
            text = client_of(mapping, column)
        elif column == "program_id" and mapping.program_id:
            text = f"coalesce({text}, {literal(mapping.program_id)})"
        if is_required:
            checks.append((f"{column} is null", sql.fault("missing_key", at[column])))
        texts[column] = text
    for column in (column for column in tidy.dates if column in at):
        read = sql.as_date(column, dialect)
        checks.append(
            (sql.is_bad_date(column, read, dialect), sql.fault("unreadable_date", at[column]))
        )
    for column, reason in _SHAPES[tidy.table].numbers.items():
        if column in at:
            checks.append((sql.is_bad_number(column), sql.fault(reason, at[column])))
    constants = (
        {"program_id": literal(mapping.program_id)}
        if kind == "episodes" and "program_id" not in at
        else {}
    )
    dates = {
        column: f"{sql.as_date(column, dialect)}::varchar" for column in tidy.dates if column in at
    }
    return _create(
        connection,
        tidy.table,
        staged.line,
        staged.relation,
        texts,
        constants,
        checks,
        dates,
        is_one_per_line=True,
    )


def wide_records(
    connection: "Connection",
    staged: Staged,
    mapping: Mapping,
    dialect: sql.Dialect,
    source_name: str,
) -> list[Incoming]:
    """Candidates for clients and episodes that a wide file describes beside its answers."""
    found = []
    client = str(mapping.client_id)
    ours = {
        name: column
        for name, column in mapping.attributes.items()
        if name not in EPISODE_ATTRIBUTES
    }
    if ours:
        found.append(
            _attributes(connection, staged, mapping, dialect, client, ours, keep_blank=False)
        )
    theirs = {
        name: column for name, column in mapping.attributes.items() if name in EPISODE_ATTRIBUTES
    }
    if theirs or mapping.episode_id or mapping.clinic_id:
        texts = {"client_id": client_of(mapping, client)}
        if mapping.episode_id:
            texts["episode_id"] = sql.key_text(mapping.episode_id)
        texts |= {name: sql.value_text(column, dialect) for name, column in theirs.items()}
        constants = {
            "program_id": literal(mapping.program_id),
            "clinic_id": literal(mapping.clinic_id),
        }
        own = f"coalesce(program_id, {literal(source_name)})"
        named = f"coalesce(episode_id, concat_ws('/', 'client', client_id, {own}))"
        said = (
            " or ".join(
                f"{sql.value_text(column, dialect)} is not null" for column in theirs.values()
            )
            or "true"
        )
        at = staged.header.index(client)
        checks = [("client_id is null", sql.fault("missing_key", at))]
        lines = f"select *, {staged.line} as landed_line from {staged.relation} where {said}"
        found.append(
            _create(
                connection,
                "episodes",
                "landed_line",
                f"({lines}) as {TABLE}",
                texts,
                constants,
                checks,
                {},
                is_one_per_line=False,
                key=(named, "condition_id"),
            )
        )
    return found


def _attributes(
    connection: "Connection",
    staged: Staged,
    mapping: Mapping,
    dialect: sql.Dialect,
    client: str,
    columns: dict[str, str],
    *,
    keep_blank: bool,
) -> Incoming:
    """One candidate per client and attribute; a blank one is kept only where it is a statement."""
    names = ", ".join(literal(name) for name in columns)
    values = ", ".join(sql.value_text(column, dialect) for column in columns.values())
    places = ", ".join(str(staged.header.index(column)) for column in columns.values())
    source = f"""(
        select {staged.line} as landed_line, {client_of(mapping, client)} as client_id,
            unnest([{names}]) as attribute, unnest([{values}]) as value, unnest([{places}]) as place
        from {staged.relation})"""
    checks = [("client_id is null", sql.fault("missing_key", staged.header.index(client)))]
    texts = {"client_id": "client_id", "attribute": "attribute", "value": "value"}
    chosen = (
        source
        if keep_blank
        else f"(select * from {source} where value is not null or client_id is null)"
    )
    return _create(
        connection,
        "clients",
        "landed_line",
        chosen,
        texts,
        {},
        checks,
        {},
        is_one_per_line=False,
        key=("client_id", "attribute"),
        place="place",
    )


def _create(
    connection: "Connection",
    table: str,
    line: str,
    source: str,
    texts: dict[str, str],
    constants: dict[str, str],
    checks: list[tuple[str, str]],
    dates: dict[str, str],
    *,
    is_one_per_line: bool,
    key: tuple[str, ...] | None = None,
    place: str = "0",
) -> Incoming:
    name = f"incoming_{table}"
    parts = key or _SHAPES[table].key or tuple(texts)
    all_texts = {**constants, **texts}
    # A part of the key that this file does not have counts as blank.
    known = [part if not part.isidentifier() or part in all_texts else "null" for part in parts]
    blank = {
        column: "null"
        for column in ("episode_id", "program_id")
        if table == "episodes" and column not in all_texts
    }
    picked = ", ".join(
        f"{expression} as {column}" for column, expression in {**blank, **all_texts}.items()
    )
    read = ", ".join(f"{expression} as {column}" for column, expression in dates.items())
    replaced = f"* replace ({read})" if read else "*"
    connection.execute(
        f"""
        create or replace temp table {name} as
        with picked as (select {line} as line, {place} as place, {picked} from {source}),
        checked as (
            select *, {sql.faults(checks)} as fault, row_number() over () as slot from picked
        ),
        dated as (select {replaced} from checked)
        select *, {sql.key(known)} as record_key from dated
        """
    )
    # What a repeated key may differ in, and then is no repetition.
    compared = [column for column in all_texts if column not in parts] or ["record_key"]
    same = " and ".join(f"new.{column} is not distinct from old.{column}" for column in compared)
    return Incoming(
        table=table,
        name=name,
        constants={},
        varying=tuple(all_texts),
        is_one_per_line=is_one_per_line,
        same=same,
    )
