"""What must be true of ``marts.fct_session_tracking`` in a release: one form and scale per row.

What belongs here: that a state says what its numbers say, and nothing is judged without a band.
What does not: where the band lies (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

STATES = ("on_track", "off_track", "recovered_range", "unknown")

SUITE = TableSuite(
    schema="marts",
    table="fct_session_tracking",
    rules=(
        _marts.one_row_per(
            "one_row_per_form_and_scale",
            "No two rows share a form and a scale.",
            "administration_id",
            "scale_id",
        ),
        Rule(
            rule_id="states_are_known_words",
            sentence="A state is on_track, off_track, recovered_range or unknown.",
            why="Any other word is missing from every count.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("tracking_state", STATES),
            columns=("tracking_state",),
        ),
        Rule(
            rule_id="an_unknown_state_says_why",
            sentence="A reason stands exactly where the state is unknown.",
            why="Unknown is not on track.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(tracking_state = 'unknown') <> (unknown_reason is not null)"
            ),
            columns=("tracking_state", "unknown_reason"),
        ),
        Rule(
            rule_id="nobody_is_on_or_off_track_without_a_band",
            sentence="On track and off track have a band around an expected score.",
            why="A state nobody can check is a guess.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(tracking_state in ('on_track', 'off_track') and (band_low is null "
                "or band_high is null)) or expected_score not between band_low and band_high"
            ),
            columns=("tracking_state", "expected_score", "band_low", "band_high"),
        ),
        Rule(
            rule_id="off_track_is_outside_the_band",
            sentence="No score inside its band is off track.",
            why="It would raise an alert about somebody who does as expected.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "tracking_state = 'off_track' and score between band_low and band_high"
            ),
            columns=("tracking_state", "score", "band_low", "band_high"),
        ),
    ),
)
