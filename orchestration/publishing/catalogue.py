"""Which tables each published file holds. Nothing else is ever copied.

What belongs here: the two lists, and the comments that travel with the tables.
What does not: how a table is made (``dbt_project``).
"""

from collections.abc import Sequence

from orchestration.warehouse import Connection

EVALUATION_FILE = "evaluation.duckdb"
DASHBOARD_FILE = "dashboard.duckdb"
# Not for readers: what the next release needs to know of this one (``disclosure``).
DISCLOSURE_FILE = "disclosure_state.duckdb"

# Pseudonymous, for program evaluators: schema marts.
EVALUATION_TABLES = (
    "fct_scores",
    "fct_score_classes",
    "fct_changes",
    "fct_change_methods",
    "fct_change_method_agreement",
    "fct_episode_outcomes",
    "fct_episode_measures",
    "fct_program_outcomes",
    "fct_funnel_limits",
    "fct_attrition",
    "fct_expected_trajectories",
    "fct_session_tracking",
    "fct_alerts",
    "fct_alert_performance",
    "fct_score_courses",
    "fct_sudden_gains",
    "fct_change_order",
    "fct_severity_adjusted",
    "fct_dose_response",
    "fct_follow_up",
    "fct_waits",
    "fct_benchmarks",
    "fct_scale_reliability",
    "fct_sessions",
    "fct_practice",
    "rel_change_associations",
    "rel_concordance",
    "rel_components",
    "rel_pooled",
    "rel_moderation",
    "rel_sensitivity",
    "rel_delivery",
    "rel_practice",
    "rel_within_person",
    "rel_change_order",
    "rel_within_person_models",
    "rel_cross_lagged",
    "rel_early_change",
    "rel_mediation",
    "dim_change_criteria",
    "dim_clients",
    "dim_client_attributes",
    "dim_episodes",
    "dim_episode_conditions",
    "dim_programs",
    "dim_scales",
    "dim_thresholds",
    "dim_severity_bands",
    "dim_equivalences",
    "dq_completeness",
    "dq_administration_loads",
    "dq_conflicts",
    "dq_freshness",
    "dq_key_guards",
    "dq_loads",
    "dq_new_forms",
    "dq_refusals",
    "dq_refusal_report",
    "dq_release",
    "dq_results",
    "dq_rules",
    "dq_score_drift",
    "dq_stated_scores",
    "metric_dictionary",
)

# Aggregates only, small numbers held back: schema published.
DASHBOARD_TABLES = (
    "pub_program_measures",
    "pub_change_associations",
    "pub_program_outcomes",
    "pub_attrition",
    "pub_score_bins",
    "pub_change_bins",
    "pub_change_lines",
    "pub_course",
    "pub_change_order",
    "pub_sudden_gains",
    "pub_lead_lag",
    "pub_strata",
    "pub_components",
    "pub_mediation",
    "pub_delivery",
    "pub_dose_response",
    "pub_comparisons",
    "pub_benchmarks",
    "pub_completeness",
    "pub_loads",
    "pub_metric_dictionary",
    "pub_programs",
    "pub_release",
    "pub_rule_results",
    "pub_scales",
)
# What rests on the results of the last rules, which are known once the candidate stands.
REFRESHED = {
    EVALUATION_FILE: ("dq_results", "dq_release"),
    DASHBOARD_FILE: ("pub_rule_results", "pub_release"),
}

# No row of these is about one person (``disclosure``).
DISCLOSURE_TABLES = (
    "release_cells",
    "release_state",
    "release_births",
    "told_cells",
    "told_atoms",
)

PUBLISHED = {
    EVALUATION_FILE: ("marts", EVALUATION_TABLES),
    DASHBOARD_FILE: ("published", DASHBOARD_TABLES),
    DISCLOSURE_FILE: ("disclosure", DISCLOSURE_TABLES),
}


def copy_table(connection: Connection, schema: str, table: str) -> int:
    """Copy one table from the attached ``warehouse`` to the attached ``release``, rows in order.

    Returns:
        The number of rows copied.
    """
    connection.execute(
        f"create or replace table release.{schema}.{table} as "
        f"select * from warehouse.{schema}.{table} order by all"
    )
    row = connection.execute(f"select count(*) from release.{schema}.{table}").fetchone()
    return int(row[0]) if row else 0


def copy_comments(connection: Connection, schema: str, tables: Sequence[str]) -> None:
    """Give copied tables and their columns the descriptions they have in the warehouse.

    ``create table as`` loses them; with them an evaluator has the data dictionary in the file.
    They are read for all tables at once and written in one go, because reading DuckDB's
    catalogue costs the same for one table as for all.
    """
    found = connection.execute(
        "select name, null, comment from (select database_name, schema_name, table_name as name,"
        " comment from duckdb_tables() union all"
        " select database_name, schema_name, view_name, comment from duckdb_views())"
        " where database_name = 'warehouse' and schema_name = $schema and comment is not null"
        " union all select table_name, column_name, comment from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = $schema and comment is not null",
        {"schema": schema},
    ).fetchall()
    statements = [
        f'comment on column release.{schema}.{table}."{column}" is {_quoted(comment)}'
        if column
        else f"comment on table release.{schema}.{table} is {_quoted(comment)}"
        for table, column, comment in found
        if table in tables
    ]
    connection.execute("; ".join(statements))


def _quoted(text: str) -> str:
    # COMMENT ON takes no parameters; a doubled quote is SQL's own escape.
    return "'" + text.replace("'", "''") + "'"
