"""``scout map``: a file is read, its columns are recognised, a ``source.yml`` is proposed.

What belongs here: reading the file as landing would, saying what was found, writing the proposal.
What does not: recognising (``proposing``), judging identifiers (``landing.identifiers``). The file
is not kept, and no value of it is shown.
"""

import csv
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from orchestration import warehouse
from orchestration.column_profiles import has_decimal_commas, profiles
from orchestration.errors import SettingsError
from orchestration.landing import files
from orchestration.landing.columns import spell_out
from orchestration.landing.formats import FORMATS
from orchestration.landing.formats.contract import Arrival
from orchestration.landing.identifiers import find_identifiers
from orchestration.landing.mapping import Mapping, parse_mapping
from orchestration.landing.mapping_blocks import Instrument
from orchestration.landing.refusals import FileRefusalError
from orchestration.landing.registry import Registry, load_registry
from orchestration.landing.staged import Staged
from orchestration.map_told import Mapped, tell
from orchestration.proposing.known import questionnaires
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty, Proposal, Reason
from orchestration.proposing.proposer import propose
from orchestration.proposing.shapes import Shape, shape_of
from orchestration.proposing.writing import as_yaml, values_of
from orchestration.settings import Settings
from orchestration.sniffing import Written, how_written

_BY_ENDING = {
    ".sav": "spss",
    ".zsav": "spss",
    ".por": "spss",
    ".dta": "stata",
    ".sas7bdat": "sas",
    ".xpt": "sas",
    ".json": "fhir",
    ".ndjson": "fhir",
}

# Dates, decimals and long numbers name no column.
_VALUE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}.*|"
    r"-?[0-9]+[.,][0-9]+|-[0-9]+|[0-9]{5,}"
)


def map_file(settings: Settings, path: Path, out: Path | None, console: Console) -> int:
    """Propose a mapping for a file, on the terminal or in a file.

    Returns:
        0 if the proposal can be used as it stands, 2 if something is left to do first.

    Raises:
        SettingsError: the file cannot be read, or ``out`` exists.
    """
    if out is not None and out.exists():
        raise SettingsError(f"{out} exists. Choose another name for --out, or move it away.")
    registry = load_registry(settings.seeds, settings.instruments)
    mapped = propose_for(settings, registry, path)
    if out is None:
        console.print(mapped.text, end="", highlight=False, markup=False, soft_wrap=True)
    else:
        # The folder of a new source is not there before its mapping is.
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with out.open("x", encoding="utf-8") as file:
            file.write(mapped.text)
        tell(console, mapped)
        console.print(f"Written: {out}", highlight=False, markup=False, soft_wrap=True)
    return 0 if mapped.is_ready else 2


def propose_for(settings: Settings, registry: Registry, path: Path) -> Mapped:
    """The proposal for one file.

    Args:
        settings: limits of memory and threads.
        registry: what is known of instruments.
        path: the file; it is read from a private copy.

    Raises:
        SettingsError: the file cannot be read.
    """
    if not path.is_file():
        raise SettingsError(f"{path} is not a file. Name a file that a clinic exported.")
    with tempfile.TemporaryDirectory(prefix="scout-map-") as folder:
        scratch = Path(folder)
        workplace = settings.model_copy(update={"home": scratch})
        try:
            received = files.receive_copy(path, scratch / "received")
            with warehouse.in_memory(workplace) as connection:
                return _mapped(connection, registry, path, received.path, scratch)
        except FileRefusalError as refusal:
            raise SettingsError(refusal.message) from None


def _mapped(
    connection: warehouse.Connection, registry: Registry, path: Path, copy: Path, scratch: Path
) -> Mapped:
    name = _BY_ENDING.get(path.suffix.lower())
    if name is not None and (name == "fhir" or name not in FORMATS):
        return _unread(name, path, copy)
    written = how_written(copy, path.suffix.lower()) if name is None else Written()
    staged = _read(connection, registry, path, copy, scratch, name or "wide", written)
    _require_header(connection, staged.header, path.name)
    columns = profiles(connection, staged.table, staged.header)
    shape = None
    if name is not None:
        why = f"a file ending in {path.suffix.lower()}"
        shape = Shape(name, Reason(Certainty.SURE, why))
    found = shape or shape_of({column.name: column for column in columns})
    if found.format == "qualtrics":
        # Its second and third header rows are no answers.
        try:
            staged = _read(connection, registry, path, copy, scratch, "qualtrics", written)
            columns = profiles(connection, staged.table, staged.header)
        except FileRefusalError as refusal:
            return _refused(refusal, found, columns, path)
    keys = written.keys()
    numbers = [column.name for column in columns if column.kind == "number"]
    if numbers and has_decimal_commas(connection, staged.table, numbers):
        why = "numbers are written with a comma"
        keys.append(("decimal", ",", Reason(Certainty.LIKELY, why)))
    if words := sorted(set().union(*(column.missing for column in columns))):
        why = "these words stand among numbers or dates"
        keys.append(("missing", words, Reason(Certainty.LIKELY, why)))
    if found.format == "redcap":
        found, keys = _with_dictionary(found, keys, path)
    proposal = propose(columns, questionnaires(registry), path.stem, keys, found)
    proposal = _with_date_format(proposal, columns)
    dates = [role.column for role in proposal.roles if role.key == "occurred_on"]
    pseudonyms = [role.column for role in proposal.roles if role.key == "client_id"]
    warnings = tuple(
        f"{one.sentence} {one.how_to_mend}"
        for one in find_identifiers(
            connection,
            staged.table,
            columns=list(staged.header),
            event_date_columns=dates,
            identifier_columns=pseudonyms,
        )
    )
    return _checked(proposal, warnings, registry, path.name)


