"""The sudden gains that the R package publishes for its example data come out of the real SQL.

What belongs here: the tables of the package's tutorial and the numbers of its own tests
(milanwiedemann/suddengains e964e74: vignettes/suddengains-tutorial, tests/testthat).
What does not: scales of another direction, losses that the package sees otherwise (dbt unit tests),
random courses (``tests/oracle``).
"""

from statistics import mean, stdev
from typing import Any, NamedTuple

import pytest

from tests.golden.test_published_numbers import rule
from tests.helpers import shared_lines
from tests.oracle import shared_data
from tests.sql_harness import sql_scout

# The tutorial's cut is 7 points. 1.96 x sqrt(2 x (1 - 0.5)) = 1.96, so this SD makes it 6.9, which
# on whole numbers is the same cut.
SPREAD = 6.9 / 1.96
LOCAL = {
    "instruments": [{"instrument_id": "golden", "role": "outcome"}],
    "scales": [
        {
            "scale_id": "mood",
            "instrument_id": "golden",
            "scale_kind": "total",
            "is_primary": "true",
            "is_higher_better": "false",
            "scoring_rule": "stated_only",
            "multiplier": "1",
            "score_minimum": "0",
            "score_maximum": "63",
            "missing_rule": "none",
        }
    ],
    "norms": [
        {"norm_id": "mood_norm", "scale_id": "mood", "standard_deviation": str(SPREAD)},
    ],
    "change_rules": [
        rule("mood", sd_source="published", sd_norm_id="mood_norm", reliability="0.5")
    ],
}
# The tutorial's table `bysg`: person, session before the gain, its size, whether it was reversed.
PUBLISHED_GAINS = [
    (1, 3, 11, True),
    (1, 7, 12, False),
    (3, 8, 9, False),
    (4, 3, 10, True),
    (5, 3, 10, False),
    (5, 8, 13, False),
    (9, 3, 9, False),
    (10, 2, 10, False),
    (10, 4, 8, False),
    (12, 3, 8, True),
    (13, 3, 13, False),
    (13, 8, 8, False),
    (14, 2, 14, False),
    (18, 3, 11, False),
    (39, 3, 9, False),
    (40, 2, 8, False),
    (40, 5, 11, False),
    (40, 8, 10, True),
    (41, 6, 11, False),
    (41, 9, 8, False),
    (42, 5, 24, False),
    (42, 8, 9, False),
    (43, 5, 14, False),
    (43, 7, 14, False),
]
# Its table `bysl`. Each of these three is also more than a quarter of the score it began at, which
# the package itself does not ask of losses (metrics.md 2.2, trap 7).
PUBLISHED_LOSSES = [(4, 9, -9, True), (34, 7, -12, False), (35, 7, -18, True)]
# tests/testthat/test-identify_sg.R, first data set: sessions 1-6 of ten people.
PACKAGE_TEST = [
    (28, 19, 23, 12, 13, None),
    (28, 19, 23, 11, 12, None),
    (28, 19, None, 12, 13, None),
    (28, 19, 23, 12, 13, None),
    (28, 19, 23, 12, 14, None),
    (28, 19, None, 12, 13, None),
    (28, 19, 23, 11, 12, None),
    (28, 25, 28, 11, 12, None),
    (28, 26, 28, 11, 12, None),
    (None, 26, 28, None, 12, 11),
]
PACKAGE_TEST_GAINS = [(2, 3), (7, 3), (8, 3), (9, 3)]


class Step(NamedTuple):
    """One sudden step: person, session before it, size (positive is better), what came of it."""

    person: int
    session: int
    size: float
    is_reversed: bool


def sudden_steps(people: dict[int, list[float | None]]) -> list[Step]:
    """Person -> scores of sessions 1, 2, 3 ... through the real SQL; the steps it calls sudden."""
    rows: list[dict[str, Any]] = [
        {
            "administration_key": 100 * person + session,
            "record_key": 100 * person + session,
            "source": "golden",
            "client_id": str(person),
            "program_id": "golden",
            "instrument_id": "golden",
            "scale_id": "mood",
            "score": score,
            "occasion": f"s{session}",
            "repeat_number": 1,
        }
        for person, scores in people.items()
        for session, score in enumerate(scores, 1)
        if score is not None
    ]
    scout = sql_scout().build({"stated_scores": rows}, LOCAL, until="change")
    return sorted(
        Step(
            int(row["episode_id"].rpartition(":")[2]),
            int(row["previous_occasion"][1:]),
            row["step_improvement"],
            row["is_step_reversed"],
        )
        for row in scout.rows("change.int_score_steps")
        if row["is_sudden"]
    )


@pytest.fixture(scope="module")
def tutorial() -> list[Step]:
    """The sudden steps of the package's example data, sessions s1 to s12, as in its tutorial."""
    if shared_data() is None:
        pytest.skip("the public data sets are absent (set SCOUT_SHARED_DATA to their folder)")
    return sudden_steps(
        {
            int(line["id"]): [
                float(line[f"bdi_s{session}"]) if line[f"bdi_s{session}"] else None
                for session in range(1, 13)
            ]
            for line in shared_lines("suddengains", "sgdata.csv")
        }
    )


def test_the_gains_are_those_of_the_tutorial_one_by_one(tutorial: list[Step]) -> None:
    assert [step for step in tutorial if step.size > 0] == PUBLISHED_GAINS


def test_the_losses_are_those_of_the_tutorial_one_by_one(tutorial: list[Step]) -> None:
    assert [step for step in tutorial if step.size < 0] == PUBLISHED_LOSSES


def test_the_gains_are_described_as_in_the_packages_own_test(tutorial: list[Step]) -> None:
    """tests/testthat/test-describe_sg.R, by gain and by person (the first gain of each)."""
    gains = [step for step in tutorial if step.size > 0]
    sizes = [step.size for step in gains]
    assert len(gains) == 24
    assert sum(step.is_reversed for step in gains) == 4
    assert (round(mean(sizes), 2), round(stdev(sizes), 2)) == (11, 3.43)
    first = {step.person: step for step in reversed(gains)}
    assert (len(first), len(gains) - len(first)) == (15, 9)
    assert len({s.person for s in gains if sum(s.person == t.person for t in gains) > 1}) == 8
    assert sum(step.is_reversed for step in first.values()) == 3
    firsts = [step.size for step in first.values()]
    assert (round(mean(firsts), 2), round(stdev(firsts), 2)) == (11.4, 3.98)


def test_missing_sessions_are_taken_as_the_packages_own_test_takes_them() -> None:
    found = sudden_steps({person: list(row) for person, row in enumerate(PACKAGE_TEST, 1)})
    assert [(step.person, step.session) for step in found if step.size > 0] == PACKAGE_TEST_GAINS
