"""Good rows of the tables about the data themselves, and data that break each of their rules.

What belongs here: what ``test_expectations_rules`` builds and breaks for these tables.
What does not: running the rules.
"""

COMPLETENESS = "published.pub_completeness"
RELEASE = "published.pub_release"
LOADS = "published.pub_loads"
RULE_RESULTS = "published.pub_rule_results"

GOOD = """
alter table raw.loads add column record_type text default 'responses';
alter table raw.loads add column loaded_at timestamp default timestamp '2026-06-01 10:00:00';
-- Three arrivals of 40, 60 and 50 rows, one of them in two files and read again, and half of that.
insert into raw.loads by name select * from (values
    (11, 'load-000011', 'monthly', '1.csv', repeat('1', 64), timestamp '2026-01-01 10:00:00', 40),
    (12, 'load-000012', 'monthly', '2.csv', repeat('2', 64), timestamp '2026-02-01 10:00:00', 35),
    (13, 'load-000013', 'monthly', '3.csv', repeat('3', 64), timestamp '2026-02-01 11:00:00', 25),
    (14, 'load-000014', 'monthly', '4.csv', repeat('4', 64), timestamp '2026-03-01 10:00:00', 50),
    (15, 'load-000015', 'monthly', '5.csv', repeat('5', 64), timestamp '2026-04-01 10:00:00', 25),
    (16, 'load-000016', 'monthly', '1.csv', repeat('1', 64), timestamp '2026-05-01 10:00:00', 40)
) as files (load_sequence, load_id, source, file_name, sha256, loaded_at, rows_read);
update raw.loads set status = 'loaded', record_type = 'responses', rows_loaded = rows_read,
    rows_refused = 0, rows_repeated = 0 where source = 'monthly';

create table marts.dim_scales as select * from (values
    ('mood_total', 'outcome'), ('bond_total', 'alliance')
) as scales (scale_id, role);
create table marts.dq_freshness as select * from (values
    ('clinic', 'on_time'), ('young', 'unknown')
) as sources (source, freshness);
create table marts.dq_new_forms as select * from (values
    ('clinic', 'mood_total', 'alike', 'alike'), ('clinic', 'calm_total', 'too_few', 'too_few')
) as forms (source, scale_id, score_status, missing_status);
create table marts.dq_completeness as select * from (values
    ('mood_total', 'all', 40, 40, 36, 30, 30, 27, 0.9::double, 80, 70, 0.2::double),
    ('mood_total', 'year', 4, 4, 4, 3, 3, 1, 0.33, 8, 7, 0.5),
    ('bond_total', 'all', 40, 9, 9, 1, 30, 1, 0.03, 9, 9, null)
) as counts (scale_id, period_kind, episode_count, with_form_count, measured_count, paired_count,
    finished_count, finished_paired_count, finished_paired_proportion, form_count,
    scored_form_count, missing_answer_proportion);

-- Of p1's 40 episodes every one has a score of both instruments, and 10 no second one of calm.
alter table published.pub_program_measures add column episode_count bigint;
alter table published.pub_program_measures add column episode_count_status text;
update published.pub_program_measures set episode_count_status = 'suppressed';
update published.pub_program_measures set episode_count = 40, episode_count_status = 'shown'
where program_id = 'p1';
alter table published.pub_program_measures add column judged_count bigint;
alter table published.pub_program_measures add column judged_count_status text;
alter table published.pub_program_measures add column unchanged_count bigint;
alter table published.pub_program_measures add column unchanged_count_status text;
alter table published.pub_program_measures add column deteriorated_count bigint;
alter table published.pub_program_measures add column deteriorated_count_status text;
update published.pub_program_measures set judged_count_status = 'suppressed',
    unchanged_count_status = 'suppressed', deteriorated_count_status = 'suppressed';
update published.pub_program_measures set judged_count = 40, judged_count_status = 'shown',
    unchanged_count = 29, unchanged_count_status = 'shown',
    deteriorated_count = 0, deteriorated_count_status = 'shown'
where program_id = 'p1' and scale_id = 'mood_total';
alter table published.pub_attrition add column lost_count bigint;
alter table published.pub_attrition add column lost_count_status text;
update published.pub_attrition set lost_count = previous_count - episode_count,
    lost_count_status = episode_count_status;

create table published.pub_completeness as select * from (values
    ('p1', 'mood', 'mood_total', 40, 'shown', 40, 'shown', 40, 'shown', 1.0, 0.91, 'shown',
     1.0, 'shown', null::bigint),
    ('p1', 'calm', 'calm_total', 40, 'shown', 40, 'shown', null, 'suppressed', 1.0, 0.91, 'shown',
     null, 'suppressed', null),
    ('p2', 'mood', 'mood_total', null, 'suppressed', null, 'suppressed', null, 'suppressed',
     null, null, 'suppressed', null, 'suppressed', 3)
) as counts (program_id, instrument_id, scale_id, episode_count, episode_count_status,
    measured_count, measured_count_status, paired_count, paired_count_status,
    measured_proportion, measured_proportion_interval_low, measured_proportion_status,
    paired_proportion, paired_proportion_status, kept_from_release);
create table published.pub_release as select 3 as release_number,
    timestamp '2026-06-30 10:00:00' as built_at, date '2026-06-21' as reference_day,
    null::date as as_of, false as is_synthetic, 1 as source_count, 0 as late_source_count,
    3 as file_count, 1 as refused_file_count, timestamp '2026-06-01 10:00:00' as last_arrival_at,
    300 as rule_count, 0 as failing_rule_count, 'cms11' as policy_name, 11 as smallest_count,
    1 as rounding;
create table published.pub_loads as select * from (values
    ('clinic', 3, 1, 1200, 'shown', 1200, 'shown', null, 'suppressed', 0, 'shown', 7.0, 3),
    ('silent', 0, 0, 0, 'shown', 0, 'shown', 0, 'shown', 0, 'shown', null, null)
) as loads (source, file_count, refused_file_count, rows_read, rows_read_status, rows_loaded,
    rows_loaded_status, rows_refused, rows_refused_status, rows_repeated, rows_repeated_status,
    expected_days, days_since_arrival);
create table published.pub_rule_results as select * from (values
    ('raw', 'raw.loads', 'files', 'fail', 9, 'shown', 3, 'shown'),
    ('staging', 'staging.forms', 'many', 'fail', null, 'suppressed', 11, 'shown'),
    ('staging', 'staging.forms', 'few', 'fail', null, 'suppressed', null, 'suppressed'),
    ('staging', 'staging.forms', 'none', 'pass', null, 'suppressed', 0, 'shown'),
    ('marts', 'marts.forms', 'broken', 'error', null, 'not_computable', null, 'not_computable')
) as results (gate, table_name, rule, status, evaluated_count, evaluated_count_status,
    unexpected_count, unexpected_count_status);
"""

