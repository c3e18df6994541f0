"""Rates of programs: what is in the denominator, what nobody knows, and what is not a number.

What belongs here: ``statistics.program_outcomes`` on counts a reader can add up.
What does not: the interval's formula (``test_statistics_intervals``), counting (dbt unit tests).
"""

from typing import Any

import pandas as pd
import pytest

from orchestration.statistics import program_outcomes

NOBODY = dict.fromkeys(program_outcomes.COUNTS, 0)
# Twenty courses: four below caseness at the start; of the sixteen others nine recovered, five did
# not and of two nobody knows; change is known of seventeen.
TWENTY = {
    "course_count": 20,
    "paired_count": 17,
    "at_caseness_count": 15,
    "not_at_caseness_count": 4,
    "recovered_count": 9,
    "not_recovered_count": 5,
    "reliably_recovered_count": 8,
    "not_reliably_recovered_count": 6,
    "improved_count": 11,
    "unchanged_count": 6,
    "deteriorated_count": 0,
}


def rates(**counts: int) -> dict[str, dict[str, Any]]:
    """Metric -> its row, for one group with these counts."""
    group = dict.fromkeys(program_outcomes.KEYS, "all")
    frame = pd.DataFrame([group | NOBODY | counts])
    rows = program_outcomes.estimate(frame).to_dict("records")
    return {row["metric_id"]: row for row in rows}


def test_those_below_caseness_have_nothing_to_recover_from() -> None:
    recovery = rates(**TWENTY)["recovery"]
    assert (recovery["numerator_count"], recovery["sample_size"]) == (9, 16)
    assert recovery["estimate"] == 9 / 16
    assert recovery["missing_count"] == 2


def test_change_is_of_all_courses() -> None:
    found = rates(**TWENTY)
    changes = ("reliable_improvement", "no_reliable_change", "reliable_deterioration")
    assert [found[metric]["numerator_count"] for metric in changes] == [11, 6, 0]
    assert {found[metric]["sample_size"] for metric in changes} == {20}
    assert {found[metric]["missing_count"] for metric in changes} == {3}


def test_the_unknown_are_shown_as_what_they_could_do() -> None:
    found = rates(**TWENTY)
    recovery, of_known = found["recovery"], found["recovery_of_known"]
    # None of the two recovered, or both did.
    assert (recovery["bound_low"], recovery["bound_high"]) == (9 / 16, 11 / 16)
    assert recovery["bound_low"] == recovery["estimate"]
    assert (of_known["estimate"], of_known["sample_size"]) == (9 / 14, 14)
    assert (of_known["bound_low"], of_known["bound_high"]) == (9 / 14, 9 / 14)


def test_the_interval_is_wilsons() -> None:
    # metrics.md 2.5: 9 of 20 gives .258 to .658.
    counts = TWENTY | {"not_at_caseness_count": 0, "at_caseness_count": 20}
    recovery = rates(**counts)["recovery"]
    assert recovery["sample_size"] == 20
    assert round(recovery["interval_low"], 3) == 0.258
    assert round(recovery["interval_high"], 3) == 0.658


def test_nobody_of_some_is_zero_and_nobody_of_none_is_no_number() -> None:
    some = rates(**TWENTY)["reliable_deterioration"]
    assert (some["estimate"], some["status"]) == (0.0, "estimated")
    assert some["interval_low"] == 0.0
    none = rates()["reliable_deterioration"]
    assert pd.isna(none["estimate"])
    assert pd.isna(none["interval_low"])
    assert (none["sample_size"], none["status"]) == (0, "not_computable")


def test_where_nobody_knows_anything_there_is_no_rate_but_its_bounds() -> None:
    # A zero here would read as "nobody recovered".
    change = rates(course_count=43)["reliable_improvement"]
    assert pd.isna(change["estimate"])
    assert (change["status"], change["missing_count"]) == ("not_computable", 43)
    assert (change["bound_low"], change["bound_high"]) == (0.0, 1.0)


def test_everybody_below_caseness_leaves_no_recovery_rate() -> None:
    found = rates(course_count=3, not_at_caseness_count=3, unchanged_count=3)
    assert found["recovery"]["status"] == "not_computable"
    assert found["reliable_improvement"]["estimate"] == 0.0


def test_classes_that_outgrow_their_denominator_are_refused() -> None:
    with pytest.raises(ValueError, match="recovery"):
        rates(course_count=1, recovered_count=2)


def test_no_group_is_no_rate() -> None:
    empty = pd.DataFrame(columns=[*program_outcomes.KEYS, *program_outcomes.COUNTS])
    assert program_outcomes.estimate(empty).empty


def test_a_missing_count_is_named() -> None:
    frame = pd.DataFrame([dict.fromkeys(program_outcomes.KEYS, "all") | NOBODY])
    with pytest.raises(ValueError, match="paired_count"):
        program_outcomes.estimate(frame.drop(columns="paired_count"))
