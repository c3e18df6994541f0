"""Five public data sets give the numbers that others published or that plain Python gets.

The judges: the papers' and packages' own numbers, the csv module, scipy and statsmodels on the file
itself. Nothing here looks into the warehouse to find what it should contain.
"""

import itertools
from collections import defaultdict
from math import sqrt
from pathlib import Path
from statistics import correlation, stdev
from typing import NamedTuple

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.helpers import Built, lines_of, mean
from tests.oracle import shared_data

REPEATED_LABELS = {("8", "2"), ("64", "4")}
ROWS = {
    ("pospsy", "posPsy_AHI_CESD_original.csv"): 992,
    ("beat_the_blues", "BtheB.csv"): 100,
    ("keng", "depress.csv"): 94,
    ("jacobson_truax_1991", "sample_data.csv"): 30,
    ("suddengains", "sgdata.csv"): 43,
    ("suddengains_bad", "sgdata_bad.csv"): 43,
}
BDI_COLUMNS = ("bdi.pre", "bdi.2m", "bdi.3m", "bdi.5m", "bdi.8m")
POSITIVE_CESD_ITEMS = (4, 8, 12, 16)


class Form(NamedTuple):
    """One line of the positive-psychology file."""

    client: str
    occasion: str
    day: float
    ahi: float
    cesd: float


def data(folder: str, file: str) -> list[dict[str, str]]:
    """A file of the shared data; asked for only where ``real_home`` was not skipped."""
    shared = shared_data()
    assert shared is not None
    return lines_of(shared / folder / file)


@pytest.fixture(scope="module")
def forms(real_home: Built) -> list[Form]:
    """The positive-psychology file, as the csv module reads it."""
    return [
        Form(
            line["id"],
            line["occasion"],
            float(line["elapsed.days"]),
            float(line["ahiTotal"]),
            float(line["cesdTotal"]),
        )
        for line in data("pospsy", "posPsy_AHI_CESD_original.csv")
    ]


@pytest.fixture(scope="module")
def courses(forms: list[Form]) -> dict[str, list[Form]]:
    """Each client's forms, first to last."""
    found = defaultdict(list)
    for form in forms:
        found[form.client].append(form)
    return {client: sorted(own, key=lambda form: form.day) for client, own in found.items()}


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
    assert read == ROWS[source, file] == len(data(folder, file))
    assert read == loaded + refused + repeated
    assert (refused, repeated, reasons, status) == (0, 0, None, "loaded")


def test_no_critical_rule_fails_on_real_data(real_home: Built) -> None:
    found = real_home.evaluation(
        "select rule, status, count(*) from marts.dq_results where severity = 'critical' "
        "and status not in ('pass', 'pass_with_failures', 'not_applicable') group by all"
    )
    assert found == []


# -- the positive-psychology trial -----------------------------------------------------------------


def test_all_295_clients_are_there(real_home: Built, courses: dict[str, list[Form]]) -> None:
    found = real_home.evaluation(
        "select count(distinct client_id) from marts.fct_scores where program_id = 'pospsy'"
    )
    assert found == [(295,)]
    assert len(courses) == 295


def test_scored_cesd_equals_the_stated_total_on_every_line(
    real_home: Built, forms: list[Form]
) -> None:
    found = real_home.evaluation(
        "select client_id, occasion, day, score, stated_score, score_origin, items_answered_count "
        "from marts.fct_scores where scale_id = 'cesd_total'"
    )
    assert len(found) == 992
    assert all(row[5] == "items" and row[6] == 20 for row in found)
    assert sum(row[3] != row[4] for row in found) == 0
    scored = sorted((row[0], row[1], row[2], row[3]) for row in found)
    assert scored == sorted((form.client, form.occasion, form.day, form.cesd) for form in forms)


def test_scored_cesd_is_what_a_pencil_gets_from_the_answers(real_home: Built) -> None:
    """The stated total comes with the file; this one is added up here, item by item."""
    expected = []
    for line in data("pospsy", "posPsy_AHI_CESD_original.csv"):
        answers = {item: int(line[f"cesd{item:02d}"]) - 1 for item in range(1, 21)}
        total = sum(
            3 - answer if item in POSITIVE_CESD_ITEMS else answer
            for item, answer in answers.items()
        )
        expected.append((line["id"], float(line["elapsed.days"]), float(total)))
    found = real_home.evaluation(
        "select client_id, day, score from marts.fct_scores where scale_id = 'cesd_total'"
    )
    assert sorted(found) == sorted(expected)


