"""What must be true of ``change.int_changes``: one episode x scale x interval per row.

What belongs here: claims that hold whatever the instrument: arithmetic, order, classes.
What does not: whether an index or a cut-off is right (golden and oracle tests).
"""

from expectations.rules import Rule, TableSuite
from expectations.wording import (
    first_is_not_less,
    no_row_where,
    no_rows,
    values_are_in,
    values_are_present,
)

RELIABLE_CHANGE_CLASSES = ("improved", "unchanged", "deteriorated", "unknown")
OUTCOME_CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed", "unknown")
MEND_MODEL = "Report it: a change model is wrong. The last good release stays meanwhile."


def _key_part(column: str, why: str) -> Rule:
    return Rule(
        rule_id=f"{column}_is_present",
        sentence=f"Every change has a value in {column}.",
        why=why,
        severity="critical",
        when_it_fails=MEND_MODEL,
        expectation=values_are_present(column),
        columns=(column,),
    )


SUITE = TableSuite(
    schema="change",
    table="int_changes",
    rules=(
        _key_part("client_id", "A change of nobody counts for nobody."),
        _key_part("episode_id", "Outcomes are counted by episode."),
        _key_part("scale_id", "A change on no scale has no direction."),
        _key_part("interval_name", "A change over no interval cannot be compared."),
        Rule(
            rule_id="reliable_change_classes_are_known_words",
            sentence="The class of change is improved, unchanged, deteriorated or unknown.",
            why="Any other word is missing from every rate.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=values_are_in("reliable_change_class", RELIABLE_CHANGE_CLASSES),
            columns=("reliable_change_class",),
        ),
        Rule(
            rule_id="outcome_classes_are_known_words",
            sentence=(
                "The outcome is recovered, improved, unchanged, deteriorated, harmed or unknown."
            ),
            why="Any other word is missing from every rate.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=values_are_in("outcome_class", OUTCOME_CLASSES),
            columns=("outcome_class",),
        ),
        Rule(
            rule_id="change_is_final_minus_baseline",
            sentence="Change is the final score minus the baseline score.",
            why="A sign turned round turns benefit into harm.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=no_row_where(
                "(change is null) <> (baseline_score is null or final_score is null) "
                "or abs(change - (final_score - baseline_score)) > 1e-9"
            ),
            columns=("change", "baseline_score", "final_score"),
        ),
        Rule(
            rule_id="improvement_is_signed_by_the_scale",
            sentence="Improvement is the change, signed so that positive is better on that scale.",
            why="Outcomes are read from this column; a wrong sign turns benefit into harm.",
            severity="critical",
            when_it_fails="Check is_higher_better of the scale in scales.csv. If right, report it.",
            expectation=no_rows(
                "select 1 from batch join staging.stg_registry__scales as scales using (scale_id) "
                "where (batch.improvement is null) <> (batch.change is null) "
                "or abs(batch.improvement - case when scales.is_higher_better then batch.change "
                "else -batch.change end) > 1e-9"
            ),
            columns=("scale_id", "change", "improvement"),
            tables=("staging.stg_registry__scales",),
        ),
        Rule(
            rule_id="final_is_not_before_baseline",
            sentence="The final score is not from an earlier day than the baseline.",
            why="Two scores swapped in time turn benefit into harm.",
            severity="critical",
            when_it_fails="Look for wrong dates in staging.int_administrations, or report it.",
            expectation=first_is_not_less("final_day", "baseline_day"),
            columns=("baseline_day", "final_day"),
        ),
        Rule(
            rule_id="class_is_unknown_exactly_when_there_is_no_index",
            sentence="The class is unknown exactly when there is no reliable change index.",
            why="Unknown must never be counted as unchanged, nor hide a known result.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=no_row_where(
                "(reliable_change_class = 'unknown') is distinct from "
                "(reliable_change_index is null)"
            ),
            columns=("reliable_change_class", "reliable_change_index"),
        ),
        Rule(
            rule_id="outcome_classes_agree_with_reliable_change",
            sentence="Only the reliably improved recover; only the deteriorated are harmed.",
            why="The two classes are published side by side and must tell one story.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            # An outcome may be unknown where the change is known: the scale may have no cut-off.
            expectation=no_row_where(
                "outcome_class not in ('unknown', reliable_change_class) and not ("
                "(outcome_class = 'recovered' and reliable_change_class = 'improved') or "
                "(outcome_class = 'harmed' and reliable_change_class = 'deteriorated'))"
            ),
            columns=("outcome_class", "reliable_change_class"),
        ),
        Rule(
            rule_id="outcome_classes_sum_to_the_episodes",
            sentence="For every scale and interval the outcome classes sum to the episodes.",
            why="Rates over the classes are shares of a whole only then.",
            severity="critical",
            when_it_fails=MEND_MODEL,
            expectation=no_rows(
                "select 1 from batch group by scale_id, interval_name "
                "having count(*) filter (where outcome_class in "
                "('recovered', 'improved', 'unchanged', 'deteriorated', 'harmed', 'unknown')) "
                "<> count(distinct episode_id)"
            ),
            columns=("scale_id", "interval_name", "outcome_class", "episode_id"),
        ),
    ),
)
