"""``format: coded``: a long table of observations, each a row with a code, a value and a date.

What belongs here: which codes are taken, and the rows of each kind that they give.
What does not: reading text (delimited.py), what a code means (fhir/codes.py, the registry).

A hospital's table holds thousands of codes. Those that the mapping takes become scores and answers;
rows with any other code are read, searched for identifiers, counted and set aside.
"""

import fnmatch
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from orchestration.landing.formats import staging
from orchestration.landing.formats.contract import Arrival, Format, Opened, Outline
from orchestration.landing.formats.delimited import DELIMITERS, Delimited
from orchestration.landing.formats.erasing_tables import erase_table
from orchestration.landing.formats.erasure import Erased, Erasure
from orchestration.landing.formats.fhir.codes import Target, index
from orchestration.landing.formats.fhir.options import FhirOptions
from orchestration.landing.formats.searching import refuse_identified
from orchestration.landing.formats.spreading import table_of
from orchestration.landing.mapping_values import Strict, Text, Texts
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.staged import TABLE, Staged, quoted

if TYPE_CHECKING:
    from orchestration.landing.mapping import Mapping as SourceMapping
    from orchestration.landing.registry import Registry
    from orchestration.warehouse import Connection

_TIMES = ("occurred_on", "day", "occasion")
_TAKEN = "landed_taken"
# kind -> the columns of what was measured and of its value.
_MEASURES = {"responses": ("item", "response"), "scores": ("scale_id", "score")}


class CodedOptions(Strict):
    """Where code and value stand, and which codes are taken.

    Attributes:
        code: the column of the codes.
        value: the column of the values.
        take: the codes to take: a list of LOINC codes that the registry knows, or code -> scale_id
            or item (such as ``phq9_1``) for codes of any system.
    """

    code: Text
    value: Text
    take: Texts | dict[Text, Text]


class Coded(Format):
    """Observations of a record system."""

    name: ClassVar[str] = "coded"
    extensions: ClassVar[tuple[str, ...]] = tuple(DELIMITERS)
    erasable: ClassVar[tuple[str, ...]] = extensions
    options: ClassVar[type[CodedOptions]] = CodedOptions

    def check(self, mapping: "SourceMapping") -> None:
        """The mapping names the client's column and that of the time."""
        if mapping.client_id is None:
            raise ValueError("`client_id` is missing; name the column that holds the pseudonym")
        if not any(getattr(mapping, key) for key in _TIMES):
            raise ValueError("the time is missing; give `occurred_on`, `day` or `occasion`")
        for key in ("instruments", "attributes"):
            if getattr(mapping, key):
                raise ValueError(f"`{key}` belongs to `format: wide`; remove it")

    def record_type(self, mapping: "SourceMapping", file_name: str) -> str | None:
        """A file may give scores and answers: which, is known when it was read."""
        return "coded"

    def open(self, connection: "Connection", arrival: Arrival) -> Opened:
        """Look at a table."""
        return CodedFile(arrival)

    def erase(self, erasure: Erasure) -> Erased:
        """Row by row, whatever its code."""
        return erase_table(erasure, *self.id_columns(erasure.mapping))


