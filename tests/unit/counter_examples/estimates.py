"""Good rows of the published tables of estimates, and data made to break each of their rules.

What belongs here: what ``test_expectations_rules`` builds and breaks for these tables.
What does not: running the rules.
"""

Cases = dict[tuple[str, str], list[tuple[str, int]]]

_SIZE = "sample_size, sample_size_status"
_ESTIMATE = "estimate, estimate_interval_low, estimate_interval_high, estimate_status"
_END = "'hc3' as method, 'concurrent' as evidence_label, null::bigint as kept_from_release"
_TOLD = "40, 'shown', 0.5, 0.3, 0.7, 'shown'"
_BARE = "40, 'shown', 0.5, null, null, 'shown'"
_HIDDEN = "null, 'suppressed', null, null, null, 'suppressed'"
_RATE = "20, 'shown', 40, 'shown', 0.5, 0.34, 0.66, 'shown'"
_SMALL = "null, 'suppressed', 40, 'shown', null, null, null, 'suppressed'"
_COUNTED = f"numerator_count, numerator_count_status, {_SIZE}, {_ESTIMATE}"

# Table: the columns of its key (and others first), its rows, what makes a second row of the first.
_TABLES = {
    "pub_lead_lag": (
        f"program_id, direction, wave_count, {_SIZE}, {_ESTIMATE}",
        [
            f"('p1', 'process_to_outcome', 5, {_TOLD})",
            f"('p1', 'outcome_to_process', 5, {_TOLD})",
            f"('p2', 'process_to_outcome', null, {_HIDDEN})",
            f"('p2', 'outcome_to_process', null, {_HIDDEN})",
        ],
        "'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id, "
        "'random_intercept' as model, ",
    ),
    "pub_strata": (
        f"stratum_id, row_kind, strata_count, i_squared, i_squared_status, {_SIZE}, {_ESTIMATE}",
        [
            f"('p1', 'stratum', null, null, 'not_computable', {_TOLD})",
            f"('all', 'pooled', 3, 0.0, 'shown', {_TOLD})",
            f"('p2', 'stratum', null, null, 'suppressed', {_HIDDEN})",
        ],
        "'kind_total' as process_scale_id, 'mood_total' as outcome_scale_id, "
        "'program' as stratum_kind, ",
    ),
    "pub_components": (
        f"program_id, component_scale_id, statistic, {_SIZE}, {_ESTIMATE}",
        [
            f"('p1', 'warm', 'pearson_r', {_BARE})",
            f"('p1', 'warm', 'relative_weight', {_TOLD})",
            f"('p2', 'warm', 'pearson_r', {_HIDDEN})",
        ],
        "'scs' as process_instrument_id, 'mood_total' as outcome_scale_id, ",
    ),
    "pub_mediation": (
        f"program_id, path, {_SIZE}, {_ESTIMATE}",
        [
            f"('{program}', '{path}', {told})"
            for program, told in (("p1", _TOLD), ("p2", _HIDDEN))
            for path in ("a", "b", "direct", "indirect", "swapped_indirect")
        ],
        "'kind_total' as process_scale_id, 'shame_total' as mediator_scale_id, "
        "'mood_total' as outcome_scale_id, 'first_to_last' as window_name, ",
    ),
    "pub_delivery": (
        f"program_id, predictor, statistic, {_SIZE}, {_ESTIMATE}",
        [
            f"('p1', 'alliance', 'standardised_slope', {_TOLD})",
            f"('p1', 'minutes_per_week', 'pearson_r', {_TOLD})",
            f"('p2', 'alliance', 'standardised_slope', {_HIDDEN})",
        ],
        "'kind_total' as process_scale_id, 'mood_total' as scale_id, ",
    ),
    "pub_dose_response": (
        f"program_id, session_band, session_band_low, session_band_high, {_COUNTED}",
        [
            f"('p1', 'all', 1, null, {_RATE})",
            f"('p1', '1_to_8', 1, 8, {_RATE})",
            f"('p2', 'all', 1, null, {_SMALL})",
        ],
        "'nhs' as threshold_set, ",
    ),
    "pub_comparisons": (
        "unit_id, metric_id, target, limit_95_low, limit_95_high, limit_998_low, limit_998_high, "
        f"target_status, position, {_COUNTED}",
        [
            f"('p1', 'recovery', 0.5, 0.4, 0.6, 0.3, 0.7, 'shown', 'within', {_RATE})",
            f"('p1', 'improved', 0.5, 0.4, 0.6, 0.3, 0.7, 'shown', 'within', {_RATE})",
            f"('p2', 'recovery', null, null, null, null, null, 'suppressed', null, {_SMALL})",
        ],
        "'program' as unit_kind, 'courses' as population, 'nhs' as threshold_set, ",
    ),
    "pub_benchmarks": (
        "program_id, scale_id, is_comparable, not_comparable_reason, published_sample_size, "
        f"published_sample_size_status, {_SIZE}, {_ESTIMATE}",
        [
            f"('p1', 'mood_total', true, null, 3, 'shown', {_TOLD})",
            f"('p1', 'calm_total', false, 'too_few', null, 'not_stated', {_TOLD})",
            f"('p2', 'mood_total', true, null, 3, 'shown', {_HIDDEN})",
        ],
        "'a_2019' as published_effect_id, 'courses' as population, 'none' as threshold_set, "
        "0.8 as published_estimate, 0.7 as published_estimate_interval_low, "
        "0.9 as published_estimate_interval_high, 'A 2019' as citation, ",
    ),
}
# Which row has a count of its own, so that it needs no column added to have one.
_RATES = ("pub_dose_response", "pub_comparisons")
# The column that names p1 or p2; a group without a program is told by its own name.
_NAMES = {"pub_strata": "stratum_id", "pub_comparisons": "unit_id"}
# What makes two rows one: the last column of the key that differs.
_SAME = {
    "pub_lead_lag": ("direction = 'process_to_outcome'", 2),
    "pub_strata": ("stratum_id = 'p1', row_kind = 'stratum'", 1),
    "pub_components": ("statistic = 'pearson_r'", 1),
    "pub_mediation": ("path = 'a'", 2),
    "pub_delivery": ("predictor = 'alliance'", 1),
    "pub_dose_response": ("session_band = 'all'", 1),
    "pub_comparisons": ("metric_id = 'recovery'", 1),
    "pub_benchmarks": ("scale_id = 'mood_total'", 1),
}

