"""Rules across registry rows: references, keys, defaults, and arithmetic that must agree.

What belongs here: what two or more rows can get wrong together.
What does not: what one row can get wrong alone (``registry.rows``), reading (``registry.reading``).

Two rounds, because a missing row would otherwise be reported many times over: first keys and
references, and only when all of those hold, structure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from orchestration.landing.registry.reading import Entry, Problems, as_text
from orchestration.landing.registry.rows import (
    TABLES,
    ChangeRule,
    InstrumentItem,
    MissingRule,
    Norm,
    Row,
    Scale,
    ScaleItem,
    SeverityBand,
    Table,
    Threshold,
)

Entries = Mapping[str, Sequence[Entry]]
RowType = TypeVar("RowType", bound=Row)
Key = TypeVar("Key")

_REFERENCES = (
    ("items", "instrument_id", "instruments"),
    ("scales", "instrument_id", "instruments"),
    ("scale_items", "scale_id", "scales"),
    ("severity_bands", "scale_id", "scales"),
    ("norms", "scale_id", "scales"),
    ("thresholds", "scale_id", "scales"),
    ("change_rules", "scale_id", "scales"),
    ("missing_rules", "scale_id", "scales"),
    ("change_rules", "sd_norm_id", "norms"),
    ("change_rules", "clinical_norm_id", "norms"),
    ("change_rules", "functional_norm_id", "norms"),
    ("change_rules", "cutoff_threshold_id", "thresholds"),
)
# What these rows say is part of the meaning of a shipped definition, so a clinic may not add to it.
_FROZEN = (
    ("items", "instrument_id", "instruments", "an instrument"),
    ("scale_items", "scale_id", "scales", "a scale"),
)


def check_keys_and_references(entries: Entries, problems: Problems) -> None:
    """Every key once, every id that is used also defined, nothing shipped redefined."""
    frozen = {name for name, *_ in _FROZEN}
    for table in TABLES.values():
        seen: dict[tuple[str, ...], Entry] = {}
        for entry in entries[table.name]:
            if any(column not in entry.cells for column in table.key):
                continue
            # As checked, so that 1 and 01 are the same item.
            values = entry.cells | ({} if entry.row is None else _spelt(table, entry.row))
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


def check_structure(entries: Entries, problems: Problems) -> None:
    """Scales fit their items, bands cover their scale, defaults are single, rules fit their scale.

    Call it only when every row is well formed and every reference resolves.
    """
    scales = {row.scale_id: (entry, row) for entry, row in _rows(entries, "scales", Scale)}
    _check_items(entries, problems)
    _check_scales(entries, scales, problems)
    _check_bands(entries, scales, problems)
    _check_thresholds(entries, scales, problems)
    _check_change_rules(entries, problems)
    _check_missing_rules(entries, problems)


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


def _rows(entries: Entries, name: str, model: type[RowType]) -> list[tuple[Entry, RowType]]:
    return [(entry, entry.row) for entry in entries[name] if isinstance(entry.row, model)]


def _grouped(
    rows: Iterable[tuple[Entry, RowType]], key: Callable[[RowType], Key]
) -> dict[Key, list[tuple[Entry, RowType]]]:
    groups: dict[Key, list[tuple[Entry, RowType]]] = defaultdict(list)
    for entry, row in rows:
        groups[key(row)].append((entry, row))
    return groups


def _check_items(entries: Entries, problems: Problems) -> None:
    by_instrument = _grouped(_rows(entries, "items", InstrumentItem), lambda row: row.instrument_id)
    for rows in by_instrument.values():
        numbers = sorted(row.item for _, row in rows)
        if numbers != list(range(1, len(numbers) + 1)):
            what = "the items of an instrument are numbered 1, 2, 3 ... without a gap; renumber"
            problems.at(rows[-1][0], "item", what)
        codes: set[str] = set()
        for entry, row in rows:
            if row.loinc_code in codes:
                what = "another item of this instrument has the same code; keep it on one"
                problems.at(entry, "loinc_code", what)
            codes |= {row.loinc_code} if row.loinc_code else set()


def _check_scales(
    entries: Entries, scales: Mapping[str, tuple[Entry, Scale]], problems: Problems
) -> None:
    items = {
        (row.instrument_id, row.item): row for _, row in _rows(entries, "items", InstrumentItem)
    }
    members = _grouped(_rows(entries, "scale_items", ScaleItem), lambda row: row.scale_id)
    for scale_id, (entry, scale) in scales.items():
        mine = members.get(scale_id, [])
        unknown = [e for e, row in mine if (scale.instrument_id, row.item) not in items]
        for member in unknown:
            what = "the instrument of this scale has no such item; add it to items.csv or mend it"
            problems.at(member, "item", what)
        if scale.scoring_rule == "stated_only":
            for member, _ in mine:
                what = "a stated_only scale is not made of items; remove the row or change its rule"
                problems.at(member, "scale_id", what)
            continue
        if not mine:
            what = "no row of scale_items.csv belongs to it; list its items there, such as 1-24"
            problems.at(entry, "scale_id", what)
        grouped = scale.scoring_rule.endswith("_of_component_means")
        for member, row in mine:
            if grouped and row.component is None:
                problems.at(member, "component", "this scoring rule needs the group of each item")
            if not grouped and row.component is not None:
                problems.at(member, "component", "leave it empty; this scoring rule has no groups")
        if (scale.minimum_items_answered or 0) > len(mine):
            what = f"the scale has only {len(mine)} items; write at most that"
            problems.at(entry, "minimum_items_answered", what)
        if mine and not unknown:
            ranges = [(items[scale.instrument_id, row.item], row.component) for _, row in mine]
            _check_range(entry, scale, ranges, problems)


def _check_range(
    entry: Entry,
    scale: Scale,
    ranges: Sequence[tuple[InstrumentItem, str | None]],
    problems: Problems,
) -> None:
    """The stated range must be what the items give, or a stated total could be misjudged."""
    lowest = [(Decimal(item.response_minimum), component) for item, component in ranges]
    highest = [(Decimal(item.response_maximum), component) for item, component in ranges]
    for column, given, bound in (
        ("score_minimum", scale.score_minimum, lowest),
        ("score_maximum", scale.score_maximum, highest),
    ):
        expected = scale.multiplier * _combined(scale.scoring_rule, bound)
        if abs(given - expected) > Decimal("0.000001"):
            what = f"its items give {expected.normalize():f} by this scoring rule and multiplier"
            problems.at(entry, column, f"{what}; write that, or mend the items")


def _combined(rule: str, values: Sequence[tuple[Decimal, str | None]]) -> Decimal:
    groups: dict[str | None, list[Decimal]] = defaultdict(list)
    for value, component in values:
        groups[component].append(value)
    means = [sum(group, Decimal(0)) / len(group) for group in groups.values()]
    if rule == "sum":
        return sum((value for value, _ in values), Decimal(0))
    if rule == "mean":
        return sum((value for value, _ in values), Decimal(0)) / len(values)
    total = sum(means, Decimal(0))
    return total if rule == "sum_of_component_means" else total / len(means)


def _check_bands(
    entries: Entries, scales: Mapping[str, tuple[Entry, Scale]], problems: Problems
) -> None:
    sizes = {k: len(v) for k, v in _members(entries).items()}
    rows = _rows(entries, "severity_bands", SeverityBand)
    for (scale_id, _), bands in _grouped(rows, lambda row: (row.scale_id, row.band_set)).items():
        if len({entry.origin for entry, _ in bands}) > 1:
            what = "a set of bands that comes with Scout cannot be changed; name a set of your own"
            problems.at(bands[-1][0], "band_set", what)
            continue
        scale = scales[scale_id][1]
        # Between two neighbours no score can fall: sums move by the multiplier, means by 1/n.
        step = scale.multiplier
        if "mean" in scale.scoring_rule:
            step = scale.multiplier / sizes[scale_id]
        ordered = sorted(bands, key=lambda pair: pair[1].band_order)
        if [row.band_order for _, row in ordered] != list(range(1, len(ordered) + 1)):
            what = "the bands of a set are numbered 1, 2, 3 ... from the lowest score; renumber"
            problems.at(ordered[-1][0], "band_order", what)
        if len({row.is_default for _, row in ordered}) > 1:
            what = "all bands of one set are default or none is; write the same in each"
            problems.at(ordered[-1][0], "is_default", what)
        if ordered[0][1].score_minimum != scale.score_minimum:
            what = "the lowest band must start at the lowest score of the scale"
            problems.at(ordered[0][0], "score_minimum", what)
        if ordered[-1][1].score_maximum != scale.score_maximum:
            what = "the highest band must end at the highest score of the scale"
            problems.at(ordered[-1][0], "score_maximum", what)
        for (_, below), (entry, above) in pairwise(ordered):
            gap = above.score_minimum - below.score_maximum
            if not 0 < gap <= step:
                what = "the band must start at the next possible score after the band below"
                problems.at(entry, "score_minimum", what)
    defaults = {(row.scale_id, row.band_set): (entry, row) for entry, row in rows if row.is_default}
    _check_single_default(defaults.values(), lambda row: row.scale_id, "set of bands", problems)


def _members(entries: Entries) -> dict[str, list[tuple[Entry, ScaleItem]]]:
    return _grouped(_rows(entries, "scale_items", ScaleItem), lambda row: row.scale_id)


def _check_single_default(
    rows: Iterable[tuple[Entry, RowType]],
    key: Callable[[RowType], object],
    noun: str,
    problems: Problems,
) -> None:
    first: dict[tuple[str, object], Entry] = {}
    for entry, row in rows:
        # A clinic's own default takes the place of the shipped one (registry.frames).
        earlier = first.setdefault((entry.origin, key(row)), entry)
        if earlier is not entry:
            what = f"the scale already has a default {noun}, row {earlier.line} of {earlier.place}"
            problems.at(entry, "is_default", f"{what}; write false")


def _check_thresholds(
    entries: Entries, scales: Mapping[str, tuple[Entry, Scale]], problems: Problems
) -> None:
    rows = _rows(entries, "thresholds", Threshold)
    for entry, row in rows:
        scale = scales[row.scale_id][1]
        if row.threshold_kind == "caseness":
            if not scale.score_minimum <= row.value <= scale.score_maximum:
                what = "a cut-off must lie inside the score range of its scale; check the metric"
                problems.at(entry, "value", what)
            if (row.operator in (">=", ">")) == scale.is_higher_better:
                what = "the operator must point to the worse scores of this scale; turn it round"
                problems.at(entry, "operator", what)
        elif row.value > scale.score_maximum - scale.score_minimum:
            what = "a change cannot be larger than the score range; check the metric"
            problems.at(entry, "value", what)
    defaults = [(entry, row) for entry, row in rows if row.is_default]
    _check_single_default(
        defaults, lambda row: (row.scale_id, row.threshold_kind), "threshold of this kind", problems
    )


def _check_change_rules(entries: Entries, problems: Problems) -> None:
    norms = {row.norm_id: row for _, row in _rows(entries, "norms", Norm)}
    thresholds = {row.threshold_id: row for _, row in _rows(entries, "thresholds", Threshold)}
    rows = _rows(entries, "change_rules", ChangeRule)
    for entry, row in rows:
        for column, norm_id, needs_mean in (
            ("sd_norm_id", row.sd_norm_id, False),
            ("clinical_norm_id", row.clinical_norm_id, True),
            ("functional_norm_id", row.functional_norm_id, True),
        ):
            norm = norms.get(norm_id or "")
            if norm is None:
                continue
            if norm.scale_id != row.scale_id:
                problems.at(entry, column, "that norm is of another scale; choose one of this one")
            if norm.standard_deviation is None or (needs_mean and norm.mean is None):
                what = "that norm lacks the mean or standard deviation this rule needs; choose one"
                problems.at(entry, column, f"{what} that has it")
            if row.is_default and norm.status == "unconfirmed":
                problems.at(entry, column, "a default rule may not rest on an unconfirmed norm")
        cutoff = thresholds.get(row.cutoff_threshold_id or "")
        if cutoff is None:
            continue
        if cutoff.scale_id != row.scale_id or cutoff.threshold_kind != "caseness":
            what = "it must be a caseness threshold of the same scale; choose one"
            problems.at(entry, "cutoff_threshold_id", what)
        if row.is_default and cutoff.status == "unconfirmed":
            what = "a default rule may not rest on an unconfirmed threshold"
            problems.at(entry, "cutoff_threshold_id", what)
    defaults = [(entry, row) for entry, row in rows if row.is_default]
    _check_single_default(defaults, lambda row: row.scale_id, "change rule", problems)


def _check_missing_rules(entries: Entries, problems: Problems) -> None:
    sizes = {scale_id: len(rows) for scale_id, rows in _members(entries).items()}
    for entry, row in _rows(entries, "missing_rules", MissingRule):
        if (row.minimum_items_answered or 0) > sizes.get(row.scale_id, 0):
            what = f"the scale has only {sizes.get(row.scale_id, 0)} items; write at most that"
            problems.at(entry, "minimum_items_answered", what)
