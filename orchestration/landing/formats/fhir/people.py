"""Patient and Encounter: attributes of clients, sessions and episodes.

What belongs here: what little of them is taken.
What does not: refusing what identifies (identity.py).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.landing.formats.fhir.records import (
    Outcome,
    Reading,
    Refused,
    Row,
    client_of,
    own_id,
    reference,
    text_of,
)
from orchestration.landing.formats.fhir.shapes import dicts


def read_patient(resource: Mapping[str, Any], reading: Reading) -> Iterator[Outcome]:
    """The banded attributes of one Patient: gender, and the extensions that the mapping names."""
    cells = {"client_id": own_id(resource), "gender": text_of(resource.get("gender"))}
    for name, address in reading.options.attributes.items():
        cells[name] = None
        for one in dicts(resource.get("extension", [])):
            if one.get("url") == address:
                value = next((one[key] for key in one if key.startswith("value")), None)
                coded = value.get("code") if isinstance(value, dict) else value
                cells[name] = str(coded) if isinstance(coded, str | int) else None
    yield Row("clients", cells)


def read_encounter(resource: Mapping[str, Any], reading: Reading) -> Iterator[Outcome]:
    """One Encounter as the mapping has it: a session of its episode, or an episode."""
    kind = reading.options.encounters
    period = next(dicts(resource.get("period")), {})
    start, end = text_of(period.get("start")), text_of(period.get("end"))
    status = resource.get("status")
    if kind is None:
        return
    if kind == "sessions":
        if status not in ("finished", "cancelled"):
            yield Refused("sessions", "not_final")
            return
        episode = next(
            (reference(one, "EpisodeOfCare") for one in dicts(resource.get("episodeOfCare", []))),
            None,
        )
        # Cancelled means that it ended before the client was there (FHIR R4, encounter-status).
        attended = "true" if status == "finished" else "false"
        yield Row(
            "sessions",
            {"episode_id": episode, "session_number": None, "held_on": start, "attended": attended},
        )
    else:
        if status not in ("finished", "in-progress"):
            yield Refused("episodes", "not_final")
            return
        yield Row(
            "episodes",
            {
                "client_id": client_of(resource.get("subject"), reading.options),
                "episode_id": own_id(resource),
                "program_id": reading.program_id,
                "started_on": start,
                "ended_on": end,
                "ending": "ongoing" if status == "in-progress" else None,
            },
        )
