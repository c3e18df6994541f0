"""JSON of whatever shape came: the objects inside a value, where FHIR would have objects.

What belongs here: looking into values without trusting their kind.
What does not: what any element means.
"""

from collections.abc import Iterator
from typing import Any

Resource = dict[str, Any]


def objects(value: object) -> Iterator[Resource]:
    """Every JSON object inside a value, itself included."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += [inner for inner in one.values() if isinstance(inner, dict | list)]
        elif isinstance(one, list):
            waiting += [inner for inner in one if isinstance(inner, dict | list)]


def dicts(value: object) -> Iterator[Resource]:
    """The objects of a list that should hold objects; one object counts as a list of one."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield one
