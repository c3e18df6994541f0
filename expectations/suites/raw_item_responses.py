"""What must be true of ``raw.item_responses`` before anything is built on it.

What belongs here: claims about single answers, judged by the registry the clinic uses.
What does not: claims about whole forms or scores. Ranges come from the registry, never from here.
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _raw
from expectations.wording import no_row_where, no_rows

REGISTRY = "raw.registry_items"

SUITE = TableSuite(
    schema="raw",
    table="item_responses",
    rules=(
        _raw.is_present("client_id", "An answer of nobody counts for nobody."),
        _raw.is_present("instrument_id", "An answer to no instrument cannot be scored."),
        _raw.is_present("item", "An answer to no item cannot be scored."),
        _raw.is_present("administration_key", "Answers form a form only by this key."),
        _raw.is_present("record_key", "A correction replaces a record by this key."),
        _raw.belongs_to_a_load(),
        _raw.has_a_time(),
        Rule(
            rule_id="instruments_are_known_to_the_registry",
            sentence="Every instrument has items in the registry.",
            why="Answers to an unknown instrument would vanish at scoring.",
            severity="critical",
            when_it_fails=(
                "A definition was probably removed from SCOUT_HOME/instruments after its files "
                "were loaded: put it back."
            ),
            expectation=no_rows(
                "select 1 from batch anti join raw.registry_items as items using (instrument_id) "
                "where instrument_id is not null"
            ),
            columns=("instrument_id",),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="items_are_known_to_the_registry",
            sentence="Every item of a known instrument is in the registry.",
            why="An answer to an unknown item would vanish at scoring.",
            severity="critical",
            when_it_fails=(
                "Compare the instrument's rows in items.csv with the file's columns; a definition "
                "in SCOUT_HOME/instruments may have lost an item."
            ),
            expectation=no_rows(
                "select 1 from batch "
                "semi join raw.registry_items as known using (instrument_id) "
                "anti join raw.registry_items as items "
                "on items.instrument_id = batch.instrument_id "
                "and try_cast(items.item as integer) = try_cast(batch.item as integer) "
                "where batch.item is not null"
            ),
            columns=("instrument_id", "item"),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="responses_are_numbers",
            sentence="Every answer that is present is a plain number.",
            why="Anything else would be cast to something, or to nothing, without a word.",
            severity="critical",
            when_it_fails=_raw.MEND_LANDING,
            expectation=no_row_where(
                "response is not null "
                "and not regexp_full_match(trim(response), '[+-]?[0-9]+([.][0-9]+)?')"
            ),
            columns=("response",),
        ),
        Rule(
            rule_id="responses_are_inside_the_instrument_range",
            sentence="Every answer lies inside the range its item has in the registry.",
            why="One answer out of range moves a total past what the instrument can say.",
            severity="critical",
            when_it_fails=(
                "If the clinic stores answers from another minimum, set stored_minimum in "
                "source.yml; if a definition changed after loading, mend it."
            ),
            expectation=no_rows(
                "select 1 from batch join raw.registry_items as items "
                "on items.instrument_id = batch.instrument_id "
                "and try_cast(items.item as integer) = try_cast(batch.item as integer) "
                "where try_cast(batch.response as double) - coalesce(batch.response_shift, 0) "
                "not between try_cast(items.response_minimum as double) "
                "and try_cast(items.response_maximum as double)"
            ),
            columns=("instrument_id", "item", "response", "response_shift"),
            tables=(REGISTRY,),
        ),
        *_raw.no_identifiers(),
    ),
)
