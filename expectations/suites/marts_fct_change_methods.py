"""What must be true of ``marts.fct_change_methods``: a row per change and method.

What belongs here: claims that keep the methods comparable.
What does not: the indices (golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows

SUITE = TableSuite(
    schema="marts",
    table="fct_change_methods",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_scale_interval_and_method",
            "No two rows share an episode, a scale, an interval and a method.",
            "episode_id",
            "scale_id",
            "interval_name",
            "method",
        ),
        *_marts.is_present("method", "reliable_change_class"),
        Rule(
            rule_id="every_method_has_the_same_episodes",
            sentence="On one scale and interval every method has a row for the same episodes.",
            why="Methods are compared by their classes; an episode missing from one tilts it.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from (select scale_id, interval_name, method, count(*) as episodes "
                "from batch group by all) as counted group by scale_id, interval_name "
                "having min(episodes) <> max(episodes)"
            ),
            columns=("scale_id", "interval_name", "method"),
        ),
        Rule(
            rule_id="no_default_compares_a_person_with_the_others",
            sentence="A method that compares a person with the cohort is never the default.",
            why="Somebody who improved less than the others would count as worse.",
            severity="critical",
            when_it_fails="Set is_default to false for it in seeds/change_methods.csv.",
            expectation=no_row_where("is_default and is_relative_to_cohort"),
            columns=("is_default", "is_relative_to_cohort"),
        ),
    ),
)
