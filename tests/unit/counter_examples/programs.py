"""Data that break each rule of the marts of outcomes, doses, waits and follow-up.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or
the rest (``marts``).
"""

MART_OUTCOME = "update marts.fct_episode_outcomes set {} where episode_id = 'e1'"
MART_NUMBER = "update marts.fct_program_outcomes set {} where metric_id = 'reliable_improvement'"
MART_DOSE = "update marts.fct_dose_response set {} where ending_kind = 'planned'"
MART_SURVIVAL = "update marts.fct_dose_response set {} where session_count = 4"
MART_FATE = "update marts.fct_follow_up set {} where metric_id = 'improvement_kept'"
MART_WAIT = "update marts.fct_waits set {} where limit_days = 42"
MEASURED = "update marts.fct_episode_measures set {} where improvement is not null"
BENCHMARK = "update marts.fct_benchmarks set {} where is_comparable"

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
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
}
