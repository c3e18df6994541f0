"""Does a resource name a person? Asked of its elements, before anything of it is kept.

What belongs here: the elements of FHIR that identify, by their names.
What does not: what identifiers look like (identifiers), refusing the file.
"""

import re
from collections.abc import Mapping
from typing import Any

from orchestration.landing.formats.fhir.options import FhirOptions
from orchestration.landing.formats.fhir.shapes import dicts, objects

# All that a de-identified Patient may say; anything else has it refused.
_PATIENT = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "implicitRules",
        "language",
        "extension",
        "active",
        "gender",
        "deceasedBoolean",
        "multipleBirthBoolean",
        "maritalStatus",
        "communication",
        "generalPractitioner",
        "managingOrganization",
    }
)
_NAMED = ("name", "telecom", "address", "birthDate", "photo", "identifier", "contact", "text")
_OTHER_PEOPLE = ("Person", "RelatedPerson", "Practitioner")
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_HARMLESS = tuple(_US_CORE + one for one in ("race", "ethnicity", "birthsex", "genderIdentity"))
# Elements that refer to a person, whose display is the person's name.
_REFERENCES = frozenset(
    {
        "subject",
        "patient",
        "author",
        "source",
        "performer",
        "individual",
        "actor",
        "asserter",
        "recorder",
        "informant",
        "generalPractitioner",
    }
)
# Only these say that a narrative holds nothing beside the elements (FHIR R4, narrative-status).
_SAFE = ("generated", "extensions", "empty")
# Resources that are written for everybody and speak of nobody.
_DEFINITIONS = ("Questionnaire", "ValueSet", "CodeSystem", "StructureDefinition")
_WORD = re.compile(r"_?[A-Za-z]{1,40}")


def identifying(resource: Mapping[str, Any], options: FhirOptions) -> str | None:
    """The element that names a person, as messages call it; None where there is none."""
    for one in objects(resource):
        found = _of_person(one, options) or _of_reference(one, options) or _of_text(one)
        if found:
            return found
    return None


def _of_person(one: Mapping[str, Any], options: FhirOptions) -> str | None:
    kind = one.get("resourceType")
    if kind == "Patient":
        # Tuples, because what stands there may be a list, which no set can be asked for.
        allowed = (*_HARMLESS, *options.attributes.values())
        for key in one:
            if key not in _PATIENT:
                return f"Patient.{key}" if _WORD.fullmatch(key) else "an element of Patient"
        if any(extension.get("url") not in allowed for extension in dicts(one.get("extension"))):
            return "Patient.extension (one that `fhir.attributes` does not name)"
    elif kind in _OTHER_PEOPLE:
        for key in _NAMED:
            if key in one or f"_{key}" in one:
                return f"{kind}.{key}"
    return None


def _of_reference(one: Mapping[str, Any], options: FhirOptions) -> str | None:
    # Most objects refer to nobody, and asking so is quick.
    for key in () if _REFERENCES.isdisjoint(one) else _REFERENCES & one.keys():
        for referred in dicts(one[key]):
            if "display" in referred:
                return f"{key}.display"
            identifier = referred.get("identifier")
            if key in ("subject", "patient") and identifier is not None:
                system = identifier.get("system") if isinstance(identifier, dict) else None
                if options.client_identifier is None or system != options.client_identifier:
                    return f"{key}.identifier (map its system as `fhir.client_identifier`)"
    text = one.get("reference")
    if isinstance(text, str) and "?" in text:
        return "a reference that searches by an identifier"
    return None


def _of_text(one: Mapping[str, Any]) -> str | None:
    narrative = one.get("text")
    if (
        isinstance(narrative, dict)
        and "div" in narrative
        and narrative.get("status") not in _SAFE
        and one.get("resourceType") not in _DEFINITIONS
    ):
        return "text (a narrative with more than its resource says)"
    if isinstance(one.get("note"), list) and "resourceType" in one:
        return "note"
    if "valueAttachment" in one:
        return "valueAttachment"
    return None
