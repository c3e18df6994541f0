"""``format: fhir``: FHIR R4 resources as JSON, as bundles and as bulk NDJSON.

What belongs here: the format, its checks, the order in which a resource is looked at.
What does not: bytes (guarding.py, reading.py), what identifies (identity.py), what each kind of
resource says (forms.py, observations.py, people.py), what codes mean (codes.py).

Each answer, stated score, client, session or episode is a row; people are told the number of the
resource it comes from. A resource that cannot be read, or is not final, is one refused record; one
of which nothing is asked for is one record that is set aside.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from orchestration.landing.formats.contract import Arrival, Format, Opened, Outline, check_tidy
from orchestration.landing.formats.erasure import Erased, Erasure
from orchestration.landing.formats.fhir import reading
from orchestration.landing.formats.fhir.codes import index
from orchestration.landing.formats.fhir.erasing import erase_resources
from orchestration.landing.formats.fhir.forms import read_form
from orchestration.landing.formats.fhir.identity import identifying
from orchestration.landing.formats.fhir.observations import read_observation
from orchestration.landing.formats.fhir.options import FhirOptions
from orchestration.landing.formats.fhir.people import read_encounter, read_patient
from orchestration.landing.formats.fhir.records import Outcome, Reading, Row
from orchestration.landing.formats.fhir.texts import Texts
from orchestration.landing.formats.spreading import Spread, table_of
from orchestration.landing.formats.staging import unreadable
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import Staged

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping as SourceMapping
    from orchestration.warehouse import Connection

READERS: Mapping[str, Callable[[Mapping[str, Any], Reading], Iterator[Outcome]]] = {
    "QuestionnaireResponse": read_form,
    "Observation": read_observation,
    "Patient": read_patient,
    "Encounter": read_encounter,
}


# Kinds of resource that a message may name, beside those that are read.
_TOLD = frozenset(
    (
        "Bundle",
        "CodeSystem",
        "Condition",
        "EpisodeOfCare",
        "Location",
        "OperationOutcome",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Procedure",
        "Questionnaire",
        "StructureDefinition",
        "ValueSet",
    )
)


class Fhir(Format):
    """Resources of an electronic record."""

    name: ClassVar[str] = "fhir"
    extensions: ClassVar[tuple[str, ...]] = (".json", *reading.LINES)
    erasable: ClassVar[tuple[str, ...]] = extensions
    options: ClassVar[type[FhirOptions]] = FhirOptions

    def check(self, mapping: "SourceMapping") -> None:
        """FHIR says itself when and whose: only its own block is needed."""
        check_tidy(mapping)
        if mapping.date_format is not None:
            raise ValueError("`date_format` has no place here, FHIR writes ISO dates; remove it")
        if mapping.options.encounters == "episodes" and mapping.program_id is None:
            raise ValueError("`fhir.encounters: episodes` needs `program_id`; name the program")

    def record_type(self, mapping: "SourceMapping", file_name: str) -> str | None:
        """A file may hold several kinds of record: which, is known when it was read."""
        return "fhir"

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at the bytes."""
        return FhirFile(arrival)

    def erase(self, erasure: Erasure) -> Erased:
        """Resource by resource."""
        return erase_resources(erasure)


class FhirFile(Opened):
    """A file of resources that was looked at."""

    def __init__(self, arrival: Arrival) -> None:
        """Look at a file's bytes.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.arrival = arrival
        options = arrival.mapping.options
        self.reading = Reading(
            index(arrival.registry, options, arrival.place),
            options,
            arrival.mapping.ignore,
            arrival.mapping.program_id,
        )
        self.entries = reading.look(arrival.path, arrival.extension, arrival.name)
        self.outlines = tuple(_outlines(options))

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read every resource into the tables of its records."""
        name = self.arrival.name
        spread = Spread(connection, {one.record_type: one.header for one in self.outlines})
        texts = Texts(connection, name)
        met: Counter[str] = Counter()
        for place, resource in reading.resources(self.arrival.path, self.arrival.extension, name):
            if resource is None:
                met["a line or entry that is no resource"] += 1
                spread.refuse("responses", place, "unreadable_record")
                continue
            person = identifying(resource, self.reading.options)
            if person:
                raise _identified(name, place, person)
            texts.look_at(resource)
            met[_kind_of(resource)] += 1
            outcomes = list(self._outcomes(resource))
            for outcome in outcomes:
                if isinstance(outcome, Row):
                    spread.add(outcome.kind, place, outcome.cells)
                else:
                    spread.refuse(outcome.kind, place, outcome.reason)
            spread.set_aside += not outcomes
        if self.entries not in (None, met.total()):
            raise unreadable(name)
        texts.refuse_identified()
        tables = spread.finish()
        if not tables:
            raise _not_data(name, met)
        if any(one.record_type == "sessions" for one in tables):
            _number_sessions(connection)
        return tables

    def _outcomes(self, resource: Mapping[str, Any]) -> Iterator[Outcome]:
        reader = READERS.get(str(resource.get("resourceType")))
        return iter(()) if reader is None else reader(resource, self.reading)


def _outlines(options: FhirOptions) -> Iterator[Outline]:
    moment = ["occurred_on", *([options.encounter] if options.encounter else [])]
    yield Outline("responses", ("client_id", "instrument_id", "item", "response", *moment))
    yield Outline("scores", ("client_id", "instrument_id", "scale_id", "score", *moment))
    yield Outline("clients", ("client_id", "gender", *options.attributes))
    if options.encounters == "sessions":
        yield Outline("sessions", ("episode_id", "session_number", "held_on", "attended"))
    if options.encounters == "episodes":
        columns = ("client_id", "episode_id", "program_id", "started_on", "ended_on", "ending")
        yield Outline("episodes", columns)


def _number_sessions(connection: "Connection") -> None:
    """Number the sessions of each episode by their dates; those of one day as the file has them."""
    table = table_of("sessions")
    connection.execute(
        f"""
        update {table} set session_number = numbered.n::varchar
        from (
            select "scout line" as line,
                row_number() over (partition by episode_id order by held_on, "scout line") as n
            from {table} where episode_id is not null
        ) as numbered
        where numbered.line = "scout line"
        """
    )


def _kind_of(resource: Mapping[str, Any]) -> str:
    """How a message calls a resource: nothing of the file is shown but these names of FHIR."""
    kind = str(resource.get("resourceType"))
    return kind if kind in READERS or kind in _TOLD else "another resource"


def _identified(name: str, place: int, element: str) -> FileRefusalError:
    message = (
        f"{name} identifies people; nothing of it was kept. Resource {place} has {element}. Have "
        "the export leave it out."
    )
    return FileRefusalError("looks_identified", message)


def _not_data(name: str, met: Counter[str]) -> FileRefusalError:
    told = ", ".join(f"{kind} ({count})" for kind, count in met.most_common(5)) or "nothing"
    message = (
        f"{name} holds no answers, scores, clients or encounters that this source asks for, but "
        f"{told}. Definitions are not data: move the file out of landing, or leave it out of "
        "`files`."
    )
    return FileRefusalError("not_data", message)
