"""Structure of the registry: scales fit their items, conversions fit their scales.

What belongs here: rules across the rows that say how scores are made.
What does not: keys and references (``keys``), what scores mean (``yardstick_rules``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from orchestration.landing.registry.entries import Entries, grouped, items_by_scale, rows_of
from orchestration.landing.registry.questionnaires import (
    Equivalence,
    InstrumentItem,
    ResponseLabel,
    Scale,
    ScoreConversion,
)
from orchestration.landing.registry.reading import Entry, Problems
from orchestration.landing.registry.values import plain_label

Scales = Mapping[str, tuple[Entry, Scale]]


def check_structure(entries: Entries, problems: Problems) -> None:
    """Items numbered, scales made of them within their range, lookups and equivalences sound.

    Call it only when every row is well formed and every reference resolves.
    """
    scales = {row.scale_id: (entry, row) for entry, row in rows_of(entries, "scales", Scale)}
    _check_items(entries, problems)
    _check_labels(entries, problems)
    _check_scales(entries, scales, problems)
    _check_conversions(entries, scales, problems)
    _check_equivalences(entries, scales, problems)


def _check_items(entries: Entries, problems: Problems) -> None:
    by_instrument = grouped(
        rows_of(entries, "items", InstrumentItem), lambda row: row.instrument_id
    )
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


def _check_labels(entries: Entries, problems: Problems) -> None:
    """A label stands for one answer that some item of its instrument allows."""
    ranges = grouped(rows_of(entries, "items", InstrumentItem), lambda row: row.instrument_id)
    meant: dict[tuple[str, str], int] = {}
    for entry, row in rows_of(entries, "response_labels", ResponseLabel):
        items = [item for _, item in ranges.get(row.instrument_id, [])]
        if not any(
            item.response_minimum <= row.response <= item.response_maximum for item in items
        ):
            what = "no item of the instrument allows this answer; mend the number"
            problems.at(entry, "response", what)
        key = (row.instrument_id, plain_label(row.label))
        if meant.setdefault(key, row.response) != row.response:
            what = "the instrument has this label for another answer already; keep one of the two"
            problems.at(entry, "label", what)


def _check_scales(entries: Entries, scales: Scales, problems: Problems) -> None:
    items = {
        (row.instrument_id, row.item): row for _, row in rows_of(entries, "items", InstrumentItem)
    }
    members = items_by_scale(entries)
    for scale_id, (entry, scale) in scales.items():
        mine = members.get(scale_id, [])
        unknown = [e for e, row in mine if (scale.instrument_id, row.item) not in items]
        for member in unknown:
            what = "the instrument of this scale has no such item; add it to items.csv or mend it"
            problems.at(member, "item", what)
        if scale.scoring_rule in ("stated_only", "lookup"):
            for member, _ in mine:
                what = f"a {scale.scoring_rule} scale is not made of items"
                problems.at(member, "scale_id", f"{what}; remove the row or change its rule")
            continue
        if not mine:
            what = "no row of scale_items.csv belongs to it; list its items there, such as 1-24"
            problems.at(entry, "scale_id", what)
        grouped_rule = scale.scoring_rule.endswith("_of_component_means")
        for member, row in mine:
            if grouped_rule and row.component is None:
                problems.at(member, "component", "this scoring rule needs the group of each item")
            if not grouped_rule and row.component is not None:
                problems.at(member, "component", "leave it empty; this scoring rule has no groups")
        item_count = len({row.item for _, row in mine})
        if not grouped_rule and item_count < len(mine):
            what = "an item enters this scale twice; keep one of the two rows"
            problems.at(mine[-1][0], "item", what)
        if (scale.minimum_items_answered or 0) > item_count:
            what = f"the scale has only {item_count} items; write at most that"
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


def _check_conversions(entries: Entries, scales: Scales, problems: Problems) -> None:
    """A lookup names a score for raw scores of one other scale of its instrument, within ranges."""
    rows = rows_of(entries, "score_conversions", ScoreConversion)
    tables = grouped(rows, lambda row: row.scale_id)
    for scale_id, (entry, scale) in scales.items():
        if scale.scoring_rule != "lookup":
            for member, _ in tables.get(scale_id, []):
                what = "this scale is not made by lookup; remove the row or change its rule"
                problems.at(member, "scale_id", what)
            continue
        raw = scales[scale.converted_from or scale_id][1]
        if raw.instrument_id != scale.instrument_id or raw.scoring_rule == "lookup":
            what = "name a scale of the same instrument that is scored from items or stated"
            problems.at(entry, "converted_from", what)
        if scale_id not in tables:
            what = "no row of score_conversions.csv belongs to it; write the published table there"
            problems.at(entry, "scale_id", what)
        for member, row in tables.get(scale_id, []):
            for column, value, of in (
                ("raw_score", row.raw_score, raw),
                ("converted_score", row.converted_score, scale),
            ):
                if not of.score_minimum <= value <= of.score_maximum:
                    what = f"it lies outside the range of {of.scale_id}; check the table"
                    problems.at(member, column, what)


def _check_equivalences(entries: Entries, scales: Scales, problems: Problems) -> None:
    for entry, row in rows_of(entries, "equivalences", Equivalence):
        if row.crosswalk_scale_id and scales[row.crosswalk_scale_id][1].scoring_rule != "lookup":
            what = "a crosswalk is a scale made by lookup; name one, or write not_linked"
            problems.at(entry, "crosswalk_scale_id", what)
