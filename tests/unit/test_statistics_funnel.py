"""Funnel limits lie where they are published, and chance alone puts nobody outside.

What belongs here: ``statistics.funnel`` on units made here and on metrics.md 2.5.
What does not: the rates (``test_statistics_program_outcomes``).
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from orchestration.statistics import funnel


def rows(*units: tuple[int, int], **changed: object) -> pd.DataFrame:
    """Units as (numerator, denominator) in one group."""
    group: dict[str, Any] = dict.fromkeys(funnel.GROUP, "all")
    return pd.DataFrame(
        [
            group
            | changed
            | {"unit_id": f"u{number:03}", "numerator_count": count, "sample_size": total}
            for number, (count, total) in enumerate(units)
        ]
    )


def raw(*units: tuple[int, int], **changed: object) -> pd.DataFrame:
    """The same, ready for limits without any adjustment."""
    return funnel.raw(rows(*units, **changed))


@pytest.mark.parametrize(
    ("total", "low", "high"),
    [(10, 0.190, 0.770), (25, 0.286, 0.668), (50, 0.339, 0.613), (100, 0.378, 0.573)],
)
def test_limits_around_47_5_percent_are_the_published_ones(
    total: int, low: float, high: float
) -> None:
    # metrics.md 2.5. Two large units hold the common rate at .475.
    found = funnel.limits(raw((475_000, 1_000_000), (475_000, 1_000_000), (0, total)))
    unit = found[found["unit_id"] == "u002"].iloc[0]
    assert unit["target"] == pytest.approx(0.475, abs=3e-5)
    assert round(unit["limit_95_low"], 3) == low
    assert round(unit["limit_95_high"], 3) == high


def test_the_common_rate_is_all_over_all() -> None:
    found = funnel.limits(raw((1, 10), (30, 100), (9, 90)))
    assert set(found["target"]) == {40 / 200}
    assert list(found["estimate"]) == [0.1, 0.3, 0.1]


def test_units_that_differ_by_chance_alone_are_not_over_dispersed() -> None:
    # Rates nearer to each other than chance would leave them: tau^2 cannot be negative.
    found = funnel.limits(raw((50, 100), (51, 100), (49, 100), (50, 100)))
    assert set(found["between_unit_variance"]) == {0.0}
    assert (found["dispersion_ratio"] < 1).all()
    for name in ("limit_95_low", "limit_998_high"):
        assert list(found[name]) == list(found[f"overdispersed_{name}"])
    assert set(found["position"]) == {"within"}


def test_a_planted_spread_between_units_is_found() -> None:
    # Angles with a standard deviation of .1 between units: tau^2 is .01, on average over funnels.
    chance = np.random.default_rng(4)
    found = []
    for _ in range(40):
        rates = np.sin(np.pi / 4 + chance.normal(0, 0.1, 60)) ** 2
        counts = chance.binomial(200, rates).astype(float)
        common = counts.sum() / (60 * 200)
        found.append(funnel.dispersion(counts / 200, np.full(60, 200.0), common)[1])
    # Winsorising takes a tenth of each tail in, so it may only fall short, not overshoot.
    assert 0.006 < np.mean(found) < 0.0105


def test_what_stands_out_of_the_plain_funnel_may_be_usual_among_these_units() -> None:
    spread = [(30, 100), (70, 100), (32, 100), (68, 100), (35, 100), (65, 100), (50, 100)]
    found = funnel.limits(raw(*spread))
    assert found["position"].iloc[0] == "below_998"
    assert found["position"].iloc[1] == "above_998"
    assert set(found["overdispersed_position"]) == {"within"}


def test_two_units_are_no_funnel() -> None:
    found = funnel.limits(raw((1, 10), (9, 10)))
    assert set(found["status"]) == {"too_few"}
    assert found[["limit_95_low", "overdispersed_limit_998_high", "position"]].isna().all(axis=None)


def test_a_rate_of_nobody_has_limits_between_0_and_1() -> None:
    found = funnel.limits(raw((0, 10), (0, 20), (0, 30)))
    names = [f"limit_{name}_{side}" for name in funnel.WIDTHS for side in ("low", "high")]
    assert found[names].ge(0).all(axis=None)
    assert found[names].le(1).all(axis=None)
    assert set(found["position"]) == {"within"}


def test_groups_do_not_lend_each_other_their_rate() -> None:
    both = pd.concat([rows((1, 10), (2, 10), (3, 10)), rows((9, 10), (9, 10), (9, 10), period="x")])
    found = funnel.limits(funnel.raw(both))
    assert set(found[found["period"] == "x"]["target"]) == {0.9}
    assert set(found[found["period"] == "all"]["target"]) == {0.2}


def test_clinics_are_compared_within_a_program_and_programs_with_one_another() -> None:
    rate = {
        "period_kind": "all",
        "period": "all",
        "population": "courses",
        "threshold_set": "s",
        "metric_id": "recovery",
        "numerator_count": 1,
        "sample_size": 4,
    }
    rates = pd.DataFrame(
        [
            rate | {"program_id": "p", "stratum_kind": "clinic", "stratum_id": "north"},
            rate | {"program_id": "p", "stratum_kind": "clinic", "stratum_id": "unknown"},
            rate | {"program_id": "p", "stratum_kind": "all", "stratum_id": "all"},
            rate | {"program_id": "all", "stratum_kind": "all", "stratum_id": "all"},
            rate | {"program_id": "p", "stratum_kind": "gender", "stratum_id": "f"},
            rate
            | {"program_id": "p", "stratum_kind": "clinic", "stratum_id": "empty"}
            | {"sample_size": 0, "numerator_count": 0},
            rate
            | {"program_id": "p", "stratum_kind": "clinic", "stratum_id": "north"}
            | {"metric_id": "paired_data"},
        ]
    )
    found = funnel.units(rates)
    assert list(zip(found["program_id"], found["unit_kind"], found["unit_id"], strict=True)) == [
        ("p", "clinic", "north"),
        ("all", "program", "p"),
    ]


def test_no_unit_is_no_funnel() -> None:
    assert funnel.limits(
        funnel.raw(rows().reindex(columns=[*funnel.KEYS, "numerator_count", "sample_size"]))
    ).empty
