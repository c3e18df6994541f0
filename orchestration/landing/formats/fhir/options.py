"""The block ``fhir:`` of ``source.yml``.

What belongs here: its shape.
What does not: what the registry makes of it (codes.py).
"""

from typing import Literal

from pydantic import Field, model_validator

from orchestration.landing.mapping_values import Strict, Text, Texts

# What names an item in a questionnaire of this source: a template, a list in order, item -> names.
Items = Text | tuple[Text, ...] | dict[Text, Texts]


class FhirInstrument(Strict):
    """What this source's codes and link ids mean for one instrument, beyond what is registered.

    Attributes:
        questionnaires: the questionnaires that are this instrument, each by the last part of its
            address.
        items: the link ids or codes of the items: a template such as ``PHQ.{item}``, the link ids
            in the order of the items, or item -> link id (or several).
        stated: scale_id -> the link id or code that holds its total (or several).
        answers: code of an answer -> its number.
    """

    questionnaires: Texts = ()
    items: Items | None = None
    stated: dict[str, Texts] = Field(default_factory=dict)
    answers: dict[Text, int] = Field(default_factory=dict)


class FhirOptions(Strict):
    """How a source writes FHIR.

    Attributes:
        instruments: instrument -> what its codes are here. Named ones are the only ones taken; with
            none named, every instrument of the registry is.
        encounter: what the encounter of a form or an observation stands for.
        encounters: what Encounter resources become; left out, they are set aside. Sessions are
            numbered by date within their episode, so a file must then hold every encounter of it.
        attributes: attribute of the client -> address of the Patient extension that holds it.
        client_identifier: the system whose ``identifier`` of a subject is the client's pseudonym,
            where no reference is.
    """

    instruments: dict[str, FhirInstrument] = Field(default_factory=dict)
    encounter: Literal["episode_id", "occasion"] | None = None
    encounters: Literal["sessions", "episodes"] | None = None
    attributes: dict[Text, Text] = Field(default_factory=dict)
    client_identifier: Text | None = None

    @model_validator(mode="after")
    def _attributes_are_not_taken(self) -> "FhirOptions":
        taken = {"client_id", "gender"} & set(self.attributes)
        if taken:
            raise ValueError(f"`attributes` cannot give {', '.join(sorted(taken))}; rename it")
        return self
