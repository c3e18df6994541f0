"""What must be true of ``staging.int_administrations``: one completed form per row.

What belongs here: claims about who, what and when.
What does not: claims about the answers on the form.
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_row_where, no_rows, values_are_present

SUITE = TableSuite(
    schema="staging",
    table="int_administrations",
    rules=(
        Rule(
            rule_id="client_id_is_present",
            sentence="Every administration has a client.",
            why="A form of nobody counts for nobody.",
            severity="critical",
            when_it_fails="Report it: raw had a client for every answer, so staging lost it.",
            expectation=values_are_present("client_id"),
            columns=("client_id",),
        ),
        Rule(
            rule_id="instrument_id_is_present",
            sentence="Every administration has an instrument.",
            why="A form without an instrument cannot be scored.",
            severity="critical",
            when_it_fails="Report it: raw had an instrument for every answer, so staging lost it.",
            expectation=values_are_present("instrument_id"),
            columns=("instrument_id",),
        ),
        Rule(
            rule_id="program_id_is_present",
            sentence="Every administration has a program.",
            why="Without one the form is missing from every program's figures.",
            severity="warning",
            when_it_fails="Give the episode a program, or set program_id in source.yml.",
            expectation=values_are_present("program_id"),
            columns=("program_id",),
        ),
        Rule(
            rule_id="every_administration_has_a_place_in_time",
            sentence="Every administration has a date, a day or an occasion.",
            why="Change needs an order, and Scout invents no time.",
            severity="critical",
            when_it_fails="Report it: raw had a time for every answer, so staging lost it.",
            expectation=no_row_where(
                "occurred_on is null and day is null and occasion is null "
                "and occasion_order is null"
            ),
            columns=("occurred_on", "day", "occasion", "occasion_order"),
        ),
        Rule(
            rule_id="no_date_lies_in_the_future",
            sentence="No administration is dated after today.",
            why="A mistyped year becomes the last score of its episode.",
            severity="warning",
            threshold="The day of the run, and one more: east of Greenwich it is tomorrow already.",
            when_it_fails="Have the clinic correct the date and drop the corrected file.",
            # One day of grace: east of Greenwich a clinic's today can be tomorrow's date in UTC.
            expectation=no_row_where("occurred_on > :today + interval 1 day"),
            columns=("occurred_on",),
        ),
        Rule(
            rule_id="no_date_lies_before_1900",
            sentence="No administration is dated before 1900.",
            why="The zero of a spreadsheet or a mistyped year becomes a baseline.",
            severity="warning",
            threshold="1900-01-01, from which spreadsheets count their days.",
            when_it_fails="Have the clinic correct the date and drop the corrected file.",
            expectation=no_row_where("occurred_on < date '1900-01-01'"),
            columns=("occurred_on",),
        ),
        Rule(
            rule_id="no_administrations_are_in_conflict",
            sentence="No two different forms share a client, an instrument and an occasion.",
            why="Only one can be the score at that time; both are kept, none is chosen silently.",
            severity="warning",
            when_it_fails="Ask the clinic which form is right and drop a corrected file.",
            expectation=no_row_where("is_conflict"),
            columns=("is_conflict",),
        ),
        Rule(
            rule_id="nobody_fills_in_a_form_twice_on_one_day",
            sentence="No two forms share a client, an instrument and a date.",
            why="One form that came twice under two names of the occasion is counted twice.",
            severity="warning",
            when_it_fails=(
                "Compare the two forms: if they are one, have the clinic export it under one "
                "occasion and episode; if the client did fill it in twice, nothing is to be done."
            ),
            expectation=no_rows(
                "select 1 from batch where occurred_on is not null and not is_conflict "
                "group by client_id, instrument_id, occurred_on having count(*) > 1"
            ),
            columns=("client_id", "instrument_id", "occurred_on", "is_conflict"),
        ),
        Rule(
            rule_id="every_administration_is_placed_in_an_episode",
            sentence="Every administration belongs to an episode of care.",
            why="A form outside every episode takes no part in change or outcomes.",
            severity="warning",
            when_it_fails=(
                "Compare the form's client and date with the episodes file; add the episode or its "
                "id to the form."
            ),
            expectation=values_are_present("episode_id"),
            columns=("episode_id",),
        ),
    ),
)
