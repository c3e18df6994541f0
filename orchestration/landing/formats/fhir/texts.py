"""Texts that people typed: kept nowhere, but searched for what identifies before the file is kept.

What belongs here: collecting them into a table that is dropped after the search.
What does not: what identifiers look like (identifiers).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orchestration.landing.formats.fhir.shapes import objects
from orchestration.landing.formats.searching import refuse_identified
from orchestration.landing.formats.spreading import Spread

if TYPE_CHECKING:
    from orchestration.warehouse import Connection

_COLUMN = "text answers"
_KINDS = ("QuestionnaireResponse", "Observation")


class Texts:
    """The text answers of one file."""

    def __init__(self, connection: "Connection", name: str) -> None:
        """Begin a file, called ``name`` in messages."""
        self._connection = connection
        self._name = name
        self._spread = Spread(connection, {"texts": (_COLUMN,)})

    def look_at(self, resource: Mapping[str, Any]) -> None:
        """Collect what a form or an observation says in words."""
        if resource.get("resourceType") not in _KINDS:
            return
        said = {key: value for key, value in resource.items() if key != "contained"}
        for one in objects(said):
            text = one.get("valueString")
            if isinstance(text, str):
                self._spread.add("texts", 0, {_COLUMN: text})

    def refuse_identified(self) -> None:
        """Refuse the file if its texts look as if they identify people.

        Raises:
            FileRefusalError: looks_identified.
        """
        for staged in self._spread.finish():
            refuse_identified(self._connection, staged.table, [_COLUMN], self._name)
            self._connection.execute(f"drop table if exists {staged.table}")
