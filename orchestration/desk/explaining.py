"""`scout explain`: one number of a release, walked back to the files behind it.

What belongs here: finding the row, its definitions, thresholds, tables, forms, files and rules.
What does not: how it is told (``explaining_told``), or computing the number again.

No id of a client and no answer leaves this room: forms are told by day and occasion, and of a
table of the dashboard nothing is counted that its status may hold back.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestration import warehouse
from orchestration.desk.behind import Form, Group, forms_behind, groups_behind
from orchestration.desk.lineage import Lineage, SourceFile, read_lineage
from orchestration.desk.published_tables import (
    PublishedTable,
    find_release,
    find_table,
    opened,
    tables_of,
)
from orchestration.errors import SettingsError
from orchestration.publishing.catalogue import DASHBOARD_FILE, EVALUATION_FILE
from orchestration.publishing.release import Release, file_hash
from orchestration.settings import Settings

Row = dict[str, Any]
WITHHELD = "(not told)"
# Whatever leads to a person; episode ids that Scout derives hold the client's.
_OF_A_PERSON = ("client_id", "episode_id", "clinician_id", "administration_id", "attribute_value")
_FEW = 8


@dataclass(frozen=True)
class Definition:
    """A word of the metric dictionary, or a threshold: its name and what it says."""

    name: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class RuleCount:
    """What came of the rules of the tables on the way: how many held, and those that did not."""

    held: int
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """One number and the way back from it.

    Attributes:
        release: where it stands.
        table: the table.
        row: column -> value as text; ids of people are withheld.
        is_untouched: whether the file still has the bytes that were published.
        definitions: metrics and words of the row.
        thresholds: cut-offs and rules of change that it rests on.
        lineage: what the release was made from; None in releases older than that record.
        ancestors: the tables that this one was made from, nearest first.
        forms: for a row about one person or episode: the completed forms behind it.
        groups: for an aggregate: how many rows of which table are in the same group.
        files: the files behind it.
        rules: what came of the rules on the way.
    """

    release: Release
    table: PublishedTable
    row: Row
    is_untouched: bool
    definitions: tuple[Definition, ...]
    thresholds: tuple[Definition, ...]
    lineage: Lineage | None
    ancestors: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    groups: tuple[Group, ...] = ()
    files: tuple[SourceFile, ...] = ()
    rules: RuleCount = field(default_factory=lambda: RuleCount(0, ()))

    @property
    def is_of_the_dashboard(self) -> bool:
        """Whether the table holds small numbers back, so that nothing beside it is counted."""
        return self.table.file == DASHBOARD_FILE


def explain(
    settings: Settings, sequence: int | None, table_name: str, keys: Sequence[str]
) -> Explanation:
    """Walk one row of a published table back to the files behind it.

    Args:
        settings: the home.
        sequence: the release; the current one if None.
        table_name: a mart or a ``pub_`` table.
        keys: ``column=value``, as many as single out one row; ``column=`` asks for an empty one.

    Raises:
        SettingsError: no such release, table or column, or not exactly one row.
    """
    release = find_release(settings, sequence)
    table = find_table(settings, release, table_name)
    with opened(settings, release, table.file) as connection:
        row = _find_row(connection, table, _parsed(table, keys))
    lineage = read_lineage(release)
    ancestors = lineage.ancestors(table.full_name) if lineage is not None else []
    told = release.manifest.get("files", {}).get(table.file, {}).get("sha256")
    is_untouched = told == file_hash(release.folder / table.file)
    forms: tuple[Form, ...] = ()
    groups: tuple[Group, ...] = ()
    with opened(settings, release, EVALUATION_FILE) as connection:
        definitions = _definitions(connection, table, row)
        thresholds = _thresholds(connection, row)
        rules = _rules(connection, [table.full_name, *ancestors])
        if table.file == EVALUATION_FILE:
            marts = tables_of(settings, release, EVALUATION_FILE)
            forms = forms_behind(connection, table, row)
            if not forms and lineage is not None:
                groups = groups_behind(connection, marts, table, row, lineage)
    return Explanation(
        release,
        table,
        {name: _shown(name, value) for name, value in row.items()},
        is_untouched,
        definitions,
        thresholds,
        lineage,
        tuple(ancestors),
        forms,
        groups,
        _files(lineage, ancestors, forms),
        rules,
    )


def is_of_a_person(column: str) -> bool:
    """Whether a column's values lead to a person."""
    return column.endswith(_OF_A_PERSON)


def _shown(column: str, value: object) -> object:
    return WITHHELD if value is not None and is_of_a_person(column) else value