def test_repeated_occasion_labels_are_reported_and_kept(
    real_home: Built, forms: list[Form]
) -> None:
    reported = real_home.evaluation(
        "select client_id, occasion, instrument_id, count(*), count(distinct administration_id) "
        "from marts.dq_conflicts where program_id = 'pospsy' group by all order by all"
    )
    assert reported == sorted(
        (client, label, instrument, 2, 2)
        for client, label in REPEATED_LABELS
        for instrument in ("ahi", "cesd")
    )
    for client, label in REPEATED_LABELS:
        kept = real_home.evaluation(
            "select score from marts.fct_scores where scale_id = 'ahi_total' and client_id = ? "
            "and occasion = ? and is_conflict order by day",
            client,
            label,
        )
        in_file = [form.ahi for form in forms if (form.client, form.occasion) == (client, label)]
        assert len(kept) == 2
        assert sorted(row[0] for row in kept) == sorted(in_file)


def test_the_conflict_is_a_warning_with_its_count(real_home: Built) -> None:
    found = real_home.evaluation(
        "select severity, status, unexpected_count from marts.dq_results "
        "where rule = 'no_administrations_are_in_conflict'"
    )
    assert found == [("warning", "fail", 8)]


def association(real_home: Built, interval: str, columns: str) -> tuple[float, ...]:
    found = real_home.evaluation(
        f"select {columns} from marts.rel_change_associations where stratum_kind = 'all' "
        "and process_scale_id = 'ahi_total' and outcome_scale_id = 'cesd_total' "
        "and interval_name = ?",
        interval,
    )
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("interval", "clients", "r"),
    [("first_to_last", 202, -0.667452), ("baseline_to_1", 147, -0.611314)],
)
def test_change_in_happiness_goes_with_change_in_depression(
    real_home: Built, interval: str, clients: int, r: float
) -> None:
    sample_size, pearson_r, improvement_r, status = association(
        real_home, interval, "sample_size, pearson_r, improvement_r, status"
    )
    assert (sample_size, status) == (clients, "estimated")
    assert pearson_r == pytest.approx(r, abs=5e-7)
    assert improvement_r == pytest.approx(-r, abs=5e-7)


def pairs(courses: dict[str, list[Form]], interval: str) -> list[tuple[Form, Form]]:
    """First and later form of each client who has both."""
    found = []
    for own in courses.values():
        if interval == "first_to_last":
            later = own[-1:] if len(own) > 1 else []
        else:
            later = [form for form in own[1:] if f"baseline_to_{form.occasion}" == interval][:1]
        found += [(own[0], form) for form in later]
    return found


@pytest.mark.parametrize("interval", ["first_to_last", "baseline_to_1", "baseline_to_5"])
def test_association_and_its_intervals_agree_with_scipy(
    real_home: Built, courses: dict[str, list[Form]], interval: str
) -> None:
    ends = pairs(courses, interval)
    ahi = [final.ahi - first.ahi for first, final in ends]
    cesd = [final.cesd - first.cesd for first, final in ends]
    judged = stats.pearsonr(ahi, cesd)
    bounds = judged.confidence_interval(0.95)
    line = stats.linregress(ahi, cesd)
    reach = stats.t.ppf(0.975, len(ends) - 2) * line.stderr
    found = association(
        real_home,
        interval,
        "sample_size, pearson_r, interval_low, interval_high, spearman_rho, slope, "
        "slope_interval_low, slope_interval_high",
    )
    assert found == pytest.approx(
        (
            len(ends),
            correlation(ahi, cesd),
            bounds.low,
            bounds.high,
            stats.spearmanr(ahi, cesd).statistic,
            line.slope,
            line.slope - reach,
            line.slope + reach,
        ),
        abs=1e-6,
    )


@pytest.mark.parametrize("interval", ["first_to_last", "baseline_to_1"])
def test_partial_r_is_the_correlation_of_what_both_baselines_leave(
    real_home: Built, courses: dict[str, list[Form]], interval: str
) -> None:
    ends = pairs(courses, interval)
    baselines = sm.add_constant(np.array([(first.ahi, first.cesd) for first, _ in ends]))
    left = [
        sm.OLS(np.array(finals), baselines).fit().resid
        for finals in ([last.ahi for _, last in ends], [last.cesd for _, last in ends])
    ]
    r = stats.pearsonr(*left).statistic
    reach = stats.norm.ppf(0.975) / sqrt(len(ends) - 5)
    found = association(
        real_home, interval, "partial_r, partial_interval_low, partial_interval_high"
    )
    expected = (r, np.tanh(np.arctanh(r) - reach), np.tanh(np.arctanh(r) + reach))
    assert found == pytest.approx(expected, abs=1e-6)


def moments_of(own: list[Form]) -> list[Form]:
    """One form per day: of two on one day the panel keeps the first (client 144 has such a day)."""
    return list({form.day: form for form in reversed(own)}.values())[::-1]