LAST = "update raw.loads set {0} where load_sequence = 15"
FORM = "update staging.int_administrations set {} where administration_key = 12"
WHOLE = "update marts.dq_completeness set {} where scale_id = 'mood_total' and period_kind = 'all'"
KNOWN_NUMBERS = "no_number_is_there_that_nobody_looked_at"
SHOWN_OR_NULL = "what_is_not_shown_is_null"
RESULT = "update published.pub_rule_results set {} where rule = 'many'"

COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    ("raw.loads", "a_source_sends_about_as_many_rows_as_usual"): [
        (LAST.format("rows_read = 24, rows_loaded = 24"), 1),
        # The two files of February count as one arrival: with 60 apart, half the median is more.
        (LAST.format("rows_read = 0, rows_loaded = 0"), 1),
    ],
    ("staging.int_administrations", "nobody_fills_in_a_form_twice_on_one_day"): [
        (FORM.format("occurred_on = date '2026-01-05', occasion = 'again'"), 1)
    ],
    ("marts.dq_freshness", "no_source_is_late"): [
        ("update marts.dq_freshness set freshness = 'late' where source = 'clinic'", 1)
    ],
    ("marts.dq_new_forms", "first_scores_of_new_forms_are_like_those_before"): [
        ("update marts.dq_new_forms set score_status = 'moved' where scale_id = 'mood_total'", 1)
    ],
    ("marts.dq_new_forms", "new_forms_miss_no_more_answers_than_those_before"): [
        ("update marts.dq_new_forms set missing_status = 'more' where scale_id = 'mood_total'", 1)
    ],
    ("marts.dq_completeness", "each_count_is_part_of_the_one_before"): [
        (WHOLE.format("paired_count = 37"), 1),
        (WHOLE.format("with_form_count = 41"), 1),
        (WHOLE.format("finished_paired_count = 31"), 1),
        (WHOLE.format("scored_form_count = 81"), 1),
    ],
    ("marts.dq_completeness", "few_answers_of_an_instrument_are_missing"): [
        (WHOLE.format("missing_answer_proportion = 0.21"), 1)
    ],
    ("marts.dq_completeness", "most_finished_courses_are_measured_twice"): [
        (WHOLE.format("finished_paired_proportion = 0.89"), 1),
        ("update marts.dim_scales set role = 'process' where scale_id = 'bond_total'", 1),
    ],
    ("published.pub_program_measures", "classes_sum_to_those_judged"): [
        ("update published.pub_program_measures set judged_count = 41 where program_id = 'p1'", 1)
    ],
    ("published.pub_attrition", "taken_and_lost_sum_to_the_step_before"): [
        ("update published.pub_attrition set lost_count = 12 where step_number = 2", 1)
    ],
    (COMPLETENESS, "every_count_stands_in_another_table"): [
        (f"update {COMPLETENESS} set measured_count = 39 where instrument_id = 'mood'", 2),
        (f"update {COMPLETENESS} set paired_count = 39 where measured_count = 40", 2),
        (f"update {COMPLETENESS} set episode_count = 41 where program_id = 'p1'", 2),
    ],
    (RELEASE, "one_row_per_key"): [(f"insert into {RELEASE} select * from {RELEASE}", 1)],
    (RELEASE, KNOWN_NUMBERS): [
        (f"alter table {RELEASE} add column client_count bigint", 1),
        (f"alter table {RELEASE} add column client_id text", 1),
    ],
    (RELEASE, SHOWN_OR_NULL): [
        (f"alter table {RELEASE} add column rounding_status text default 'suppressed'", 1)
    ],
    (RELEASE, "there_is_one_row"): [
        (f"delete from {RELEASE}", 1),
        (f"update {RELEASE} set policy_name = null", 1),
    ],
    (LOADS, "one_row_per_key"): [(f"update {LOADS} set source = 'clinic'", 1)],
    (LOADS, KNOWN_NUMBERS): [(f"alter table {LOADS} add column mean_rows double", 1)],
    (LOADS, SHOWN_OR_NULL): [
        (f"update {LOADS} set rows_refused = 0 where source = 'clinic'", 1),
        (f"update {LOADS} set rows_read = null where source = 'clinic'", 1),
    ],
    (LOADS, "numbers_of_rows_are_in_hundreds"): [
        (f"update {LOADS} set rows_loaded = 1201 where source = 'clinic'", 1)
    ],
    (LOADS, "no_source_name_identifies_a_person"): [
        (f"update {LOADS} set source = 'ann@example.org' where source = 'silent'", 1)
    ],
    (RULE_RESULTS, "one_row_per_key"): [
        (f"update {RULE_RESULTS} set rule = 'few' where rule = 'many'", 1)
    ],
    (RULE_RESULTS, KNOWN_NUMBERS): [(f"alter table {RULE_RESULTS} add column row_mean double", 1)],
    (RULE_RESULTS, SHOWN_OR_NULL): [
        (RESULT.format("evaluated_count_status = 'hidden'"), 1),
        (RESULT.format("unexpected_count = null"), 1),
    ],
    (RULE_RESULTS, "rows_of_people_are_not_counted_exactly"): [
        (RESULT.format("unexpected_count = 10"), 1),
        (RESULT.format("evaluated_count = 500"), 1),
    ],
}
