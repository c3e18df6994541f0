"""Keys and references of the registry: every id once, and every id that is used also defined.

What belongs here: what must hold before anything else can be said of rows together.
What does not: what one row can get wrong alone (``rows`` and the kinds of rows), structure
(``structure``), reading (``reading``).
"""

from orchestration.landing.registry.entries import Entries
from orchestration.landing.registry.reading import Entry, Problems
from orchestration.landing.registry.rows import Row
from orchestration.landing.registry.tables import TABLES, Table
from orchestration.landing.registry.values import as_text

_REFERENCES = (
    ("items", "instrument_id", "instruments"),
    ("response_labels", "instrument_id", "instruments"),
    ("scales", "instrument_id", "instruments"),
    ("scale_items", "scale_id", "scales"),
    ("severity_bands", "scale_id", "scales"),
    ("norms", "scale_id", "scales"),
    ("thresholds", "scale_id", "scales"),
    ("change_rules", "scale_id", "scales"),
    ("severity_references", "scale_id", "scales"),
    ("missing_rules", "scale_id", "scales"),
    ("scales", "converted_from", "scales"),
    ("score_conversions", "scale_id", "scales"),
    ("equivalences", "scale_id", "scales"),
    ("equivalences", "equivalent_scale_id", "scales"),
    ("equivalences", "crosswalk_scale_id", "scales"),
    ("published_effects", "scale_id", "scales"),
    ("change_rules", "sd_norm_id", "norms"),
    ("change_rules", "clinical_norm_id", "norms"),
    ("change_rules", "functional_norm_id", "norms"),
    ("change_rules", "cutoff_threshold_id", "thresholds"),
)
# What these rows say is part of the meaning of a shipped definition, so a clinic may not add to it.
_FROZEN = (
    ("items", "instrument_id", "instruments", "an instrument"),
    ("scale_items", "scale_id", "scales", "a scale"),
    ("score_conversions", "scale_id", "scales", "a scale"),
)


def check_keys_and_references(entries: Entries, problems: Problems) -> None:
    """Every key once, every id that is used also defined, nothing shipped redefined."""
    frozen = {name for name, *_ in _FROZEN}
    for table in TABLES.values():
        seen: dict[tuple[str, ...], Entry] = {}
        for entry in entries[table.name]:
            if entry.row is None and any(column not in entry.cells for column in table.key):
                continue
            # As checked, so that 1 and 01 are the same item.
            values = entry.cells if entry.row is None else _spelt(table, entry.row)
            key = tuple(values[column] for column in table.key)
            first = seen.setdefault(key, entry)
            if first is entry:
                continue
            if entry.origin == "local" and first.origin == "seed":
                if table.name in frozen:
                    continue  # said below, once
                what = "Scout's own definitions already hold it; choose another id"
            else:
                what = f"it repeats row {first.line} of {first.place}; keep one of the two"
            problems.at(entry, " + ".join(table.key), what)
    for name, column, target in _REFERENCES:
        known = _defined(entries, target)
        for entry in entries[name]:
            if column in entry.cells and entry.cells[column] not in known:
                what = f"no row of {target}.csv defines this id; add one there or mend the id"
                problems.at(entry, column, what)
    for name, column, target, noun in _FROZEN:
        shipped = _defined(entries, target, origin="seed")
        for entry in entries[name]:
            if entry.origin == "local" and entry.cells.get(column) in shipped:
                what = f"{noun} that comes with Scout cannot be changed; define one of your own"
                problems.at(entry, column, what)


def _spelt(table: Table, row: Row) -> dict[str, str]:
    """The key of a row in the one spelling its values have."""
    return {column: as_text(getattr(row, table.fields[column])) or "" for column in table.key}


def _defined(entries: Entries, name: str, origin: str | None = None) -> set[str]:
    key = TABLES[name].key[0]
    return {
        entry.cells[key]
        for entry in entries[name]
        if key in entry.cells and origin in (None, entry.origin)
    }