def _parsed(table: PublishedTable, keys: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for key in keys:
        column, equals, value = key.partition("=")
        if not equals:
            message = f"{key!r} is not of the form column=value."
            raise SettingsError(message)
        if table.column(column) is None:
            names = [one.name for one in table.columns]
            alike = difflib.get_close_matches(column, names, n=2, cutoff=0.5)
            hint = f"Did you mean {' or '.join(alike)}?" if alike else f"It has {', '.join(names)}."
            message = f"{table.full_name} has no column {column!r}. {hint}"
            raise SettingsError(message)
        found[column] = value or None
    return found


def _find_row(
    connection: warehouse.Connection, table: PublishedTable, keys: dict[str, str | None]
) -> Row:
    conditions = [
        f'"{column}" is null' if value is None else f'cast("{column}" as varchar) = ?'
        for column, value in keys.items()
    ]
    where = " and ".join(conditions) or "true"
    values = [value for value in keys.values() if value is not None]
    names = [column.name for column in table.columns]
    rows = connection.execute(
        f"select * from {table.full_name} where {where} limit 10001", values
    ).fetchall()
    if not rows:
        message = f"No row of {table.full_name} has these values. {_WRITTEN}"
        raise SettingsError(message)
    if len(rows) > 1:
        apart = _what_tells_apart(names, rows, keys)
        count = f"{len(rows):,}" if len(rows) <= 10_000 else "more than 10,000"
        message = f"{count} rows of {table.full_name} have these values. Add one of: {apart}."
        raise SettingsError(message)
    return dict(zip(names, rows[0], strict=True))


_WRITTEN = "A value is written as the file shows it; `column=` asks for an empty one."


def _what_tells_apart(
    names: Sequence[str], rows: Sequence[tuple[Any, ...]], keys: dict[str, str | None]
) -> str:
    told = []
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        different = sorted({_written(value) for value in values})
        if (
            name in keys
            or len(different) < 2
            or not all(value is None or isinstance(value, str | bool) for value in values)
        ):
            continue
        if len(different) <= _FEW and not is_of_a_person(name):
            told.append(f"{name}={'|'.join(different)}")
        else:
            told.append(f"{name}=…")
    return ", ".join(told[:_FEW])


def _written(value: object) -> str:
    """A value as a key asks for it: DuckDB writes booleans in small letters."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _definitions(
    connection: warehouse.Connection, table: PublishedTable, row: Row
) -> tuple[Definition, ...]:
    words = [*row, *(str(row[name]) for name in row if name.endswith("metric_id") and row[name])]
    rows = connection.execute(
        "select metric_id, name, meaning, formula, source from marts.metric_dictionary "
        "where list_contains(?, metric_id) order by metric_id",
        [words],
    ).fetchall()
    return tuple(
        Definition(
            f"{metric} ({name})",
            tuple(
                f"{label}{text}"
                for label, text in (("", meaning), ("Formula: ", formula), ("Source: ", source))
                if text
            ),
        )
        for metric, name, meaning, formula, source in rows
    )


def _thresholds(connection: warehouse.Connection, row: Row) -> tuple[Definition, ...]:
    ids = [value for name, value in row.items() if name.endswith(("threshold_id", "rule_id"))]
    scales = [value for name, value in row.items() if name.endswith("scale_id") and value]
    found = [
        Definition(str(name), (f"{kind}: {operator or ''} {value:g}".replace("  ", " "), citation))
        for name, kind, operator, value, citation in connection.execute(
            "select threshold_id, threshold_kind, operator, value, citation "
            "from marts.dim_thresholds where list_contains(?, threshold_id) "
            "or (threshold_set = ? and (list_contains(?, scale_id) or len(?) = 0 and scale_id in "
            "(select scale_id from marts.fct_episode_measures))) order by threshold_id",
            [ids, row.get("threshold_set"), scales, scales],
        ).fetchall()
    ]
    for name, points, method, sd_source, reliability in connection.execute(
        "select threshold_id, reliable_change_points, method, sd_source, reliability "
        "from marts.dim_change_criteria where list_contains(?, threshold_id) "
        "or list_contains(?, scale_id) order by threshold_id",
        [ids, scales],
    ).fetchall():
        if points is not None:
            told = f"a change of more than {points:.4g} points is reliable ({method}; SD from "
            found.append(Definition(name, (f"{told}{sd_source}, reliability {reliability:g})",)))
    return tuple(found)


def _rules(connection: warehouse.Connection, tables: Sequence[str]) -> RuleCount:
    rows = connection.execute(
        "select results.table_name, rules.sentence, results.status in ('fail', 'error') "
        "from marts.dq_results as results inner join marts.dq_rules as rules "
        "using (gate, table_name, rule) where list_contains(?, results.table_name) and run_id = "
        "(select max_by(run_id, checked_at) from marts.dq_results) order by all",
        [list(tables)],
    ).fetchall()
    broken = tuple(f"{table}: {sentence}" for table, sentence, is_broken in rows if is_broken)
    return RuleCount(len(rows) - len(broken), broken)


def _files(
    lineage: Lineage | None, ancestors: Sequence[str], forms: Sequence[Form]
) -> tuple[SourceFile, ...]:
    if lineage is None:
        return ()
    if forms:
        named = {form.load_id for form in forms}
        return tuple(file for file in lineage.files if file.load_id in named)
    # A kind of record that no table on the way reads cannot have moved the number.
    kinds = {"responses": "item_responses", "scores": "stated_scores"}
    known = {"responses", "scores", "clients", "episodes", "sessions", "practice"}
    return tuple(
        file
        for file in lineage.files
        if file.record_type not in known
        or f"raw.{kinds.get(file.record_type, file.record_type)}" in ancestors
    )
