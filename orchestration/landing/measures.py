"""Answers and stated scores of a tidy file: one on each line.

What belongs here: which column gives which part of an answer, and codes turned into the registry's.
What does not: the rules for one answer (candidates.py).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing import expressions as sql
from orchestration.landing.candidates import Fields, Incoming, client_of, collect
from orchestration.landing.labels import add_missing_codes, gather_labels, has_words
from orchestration.landing.mapping import Mapping as SourceMapping
from orchestration.landing.registry import Registry
from orchestration.landing.repetitions import count_of
from orchestration.landing.staged import TABLE, Staged, literal
from orchestration.landing.tidy import KINDS

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


def tidy_measures(
    connection: "Connection",
    kind: str,
    staged: Staged,
    mapping: SourceMapping,
    registry: Registry,
    dialect: sql.Dialect,
    source_name: str,
    codes: Mapping[str, tuple[str, ...]],
) -> Incoming:
    """Candidates of a tidy ``responses`` or ``scores`` file, one per line.

    ``codes`` are those for no answer among the items of an instrument, beside the dialect's.
    """
    table = KINDS[kind].table
    is_item = table == "item_responses"
    target, value = ("item", "response") if is_item else ("scale_id", "score")
    _resolve_codes(connection, table, target, registry, staged)
    own = dialect.by_column.get(value, ())
    has_codes = bool(dialect.missing or (codes and is_item))
    if has_codes:
        add_missing_codes(connection, dialect.missing, codes if is_item else {})
    text = sql.key_text(value)
    coded = sql.without_codes(text, own) if own else text
    if has_codes:
        coded = f"(case when list_contains(code.missing, {text}) then null else {coded} end)"
    source = (
        f"{staged.relation} left join landed_codes as code "
        f"on code.given_instrument = {TABLE}.instrument_id "
        f"and code.given_target = {TABLE}.{target}"
    )
    label = None
    if is_item and has_words(connection, staged, [value]):
        gather_labels(connection, registry, f"select code.instrument_id, {text} from {source}")
        source += (
            " left join landed_labels as label on label.instrument_id = code.instrument_id "
            f"and label.given = {text}"
        )
        label = "label.response"
    coded_count = 0
    if has_codes or own:
        coded_count = count_of(connection, f"select count({text}) - count({coded}) from {source}")
    header = staged.header
    fields = Fields()

    def optional(column: str, read: Callable[[str], str] = sql.key_text) -> str | None:
        return read(column) if column in header else None

    fields.vary("client_id", client_of(mapping, "client_id"))
    fields.vary("episode_id", optional("episode_id"))
    if "program_id" in header:
        default = f", {literal(mapping.program_id)}" if mapping.program_id else ""
        fields.vary("program_id", f"coalesce({sql.key_text('program_id')}{default})")
    else:
        fields.constants["program_id"] = literal(mapping.program_id)
    fields.vary("occasion", optional("occasion"))
    fields.vary("mode", optional("mode"))
    fields.constants |= {"occasion_order": "null", "timepoint": "null"}
    if table == "stated_scores":
        fields.constants["is_preferred"] = str(mapping.stated_wins).lower()
    if has_codes:
        fields.reads["is_ambiguous"] = f"list_contains(code.ambiguous, {text})"
    at = {column: position for position, column in enumerate(header)}
    when = next(column for column in KINDS[kind].one_of if column in header)
    return collect(
        connection,
        table,
        fields,
        source=source,
        line=staged.line,
        dialect=dialect,
        source_name=source_name,
        date=optional("occurred_on", lambda column: sql.value_text(column, dialect)),
        day=optional("day", lambda column: sql.number_text(column, dialect)),
        value=sql.as_number(coded, dialect),
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
            *([("is_ambiguous", sql.fault("ambiguous_code", at[value]))] if has_codes else []),
        ],
        time_columns=(at[when], at.get("occurred_on", 0), at.get("day", 0)),
        value_column=at[value],
        is_wide=False,
        label=label,
        coded_count=coded_count,
        relation=staged.relation,
    )


def _resolve_codes(
    connection: "Connection", table: str, target: str, registry: Registry, staged: Staged
) -> None:
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
    fractional = "ranges.is_fractional" if table == "item_responses" else "false"
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
            from {staged.table}
        )
        select given_instrument, given_target, aliases.instrument_id, codes.target,
            {sql.key(["codes.target::varchar"])} as target_key,
            dense_rank() over (partition by aliases.instrument_id order by codes.target)
                as target_number,
            ranges.low, ranges.high, {fractional} as is_fractional
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
