"""Several names that differ in one place become one template.

What belongs here: finding the place. What does not: what the difference means.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Coarse first: `bdi_s0` and `bdi_fu1` differ in a word, not in `s0` without its `s`; but
# `depr1i3` and `depr2i3` are words with a number inside.
_CUTS = (r"[^\W_]+|[\W_]", r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|.")
MARK = "\0"


@dataclass(frozen=True)
class Template:
    """A template and what filled its place.

    Attributes:
        text: with ``{occasion}`` where the names differ, braces doubled.
        labels: what stood there, in the order of the names.
    """

    text: str
    labels: tuple[str, ...]


def common_template(names: Sequence[str]) -> Template | None:
    """The template of names that differ in one place and have something different in each.

    Args:
        names: at least two; each may hold one ``MARK``, which must not be part of the difference.
    """
    coarse, fine = (_differing(names, cut) for cut in _CUTS)
    if coarse is not None and all(len(re.findall(_CUTS[1], x)) <= 2 for x in coarse.labels):
        return coarse
    return fine or coarse


def _differing(names: Sequence[str], cut: str) -> Template | None:
    parts = [re.findall(f"{MARK}|{cut}", name, re.DOTALL) for name in names]
    first = _shared(parts)
    last = _shared([part[first:][::-1] for part in parts])
    middles = tuple("".join(part[first : len(part) - last]) for part in parts)
    is_clean = all(middles) and not any(MARK in one for one in middles)
    if not is_clean or len(set(middles)) < len(names):
        return None
    before = "".join(parts[0][:first])
    after = "".join(parts[0][len(parts[0]) - last :])
    return Template(f"{braced(before)}{{occasion}}{braced(after)}", middles)


def braced(text: str) -> str:
    """A text as a template has it."""
    return text.replace("{", "{{").replace("}", "}}")


def _shared(parts: Sequence[Sequence[str]]) -> int:
    count = 0
    for column in zip(*parts, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count
