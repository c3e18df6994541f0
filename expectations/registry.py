"""Every rule there is, by gate.

What belongs here: which tables are judged at which gate, and the list of rules for the docs.
What does not: a rule.
"""

from expectations.rules import TableSuite
from expectations.suites import (
    change_int_changes,
    marts_dq_key_guards,
    marts_fct_attrition,
    marts_fct_change_methods,
    marts_fct_changes,
    marts_fct_episode_outcomes,
    marts_fct_funnel_limits,
    marts_fct_program_outcomes,
    marts_fct_scores,
    marts_rel_components,
    marts_rel_concordance,
    marts_rel_delivery,
    marts_rel_moderation,
    marts_rel_pooled,
    marts_rel_practice,
    marts_rel_sensitivity,
    published_pub_change_associations,
    published_pub_program_measures,
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
        marts_fct_episode_outcomes.SUITE,
        marts_fct_program_outcomes.SUITE,
        marts_fct_funnel_limits.SUITE,
        marts_fct_attrition.SUITE,
        marts_rel_concordance.SUITE,
        marts_rel_components.SUITE,
        marts_rel_pooled.SUITE,
        marts_rel_moderation.SUITE,
        marts_rel_sensitivity.SUITE,
        marts_rel_delivery.SUITE,
        marts_rel_practice.SUITE,
        marts_dq_key_guards.SUITE,
    ),
    "published": (
        published_pub_program_measures.SUITE,
        published_pub_change_associations.SUITE,
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
