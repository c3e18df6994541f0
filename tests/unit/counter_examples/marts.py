"""Data that break each rule of the marts of scores and changes.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or
marts with modules of their own (``programs``, ``tracking``, ``link``, ``link_over_time``,
``estimates``, ``trajectories``, ``quality``).
"""

MART_SCORE = "update marts.fct_scores set {} where administration_id = 'a1'"
MART_METHOD = "update marts.fct_change_methods set {} where method = 'hsu_linn_lord'"
AGREEMENT = "update marts.fct_change_method_agreement set {} where sample_size = 20"
DRIFT = "update marts.dq_score_drift set {} where reason = 'new_file'"
MART_CHANGE = "update marts.fct_changes set {} where client_id = 'c1' and scale_id = 'mood_total'"

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    ("marts.fct_scores", "one_row_per_administration_and_scale"): [
        ("update marts.fct_scores set administration_id = 'a1'", 1)
    ],
    **{
        ("marts.fct_scores", f"{column}_is_present"): [(MART_SCORE.format(f"{column} = null"), 1)]
        for column in (
            "administration_id",
            "client_id",
            "instrument_id",
            "scale_id",
            "scoring_variant",
            "score_origin",
            "is_valid",
        )
    },
    ("marts.dq_administration_loads", "one_row_per_form_and_file"): [
        ("update marts.dq_administration_loads set load_id = 'load-1'", 1)
    ],
    ("marts.dq_administration_loads", "every_scored_form_stands_in_a_file"): [
        ("delete from marts.dq_administration_loads where administration_id = 'a1'", 1)
    ],
    ("marts.dq_administration_loads", "lines_are_lines_of_a_file"): [
        ("update marts.dq_administration_loads set first_line = 0 where load_id = 'load-2'", 1),
        ("update marts.dq_administration_loads set last_line = 2 where load_id = 'load-2'", 1),
        ("update marts.dq_administration_loads set record_count = 0 where load_id = 'load-2'", 1),
    ],
    ("marts.dq_key_guards", "no_guard_speaks_against_a_key"): [
        ("update marts.dq_key_guards set status = 'warning'", 1)
    ],
    ("marts.fct_changes", "one_row_per_episode_scale_and_interval"): [
        ("update marts.fct_changes set episode_id = 'e1'", 2)
    ],
    **{
        ("marts.fct_changes", f"{column}_is_present"): [(MART_CHANGE.format(f"{column} = null"), 1)]
        for column in (
            "client_id",
            "episode_id",
            "instrument_id",
            "scale_id",
            "interval_name",
            "reliable_change_class",
            "outcome_class",
        )
    },
    ("marts.fct_change_methods", "one_row_per_episode_scale_interval_and_method"): [
        (MART_METHOD.format("method = 'jacobson_truax'"), 1)
    ],
    **{
        ("marts.fct_change_methods", f"{column}_is_present"): [
            (MART_METHOD.format(f"{column} = null"), 1)
        ]
        for column in ("method", "reliable_change_class")
    },
    ("marts.fct_change_methods", "every_method_has_the_same_episodes"): [
        (
            "insert into marts.fct_change_methods select 'e2', * exclude (episode_id) "
            "from marts.fct_change_methods where is_default",
            1,
        )
    ],
    ("marts.fct_change_methods", "no_default_compares_a_person_with_the_others"): [
        (MART_METHOD.format("is_default = true"), 1)
    ],
    ("marts.fct_change_method_agreement", "one_row_per_scale_interval_and_method"): [
        ("update marts.fct_change_method_agreement set interval_name = 'first_to_last'", 1)
    ],
    ("marts.fct_change_method_agreement", "agreement_is_a_part_of_those_judged"): [
        (AGREEMENT.format("same_count = 16, agreement_proportion = 0.8"), 1),
        (AGREEMENT.format("agreement_proportion = 0.7"), 1),
        (AGREEMENT.format("newly_improved_count = -1"), 1),
    ],
    ("marts.fct_change_method_agreement", "kappa_stands_exactly_where_it_was_estimated"): [
        (AGREEMENT.format("kappa = null"), 1),
        (AGREEMENT.format("kappa = -1.5"), 1),
        (AGREEMENT.format("kappa = 0.8"), 1),
        ("update marts.fct_change_method_agreement set kappa = 0.1 where status = 'too_few'", 1),
    ],
    ("marts.fct_change_method_agreement", "statuses_are_known_words"): [
        (AGREEMENT.format("status = 'good'"), 1)
    ],
    ("marts.dq_score_drift", "scores_of_unchanged_files_stay_what_they_were"): [
        (DRIFT.format("reason = 'rule'"), 1),
        (DRIFT.format("reason = 'unexplained'"), 1),
    ],
    ("marts.dq_score_drift", "whatever_moved_has_a_cause"): [
        (DRIFT.format("reason = 'unexplained'"), 1)
    ],
    ("marts.dq_score_drift", "one_row_per_subject_place_and_reason"): [
        (DRIFT.format("reason = 'corrected_file'"), 1)
    ],
    ("marts.dq_score_drift", "every_row_tells_of_something_that_moved"): [
        (DRIFT.format("added_count = 0"), 1),
        (DRIFT.format("removed_count = -1"), 1),
        (DRIFT.format("moved_class_count = 1"), 1),
        (DRIFT.format("largest_difference = 1"), 1),
    ],
    ("marts.dq_score_drift", "reasons_are_known_words"): [(DRIFT.format("reason = 'fate'"), 1)],
    **{
        (f"marts.{table}", "both_directions_stand_side_by_side"): [
            (f"delete from marts.{table} where direction = 'outcome_to_process'", count)
        ]
        for table, count in (
            ("rel_within_person_models", 1),
            ("rel_cross_lagged", 2),
            ("rel_early_change", 1),
        )
    },
}
