"""An imaginary clinic written straight into the tables that the relations read.

What belongs here: episodes, groups, sessions, diaries, scores, changes and courses of as many
clients as asked for, drawn by DuckDB's hash: the same in every run, and no loop in Python.
What does not: raw files, scoring or judging change (``scoring`` and ``landing`` measure those), or
any timing (``relations``).

Forms are weekly, up to twelve of them. Four clients in ten leave after some week from the fourth
on, one course in four has a gap, one client in twenty comes for a second episode. Symptoms follow
from self-compassion one occasion before.
"""

from typing import NamedTuple

from orchestration import warehouse
from tests.sql_harness import sql_scout

OCCASIONS = 12


class Scale(NamedTuple):
    """How one scale's scores are drawn, all in its points.

    Attributes:
        level, between, within: of everybody, its SD between clients and from week to week.
        course: per occasion.
        lagged: per SD of self-compassion one occasion before.
        step: the smallest difference between two scores.
    """

    level: float
    between: float
    within: float
    course: float
    lagged: float
    step: float


SCALES = {
    "scs_total": Scale(2.5, 0.4, 0.25, 0.03, 0.0, 1 / 26),
    "scs_compassionate": Scale(2.6, 0.4, 0.3, 0.03, 0.0, 1 / 13),
    "scs_uncompassionate": Scale(3.4, 0.4, 0.3, -0.03, 0.0, 1 / 13),
    "scs_self_kindness": Scale(2.5, 0.5, 0.4, 0.04, 0.0, 1 / 5),
    "scs_self_judgment": Scale(3.5, 0.5, 0.4, -0.04, 0.0, 1 / 5),
    "scs_common_humanity": Scale(2.6, 0.5, 0.4, 0.03, 0.0, 1 / 4),
    "scs_isolation": Scale(3.3, 0.5, 0.4, -0.03, 0.0, 1 / 4),
    "scs_mindfulness": Scale(2.8, 0.5, 0.4, 0.03, 0.0, 1 / 4),
    "scs_over_identification": Scale(3.5, 0.5, 0.4, -0.03, 0.0, 1 / 4),
    "ess_total": Scale(60.0, 8.0, 4.0, -0.4, -1.5, 1.0),
    "phq9_total": Scale(14.0, 3.0, 2.0, -0.3, -0.5, 1.0),
    "gad7_total": Scale(11.0, 3.0, 2.0, -0.2, -0.4, 1.0),
}
ROLES = {"ess_total": "mechanism", "phq9_total": "outcome", "gad7_total": "outcome"}
# What the registry says, and what the scoring stage hands over when it has no answers.
FROM_THE_REGISTRY = (
    "staging.stg_registry__scales",
    "staging.stg_registry__instruments",
    "seeds.component_pairs",
    "change.int_change_criteria",
    "scoring.int_reliability_forms",
    "scoring.int_reliability_answers",
    "scoring.int_scale_memberships",
)


# Beyond so many clients the same are written again: drawing a million would take longer than all
# that is measured.
MOST_DRAWN = 100_000
OF_CLIENTS = (
    "staging.int_episodes",
    "staging.int_episode_strata",
    "staging.stg_raw__clients",
    "staging.stg_raw__sessions",
    "staging.stg_raw__practice",
    "change.int_episode_outcomes",
    "change.int_score_sequences",
    "change.int_changes",
    "change.int_score_courses",
)


