"""Of newcomers whom an estimate leaves out as little is told as of any few.

What belongs here: a pair, an estimate of it and two releases, checked by eye, by the auditor, and
over sequences of releases. What does not: who is left out of one release (``tests/dbt``).
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from orchestration.auditing.audit import audit
from orchestration.disclosure import cells
from orchestration.disclosure.left_out import waiting_estimates
from orchestration.disclosure.policies import named
from tests.oracle.random_estimates import estimate_rows, with_estimates
from tests.oracle.random_releases import Course, Release, make_courses, publish
from tests.oracle.release_tables import as_tables, measures, tables
from tests.unit.test_disclosure_estimates import lag, link, row

CMS = named("cms11")
PAIR = ("pub_change_associations", "p|care|mood", "sample_size")
LAG = ("pub_lead_lag", "p|care|mood", "sample_size")
RATED = ("pub_delivery", "p|care|mood|alliance", "sample_size")
# 60 were in the pair, and 40 of them in the estimate.
THEN = {PAIR: (60.0, 60.0), LAG: (40.0, 40.0), RATED: (40.0, 40.0)}


@pytest.mark.parametrize(("left", "is_told"), [(0, False), (1, True), (10, True), (11, False)])
def test_an_estimate_waits_where_few_newcomers_of_a_pair_are_not_in_it(
    left: int, is_told: bool
) -> None:
    """12 came to the pair at least, and all of them but ``left`` to the estimate."""
    pair, estimate = 72 + left, 52
    found = waiting_estimates({PAIR: pair, LAG: estimate, RATED: None}, CMS, [THEN])
    both = {LAG[:2], ("pub_lead_lag", "all|care|mood")}
    assert found == (both if is_told else set())
    earlier = tables(pub_change_associations=[link(60)], pub_lead_lag=[lag(40)])
    seen = tables(pub_change_associations=[link(pair)], pub_lead_lag=[lag(estimate)])
    assert bool(audit(seen, [earlier], smallest=11).differenced) == is_told


def test_a_row_that_waits_tells_of_nobody_who_came() -> None:
    earlier = tables(pub_change_associations=[link(60)], pub_lead_lag=[lag(40)])
    waits = lag(40) | {"kept_from_release": 1}
    seen = tables(pub_change_associations=[link(73)], pub_lead_lag=[waits])
    assert audit(seen, [earlier], smallest=11).is_clean


def test_a_middle_score_and_a_rating_are_judged_by_the_same_rule() -> None:
    window = "p|care|shame|mood"
    first, middle = (
        ("pub_mediation", f"{window}|{name}", "sample_size")
        for name in ("first_to_last", "middle_then_last")
    )
    legs = {("pub_change_associations", f"p|{pair}", "sample_size"): 80
            for pair in ("care|mood", "care|shame", "shame|mood")}  # fmt: skip
    then = dict.fromkeys(legs, (60.0, 60.0)) | {first: (60.0, 60.0), middle: (30.0, 30.0)}
    shown = legs | {first: 80, middle: 47}
    assert waiting_estimates(shown, CMS, [then]) == {
        middle[:2], ("pub_mediation", "all|care|shame|mood|middle_then_last"),
    }  # fmt: skip
    assert waiting_estimates({PAIR: 75, RATED: 52}, CMS, [THEN]) == {
        RATED[:2], ("pub_delivery", "all|care|mood|alliance"),
    }  # fmt: skip


def test_nobody_in_an_estimate_is_always_told() -> None:
    assert waiting_estimates({PAIR: 5, LAG: 0}, CMS, [THEN]) == set()


def test_the_auditor_finds_the_one_newcomer_without_a_counted_course() -> None:
    """Of 12 who were measured twice one did not finish: that is what a course came to."""
    key = {"published_effect_id": "a", "program_id": "p", "population": "f",
           "threshold_set": "none", "scale_id": "mood"}  # fmt: skip
    nothing = dict.fromkeys(
        ("episode_count", "judged_count", "improved_count", "unchanged_count",
         "deteriorated_count")
    )  # fmt: skip

    def release(measured: int, counted: int) -> dict[str, pd.DataFrame]:
        return tables(
            measures(scale_id="mood", **nothing | {"paired_count": measured}),
            pub_benchmarks=[row("pub_benchmarks", counted, **key)],
        )

    assert audit(release(72, 51), [release(60, 40)], smallest=11).differenced
    assert audit(release(72, 52), [release(60, 40)], smallest=11).is_clean


def sequence(seed: int) -> tuple[int, int]:
    """Four releases of a clinic that grows: how many were not clean, how many estimates moved."""
    random = np.random.default_rng([seed, 99])
    courses: list[Course] = []
    last: Release | None = None
    before: list[dict[str, pd.DataFrame]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    unclean = moved = 0
    for step in range(4):
        sizes = {name: int(random.poisson(70 if step == 0 else 25)) for name in "abc"}
        if step > 0:
            sizes = {name: size * int(random.integers(2)) for name, size in sizes.items()}
        courses = [*courses, *make_courses(random, sizes, 1000 * step)]
        last = publish(courses, last, CMS, frames=with_estimates(courses))
        rows = estimate_rows(last, rows, CMS.smallest_count)
        seen = as_tables(last) | {
            table: pd.DataFrame(own, dtype=object) for table, own in rows.items()
        }
        unclean += not audit(seen, before, smallest=CMS.smallest_count).is_clean
        before = [seen, *before]
        moved += sum(
            one["sample_size"] is not None and one["kept_from_release"] is None
            for table, own in rows.items()
            for one in own
            if step > 0 and table != PAIR[0]
        )
    return unclean, moved


@pytest.mark.slow
def test_over_releases_no_estimate_tells_of_few_newcomers_and_some_move() -> None:
    unclean, moved = sequence(4)
    assert unclean == 0
    assert moved > 0, "estimates that never move prove nothing"


@pytest.mark.slow
def test_without_waiting_the_same_releases_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "waiting_estimates", lambda *_: set())
    assert sequence(4)[0] > 0
