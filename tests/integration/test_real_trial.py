"""The positive-psychology trial: item answers, stated totals, days, and what was published on it.

The judges: the numbers of the issue, the csv module, scipy and statsmodels on the file itself.
Other public data sets: ``test_real_input``.
"""

import itertools
from collections import defaultdict
from math import sqrt
from statistics import correlation
from typing import NamedTuple

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.helpers import Built, mean, shared_lines

REPEATED_LABELS = {("8", "2"), ("64", "4")}
POSITIVE_CESD_ITEMS = (4, 8, 12, 16)


class Form(NamedTuple):
    """One line of the positive-psychology file."""

    client: str
    occasion: str
    day: float
    ahi: float
    cesd: float


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
        for line in shared_lines("pospsy", "posPsy_AHI_CESD_original.csv")
    ]


@pytest.fixture(scope="module")
def courses(forms: list[Form]) -> dict[str, list[Form]]:
    """Each client's forms, first to last."""
    found = defaultdict(list)
    for form in forms:
        found[form.client].append(form)
    return {client: sorted(own, key=lambda form: form.day) for client, own in found.items()}


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
    for line in shared_lines("pospsy", "posPsy_AHI_CESD_original.csv"):
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


# -- an instrument that only the clinic defines ---------------------------------------------------


def test_an_instrument_of_the_clinics_own_goes_all_the_way(real_home: Built) -> None:
    counts = {
        table: real_home.evaluation(f"select count(*) from marts.{table} where {column} = ?", one)
        for table, column, one in (
            ("fct_scores", "scale_id", "ahi_total"),
            ("fct_changes", "scale_id", "ahi_total"),
            ("rel_change_associations", "process_scale_id", "ahi_total"),
        )
    }
    assert all(found[0][0] > 0 for found in counts.values()), counts
    assert real_home.dashboard("select 1 from published.pub_scales where scale_id = 'ahi_total'")
    assert real_home.dashboard(
        "select 1 from published.pub_program_measures where scale_id = 'ahi_total'"
    )


@pytest.mark.parametrize(("scale", "item", "count"), [("ahi", "ahi", 24), ("cesd", "cesd", 20)])
def test_reliability_is_what_pingouin_gets_from_each_persons_first_form(
    real_home: Built, scale: str, item: str, count: int
) -> None:
    first: dict[str, tuple[tuple[float, int], list[float]]] = {}
    for line in shared_lines("pospsy", "posPsy_AHI_CESD_original.csv"):
        answers = [float(line[f"{item}{n:02d}"]) for n in range(1, count + 1)]
        if scale == "cesd":
            for n in POSITIVE_CESD_ITEMS:
                answers[n - 1] = 5 - answers[n - 1]
        # One person filled in two occasions on day 0: the earlier occasion is the first.
        when = (float(line["elapsed.days"]), int(line["occasion"]))
        if line["id"] not in first or when < first[line["id"]][0]:
            first[line["id"]] = (when, answers)
    expected, limits = pingouin.cronbach_alpha(pd.DataFrame([each for _, each in first.values()]))
    (row,) = real_home.evaluation(
        "select sample_size, estimate, interval_low, interval_high "
        "from marts.fct_scale_reliability where stratum_kind = 'source' "
        "and stratum_id = 'pospsy' and scale_id = ? and statistic = 'alpha'",
        f"{scale}_total",
    )
    assert row[0] == len(first) == 295
    assert row[1] == pytest.approx(expected, abs=1e-9)
    assert row[2:] == pytest.approx(tuple(limits), abs=1e-3)  # pingouin rounds to three places