def regression_rows(
    courses: dict[str, list[Form]], direction: str
) -> list[tuple[str, float, float, float]]:
    """(client, day, regressor, response) of clients with two rows or more."""
    found = []
    for client, forms_of_client in courses.items():
        own = moments_of(forms_of_client)
        moments = list(itertools.pairwise(own))
        rows = {
            "concurrent": [(client, now.day, now.ahi, now.cesd) for now in own],
            "process_to_outcome": [(client, now.day, old.ahi, now.cesd) for old, now in moments],
            "outcome_to_process": [(client, now.day, old.cesd, now.ahi) for old, now in moments],
        }[direction]
        if len(rows) >= 2:
            found += rows
    return found


@pytest.mark.parametrize("is_adjusted", [False, True], ids=["unadjusted", "adjusted_for_time"])
@pytest.mark.parametrize("direction", ["concurrent", "process_to_outcome", "outcome_to_process"])
def test_within_person_slopes_agree_with_statsmodels_on_the_file(
    real_home: Built, courses: dict[str, list[Form]], direction: str, is_adjusted: bool
) -> None:
    rows = regression_rows(courses, direction)
    clients = np.array([row[0] for row in rows])
    values = np.array([row[1:] for row in rows])
    codes = np.unique(clients, return_inverse=True)[1]
    means = np.array([values[codes == code].mean(axis=0) for code in range(codes.max() + 1)])
    day, regressor, response = (values - means[codes]).T
    regressors = np.column_stack([regressor, day]) if is_adjusted else regressor[:, None]
    fitted = sm.OLS(response, regressors).fit(
        cov_type="cluster", cov_kwds={"groups": codes}, use_t=True
    )
    low, high = fitted.conf_int()[0]
    found = real_home.evaluation(
        "select within_slope, standard_error, interval_low, interval_high, client_count, "
        "occasion_count, status, evidence_label from marts.rel_within_person "
        "where stratum_kind = 'all' and process_scale_id = 'ahi_total' "
        "and outcome_scale_id = 'cesd_total' and direction = ? and is_adjusted_for_time = ?",
        direction,
        is_adjusted,
    )
    assert len(found) == 1
    assert found[0][:4] == pytest.approx((fitted.params[0], fitted.bse[0], low, high), rel=1e-6)
    assert found[0][4:7] == (len(means), len(rows), "estimated")
    assert found[0][7] == ("concurrent" if direction == "concurrent" else "temporally ordered")


def test_the_between_person_slope_agrees_with_scipy(
    real_home: Built, courses: dict[str, list[Form]]
) -> None:
    several = [own for own in map(moments_of, courses.values()) if len(own) >= 2]
    judged = stats.linregress(
        [mean([form.ahi for form in own]) for own in several],
        [mean([form.cesd for form in own]) for own in several],
    )
    found = real_home.evaluation(
        "select distinct between_slope from marts.rel_within_person where stratum_kind = 'all' "
        "and process_scale_id = 'ahi_total' and outcome_scale_id = 'cesd_total' "
        "and direction = 'concurrent'"
    )
    assert [row[0] for row in found] == pytest.approx([judged.slope] * len(found), rel=1e-6)


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
    before = [float(line["pre_data"]) for line in data("jacobson_truax_1991", "sample_data.csv")]
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
        for line in data("suddengains", "sgdata.csv")
        for column, value in line.items()
        for measure in ("bdi", "rq")
        if column.startswith(f"{measure}_") and value
    )
    assert [row for row in good if row[3] is not None] == in_file
    assert bad == good


def test_follow_ups_come_after_the_last_session(real_home: Built) -> None:
    """Column order is the order in time here: first and last value of each line."""
    expected = {}
    for line in data("suddengains", "sgdata.csv"):
        values = [float(v) for name, v in line.items() if name.startswith("bdi_") and v]
        if len(values) > 1:
            expected[f"clean-{line['id']}"] = (values[0], values[-1])
    found = real_home.evaluation(
        "select client_id, baseline_score, final_score from marts.fct_changes "
        "where scale_id = 'bdi_total' and program_id = 'suddengains' "
        "and interval_name = 'first_to_last' and change is not null"
    )
    assert {row[0]: row[1:] for row in found} == expected


# -- Beat the Blues --------------------------------------------------------------------------------


def test_mean_change_in_beat_the_blues_is_that_of_first_and_last_value(real_home: Built) -> None:
    changes = []
    for line in data("beat_the_blues", "BtheB.csv"):
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
        for line in data("beat_the_blues", "BtheB.csv")
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
    lines = data("keng", "depress.csv")
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
