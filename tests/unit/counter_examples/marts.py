"""Data that break each rule of the marts.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or the
marts with modules of their own (``link``, ``estimates``, ``trajectories``, ``quality``).
"""

MART_SCORE = "update marts.fct_scores set {} where administration_id = 'a1'"
MART_METHOD = "update marts.fct_change_methods set {} where method = 'hsu_linn_lord'"
MART_OUTCOME = "update marts.fct_episode_outcomes set {} where episode_id = 'e1'"
MART_NUMBER = "update marts.fct_program_outcomes set {} where metric_id = 'reliable_improvement'"
MART_DOSE = "update marts.fct_dose_response set {} where ending_kind = 'planned'"
MART_SURVIVAL = "update marts.fct_dose_response set {} where session_count = 4"
MART_FATE = "update marts.fct_follow_up set {} where metric_id = 'improvement_kept'"
MART_WAIT = "update marts.fct_waits set {} where limit_days = 42"
AGREEMENT = "update marts.fct_change_method_agreement set {} where sample_size = 20"
MEASURED = "update marts.fct_episode_measures set {} where improvement is not null"
BENCHMARK = "update marts.fct_benchmarks set {} where is_comparable"
DRIFT = "update marts.dq_score_drift set {} where reason = 'new_file'"
CURVE = "update marts.fct_expected_trajectories set {} where scale_id = 'mood_total'"
STATE = "update marts.fct_session_tracking set {} where administration_id = 'a2'"
FORETOLD = "update marts.fct_alert_performance set {} where metric_id = 'alert_sensitivity'"
LED = "update marts.fct_alert_performance set {} where metric_id = 'alert_lead_days'"
MART_CHANGE = "update marts.fct_changes set {} where client_id = 'c1' and scale_id = 'mood_total'"
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
    ("marts.fct_episode_outcomes", "one_row_per_episode"): [
        ("update marts.fct_episode_outcomes set episode_id = 'e1'", 1)
    ],
    **{
        ("marts.fct_episode_outcomes", f"{column}_is_present"): [
            (MART_OUTCOME.format(f"{column} = null"), 1)
        ]
        for column in ("client_id", "program_id", "is_counted", "outcome_status")
    },
    ("marts.fct_episode_outcomes", "every_episode_has_an_outcome_row"): [
        ("insert into marts.dim_episodes values ('e3')", 1)
    ],
    ("marts.fct_episode_outcomes", "changes_are_known_words"): [
        (MART_OUTCOME.format("reliable_change_class = 'better'"), 1)
    ],
    ("marts.fct_episode_outcomes", "recoveries_are_known_words"): [
        ("update marts.fct_episode_outcomes set recovery_class = 'lost' where episode_id = 'e2'", 1)
    ],
    ("marts.fct_episode_outcomes", "recovery_says_the_same_in_word_and_flag"): [
        (MART_OUTCOME.format("is_recovered = null"), 1),
        ("update marts.fct_episode_outcomes set recovery_class = 'not_recovered'", 2),
    ],
    ("marts.fct_episode_outcomes", "reliable_recovery_is_recovery_and_reliable_improvement"): [
        (MART_OUTCOME.format("is_reliably_improved = null"), 1),
        (MART_OUTCOME.format("is_recovered = false"), 1),
    ],
    ("marts.fct_episode_outcomes", "nobody_counts_who_came_once"): [
        (MART_OUTCOME.format("contact_count = 1"), 1)
    ],
    ("marts.fct_program_outcomes", "one_row_per_group_and_metric"): [
        ("insert into marts.fct_program_outcomes from marts.fct_program_outcomes limit 2", 2)
    ],
    ("marts.fct_program_outcomes", "change_classes_sum_to_their_denominator"): [
        (MART_NUMBER.format("numerator_count = 7"), 1),
        ("delete from marts.fct_program_outcomes where metric_id = 'no_reliable_change'", 1),
    ],
    ("marts.fct_program_outcomes", "zero_is_a_number_and_nothing_is_none"): [
        (MART_NUMBER.format("estimate = null"), 1),
        (MART_NUMBER.format("numerator_count = 7"), 1),
        (
            "update marts.fct_program_outcomes set estimate = 0.0 where metric_id = 'recovery'",
            1,
        ),
    ],
    ("marts.fct_program_outcomes", "a_rate_lies_within_its_limits"): [
        (MART_NUMBER.format("interval_low = 0.5"), 1),
        (MART_NUMBER.format("bound_high = 0.3"), 1),
        (MART_NUMBER.format("estimate = 1.2, interval_high = 2.0"), 1),
        (
            "update marts.fct_program_outcomes set interval_high = -1.8 "
            "where metric_id = 'effect_size_change_sd'",
            1,
        ),
    ],
    ("marts.fct_program_outcomes", "statuses_are_known_words"): [
        (MART_NUMBER.format("status = 'fine'"), 1)
    ],
    ("marts.fct_funnel_limits", "one_row_per_unit_and_rate"): [
        ("update marts.fct_funnel_limits set unit_id = 'a'", 2)
    ],
    ("marts.fct_funnel_limits", "expected_sums_to_observed"): [
        ("update marts.fct_funnel_limits set expected_count = 5.5 where unit_id = 'a'", 1)
    ],
    ("marts.fct_funnel_limits", "both_adjustments_are_of_the_same_courses"): [
        ("delete from marts.fct_funnel_limits where unit_id = 'a' and adjustment = 'none'", 1),
        (
            "update marts.fct_funnel_limits set sample_size = 7 where expected_count = 3.5",
            1,
        ),
        (
            "update marts.fct_funnel_limits set numerator_count = 3 where expected_count = 2.5",
            1,
        ),
    ],
    ("marts.fct_funnel_limits", "limits_enclose_the_common_rate"): [
        ("update marts.fct_funnel_limits set target = 0.2", 2),
        ("update marts.fct_funnel_limits set limit_998_high = 0.5", 2),
    ],
    ("marts.fct_funnel_limits", "over_dispersion_only_widens_the_limits"): [
        ("update marts.fct_funnel_limits set overdispersed_limit_95_low = 0.45", 2)
    ],
    ("marts.fct_severity_adjusted", "one_row_per_episode_and_scale"): [
        ("update marts.fct_severity_adjusted set episode_id = 'e1' where episode_id = 'e2'", 1)
    ],
    ("marts.fct_severity_adjusted", "the_two_forms_differ_by_the_constant"): [
        ("update marts.fct_severity_adjusted set acorn_effect_size = 1.4", 3),
        ("update marts.fct_severity_adjusted set status = 'estimated'", 1),
    ],
    ("marts.fct_severity_adjusted", "the_reference_is_as_expected"): [
        (
            "update marts.fct_severity_adjusted set openfit_effect_size = 0.4, "
            "acorn_effect_size = 1.4 where episode_id = 'e1'",
            1,
        )
    ],
    ("marts.fct_dose_response", "one_row_per_group_and_number_of_sessions"): [
        ("insert into marts.fct_dose_response from marts.fct_dose_response limit 1", 1)
    ],
    ("marts.fct_dose_response", "known_missing_and_left_out_sum_to_the_courses"): [
        (MART_DOSE.format("missing_count = 2"), 1),
        (MART_DOSE.format("numerator_count = 5"), 1),
    ],
    ("marts.fct_dose_response", "the_endings_sum_to_all_endings"): [
        ("delete from marts.fct_dose_response where ending_kind = 'unknown'", 1)
    ],
    ("marts.fct_dose_response", "whoever_improves_or_leaves_is_at_risk_no_more"): [
        (MART_SURVIVAL.format("sample_size = 8"), 1)
    ],
    ("marts.fct_dose_response", "a_number_lies_within_its_limits"): [
        (MART_SURVIVAL.format("interval_low = 0.6"), 1),
        (MART_DOSE.format("estimate = null"), 1),
        (MART_SURVIVAL.format("estimate = 1.1, interval_high = 1.2"), 1),
        (MART_SURVIVAL.format("estimate = -0.1, interval_low = -0.2"), 1),
    ],
    ("marts.fct_follow_up", "one_row_per_group_and_fate"): [
        ("insert into marts.fct_follow_up from marts.fct_follow_up limit 1", 1)
    ],
    ("marts.fct_follow_up", "a_share_of_the_known_is_its_numerator_over_its_denominator"): [
        (MART_FATE.format("estimate = 0.7"), 1),
        (MART_FATE.format("interval_low = 0.8"), 1),
        (MART_FATE.format("missing_count = -1"), 1),
        ("update marts.fct_follow_up set estimate = 0 where sample_size = 0", 2),
    ],
    ("marts.fct_follow_up", "the_fates_sum_to_their_denominator"): [
        (MART_FATE.format("numerator_count = 5, estimate = 0.625"), 1),
        ("delete from marts.fct_follow_up where metric_id = 'improvement_new'", 1),
    ],
    ("marts.fct_waits", "one_row_per_group_and_wait"): [
        ("insert into marts.fct_waits from marts.fct_waits limit 1", 1)
    ],
    ("marts.fct_waits", "a_share_of_the_known_is_its_numerator_over_its_denominator"): [
        (MART_WAIT.format("numerator_count = 11"), 1),
        (MART_WAIT.format("status = 'not_computable'"), 1),
    ],
    ("marts.fct_waits", "quartiles_are_in_order_and_not_negative"): [
        (MART_WAIT.format("median_days = 70"), 1),
        (MART_WAIT.format("lower_quartile_days = -2"), 1),
    ],
    ("marts.fct_waits", "a_longer_limit_holds_no_fewer"): [
        (
            "update marts.fct_waits set numerator_count = 4, estimate = 0.4 where limit_days = 126",
            1,
        )
    ],
    ("marts.fct_attrition", "one_row_per_group_and_step"): [
        ("update marts.fct_attrition set step_number = 1 where step_number = 2", 1)
    ],
    ("marts.fct_attrition", "each_step_starts_from_the_one_before"): [
        ("update marts.fct_attrition set previous_count = 6 where step_number = 3", 1)
    ],
    ("marts.fct_attrition", "nobody_joins_on_the_way"): [
        ("update marts.fct_attrition set lost_count = 3 where step_number = 2", 1),
        ("update marts.fct_attrition set episode_count = 6 where step_number = 3", 1),
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
    ("marts.fct_episode_measures", "one_row_per_episode_and_domain"): [
        ("update marts.fct_episode_measures set domain = 'depression'", 1)
    ],
    ("marts.fct_episode_measures", "every_measured_episode_has_an_outcome"): [
        ("delete from marts.fct_episode_outcomes where episode_id = 'e1'", 2)
    ],
    ("marts.fct_episode_measures", "nothing_is_judged_without_its_scores"): [
        (MEASURED.format("improvement = null"), 1),
        (MEASURED.format("first_score = null"), 1),
        ("update marts.fct_episode_measures set is_case = true where last_score is null", 2),
        (
            "update marts.fct_episode_measures set reliable_change_class = 'unchanged' "
            "where improvement is null",
            2,
        ),
    ],
    ("marts.fct_episode_measures", "an_unknown_class_says_why"): [
        ("update marts.fct_episode_measures set unknown_reason = null", 2)
    ],
    ("marts.fct_episode_measures", "classes_are_known_words"): [
        (MEASURED.format("reliable_change_class = 'better'"), 1)
    ],
    ("marts.fct_benchmarks", "one_row_per_published_number_and_group"): [
        ("insert into marts.fct_benchmarks from marts.fct_benchmarks", 3)
    ],
    ("marts.fct_benchmarks", "nothing_is_compared_across_designs_or_statistics"): [
        (BENCHMARK.format("comparison = 'controls'"), 1),
        (BENCHMARK.format("comparison = null"), 1),
        (BENCHMARK.format("local_metric_id = 'another'"), 1),
        (BENCHMARK.format("local_metric_id = null"), 1),
        (BENCHMARK.format("estimate = null"), 1),
    ],
    ("marts.fct_benchmarks", "a_difference_stands_exactly_where_two_numbers_may_be_compared"): [
        (BENCHMARK.format("difference = null"), 1),
        (BENCHMARK.format("difference = 0.1"), 1),
        (BENCHMARK.format("not_comparable_reason = 'too_few'"), 1),
        (BENCHMARK.format("is_published_inside_interval = null"), 1),
        ("update marts.fct_benchmarks set difference = 0.4 where published_estimate = 0.5", 1),
        ("update marts.fct_benchmarks set not_comparable_reason = null", 2),
    ],
    ("marts.fct_benchmarks", "a_local_number_lies_within_its_limits"): [
        (BENCHMARK.format("interval_low = 0.95"), 1),
        (BENCHMARK.format("status = 'too_few'"), 1),
        ("update marts.fct_benchmarks set sample_size = -1", 3),
    ],
    ("marts.fct_benchmarks", "statuses_are_known_words"): [
        (BENCHMARK.format("status = 'guessed'"), 1)
    ],
    **{
        ("marts.fct_benchmarks", f"{column}_is_present"): [
            (f"update marts.fct_benchmarks set {column} = null", 3)
        ]
        for column in ("published_estimate", "citation")
    },
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
    ("marts.fct_expected_trajectories", "one_row_per_program_and_scale"): [
        ("update marts.fct_expected_trajectories set scale_id = 'mood_total'", 1)
    ],
    ("marts.fct_expected_trajectories", "statuses_are_known_words"): [
        (CURVE.format("status = 'fine'"), 1)
    ],
    ("marts.fct_expected_trajectories", "a_curve_is_whole_or_absent"): [
        (CURVE.format("variance_minimum = null"), 1),
        (CURVE.format("status = 'too_few'"), 1),
    ],
    ("marts.fct_expected_trajectories", "the_band_holds_about_the_share_it_is_meant_to"): [
        (CURVE.format("held_proportion = 0.65"), 1)
    ],
    ("marts.fct_session_tracking", "one_row_per_form_and_scale"): [
        ("update marts.fct_session_tracking set administration_id = 'a1'", 1)
    ],
    ("marts.fct_session_tracking", "states_are_known_words"): [
        (STATE.format("tracking_state = 'fine'"), 1)
    ],
    ("marts.fct_session_tracking", "an_unknown_state_says_why"): [
        (STATE.format("tracking_state = 'unknown'"), 1),
        (STATE.format("unknown_reason = 'first_score'"), 1),
    ],
    ("marts.fct_session_tracking", "nobody_is_on_or_off_track_without_a_band"): [
        (STATE.format("band_high = null"), 1),
        (STATE.format("expected_score = 9"), 1),
    ],
    ("marts.fct_session_tracking", "off_track_is_outside_the_band"): [
        (STATE.format("tracking_state = 'off_track'"), 1)
    ],
    ("marts.fct_alerts", "one_row_per_episode_and_kind"): [
        ("update marts.fct_alerts set alert_kind = 'not_seen'", 2)
    ],
    ("marts.fct_alerts", "every_episode_has_every_kind_of_alert"): [
        ("delete from marts.fct_alerts where alert_status = 'not_raised'", 1),
        ("insert into marts.dim_episodes values ('e3')", 2),
    ],
    ("marts.fct_alerts", "alert_statuses_are_known_words"): [
        ("update marts.fct_alerts set alert_status = 'fine' where alert_status = 'not_raised'", 1)
    ],
    ("marts.fct_alerts", "an_unknown_alert_says_why"): [
        ("update marts.fct_alerts set unknown_reason = null", 1),
        ("update marts.fct_alerts set unknown_reason = 'no_rule'", 3),
    ],
    ("marts.fct_alerts", "an_alert_shows_what_it_rests_on"): [
        ("update marts.fct_alerts set limit_value = null", 2),
        ("update marts.fct_alerts set observed_value = 1", 2),
    ],
    ("marts.fct_alerts", "only_an_alert_in_time_has_a_lead"): [
        ("update marts.fct_alerts set is_in_time = true where alert_kind = 'not_seen'", 2),
        ("update marts.fct_alerts set lead_occasions = 0 where lead_occasions = 2", 1),
        ("update marts.fct_alerts set lead_days = 7", 3),
    ],
    ("marts.fct_alert_performance", "one_row_per_alert_outcome_and_number"): [
        (FORETOLD.format("metric_id = 'alert_lead_days'"), 1)
    ],
    ("marts.fct_alert_performance", "judged_and_unknown_courses_sum_to_all"): [
        (FORETOLD.format("sample_size = 5"), 1),
        ("update marts.fct_alert_performance set unknown_alert_count = 2", 1),
    ],
    ("marts.fct_alert_performance", "zero_is_a_number_and_nobody_is_none"): [
        (FORETOLD.format("estimate = null"), 1),
        (FORETOLD.format("numerator_count = 3"), 1),
        ("update marts.fct_alert_performance set status = 'estimated'", 1),
    ],
    ("marts.fct_alert_performance", "a_number_lies_within_its_limits"): [
        (FORETOLD.format("interval_low = 0.6"), 1),
        (LED.format("quartile_low = 15"), 1),
    ],
}
