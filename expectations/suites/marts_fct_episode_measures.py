"""What must be true of ``marts.fct_episode_measures``: which scale spoke for a domain, and how.

What belongs here: wholeness and that nothing is judged without its scores.
What does not: whether a class is right (unit, golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows, values_are_in

CLASSES = ("improved", "unchanged", "deteriorated", "unknown")

SUITE = TableSuite(
    schema="marts",
    table="fct_episode_measures",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_and_domain",
            "No two rows share an episode and a domain.",
            "episode_id",
            "domain",
        ),
        Rule(
            rule_id="every_measured_episode_has_an_outcome",
            sentence="Every episode here stands in fct_episode_outcomes.",
            why="An outcome is taken over its measures; one without the other is counted nowhere.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from batch where episode_id not in "
                "(select episode_id from marts.fct_episode_outcomes)"
            ),
            columns=("episode_id",),
            tables=("marts.fct_episode_outcomes",),
        ),
        Rule(
            rule_id="nothing_is_judged_without_its_scores",
            sentence="Improvement, class and caseness stand only where their scores do.",
            why="A class out of nothing would count somebody as unchanged whom nobody asked.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(improvement is null) <> (first_score is null or last_score is null) "
                "or (improvement is null and reliable_change_class <> 'unknown') "
                "or (first_score is null and was_case is not null) "
                "or (last_score is null and is_case is not null)"
            ),
            columns=(
                "improvement",
                "first_score",
                "last_score",
                "reliable_change_class",
                "was_case",
                "is_case",
            ),
        ),
        Rule(
            rule_id="an_unknown_class_says_why",
            sentence="Where the class is unknown a reason stands beside it.",
            why="Unknown is a class of its own; its reason tells the clinic what to mend.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "reliable_change_class = 'unknown' and unknown_reason is null"
            ),
            columns=("reliable_change_class", "unknown_reason"),
        ),
        Rule(
            rule_id="classes_are_known_words",
            sentence="The class is improved, unchanged, deteriorated or unknown.",
            why="Another word would fall out of every rate.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("reliable_change_class", CLASSES),
            columns=("reliable_change_class",),
        ),
    ),
)