NAMES = [f"published.{table}" for table in _TABLES]
GOOD = "".join(
    f"create table published.{table} as select {fixed}*, {_END} "
    f"from (values {', '.join(rows)}) as rows ({columns});\n"
    for table, (columns, rows, fixed) in _TABLES.items()
)


def _broken_disclosure(table: str, shown: int) -> Cases:
    """The rules that every published table has, broken; ``shown`` rows of it are told."""
    name = f"published.{table}"
    told = f"update {name} set {{}} where estimate is not null"
    same, doubled = _SAME[table]
    added = (
        ""
        if table in _RATES
        else f"alter table {name} add column numerator_count bigint; "
        f"alter table {name} add column numerator_count_status text; "
        f"alter table {name} add column improved_count bigint; "
        f"alter table {name} add column improved_count_status text; "
        f"alter table {name} add column improved_proportion double; "
        f"alter table {name} add column improved_proportion_status text; "
    )
    without = "numerator_count = null" if table in _RATES else "improved_proportion = 0.5"
    return {
        (name, rule): [(statement, number)]
        for rule, statement, number in (
            ("one_row_per_key", f"update {name} set {same}", doubled),
            ("no_column_points_at_a_person", f"alter table {name} add client_id text", 1),
            (
                "every_table_of_aggregates_is_guarded",
                "create table published.pub_other (program_id text)",
                1,
            ),
            ("every_number_has_a_status", f"alter table {name} add column mean_change double", 1),
            ("statuses_are_one_of_the_three_words", told.format("estimate_status = 'x'"), shown),
            ("what_is_not_shown_is_null", told.format("estimate_status = 'suppressed'"), shown),
            ("what_is_shown_is_there", told.format("estimate = null"), shown),
            (
                "no_shown_count_is_below_the_disclosure_threshold",
                told.format("sample_size = 10"),
                shown,
            ),
            ("no_value_is_shown_for_too_few_clients", told.format("sample_size = null"), shown),
            ("no_proportion_is_shown_without_its_count", added + told.format(without), shown),
            (
                "no_shown_count_gives_away_a_small_remainder",
                added + told.format("numerator_count = sample_size - 2"),
                shown,
            ),
            (
                "an_estimate_lies_within_its_limits",
                f"update {name} set estimate = 0.9 where estimate_interval_high is not null",
                shown - (table == "pub_components"),
            ),
            ("evidence_is_labelled", told.format("evidence_label = 'causal'"), shown),
        )
    }


def _one(table: str, change: str, where: str) -> str:
    return f"update published.{table} set {change} where {where}"


