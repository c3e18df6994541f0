"""Expected trajectories on public data: the band holds where there are enough courses, else none.

What belongs here: what a trial of 100 people and one of 43 give an evaluator.
What does not: how a trajectory is fitted (unit tests), states one by one (oracle tests).
"""

import pytest

from tests.helpers import Built


def test_the_band_learned_from_a_trial_holds_its_share_of_scores_it_had_not_seen(
    real_home: Built,
) -> None:
    ((courses, judged, held, worse),) = real_home.evaluation(
        "select episode_count, judged_count, held_proportion, worse_proportion "
        "from marts.fct_expected_trajectories where program_id = 'beat_the_blues'"
    )
    # 97 of the 100 people came back at least once, as the file itself says.
    assert courses == 97
    assert judged > 200
    assert held == pytest.approx(0.8, abs=0.06)
    assert worse == pytest.approx(0.1, abs=0.05)


def test_fewer_courses_than_the_floor_leave_every_state_unknown_that_needs_a_band(
    real_home: Built,
) -> None:
    assert real_home.evaluation(
        "select distinct status from marts.fct_expected_trajectories "
        "where program_id = 'suddengains'"
    ) == [("too_few",)]
    found = real_home.evaluation(
        "select distinct tracking_state, unknown_reason from marts.fct_session_tracking "
        "where program_id = 'suddengains' order by all"
    )
    assert set(found) <= {
        ("recovered_range", None),
        ("unknown", "first_score"),
        ("unknown", "too_few_courses"),
    }
    assert ("unknown", "too_few_courses") in found
