"""A proposal as the text of a ``source.yml``, each line with its reason above it.

What belongs here: YAML and comments. What does not: what is proposed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from orchestration.landing.registry import plain_name
from orchestration.proposing.proposal import Block, Certainty, Proposal, Reason, Stated
from orchestration.proposing.vocabulary import TIMEPOINTS

_WIDTH = 98
_MOST_ALIKE = 4


def as_yaml(proposal: Proposal, file_name: str, warnings: Sequence[str] = ()) -> str:
    """The text of the file.

    Args:
        proposal: what to write.
        file_name: the file it was made from.
        warnings: sentences about columns that look identifying.

    Returns:
        YAML that ``parse_mapping`` takes if the proposal says what it must; what is left to the
        analyst stands in comments that begin with ``fill in``, ``open`` or ``unplaced``.
    """
    lines = _comment(f"Proposed by `scout map` from {file_name}. Look at every line before a run.")
    for warning in warnings:
        lines += _comment(f"identifying: {warning}")
    for sentence in proposal.to_fill:
        lines += _comment(f"fill in: {sentence}")
    lines += [*_reason(proposal.shape), f"format: {proposal.format}"]
    if proposal.format not in ("tidy", "fhir"):
        lines += _comment("fill in, if you like: program_id, the program these clients were in")
    for key, value, reason in proposal.settings:
        lines += [*_reason(reason), f"{key}: {_flow(value)}"]
    attributes = []
    for role in proposal.roles:
        if role.key.startswith("attributes."):
            attributes.append(role)
            continue
        lines += [*_reason(role.reason), f"{role.key}: {_flow(role.column)}"]
    lines += _instruments(proposal)
    if attributes:
        lines.append("attributes:")
        for role in attributes:
            key = role.key.removeprefix("attributes.")
            lines += [*_reason(role.reason, "  "), f"  {key}: {_flow(role.column)}"]
    for reason in proposal.open:
        lines += _comment(f"open: {reason.text}")
    lines += _unplaced(proposal.unplaced)
    return "\n".join(lines) + "\n"


def _unplaced(columns: Mapping[str, str]) -> list[str]:
    """The columns that nothing placed; many that begin alike share a line."""
    if not columns:
        return []
    alike: dict[str, list[str]] = {}
    for name in columns:
        first = re.match(r"[^\W\d_]+", name)
        alike.setdefault(first.group() if first else name, []).append(name)
    lines = _comment("Map each of these, or list it under `ignore` if nobody needs it:")
    for start, names in alike.items():
        if len(names) > _MOST_ALIKE:
            told = f"{len(names)} columns from {names[0]} to {names[-1]}; ignored by"
            lines.append(f"# unplaced: {told} {_flow(f'{start}*')}")
        else:
            lines += [f"# unplaced: {_flow(name)} ({columns[name]})" for name in names]
    return lines


def values_of(proposal: Proposal) -> dict[str, Any]:
    """The mapping as ``parse_mapping`` takes it."""
    values: dict[str, Any] = {"format": proposal.format}
    values |= {key: value for key, value, _ in proposal.settings}
    for role in proposal.roles:
        if role.key.startswith("attributes."):
            values.setdefault("attributes", {})[role.key.removeprefix("attributes.")] = role.column
        else:
            values[role.key] = role.column
    if instruments := {name: block for name, block, _ in _blocks(proposal)}:
        values["instruments"] = instruments
    return values


def _instruments(proposal: Proposal) -> list[str]:
    lines = []
    for name, block, reasons in _blocks(proposal):
        lines += [line for reason in reasons for line in _reason(reason, "  ")]
        lines.append(f"  {_flow(name)}:")
        lines += [f"    {key}: {_flow(value)}" for key, value in block.items()]
    return ["instruments:", *lines] if lines else []


def _blocks(proposal: Proposal) -> list[tuple[str, dict[str, Any], list[Reason]]]:
    """Each instrument's block and the reasons for it."""
    found: dict[str, tuple[dict[str, Any], list[Reason]]] = {}
    placed: list[Block | Stated] = [*proposal.blocks, *proposal.stated]
    for one in placed:
        block, reasons = found.setdefault(one.instrument_id, ({}, []))
        reasons.append(one.reason)
        if isinstance(one, Block):
            items = list(one.items) if isinstance(one.items, tuple) else one.items
            block["items"] = items
            if one.stored_minimum is not None:
                block["stored_minimum"] = one.stored_minimum
        else:
            block.setdefault("stated", {})[one.scale_id] = one.columns
        if one.occasions and "occasions" not in block:
            block["occasions"] = _occasions(one.occasions)
    return [(name, block, reasons) for name, (block, reasons) in found.items()]


def _occasions(labels: Sequence[str]) -> list[str] | dict[str, Any]:
    """The labels, with the moment of care where the words say it."""
    moments = {
        label: next((p for p, words in TIMEPOINTS.items() if plain_name(label) in words), None)
        for label in labels
    }
    if not any(moments.values()):
        return list(labels)
    return {label: {"timepoint": point} if point else None for label, point in moments.items()}


def _reason(reason: Reason, indent: str = "") -> list[str]:
    name = reason.certainty.value
    check = ": look at it" if reason.certainty is Certainty.LIKELY else ""
    return _comment(f"{name}{check}: {reason.text}", indent)


def _comment(text: str, indent: str = "") -> list[str]:
    lines, line = [], f"{indent}#"
    for word in text.split():
        if len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = f"{indent}#  "
        line += f" {word}"
    return [*lines, line]


def _flow(value: object) -> str:
    text = yaml.safe_dump(
        value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False
    )
    return text.removesuffix("...\n").strip()
