"""What must be true of ``marts.fct_episode_outcomes`` in a release: one episode of care per row.

What belongs here: that no episode is lost and that its columns tell one story.
What does not: how an outcome is judged (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows, values_are_in

CHANGES = ("improved", "unchanged", "deteriorated", "unknown")
RECOVERIES = ("recovered", "not_recovered", "not_at_caseness", "unknown")

SUITE = TableSuite(
    schema="marts",
    table="fct_episode_outcomes",
    rules=(
        _marts.one_row_per("one_row_per_episode", "No two rows share an episode.", "episode_id"),
        *_marts.is_present("client_id", "program_id", "is_counted", "outcome_status"),
        Rule(
            rule_id="every_episode_has_an_outcome_row",
            sentence="Every episode has a row, whatever is known of it.",
            why="An episode that is missing is missing from every denominator.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from marts.dim_episodes as episodes "
                "anti join batch on episodes.episode_id = batch.episode_id"
            ),
            columns=("episode_id",),
            tables=("marts.dim_episodes",),
        ),
        Rule(
            rule_id="changes_are_known_words",
            sentence="The change is improved, unchanged, deteriorated or unknown.",
            why="Any other word is missing from every rate.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("reliable_change_class", CHANGES),
            columns=("reliable_change_class",),
        ),
        Rule(
            rule_id="recoveries_are_known_words",
            sentence="Recovery is recovered, not_recovered, not_at_caseness or unknown.",
            why="Any other word is missing from every rate.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("recovery_class", RECOVERIES),
            columns=("recovery_class",),
        ),
        Rule(
            rule_id="recovery_says_the_same_in_word_and_flag",
            sentence="is_recovered is true, false or NULL as the recovery class says.",
            why="Two columns that disagree give two rates.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "is_recovered is distinct from case recovery_class "
                "when 'recovered' then true when 'not_recovered' then false end"
            ),
            columns=("is_recovered", "recovery_class"),
        ),
        Rule(
            rule_id="reliable_recovery_is_recovery_and_reliable_improvement",
            sentence="Nobody is reliably recovered who is not both recovered and improved.",
            why="It is the strictest of the outcomes and must not outgrow the others.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "is_reliably_recovered and not coalesce(is_recovered and is_reliably_improved, "
                "false)"
            ),
            columns=("is_reliably_recovered", "is_recovered", "is_reliably_improved"),
        ),
        Rule(
            rule_id="nobody_counts_who_came_once",
            sentence="An episode with fewer than two contacts is in no rate.",
            why="Somebody who came once had no course of treatment.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where("is_counted and contact_count < 2"),
            columns=("is_counted", "contact_count"),
        ),
    ),
)
