"""Five public data sets give the numbers that others published or that plain Python gets.

The judges: the papers' and packages' own numbers and the csv module. Nothing here looks into the
warehouse to find what it should contain. The largest of them has ``test_real_trial`` to itself.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import sqrt
from pathlib import Path
from statistics import stdev

import pytest

from tests.helpers import Built, mean, shared_lines
from tests.oracle import shared_data
from tests.oracle.naive_trajectories import Form, Scale, planned_sessions, steps

ROWS = {
    ("pospsy", "posPsy_AHI_CESD_original.csv"): 992,
    ("beat_the_blues", "BtheB.csv"): 100,
    ("keng", "depress.csv"): 94,
    ("jacobson_truax_1991", "sample_data.csv"): 30,
    ("suddengains", "sgdata.csv"): 43,
    ("suddengains_bad", "sgdata_bad.csv"): 43,
}
BDI_COLUMNS = ("bdi.pre", "bdi.2m", "bdi.3m", "bdi.5m", "bdi.8m")


# -- landing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "file"), ROWS)
def test_every_row_of_every_file_is_accounted_for(real_home: Built, source: str, file: str) -> None:
    found = real_home.evaluation(
        "select rows_read, rows_loaded, rows_refused, rows_repeated, reasons, status "
        "from marts.dq_loads where source = ? and file_name = ?",
        source,
        file,
    )
    assert len(found) == 1
    read, loaded, refused, repeated, reasons, status = found[0]
    folder = "suddengains" if source == "suddengains_bad" else source
    assert read == ROWS[source, file] == len(shared_lines(folder, file))
    assert read == loaded + refused + repeated
    assert (refused, repeated, reasons, status) == (0, 0, None, "loaded")


def test_no_critical_rule_fails_on_real_data(real_home: Built) -> None:
    found = real_home.evaluation(
        "select rule, status, count(*) from marts.dq_results where severity = 'critical' "
        "and status not in ('pass', 'pass_with_failures', 'not_applicable') group by all"
    )
    assert found == []


# -- Jacobson & Truax 1991 -------------------------------------------------------------------------


def test_jacobson_and_truax_get_their_own_cut_off_and_error(real_home: Built) -> None:
    found = real_home.evaluation(
        "select cutoff_kind, cutoff, standard_error_of_difference, reliability, baseline_count, "
        "clinical_operator from marts.dim_change_criteria where scale_id = 'das_total'"
    )
    assert len(found) == 1
    kind, cutoff, error, reliability, baselines, operator = found[0]
    assert (kind, reliability, baselines, operator) == ("c", 0.88, 30, "<=")
    assert cutoff == pytest.approx(94.84, abs=0.005)
    assert error == pytest.approx(5.793, abs=0.0005)
    before = [
        float(line["pre_data"]) for line in shared_lines("jacobson_truax_1991", "sample_data.csv")
    ]
    assert error == pytest.approx(stdev(before) * sqrt(2 * (1 - 0.88)), abs=1e-9)


def test_jacobson_and_truax_get_their_own_classes(real_home: Built) -> None:
    found = real_home.evaluation(
        "select interval_name, outcome_class, count(*) from marts.fct_changes "
        "where scale_id = 'das_total' group by all"
    )
    classes = {name: {} for name in ("first_to_last", "baseline_to_post")}
    for interval, outcome, count in found:
        classes[interval][outcome] = count
    expected = {"recovered": 14, "improved": 5, "unchanged": 10, "deteriorated": 1}
    assert classes == {"first_to_last": expected, "baseline_to_post": expected}


# -- sudden gains ----------------------------------------------------------------------------------


def sudden_gains_scores(real_home: Built, program: str, prefix: str) -> list[tuple[str, ...]]:
    return real_home.evaluation(
        "select replace(client_id, ?, ''), scale_id, occasion, score, score_origin "
        "from marts.fct_scores where program_id = ? order by all",
        prefix,
        program,
    )


def test_consistent_and_inconsistent_column_names_give_the_same_scores(real_home: Built) -> None:
    good = sudden_gains_scores(real_home, "suddengains", "clean-")
    bad = sudden_gains_scores(real_home, "suddengains_bad", "bad-")
    in_file = sorted(
        (line["id"], f"{measure}_total", column.split("_")[1], float(value), "stated")
        for line in shared_lines("suddengains", "sgdata.csv")
        for column, value in line.items()
        for measure in ("bdi", "rq")
        if column.startswith(f"{measure}_") and value
    )
    assert [row for row in good if row[3] is not None] == in_file
    assert bad == good


def test_follow_ups_come_after_the_last_session(real_home: Built) -> None:
    """Column order is the order in time here: first and last value of each line."""
    expected = {}
    for line in shared_lines("suddengains", "sgdata.csv"):
        values = [float(v) for name, v in line.items() if name.startswith("bdi_") and v]
        if len(values) > 1:
            expected[f"clean-{line['id']}"] = (values[0], values[-1])
    found = real_home.evaluation(
        "select client_id, baseline_score, final_score from marts.fct_changes "
        "where scale_id = 'bdi_total' and program_id = 'suddengains' "
        "and interval_name = 'first_to_last' and change is not null"
    )
    assert {row[0]: row[1:] for row in found} == expected


def test_sudden_steps_of_the_example_are_those_of_the_naive_engine(real_home: Built) -> None:
    """No change rule is known for this measure here, so two criteria are judged and one is not."""
    scale = Scale(False, Fraction(0), Fraction(63), None)
    expected = set()
    courses = {}
    for line in shared_lines("suddengains", "sgdata.csv"):
        courses[line["id"]] = [
            Form(date(2024, 1, 1) + timedelta(days=session), session, session, Fraction(value))
            for session in range(13)
            if (value := line[f"bdi_s{session}"])
        ]
    planned = planned_sessions(list(courses.values()))
    for person, forms in courses.items():
        for when, step in steps(forms, planned, scale).items():
            if step.is_large_in_proportion and step.is_beyond_fluctuation and step.improvement:
                session = (when - date(2024, 1, 1)).days
                expected.add((person, f"s{session}", float(step.improvement), step.is_reversed))
    for program, prefix in (("suddengains", "clean-"), ("suddengains_bad", "bad-")):
        found = real_home.evaluation(
            "select replace(client_id, ?, ''), occasion, step_improvement, is_step_reversed, "
            "is_large, is_sudden from marts.fct_sudden_gains "
            "where scale_id = 'bdi_total' and program_id = ?",
            prefix,
            program,
        )
        assert {row[:4] for row in found} == expected
        assert {row[4:] for row in found} == {(None, None)}
    assert len(expected) > 30


# -- Beat the Blues --------------------------------------------------------------------------------


def test_mean_change_in_beat_the_blues_is_that_of_first_and_last_value(real_home: Built) -> None:
    changes = []
    for line in shared_lines("beat_the_blues", "BtheB.csv"):
        values = [float(line[name]) for name in BDI_COLUMNS if line[name] not in ("", "NA")]
        if len(values) > 1:
            changes.append(values[-1] - values[0])
    found = real_home.evaluation(
        "select count(change), avg(change), avg(improvement), count(*) from marts.fct_changes "
        "where program_id = 'beat_the_blues' and interval_name = 'first_to_last'"
    )
    count, change, improvement, clients = found[0]
    assert (count, clients) == (len(changes), 100)
    assert change == pytest.approx(mean(changes), abs=1e-9)
    assert improvement == pytest.approx(-mean(changes), abs=1e-9)


@pytest.mark.parametrize("column", BDI_COLUMNS)
def test_attrition_in_beat_the_blues_is_as_in_the_file(real_home: Built, column: str) -> None:
    values = [
        float(line[column])
        for line in shared_lines("beat_the_blues", "BtheB.csv")
        if line[column] not in ("", "NA")
    ]
    found = real_home.evaluation(
        "select count(score), avg(score) from marts.fct_scores "
        "where scale_id = 'bdi2_total' and occasion = ?",
        column.removeprefix("bdi."),
    )
    assert found[0] == pytest.approx((len(values), mean(values)), abs=1e-9)


# -- Keng ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wave", ["1", "2", "3"])
def test_wave_means_of_keng_are_the_ones_the_file_states(real_home: Built, wave: str) -> None:
    found = real_home.evaluation(
        "select client_id, score from marts.fct_scores "
        "where scale_id = 'keng_depression_total' and occasion = ?",
        wave,
    )
    lines = shared_lines("keng", "depress.csv")
    by_hand = {
        f"keng-{line['id']}": mean([float(line[f"depr{wave}i{item}"]) for item in range(1, 21)])
        for line in lines
    }
    assert len(found) == len(lines) == 94
    assert dict(found) == pytest.approx(by_hand, abs=1e-9)
    stated = {f"keng-{line['id']}": float(line[f"dm{wave}"]) for line in lines}
    assert dict(found) == pytest.approx(stated, abs=1e-9)


def test_sources_that_number_people_alike_do_not_meet(real_home: Built) -> None:
    found = real_home.evaluation(
        "select client_id from marts.fct_scores group by client_id "
        "having count(distinct program_id) > 1"
    )
    assert found == []


def test_the_data_lie_outside_the_checkout(real_home: Built) -> None:
    """Nothing fetched is copied into the repository: licences differ and people stand behind it."""
    shared = shared_data()
    assert shared is not None
    checkout = Path(__file__).resolve().parents[2]
    names = {path.name for path in shared.rglob("*.csv")} - {"data.csv", "items.csv"}
    ours = {
        path.name
        for path in checkout.joinpath("tests").rglob("*.csv")
        if "instruments" not in path.parts
    }
    assert "posPsy_AHI_CESD_original.csv" in names
    assert names & ours == set()
