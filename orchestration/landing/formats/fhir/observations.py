"""Observation: a measured value becomes a stated score or an answer.

What belongs here: codes and values of an observation and its components.
What does not: forms (forms.py), what a code means (codes.py).
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from orchestration.landing.formats.fhir.codes import Target
from orchestration.landing.formats.fhir.forms import chosen, row_of
from orchestration.landing.formats.fhir.records import (
    Outcome,
    Reading,
    Refused,
    circumstances,
    codings,
    value_of,
)
from orchestration.landing.formats.fhir.shapes import dicts

# Of an observation's states these count (FHIR R4, observation-status).
_FINAL = ("final", "amended", "corrected")


def read_observation(resource: Mapping[str, Any], reading: Reading) -> Iterator[Outcome]:
    """Scores and answers of one Observation; one whose codes nobody knows was not asked for."""
    codes = reading.codes
    own = codings(resource, "code")
    components = list(dicts(resource.get("component", [])))
    targets = codes.of_codings(own)
    panel = codes.panel(str(one["code"]) for one in own if "code" in one)
    parts = [(one, codes.of_codings(codings(one, "code"))) for one in components]
    if panel is not None and not targets and panel in codes.totals:
        # Some servers give the panel itself a value: it is the total.
        targets = {Target(panel, "scores", codes.totals[panel])}
    elif panel is None and not targets and not any(found for _, found in parts):
        return
    kind = next((one.kind for one in targets), "responses")
    if resource.get("status") not in _FINAL:
        yield Refused(kind, "not_final")
        return
    known = [{one.instrument_id for one in found} for found in (targets, *(t for _, t in parts))]
    anchors = {panel} if panel else set().union(*(one for one in known if len(one) == 1))
    shared = circumstances(resource, _when(resource), reading)
    is_a_value = any(key.startswith("value") for key in resource)
    # A panel may only point at its members, which are observations of their own.
    is_a_frame = bool(components) or (panel is not None and "hasMember" in resource)
    if is_a_value or not is_a_frame:
        yield _outcome(resource, targets, anchors, shared, reading)
    for component, found in parts:
        ignored = [str(one.get("code")) for one in codings(component, "code")]
        if found or not any(fnmatchcase(c, glob) for c in ignored for glob in reading.ignore):
            yield _outcome(component, found, anchors, shared, reading)


def _outcome(
    element: Mapping[str, Any],
    targets: set[Target],
    anchors: set[str],
    shared: Mapping[str, str | None],
    reading: Reading,
) -> Outcome:
    target = chosen(targets, anchors)
    if isinstance(target, str):
        return Refused("responses", target)
    text, reason = value_of(element, target.instrument_id, reading.codes, {})
    return Refused(target.kind, reason) if reason else row_of(target, text, shared)


def _when(resource: Mapping[str, Any]) -> object:
    """When it was true of the client; when it was issued is another matter."""
    period = resource.get("effectivePeriod")
    start = period.get("start") if isinstance(period, dict) else None
    return resource.get("effectiveDateTime", resource.get("effectiveInstant", start))
