"""What must be true of ``marts.fct_alerts`` in a release: one episode and kind of alert per row.

What belongs here: that no episode is missing and a row tells one story.
What does not: when an alert is raised (unit and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _marts
from expectations.wording import no_row_where, no_rows, values_are_in

SUITE = TableSuite(
    schema="marts",
    table="fct_alerts",
    rules=(
        _marts.one_row_per(
            "one_row_per_episode_and_kind",
            "No two rows share an episode and a kind of alert.",
            "episode_id",
            "alert_kind",
        ),
        Rule(
            rule_id="every_episode_has_every_kind_of_alert",
            sentence="Every episode has a row for each kind of alert, raised or not.",
            why="An episode that is missing counts neither for nor against an alert.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_rows(
                "select 1 from marts.dim_episodes as episodes "
                "cross join (select distinct alert_kind from batch) as kinds "
                "anti join batch on episodes.episode_id = batch.episode_id "
                "and kinds.alert_kind = batch.alert_kind"
            ),
            columns=("episode_id", "alert_kind"),
            tables=("marts.dim_episodes",),
        ),
        Rule(
            rule_id="alert_statuses_are_known_words",
            sentence="An alert is raised, not_raised or unknown.",
            why="Any other word is missing from every count.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=values_are_in("alert_status", ("raised", "not_raised", "unknown")),
            columns=("alert_status",),
        ),
        Rule(
            rule_id="an_unknown_alert_says_why",
            sentence="A reason stands exactly where an alert could not be judged.",
            why="An alert that could not be judged is not one that stayed silent.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where("(alert_status = 'unknown') <> (unknown_reason is not null)"),
            columns=("alert_status", "unknown_reason"),
        ),
        Rule(
            rule_id="an_alert_shows_what_it_rests_on",
            sentence="The value and the limit it went beyond stand exactly where it was raised.",
            why="A clinician has to be able to see why.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "(alert_status = 'raised') <> (observed_value is not null) "
                "or (alert_status = 'raised') <> (limit_value is not null)"
            ),
            columns=("alert_status", "observed_value", "limit_value"),
        ),
        Rule(
            rule_id="only_an_alert_in_time_has_a_lead",
            sentence="A lead is of one occasion or more, and only of an alert in time.",
            why="An alert raised with the last score foretells nothing.",
            severity="critical",
            when_it_fails=_marts.MEND,
            expectation=no_row_where(
                "coalesce(is_in_time, false) <> (lead_occasions is not null) "
                "or lead_occasions < 1 or lead_days <= 0 "
                "or (lead_days is not null and not coalesce(is_in_time, false))"
            ),
            columns=("is_in_time", "lead_occasions", "lead_days"),
        ),
    ),
)
