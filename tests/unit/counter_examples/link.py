"""What breaks each rule of the tables of the link, and how many failures that makes.

What belongs here: counter-examples for ``tests/unit/test_expectations_rules.py``, which holds the
good rows they break. What does not: any claim.
"""

# Which row of each table of the link a counter-example breaks.
LINK_ROWS = {
    "rel_concordance": "outcome_scale_id = 'mood_total'",
    "rel_components": "predictor_id = 'warm'",
    "rel_pooled": "pooled_over = 'program'",
    "rel_moderation": "moderator_level = 'interaction'",
    "rel_sensitivity": "analysis = 'all_available'",
    "rel_delivery": "predictor = 'delivery'",
    "rel_practice": "component_scale_id = 'warm'",
}


def link_row(table: str, change: str) -> str:
    """Change one row of a table of the link."""
    return f"update marts.{table} set {change} where {LINK_ROWS[table]}"


def link_counterexamples() -> dict[tuple[str, str], list[tuple[str, int]]]:
    """The rules that every table of the link has, broken in each."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for table, row in LINK_ROWS.items():
        doubled = f"insert into marts.{table} select * from marts.{table} where {row}"
        broken = {
            "one_row_per_key": [(doubled, 1)],
            "statuses_are_known_words": [(link_row(table, "status = 'good'"), 1)],
            "evidence_is_labelled": [
                (link_row(table, "evidence_label = 'causal'"), 1),
                (link_row(table, "method = null"), 1),
            ],
            "an_estimate_exists_exactly_where_the_status_says_so": [
                (link_row(table, "status = 'too_few'"), 1),
                (link_row(table, "interval_low = null"), 1),
                (link_row(table, "sample_size = null"), 1),
            ],
            "an_estimate_lies_within_its_limits": [(link_row(table, "interval_low = 0.9"), 1)],
        }
        found |= {(f"marts.{table}", rule): examples for rule, examples in broken.items()}
    return found


COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    **link_counterexamples(),
    ("marts.rel_concordance", "estimate_is_possible"): [
        (link_row("rel_concordance", "estimate = -1.1"), 1)
    ],
    ("marts.rel_concordance", "cells_add_up_to_the_clients"): [
        (link_row("rel_concordance", "client_count = 33"), 1),
        (link_row("rel_concordance", "sample_size = 34"), 1),
    ],
    ("marts.rel_components", "relative_weight_is_possible"): [
        (link_row("rel_components", "relative_weight = -0.1"), 1)
    ],
    ("marts.rel_components", "r_squared_is_possible"): [
        (link_row("rel_components", "r_squared = 1.1"), 1)
    ],
    ("marts.rel_components", "weights_add_up_to_what_is_explained"): [
        (link_row("rel_components", "relative_weight = 0.1"), 1)
    ],
    ("marts.rel_pooled", "estimate_is_possible"): [(link_row("rel_pooled", "estimate = 2"), 1)],
    ("marts.rel_pooled", "i_squared_is_possible"): [
        (link_row("rel_pooled", "i_squared = -0.1"), 1)
    ],
    ("marts.rel_pooled", "another_group_is_less_certain_than_the_mean"): [
        (link_row("rel_pooled", "prediction_high = -0.4"), 1),
        (link_row("rel_pooled", "tau_squared = -1"), 1),
    ],
    ("marts.rel_moderation", "p_value_is_possible"): [
        (link_row("rel_moderation", "p_value = 1.2"), 1)
    ],
    ("marts.rel_sensitivity", "analyses_are_known_words"): [
        (link_row("rel_sensitivity", "analysis = 'another'"), 1)
    ],
    ("marts.rel_delivery", "p_value_is_possible"): [(link_row("rel_delivery", "p_value = -1"), 1)],
    ("marts.rel_practice", "estimate_is_possible"): [(link_row("rel_practice", "estimate = 2"), 1)],
    ("marts.rel_practice", "a_controlled_p_is_no_smaller_than_the_plain_one"): [
        (link_row("rel_practice", "q_value = 0.001"), 1)
    ],
}
