"""What must be true of ``staging.stg_raw__item_responses``: typed answers, corrections applied.

What belongs here: claims that answers arrived from raw whole, and how many are missing.
What does not: ranges (judged in raw, where the clinic's own text still is).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import no_rows, values_are_present

SUITE = TableSuite(
    schema="staging",
    table="stg_raw__item_responses",
    rules=(
        Rule(
            rule_id="answers_are_conserved_from_raw",
            sentence="There are as many answers as raw records neither superseded nor retired.",
            why="An answer lost or doubled on the way changes scores without a trace.",
            severity="critical",
            when_it_fails="Report it: a staging model drops or multiplies rows.",
            # One row per answer lost or gained, so that the count says how many.
            expectation=no_rows(
                "select 1 from (select abs((select count(*) from batch) - ("
                "select count(*) from raw.item_responses as responses "
                "semi join (select load_sequence from raw.loads where retired_by is null) "
                "as current_loads "
                "on current_loads.load_sequence = responses.load_sequence "
                "anti join (select load_sequence, record_key from raw.superseded "
                "where record_type = 'item_responses') as superseded "
                "on superseded.load_sequence = responses.load_sequence "
                "and superseded.record_key = responses.record_key"
                ")) as difference) as counted, range(counted.difference)"
            ),
            tables=("raw.item_responses", "raw.loads", "raw.superseded"),
            needs_rows=False,
        ),
        Rule(
            rule_id="every_answer_belongs_to_an_administration",
            sentence="Every answer belongs to a form in staging.int_administrations.",
            why="An answer without its form is never scored.",
            severity="critical",
            when_it_fails="Report it: two staging models disagree about which records are current.",
            expectation=no_rows(
                "select 1 from batch anti join staging.int_administrations as administrations "
                "using (administration_key)"
            ),
            columns=("administration_key",),
            tables=("staging.int_administrations",),
        ),
        Rule(
            rule_id="few_answers_are_missing",
            sentence="At most a fifth of all answers are missing.",
            why="Most scales have no score when an answer is missing; skipping is rarely random.",
            severity="warning",
            threshold="`missing_share`: what usual rules for prorating a scale forgive.",
            when_it_fails=(
                "Count missing answers per item: one empty item is a mapping that misses its "
                "column, many are a matter for the clinic."
            ),
            expectation=values_are_present("response_value", tolerated="missing_share"),
            columns=("response_value",),
        ),
    ),
)
