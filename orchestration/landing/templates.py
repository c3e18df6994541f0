"""The columns of one block: every template of an instrument spelt out.

What belongs here: items and scales of the registry matched with the columns that a mapping gives.
What does not: occasions and missing codes (columns.py), the header of an actual file.
"""

import difflib
from collections.abc import Sequence
from string import Formatter

from orchestration.errors import SettingsError
from orchestration.landing.mapping_blocks import Instrument
from orchestration.landing.registry import Registry
from orchestration.landing.wide import Slot

_MOST_NAMED = 8


def items_of(registry: Registry, instrument_id: str) -> dict[str, tuple[int, int, bool]]:
    """Item -> (least answer, greatest answer, whether fractions are allowed)."""
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


def scales_of(registry: Registry, instrument_id: str) -> dict[str, tuple[float, float]]:
    """scale_id -> (least score, greatest score)."""
    rows = registry.scale_ranges[registry.scale_ranges["instrument_id"] == instrument_id]
    return {
        str(row["scale_id"]): (float(row["score_minimum"]), float(row["score_maximum"]))
        for row in rows.to_dict("records")
    }


def item_slots(
    instrument: Instrument,
    ranges: dict[str, tuple[int, int, bool]],
    registry: Registry,
    instrument_id: str,
    label: str | None,
    block: int,
    key: str,
) -> list[Slot]:
    """The columns of one block's answers.

    Raises:
        SettingsError: a template that does not fit the items.
    """
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


def score_slots(
    instrument: Instrument,
    ranges: dict[str, tuple[float, float]],
    label: str | None,
    block: int,
    key: str,
) -> list[Slot]:
    """The columns of one block's stated scores.

    Raises:
        SettingsError: a scale or an occasion that does not fit.
    """
    slots = []
    for scale, columns in instrument.stated.items():
        if scale not in ranges:
            raise SettingsError(
                f"{key}.stated.{scale}: the instrument has no such scale{near(scale, list(ranges))}"
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


def near(name: str, known: Sequence[str]) -> str:
    """A hint at the known name that is nearest to a wrong one."""
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean `{near[0]}`?" if near else "."
