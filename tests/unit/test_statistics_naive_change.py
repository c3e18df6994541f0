"""The naive change engine gives the published numbers, and each class by a case worked by hand."""

import csv
from collections import Counter

import pytest

from tests.oracle import shared_data
from tests.oracle.naive_change import (
    Group,
    baseline_group,
    changes,
    cutoff_value,
    default_rule,
    standard_error_of_difference,
)
from tests.oracle.naive_order import (
    Administration,
    in_order,
    intervals,
    on_one_clock,
    with_moments,
)

# metrics.md 2.2, golden vectors: lower is better, reliability .86.
PRE = (20, 18, 15, 22, 12, 17, 9, 14, 19, 16)
POST = (8, 10, 14, 23, 6, 9, 10, 5, 18, 7)
INDEX = (-5.842, -3.895, -0.487, 0.487, -2.921, -3.895, 0.487, -4.382, -0.487, -4.382)

FUNCTIONAL = {"norm_id": "functional", "mean": "5", "standard_deviation": "4.5"}
THRESHOLD = {"threshold_id": "case", "operator": ">=", "value": "10"}


def rule(**changed):
    return {
        "scale_id": "s",
        "is_default": "true",
        "sd_source": "clinic_baseline",
        "sd_norm_id": "",
        "reliability": "0.86",
        "cutoff_kind": "c",
        "clinical_source": "clinic_baseline",
        "clinical_norm_id": "",
        "functional_norm_id": "functional",
        "cutoff_threshold_id": "",
    } | changed


def two_points(pre, post):
    return {
        f"e{i}": [
            Administration(2 * i, before, occasion_order=0),
            Administration(2 * i + 1, after, occasion_order=1),
        ]
        for i, (before, after) in enumerate(zip(pre, post, strict=True))
    }


def first_to_last(episodes, **options):
    found = changes(episodes, **{"is_higher_better": False, "norms": [FUNCTIONAL]} | options)
    return [rows[0] for rows in found.values()]


def judged(before, after, **options):
    """One person by a fixed rule: SD 5, reliability .5, so S_diff is exactly 5."""
    fixed = rule(
        sd_source="published",
        sd_norm_id="clinical",
        reliability="0.5",
        cutoff_kind="threshold",
        cutoff_threshold_id="case",
    )
    norms = [{"norm_id": "clinical", "mean": "", "standard_deviation": "5"}, FUNCTIONAL]
    settings = {"rule": fixed, "norms": norms, "thresholds": [THRESHOLD]} | options
    return first_to_last(two_points([before], [after]), **settings)[0]


def test_the_ten_people_of_the_golden_vector_have_their_index():
    rows = first_to_last(two_points(PRE, POST), rule=rule())
    assert [round(row.reliable_change_index, 3) for row in rows] == list(INDEX)
    classes = Counter(row.reliable_change_class for row in rows)
    assert classes == {"improved": 6, "unchanged": 4}
    assert [row.improvement for row in rows] == [a - b for a, b in zip(PRE, POST, strict=True)]


def test_the_golden_group_has_its_mean_and_deviation():
    group = baseline_group(two_points(PRE, POST), 2)
    assert group.mean == pytest.approx(16.2)
    assert group.standard_deviation == pytest.approx(3.8816, abs=5e-5)
    error = standard_error_of_difference(group.standard_deviation, 0.86)
    assert error == pytest.approx(2.0539, abs=5e-5)
    assert 1.96 * error == pytest.approx(4.0257, abs=5e-5)
    assert standard_error_of_difference(7.5, 0.8) == pytest.approx(4.7434, abs=5e-5)


@pytest.mark.parametrize(("kind", "value"), [("a", 8.437), ("b", 14.000), ("c", 11.013)])
def test_the_golden_cutoffs(kind, value):
    clinical = baseline_group(two_points(PRE, POST), 2)
    assert cutoff_value(kind, -1, clinical, Group(5, 4.5)) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(("kind", "value"), [("a", 40), ("b", 64), ("c", 960 / 18)])
def test_cutoffs_mirror_where_higher_is_better(kind, value):
    # By hand: a = 20 + 2 x 10, b = 80 - 2 x 8, c = (10 x 80 + 8 x 20) / (10 + 8).
    assert cutoff_value(kind, 1, Group(20, 10), Group(80, 8)) == pytest.approx(value)
    assert cutoff_value(kind, -1, Group(-20, 10), Group(-80, 8)) == pytest.approx(-value)


@pytest.mark.parametrize("kind", ["a", "b", "c", "none", ""])
def test_without_its_groups_there_is_no_cutoff(kind):
    assert cutoff_value(kind, -1, None, None) is None
    assert cutoff_value("c", -1, Group(20, 0), Group(5, 0)) is None