def fill(connection: warehouse.Connection, clients: int) -> None:
    """Write everything that the relations read."""
    for schema in ("seeds", "staging", "scoring", "change", "relations"):
        connection.execute(f"create schema if not exists {schema}")
    _copy_registry(connection)
    # Four uniform numbers from one hash: near enough to normal, with an SD of 1.
    connection.execute(
        "create temporary macro noise(a, b) as (cast(hash(a, b) & 65535 as integer) "
        "+ cast(hash(a, b) >> 16 & 65535 as integer) + cast(hash(a, b) >> 32 & 65535 as integer) "
        "+ cast(hash(a, b) >> 48 as integer) - 131070) / 37837.0"
    )
    drawn = min(clients, MOST_DRAWN)
    _write_episodes(connection, drawn)
    _write_scores(connection)
    _write_changes(connection)
    connection.execute("drop table drawn")
    if clients > drawn:
        _copy_clients(connection, clients // drawn)


def _copy_clients(connection: warehouse.Connection, copies: int) -> None:
    """Everybody again under other names: no table or step here knows that they are alike."""
    for table in OF_CLIENTS:
        columns = connection.table(table).columns
        renamed = ", ".join(
            f"{column} || '-' || copy as {column}"
            for column in ("client_id", "episode_id")
            if column in columns
        )
        if "record_key" in columns:
            renamed += ", record_key * 64 + copy as record_key"
        schema, name = table.split(".")
        connection.execute(f"alter table {table} rename to drawn_{name}")
        connection.execute(
            f"create table {table} as select * exclude (copy) replace ({renamed}) "
            f"from {schema}.drawn_{name} cross join range({copies}) as copies (copy)"
        )
        connection.execute(f"drop table {schema}.drawn_{name}")


def _copy_registry(connection: warehouse.Connection) -> None:
    scout = sql_scout().build({}, {})
    for name in FROM_THE_REGISTRY:
        connection.register("found", scout.connection.table(name).arrow())
        connection.execute(f"create table {name} as select * from found")
    connection.unregister("found")


def _write_episodes(connection: warehouse.Connection, clients: int) -> None:
    connection.execute(
        f"""
        create table staging.int_episodes as
        select i, 'e' || i as episode_id,
            -- Number 19, 39, ... are second episodes of the client before.
            'c' || case when i % 20 = 19 then i - 1 else i end as client_id,
            'program' || i % 4 as program_id, 'clinic' || hash(i, 'clinic') % 8 as clinic_id,
            case when i % 4 = 0 then 'arm' || i // 4 % 3 end as arm,
            date '2022-01-03' + cast(hash(i, 'start') % 1400 as integer) as started_on,
            date '2022-01-03' + cast(hash(i, 'start') % 1400 as integer) + 84 as ended_on,
            cast(4 + case when hash(i, 'stay') % 10 < 4 then hash(i, 'left') % 9 else 8 end
                as integer) as visits
        from range(cast({clients} * 20 / 19 as bigint)) as episodes (i)
        """
    )
    strata = {
        "all": "'all'",
        "program": "program_id",
        "clinic": "clinic_id",
        "condition": "'condition' || hash(i, 'condition') % 8",
        "self_compassion_content": "'content' || i % 4 % 3",
    }
    kinds = [
        f"select episode_id, '{kind}' as stratum_kind, {name} as stratum_id "
        "from staging.int_episodes"
        for kind, name in strata.items()
    ]
    connection.execute(f"create table staging.int_episode_strata as {' union all '.join(kinds)}")
    connection.execute(
        """
        create table staging.stg_raw__clients as
        select client_id, 'age_band' as attribute, 'band' || hash(client_id) % 6 as attribute_value
        from staging.int_episodes group by client_id
        """
    )
    connection.execute(
        """
        create table staging.stg_raw__sessions as
        select episode_id, k as session_number, started_on + cast(7 * k - 4 as integer) as held_on,
            null::double as stated_day,
            case when hash(i, k, 'p') % 10 < 8 then 'true' else 'false' end as presence,
            case when hash(i, k, 'a') % 10 < 7 then 'true' else 'false' end as alliance,
            case when hash(i, k, 'i') % 10 < 6 then 'true' else 'false' end as interventions,
            cast(20 + hash(i, k, 's') % 17 as double) as alliance_score
        from staging.int_episodes cross join range(1, 13) as sessions (k)
        where k <= visits
        """
    )
    connection.execute(
        """
        create table staging.stg_raw__practice as
        select i * 4 + k as record_key, client_id, 'practice' || k % 3 as practice_id,
            started_on + cast(20 * k as integer) as practised_on, null::double as stated_day,
            cast(hash(i, k, 'm') % 40 as double) as minutes
        from staging.int_episodes cross join range(4) as days (k)
        """
    )
    connection.execute(
        """
        create table change.int_episode_outcomes as
        select episode_id, true as has_ended, visits >= 6 as is_finished from staging.int_episodes
        """
    )


def _write_scores(connection: warehouse.Connection) -> None:
    columns = ", ".join(
        f"round(({s.level} + {s.between} * noise(i, '{name}') + {s.within} * noise(i * 64 + k, "
        f"'{name}') + {s.course} * k + {s.lagged} * noise(i * 64 + k - 1, 'scs_total')) "
        f"/ {s.step}) * {s.step} as {name}"
        for name, s in SCALES.items()
    )
    connection.execute(
        f"""
        create table drawn as
        select i, client_id, episode_id, program_id, k, visits, {columns}
        from staging.int_episodes cross join range(1, {OCCASIONS + 1}) as occasions (k)
        where k <= visits
        """
    )
    # The week that the course has no score in, where it is one: never the first, seldom one at all.
    gap = "(2 + hash(i, '{}') % 44)"
    selects = [
        f"""
        select client_id, episode_id, program_id, '{name}' as scale_id,
            7.0::double * (k - 1) as day, null::varchar as timepoint,
            7.0::double * (k - 1) as time_position, true as is_ordered_by_day,
            {name} as score, cast(k - cast(k > {gap.format(name)} as integer) as bigint)
                as position,
            cast(visits - cast(visits >= {gap.format(name)} as integer) as bigint)
                as positions_count,
            0.0::double as first_time_position, true as is_first_of_moment
        from drawn where k <> {gap.format(name)}
        """
        for name in SCALES
    ]
    connection.execute("create table change.int_score_sequences as " + " union all ".join(selects))


def _write_changes(connection: warehouse.Connection) -> None:
    selects = []
    for name, scale in SCALES.items():
        reliable = 2.0 * scale.within
        sign = 1 if scale.course > 0 else -1
        for label, is_wanted in (
            ("'first_to_last'", "laters.k = laters.visits"),
            ("'baseline_to_' || laters.k - 1", "laters.k > 1"),
        ):
            selects.append(
                f"""
                select laters.client_id, laters.episode_id, '{name}' as scale_id,
                    {label} as interval_name, firsts.{name} as baseline_score,
                    laters.{name} as final_score, laters.{name} - firsts.{name} as change,
                    case
                        when {sign} * (laters.{name} - firsts.{name}) > {reliable} then 'improved'
                        when {sign} * (laters.{name} - firsts.{name}) < -{reliable}
                            then 'deteriorated'
                        else 'unchanged'
                    end as reliable_change_class,
                    '{ROLES.get(name, "process")}' as instrument_role
                from drawn as laters inner join drawn as firsts using (i)
                where firsts.k = 1 and {is_wanted}
                """
            )
    connection.execute("create table change.int_changes as " + " union all ".join(selects))
    courses = [
        f"""
        select client_id, episode_id, program_id, '{name}' as scale_id,
            case when hash(i, 'r', '{name}') % 10 < 6 then 'reached' else 'censored' end
                as improvement_status,
            null::varchar as unknown_reason, 7.0::double as days_between_scores,
            7.0 * (hash(i, 'd', '{name}') % 10) as improved_position,
            7.0 * (hash(i, 'd', '{name}') % 10) as improved_day,
            7.0 * (hash(i, 'd', '{name}') % 10) - 7 as unimproved_position
        from drawn where k = 1
        """
        for name in SCALES
    ]
    connection.execute("create table change.int_score_courses as " + " union all ".join(courses))
