"""Texts that people typed: kept nowhere, but searched for what identifies before the file is kept.

What belongs here: collecting them into a table that is dropped after the search.
What does not: what identifiers look like (identifiers).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orchestration.landing.formats.fhir.reading import objects
from orchestration.landing.formats.spreading import Spread
from orchestration.landing.identifiers import find_identifiers
from orchestration.landing.refusals import FileRefusalError

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
            found = find_identifiers(self._connection, staged.table, columns=[_COLUMN])
            self._connection.execute(f"drop table if exists {staged.table}")
            if found:
                told = " ".join(f"{one.sentence} {one.how_to_mend}" for one in found)
                message = (
                    f"{self._name} looks as if it identifies people; nothing of it was kept. {told}"
                )
                raise FileRefusalError("looks_identified", message)
