"""What stands behind one row: forms for a row about one person, counts for one about many.

What belongs here: finding them in the evaluation file of the same release.
What does not: tables that hold small numbers back; nobody asks for them here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestration import warehouse
from orchestration.desk.lineage import Lineage
from orchestration.desk.published_tables import PublishedTable

_FORMS_AT_MOST = 40
_SCALE_COLUMNS = ("scale_id", "process_scale_id", "outcome_scale_id", "mediator_scale_id")
# Columns that mean the same group in an aggregate and in a table with a row per episode.
_GROUP_COLUMNS = ("program_id", "instrument_id", "interval_name", "threshold_set")
_GROUPS_AT_MOST = 4
# How a stratum is found among the episodes.
_STRATA = {
    "program": "select episode_id from marts.dim_episodes where program_id = ?",
    "clinic": "select episode_id from marts.dim_episodes where clinic_id = ?",
    "clinician": "select episode_id from marts.dim_episodes where clinician_id = ?",
    "arm": "select episode_id from marts.dim_episodes where arm = ?",
    "condition": "select episode_id from marts.dim_episode_conditions where condition_id = ?",
    "self_compassion_content": "select episode_id from marts.dim_episodes "
    "inner join marts.dim_programs using (program_id) where self_compassion_content = ?",
    **{
        attribute: "select episode_id from marts.dim_episodes inner join marts.dim_clients "
        f"using (client_id) where {attribute} = ?"
        for attribute in ("age_band", "gender", "ethnicity")
    },
}


@dataclass(frozen=True)
class Form:
    """One completed form behind a row: what, when, and on which lines of which file it stands."""

    instrument_id: str
    scale_id: str
    day: float | None
    occasion: str | None
    timepoint: str | None
    score_origin: str | None
    load_id: str | None
    first_line: int | None
    last_line: int | None


@dataclass(frozen=True)
class Group:
    """How many rows of a table with a row per person or episode are in the same group.

    Attributes:
        table: the table.
        row_count: its rows in the group.
        narrowed: the columns by which the group was found.
        not_narrowed: what of the group the table does not know.
    """

    table: str
    row_count: int
    narrowed: tuple[str, ...]
    not_narrowed: tuple[str, ...]


def forms_behind(
    connection: warehouse.Connection, table: PublishedTable, row: dict[str, Any]
) -> tuple[Form, ...]:
    """The forms behind a row about one form, episode or client; none for an aggregate.

    Of a change only the two forms it lies between.
    """
    column = next(
        (name for name in ("administration_id", "episode_id", "client_id") if row.get(name)), None
    )
    if column is None:
        return ()
    conditions, values = [f"scores.{column} = ?"], [row[column]]
    scales = [row[name] for name in _SCALE_COLUMNS if row.get(name)]
    if scales:
        conditions.append("list_contains(?, scores.scale_id)")
        values.append(scales)
    elif table.name == "fct_episode_outcomes":
        conditions.append(
            "scores.scale_id in (select scale_id from marts.fct_episode_measures "
            "where episode_id = ?)"
        )
        values.append(row["episode_id"])
    days = [row[name] for name in ("baseline_day", "final_day") if row.get(name) is not None]
    if len(days) == 2:
        conditions.append("list_contains(?, scores.day)")
        values.append(days)
    found = connection.execute(
        "select scores.instrument_id, scores.scale_id, scores.day, scores.occasion, "
        "scores.timepoint, scores.score_origin, loads.load_id, loads.first_line, loads.last_line "
        f"from marts.fct_scores as scores {_loads(connection)} "
        f"where {' and '.join(conditions)} order by all limit {_FORMS_AT_MOST}",
        values,
    ).fetchall()
    return tuple(Form(*one) for one in found)


def _loads(connection: warehouse.Connection) -> str:
    there = connection.execute(
        "select count(*) from duckdb_tables() where table_name = 'dq_administration_loads'"
    ).fetchone()
    if there and there[0]:
        return "left join marts.dq_administration_loads as loads using (administration_id)"
    return (
        "left join (select null::varchar as load_id, null::bigint as first_line, "
        "null::bigint as last_line) as loads on true"
    )


def groups_behind(
    connection: warehouse.Connection,
    marts: Sequence[PublishedTable],
    table: PublishedTable,
    row: dict[str, Any],
    lineage: Lineage,
) -> tuple[Group, ...]:
    """For an aggregate: rows of the tables that show what it was made from, person by person.

    A mart shows it if all that the mart was made from is also behind the aggregate.
    """
    behind = set(lineage.ancestors(table.full_name)) | {table.full_name}
    found = []
    for mart in marts:
        parents = {p for p in lineage.made_from.get(mart.full_name, []) if ".stg_registry" not in p}
        is_of_people = mart.name.startswith("fct_") and mart.column("episode_id") is not None
        if mart.name != table.name and is_of_people and parents and parents <= behind:
            found.append(_group(connection, mart, row))
    return tuple(sorted(found, key=lambda group: -len(group.narrowed))[:_GROUPS_AT_MOST])


def _group(connection: warehouse.Connection, mart: PublishedTable, row: dict[str, Any]) -> Group:
    conditions: list[str] = []
    values: list[Any] = []
    narrowed: list[str] = []
    not_narrowed: list[str] = []
    for name in _GROUP_COLUMNS:
        if (value := row.get(name)) in (None, "all"):
            continue
        if mart.column(name) is not None:
            conditions.append(f"{name} = ?")
        elif name == "program_id":
            conditions.append(f"episode_id in ({_STRATA['program']})")
        else:
            not_narrowed.append(name)
            continue
        values.append(value)
        narrowed.append(f"{name} {value}")
    scales = [row[name] for name in _SCALE_COLUMNS if row.get(name)]
    if scales and mart.column("scale_id"):
        conditions.append("list_contains(?, scale_id)")
        values.append(scales)
        narrowed.append(f"scale_id {' or '.join(scales)}")
    kind, stratum = row.get("stratum_kind"), row.get("stratum_id")
    if kind not in (None, "all"):
        if kind in _STRATA:
            conditions.append(f"episode_id in ({_STRATA[kind]})")
            values.append(stratum)
            narrowed.append(f"{kind} {stratum}" if kind != "clinician" else "the clinician")
        else:
            not_narrowed.append(str(kind))
    not_narrowed += [
        name for name in ("period", "population") if row.get(name) not in (None, "all")
    ]
    where = " and ".join(conditions) or "true"
    counted = connection.execute(
        f"select count(*) from {mart.full_name} where {where}", values
    ).fetchone()
    return Group(
        mart.full_name, int(counted[0]) if counted else 0, tuple(narrowed), tuple(not_narrowed)
    )
