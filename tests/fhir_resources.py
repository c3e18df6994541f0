"""FHIR resources as tests write them: small forms, observations and bundles.

What belongs here: building resources and dropping them into a home. What does not: any claim.
"""

import json
from typing import Any

from tests.landing_home import Home

LOINC = "http://loinc.org"
# The items of the PHQ-9 and the GAD-7 in order, as LOINC's panels 44249-1 and 69737-5 list them.
PHQ9 = [
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    "44260-8",
]
GAD7 = ["69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"]
# LOINC's answer list LL358-3, for 0, 1, 2 and 3.
ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
MAPPING = "format: fhir\nprogram_id: cbt\n"

Resource = dict[str, Any]


def item(link: str, value: object = None, **more: Any) -> Resource:
    """One answered question; a whole number is a ``valueInteger``."""
    if isinstance(value, int):
        more["valueInteger"] = value
    return {"linkId": link, "answer": [more]}


def coded(link: str, *codings: Resource) -> Resource:
    """One question with one coded answer per coding given."""
    return {"linkId": link, "answer": [{"valueCoding": one} for one in codings]}


def form(*items: Resource, client: str = "c1", on: str = "2026-01-05", **more: Any) -> Resource:
    """A completed form."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": f"Patient/{client}"},
        "authored": on,
        "item": list(items),
    } | more


def phq9(values: list[int], **more: Any) -> Resource:
    """A PHQ-9 with whole numbers under LOINC link ids."""
    return form(*(item(code, value) for code, value in zip(PHQ9, values, strict=False)), **more)


def observation(loinc: str, value: Resource | None = None, **more: Any) -> Resource:
    """A final observation."""
    return (
        {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": LOINC, "code": loinc}]},
            "subject": {"reference": "Patient/c1"},
            "effectiveDateTime": "2026-01-05T10:00:00+01:00",
        }
        | (value or {})
        | more
    )


def bundle(*resources: Resource) -> Resource:
    """A collection."""
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def drop(home: Home, resource: Resource, mapping: str = MAPPING, name: str = "r.json") -> None:
    """Put a resource and a mapping into landing."""
    home.drop("source.yml", mapping)
    home.drop(name, json.dumps(resource))


def answers(home: Home) -> list[tuple[str, str, str]]:
    """Instrument, item and response of everything that came in."""
    return home.ask("select instrument_id, item, response from raw.item_responses order by all")