class CodedFile(Opened):
    """A table of observations that was looked at."""

    def __init__(self, arrival: Arrival) -> None:
        """Look at a file's bytes and hold its columns against the mapping.

        Raises:
            FileRefusalError: any fault that concerns the whole file.
        """
        self.arrival = arrival
        mapping = arrival.mapping
        self.code = mapping.options.code
        self.taken = _taken(mapping.options.take, arrival.registry, arrival.place)
        self.text = Delimited(arrival, "coded")
        self.columns = {"client_id": str(mapping.client_id)}
        for key in ("episode_id", *_TIMES):
            if getattr(mapping, key):
                self.columns[key] = getattr(mapping, key)
        header = self.text.outlines[0].header
        mapped = {*self.columns.values(), self.code, mapping.options.value}
        missing = sorted(mapped - set(header))
        if missing:
            message = (
                f"{arrival.name} lacks columns that {arrival.place} maps: {', '.join(missing)}. "
                "Correct the header or the mapping."
            )
            raise FileRefusalError("missing_column", message)
        # The rest has to be listed under `ignore`, as in any other file.
        rest = [
            column
            for column in header
            if column not in mapped
            and not any(fnmatch.fnmatchcase(column, glob) for glob in mapping.ignore)
        ]
        self.outlines = tuple(
            Outline(kind, (*self.columns, "instrument_id", *_MEASURES[kind], *rest))
            for kind in self._kinds()
        )

    def stage(self, connection: "Connection") -> tuple[Staged, ...]:
        """Read the file, search all of it, and keep the rows whose codes are taken."""
        (whole,) = self.text.stage(connection)
        name = self.arrival.name
        staging.prove(connection, whole, name)
        refuse_identified(
            connection,
            whole.table,
            whole.header,
            name,
            dates={self.columns[key] for key in ("occurred_on",) if key in self.columns},
            pseudonyms={
                self.columns[key] for key in ("client_id", "episode_id") if key in self.columns
            },
        )
        frame = pd.DataFrame(
            [(code, one.kind, one.instrument_id, one.name) for code, one in self.taken.items()],
            columns=["code", "kind", "instrument_id", "target"],
        )
        connection.register("scout_taken", frame)
        connection.execute(f"create or replace temp table {_TAKEN} as select * from scout_taken")
        connection.unregister("scout_taken")
        code = f"{TABLE}.{quoted(self.code)}"
        codeless = connection.execute(
            f"select {whole.line} from {TABLE} where {code} is null order by 1"
        ).fetchall()
        refused = (*whole.refused, *((int(line), "missing_key") for (line,) in codeless))
        tables = [self._split(connection, whole, kind) for kind in self._kinds()]
        connection.execute(f"drop table {TABLE}")
        connection.execute(f"drop table {_TAKEN}")
        kept = sum(one.rows_read for one in tables)
        if not kept:
            message = (
                f"{name}: none of its {whole.rows_read} rows has a code that `coded.take` lists in "
                f"{self.arrival.place}. Correct the list, or move the file out of landing."
            )
            raise FileRefusalError("not_data", message)
        # What gave no row has to be told of somewhere: with the first table.
        tables[0] = replace(
            tables[0],
            rows_read=tables[0].rows_read + whole.rows_read - kept,
            refused=refused,
            set_aside=whole.rows_read - kept - len(refused),
        )
        return tuple(tables)

    def _kinds(self) -> list[str]:
        return [kind for kind in _MEASURES if any(t.kind == kind for t in self.taken.values())]

    def _split(self, connection: "Connection", whole: Staged, kind: str) -> Staged:
        """The rows of one kind as a table of their own."""
        target, value = _MEASURES[kind]
        columns = {key: f"{TABLE}.{quoted(column)}" for key, column in self.columns.items()}
        columns |= {
            "instrument_id": "taken.instrument_id",
            target: "taken.target",
            value: f"{TABLE}.{quoted(self.arrival.mapping.options.value)}",
        }
        table = table_of(kind)
        chosen = ", ".join(f"{expression} as {column}" for column, expression in columns.items())
        connection.execute(
            f"""
            create or replace temp table {table} as
            select {whole.line} as {quoted(staging.LINE)}, {chosen}
            from {TABLE} join {_TAKEN} as taken
                on taken.kind = '{kind}' and taken.code = {TABLE}.{quoted(self.code)}
            """
        )
        rows = staging.count(connection, table)
        return Staged(kind, tuple(columns), f"{TABLE}.{quoted(staging.LINE)}", rows, (), table)


def _taken(take: Texts | dict[str, str], registry: "Registry", place: str) -> dict[str, Target]:
    """Code -> what it stands for.

    Raises:
        FileRefusalError: wrong_mapping.
    """
    known = index(registry, FhirOptions(), place).loinc
    found = {}
    for code in take:
        key = f"{place}: key `coded.take`: {code}"
        if isinstance(take, dict):
            targets = _named(take[code], registry)
            if not targets:
                raise _wrong(f"{key}: the registry knows no scale or item of this name.")
        else:
            targets = known.get(code, set())
            if not targets:
                raise _wrong(f"{key}: the registry knows no such code; write what it stands for.")
        if len(targets) > 1:
            names = sorted(_item_name(one) for one in targets)
            raise _wrong(f"{key}: say which of {', '.join(names)} it stands for.")
        found[code] = next(iter(targets))
    return found


def _named(name: str, registry: "Registry") -> set[Target]:
    wanted = name.lower()
    scales = registry.scale_ranges
    found = {
        Target(str(row["instrument_id"]), "scores", wanted)
        for row in scales[scales["scale_id"] == wanted].to_dict("records")
    }
    return found or {
        Target(instrument, "responses", item)
        for (instrument, spelling), item in registry.item_aliases.items()
        if spelling == wanted and wanted.startswith(instrument)
    }


def _item_name(target: Target) -> str:
    is_item = target.kind == "responses"
    return f"{target.instrument_id}_{target.name}" if is_item else target.name


def _wrong(message: str) -> FileRefusalError:
    return FileRefusalError("wrong_mapping", message)
