"""Which column of a wide file means what: every template of a mapping spelt out.

What belongs here: blocks, slots, what the registry knows of them.
What does not: the header of an actual file (binding.py), SQL, values.
"""

from dataclasses import replace

from orchestration.errors import SettingsError
from orchestration.landing.mapping import Mapping
from orchestration.landing.mapping_blocks import Missing
from orchestration.landing.registry import Registry, plain_name
from orchestration.landing.templates import (
    item_slots,
    items_of,
    listed,
    near,
    scales_of,
    score_slots,
)
from orchestration.landing.wide import Block, Slot, Wide

# `arm` describes the episode; every other attribute describes the client.
EPISODE_ATTRIBUTES = ("arm",)


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
        items = items_of(registry, instrument_id)
        scales = scales_of(registry, instrument_id)
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
            slots += item_slots(instrument, items, registry, instrument_id, label, at, key)
            slots += score_slots(instrument, scales, label, at, key)
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
            f"{key}: this instrument is not defined{near(name, known)} "
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
