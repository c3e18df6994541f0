"""What must be true of ``marts.fct_expected_trajectories`` in a release: one curve per row.

What belongs here: that a curve is whole or absent, and that its band holds what it says.
What does not: whether the curve is right (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, values_are_in

NUMBERS = ("intercept", "time_slope", "variance_intercept", "variance_minimum", "band_multiplier")

SUITE = TableSuite(
    schema="marts",
    table="fct_expected_trajectories",
    rules=(
        _marts.one_row_per(
            "one_row_per_program_and_scale",
            "No two rows share a program and a scale.",
            "program_id",
            "scale_id",
        ),
        Rule(
            rule_id="statuses_are_known_words",
            sentence="A status is estimated, too_few or not_computable.",
            why="Any other word hides whether there is a curve.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("status", ("estimated", "too_few", "not_computable")),
            columns=("status",),
        ),
        Rule(
            rule_id="a_curve_is_whole_or_absent",
            sentence="Coefficients stand exactly where the status is estimated.",
            why="A band made up from too few courses would call people off track by chance.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                " or ".join(f"({name} is not null) <> (status = 'estimated')" for name in NUMBERS)
            ),
            columns=(*NUMBERS, "status"),
        ),
        Rule(
            rule_id="the_band_holds_about_the_share_it_is_meant_to",
            sentence="Of 200 judged scores or more, the band holds its share to within a tenth.",
            why="A band that is too narrow raises alerts about people who do as well as any.",
            severity="warning",
            threshold="A tenth: four standard errors of a share of 0.8 among 200.",
            when_it_fails="Read the states of that program with care; tell the maintainers.",
            expectation=no_row_where(
                "judged_count >= 200 and abs(held_proportion - nominal_proportion) > 0.1"
            ),
            columns=("judged_count", "held_proportion", "nominal_proportion"),
        ),
    ),
)
