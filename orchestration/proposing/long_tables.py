"""Tables of one answer or score a line under names of their own: observations and answer lists.

What belongs here: recognising them by what stands in their columns: codes and names that the
registry knows.
What does not: tables whose columns are called as a tidy file's (shapes.py).
"""

from collections.abc import Mapping, Sequence

from orchestration.landing.registry import plain_name
from orchestration.proposing.known import Questionnaire
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty, Reason
from orchestration.proposing.roles import find_client, find_times
from orchestration.proposing.shapes import Shape
from orchestration.proposing.vocabulary import TIDY


def long_shape(columns: Mapping[str, Column], known: Sequence[Questionnaire]) -> Shape | None:
    """A table of coded observations or of answers under other names, or None."""
    return _coded(columns, known) or _renamed(columns, known)


def _coded(columns: Mapping[str, Column], known: Sequence[Questionnaire]) -> Shape | None:
    """One code and one value a line; some codes are LOINC codes of the registry."""
    codes = {code for one in known for code in one.codes}
    codes |= {scale.code for one in known for scale in one.scales if scale.code is not None}
    value = _named(columns, "response")
    if value is None or not columns[value].is_number:
        return None
    for name, column in columns.items():
        met = sorted(codes & (column.values or frozenset()))
        if not met or name == value:
            continue
        others = column.distinct - len(met)
        left = f"; {others} other codes are left alone" if others else ""
        why = f"{name} holds {len(met)} codes of the registry, {value} the values{left}"
        block = {"code": name, "value": value, "take": met}
        reason = Reason(Certainty.SURE, "one coded value a line")
        return Shape(
            "coded",
            reason,
            known=frozenset((name, value)),
            settings=(("coded", block, Reason(Certainty.SURE, why)),),
        )
    return None


def _renamed(columns: Mapping[str, Column], known: Sequence[Questionnaire]) -> Shape | None:
    """One answer a line; a column names instruments of the registry and no others."""
    names = {name for one in known for name in one.names}
    instrument = next(
        (
            name
            for name, column in columns.items()
            if column.values and all(plain_name(value) in names for value in column.values)
        ),
        None,
    )
    client, item, response = (
        find_client(columns),
        _named(columns, "item"),
        _named(columns, "response"),
    )
    if instrument is None or client is None or item is None or response is None:
        return None
    times, _ = find_times(columns)
    found = {"client_id": client.column, "instrument_id": instrument, "item": item}
    found |= {"response": response} | {role.key: role.column for role in times}
    if len(set(found.values())) < len(found):
        return None
    block = {"kind": "responses", "columns": {k: c for k, c in found.items() if k != c}}
    why = f"one answer a line: {instrument} names instruments of the registry and nothing else"
    return Shape(
        "renamed",
        Reason(Certainty.SURE, why),
        known=frozenset(found.values()),
        settings=(("renamed", block, Reason(Certainty.LIKELY, "by the columns' names")),),
        to_fill=()
        if times
        else ("`renamed.columns`: add occurred_on, day or occasion: when a line was filled in.",),
    )


def _named(columns: Mapping[str, Column], key: str) -> str | None:
    return next((name for name in columns if plain_name(name) in TIDY[key]), None)
