"""Which scores, changes and rates are not what they were in the release before, and why: counts.

What belongs here: setting the new marts beside the current release before another one is built,
and writing ``quality.score_drift``. Keys are joined inside DuckDB; only counts are kept, no client.
What does not: judging what is found (``expectations``), or computing any score.

Why a score moved. Its form stands in a file that came since: ``new_file``, or ``corrected_file``
where the release before knew the form. Its file was read again under another mapping or
definition: ``read_again``. None of these: ``rule`` where code, models, seeds or definitions are
not those of the release before, else ``unexplained``. A change also moves with records of others
(a clinic's own deviation): ``other_records``, or ``records_and_rule`` where both came; so does
every rate.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orchestration import fingerprint, warehouse
from orchestration.publishing.catalogue import EVALUATION_FILE
from orchestration.publishing.release import Release, is_intact, read_current
from orchestration.settings import Settings

_COLUMNS = """
    subject varchar, program_id varchar, scale_id varchar, metric_id varchar, reason varchar,
    added_count bigint, removed_count bigint, changed_count bigint, moved_class_count bigint,
    largest_difference double, previous_release bigint, changed_rules varchar, load_count bigint,
    load_ids varchar
"""
# Load ids that are written out; the rest are counted.
_NAMED_LOADS = 20
# What parallel sums leave between two runs is no difference.
_TOLERANCE = 1e-9


class _Subject(NamedTuple):
    """What is compared: one mart.

    Attributes:
        name: the word in ``subject``.
        table: the mart.
        key: what names a row in both releases.
        value: the number that may move.
        classes: the words that may move with it.
        form: the column by which forms of files that came since are found, or None.
    """

    name: str
    table: str
    key: tuple[str, ...]
    value: str
    classes: tuple[str, ...]
    form: str | None


_SUBJECTS = (
    _Subject(
        "score",
        "fct_scores",
        ("administration_id", "scale_id"),
        "score",
        ("severity_band", "is_case"),
        "administration_id",
    ),
    _Subject(
        "change",
        "fct_changes",
        ("episode_id", "scale_id", "interval_name"),
        "improvement",
        ("reliable_change_class", "outcome_class"),
        "episode_id",
    ),
    _Subject(
        "rate",
        "fct_program_outcomes",
        (
            "program_id",
            "stratum_kind",
            "stratum_id",
            "period_kind",
            "period",
            "population",
            "threshold_set",
            "scale_id",
            "metric_id",
        ),
        "estimate",
        ("status",),
        None,
    ),
)


def prepare(connection: warehouse.Connection) -> None:
    """Make sure that the table is there for dbt."""
    connection.execute("create schema if not exists quality")
    connection.execute(f"create table if not exists quality.score_drift ({_COLUMNS})")


def record(settings: Settings) -> None:
    """Set the marts as they are now beside the current release; nothing where there is none.

    A rebuild as known at a date is set beside nothing: its past is not the release before. Neither
    is a release whose files were damaged or are of a version of Scout with other columns.
    """
    before = read_current(settings) if settings.as_of is None else None
    with warehouse.open_to_write(settings) as connection:
        prepare(connection)
        connection.execute("delete from quality.score_drift")
        if before is not None and is_intact(before):
            warehouse.attach(
                connection, before.folder / EVALUATION_FILE, "previous", read_only=True
            )
            _compare(connection, before, changed_rules(settings, before.manifest))


def changed_rules(settings: Settings, manifest: Mapping[str, Any]) -> list[str]:
    """Which of code, models, seeds and definitions are not those that a manifest names."""
    now = fingerprint.of_rules(settings)
    then = manifest.get("rules")
    if not isinstance(then, dict):
        # A release of an earlier version of Scout tells its code as a whole.
        return [] if manifest.get("code") == fingerprint.of_code(settings) else ["code"]
    return [name for name in now if now[name] != then.get(name)]


def _compare(connection: warehouse.Connection, before: Release, rules: Sequence[str]) -> None:
    if not (
        _has_before(connection, "dq_loads", {"load_id", "sha256", "status", "is_retired"})
        and _has_before(connection, "fct_scores", {"administration_id", "episode_id"})
    ):
        return
    loads = _find_loads(connection)
    _find_forms(connection)
    shared = [
        str(before.sequence),
        f"'{', '.join(rules) or 'none'}'",
        str(len(loads)),
        f"'{_named(loads)}'",
    ]
    for subject in _SUBJECTS:
        wanted = {*subject.key, *subject.classes, subject.value, "program_id"}
        if _has_before(connection, subject.table, wanted):
            connection.execute(
                f"insert into quality.score_drift select *, {', '.join(shared)} "
                f"from ({_movements(subject, has_rules=bool(rules), has_loads=bool(loads))})"
            )


def _find_loads(connection: warehouse.Connection) -> list[str]:
    """Loads that came since, and those that were read again since and so count no more."""
    connection.execute(
        """
        create or replace temp table moved_loads as
        with known as (select load_id, sha256, status, is_retired from previous.marts.dq_loads)
        select loads.load_sequence, loads.load_id,
            loads.load_id in (select load_id from known)
            or loads.sha256 in (select sha256 from known where status = 'loaded') as is_read_again
        from raw.loads as loads
        where loads.status = 'loaded' and (
            loads.load_id not in (select load_id from known)
            or (loads.retired_by is not null
                and loads.load_id in (select load_id from known where not is_retired))
        )
        """
    )
    rows = connection.execute("select load_id from moved_loads order by load_sequence").fetchall()
    return [str(row[0]) for row in rows]


def _named(loads: Sequence[str]) -> str:
    more = len(loads) - _NAMED_LOADS
    return ", ".join(loads[:_NAMED_LOADS]) + (f" and {more} more" if more > 0 else "")


def _find_forms(connection: warehouse.Connection) -> None:
    """Forms and episodes that records of those loads speak of, each with why it may have moved."""
    records = " union all ".join(
        f"select administration_key, load_sequence from raw.{table}"
        for table in ("item_responses", "stated_scores", "refused_answers")
    )
    # The least word wins, which is the order that matters: a correction, a new form, a reading.
    connection.execute(
        f"""
        create or replace temp table moved_administration_id as
        with touched as (
            select records.administration_key::varchar as administration_id,
                bool_and(moved_loads.is_read_again) as is_read_again
            from ({records}) as records
            inner join moved_loads using (load_sequence)
            group by all
        )
        select administration_id, case
            when is_read_again then 'read_again'
            when administration_id in (
                select administration_id from previous.marts.fct_scores
            ) then 'corrected_file'
            else 'new_file' end as reason
        from touched
        """
    )
    connection.execute(
        """
        create or replace temp table moved_episode_id as
        select placed.episode_id, min(moved.reason) as reason
        from (
            select administration_id, episode_id from marts.fct_scores
            union all select administration_id, episode_id from previous.marts.fct_scores
        ) as placed
        inner join moved_administration_id as moved using (administration_id)
        where placed.episode_id is not null
        group by all
        """
    )


def _has_before(connection: warehouse.Connection, table: str, wanted: set[str]) -> bool:
    """Whether the release before has these columns; one of another version may not."""
    rows = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'previous' "
        "and table_name = ?",
        [table],
    ).fetchall()
    return wanted <= {str(row[0]) for row in rows}


def _movements(subject: _Subject, *, has_rules: bool, has_loads: bool) -> str:
    """SQL: one row per program, scale, metric and reason of whatever is not as it was."""
    columns = dict.fromkeys(("program_id", *subject.key, *subject.classes))
    sides = ", ".join(
        f"{alias} as (select {', '.join(columns)}, {subject.value} as value "
        f"from {mart}.{subject.table} where {subject.value} is not null)"
        for alias, mart in (("present", "marts"), ("past", "previous.marts"))
    )
    same = " and ".join(
        f"present.{column} is not distinct from past.{column}" for column in subject.key
    )
    moved = " or ".join(
        f"present.{column} is distinct from past.{column}" for column in subject.classes
    )
    place = ", ".join(
        f"coalesce(present.{column}, past.{column}) as {column}"
        if column in columns
        else f"null::varchar as {column}"
        for column in ("program_id", "scale_id", "metric_id")
    )
    both = "present.value is not null and past.value is not null"
    form, forms = "null", ""
    if subject.form:
        form = f"coalesce(present.{subject.form}, past.{subject.form})"
        forms = f"left join moved_{subject.form} as forms on moved.form = forms.{subject.form}"
    return f"""
        with {sides},
        moved as (
            select {place}, {form} as form,
                past.value is null as is_added, present.value is null as is_removed,
                abs(present.value - past.value) as difference,
                {both} and ({moved}) as has_moved_class
            from present full join past on {same}
            where present.value is null or past.value is null
                or abs(present.value - past.value) > {_TOLERANCE} or {moved}
        )
        select '{subject.name}' as subject, program_id, moved.scale_id, metric_id,
            coalesce({"forms.reason" if forms else "null"},
                '{_elsewhere(subject, has_rules, has_loads)}') as reason,
            count(*) filter (where is_added), count(*) filter (where is_removed),
            count(*) filter (where not is_added and not is_removed),
            count(*) filter (where has_moved_class), max(difference)
        from moved {forms}
        group by all
    """


def _elsewhere(subject: _Subject, has_rules: bool, has_loads: bool) -> str:
    """Why something moved that no form of its own explains."""
    if subject.name == "score":
        # A score rests on its own form alone.
        return "rule" if has_rules else "unexplained"
    return {
        (True, True): "records_and_rule",
        (True, False): "rule",
        (False, True): "other_records",
        (False, False): "unexplained",
    }[has_rules, has_loads]
