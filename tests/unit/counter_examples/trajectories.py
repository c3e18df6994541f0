"""Good rows of the marts of trajectories, and for each of their rules data made to break it.

What belongs here: what ``test_expectations_rules`` builds and breaks for these four tables.
What does not: running the rules.
"""

GOOD = """
create table marts.fct_sudden_gains as select * from (values
    ('e1', 'mood_total', 2, 'gain', 6.0, 2.0, 4.0, 2, 3, true, true, true, true),
    ('e1', 'mood_total', 5, 'loss', 2.0, 3.0, -1.0, 3, 1, true, true, null, null),
    ('e1', 'calm_total', 2, 'gain', 2.0, 4.0, 2.0, 2, 2, false, true, true, false)
) as steps (episode_id, scale_id, moment, step_direction, score_before, score_after,
    step_improvement, scores_before_count, scores_after_count, is_large, is_large_in_proportion,
    is_beyond_fluctuation, is_sudden);
create table marts.fct_score_courses as select * from (values
    ('e1', 'mood_total', 'reached', 2, 7.0, 14.0, 'censored', null, null, null, 42.0, null,
     5, 1, 0),
    ('e1', 'calm_total', 'censored', null, null, null, 'reached', 3, 21.0, 21.0, 21.0, null,
     2, 0, 0),
    ('e2', 'mood_total', 'unknown', null, null, null, 'unknown', null, null, null, 0.0,
     'no_second_score', 0, 0, 0)
) as courses (episode_id, scale_id, improvement_status, improved_moment, improved_day,
    lastingly_improved_day, deterioration_status, deteriorated_moment, deteriorated_day,
    lastingly_deteriorated_day, last_day, unknown_reason, judged_steps_count, sudden_gains_count,
    sudden_losses_count);
create table marts.fct_change_order as select * from (values
    ('e1', 'calm_total', 'mood_total', 'process_first', null, 7.0, 21.0, 14.0),
    ('e2', 'calm_total', 'mood_total', 'unknown', 'outcome_no_rule', 7.0, null, null),
    ('e3', 'calm_total', 'mood_total', 'together', null, 7.0, 7.0, 0.0)
) as orders (episode_id, process_scale_id, outcome_scale_id, order_class, unknown_reason,
    process_improved_day, outcome_improved_day, lead_days);
create table marts.rel_change_order as select * from (values
    ('all', 'all', 'observed', 3, 2, 1, 1, 0, 1, 'estimated', 0.5, 0.1, 0.9, 1.0),
    ('all', 'all', 'resolved', 3, 2, 1, 1, 0, 1, 'estimated', 0.5, 0.1, 0.9, null),
    ('clinic', 'a', 'observed', 1, 0, 0, 0, 0, 1, 'not_computable', null, null, null, null)
) as groups (stratum_kind, stratum_id, order_basis, episode_count, sample_size,
    process_first_count, together_count, outcome_first_count, unknown_count, status, estimate,
    interval_low, interval_high, p_value);
alter table marts.rel_change_order add column process_scale_id text default 'calm_total';
alter table marts.rel_change_order add column outcome_scale_id text default 'mood_total';
alter table marts.rel_change_order add column process_only_count integer default 0;
alter table marts.rel_change_order add column outcome_only_count integer default 0;
alter table marts.rel_change_order add column neither_count integer default 0;
"""

STEP = "update marts.fct_sudden_gains set {} where moment = 5"
COURSE = "update marts.fct_score_courses set {} where scale_id = 'mood_total' and episode_id = 'e1'"
ORDER = "update marts.fct_change_order set {} where episode_id = 'e1'"
GROUP = "update marts.rel_change_order set {} where order_basis = 'resolved'"

COUNTER_EXAMPLES = {
    ("marts.fct_sudden_gains", "one_row_per_episode_scale_and_moment"): [
        (STEP.format("moment = 2"), 1)
    ],
    ("marts.fct_sudden_gains", "sudden_means_all_three_criteria"): [
        (STEP.format("is_sudden = true"), 1),
        (STEP.format("is_large = false, is_sudden = false"), 1),
    ],
    ("marts.fct_sudden_gains", "gains_are_better_and_losses_are_worse"): [
        (STEP.format("step_improvement = 1.0"), 1),
        (STEP.format("score_after = 4.0"), 1),
    ],
    ("marts.fct_sudden_gains", "fluctuation_is_judged_from_two_scores_on_each_side"): [
        (STEP.format("scores_after_count = 2"), 1),
        (STEP.format("scores_before_count = 4"), 1),
    ],
    ("marts.fct_score_courses", "one_row_per_episode_and_scale"): [
        ("update marts.fct_score_courses set scale_id = 'mood_total'", 1)
    ],
    ("marts.fct_score_courses", "a_change_is_reached_censored_or_unknown"): [
        (COURSE.format("improvement_status = 'censored'"), 1),
        (COURSE.format("deteriorated_moment = 4"), 1),
        (COURSE.format("unknown_reason = 'no_rule'"), 1),
    ],
    ("marts.fct_score_courses", "a_lasting_change_is_not_before_the_first"): [
        (COURSE.format("lastingly_improved_day = 6"), 1),
        (COURSE.format("last_day = 13"), 1),
    ],
    ("marts.fct_score_courses", "every_sudden_step_that_is_counted_is_listed"): [
        (COURSE.format("sudden_gains_count = 2"), 1),
        (COURSE.format("judged_steps_count = 0"), 1),
        ("update marts.fct_sudden_gains set episode_id = 'e9' where moment = 5", 1),
    ],
    ("marts.fct_change_order", "one_row_per_episode_and_pair_of_scales"): [
        (ORDER.format("episode_id = 'e2'"), 1)
    ],
    ("marts.fct_change_order", "orders_are_known_words"): [
        (ORDER.format("order_class = 'first'"), 1)
    ],
    ("marts.fct_change_order", "the_order_is_that_of_the_days"): [
        (ORDER.format("order_class = 'together'"), 1),
        (ORDER.format("lead_days = 13"), 1),
    ],
    ("marts.fct_change_order", "an_unknown_order_says_why"): [
        (ORDER.format("unknown_reason = 'outcome_no_rule'"), 1),
        ("update marts.fct_change_order set unknown_reason = null", 1),
    ],
    ("marts.rel_change_order", "one_row_per_group_pair_and_basis"): [
        (GROUP.format("order_basis = 'observed'"), 1)
    ],
    ("marts.rel_change_order", "the_orders_sum_to_the_episodes"): [
        (GROUP.format("together_count = 2"), 1),
        (GROUP.format("neither_count = 1"), 1),
    ],
    ("marts.rel_change_order", "every_episode_is_counted_once"): [
        ("delete from marts.fct_change_order where episode_id = 'e3'", 2)
    ],
    ("marts.rel_change_order", "a_proportion_lies_in_its_interval_or_is_not_given"): [
        (GROUP.format("estimate = null"), 1),
        (GROUP.format("interval_low = 0.6"), 1),
        (GROUP.format("p_value = 1.5"), 1),
        (GROUP.format("status = 'too_few'"), 1),
    ],
}
