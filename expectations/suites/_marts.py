"""Rules that hold for every mart: its grain and the columns others rely on.

What belongs here: the published contract (architecture.md, section 5), judged in the file itself.
What does not: claims about numbers; they were judged where the numbers were made.
"""

from expectations.rules import Rule
from expectations.wording import key_is_unique, values_are_present

MEND = "Report it: the release does not keep its contract. The last good one stays meanwhile."


def one_row_per(rule_id: str, sentence: str, *columns: str) -> Rule:
    """The mart's grain."""
    return Rule(
        rule_id=rule_id,
        sentence=sentence,
        why="Evaluators join and count by this grain.",
        severity="critical",
        when_it_fails=MEND,
        expectation=key_is_unique(*columns),
        columns=columns,
    )


def is_present(*columns: str) -> tuple[Rule, ...]:
    """No NULL in any of ``columns``, one rule each."""
    return tuple(
        Rule(
            rule_id=f"{column}_is_present",
            sentence=f"Every row has a value in {column}.",
            why="Evaluators group and filter by it; a row without it falls out unseen.",
            severity="critical",
            when_it_fails=MEND,
            expectation=values_are_present(column),
            columns=(column,),
        )
        for column in columns
    )
