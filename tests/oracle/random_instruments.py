"""Random instruments: items, keys, scales, norms, thresholds and rules a clinic could define.

What belongs here: registry rows as text, valid together, in every shape scoring and change know.
What does not: forms (``random_clinics``), any claim (``test_*``).
"""

from collections.abc import Iterable
from random import Random

LocalRows = dict[str, list[dict[str, str]]]

CONTENTS = ("explicit", "implicit", "none")


def instrument(chance: Random, name: str, role: str) -> LocalRows:
    """One instrument with up to three scales, each with its own rule, norms and change rule."""
    rows: LocalRows = {
        "instruments": [{"instrument_id": name, "role": role, "instrument_name": name}]
    }
    minimum = chance.randint(0, 1)
    maximum = minimum + chance.randint(1, 4)
    item_count = chance.randint(0, 5)
    for item in range(1, item_count + 1):
        ends = {"response_minimum": str(minimum), "response_maximum": str(maximum)}
        _add(rows, "items", {"instrument_id": name, "item": str(item)} | ends)
    kinds = ["total", "half", "subscale"][: chance.randint(1, 3) if item_count else 1]
    for kind in kinds:
        _add_scale(chance, rows, name, kind, item_count)
        _add_rules(chance, rows, f"{name}_{kind}", [minimum, maximum, item_count * maximum])
    if chance.random() < 0.5:
        _add_lookup(chance, rows, name)
        _add_rules(chance, rows, f"{name}_lookup", [minimum, maximum, item_count * maximum])
    return rows


def _add_lookup(chance: Random, rows: LocalRows, name: str) -> None:
    """A scale read from a table by the total's score; the table has gaps."""
    scale = {
        "scale_id": f"{name}_lookup",
        "instrument_id": name,
        "scale_name": f"{name}_lookup",
        "scale_kind": "variant",
        "is_primary": "false",
        "is_higher_better": chance.choice(("true", "false")),
        "scoring_rule": "lookup",
        "converted_from": f"{name}_total",
        "scoring_variant": "lookup",
        "multiplier": "1",
        "missing_rule": "none",
        "minimum_items_answered": "",
    }
    _add(rows, "scales", scale)
    for raw_score in range(-2, 12):
        if chance.random() < 0.8:
            line = {"raw_score": str(raw_score), "converted_score": str(chance.randint(0, 9))}
            _add(rows, "score_conversions", {"scale_id": f"{name}_lookup"} | line)


def _add_scale(chance: Random, rows: LocalRows, name: str, kind: str, item_count: int) -> None:
    scale_id = f"{name}_{kind}"
    rules = ("sum", "mean", "mean_of_component_means", "sum_of_component_means")
    rule = chance.choice(rules) if item_count else "stated_only"
    members = list(range(1, item_count + 1))
    if kind != "total":
        members = members[chance.randint(0, item_count - 1) :]
    for item in members:
        component = chance.choice("xyz") if rule.endswith("component_means") else ""
        is_reversed = chance.choice(("true", "false"))
        part = {"is_reversed": is_reversed, "component": component}
        _add(rows, "scale_items", {"scale_id": scale_id, "item": str(item)} | part)
        if component and chance.random() < 0.2:
            again = part | {"component": chance.choice("xyz".replace(component, ""))}
            _add(rows, "scale_items", {"scale_id": scale_id, "item": str(item)} | again)

    def missing_rule() -> dict[str, str]:
        if not members or chance.random() < 0.4:
            return {"missing_rule": "none", "minimum_items_answered": ""}
        fewest = str(chance.randint(1, len(members)))
        return {"missing_rule": "mean_of_answered", "minimum_items_answered": fewest}

    scale = {
        "scale_id": scale_id,
        "instrument_id": name,
        "scale_name": scale_id,
        "scale_kind": kind,
        "is_primary": str(kind == "total").lower(),
        "is_higher_better": chance.choice(("true", "false")),
        "scoring_rule": rule,
        "scoring_variant": rule,
        "multiplier": chance.choice(("1", "2")),
    }
    _add(rows, "scales", scale | missing_rule())
    if chance.random() < 0.5:
        _add(rows, "missing_rules", {"scale_id": scale_id} | missing_rule())


def _add_rules(chance: Random, rows: LocalRows, scale_id: str, values: list[int]) -> None:
    """Norms, a threshold, bands, and the rule that change on the scale is judged by."""
    numbers = [*map(str, values), "1.5", "3"]
    for norm in ("clinical", "functional"):
        norm_row = {"norm_id": f"{scale_id}_{norm}", "scale_id": scale_id}
        mean = chance.choice(["", *numbers])
        deviation = chance.choice(("", "0.25", "0.25", "0.5", "1"))
        _add(rows, "norms", norm_row | {"mean": mean, "standard_deviation": deviation})
    operator, value = chance.choice((">=", ">", "<=", "<")), chance.choice(numbers)
    for default in ("true", "false"):
        threshold = {
            "threshold_id": f"{scale_id}_case_{default}",
            "scale_id": scale_id,
            "threshold_kind": "caseness",
            "operator": operator if default == "true" else ">=",
            "value": value if default == "true" else "1",
            "is_default": default,
        }
        _add(rows, "thresholds", threshold)
    edge = chance.randint(1, 4)
    for order, (label, low, high) in enumerate((("low", -99, edge - 1), ("high", edge, 99))):
        band = {"scale_id": scale_id, "band_set": "b", "band_order": str(order), "label": label}
        ends = {"score_minimum": str(low), "score_maximum": str(high), "is_default": "true"}
        ends |= {"status": "confirmed"}
        _add(rows, "severity_bands", band | ends)
    for default in chance.choice((("true", "false"), ("true",), ("true",), ("false",))):
        own_or_not = ("clinic_baseline", "published")
        change_rule = {
            "change_rule_id": f"{scale_id}_rule_{default}",
            "scale_id": scale_id,
            "rule_set": "local",
            "method": "jacobson_truax",
            "sd_source": chance.choice(own_or_not),
            "sd_norm_id": f"{scale_id}_clinical",
            "reliability": chance.choice(("0.5", "0.8", "0.93")),
            "cutoff_kind": chance.choice(("a", "b", "c", "threshold", "none")),
            "clinical_source": chance.choice(own_or_not),
            "clinical_norm_id": f"{scale_id}_clinical",
            "functional_norm_id": f"{scale_id}_functional",
            "cutoff_threshold_id": f"{scale_id}_case_true",
            "is_default": default,
        }
        _add(rows, "change_rules", change_rule)


def _add(rows: LocalRows, table: str, row: dict[str, str]) -> None:
    rows.setdefault(table, []).append(row)


def together(parts: Iterable[LocalRows]) -> LocalRows:
    """Several instruments and two programs as one set of definitions."""
    rows: LocalRows = {
        "programs": [
            {"program_id": f"program_{content}", "self_compassion_content": content}
            for content in CONTENTS[:2]
        ]
    }
    for part in parts:
        for table, more in part.items():
            rows.setdefault(table, []).extend(more)
    return rows
