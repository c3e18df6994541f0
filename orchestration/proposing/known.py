"""The registry as recognising needs it: names, items with their ranges, scales, codes.

What belongs here: turning the registry into that shape, and asking which instrument a name means.
What does not: columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.registry import Registry, plain_name

_SHORTEST_LOOSE = 3


@dataclass(frozen=True)
class Scale:
    """One scale of an instrument.

    Attributes:
        scale_id: the registry's id.
        is_total: whether ``total`` without more means it.
        words: words that tell it from the instrument's other scales, lower case.
        low: the least score.
        high: the greatest.
        code: its LOINC code, or None.
    """

    scale_id: str
    is_total: bool
    words: frozenset[str]
    low: float
    high: float
    code: str | None


@dataclass(frozen=True)
class Questionnaire:
    """One instrument.

    Attributes:
        instrument_id: the registry's id.
        names: everything it is called, reduced by ``plain_name``.
        loose: names without the digits at their end: others may share them.
        items: item number -> (least, greatest answer).
        codes: LOINC code of an item -> item number.
        scales: its scales.
        labels: answers in words that the registry knows, lower case.
        fractional: items whose answers may lie between whole numbers.
    """

    instrument_id: str
    names: frozenset[str]
    loose: frozenset[str]
    items: dict[int, tuple[int, int]]
    codes: dict[str, int]
    scales: tuple[Scale, ...]
    labels: frozenset[str]
    fractional: frozenset[int] = frozenset()

    @property
    def total(self) -> Scale | None:
        """The one scale that `total` means, if there is one."""
        found = [scale for scale in self.scales if scale.is_total]
        return found[0] if len(found) == 1 else None

    @property
    def answers(self) -> str:
        """The range of its answers, for a person."""
        ranges = sorted(set(self.items.values()))
        return f"{ranges[0][0]}-{ranges[0][1]}" if len(ranges) == 1 else "its items' ranges"


def questionnaires(registry: Registry) -> tuple[Questionnaire, ...]:
    """Every instrument of the registry, ordered by id."""
    names: dict[str, set[str]] = {}
    for spelling, instrument in registry.instrument_aliases.items():
        names.setdefault(instrument, set()).add(spelling)
    labels: dict[str, set[str]] = {}
    for instrument, label in registry.response_labels:
        labels.setdefault(instrument, set()).add(label.lower())
    items = registry.frames["items"].to_dict("records")
    scales = registry.frames["scales"].to_dict("records")
    found = []
    for instrument in sorted(names):
        mine = [row for row in items if row["instrument_id"] == instrument]
        loose = {re.sub(r"[0-9]+$", "", name) for name in names[instrument]}
        found.append(
            Questionnaire(
                instrument,
                frozenset(names[instrument]),
                frozenset(n for n in loose - names[instrument] if len(n) >= _SHORTEST_LOOSE),
                {
                    int(row["item"]): (int(row["response_minimum"]), int(row["response_maximum"]))
                    for row in mine
                },
                {
                    str(row["loinc_code"]).lower(): int(row["item"])
                    for row in mine
                    if isinstance(row["loinc_code"], str)
                },
                _scales(instrument, [row for row in scales if row["instrument_id"] == instrument]),
                frozenset(labels.get(instrument, ())),
                frozenset(int(row["item"]) for row in mine if row["is_fractional"] == "true"),
            )
        )
    return tuple(found)


def _scales(instrument: str, rows: Sequence[dict[str, object]]) -> tuple[Scale, ...]:
    totals = [row for row in rows if row["scale_kind"] == "total"]
    chosen = totals if len(totals) == 1 else [r for r in totals if r["is_primary"] == "true"]
    if not totals and len(rows) == 1:
        chosen = list(rows)
    return tuple(
        Scale(
            str(row["scale_id"]),
            row in chosen,
            frozenset(_words(str(row["scale_id"]).removeprefix(instrument)) - {"total"}),
            float(str(row["score_minimum"])),
            float(str(row["score_maximum"])),
            str(row["loinc_code"]).lower() if isinstance(row["loinc_code"], str) else None,
        )
        for row in rows
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def called(name: str, known: Sequence[Questionnaire]) -> list[Questionnaire]:
    """The instruments that a plain name means exactly: one, or none."""
    return [one for one in known if name in one.names]


def nearly_called(name: str, known: Sequence[Questionnaire]) -> list[Questionnaire]:
    """The instruments whose names are this one and a number, or this one and more."""
    return [
        one
        for one in known
        if name in one.loose
        or (len(name) >= _SHORTEST_LOOSE and plain_name(one.instrument_id).startswith(name))
    ]
