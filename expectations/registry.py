"""Every rule there is, by gate.

What belongs here: which tables are judged at which gate, and the list of rules for the docs.
What does not: a rule.
"""

from expectations.rules import TableSuite
from expectations.suites import (
    change_int_changes,
    marts_dq_administration_loads,
    marts_dq_key_guards,
    marts_dq_score_drift,
    marts_fct_alert_performance,
    marts_fct_alerts,
    marts_fct_attrition,
    marts_fct_benchmarks,
    marts_fct_change_method_agreement,
    marts_fct_change_methods,
    marts_fct_change_order,
    marts_fct_changes,
    marts_fct_dose_response,
    marts_fct_episode_measures,
    marts_fct_episode_outcomes,
    marts_fct_expected_trajectories,
    marts_fct_follow_up,
    marts_fct_funnel_limits,
    marts_fct_program_outcomes,
    marts_fct_score_courses,
    marts_fct_scores,
    marts_fct_session_tracking,
    marts_fct_severity_adjusted,
    marts_fct_sudden_gains,
    marts_fct_waits,
    marts_rel_change_order,
    marts_rel_components,
    marts_rel_concordance,
    marts_rel_cross_lagged,
    marts_rel_delivery,
    marts_rel_early_change,
    marts_rel_mediation,
    marts_rel_moderation,
    marts_rel_pooled,
    marts_rel_practice,
    marts_rel_sensitivity,
    marts_rel_within_person_models,
    published_pub_attrition,
    published_pub_change_associations,
    published_pub_program_measures,
    published_pub_program_outcomes,
    raw_clients,
    raw_episodes,
    raw_item_responses,
    raw_loads,
    raw_practice,
    raw_sessions,
    raw_stated_scores,
    scoring_int_scores,
    staging_int_administrations,
    staging_int_episodes,
    staging_stg_raw__item_responses,
)

# The gates up to `change` judge warehouse.duckdb; `marts` judges a release's evaluation.duckdb and
# `published` its dashboard.duckdb, both before readers see them.
SUITES: dict[str, tuple[TableSuite, ...]] = {
    "raw": (
        raw_loads.SUITE,
        raw_item_responses.SUITE,
        raw_stated_scores.SUITE,
        raw_clients.SUITE,
        raw_episodes.SUITE,
        raw_sessions.SUITE,
        raw_practice.SUITE,
    ),
    "staging": (
        staging_int_administrations.SUITE,
        staging_int_episodes.SUITE,
        staging_stg_raw__item_responses.SUITE,
    ),
    "scoring": (scoring_int_scores.SUITE,),
    "change": (change_int_changes.SUITE,),
    "marts": (
        marts_fct_scores.SUITE,
        marts_fct_changes.SUITE,
        marts_fct_change_methods.SUITE,
        marts_fct_change_method_agreement.SUITE,
        marts_fct_episode_outcomes.SUITE,
        marts_fct_episode_measures.SUITE,
        marts_fct_program_outcomes.SUITE,
        marts_fct_funnel_limits.SUITE,
        marts_fct_attrition.SUITE,
        marts_fct_expected_trajectories.SUITE,
        marts_fct_session_tracking.SUITE,
        marts_fct_alerts.SUITE,
        marts_fct_alert_performance.SUITE,
        marts_fct_score_courses.SUITE,
        marts_fct_sudden_gains.SUITE,
        marts_fct_change_order.SUITE,
        marts_rel_change_order.SUITE,
        marts_fct_severity_adjusted.SUITE,
        marts_fct_dose_response.SUITE,
        marts_fct_follow_up.SUITE,
        marts_fct_waits.SUITE,
        marts_rel_concordance.SUITE,
        marts_rel_components.SUITE,
        marts_rel_pooled.SUITE,
        marts_rel_moderation.SUITE,
        marts_rel_sensitivity.SUITE,
        marts_rel_delivery.SUITE,
        marts_rel_practice.SUITE,
        marts_dq_key_guards.SUITE,
        marts_dq_administration_loads.SUITE,
        marts_fct_benchmarks.SUITE,
        marts_dq_score_drift.SUITE,
        marts_rel_within_person_models.SUITE,
        marts_rel_cross_lagged.SUITE,
        marts_rel_early_change.SUITE,
        marts_rel_mediation.SUITE,
    ),
    "published": (
        published_pub_program_measures.SUITE,
        published_pub_change_associations.SUITE,
        published_pub_program_outcomes.SUITE,
        published_pub_attrition.SUITE,
    ),
}


def catalogue() -> list[dict[str, str]]:
    """One row per rule, in the order of the gates.

    Returns:
        Rows with gate, schema_name, table_name, rule, severity, sentence, why, when_it_fails,
        columns and tables (what the rule reads, separated by commas).
    """
    return [
        {
            "gate": gate,
            "schema_name": suite.schema,
            "table_name": suite.table,
            "rule": rule.rule_id,
            "severity": rule.severity,
            "sentence": rule.sentence,
            "why": rule.why,
            "when_it_fails": rule.when_it_fails,
            "columns": ", ".join(rule.columns),
            "tables": ", ".join(rule.tables),
        }
        for gate, suites in SUITES.items()
        for suite in suites
        for rule in suite.rules
    ]