def test_jacobson_and_truax_1991_is_reproduced():
    folder = shared_data()
    if folder is None:
        pytest.skip("shared data absent: 1 file, 30 people of Jacobson & Truax not judged")
    path = folder / "jacobson_truax_1991" / "sample_data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    episodes = two_points(
        [float(one["pre_data"]) for one in people], [float(one["post_data"]) for one in people]
    )
    clinic = baseline_group(episodes, 30)
    error = standard_error_of_difference(clinic.standard_deviation, 0.88)
    assert error == pytest.approx(5.793, abs=5e-4)
    assert cutoff_value("c", 1, clinic, Group(114.8, 17.8)) == pytest.approx(94.84, abs=0.005)
    rows = first_to_last(
        episodes,
        is_higher_better=True,
        rule=rule(reliability="0.88"),
        norms=[{"norm_id": "functional", "mean": "114.8", "standard_deviation": "17.8"}],
        minimum_baseline_count=30,
    )
    assert Counter(row.outcome_class for row in rows) == {
        "recovered": 14,
        "improved": 5,
        "unchanged": 10,
        "deteriorated": 1,
    }


@pytest.mark.parametrize(
    ("before", "after", "change_class", "outcome"),
    [
        (20, 5, "improved", "recovered"),
        (20, 9, "improved", "recovered"),
        (20, 10, "improved", "improved"),  # 10 is still a case: the operator is >=
        (10, 0, "improved", "recovered"),
        (9.9, 0, "improved", "improved"),  # was no case to begin with
        (12, 5, "unchanged", "unchanged"),
        (5, 20, "deteriorated", "harmed"),
        (12, 22, "deteriorated", "deteriorated"),
        (None, 5, "unknown", "unknown"),
    ],
)
def test_each_outcome_class_by_hand(before, after, change_class, outcome):
    row = judged(before, after)
    assert (row.reliable_change_class, row.outcome_class) == (change_class, outcome)


def test_a_change_that_only_equals_the_index_is_no_reliable_change():
    # S_diff 25, change 49: 49 / 25 is 1.96 to the last bit.
    norms = [{"norm_id": "clinical", "mean": "", "standard_deviation": "25"}]
    equal, beyond = judged(60, 11, norms=norms), judged(60, 10.9, norms=norms)
    assert equal.reliable_change_index == -1.96
    assert equal.reliable_change_class == "unchanged"
    assert beyond.reliable_change_class == "improved"


@pytest.mark.parametrize(
    ("operator", "at_cutoff_is_case"), [(">=", True), (">", False), ("<=", True), ("<", False)]
)
def test_a_threshold_means_its_operator(operator, at_cutoff_is_case):
    higher_better = operator in ("<", "<=")
    far = 30 if higher_better else -10
    row = judged(
        10,
        far,
        is_higher_better=higher_better,
        thresholds=[THRESHOLD | {"operator": operator}],
    )
    assert row.reliable_change_class == "improved"
    assert row.outcome_class == ("recovered" if at_cutoff_is_case else "improved")


@pytest.mark.parametrize("higher_better", [False, True])
def test_a_score_on_the_cutoff_itself_is_clinical(higher_better):
    # SDs are equal, so c lies halfway: clinical 30, functional 10 -> 20; mirrored 10, 30 -> 20.
    groups = (10, 30) if higher_better else (30, 10)
    norms = [
        {"norm_id": name, "mean": str(mean), "standard_deviation": "5"}
        for name, mean in zip(("clinical", "functional"), groups, strict=True)
    ]
    published = rule(
        sd_source="published",
        sd_norm_id="clinical",
        clinical_source="published",
        clinical_norm_id="clinical",
        reliability="0.5",
    )
    options = {"is_higher_better": higher_better, "rule": published, "norms": norms}
    end = 60 if higher_better else -20
    assert judged(20, end, **options).outcome_class == "recovered"
    start = 0 if higher_better else 40
    assert judged(start, 20, **options).outcome_class == "improved"


def test_without_a_cutoff_reliable_change_is_known_and_the_outcome_is_not():
    bare = rule(sd_source="published", sd_norm_id="clinical", cutoff_kind="none")
    norms = [{"norm_id": "clinical", "mean": "", "standard_deviation": "5"}]
    options = {"rule": bare, "norms": norms}
    row = judged(20, 0, **options)
    assert (row.reliable_change_class, row.outcome_class) == ("improved", "unknown")
    row = judged(20, 19, **options)
    assert (row.reliable_change_class, row.outcome_class) == ("unchanged", "unknown")
    assert row.unknown_reason == "no_cutoff"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rule": None}, "no_rule"),
        ({"rule": rule(), "minimum_baseline_count": 11}, "no_standard_deviation"),
        ({"rule": rule(sd_source="published", sd_norm_id="nowhere")}, "no_standard_deviation"),
    ],
)
def test_without_a_rule_or_a_deviation_change_is_told_but_not_judged(options, reason):
    for row in first_to_last(two_points(PRE, POST), **options):
        assert row.change is not None
        assert row.reliable_change_index is None
        assert row.reliable_change_class == row.outcome_class == "unknown"
        assert row.unknown_reason == reason


def test_baselines_that_are_all_equal_judge_nobody():
    rows = first_to_last(two_points([0.1] * 7, range(7)), rule=rule())
    assert {row.reliable_change_class for row in rows} == {"unknown"}


