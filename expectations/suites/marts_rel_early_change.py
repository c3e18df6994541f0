"""What must be true of ``marts.rel_early_change`` in a release.

What belongs here: that statuses, numbers and directions fit together.
What does not: whether a slope is right (oracle and calibration tests).
"""

from expectations.rules import TableSuite
from expectations.suites import _link_over_time, _marts

KEY = (*_link_over_time.PAIR, "direction")

SUITE = TableSuite(
    schema="marts",
    table="rel_early_change",
    rules=(
        _marts.one_row_per(
            "one_row_per_pair_and_direction",
            "No two rows share a group, pair of scales and direction.",
            *KEY,
        ),
        _link_over_time.statuses_are_known(),
        _link_over_time.evidence_is_labelled(("temporally ordered",)),
        _link_over_time.numbers_follow_the_status("estimate", "standard_error"),
        _link_over_time.estimate_lies_within_its_limits("estimate"),
        _link_over_time.both_directions_stand(*_link_over_time.PAIR),
    ),
)
