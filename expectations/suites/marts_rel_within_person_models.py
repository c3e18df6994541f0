"""What must be true of ``marts.rel_within_person_models`` in a release.

What belongs here: that statuses, numbers and directions fit together.
What does not: whether a slope is right (oracle and calibration tests).
"""

from expectations.rules import TableSuite
from expectations.suites import _link_over_time, _marts

KEY = (*_link_over_time.PAIR, "direction", "model")

SUITE = TableSuite(
    schema="marts",
    table="rel_within_person_models",
    rules=(
        _marts.one_row_per(
            "one_row_per_pair_direction_and_model",
            "No two rows share a group, pair of scales, direction and model.",
            *KEY,
        ),
        _link_over_time.statuses_are_known(),
        _link_over_time.evidence_is_labelled(("concurrent", "temporally ordered")),
        _link_over_time.numbers_follow_the_status("within_slope", "standard_error"),
        _link_over_time.estimate_lies_within_its_limits("within_slope"),
        _link_over_time.both_directions_stand(*_link_over_time.PAIR, "model"),
    ),
)
