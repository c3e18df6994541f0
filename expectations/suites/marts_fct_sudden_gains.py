"""What must be true of ``marts.fct_sudden_gains`` in a release: one step of one course per row.

What belongs here: that the criteria, the verdict and the sizes of a step tell one story.
What does not: how a step is judged (unit, golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where

SUITE = TableSuite(
    schema="marts",
    table="fct_sudden_gains",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_scale_and_moment",
            "No two rows share an episode, a scale and a moment.",
            "episode_id",
            "scale_id",
            "moment",
        ),
        Rule(
            rule_id="sudden_means_all_three_criteria",
            sentence="A step is sudden exactly when all three criteria hold, and two always do.",
            why="Whoever leaves one criterion out filters on the other two.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "is_sudden is distinct from "
                "(is_large and is_large_in_proportion and is_beyond_fluctuation) "
                "or coalesce(is_large, false)::int + coalesce(is_large_in_proportion, false)::int "
                "+ coalesce(is_beyond_fluctuation, false)::int < 2"
            ),
            columns=("is_sudden", "is_large", "is_large_in_proportion", "is_beyond_fluctuation"),
        ),
        Rule(
            rule_id="gains_are_better_and_losses_are_worse",
            sentence="A gain has a positive size and a loss a negative one, on every scale.",
            why="On a scale where higher is better a raw difference has the other sign.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "step_direction is distinct from "
                "case when step_improvement > 0 then 'gain' when step_improvement < 0 then 'loss' "
                "end or abs(abs(score_after - score_before) - abs(step_improvement)) > 1e-9"
            ),
            columns=("step_direction", "step_improvement", "score_before", "score_after"),
        ),
        Rule(
            rule_id="fluctuation_is_judged_from_two_scores_on_each_side",
            sentence="The third criterion is judged only where each side has two scores.",
            why="A mean of one score has no spread to be compared with.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "scores_before_count not between 1 and 3 or scores_after_count not between 1 and 3 "
                "or (is_beyond_fluctuation is not null) "
                "<> (scores_before_count >= 2 and scores_after_count >= 2)"
            ),
            columns=("is_beyond_fluctuation", "scores_before_count", "scores_after_count"),
        ),
    ),
)