_FORWARD = "program_id = 'p1' and direction = 'process_to_outcome'"
_INDIRECT = "program_id = 'p1' and path = 'indirect'"
_P1 = "unit_id = 'p1' and metric_id = 'recovery'"

COUNTER_EXAMPLES: Cases = {
    ("published.pub_lead_lag", "both_directions_are_told_or_neither"): [
        (f"delete from published.pub_lead_lag where {_FORWARD}", 1),
        (_one("pub_lead_lag", "sample_size_status = 'suppressed'", _FORWARD), 1),
        (_one("pub_lead_lag", "sample_size = 41", _FORWARD), 1),
    ],
    ("published.pub_lead_lag", "waves_are_told_with_their_estimate"): [
        (_one("pub_lead_lag", "wave_count = 1", _FORWARD), 1),
        (_one("pub_lead_lag", "wave_count = 5", "program_id = 'p2'"), 2),
    ],
    ("published.pub_strata", "a_correlation_is_possible"): [
        (_one("pub_strata", "estimate = -1.1", "stratum_id = 'p1'"), 1),
        (_one("pub_strata", "i_squared = 1.1", "row_kind = 'pooled'"), 1),
    ],
    ("published.pub_strata", "pooled_groups_are_counted_where_they_are_pooled"): [
        (_one("pub_strata", "strata_count = null", "row_kind = 'pooled'"), 1),
        (_one("pub_strata", "strata_count = 3", "stratum_id = 'p2'"), 1),
    ],
    ("published.pub_components", "a_statistic_is_possible"): [
        (_one("pub_components", "estimate = 1.1", "estimate is not null"), 2),
        (_one("pub_components", "estimate = -0.1", "estimate is not null"), 1),
    ],
    ("published.pub_mediation", "the_exchanged_model_stands_beside_it"): [
        ("delete from published.pub_mediation where path = 'swapped_indirect'", 2),
        (_one("pub_mediation", "sample_size = null", _INDIRECT), 1),
        (_one("pub_mediation", "sample_size_status = 'suppressed'", _INDIRECT), 1),
    ],
    ("published.pub_delivery", "a_correlation_is_possible"): [
        (_one("pub_delivery", "estimate = 1.1", "estimate is not null"), 1)
    ],
    ("published.pub_dose_response", "a_band_has_an_order"): [
        (_one("pub_dose_response", "session_band_low = 0", "session_band = '1_to_8'"), 1),
        (_one("pub_dose_response", "session_band_low = 9", "session_band = '1_to_8'"), 1),
    ],
    ("published.pub_comparisons", "limits_stand_beside_their_rate"): [
        (_one("pub_comparisons", "limit_95_low = 0.4", "unit_id = 'p2'"), 1),
        (_one("pub_comparisons", "position = null", _P1), 1),
        (_one("pub_comparisons", "estimate = null", _P1), 1),
        (_one("pub_comparisons", "target_status = 'suppressed'", _P1), 1),
    ],
    ("published.pub_comparisons", "limits_enclose_their_target"): [
        (_one("pub_comparisons", "limit_998_high = 0.5", _P1), 1),
        (_one("pub_comparisons", "target = 0.7", _P1), 1),
    ],
    ("published.pub_comparisons", "a_unit_is_no_person"): [
        (_one("pub_comparisons", "unit_kind = 'clinician'", _P1), 1)
    ],
    ("published.pub_comparisons", "only_programs_and_clinics_have_limits"): [
        (_one("pub_comparisons", "unit_kind = 'condition'", _P1), 1),
        (_one("pub_comparisons", "unit_kind = 'period'", _P1), 1),
    ],
    ("published.pub_benchmarks", "what_may_not_be_compared_says_why"): [
        (_one("pub_benchmarks", "not_comparable_reason = null", "not is_comparable"), 1),
        (_one("pub_benchmarks", "is_comparable = true", "not is_comparable"), 1),
    ],
    ("published.pub_benchmarks", "a_published_number_has_its_source"): [
        (_one("pub_benchmarks", "citation = null", "program_id = 'p2'"), 1),
        (_one("pub_benchmarks", "published_sample_size = null", "program_id = 'p2'"), 1),
    ],
}
for _table, _shown in {
    "pub_lead_lag": 2,
    "pub_strata": 2,
    "pub_components": 2,
    "pub_mediation": 5,
    "pub_delivery": 2,
    "pub_dose_response": 2,
    "pub_comparisons": 2,
    "pub_benchmarks": 2,
}.items():
    COUNTER_EXAMPLES |= _broken_disclosure(_table, _shown)
