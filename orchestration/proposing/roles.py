"""Whose a line is, when it was, and what else it says of the client.

What belongs here: words that exports use for the client, for time and for groups, and what the
values under them must look like.
What does not: questionnaires.
"""

from collections.abc import Mapping, Sequence

from orchestration.landing.registry import plain_name
from orchestration.proposing.names import pieces
from orchestration.proposing.profiles import Column
from orchestration.proposing.proposal import Certainty, Reason, Role
from orchestration.proposing.vocabulary import (
    ATTRIBUTES,
    BIRTH,
    CLIENT,
    DATE,
    DAY,
    EPISODE,
    OCCASION,
)

_MOST_OCCASIONS = 60
_MOST_GROUPS = 12


def find_client(columns: Mapping[str, Column]) -> Role | None:
    """The column that holds the pseudonym."""
    ranked = sorted(
        (CLIENT.index(plain_name(name)), name)
        for name, column in columns.items()
        if plain_name(name) in CLIENT and column.filled == column.rows and column.distinct > 1
    )
    if not ranked:
        return None
    name = ranked[0][1]
    why = f"{name}: filled in every row, {columns[name].distinct:,} different"
    if len(ranked) == 1:
        return Role("client_id", name, Reason(Certainty.SURE, why))
    others = ", ".join(other for _, other in ranked[1:])
    return Role("client_id", name, Reason(Certainty.LIKELY, f"{why}; not {others}?"))


def find_times(columns: Mapping[str, Column]) -> tuple[list[Role], list[tuple[Reason, str]]]:
    """The date, the day and the occasion of a line.

    Returns:
        What is placed, and dates that could be the one but are several.
    """
    roles: list[Role] = []
    left: list[tuple[Reason, str]] = []
    dates = [n for n, c in columns.items() if c.kind == "date" and not _words(n) & BIRTH]
    told = [name for name in dates if _words(name) & DATE]
    if len(dates) == 1:
        certainty = Certainty.SURE if told else Certainty.LIKELY
        why = f"{dates[0]}: the only column of dates"
        roles.append(Role("occurred_on", dates[0], Reason(certainty, why)))
    else:
        why = "one of several columns of dates; map the one on which the form was filled in"
        left += [(Reason(Certainty.OPEN, f"{name}: {why}"), name) for name in dates]
    days = [n for n, c in columns.items() if c.is_number and _words(n) & DAY]
    if len(days) == 1:
        why = f"{days[0]}: numbers, named as days"
        roles.append(Role("day", days[0], Reason(Certainty.SURE, why)))
    for name, column in columns.items():
        if plain_name(name) in OCCASION and 1 < column.distinct <= _MOST_OCCASIONS:
            if column.filled < column.rows or column.kind == "date":
                continue
            why = f"{name}: named as the occasion, {column.distinct:,} different"
            roles.append(Role("occasion", name, Reason(Certainty.SURE, why)))
            break
    return roles, left


def find_others(columns: Mapping[str, Column], taken: Sequence[str]) -> list[Role]:
    """The episode and what is known of the client, by name and few different values."""
    roles = []
    used: set[str] = set()
    for name, column in columns.items():
        plain = plain_name(name)
        if name in taken or column.kind in ("empty", "date"):
            continue
        if plain in EPISODE and "episode_id" not in used:
            why = f"{name}: named as the episode"
            roles.append(Role("episode_id", name, Reason(Certainty.LIKELY, why)))
            used.add("episode_id")
        for key, words in ATTRIBUTES.items():
            if plain in words and key not in used and column.distinct <= _MOST_GROUPS:
                why = f"{name}: named as {key}, {column.distinct:,} different"
                roles.append(Role(f"attributes.{key}", name, Reason(Certainty.LIKELY, why)))
                used.add(key)
    return roles


def _words(name: str) -> frozenset[str]:
    return frozenset(piece.text for piece in pieces(name))
