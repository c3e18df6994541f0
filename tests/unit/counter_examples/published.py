"""Data that break each rule of the first published tables, and what all tables of rates share.

What belongs here: their counter-examples. What does not: rows that are good (``clinic``), or the
tables behind the pictures (``pictures``).
"""

from tests.unit.counter_examples import quality

MEASURES = "published.pub_program_measures"
ASSOCIATIONS = "published.pub_change_associations"
OUTCOMES = "published.pub_program_outcomes"
ATTRITION = "published.pub_attrition"
SHOWN = "update published.pub_program_measures set {} where program_id = 'p1'"
SHOWN_R = "update published.pub_change_associations set {} where program_id = 'p1'"
WITH_COUNT = """
    alter table published.pub_change_associations add column improved_count bigint;
    alter table published.pub_change_associations add column improved_count_status text;
    alter table published.pub_change_associations add column improved_proportion double;
    alter table published.pub_change_associations add column improved_proportion_status text;
"""

# (table, rule): what breaks it, and how many failures that makes.
COUNTER_EXAMPLES: dict[tuple[str, str], list[tuple[str, int]]] = {
    (MEASURES, "one_row_per_key"): [
        ("update published.pub_program_measures set program_id = 'p1'", 2)
    ],
    (ASSOCIATIONS, "one_row_per_key"): [
        ("update published.pub_change_associations set program_id = 'p1'", 1)
    ],
    **{
        (table, "no_column_points_at_a_person"): [
            ("alter table " + table + " add column client_id text", 1),
            ("create table published.pub_other (Episode_ID text, administration_id text)", 2),
            ("create table main.left_behind (client_id text)", 1),
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    **{
        (table, "every_table_of_aggregates_is_guarded"): [
            ("create table published.pub_other (program_id text)", 1)
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    **{
        (table, "every_number_has_a_status"): [
            (f"alter table {table} add column session_count bigint", 1),
            (f"alter table {table} add column mean_change decimal(9, 2)", 1),
            (f"alter table {table} add column slope_interval_low double", 1),
        ]
        for table in (MEASURES, ASSOCIATIONS)
    },
    (MEASURES, "statuses_are_one_of_the_three_words"): [
        (SHOWN.format("improvement_mean_status = 'hidden'"), 2),
        (SHOWN.format("paired_count_status = null"), 2),
    ],
    (ASSOCIATIONS, "statuses_are_one_of_the_three_words"): [
        (SHOWN_R.format("pearson_r_status = 'hidden'"), 2)
    ],
    (MEASURES, "what_is_not_shown_is_null"): [
        (SHOWN.format("improvement_mean_status = 'suppressed'"), 2),
        (SHOWN.format("improvement_mean_status = 'not_computable'"), 2),
        (SHOWN.format("improvement_mean_status = null"), 2),
        ("update published.pub_program_measures set improved_count = 0", 2),
        (
            "update published.pub_program_measures set improvement_mean_interval_low = 1 "
            "where program_id = 'p2'",
            1,
        ),
    ],
    (ASSOCIATIONS, "what_is_not_shown_is_null"): [
        ("update published.pub_change_associations set pearson_r = 0", 1)
    ],
    (MEASURES, "what_is_shown_is_there"): [(SHOWN.format("improvement_mean = null"), 2)],
    (ASSOCIATIONS, "what_is_shown_is_there"): [(SHOWN_R.format("pearson_r = null"), 2)],
    (MEASURES, "no_shown_count_is_below_the_disclosure_threshold"): [
        (SHOWN.format("improved_count = 10"), 2),
        (SHOWN.format("improved_count = 1"), 2),
        (SHOWN.format("paired_count = 10"), 2),
    ],
    (ASSOCIATIONS, "no_shown_count_is_below_the_disclosure_threshold"): [
        (SHOWN_R.format("sample_size = 10"), 2)
    ],
    (MEASURES, "no_value_is_shown_for_too_few_clients"): [
        (SHOWN.format("paired_count = 10"), 2),
        (SHOWN.format("paired_count = null"), 2),
    ],
    (ASSOCIATIONS, "no_value_is_shown_for_too_few_clients"): [
        (SHOWN_R.format("sample_size = 10"), 2),
        (SHOWN_R.format("sample_size = null"), 2),
    ],
    (MEASURES, "no_proportion_is_shown_without_its_count"): [
        (SHOWN.format("improved_count = null"), 2)
    ],
    (ASSOCIATIONS, "no_proportion_is_shown_without_its_count"): [
        (WITH_COUNT + SHOWN_R.format("improved_proportion = 0.5"), 2)
    ],
    (MEASURES, "no_shown_count_gives_away_a_small_remainder"): [
        (SHOWN.format("improved_count = paired_count - 2"), 2)
    ],
    (ASSOCIATIONS, "no_shown_count_gives_away_a_small_remainder"): [
        (WITH_COUNT + SHOWN_R.format("improved_count = sample_size - 2"), 2)
    ],
}


def of_rates(
    table: str, base: str, count: str, share: str, shared_key: str
) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Counter-examples of a table whose two rows of p1 show a count and its share of a base."""
    shown = f"update {table} set {{}} where program_id = 'p1'"
    return {
        (table, rule): [(statement, number)]
        for rule, statement, number in (
            ("one_row_per_key", f"update {table} set {shared_key}", 1),
            ("no_column_points_at_a_person", f"alter table {table} add client_id text", 1),
            (
                "every_table_of_aggregates_is_guarded",
                "create table published.pub_other (program_id text)",
                1,
            ),
            ("every_number_has_a_status", f"alter table {table} add column mean_change double", 1),
            (
                "statuses_are_one_of_the_three_words",
                shown.format(f"{share}_status = 'hidden'"),
                2,
            ),
            ("what_is_not_shown_is_null", shown.format(f"{share}_status = 'suppressed'"), 2),
            ("what_is_shown_is_there", shown.format(f"{share} = null"), 2),
            (
                "no_shown_count_is_below_the_disclosure_threshold",
                shown.format(f"{count} = 10"),
                2,
            ),
            ("no_value_is_shown_for_too_few_clients", shown.format(f"{base} = null"), 2),
            ("no_proportion_is_shown_without_its_count", shown.format(f"{count} = null"), 2),
            (
                "no_shown_count_gives_away_a_small_remainder",
                shown.format(f"{count} = {base} - 2"),
                2,
            ),
        )
    }


COUNTER_EXAMPLES |= of_rates(
    OUTCOMES, "sample_size", "numerator_count", "estimate", "metric_id = 'recovery'"
) | of_rates(ATTRITION, "referred_count", "episode_count", "previous_proportion", "step_number = 1")
COUNTER_EXAMPLES |= of_rates(
    quality.COMPLETENESS,
    "episode_count",
    "measured_count",
    "measured_proportion",
    "instrument_id = 'mood'",
)
