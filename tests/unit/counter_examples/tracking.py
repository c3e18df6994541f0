"""Data that break each rule of the marts that follow a course while it goes on.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or
the rest (``marts``).
"""

CURVE = "update marts.fct_expected_trajectories set {} where scale_id = 'mood_total'"
STATE = "update marts.fct_session_tracking set {} where administration_id = 'a2'"
FORETOLD = "update marts.fct_alert_performance set {} where metric_id = 'alert_sensitivity'"
LED = "update marts.fct_alert_performance set {} where metric_id = 'alert_lead_days'"

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
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
