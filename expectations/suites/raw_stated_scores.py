"""What must be true of ``raw.stated_scores``: totals as the clinic states them.

What belongs here: claims about single stated totals, judged by the registry the clinic uses.
What does not: whether they agree with the answers (scoring_int_scores.py).
"""

from expectations.rules import Rule, TableSuite
from expectations.suites import _raw
from expectations.wording import no_row_where, no_rows

REGISTRY = "raw.registry_scales"

SUITE = TableSuite(
    schema="raw",
    table="stated_scores",
    rules=(
        _raw.is_present("client_id", "A score of nobody counts for nobody."),
        _raw.is_present("instrument_id", "A score of no instrument belongs to no form."),
        _raw.is_present("scale_id", "A score on no scale has no range and no direction."),
        _raw.is_present("administration_key", "A stated total meets its form by this key."),
        _raw.is_present("record_key", "A correction replaces a record by this key."),
        _raw.belongs_to_a_load(),
        _raw.has_a_time(),
        Rule(
            rule_id="scales_are_known_to_the_registry",
            sentence="Every scale is in the registry, under the instrument the record names.",
            why="A score on an unknown scale would vanish at scoring.",
            severity="critical",
            when_it_fails=(
                "A definition was probably removed from SCOUT_HOME/instruments after its files "
                "were loaded: put it back."
            ),
            expectation=no_rows(
                "select 1 from batch "
                "anti join raw.registry_scales as scales using (instrument_id, scale_id) "
                "where instrument_id is not null and scale_id is not null"
            ),
            columns=("instrument_id", "scale_id"),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="stated_scores_are_numbers",
            sentence="Every stated score that is present is a plain number.",
            why="Anything else would be cast to something, or to nothing, without a word.",
            severity="critical",
            when_it_fails=_raw.MEND_LANDING,
            expectation=no_row_where(
                "score is not null "
                "and not regexp_full_match(trim(score), '[+-]?[0-9]+([.][0-9]+)?')"
            ),
            columns=("score",),
        ),
        Rule(
            rule_id="stated_scores_are_inside_the_scale_range",
            sentence="Every stated score lies inside the range its scale has in the registry.",
            why="A total the instrument cannot reach is a wrong column or a wrong metric.",
            severity="critical",
            when_it_fails=(
                "Check in source.yml that the stated column belongs to this scale and is in the "
                "registry's metric (mean or sum, doubled or not)."
            ),
            expectation=no_rows(
                "select 1 from batch join raw.registry_scales as scales using (scale_id) "
                "where try_cast(batch.score as double) "
                "not between try_cast(scales.score_minimum as double) "
                "and try_cast(scales.score_maximum as double)"
            ),
            columns=("scale_id", "score"),
            tables=(REGISTRY,),
        ),
        *_raw.no_identifiers(),
    ),
)
