"""Names of columns cut into words and numbers, and what of them is an instrument's name.

What belongs here: cutting, and finding the longest run of pieces that names an instrument.
What does not: counts and ranges.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.proposing.known import Questionnaire, called, nearly_called
from orchestration.proposing.vocabulary import FILLER, TOTAL

_SHORTEST = 3
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")


@dataclass(frozen=True)
class Piece:
    """A word or a number in a name.

    Attributes:
        text: lower case.
        start: where it begins in the name.
        end: where it ends.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Naming:
    """What a name says about instruments.

    Attributes:
        exact: the instrument it names, if exactly one.
        near: instruments it may mean: other words for the same beginning.
        rest: the words and numbers that are no part of the name and no filler.
        said: the part that names, as it stands there.
    """

    exact: Questionnaire | None
    near: tuple[Questionnaire, ...]
    rest: tuple[str, ...]
    said: str


def pieces(name: str) -> list[Piece]:
    """``PHQ9_Item1`` -> phq, 9, item, 1."""
    return [Piece(m.group().lower(), m.start(), m.end()) for m in _PIECE.finditer(name)]


def naming(words: Sequence[str], known: Sequence[Questionnaire]) -> Naming:
    """What words and numbers, in order, say about instruments.

    The longest run that is an instrument's whole name wins; only where there is none do names
    that are nearly right count.
    """
    words = [part for word in words for part in _parted(word, known)]
    runs = sorted(
        ((b - a, a, b) for a in range(len(words)) for b in range(a + 1, len(words) + 1)),
        key=lambda run: (-sum(map(len, words[run[1] : run[2]])), run[1]),
    )
    for _, a, b in runs:
        if found := called("".join(words[a:b]), known):
            return Naming(found[0], (), _rest(words, a, b), "".join(words[a:b]))
    for _, a, b in runs:
        if words[a] in FILLER | TOTAL and b == a + 1:
            continue
        if near := nearly_called("".join(words[a:b]), known):
            return Naming(None, tuple(near), _rest(words, a, b), "".join(words[a:b]))
    return Naming(None, (), tuple(word for word in words if word not in FILLER), "")


def _parted(word: str, known: Sequence[Questionnaire]) -> tuple[str, ...]:
    """``cesdq`` -> cesd, q: a short name and one mark behind it, written as one word."""
    name, mark = word[:-1], word[-1:]
    is_parted = len(name) >= _SHORTEST and not called(word, known) and bool(called(name, known))
    return (name, mark) if is_parted else (word,)


def _rest(words: Sequence[str], a: int, b: int) -> tuple[str, ...]:
    return tuple(word for word in (*words[:a], *words[b:]) if word not in FILLER)
