"""What the readers of single resources share: their outcome, references, codings, dates.

What belongs here: the small parts of FHIR that several kinds of resource have.
What does not: any one kind of resource.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.landing.formats.fhir.codes import Codes, as_text, ordinals
from orchestration.landing.formats.fhir.options import FhirOptions
from orchestration.landing.formats.fhir.shapes import dicts

# FHIR's own rule for ids, which also keeps names and addresses out.
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_SIMPLE = (
    "valueInteger",
    "valueDecimal",
    "valueString",
    "valueBoolean",
    "valueCode",
)


@dataclass(frozen=True)
class Row:
    """One row of a landed table.

    Attributes:
        kind: the tidy kind.
        cells: column -> text.
    """

    kind: str
    cells: Mapping[str, str | None]


@dataclass(frozen=True)
class Refused:
    """One record that gave no row.

    Attributes:
        kind: the tidy kind it would have been.
        reason: one of the row reasons.
    """

    kind: str
    reason: str


# A resource without any outcome was not asked for.
Outcome = Row | Refused


@dataclass(frozen=True)
class Reading:
    """What reading a resource needs besides the resource.

    Attributes:
        codes: what codes mean.
        options: how the source writes FHIR.
        ignore: patterns of link ids, codes and questionnaires that are set aside.
        program_id: the program of every episode.
    """

    codes: Codes
    options: FhirOptions
    ignore: tuple[str, ...]
    program_id: str | None = None


def text_of(value: object) -> str | None:
    """A text that is one; None for anything else."""
    return value if isinstance(value, str) else None


def last_segment(address: object) -> str | None:
    """The last part of an address or reference without version, None where it is no text."""
    if not isinstance(address, str):
        return None
    return address.split("|")[0].split("/_history/")[0].rstrip("/").split("/")[-1].lstrip("#")


def reference(value: object, kind: str) -> str | None:
    """The id in a reference to one kind of resource; None where it refers to anything else."""
    text = value.get("reference") if isinstance(value, dict) else None
    if not isinstance(text, str):
        return None
    if text.startswith("urn:uuid:"):
        found = text.removeprefix("urn:uuid:")
    else:
        parts = text.split("/_history/")[0].split("/")
        if len(parts) < 2 or parts[-2] != kind:
            return None
        found = parts[-1]
    return found if _ID.fullmatch(found) else None


def own_id(resource: Mapping[str, Any]) -> str | None:
    """A resource's own id."""
    found = resource.get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) else None


def client_of(subject: object, options: FhirOptions) -> str | None:
    """The client's pseudonym: the reference, or an identifier whose system the mapping names."""
    found = reference(subject, "Patient")
    if found is None and isinstance(subject, dict) and options.client_identifier:
        identifier = subject.get("identifier")
        if isinstance(identifier, dict) and identifier.get("system") == options.client_identifier:
            value = identifier.get("value")
            found = value if isinstance(value, str) and value else None
    return found


def circumstances(
    resource: Mapping[str, Any], when: object, reading: Reading
) -> dict[str, str | None]:
    """Who and when: the cells that every answer and score of a resource shares."""
    cells = {
        "client_id": client_of(resource.get("subject"), reading.options),
        "occurred_on": text_of(when),
    }
    if reading.options.encounter:
        # STU3 called the encounter of a form its context.
        found = resource.get("encounter", resource.get("context"))
        cells[reading.options.encounter] = reference(found, "Encounter")
    return cells


def codings(element: Mapping[str, Any], *keys: str) -> list[dict[str, Any]]:
    """The codings of an element's codeable concepts or codings."""
    found: list[dict[str, Any]] = []
    for key in keys:
        for one in dicts(element.get(key)):
            found += dicts(one["coding"]) if "coding" in one else [one]
    return found


def value_of(
    element: Mapping[str, Any], instrument: str, codes: Codes, more: Mapping[str, list[object]]
) -> tuple[str | None, str | None]:
    """The value of an answer, an observation or a component, as (text, reason it has none).

    Args:
        element: what holds ``value[x]``.
        instrument: whose answer it is.
        codes: what answers mean.
        more: code of an answer -> ordinals that a contained questionnaire gives it.
    """
    for key in _SIMPLE:
        if key in element:
            text = as_text(element[key])
            is_name = isinstance(element[key], str | bool)
            number = codes.answers.get((instrument, text)) if is_name else None
            return number or text, None
    quantity = element.get("valueQuantity")
    if isinstance(quantity, dict):
        if "value" not in quantity:
            return None, None
        # A value of "less than 5" is not 5, and the row rules will not take it for a number.
        return f"{quantity.get('comparator') or ''}{as_text(quantity['value'])}", None
    coded = codings(element, "valueCoding", "valueCodeableConcept")
    if coded:
        weights = ordinals(element)
        for one in coded:
            weights += more.get(str(one.get("code")), [])
        return codes.answer(instrument, coded, weights)
    return None, None if not any(key.startswith("value") for key in element) else "unknown_label"
