"""What a code, a link id or an answer means: the registry and the source's own block in one index.

What belongs here: code -> item or scale, panel -> instrument, answer -> number.
What does not: where in a resource a code stands.
"""

import csv
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from orchestration.landing.formats.fhir.options import FhirInstrument, FhirOptions
from orchestration.landing.formats.fhir.shapes import dicts
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import plain_name

if TYPE_CHECKING:
    from orchestration.landing.registry import Registry

LOINC = frozenset(("http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"))
_LOINC_CODE = re.compile(r"[0-9]{3,7}-[0-9]")
_LOINC_TAIL = re.compile(r"(?:^|[^0-9])([0-9]{3,7}-[0-9])$")
# R4's ordinalValue, its successor itemWeight, and what STU3 and earlier servers wrote.
ORDINALS = tuple(
    f"http://hl7.org/fhir/StructureDefinition/{name}"
    for name in (
        "ordinalValue",
        "itemWeight",
        "questionnaire-ordinalValue",
        "valueset-ordinalValue",
        "codesystem-ordinalValue",
        "iso21090-CO-value",
    )
)
_ANSWER_CODES = Path(__file__).with_name("answer_codes.csv")


@dataclass(frozen=True)
class Target:
    """What a code stands for.

    Attributes:
        instrument_id: the registry's id.
        kind: responses or scores, the tidy kind it belongs to.
        name: the item (text of a whole number) or the scale_id.
    """

    instrument_id: str
    kind: str
    name: str


@dataclass
class Codes:
    """The index.

    Attributes:
        loinc: code -> what it stands for, in every instrument that is taken.
        named: link id or code that the mapping names -> the same.
        panels: code or plain name of an instrument -> instrument_id.
        questionnaires: questionnaire that the mapping names -> instrument_id.
        answers: (instrument_id, code of an answer) -> its number as text.
        totals: instrument_id -> its only primary total.
    """

    loinc: dict[str, set[Target]] = field(default_factory=dict)
    named: dict[str, set[Target]] = field(default_factory=dict)
    panels: dict[str, str] = field(default_factory=dict)
    questionnaires: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)

    def of_names(self, names: Iterable[str]) -> set[Target]:
        """What link ids stand for: as the mapping names them, or as the LOINC code they end in."""
        return set().union(*(self._of_name(name) for name in names))

    def _of_name(self, name: str) -> set[Target]:
        tail = _LOINC_TAIL.search(name)
        return self.named.get(name) or (self.loinc.get(tail[1], set()) if tail else set())

    def of_codings(self, codings: Sequence[Mapping[str, Any]]) -> set[Target]:
        """What a list of codings stands for, those of systems that nobody knows left out."""
        return set().union(*(self._of_coding(one) for one in codings))

    def _of_coding(self, coding: Mapping[str, Any]) -> set[Target]:
        code = str(coding.get("code"))
        is_loinc = coding.get("system") in (None, *LOINC)
        return self.named.get(code) or (self.loinc.get(code, set()) if is_loinc else set())

    def panel(self, names: Iterable[str]) -> str | None:
        """The instrument that a questionnaire's address or a panel's code names."""
        for name in names:
            tail = _LOINC_TAIL.search(name)
            found = self.questionnaires.get(name) or self.panels.get(plain_name(name))
            found = found or (self.panels.get(plain_name(tail[1])) if tail else None)
            if found:
                return found
        return None

    def answer(
        self, instrument: str, codings: Sequence[Mapping[str, Any]], weights: Sequence[object]
    ) -> tuple[str | None, str | None]:
        """The number of a coded answer, as (text, reason it has none).

        Args:
            instrument: whose answer it is: the same code means other numbers elsewhere.
            codings: all codings of the answer.
            weights: ordinals given outside the codings.
        """
        found = {as_text(weight) for weight in weights}
        for coding in codings:
            found |= {as_text(weight) for weight in ordinals(coding)}
            number = self.answers.get((instrument, str(coding.get("code"))))
            if number is not None:
                found.add(number)
        if not found:
            return None, "unknown_label"
        return (found.pop(), None) if len(found) == 1 else (None, "ambiguous_code")


def ordinals(element: Mapping[str, Any]) -> list[object]:
    """The numbers that an element's ordinal extensions give it."""
    return [
        one.get("valueDecimal", one.get("valueInteger"))
        for one in dicts(element.get("extension"))
        if one.get("url") in ORDINALS and ("valueDecimal" in one or "valueInteger" in one)
    ]


