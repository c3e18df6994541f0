"""Data that break each rule of raw, staging, scoring and change.

What belongs here: those gates' counter-examples. What does not: rows that are good (``clinic``).
"""

RESPONSE = "update raw.item_responses set {} where record_key = 101"
SCORE = "update raw.stated_scores set {} where record_key = 201"
FORM = "update staging.int_administrations set {} where administration_key = 11"
SCORED = "update scoring.int_scores set {} where administration_key = 11"
CHANGED = "update change.int_changes set {} where client_id = 'c1' and scale_id = 'mood_total'"
EMAIL = "no_value_looks_like_an_email_address"
SSN = "no_value_looks_like_a_social_security_number"
A_LOAD = "every_record_belongs_to_a_load"

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    ("raw.loads", "one_row_per_load"): [("update raw.loads set load_sequence = 1", 1)],
    ("raw.loads", "load_id_is_present"): [("update raw.loads set load_id = null", 9)],
    ("raw.loads", "load_statuses_are_known_words"): [
        ("update raw.loads set status = 'pending' where load_sequence = 1", 1)
    ],
    ("raw.loads", "rows_are_conserved"): [
        ("update raw.loads set rows_read = 11 where load_sequence = 1", 1),
        ("update raw.loads set rows_repeated = null where load_sequence = 1", 1),
        ("update raw.loads set status = null, rows_read = null where load_sequence = 1", 1),
        (
            "update raw.loads set rows_read = 3, rows_loaded = 0, rows_refused = 2, "
            "rows_repeated = 0 where load_sequence = 2",
            1,
        ),
    ],
    ("raw.loads", "file_hashes_are_sha256"): [
        ("update raw.loads set sha256 = repeat('a', 63) where load_sequence = 1", 1),
        ("update raw.loads set sha256 = repeat('g', 64) where load_sequence = 1", 1),
        ("update raw.loads set sha256 = null where load_sequence = 1", 1),
    ],
    ("raw.loads", "every_refused_load_says_why"): [
        ("update raw.loads set refusal = null", 1),
        ("update raw.loads set refusal = 'empty_file'", 8),
    ],
    ("raw.loads", "few_rows_of_a_load_are_refused"): [
        ("update raw.loads set rows_refused = 3, rows_loaded = 7 where load_sequence = 1", 1)
    ],
    ("raw.loads", "no_file_name_identifies_a_person"): [
        ("update raw.loads set file_name = 'jo@mail.example.csv' where load_sequence = 1", 1),
        ("update raw.loads set source = 'x 123-45-6789' where load_sequence = 1", 1),
    ],
    ("raw.item_responses", "client_id_is_present"): [(RESPONSE.format("client_id = null"), 1)],
    ("raw.item_responses", "instrument_id_is_present"): [
        (RESPONSE.format("instrument_id = null"), 1)
    ],
    ("raw.item_responses", "item_is_present"): [(RESPONSE.format("item = null"), 1)],
    ("raw.item_responses", "administration_key_is_present"): [
        (RESPONSE.format("administration_key = null"), 1)
    ],
    ("raw.item_responses", "record_key_is_present"): [(RESPONSE.format("record_key = null"), 1)],
    ("raw.item_responses", A_LOAD): [
        (RESPONSE.format("load_sequence = 9"), 1),
        (RESPONSE.format("load_sequence = 2"), 1),
        (RESPONSE.format("load_sequence = null"), 1),
    ],
    ("raw.item_responses", "every_record_has_a_time"): [
        (RESPONSE.format("occurred_on = null"), 1),
        (RESPONSE.format("occurred_on = ' '"), 1),
    ],
    ("raw.item_responses", "instruments_are_known_to_the_registry"): [
        (RESPONSE.format("instrument_id = 'mode'"), 1)
    ],
    ("raw.item_responses", "items_are_known_to_the_registry"): [
        (RESPONSE.format("item = '3'"), 1),
        (RESPONSE.format("item = 'one'"), 1),
    ],
    ("raw.item_responses", "responses_are_numbers"): [
        (RESPONSE.format("response = 'often'"), 1),
        (RESPONSE.format("response = '0x1'"), 1),
        (RESPONSE.format("response = '1_0'"), 1),
        (RESPONSE.format("response = ''"), 1),
    ],
    ("raw.item_responses", "responses_are_inside_the_instrument_range"): [
        (RESPONSE.format("response = '4'"), 1),
        (RESPONSE.format("response = '-1'"), 1),
        (RESPONSE.format("response = '0', response_shift = 1"), 1),
    ],
    ("raw.item_responses", EMAIL): [
        (RESPONSE.format("client_id = 'Jo.Do+1@mail.example'"), 1),
        (RESPONSE.format("response = 'ask jo@mail.example'"), 1),
    ],
    ("raw.item_responses", SSN): [
        (RESPONSE.format("client_id = '123-45-6789'"), 1),
        (RESPONSE.format("occasion = 'SSN:123-45-6789.'"), 1),
    ],
    ("raw.stated_scores", "client_id_is_present"): [(SCORE.format("client_id = null"), 1)],
    ("raw.stated_scores", "instrument_id_is_present"): [(SCORE.format("instrument_id = null"), 1)],
    ("raw.stated_scores", "scale_id_is_present"): [(SCORE.format("scale_id = null"), 1)],
    ("raw.stated_scores", "administration_key_is_present"): [
        (SCORE.format("administration_key = null"), 1)
    ],
    ("raw.stated_scores", "record_key_is_present"): [(SCORE.format("record_key = null"), 1)],
    ("raw.stated_scores", A_LOAD): [(SCORE.format("load_sequence = 9"), 1)],
    ("raw.stated_scores", "every_record_has_a_time"): [(SCORE.format("occurred_on = null"), 1)],
    ("raw.stated_scores", "scales_are_known_to_the_registry"): [
        (SCORE.format("scale_id = 'mood_half'"), 1),
        (SCORE.format("instrument_id = 'calm'"), 1),
    ],
    ("raw.stated_scores", "stated_scores_are_numbers"): [(SCORE.format("score = 'high'"), 1)],
    ("raw.stated_scores", "stated_scores_are_inside_the_scale_range"): [
        (SCORE.format("score = '6.5'"), 1),
        (SCORE.format("score = '-0.5'"), 1),
    ],
    ("raw.stated_scores", EMAIL): [(SCORE.format("score = 'jo@mail.example'"), 1)],
    ("raw.stated_scores", SSN): [(SCORE.format("episode_id = '123-45-6789'"), 1)],
    ("raw.clients", "client_id_is_present"): [("update raw.clients set client_id = null", 1)],
    ("raw.clients", "record_key_is_present"): [("update raw.clients set record_key = null", 1)],
    ("raw.clients", A_LOAD): [("update raw.clients set load_sequence = 9", 1)],
    ("raw.clients", EMAIL): [("update raw.clients set value = 'jo@mail.example'", 1)],
    ("raw.clients", SSN): [("update raw.clients set value = '123-45-6789'", 1)],
    ("raw.episodes", "client_id_is_present"): [("update raw.episodes set client_id = null", 1)],
    ("raw.episodes", "record_key_is_present"): [("update raw.episodes set record_key = null", 1)],
    ("raw.episodes", A_LOAD): [("update raw.episodes set load_sequence = 9", 1)],
    ("raw.episodes", EMAIL): [("update raw.episodes set client_id = 'jo@mail.example'", 1)],
    ("raw.episodes", SSN): [("update raw.episodes set client_id = '123-45-6789'", 1)],
    ("raw.sessions", "episode_id_is_present"): [("update raw.sessions set episode_id = null", 1)],
    ("raw.sessions", "session_number_is_present"): [
        ("update raw.sessions set session_number = null", 1)
    ],
    ("raw.sessions", "record_key_is_present"): [("update raw.sessions set record_key = null", 1)],
    ("raw.sessions", A_LOAD): [("update raw.sessions set load_sequence = 9", 1)],
    ("raw.sessions", EMAIL): [("update raw.sessions set episode_id = 'jo@mail.example'", 1)],
    ("raw.sessions", SSN): [("update raw.sessions set episode_id = '123-45-6789'", 1)],
    ("raw.practice", "client_id_is_present"): [("update raw.practice set client_id = null", 1)],
    ("raw.practice", "practice_id_is_present"): [("update raw.practice set practice_id = null", 1)],
    ("raw.practice", "record_key_is_present"): [("update raw.practice set record_key = null", 1)],
    ("raw.practice", A_LOAD): [("update raw.practice set load_sequence = 9", 1)],
    ("raw.practice", EMAIL): [("update raw.practice set client_id = 'jo@mail.example'", 1)],
    ("raw.practice", SSN): [("update raw.practice set client_id = '123-45-6789'", 1)],
    ("staging.int_administrations", "client_id_is_present"): [(FORM.format("client_id = null"), 1)],
    ("staging.int_administrations", "instrument_id_is_present"): [
        (FORM.format("instrument_id = null"), 1)
    ],
    ("staging.int_administrations", "program_id_is_present"): [
        (FORM.format("program_id = null"), 1)
    ],
    ("staging.int_administrations", "every_administration_has_a_place_in_time"): [
        (FORM.format("occurred_on = null, day = null"), 1)
    ],
    ("staging.int_administrations", "no_date_lies_in_the_future"): [
        (FORM.format("occurred_on = date '2026-07-02'"), 1)
    ],
    ("staging.int_administrations", "no_date_lies_before_1900"): [
        (FORM.format("occurred_on = date '1899-12-31'"), 1)
    ],
    ("staging.int_administrations", "no_administrations_are_in_conflict"): [
        (FORM.format("is_conflict = true"), 1)
    ],
    ("staging.int_administrations", "every_administration_is_placed_in_an_episode"): [
        (FORM.format("episode_id = null"), 1)
    ],
    ("staging.int_episodes", "episode_id_is_present"): [
        ("update staging.int_episodes set episode_id = null", 2)
    ],
    ("staging.int_episodes", "client_id_is_present"): [
        ("update staging.int_episodes set client_id = null where client_id = 'c1'", 1)
    ],
    ("staging.int_episodes", "program_id_is_present"): [
        ("update staging.int_episodes set program_id = null", 2)
    ],
    ("staging.int_episodes", "no_episode_ends_before_it_starts"): [
        ("update staging.int_episodes set ended_on = date '2026-01-04'", 2)
    ],
    ("staging.stg_raw__item_responses", "answers_are_conserved_from_raw"): [
        ("delete from staging.stg_raw__item_responses where response_value = 3", 2),
        ("delete from staging.stg_raw__item_responses", 6),
        (
            "insert into staging.stg_raw__item_responses "
            "select * from staging.stg_raw__item_responses where item = 1",
            3,
        ),
        ("insert into raw.superseded values ('item_responses', 1, 105, 3)", 1),
        ("update raw.loads set retired_by = 3 where load_sequence = 1", 6),
    ],
    ("staging.stg_raw__item_responses", "every_answer_belongs_to_an_administration"): [
        ("delete from staging.int_administrations where administration_key = 11", 2)
    ],
    ("staging.stg_raw__item_responses", "few_answers_are_missing"): [
        ("update staging.stg_raw__item_responses set response_value = null where item = 2", 3)
    ],
    ("scoring.int_scores", "administration_key_is_present"): [
        (SCORED.format("administration_key = null"), 1)
    ],
    ("scoring.int_scores", "every_scale_is_in_the_registry"): [
        (SCORED.format("scale_id = 'mood_half'"), 1),
        (SCORED.format("scale_id = null"), 1),
    ],
    ("scoring.int_scores", "valid_scores_are_inside_the_scale_range"): [
        (SCORED.format("score = 6.5"), 1),
        (SCORED.format("score = -0.5"), 1),
        (
            "alter table scoring.int_scores alter score type double; "
            + SCORED.format("score = 'nan'"),
            1,
        ),
    ],
    ("scoring.int_scores", "no_score_rests_on_too_few_answers"): [
        (SCORED.format("items_answered_count = 0"), 1),
        (SCORED.format("items_answered_count = null"), 1),
        (
            "update scoring.int_scores set score = 4 where administration_key = 13 "
            "and scale_id = 'calm_total'",
            1,
        ),
    ],
    ("scoring.int_scores", "a_score_exists_exactly_when_it_is_valid"): [
        (SCORED.format("score = null"), 1),
        (SCORED.format("is_valid = false"), 1),
        (SCORED.format("is_valid = null"), 1),
    ],
    ("scoring.int_scores", "score_origins_are_known_words"): [
        (SCORED.format("score_origin = 'guess'"), 1)
    ],
    ("scoring.int_scores", "stated_totals_agree_with_scored_ones"): [
        (SCORED.format("stated_score = 5.02"), 1)
    ],
    ("change.int_changes", "client_id_is_present"): [(CHANGED.format("client_id = null"), 1)],
    ("change.int_changes", "episode_id_is_present"): [(CHANGED.format("episode_id = null"), 1)],
    ("change.int_changes", "scale_id_is_present"): [(CHANGED.format("scale_id = null"), 1)],
    ("change.int_changes", "interval_name_is_present"): [
        (CHANGED.format("interval_name = null"), 1)
    ],
    ("change.int_changes", "reliable_change_classes_are_known_words"): [
        (CHANGED.format("reliable_change_class = 'better'"), 1)
    ],
    ("change.int_changes", "outcome_classes_are_known_words"): [
        (CHANGED.format("outcome_class = 'better'"), 1)
    ],
    ("change.int_changes", "change_is_final_minus_baseline"): [
        (CHANGED.format("change = 2.0"), 1),
        (CHANGED.format("change = null"), 1),
        (CHANGED.format("final_score = null"), 1),
    ],
    ("change.int_changes", "improvement_is_signed_by_the_scale"): [
        (CHANGED.format("improvement = -2.0"), 1),
        (CHANGED.format("improvement = null"), 1),
        ("update change.int_changes set improvement = -2.0 where scale_id = 'calm_total'", 2),
    ],
    ("change.int_changes", "final_is_not_before_baseline"): [
        (CHANGED.format("final_day = -1.0"), 1)
    ],
    ("change.int_changes", "class_is_unknown_exactly_when_there_is_no_index"): [
        (CHANGED.format("reliable_change_class = 'unknown'"), 1),
        (CHANGED.format("reliable_change_index = null"), 1),
        (CHANGED.format("reliable_change_class = null"), 1),
    ],
    ("change.int_changes", "outcome_classes_agree_with_reliable_change"): [
        (CHANGED.format("reliable_change_class = 'unchanged'"), 1),
        (CHANGED.format("outcome_class = 'deteriorated'"), 1),
        (
            "update change.int_changes set outcome_class = 'unchanged' "
            "where reliable_change_class = 'unknown'",
            1,
        ),
    ],
    ("change.int_changes", "outcome_classes_sum_to_the_episodes"): [
        (CHANGED.format("outcome_class = null"), 1),
        ("update change.int_changes set episode_id = 'e1'", 2),
    ],
}
