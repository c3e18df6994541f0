"""Answers that are no numbers: words that stand for a response, codes that stand for none.

What belongs here: the small tables that a file's distinct words and codes are joined with.
What does not: where in a file the answers stand (measures.py), what a word means (the registry).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.landing import expressions as sql
from orchestration.landing.registry import Registry
from orchestration.landing.repetitions import count_of
from orchestration.landing.staged import Staged, literal

if TYPE_CHECKING:
    from orchestration.warehouse import Connection


def has_words(connection: "Connection", staged: Staged, columns: Sequence[str]) -> bool:
    """Whether any of the columns holds a text that is no number: most files hold none."""
    found = " or ".join(
        f"bool_or(try_cast({text} as double) is null and {text} is not null)"
        for text in map(sql.key_text, columns)
    )
    return bool(count_of(connection, f"select ({found})::integer from {staged.relation}"))


def gather_labels(connection: "Connection", registry: Registry, given: str) -> None:
    """Make ``landed_labels``: each word that the registry knows, as the file writes it.

    Args:
        connection: where the temporary table is made.
        registry: what is known of answers in words.
        given: a query of (instrument_id, text of the answer).
    """
    known = pd.DataFrame(
        [(one, label, response) for (one, label), response in registry.response_labels.items()],
        columns=["instrument_id", "label", "response"],
    ).astype({"instrument_id": "str", "label": "str", "response": "int64"})
    connection.register("known_labels", known)
    connection.execute(
        f"""
        create or replace temp table landed_labels as
        with given(instrument_id, given) as (select distinct * from ({given}))
        select given.instrument_id, given.given, known.response
        from given join known_labels as known
            on known.instrument_id = given.instrument_id
            and known.label = {sql.plain_label("given.given")}
        where regexp_matches(given.given, '\\pL')
        """
    )
    connection.unregister("known_labels")


def add_missing_codes(
    connection: "Connection", everywhere: Sequence[str], by_instrument: Mapping[str, Sequence[str]]
) -> None:
    """Give ``landed_codes`` two lists: the codes that mean no answer, and those that could be one.

    A code within the range of an instrument's answers says two things at once: it is refused, never
    guessed at.
    """
    general = _listed(everywhere)
    cases = " ".join(
        f"when {literal(one)} then {_listed(codes)}" for one, codes in by_instrument.items()
    )
    own = f"case instrument_id {cases} else []::varchar[] end" if cases else "[]::varchar[]"
    inside = "try_cast(code as double) between low and high"
    connection.execute(
        f"""
        create or replace temp table landed_codes as
        with told as (select *, list_concat({general}, {own}) as told from landed_codes)
        select * exclude (told),
            list_filter(told, lambda code: not coalesce({inside}, false)) as missing,
            list_filter(told, lambda code: coalesce({inside}, false)) as ambiguous
        from told
        """
    )


def _listed(codes: Sequence[str]) -> str:
    texts = ", ".join(literal(one) for code in codes for one in sql.spellings(code))
    return f"[{texts}]::varchar[]"