def test_a_baseline_without_a_later_score_still_counts_for_the_clinic():
    alone = [[Administration(key, 4.0 * key, day=0)] for key in (1, 2)]
    group = baseline_group({"a": alone[0], "b": alone[1], "c": []}, 2)
    assert group == Group(6, pytest.approx(8**0.5))


def test_days_order_unless_one_is_missing():
    early = Administration(3, 1.0, day=0.0, occasion_order=2)
    late = Administration(1, 2.0, day=9.5, occasion_order=1)
    keys = [3, 1, 2]

    def in_turn(*forms):
        return [keys.index(each.administration_key) for each in in_order(forms)]

    assert in_turn(late, early) == [0, 1]
    assert in_turn(Administration(2, 3.0, occasion_order=3), early, late) == [1, 0, 2]
    # A form that could not be scored still has no day, and the clock is one for all.
    assert in_turn(Administration(2, None, occasion_order=3), late, early) == [1, 0]


def test_the_clock_is_that_of_the_whole_episode_and_not_of_the_scale():
    gad = [Administration(1, 1.0, day=9, occasion_order=1), Administration(2, 2.0, day=0)]
    phq = [Administration(3, 3.0, occasion_order=2)]
    assert [each.administration_key for each in in_order(gad)] == [2, 1]
    together = on_one_clock([*gad, *phq])
    assert [each.administration_key for each in in_order(together[:2])] == [1]


def test_a_form_without_a_place_on_the_clock_takes_no_part():
    placed = [Administration(1, 9.0, occasion_order=2), Administration(2, 5.0, occasion_order=1)]
    nowhere = Administration(0, 7.0, day=3)
    assert in_order([*placed, nowhere]) == in_order(placed)
    assert [each.interval_name for each in intervals([nowhere._replace(is_on_days=False)])] == [
        "first_to_last"
    ]


def test_ties_fall_to_the_occasion_order_and_then_to_the_key():
    first = Administration(7, 1.0, day=3.0, occasion_order=1)
    second = Administration(2, 1.0, day=3.0, occasion_order=2)
    third = Administration(5, 1.0, day=3.0, occasion_order=2)
    unknown = Administration(1, 1.0, day=3.0)
    found = [each.administration_key for each in in_order([unknown, third, second, first])]
    assert found == [7, 2, 5, 1]


def test_every_later_label_makes_one_interval_and_the_first_of_a_label_counts():
    forms = [
        Administration(1, 9.0, day=0, occasion="intake"),
        Administration(2, 8.0, day=1, occasion="week 1", timepoint="mid"),
        Administration(3, 7.0, day=2, timepoint="mid"),
        Administration(4, 6.0, day=3, timepoint="mid"),
        Administration(5, 5.0, day=4, timepoint="session 9"),
        Administration(6, None, day=5, occasion="week 5"),
        Administration(7, 4.0, day=6, occasion="intake"),
    ]
    found = {each.interval_name: each.final.administration_key for each in intervals(forms)}
    assert found == {
        "first_to_last": 7,
        "baseline_to_week 1": 2,
        "baseline_to_mid": 3,
        "baseline_to_4": 5,
    }


def test_a_moment_is_numbered_in_its_episode_whatever_the_scale():
    weekly = on_one_clock([Administration(key, 1.0, day=7 * key) for key in range(4)])
    fortnightly = on_one_clock([Administration(9 + key, 1.0, day=14 * key) for key in range(3)])
    unscored = on_one_clock([Administration(20, None, day=3)])
    scales = with_moments({"a": {"e": weekly}, "b": {"e": fortnightly}, "c": {"e": unscored}})
    assert [each.moment for each in scales["a"]["e"]] == [0, 1, 2, 3]
    assert [each.moment for each in scales["b"]["e"]] == [0, 2, 4]
    assert [each.interval_name for each in intervals(scales["b"]["e"])] == [
        "first_to_last",
        "baseline_to_2",
        "baseline_to_4",
    ]


def test_first_to_last_is_there_even_when_its_ends_are_not():
    rows = changes(
        {
            "one": [Administration(1, 5.0, day=2.0), Administration(2, None, day=3.0)],
            "none": [Administration(3, None)],
            "empty": [],
        },
        is_higher_better=False,
        rule=rule(),
        norms=[FUNCTIONAL],
    )
    (one,) = rows["one"]
    assert (one.baseline_score, one.baseline_day, one.final_score) == (5.0, 2.0, None)
    assert (one.change, one.outcome_class) == (None, "unknown")
    assert one.unknown_reason == "no_second_score"
    (none,) = rows["none"]
    assert none.unknown_reason == "no_score"
    assert (none.baseline_score, none.final_score) == (None, None)
    assert rows["empty"] == []


def test_the_default_rule_is_the_one_marked_for_the_scale():
    other, unmarked = rule(scale_id="t"), rule(is_default="false")
    assert default_rule([other, unmarked], "s") is None
    assert default_rule([other, unmarked, chosen := rule()], "s") is chosen


def test_a_rule_whose_threshold_is_nowhere_has_no_cutoff():
    row = judged(20, 0, thresholds=[THRESHOLD | {"threshold_id": "other"}])
    assert (row.reliable_change_class, row.outcome_class) == ("improved", "unknown")
