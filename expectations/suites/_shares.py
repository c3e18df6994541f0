"""Rules that hold for every mart of shares of the known: a share, its limits, who is unknown.

What belongs here: claims on estimate, interval, numerator and denominator.
What does not: which classes a mart has.
"""

from expectations.rules import Rule
from expectations.suites import _marts
from expectations.wording import no_row_where

SHARE = Rule(
    rule_id="a_share_of_the_known_is_its_numerator_over_its_denominator",
    sentence="A share exists exactly where somebody is known, and lies within its limits.",
    why="Nobody among some is 0 and nobody known is nothing: the two must not look alike.",
    severity="critical",
    when_it_fails=_marts.MEND,
    expectation=no_row_where(
        "(estimate is null) <> (sample_size = 0) "
        "or (status = 'not_computable') <> (sample_size = 0) "
        "or abs(estimate * sample_size - numerator_count) > 0.001 "
        "or not (interval_low <= estimate + 1e-9 and estimate <= interval_high + 1e-9) "
        "or numerator_count > sample_size or missing_count < 0"
    ),
    columns=(
        "estimate",
        "interval_low",
        "interval_high",
        "numerator_count",
        "sample_size",
        "missing_count",
        "status",
    ),
)
