"""From profiles of columns to a proposal.

What belongs here: the order in which questions are asked of the columns, and what remains.
What does not: any single question (items.py, totals.py, roles.py, shapes.py).
"""

from collections.abc import Mapping, Sequence

from orchestration.proposing.items import find_items, words_of
from orchestration.proposing.known import Questionnaire
from orchestration.proposing.long_tables import long_shape
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Block, Certainty, Proposal, Reason, Role, Stated
from orchestration.proposing.roles import find_client, find_others, find_times
from orchestration.proposing.shapes import Shape, shape_of
from orchestration.proposing.totals import find_totals

# Formats that know a line's client and time by themselves.
_KNOWS_CLIENT = ("redcap",)
_CLIENT_MISSING = "`client_id`: name the column that holds the client's pseudonym."


def propose(
    columns: Sequence[Column],
    known: Sequence[Questionnaire],
    file_stem: str,
    settings: Sequence[tuple[str, object, Reason]] = (),
    shape: Shape | None = None,
) -> Proposal:
    """What ``source.yml`` could say of a table.

    Args:
        columns: the profiles, in the order of the file.
        known: the registry's instruments.
        file_stem: the file's name without its ending: it may name an instrument.
        settings: keys of the mapping that were needed to read the file at all.
        shape: what the file is, where its bytes have told already.

    Returns:
        The proposal; each column is placed, known to the format, named in something open, or
        unplaced.
    """
    by_name = {column.name: column for column in columns}
    found = shape or shape_of(by_name)
    if found.format == "wide" or found.reason.certainty is Certainty.OPEN:
        found = long_shape(by_name, known) or found
    settings = (*settings, *found.settings)
    if found.format in ("tidy", "renamed"):
        return _tidy(found, by_name, settings)
    if found.format == "coded":
        return _coded(found, by_name, settings)
    rest = {name: column for name, column in by_name.items() if name not in found.known}
    roles: list[Role] = []
    client = find_client(rest) or _first(found, by_name)
    if client is not None:
        roles.append(client)
        rest.pop(client.column, None)
    blocks, left = find_items(rest, known, words_of(file_stem))
    rest = _without(rest, [name for block in blocks for name in block.columns])
    rest = _without(rest, [name for _, names in left for name in names])
    stated, more = find_totals(rest, known)
    left += more
    rest = _without(rest, [name for one in stated for name in one.placed])
    rest = _without(rest, [name for _, names in more for name in names])
    times, dates = find_times(rest)
    left += [(reason, (name,)) for reason, name in dates]
    roles += times
    rest = _without(rest, [role.column for role in times] + [name for _, name in dates])
    others = find_others(rest, ())
    roles += others
    rest = _without(rest, [role.column for role in others])
    stated, clashes = _one_set_of_occasions(blocks, stated)
    fill = [*found.to_fill, *_to_fill(found, client, times, blocks, stated)]
    return Proposal(
        found.format,
        found.reason,
        tuple(settings),
        tuple(roles),
        tuple(blocks),
        tuple(stated),
        tuple(reason for reason, _ in (*left, *clashes)),
        {name: column.described() for name, column in rest.items()},
        tuple(fill),
    )


def _first(found: Shape, columns: Mapping[str, Column]) -> Role | None:
    """A REDCap export's first column is the record's id, whatever it is called."""
    if found.format not in _KNOWS_CLIENT or not columns:
        return None
    name = next(iter(columns))
    why = f"{name}: the first column of a REDCap export is the record's id"
    return Role("client_id", name, Reason(Certainty.LIKELY, why))


def _tidy(
    found: Shape, columns: Mapping[str, Column], settings: Sequence[tuple[str, object, Reason]]
) -> Proposal:
    rest = {n: c.described() for n, c in columns.items() if n not in found.known}
    return Proposal(
        found.format, found.reason, tuple(settings), unplaced=rest, to_fill=tuple(found.to_fill)
    )


def _coded(
    found: Shape, columns: Mapping[str, Column], settings: Sequence[tuple[str, object, Reason]]
) -> Proposal:
    """Whose a coded value is and when it was taken; the rest is left to the analyst."""
    rest = _without(columns, list(found.known))
    client = find_client(rest)
    times, dates = find_times(rest)
    roles = [*([client] if client is not None else []), *times]
    rest = _without(rest, [role.column for role in roles])
    fill = [] if client is not None else [_CLIENT_MISSING]
    fill += [] if times else ["`occurred_on`, `day` or `occasion`: name the column of the time."]
    return Proposal(
        found.format,
        found.reason,
        tuple(settings),
        tuple(roles),
        open=tuple(reason for reason, _ in dates),
        unplaced={name: column.described() for name, column in rest.items()},
        to_fill=tuple(fill),
    )


def _without(columns: Mapping[str, Column], names: Sequence[str]) -> dict[str, Column]:
    gone = set(names)
    return {name: column for name, column in columns.items() if name not in gone}


def _one_set_of_occasions(
    blocks: Sequence[Block], stated: Sequence[Stated]
) -> tuple[list[Stated], list[tuple[Reason, tuple[str, ...]]]]:
    """Stated scores whose occasions are those of the items, or of the instrument's first scale."""
    kept: list[Stated] = []
    left: list[tuple[Reason, tuple[str, ...]]] = []
    labels = {block.instrument_id: block.occasions for block in blocks}
    for one in stated:
        mine = labels.setdefault(one.instrument_id, one.occasions)
        if set(mine) == set(one.occasions):
            kept.append(one)
            continue
        why = (
            f"{', '.join(one.placed)}: {one.scale_id}, but its occasions are not those of "
            f"{one.instrument_id}'s other columns"
        )
        left.append((Reason(Certainty.OPEN, why), one.placed))
    return kept, left


def _to_fill(
    found: Shape,
    client: Role | None,
    times: Sequence[Role],
    blocks: Sequence[Block],
    stated: Sequence[Stated],
) -> list[str]:
    fill = []
    if client is None:
        fill.append(_CLIENT_MISSING)
    if not blocks and not stated:
        fill.append(
            "`instruments`: nothing in this file is surely a questionnaire of the registry; "
            "`scout instruments` lists them, and instruments/ takes your own."
        )
    placed: list[Block | Stated] = [*blocks, *stated]
    untimed = [one for one in placed if not one.occasions]
    knows_time = found.format in _KNOWS_CLIENT
    if untimed and not times and not knows_time:
        fill.append(
            "`occurred_on`, `day` or `occasion`: name the column that says when a line was filled "
            "in; if all lines are of one moment, give the instrument `occasions: [baseline]`."
        )
    return fill
