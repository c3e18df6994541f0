"""What breaks each rule of the pictures of counts, and how many failures that makes.

What belongs here: good rows and counter-examples for ``tests/unit/test_expectations_rules.py``.
What does not: any claim.
"""

# Two rows of the program p1 are shown; the row of p2 is held back.
GOOD = """
create table published.pub_score_bins as select * from (values
    ('p1', 'mood_total', 'first', 1, 0.0, 3.0, 40, 'shown', 11, 'shown'),
    ('p1', 'mood_total', 'first', 2, 3.0, 6.0, 40, 'shown', 29, 'shown'),
    ('p2', 'mood_total', 'first', 1, 0.0, 6.0, null, 'suppressed', null, 'suppressed')
) as bins (program_id, scale_id, score_moment, bin_number, bin_low, bin_high, paired_count,
    paired_count_status, episode_count, episode_count_status);
create table published.pub_change_bins as select program_id, 'kind_total' as process_scale_id,
    'mood_total' as outcome_scale_id, * exclude (program_id) from (values
    ('p1', 1, -4.0, 0.5, -6.0, 6.0, 40, 'shown', 11, 'shown'),
    ('p1', 2, 0.5, 4.0, -6.0, 6.0, 40, 'shown', 29, 'shown'),
    ('p2', 1, -4.0, 4.0, -6.0, 6.0, null, 'suppressed', null, 'suppressed')
) as bins (program_id, cell_number, process_bin_low, process_bin_high, outcome_bin_low,
    outcome_bin_high, sample_size, sample_size_status, pair_count, pair_count_status);
create table published.pub_change_lines as select program_id, 'kind_total' as process_scale_id,
    'mood_total' as outcome_scale_id, * exclude (program_id) from (values
    ('p1', 0.0, 40, 'shown', -1.0, -2.0, 'shown'),
    ('p1', 0.5, 40, 'shown', -2.0, -3.0, 'shown'),
    ('p2', 0.0, null, 'suppressed', null, null, 'suppressed')
) as points (program_id, process_change, sample_size, sample_size_status, fitted_outcome_change,
    fitted_outcome_change_interval_low, fitted_outcome_change_status);
create table published.pub_course as select * from (values
    ('p1', 'mood_total', 0, 0, 33, 'shown', 4.0, 3.5, 'shown'),
    ('p1', 'mood_total', 27, null, 11, 'shown', 3.0, 2.5, 'shown'),
    ('p2', 'mood_total', 0, 0, null, 'suppressed', null, null, 'suppressed')
) as weeks (program_id, scale_id, week_from, week_to, client_count, client_count_status,
    score_mean, score_mean_interval_low, score_mean_status);
create table published.pub_change_order as select program_id, process_scale_id,
    'mood_total' as outcome_scale_id, * exclude (program_id, process_scale_id) from (values
    ('p1', 'kind_total', 'resolved', 40, 'shown', 20, 'shown', null, 'suppressed', 0.5, 'shown'),
    ('p1', 'shame_total', 'resolved', 40, 'shown', 11, 'shown', 29, 'shown', 0.275, 'shown'),
    ('p2', 'kind_total', 'resolved', null, 'suppressed', null, 'suppressed', null, 'suppressed',
     null, 'suppressed')
) as orders (program_id, process_scale_id, order_basis, sample_size, sample_size_status,
    process_first_count, process_first_count_status, together_count, together_count_status,
    estimate, estimate_status);
create table published.pub_sudden_gains as select * from (values
    ('p1', 'mood_total', 40, 'shown', 20, 'shown', 0.5, 'shown'),
    ('p1', 'calm_total', 40, 'shown', 11, 'shown', 0.275, 'shown'),
    ('p2', 'mood_total', null, 'suppressed', null, 'suppressed', null, 'suppressed')
) as gains (program_id, scale_id, course_count, course_count_status, gain_count, gain_count_status,
    gain_proportion, gain_proportion_status);
"""

# Per table: its base, a value with a status, and a change that gives both rows of p1 one key.
TABLES = {
    "pub_score_bins": (
        "paired_count",
        "episode_count",
        "bin_number = 1, bin_low = 0, bin_high = 6",
    ),
    "pub_change_bins": (
        "sample_size",
        "pair_count",
        "cell_number = 1, process_bin_low = -4, process_bin_high = 4",
    ),
    "pub_change_lines": ("sample_size", "fitted_outcome_change", "process_change = 0"),
    "pub_course": ("client_count", "score_mean", "week_from = 0, week_to = 0"),
    "pub_change_order": ("sample_size", "estimate", "process_scale_id = 'kind_total'"),
    "pub_sudden_gains": ("course_count", "gain_proportion", "scale_id = 'mood_total'"),
}
STATUS_OF_BASE = {f"published.{table}": f"{base}_status" for table, (base, *_) in TABLES.items()}
# Whichever counts and shares a table has of its own, the rules read any.
WITH_COUNT = """
    alter table {0} add column some_count bigint;
    alter table {0} add column some_count_status text;
    alter table {0} add column some_proportion double;
    alter table {0} add column some_proportion_status text;
"""


def _examples(
    name: str, base: str, value: str, shared_key: str
) -> dict[tuple[str, str], list[tuple[str, int]]]:
    shown = f"update {name} set {{}} where program_id = 'p1'"
    with_count = WITH_COUNT.format(name) + shown
    other = "create table published.pub_other (program_id text)"
    examples = {
        "one_row_per_key": (shown.format(shared_key), 1),
        "no_column_points_at_a_person": (f"alter table {name} add client_id text", 1),
        "every_table_of_aggregates_is_guarded": (other, 1),
        "every_number_has_a_status": (f"alter table {name} add column mean_change double", 1),
        "statuses_are_one_of_the_three_words": (shown.format(f"{value}_status = 'hidden'"), 2),
        "what_is_not_shown_is_null": (shown.format(f"{value}_status = 'suppressed'"), 2),
        "what_is_shown_is_there": (shown.format(f"{value} = null"), 2),
        "no_shown_count_is_below_the_disclosure_threshold": (shown.format(f"{base} = 10"), 2),
        "no_value_is_shown_for_too_few_clients": (shown.format(f"{base} = null"), 2),
        "no_proportion_is_shown_without_its_count": (
            with_count.format("some_proportion = 0.5"),
            2,
        ),
        "no_shown_count_gives_away_a_small_remainder": (
            with_count.format(f"some_count = {base} - 2"),
            2,
        ),
    }
    return {(name, rule): [example] for rule, example in examples.items()}


COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    ("published.pub_score_bins", "bins_lie_end_to_end"): [
        ("update published.pub_score_bins set bin_low = 2 where bin_number = 2", 1),
        ("update published.pub_score_bins set bin_low = 4 where bin_number = 2", 1),
    ],
    ("published.pub_change_bins", "rectangles_do_not_overlap"): [
        ("update published.pub_change_bins set process_bin_low = 0 where cell_number = 2", 1)
    ],
}
for _table, _words in TABLES.items():
    COUNTER_EXAMPLES |= _examples(f"published.{_table}", *_words)
