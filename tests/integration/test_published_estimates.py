"""What a dashboard shows of an estimate is the estimate, of the people it says.

What belongs here: shown rows of one release beside the marts they come from, read anew.
What does not: which may be shown (``tests/dbt``), or whether an estimate is right.
"""

import pytest

from tests.helpers import Built, Row

# Published table: the mart's rows in the same key, with estimate, size and limits.
MARTS = {
    "pub_lead_lag": (
        "program_id, process_scale_id, outcome_scale_id, model, direction",
        "select if(stratum_kind = 'all', 'all', stratum_id), process_scale_id, outcome_scale_id, "
        "model, direction, estimate, client_count, interval_low, interval_high "
        "from marts.rel_cross_lagged where stratum_kind in ('all', 'program') union all "
        "select if(stratum_kind = 'all', 'all', stratum_id), process_scale_id, outcome_scale_id, "
        "model, direction, within_slope, client_count, interval_low, interval_high "
        "from marts.rel_within_person_models where stratum_kind in ('all', 'program')",
    ),
    "pub_strata": (
        "process_scale_id, outcome_scale_id, stratum_kind, stratum_id, row_kind",
        "select process_scale_id, outcome_scale_id, stratum_kind, stratum_id, 'stratum', pearson_r,"
        " sample_size, interval_low, interval_high from marts.rel_change_associations "
        "where interval_name = 'first_to_last' union all "
        "select process_scale_id, outcome_scale_id, pooled_over, 'all', 'pooled', estimate, "
        "sample_size, interval_low, interval_high from marts.rel_pooled union all "
        "select process_scale_id, outcome_scale_id, pooled_over, 'all', 'prediction', estimate, "
        "sample_size, prediction_low, prediction_high from marts.rel_pooled",
    ),
    "pub_mediation": (
        "program_id, process_scale_id, mediator_scale_id, outcome_scale_id, window_name, path",
        "select if(stratum_kind = 'all', 'all', stratum_id), cause_id, mediator_scale_id, "
        "outcome_scale_id, window_name, 'indirect', indirect, sample_size, interval_low, "
        "interval_high from marts.rel_mediation union all "
        "select if(stratum_kind = 'all', 'all', stratum_id), cause_id, mediator_scale_id, "
        "outcome_scale_id, window_name, 'b', b, sample_size, null, null from marts.rel_mediation",
    ),
    "pub_components": (
        "program_id, outcome_scale_id, component_scale_id, statistic",
        "select if(stratum_kind = 'all', 'all', stratum_id), outcome_scale_id, predictor_id, "
        "'relative_weight', relative_weight, sample_size, relative_weight_interval_low, "
        "relative_weight_interval_high from marts.rel_components "
        "where predictor_set = 'components' and stratum_kind in ('all', 'program')",
    ),
    "pub_delivery": (
        "program_id, scale_id, predictor",
        "select if(stratum_kind = 'all', 'all', stratum_id), outcome_scale_id, delivery_id, "
        "estimate, sample_size, interval_low, interval_high from marts.rel_delivery "
        "where predictor = 'delivery' and stratum_kind in ('all', 'program') union all "
        "select if(stratum_kind = 'all', 'all', stratum_id), component_scale_id, practice_id, "
        "estimate, sample_size, interval_low, interval_high from marts.rel_practice "
        "where stratum_kind in ('all', 'program')",
    ),
}


def by_key(rows: list[Row], length: int) -> dict[Row, Row]:
    return {row[:length]: row[length:] for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("table", MARTS)
def test_a_shown_estimate_is_that_of_the_mart_and_of_as_many_people(
    imaginary_home: Built, table: str
) -> None:
    key, mart = MARTS[table]
    length = key.count(",") + 1
    shown = imaginary_home.dashboard(
        f"select {key}, estimate, sample_size, estimate_interval_low, estimate_interval_high "
        f"from published.{table} where estimate_status = 'shown'",
    )
    truth = by_key(imaginary_home.evaluation(mart), length)
    compared = [(own, truth[row]) for row, own in by_key(shown, length).items() if row in truth]
    assert compared
    for (estimate, size, *limits), (true, true_size, *true_limits) in compared:
        assert size == true_size
        for told, exact in zip((estimate, *limits), (true, *true_limits), strict=True):
            assert (told is None) == (exact is None)
            assert told is None or abs(told - exact) < 0.0051


@pytest.mark.slow
def test_bands_of_sessions_are_the_courses_of_each_number_added_up(imaginary_home: Built) -> None:
    shown = imaginary_home.dashboard(
        "select program_id, session_band_low, coalesce(session_band_high, 999), sample_size, "
        "numerator_count from published.pub_dose_response where sample_size is not null",
    )
    exact = imaginary_home.evaluation(
        "select program_id, session_count, sample_size, numerator_count "
        "from marts.fct_dose_response "
        "where metric_id = 'reliable_improvement_of_known' and ending_kind = 'all'",
    )
    assert shown
    for program, low, high, size, improved in shown:
        inside = [row for row in exact if row[0] == program and low <= row[1] <= high]
        assert size == sum(row[2] for row in inside)
        assert improved is None or improved == sum(row[3] for row in inside)
