"""Rules about published tables that tell of files and rules, not of people.

What belongs here: claims that such a table cannot count people by accident.
What does not: tables of aggregates (_disclosure.py).
"""

from collections.abc import Iterable

from expectations.rules import Rule, Situation
from expectations.suites._disclosure import NUMERIC, PERSONAL, SUFFIX, WORDS
from expectations.wording import key_is_unique, no_rows, quoted

MEND = (
    "Nothing was published: the last good release stays. Report it, with the rule's name: "
    "the model in models/published is wrong."
)


def about_the_data(key: tuple[str, ...], numbers: Iterable[str]) -> tuple[Rule, ...]:
    """What holds of every table of this kind.

    Args:
        key: the columns that name a row.
        numbers: its numeric columns, every one of which was looked at and counts nobody.
    """
    known = tuple(numbers)
    return (
        Rule(
            rule_id="one_row_per_key",
            sentence=f"No two rows share {', '.join(key)}.",
            why="A dashboard picks one row per choice; of two it shows either.",
            severity="critical",
            when_it_fails=MEND,
            expectation=key_is_unique(*key),
            columns=key,
        ),
        Rule(
            rule_id="no_number_is_there_that_nobody_looked_at",
            sentence="Every number of the table is one of those that count nobody, and no column "
            "points at a person.",
            why="Whatever is added here is published without disclosure control.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(lambda situation: _strange_columns(situation, known)),
            columns=known,
            needs_rows=False,
        ),
        Rule(
            rule_id="what_is_not_shown_is_null",
            sentence="A number whose status is not shown is NULL, and one that is shown is there.",
            why="A value that is there can be read, whatever its status says.",
            severity="critical",
            when_it_fails=MEND,
            expectation=no_rows(_misstated),
        ),
    )


def _strange_columns(situation: Situation, known: tuple[str, ...]) -> str:
    strange = sum(
        name in PERSONAL or (name not in known and any(word in kind for word in NUMERIC))
        for name, kind in situation.columns.items()
    )
    return f"select 1 from range({strange})"


def _misstated(situation: Situation) -> str:
    tests = [
        f"coalesce({quoted(status)} not in {WORDS}, true) "
        f"or ({quoted(status)} = 'shown') <> ({quoted(status.removesuffix(SUFFIX))} is not null)"
        for status in situation.columns
        if status.endswith(SUFFIX)
    ]
    return f"select 1 from batch where {' or '.join(tests) or 'false'}"
