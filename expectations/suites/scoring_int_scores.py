"""What must be true of ``scoring.int_scores``: one administration x scale per row.

What belongs here: claims that hold whatever the instrument, judged by the registry.
What does not: whether a scoring formula is right (golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import (
    no_row_where,
    no_rows,
    values_are_in,
    values_are_present,
)

REGISTRY = "staging.stg_registry__scales"
MEND_MODEL = "Report it: a scoring model is wrong. The last good release stays meanwhile."

SUITE = TableSuite(
    schema="scoring",
    table="int_scores",
    rules=(
        Rule(
            rule_id="administration_key_is_present",
            sentence="Every score belongs to an administration.",
            why="A score of no form has no client and no time.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=values_are_present("administration_key"),
            columns=("administration_key",),
        ),
        Rule(
            rule_id="every_scale_is_in_the_registry",
            sentence="Every scale is in the registry.",
            why="A scale without a registry row has no range, no direction and no change rule.",
            severity="critical",
            when_it_fails=(
                "A definition was probably removed from SCOUT_HOME/instruments after its files "
                "were loaded: put it back."
            ),
            expectation=no_rows(
                "select 1 from batch anti join staging.stg_registry__scales as scales "
                "using (scale_id)"
            ),
            columns=("scale_id",),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="valid_scores_are_inside_the_scale_range",
            sentence="Every valid score lies inside its scale's range.",
            why="A score the instrument cannot reach is wrongly keyed, summed or prorated.",
            severity="critical",
            when_it_fails=(
                "Compare the scale's rows in scales.csv and scale_items.csv (range, multiplier, "
                "reversed items). If they are right, report it."
            ),
            # A mean of items may miss its bound by the last binary digit.
            expectation=no_rows(
                "select 1 from batch join staging.stg_registry__scales as scales using (scale_id) "
                "where batch.is_valid and batch.score "
                "not between scales.score_minimum - 1e-9 and scales.score_maximum + 1e-9"
            ),
            columns=("scale_id", "score", "is_valid"),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="no_score_rests_on_too_few_answers",
            sentence="No score is made from fewer answers than its scale's missing rule asks for.",
            why="A total over half a form looks like relief.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=no_rows(
                "select 1 from batch join staging.stg_registry__scales as scales using (scale_id) "
                "where batch.score is not null and batch.score_origin = 'items' "
                "and (batch.items_answered_count >= case scales.missing_rule "
                "when 'mean_of_answered' then scales.minimum_items_answered "
                "else batch.item_count end) is not true"
            ),
            columns=("scale_id", "score", "score_origin", "items_answered_count", "item_count"),
            tables=(REGISTRY,),
        ),
        Rule(
            rule_id="a_score_exists_exactly_when_it_is_valid",
            sentence="A valid row has a score, and no other row has one.",
            why="Readers filter by is_valid; a score beside it would slip into somebody's mean.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=no_row_where("is_valid is distinct from (score is not null)"),
            columns=("is_valid", "score"),
        ),
        Rule(
            rule_id="score_origins_are_known_words",
            sentence="A score comes from items or was stated by the clinic.",
            why="Evaluators tell the two apart by this word.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=values_are_in("score_origin", ("items", "stated")),
            columns=("score_origin",),
        ),
        Rule(
            rule_id="stated_totals_agree_with_scored_ones",
            sentence="Where a form has answers and a stated total, the two agree.",
            why="A difference is a mistake in the clinic's sheet, or another scoring than ours.",
            severity="warning",
            when_it_fails=(
                "If most forms differ, the clinic scores another way (mean, sum, reversed items): "
                "compare with scales.csv. If a few differ, show them to the clinic."
            ),
            threshold="`stated_score_tolerance` score points: what rounding explains.",
            expectation=no_row_where(
                "score_origin = 'items' and abs(score - stated_score) > :stated_score_tolerance"
            ),
            columns=("score_origin", "score", "stated_score"),
        ),
    ),
)
