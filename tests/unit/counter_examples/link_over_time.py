"""Data that break each rule of the marts of the link over time.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or
the link of change with change (``link``).
"""

# Table: the rule about its key, its estimate, rows with one below -0.15, rows without one.
LINK_OVER_TIME = {
    "rel_within_person_models": "one_row_per_pair_direction_and_model",
    "rel_cross_lagged": "one_row_per_pair_model_and_direction",
    "rel_early_change": "one_row_per_pair_and_direction",
    "rel_mediation": "one_row_per_group_and_path",
}
LINK_ESTIMATES = {
    "rel_within_person_models": "within_slope",
    "rel_cross_lagged": "estimate",
    "rel_early_change": "estimate",
    "rel_mediation": "indirect",
}
LINK_ROWS = {
    "rel_within_person_models": 2,
    "rel_cross_lagged": 1,
    "rel_early_change": 1,
    "rel_mediation": 1,
}
LINK_EMPTY = {
    "rel_within_person_models": 1,
    "rel_cross_lagged": 2,
    "rel_early_change": 1,
    "rel_mediation": 1,
}

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    **{
        (f"marts.{table}", rule): examples
        for table, key in LINK_OVER_TIME.items()
        for rule, examples in {
            key: [(f"insert into marts.{table} from marts.{table} limit 1", 1)],
            "statuses_are_known_words": [
                (f"update marts.{table} set status = 'fine' where status = 'too_few'", 1)
            ]
            if table != "rel_cross_lagged"
            else [
                (
                    f"update marts.{table} set status = 'fine', reason = null "
                    "where model = 'plain'",
                    2,
                )
            ],
            "evidence_labels_are_known_words": [
                (
                    f"update marts.{table} set evidence_label = 'causal' "
                    "where status = 'estimated' and "
                    f"{LINK_ESTIMATES[table]} < -0.15",
                    LINK_ROWS[table],
                ),
            ],
            "only_estimated_rows_carry_numbers": [
                (
                    f"update marts.{table} set interval_low = null "
                    f"where {LINK_ESTIMATES[table]} < -0.15",
                    LINK_ROWS[table],
                ),
                (
                    f"update marts.{table} set interval_high = 0.9 "
                    f"where {LINK_ESTIMATES[table]} is null",
                    LINK_EMPTY[table],
                ),
            ],
        }.items()
    },
    **{
        (f"marts.{table}", "an_estimate_lies_within_its_limits"): [
            (
                f"update marts.{table} set interval_low = 0.5 "
                f"where {LINK_ESTIMATES[table]} < -0.15",
                LINK_ROWS[table],
            ),
            (
                f"update marts.{table} set standard_error = -0.1 "
                f"where {LINK_ESTIMATES[table]} < -0.15",
                LINK_ROWS[table],
            ),
        ]
        for table in LINK_OVER_TIME
        if table != "rel_mediation"
    },
    ("marts.rel_cross_lagged", "a_random_intercept_has_three_waves"): [
        ("update marts.rel_cross_lagged set wave_count = 2", 2),
        ("update marts.rel_cross_lagged set wave_count = null", 2),
    ],
    ("marts.rel_cross_lagged", "what_cannot_be_computed_says_why"): [
        ("update marts.rel_cross_lagged set reason = null", 2)
    ],
    ("marts.rel_mediation", "the_indirect_path_is_the_product_of_its_parts"): [
        ("update marts.rel_mediation set a = 0.6", 1),
    ],
    ("marts.rel_mediation", "nothing_is_controlled_without_a_comparison_arm"): [
        ("update marts.rel_mediation set evidence_label = 'controlled'", 1)
    ],
}
