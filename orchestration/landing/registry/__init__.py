"""What is known of instruments, made ready for landing: aliases, ranges, one fingerprint.

What belongs here: loading ``seeds/`` together with a clinic's own definitions, all checked at once.
What does not: the rules themselves (the other modules of this folder), scoring, client data.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from orchestration.landing.registry.constructs import check_constructs
from orchestration.landing.registry.keys import check_keys_and_references
from orchestration.landing.registry.reading import Entry, Problems, read_table
from orchestration.landing.registry.structure import check_structure
from orchestration.landing.registry.tables import TABLES, Table
from orchestration.landing.registry.values import as_text, plain_label
from orchestration.landing.registry.yardstick_rules import check_yardsticks

_NOTES = frozenset({".md", ".txt"})


@dataclass(frozen=True)
class Registry:
    """Every definition Scout and the clinic hold, valid as a whole.

    Attributes:
        frames: table name -> all rows as text, missing where empty, in the columns of the seed and
            ``origin`` (``seed`` or ``local``).
        local_frames: table name -> the clinic's own rows alone, in the columns of the seed.
        instrument_aliases: spelling reduced by ``plain_name`` -> instrument_id.
        item_aliases: (instrument_id, lower-case spelling) -> item number as text.
        item_ranges: instrument_id, item (text), response_minimum, response_maximum (whole numbers),
            is_fractional (whether answers between whole numbers are allowed).
        scale_aliases: (instrument_id, lower-case spelling) -> scale_id: the id, the id without its
            instrument, and the scale's LOINC code.
        scale_ranges: scale_id, instrument_id, score_minimum, score_maximum (numbers).
        response_labels: (instrument_id, label reduced by ``plain_label``) -> response.
        fingerprint: SHA-256 (hex) over the six above: the same bytes under another fingerprint
            may be read differently.
    """

    frames: Mapping[str, pd.DataFrame]
    local_frames: Mapping[str, pd.DataFrame]
    instrument_aliases: Mapping[str, str]
    item_aliases: Mapping[tuple[str, str], str]
    item_ranges: pd.DataFrame
    scale_aliases: Mapping[tuple[str, str], str]
    scale_ranges: pd.DataFrame
    response_labels: Mapping[tuple[str, str], int]
    fingerprint: str


def plain_name(text: str) -> str:
    """A name as aliases are compared: lower case, letters a-z and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def load_registry(seeds: Path, local: Path | None) -> Registry:
    """Reads and checks every definition.

    Args:
        seeds: the folder of the shipped files; each must be there.
        local: the clinic's folder of files with the same names and columns, or None. A folder that
            does not exist holds nothing. Optional columns may be left out, and ``item`` may be a
            range such as ``1-24`` in ``items.csv`` and ``scale_items.csv``.

    Returns:
        The registry, with local rows after the seeds'.

    Raises:
        SettingsError: something is wrong; every problem is named with file, row, column and remedy.
    """
    problems = Problems()
    entries: dict[str, list[Entry]] = {
        name: read_table(seeds / f"{name}.csv", table, "seed", problems)
        for name, table in TABLES.items()
    }
    if local is not None and local.is_dir():
        for path in sorted(local.iterdir()):
            if path.name.startswith((".", "~")) or path.suffix.lower() in _NOTES:
                continue
            table = TABLES.get(path.stem) if path.suffix == ".csv" else None
            if table is None:
                names = ", ".join(f"{name}.csv" for name in TABLES)
                what = f"this is not a file of definitions; name it one of {names}, or remove it"
                problems.add(f"{local.name}/{path.name}", what)
                continue
            entries[table.name] += read_table(path, table, "local", problems)
    check_keys_and_references(entries, problems)
    if not problems.lines:
        # Two rounds: a missing row would otherwise be reported many times over.
        check_structure(entries, problems)
        check_constructs(entries, problems)
        check_yardsticks(entries, problems)
    aliases = _instrument_aliases(entries["instruments"], problems)
    problems.raise_if_any()
    return _registry(entries, aliases)


def describe(registry: Registry) -> list[dict[str, str]]:
    """One plain row per instrument, for a person to read.

    Returns:
        Rows with instrument, name, role, items, scales, threshold, change_rule, citation, status
        and origin; ``none`` where there is no default threshold or change rule.
    """
    frames = registry.frames
    items = frames["items"].groupby("instrument_id").size().to_dict()
    rows = []
    for instrument in frames["instruments"].to_dict("records"):
        identifier = str(instrument["instrument_id"])
        scales = _where(frames["scales"], "instrument_id", {identifier})
        scale_ids = [str(value) for value in scales["scale_id"]]
        thresholds = _where(_defaults(frames["thresholds"]), "scale_id", set(scale_ids))
        rules = _where(_defaults(frames["change_rules"]), "scale_id", set(scale_ids))
        rows.append(
            {
                "instrument": identifier,
                "name": str(instrument["instrument_name"]),
                "role": str(instrument["role"]),
                "items": str(items.get(identifier, 0)),
                "scales": ", ".join(scale_ids) or "none",
                "threshold": _listed(
                    f"{row['scale_id']} {row['threshold_kind']} {row['operator']} {row['value']}"
                    for row in thresholds.to_dict("records")
                ),
                "change_rule": _listed(
                    f"{row['scale_id']} {row['method']}, {row['reliability_kind']} "
                    f"{row['reliability']}, cut-off {row['cutoff_kind']}"
                    for row in rules.to_dict("records")
                ),
                "citation": str(instrument["citation"]),
                "status": str(instrument["status"]),
                "origin": str(instrument["origin"]),
            }
        )
    return rows