def _read(
    connection: warehouse.Connection,
    registry: Registry,
    path: Path,
    copy: Path,
    scratch: Path,
    name: str,
    written: Written,
) -> Staged:
    """The file as a landed table; nothing is mapped yet."""
    reader = FORMATS[name]
    if path.suffix.lower() not in reader.extensions:
        raise SettingsError(
            f"{path.name}: Scout does not read this kind of file. Export it as "
            f"{', '.join(reader.extensions)}."
        )
    options = reader.options.model_construct() if reader.options is not None else None
    # Unchecked: a mapping that says only how the file is written, and that its lines are wide.
    mapping = Mapping.model_construct(
        format=name,
        delimiter=written.delimiter,
        encoding=written.encoding,
        options=options,
        instruments={"": Instrument.model_construct()},
    )
    arrival = Arrival(path.name, copy, mapping, registry, "source.yml", scratch)
    return reader.open(connection, arrival).stage(connection)[0]


def _require_header(connection: warehouse.Connection, header: Sequence[str], name: str) -> None:
    """Refuse a first line that holds a record: its cells would be shown as names of columns."""
    connection.execute("create or replace temp table header_cells (cell varchar)")
    # A cell without a blank, an @ or a point is a word: any word may name a column.
    cells = [[cell] for cell in header if set(cell) & set(" @.")]
    if cells:
        connection.executemany("insert into header_cells values (?)", cells)
    findings = find_identifiers(
        connection, "header_cells", columns=["cell"], identifier_columns=["cell"]
    )
    telling = {one.rule for one in findings} & {"name", "email", "phone", "ssn", "ip_address"}
    if telling or any(_VALUE.fullmatch(cell) for cell in header):
        raise SettingsError(
            f"{name}: the first line looks like a record, not like names of columns. Export the "
            "file with its header line."
        )


def _checked(
    proposal: Proposal, warnings: tuple[str, ...], registry: Registry, name: str
) -> Mapped:
    """With what landing itself would say of the mapping."""
    fault = None
    try:
        mapping = parse_mapping(values_of(proposal), "source.yml")
        if mapping.reader.is_wide(mapping):
            spell_out(mapping.reader.seen_as(mapping), registry, "source.yml")
    except SettingsError as error:
        fault = str(error)
    return Mapped(proposal, warnings, as_yaml(proposal, name, warnings), fault)


def _refused(
    refusal: FileRefusalError, found: Shape, columns: Sequence[Column], path: Path
) -> Mapped:
    """An export that its own marks call identified."""
    rest = {one.name: one.described() for one in columns if one.name not in found.known}
    proposal = Proposal(found.format, found.reason, unplaced=rest)
    warnings = (refusal.message,)
    return Mapped(proposal, warnings, as_yaml(proposal, path.name, warnings))


def _unread(name: str, path: Path, copy: Path) -> Mapped:
    """A file that is no table, or that no reader here can open yet."""
    if name == "fhir":
        with copy.open("rb") as file:
            is_fhir = b'"resourceType"' in file.read(1 << 16)
        why = "its beginning holds a FHIR resourceType" if is_fhir else "its ending alone says so"
        shape = Reason(Certainty.SURE if is_fhir else Certainty.OPEN, why)
        fill = () if is_fhir and name in FORMATS else ("Export the data as FHIR R4 or as CSV.",)
    else:
        shape = Reason(Certainty.SURE, f"a file ending in {path.suffix.lower()}")
        fill = (f"Scout does not read {name} files here yet; save the data as CSV.",)
    proposal = Proposal(name, shape, to_fill=fill)
    return Mapped(proposal, (), as_yaml(proposal, path.name))


def _with_dictionary(
    found: Shape, keys: list[tuple[str, object, Reason]], path: Path
) -> tuple[Shape, list[tuple[str, object, Reason]]]:
    """The data dictionary that lies beside a REDCap export, or the request for one."""
    marks = {"Variable / Field Name", "field_name"}
    beside = [
        other.name
        for other in sorted(path.parent.glob("*.csv"))
        if other != path and marks & set(_first_row(other))
    ]
    if len(beside) == 1:
        why = "the only data dictionary beside the file"
        value = {"dictionary": beside[0]}
        return found, [*keys, ("redcap", value, Reason(Certainty.LIKELY, why))]
    told = f"; {', '.join(beside)} could be it" if beside else ""
    fill = (
        "`redcap: {dictionary: ...}`: download the project's data dictionary, put it beside the "
        f"data and name it here{told}."
    )
    return replace(found, to_fill=(fill,)), keys


def _first_row(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def _with_date_format(proposal: Proposal, columns: Sequence[Column]) -> Proposal:
    """How the dates of the form are written, where they are not ISO."""
    by_name = {column.name: column for column in columns}
    dates = [by_name[role.column] for role in proposal.roles if role.key == "occurred_on"]
    for column in dates:
        if column.date_format is not None:
            reason = Reason(Certainty.SURE, f"{column.name}: its numbers allow no other order")
            key = ("date_format", column.date_format, reason)
            return replace(proposal, settings=(*proposal.settings, key))
        if not column.is_date_clear:
            fill = f"`date_format`: {column.name} may have the day first (%d/%m/%Y) or the month."
            return replace(proposal, to_fill=(*proposal.to_fill, fill))
    return proposal
