"""QuestionnaireResponse: a completed form becomes answers and stated scores.

What belongs here: nested groups, which instrument an answer belongs to, several answers for one.
What does not: what a code means (codes.py), the rules for one answer (candidates.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from orchestration.landing.formats.fhir.codes import Codes, Target, ordinals
from orchestration.landing.formats.fhir.records import (
    Outcome,
    Reading,
    Refused,
    Row,
    circumstances,
    codings,
    last_segment,
    value_of,
)
from orchestration.landing.formats.fhir.shapes import dicts

# Of a form's states these say that it is whole (FHIR R4, questionnaire-answers-status).
_FINAL = ("completed", "amended")


@dataclass(frozen=True)
class _Leaf:
    """One answered question.

    Attributes:
        link: its link id.
        targets: what it may stand for.
        answers: what holds its values.
    """

    link: str
    targets: set[Target]
    answers: list[dict[str, Any]]


@dataclass
class _Contained:
    """What questionnaires that a form carries with it say of its link ids and answers."""

    names: list[str] = field(default_factory=list)
    codes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ordinals: dict[str, list[object]] = field(default_factory=dict)


def read_form(resource: Mapping[str, Any], reading: Reading) -> Iterator[Outcome]:
    """Answers and stated scores of one QuestionnaireResponse."""
    if resource.get("status") not in _FINAL:
        yield Refused("responses", "not_final")
        return
    contained = _contained(resource)
    leaves = list(_leaves(resource.get("item"), reading.codes, contained))
    named = resource.get("questionnaire")
    # STU3 wrote a reference where R4 writes an address.
    address = named.get("reference") if isinstance(named, dict) else named
    names = [name for name in (last_segment(address), *contained.names) if name]
    instrument = reading.codes.panel(names)
    if instrument is None and not any(leaf.targets for leaf in leaves):
        is_ignored = any(_matches(name, reading.ignore) for name in names)
        if not is_ignored:
            yield Refused("responses", "unknown_instrument")
        return
    if not leaves:
        yield Refused("responses", "empty_record")
        return
    anchors = {instrument} if instrument else _anchors(leaves)
    shared = circumstances(resource, resource.get("authored"), reading)
    for leaf in leaves:
        is_ignored = not leaf.targets and _matches(leaf.link, reading.ignore)
        if not is_ignored:
            yield _outcome(leaf, anchors, shared, reading, contained)


def chosen(targets: set[Target], anchors: set[str]) -> Target | str:
    """The one thing that a name stands for among the instruments of its resource, or a reason.

    Args:
        targets: what the name may stand for.
        anchors: the instruments that the resource names, or that its other names leave no doubt of.
    """
    ours = {one for one in targets if one.instrument_id in anchors} or targets
    if len(ours) == 1:
        return next(iter(ours))
    if not ours:
        return "unknown_item"
    several = len({one.instrument_id for one in ours}) > 1
    return "unknown_instrument" if several else "ambiguous_code"


def _anchors(leaves: list[_Leaf]) -> set[str]:
    """Instruments that some answer belongs to without doubt."""
    instruments = [{one.instrument_id for one in leaf.targets} for leaf in leaves]
    return set().union(*(one for one in instruments if len(one) == 1))


def _outcome(
    leaf: _Leaf,
    anchors: set[str],
    shared: Mapping[str, str | None],
    reading: Reading,
    contained: _Contained,
) -> Outcome:
    target = chosen(leaf.targets, anchors)
    if isinstance(target, str):
        return Refused("responses", target)
    found = {
        value_of(answer, target.instrument_id, reading.codes, contained.ordinals)
        for answer in leaf.answers
    }
    if len(found) > 1:
        return Refused(target.kind, "ambiguous_code")
    text, reason = next(iter(found))
    return Refused(target.kind, reason) if reason else row_of(target, text, shared)


def row_of(target: Target, text: str | None, shared: Mapping[str, str | None]) -> Row:
    """The row of one answer or stated score."""
    item, value = ("item", "response") if target.kind == "responses" else ("scale_id", "score")
    own = {"instrument_id": target.instrument_id, item: target.name, value: text}
    return Row(target.kind, {**shared, **own})


def _leaves(items: object, codes: Codes, contained: _Contained) -> Iterator[_Leaf]:
    """Every question with an answer, groups and follow-up questions included."""
    for item in dicts(items):
        link = str(item.get("linkId", ""))
        answers = list(dicts(item.get("answer", [])))
        if answers:
            # A definition ends in the code of what it defines where a server has codes at all.
            names = [link, *filter(None, [last_segment(item.get("definition"))])]
            targets = codes.of_names(names) | codes.of_codings(contained.codes.get(link, []))
            yield _Leaf(link, targets, answers)
        yield from _leaves(item.get("item", []), codes, contained)
        for answer in answers:
            yield from _leaves(answer.get("item", []), codes, contained)


def _contained(resource: Mapping[str, Any]) -> _Contained:
    found = _Contained()
    for one in dicts(resource.get("contained", [])):
        if one.get("resourceType") != "Questionnaire":
            continue
        found.names += [str(coding.get("code")) for coding in codings(one, "code")]
        _define(one.get("item", []), found)
    return found


def _define(items: object, found: _Contained) -> None:
    for item in dicts(items):
        found.codes.setdefault(str(item.get("linkId", "")), []).extend(codings(item, "code"))
        # STU3 called an answer option an option.
        for option in (*dicts(item.get("answerOption", [])), *dicts(item.get("option", []))):
            for coding in codings(option, "valueCoding"):
                weights = [*ordinals(option), *ordinals(coding)]
                kept = found.ordinals.setdefault(str(coding.get("code")), [])
                kept += [weight for weight in weights if weight not in kept]
        _define(item.get("item", []), found)


def _matches(text: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)