def as_text(value: object) -> str:
    """A number as the row rules read it: 2.0 is 2, and a huge exponent is not spelt out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        if value.is_finite() and value == 0:
            return "0"
        if not value.is_finite() or abs(value.adjusted()) > 30:
            return str(value)
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def index(registry: "Registry", options: FhirOptions, place: str) -> Codes:
    """The index of one source.

    Raises:
        FileRefusalError: wrong_mapping, where the block names what the registry does not know.
    """
    taken = {
        _instrument(registry, name, place): block for name, block in options.instruments.items()
    }
    known = set(taken) or set(registry.instrument_aliases.values())
    codes = Codes()
    for (instrument, code), item in registry.item_aliases.items():
        if instrument in known and _LOINC_CODE.fullmatch(code):
            codes.loinc.setdefault(code, set()).add(Target(instrument, "responses", item))
    for (instrument, code), scale in registry.scale_aliases.items():
        if instrument in known and _LOINC_CODE.fullmatch(code):
            codes.loinc.setdefault(code, set()).add(Target(instrument, "scores", scale))
    codes.panels = {
        alias: instrument
        for alias, instrument in registry.instrument_aliases.items()
        if instrument in known
    }
    codes.answers = {key: value for key, value in _answer_codes().items() if key[0] in known}
    scales = registry.frames["scales"]
    primary = scales[(scales["is_primary"] == "true") & (scales["scale_kind"] == "total")]
    for instrument, rows in primary.groupby("instrument_id"):
        if len(rows) == 1 and instrument in known:
            codes.totals[str(instrument)] = str(rows["scale_id"].iloc[0])
    for (instrument, block), name in zip(taken.items(), options.instruments, strict=True):
        _add_named(codes, registry, instrument, block, f"{place}: key `fhir.instruments.{name}`")
    return codes


def _add_named(
    codes: Codes, registry: "Registry", instrument: str, block: FhirInstrument, key: str
) -> None:
    codes.questionnaires |= dict.fromkeys(block.questionnaires, instrument)
    codes.answers |= {(instrument, code): str(number) for code, number in block.answers.items()}
    for item, names in _items_of(registry, instrument, block, key).items():
        for name in names:
            codes.named.setdefault(name, set()).add(Target(instrument, "responses", item))
    for scale, names in block.stated.items():
        found = registry.scale_aliases.get((instrument, scale.lower()))
        if found is None:
            raise _wrong(f"{key}.stated.{scale}: the instrument has no such scale.")
        for name in names:
            codes.named.setdefault(name, set()).add(Target(instrument, "scores", found))


def _items_of(
    registry: "Registry", instrument: str, block: FhirInstrument, key: str
) -> dict[str, tuple[str, ...]]:
    ranges = registry.item_ranges
    items = sorted(ranges.loc[ranges["instrument_id"] == instrument, "item"].astype(str), key=int)
    if block.items is None:
        return {}
    if isinstance(block.items, str):
        return {item: (_filled(block.items, int(item), key),) for item in items}
    if isinstance(block.items, tuple):
        if len(block.items) != len(items):
            raise _wrong(
                f"{key}.items: {len(block.items)} link ids are listed and the instrument has "
                f"{len(items)} items. List one per item, in order."
            )
        return {item: (name,) for item, name in zip(items, block.items, strict=True)}
    found = {}
    for given, names in block.items.items():
        item = registry.item_aliases.get((instrument, given.lower()))
        if item is None:
            raise _wrong(f"{key}.items.{given}: the instrument has no such item.")
        found[item] = names
    return found


def _filled(template: str, item: int, key: str) -> str:
    try:
        if {name for _, name, _, _ in Formatter().parse(template) if name is not None} == {"item"}:
            return template.format(item=item)
    except (ValueError, TypeError):
        pass
    raise _wrong(f"{key}.items: the template needs {{item}}, for example PHQ.{{item}}.")


def _instrument(registry: "Registry", name: str, place: str) -> str:
    found = registry.instrument_aliases.get(plain_name(name))
    if found is None:
        near = difflib.get_close_matches(name, sorted(set(registry.instrument_aliases.values())), 1)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        raise _wrong(
            f"{place}: key `fhir.instruments.{name}`: this instrument is not defined{hint} Define "
            "it in instruments/instruments.csv, or correct the key."
        )
    return found


def _wrong(message: str) -> FileRefusalError:
    return FileRefusalError("wrong_mapping", message)


@cache
def _answer_codes() -> dict[tuple[str, str], str]:
    """The declared table: a code of an answer means a number within an instrument only."""
    with _ANSWER_CODES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {(row["instrument_id"], row["code"]): row["response"] for row in rows}
