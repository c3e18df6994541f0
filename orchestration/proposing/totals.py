"""Which columns state the score of which scale.

What belongs here: names of scales and totals, their ranges, occasions in their names.
What does not: items (items.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.landing.registry import plain_name
from orchestration.proposing.known import Questionnaire, Scale
from orchestration.proposing.names import naming, pieces
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty, Reason, Stated
from orchestration.proposing.templates import common_template
from orchestration.proposing.vocabulary import TOTAL

_SHORTEST_WORD = 3


@dataclass(frozen=True)
class _Found:
    column: str
    one: Questionnaire
    scale: Scale
    label: str
    certainty: Certainty
    why: str


def find_totals(
    columns: Mapping[str, Column], known: Sequence[Questionnaire]
) -> tuple[list[Stated], list[tuple[Reason, tuple[str, ...]]]]:
    """Columns that state scores.

    Args:
        columns: the columns that nothing else has placed.
        known: the registry's instruments.

    Returns:
        What is placed, and what is left open with the columns it concerns.
    """
    groups: dict[tuple[str, str], list[_Found]] = {}
    left: list[tuple[Reason, tuple[str, ...]]] = []
    for name, column in columns.items():
        if not column.is_number:
            continue
        found = _judge(name, column, known)
        if isinstance(found, str):
            left.append((Reason(Certainty.OPEN, found), (name,)))
        elif found is not None:
            groups.setdefault((found.one.instrument_id, found.scale.scale_id), []).append(found)
    stated = []
    for group in groups.values():
        one = _joined(group)
        if one is None:
            names = tuple(found.column for found in group)
            why = f"{', '.join(names)}: all could be {group[0].scale.scale_id}; map one"
            left.append((Reason(Certainty.OPEN, why), names))
        else:
            stated.append(one)
    return stated, left


def _judge(name: str, column: Column, known: Sequence[Questionnaire]) -> _Found | str | None:
    """A score, a sentence about what it could be, or None."""
    plain = plain_name(name)
    for one in known:
        for scale in one.scales:
            is_coded = scale.code is not None and scale.code in name.lower()
            if plain == plain_name(scale.scale_id) or is_coded:
                return _within(
                    name, column, one, scale, "", Certainty.SURE, "named by its id or code"
                )
    said = naming([piece.text for piece in pieces(name)], known)
    candidates = [said.exact] if said.exact is not None else list(said.near)
    if not candidates:
        return None
    found = []
    for one in candidates:
        meant, label, is_said = _scale_of(one, said.rest)
        if meant is None:
            continue
        certainty = Certainty.SURE if said.exact and is_said else Certainty.LIKELY
        how = f"named {said.said}" + (" and the scale" if is_said else "")
        found.append(_within(name, column, one, meant, label, certainty, how))
    good = [one for one in found if isinstance(one, _Found)]
    if len(good) == 1:
        return good[0]
    if good:
        scales = ", ".join(one.scale.scale_id for one in good)
        return f"{name}: {scales} fit equally; only you can tell"
    return next((one for one in found if isinstance(one, str)), None)


def _scale_of(one: Questionnaire, rest: Sequence[str]) -> tuple[Scale | None, str, bool]:
    """The scale that words beside an instrument's name mean, and the words that are left."""
    for scale in one.scales:
        for word in rest:
            others = [other for other in one.scales if _means(word, other)]
            if _means(word, scale) and len(others) == 1:
                return scale, _label(rest, {word} | TOTAL), True
    is_said = any(word in TOTAL for word in rest)
    return one.total, _label(rest, TOTAL), is_said


def _label(rest: Sequence[str], without: set[str] | frozenset[str]) -> str:
    return "".join(word for word in rest if word not in without)


def _means(word: str, scale: Scale) -> bool:
    return len(word) >= _SHORTEST_WORD and any(own.startswith(word) for own in scale.words)


def _within(
    name: str,
    column: Column,
    one: Questionnaire,
    scale: Scale,
    label: str,
    certainty: Certainty,
    how: str,
) -> _Found | str:
    low, high = f"{scale.low:g}", f"{scale.high:g}"
    if column.minimum is None or column.maximum is None:
        return f"{name}: {how}, but empty"
    if column.minimum < scale.low or column.maximum > scale.high:
        return f"{name}: {how}, but some values are not within {low}-{high} of {scale.scale_id}"
    why = f"{how}; all values are within {low}-{high}"
    return _Found(name, one, scale, label, certainty, why)


def _joined(group: Sequence[_Found]) -> Stated | None:
    """One scale's columns; None where nothing tells them apart."""
    first = group[0]
    names = tuple(found.column for found in group)
    sure = all(found.certainty is Certainty.SURE for found in group)
    certainty = Certainty.SURE if sure else Certainty.LIKELY
    identifier, scale = first.one.instrument_id, first.scale.scale_id
    if len(group) == 1:
        why = f"{first.column}: {first.why}"
        return Stated(identifier, scale, names[0], names, (), Reason(certainty, why))
    template = common_template(names)
    if template is not None and template.text == "{occasion}":
        template = None
    labels = template.labels if template else tuple(found.label for found in group)
    if not all(labels) or len(set(labels)) < len(group):
        return None
    columns = template.text if template else dict(zip(labels, names, strict=True))
    told = f"{len(group)} columns {names[0]} to {names[-1]}: {first.why}"
    why = f"{told}; occasions {', '.join(labels)}"
    return Stated(identifier, scale, columns, names, labels, Reason(certainty, why))
