"""What must be true of ``marts.fct_severity_adjusted`` in a release: one course and scale per row.

What belongs here: that the two forms differ by their constant, and that the reference lies at it.
What does not: what change was to be expected (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="fct_severity_adjusted",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_and_scale",
            "No two rows share an episode and a scale.",
            "episode_id",
            "scale_id",
        ),
        Rule(
            rule_id="the_two_forms_differ_by_the_constant",
            sentence="The ACORN form is the OpenFIT form plus the effect size of the reference.",
            why="An .8 in one form is not an .8 in the other; only the constant tells them apart.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "abs(acorn_effect_size - openfit_effect_size - reference_effect_size) > 0.001 "
                "or (acorn_effect_size is null) <> (status <> 'estimated')"
            ),
            columns=(
                "acorn_effect_size",
                "openfit_effect_size",
                "reference_effect_size",
                "status",
            ),
        ),
        Rule(
            rule_id="the_reference_is_as_expected",
            sentence="Over the reference sample of a scale the OpenFIT form averages 0.",
            why="A reference that is not its own standard shifts every program by the same amount.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where is_reference and status = 'estimated' "
                "group by scale_id having abs(avg(openfit_effect_size)) > 0.001"
            ),
            columns=("scale_id", "is_reference", "openfit_effect_size", "status"),
        ),
    ),
)
