"""The shapes of a proposal: what is placed, how sure, why, and what is left to the analyst.

What belongs here: plain data. What does not: how it was found (the other modules) or written
(writing.py).
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Certainty(StrEnum):
    """How much speaks for a line.

    ``sure``: name, number and values agree and nothing else fits. ``likely``: written into the
    mapping, to be looked at. ``open``: left out of the mapping; the candidates are named.
    """

    SURE = "sure"
    LIKELY = "likely"
    OPEN = "open"


@dataclass(frozen=True)
class Reason:
    """One finding in words.

    Attributes:
        certainty: how sure.
        text: why; names of columns, counts and ranges of the registry, never a value.
    """

    certainty: Certainty
    text: str


@dataclass(frozen=True)
class Block:
    """The items of one instrument.

    Attributes:
        instrument_id: the registry's id.
        items: a template, the columns in order, or item -> column.
        columns: every column it places.
        occasions: the labels, where one line holds several forms.
        stored_minimum: as ``source.yml`` has it; None where the registry's own holds.
        reason: how sure and why.
    """

    instrument_id: str
    items: str | tuple[str, ...] | dict[str, str]
    columns: tuple[str, ...]
    occasions: tuple[str, ...]
    stored_minimum: int | None
    reason: Reason


@dataclass(frozen=True)
class Stated:
    """The stated scores of one scale.

    Attributes:
        instrument_id: the registry's id.
        scale_id: the registry's id.
        columns: a column, a template with ``{occasion}``, or occasion -> column.
        placed: every column it places.
        occasions: the labels.
        reason: how sure and why.
    """

    instrument_id: str
    scale_id: str
    columns: str | dict[str, str]
    placed: tuple[str, ...]
    occasions: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True)
class Role:
    """A column that says whose a line is, when it was, or what else is known of the client.

    Attributes:
        key: of ``source.yml``, such as ``client_id`` or ``attributes.arm``.
        column: the column.
        reason: how sure and why.
    """

    key: str
    column: str
    reason: Reason


@dataclass(frozen=True)
class Proposal:
    """What ``source.yml`` could say.

    Attributes:
        format: value of ``format``.
        shape: how sure of the format, and why.
        settings: further keys of the mapping, with the reason of each.
        roles: client, time and attributes.
        blocks: items.
        stated: stated scores.
        open: what could be several things, or is called what it does not look like; the columns
            and the candidates are named.
        unplaced: column that nothing else names -> what may be said of it.
        to_fill: what the analyst must write, in sentences.
    """

    format: str
    shape: Reason
    settings: tuple[tuple[str, object, Reason], ...] = ()
    roles: tuple[Role, ...] = ()
    blocks: tuple[Block, ...] = ()
    stated: tuple[Stated, ...] = ()
    open: tuple[Reason, ...] = ()
    unplaced: dict[str, str] = field(default_factory=dict)
    to_fill: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to the analyst but a look."""
        return not (self.open or self.unplaced or self.to_fill)
