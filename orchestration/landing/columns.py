"""Which column of a wide file means what: every template of a mapping spelt out.

What belongs here: blocks, slots, what the registry knows of them.
What does not: the header of an actual file (binding.py), SQL, values.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import Formatter

from orchestration.errors import SettingsError
from orchestration.landing.mapping import Mapping
from orchestration.landing.mapping_blocks import Instrument, Missing
from orchestration.landing.registry import Registry, plain_name

# `arm` describes the episode; every other attribute describes the client.
EPISODE_ATTRIBUTES = ("arm",)
_MOST_NAMED = 8


@dataclass(frozen=True)
class Block:
    """One instrument at one occasion of a wide line.

    Attributes:
        instrument_id: the registry's id.
        occasion: the label, or None where the line itself carries the occasion.
        order: position of the label in the mapping, from 0.
        day: days since first contact as text, a constant.
        day_column: or the column that holds them.
        date_column: the column that holds the date.
        timepoint: as the mapping states it.
    """

    instrument_id: str
    occasion: str | None = None
    order: int | None = None
    day: str | None = None
    day_column: str | None = None
    date_column: str | None = None
    timepoint: str | None = None


@dataclass(frozen=True)
class Slot:
    """One column of a wide file that holds an answer or a stated score.

    Attributes:
        block: index into :attr:`Wide.blocks`.
        table: item_responses or stated_scores.
        target: item (text of a whole number) or scale_id.
        column: the column's name.
        low: least value after the shift.
        high: greatest value after the shift.
        shift: stored minimum minus the registry's minimum.
        missing: codes that mean no answer in this column.
        is_fractional: an answer may lie between whole numbers.
    """

    block: int
    table: str
    target: str
    column: str
    low: float
    high: float
    shift: int = 0
    missing: tuple[str, ...] = ()
    is_fractional: bool = False


@dataclass(frozen=True)
class Wide:
    """A wide mapping with every template spelt out."""

    blocks: tuple[Block, ...]
    slots: tuple[Slot, ...]

    def columns(self, mapping: Mapping) -> dict[str, str]:
        """Every column the mapping needs -> the key that needs it."""
        needed = {
            column: key
            for key in ("client_id", "episode_id", "day", "occurred_on", "occasion")
            if (column := getattr(mapping, key)) is not None
        }
        needed |= {column: f"attributes.{name}" for name, column in mapping.attributes.items()}
        for block in self.blocks:
            for column in (block.day_column, block.date_column):
                if column:
                    needed.setdefault(column, f"instruments.{block.instrument_id}.occasions")
        for slot in self.slots:
            part = "items" if slot.table == "item_responses" else "stated"
            needed.setdefault(
                slot.column, f"instruments.{self.blocks[slot.block].instrument_id}.{part}"
            )
        return needed


def spell_out(mapping: Mapping, registry: Registry, place: str) -> Wide:
    """Every block and every column of a wide mapping.

    Raises:
        SettingsError: an instrument, item or scale that the registry does not know, or a template
            that does not fit.
    """
    blocks: list[Block] = []
    slots: list[Slot] = []
    codes = instrument_codes(mapping, registry, place)
    for name, instrument in mapping.instruments.items():
        key = f"{place}: key `instruments.{name}`"
        instrument_id = _instrument_id(name, registry, key)
        items = _items(registry, instrument_id)
        scales = _scales(registry, instrument_id)
        for order, block in enumerate(instrument.blocks):
            label, when = block or (None, None)
            day = when.day if when else None
            blocks.append(
                Block(
                    instrument_id=instrument_id,
                    occasion=label,
                    order=None if label is None else order,
                    day=_plain(day) if isinstance(day, float) else None,
                    # With several occasions on one line the line's own date is not theirs.
                    day_column=instrument.day or mapping.day
                    if when is None
                    else day
                    if isinstance(day, str)
                    else None,
                    date_column=instrument.occurred_on or mapping.occurred_on
                    if when is None
                    else when.occurred_on,
                    timepoint=when.timepoint if when else None,
                )
            )
            at = len(blocks) - 1
            slots += _item_slots(instrument, items, registry, instrument_id, label, at, key)
            slots += _score_slots(instrument, scales, label, at, key)
    twice = sorted({s.column for s in slots if sum(o.column == s.column for o in slots) > 1})
    if twice:
        raise SettingsError(
            f"{place}: column {listed(twice)} is mapped to two answers. Map it once."
        )
    told = mapping.missing_codes
    slots = [
        _with_codes(slot, told, codes.get(blocks[slot.block].instrument_id, ()), place)
        for slot in slots
    ]
    return Wide(tuple(blocks), tuple(slots))


def instrument_codes(
    mapping: Mapping, registry: Registry, place: str
) -> dict[str, tuple[str, ...]]:
    """instrument_id -> the codes for no answer that hold among its items alone.

    Raises:
        SettingsError: an instrument that the registry does not know.
    """
    return {
        _instrument_id(name, registry, f"{place}: key `missing.instruments.{name}`"): codes
        for name, codes in mapping.missing_codes.instruments.items()
    }


def _instrument_id(name: str, registry: Registry, key: str) -> str:
    instrument_id = registry.instrument_aliases.get(plain_name(name))
    if instrument_id is None:
        known = sorted(set(registry.instrument_aliases.values()))
        raise SettingsError(
            f"{key}: this instrument is not defined{_near(name, known)} "
            "Define it in instruments/instruments.csv, or correct the key."
        )
    return instrument_id


def _with_codes(slot: Slot, told: Missing, codes: tuple[str, ...], place: str) -> Slot:
    """The slot with its missing codes, none of which may be an answer unless its column says so."""
    general = told.everywhere + (codes if slot.table == "item_responses" else ())
    for code in general:
        if could_be_a_value(code, slot.low + slot.shift, slot.high + slot.shift):
            raise SettingsError(
                f"{place}: key `missing`: {code} could be a value of column {slot.column}. Declare "
                "it for the instruments or columns where it means missing, under "
                "`missing.instruments` or `missing.columns`."
            )
    return replace(slot, missing=general + told.columns.get(slot.column, ()))


def could_be_a_value(code: str, low: float, high: float) -> bool:
    """Whether a code for no answer lies within a range of answers."""
    try:
        return low <= float(code) <= high
    except ValueError:
        return False


def _plain(day: float) -> str:
    return str(int(day)) if day.is_integer() else str(day)


def _items(registry: Registry, instrument_id: str) -> dict[str, tuple[int, int, bool]]:
    rows = registry.item_ranges[registry.item_ranges["instrument_id"] == instrument_id]
    found = {
        str(row["item"]): (
            int(row["response_minimum"]),
            int(row["response_maximum"]),
            bool(row["is_fractional"]),
        )
        for row in rows.to_dict("records")
    }
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))


def _scales(registry: Registry, instrument_id: str) -> dict[str, tuple[float, float]]:
    rows = registry.scale_ranges[registry.scale_ranges["instrument_id"] == instrument_id]
    return {
        str(row["scale_id"]): (float(row["score_minimum"]), float(row["score_maximum"]))
        for row in rows.to_dict("records")
    }


def _item_slots(
    instrument: Instrument,
    ranges: dict[str, tuple[int, int, bool]],
    registry: Registry,
    instrument_id: str,
    label: str | None,
    block: int,
    key: str,
) -> list[Slot]:
    given = instrument.items
    if given is None:
        return []
    if not ranges:
        raise SettingsError(
            f"{key}.items: the registry holds no items for it; give `stated` instead."
        )
    if isinstance(given, str):
        if "item" not in _fields(given, f"{key}.items"):
            raise SettingsError(
                f"{key}.items: the template needs {{item}}, for example q{{item:02d}}."
            )
        columns = dict.fromkeys(ranges, given)
    elif isinstance(given, tuple):
        if len(given) != len(ranges):
            raise SettingsError(
                f"{key}.items: {len(given)} columns are listed and the instrument has "
                f"{len(ranges)} items."
                " List one column per item, in order."
            )
        columns = dict(zip(ranges, given, strict=True))
    else:
        columns = {}
        for code, column in given.items():
            item = registry.item_aliases.get((instrument_id, code.lower()))
            if item is None:
                raise SettingsError(f"{key}.items.{code}: the instrument has no such item.")
            columns[item] = column
    slots = []
    for item, column in columns.items():
        low, high, is_fractional = ranges[item]
        shift = 0 if instrument.stored_minimum is None else instrument.stored_minimum - low
        name = _filled(column, f"{key}.items", label, int(item))
        slots.append(
            Slot(
                block,
                "item_responses",
                item,
                name,
                low,
                high,
                shift,
                is_fractional=is_fractional,
            )
        )
    return slots


def _score_slots(
    instrument: Instrument,
    ranges: dict[str, tuple[float, float]],
    label: str | None,
    block: int,
    key: str,
) -> list[Slot]:
    slots = []
    for scale, columns in instrument.stated.items():
        if scale not in ranges:
            raise SettingsError(
                f"{key}.stated.{scale}: the instrument has no such "
                f"scale{_near(scale, list(ranges))}"
            )
        if isinstance(columns, dict):
            if label is None:
                raise SettingsError(
                    f"{key}.stated.{scale}: list these occasions under `occasions` too."
                )
            if label not in columns:
                continue
            name = columns[label]
        else:
            name = _filled(columns, f"{key}.stated.{scale}", label, None)
        slots.append(Slot(block, "stated_scores", scale, name, *ranges[scale]))
    return slots


def _fields(template: str, key: str) -> set[str]:
    try:
        fields = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
    except ValueError:
        fields = {"?"}
    if not fields <= {"item", "occasion"}:
        raise SettingsError(
            f"{key}: a template may hold {{item}}, {{item:02d}} and {{occasion}} only."
        )
    return fields


def _filled(template: str, key: str, label: str | None, item: int | None) -> str:
    fields = _fields(template, key)
    if "occasion" in fields and label is None:
        raise SettingsError(f"{key}: {{occasion}} needs the list `occasions` beside it.")
    if "item" in fields and item is None:
        raise SettingsError(f"{key}: a stated score has no {{item}}.")
    try:
        return template.format(item=item, occasion=label)
    except (ValueError, TypeError):
        raise SettingsError(f"{key}: write the number as {{item}} or {{item:02d}}.") from None


def listed(columns: Sequence[str]) -> str:
    """The first few names and how many more."""
    more = f" and {len(columns) - _MOST_NAMED} more" if len(columns) > _MOST_NAMED else ""
    return ", ".join(columns[:_MOST_NAMED]) + more


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean `{near[0]}`?" if near else "."
