"""What must be true of ``staging.int_episodes``: one episode of care per row.

What belongs here: claims about keys and the order of an episode's dates.
What does not: claims about the forms inside an episode.
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import first_is_not_less, values_are_present

SUITE = TableSuite(
    schema="staging",
    table="int_episodes",
    rules=(
        Rule(
            rule_id="episode_id_is_present",
            sentence="Every episode has an id.",
            why="Forms and sessions meet their episode by it.",
            severity="critical",
            when_it_fails="Report it: raw had an id for every episode, so staging lost it.",
            expectation=values_are_present("episode_id"),
            columns=("episode_id",),
        ),
        Rule(
            rule_id="client_id_is_present",
            sentence="Every episode has a client.",
            why="An episode of nobody counts for nobody.",
            severity="critical",
            when_it_fails="Report it: raw had a client for every episode, so staging lost it.",
            expectation=values_are_present("client_id"),
            columns=("client_id",),
        ),
        Rule(
            rule_id="program_id_is_present",
            sentence="Every episode has a program.",
            why="Without one the episode is missing from every program's figures.",
            severity="warning",
            when_it_fails="Give the episode a program, or set program_id in source.yml.",
            expectation=values_are_present("program_id"),
            columns=("program_id",),
        ),
        Rule(
            rule_id="no_episode_ends_before_it_starts",
            sentence="An episode ends on or after the day it starts.",
            why="A swapped or mistyped date puts forms outside their episode.",
            severity="warning",
            when_it_fails="Have the clinic correct the dates and drop the corrected file.",
            expectation=first_is_not_less("ended_on", "started_on"),
            columns=("started_on", "ended_on"),
        ),
    ),
)