def _where(frame: pd.DataFrame, column: str, values: set[str]) -> pd.DataFrame:
    return frame[frame[column].isin(values)]


def _defaults(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["is_default"] == "true"]


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts) or "none"


def _instrument_aliases(instruments: list[Entry], problems: Problems) -> dict[str, str]:
    """Every spelling of every instrument; one that fits two instruments is a problem."""
    aliases: dict[str, str] = {}
    for entry in instruments:
        identifier = entry.cells.get("instrument_id", "")
        spellings = {"instrument_id": [identifier]}
        spellings["instrument_name"] = [entry.cells.get("instrument_name", "")]
        spellings["aliases"] = entry.cells.get("aliases", "").split(";")
        for column, texts in spellings.items():
            for text in filter(None, map(plain_name, texts)):
                if aliases.setdefault(text, identifier) != identifier:
                    what = "another instrument already answers to this name; choose another"
                    problems.at(entry, column, what)
    return aliases


def _item_aliases(items: pd.DataFrame) -> dict[tuple[str, str], str]:
    aliases: dict[tuple[str, str], str] = {}
    for row in items.to_dict("records"):
        instrument, item = str(row["instrument_id"]), str(row["item"])
        padded = item.zfill(2)
        spellings = [item, padded]
        spellings += [f"{instrument}{mark}{text}" for mark in ("_", "") for text in (item, padded)]
        if isinstance(row["loinc_code"], str):
            spellings.append(row["loinc_code"].lower())
        aliases |= {(instrument, spelling): item for spelling in spellings}
    return aliases


def _scale_aliases(scales: pd.DataFrame) -> dict[tuple[str, str], str]:
    aliases: dict[tuple[str, str], str] = {}
    for row in scales.to_dict("records"):
        instrument, scale = str(row["instrument_id"]), str(row["scale_id"])
        spellings = [scale, scale.removeprefix(f"{instrument}_")]
        if isinstance(row["loinc_code"], str):
            spellings.append(row["loinc_code"].lower())
        aliases |= {(instrument, spelling): scale for spelling in spellings}
    return aliases


def _frame(entries: list[Entry], table: Table) -> pd.DataFrame:
    """The rows as text in the columns of the table and ``origin``."""
    records = [
        {column: as_text(getattr(entry.row, name)) for column, name in table.fields.items()}
        | {"origin": entry.origin}
        for entry in entries
    ]
    return pd.DataFrame(records, columns=[*table.columns, "origin"], dtype="str")


# Within these columns one row (or set of bands) is the default.
_DEFAULTS_WITHIN = {
    "severity_bands": ["scale_id"],
    "thresholds": ["scale_id", "threshold_kind"],
    "change_rules": ["scale_id"],
    "missing_rules": ["scale_id"],
}


def _with_the_clinics_defaults(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The frame with a shipped default switched off wherever the clinic has named its own."""
    chosen = frame.loc[(frame["origin"] == "local") & (frame["is_default"] == "true"), key]
    if chosen.empty:
        return frame
    named = pd.MultiIndex.from_frame(frame[key]).isin(pd.MultiIndex.from_frame(chosen))
    outvoted = named & (frame["origin"] == "seed").to_numpy()
    return frame.assign(is_default=frame["is_default"].mask(outvoted, "false"))


def _registry(entries: Mapping[str, list[Entry]], aliases: dict[str, str]) -> Registry:
    frames = {name: _frame(entries[name], table) for name, table in TABLES.items()}
    for name, key in _DEFAULTS_WITHIN.items():
        frames[name] = _with_the_clinics_defaults(frames[name], key)
    local_frames = {
        name: frame[frame["origin"] == "local"].drop(columns="origin").reset_index(drop=True)
        for name, frame in frames.items()
    }
    item_aliases = _item_aliases(frames["items"])
    item_ranges = frames["items"][
        ["instrument_id", "item", "response_minimum", "response_maximum"]
    ].astype({"response_minimum": "int64", "response_maximum": "int64"})
    item_ranges["is_fractional"] = frames["items"]["is_fractional"] == "true"
    scale_aliases = _scale_aliases(frames["scales"])
    scale_ranges = frames["scales"][
        ["scale_id", "instrument_id", "score_minimum", "score_maximum"]
    ].astype({"score_minimum": "float64", "score_maximum": "float64"})
    labels = {
        (str(row["instrument_id"]), plain_label(str(row["label"]))): int(row["response"])
        for row in frames["response_labels"].to_dict("records")
    }
    relied_on = {
        "instrument_aliases": sorted(aliases.items()),
        "item_aliases": sorted((*key, item) for key, item in item_aliases.items()),
        "scale_aliases": sorted((*key, scale) for key, scale in scale_aliases.items()),
        "item_ranges": sorted(item_ranges.astype(str).to_numpy().tolist()),
        "response_labels": sorted((*key, number) for key, number in labels.items()),
        "scale_ranges": sorted(scale_ranges.astype(str).to_numpy().tolist()),
    }
    text = json.dumps(relied_on, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return Registry(
        frames=frames,
        local_frames=local_frames,
        instrument_aliases=aliases,
        item_aliases=item_aliases,
        item_ranges=item_ranges,
        scale_aliases=scale_aliases,
        scale_ranges=scale_ranges,
        response_labels=labels,
        fingerprint=hashlib.sha256(text.encode("ascii")).hexdigest(),
    )
