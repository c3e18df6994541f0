"""Honest mistakes: skipped items, one impossible answer, one stated total that is wrong.

What belongs here: spoiling answers and stated totals on purpose, and saying where.
What does not: the repeated file (``writing`` copies its bytes), or anything a careful clinic would
not do by accident.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.synthetic.design import INCOMPLETE_AT_AN_END, INCOMPLETE_BETWEEN, Instrument

MISSING = -1  # how a skipped item is held in an array of answers
IMPOSSIBLE_ANSWER = 7  # outside 0-3
DISAGREEMENT = 3  # points between a wrong stated total and its items
MOST_SKIPPED = 3  # items on one form

Answers = NDArray[np.int8]


@dataclass(frozen=True)
class Place:
    """Where a mistake stands: row from 0 and, for answers, item column from 0."""

    row: int
    column: int = 0


def skip_items(rng: np.random.Generator, answers: Answers, is_at_an_end: NDArray[np.bool_]) -> int:
    """Blank one to three items on about 1 % of the forms, in place.

    Args:
        rng: the only source of chance.
        answers: shape (forms, items); skipped items become ``MISSING``.
        is_at_an_end: whether the form is its client's first or last, shape (forms,).

    Returns:
        How many forms are now incomplete.
    """
    chance = np.where(is_at_an_end, INCOMPLETE_AT_AN_END, INCOMPLETE_BETWEEN)
    forms = np.flatnonzero(rng.random(len(answers)) < chance)
    skipped = 1 + rng.binomial(MOST_SKIPPED - 1, 0.2, len(forms))
    order = rng.random((len(forms), answers.shape[1])).argsort(axis=1).argsort(axis=1)
    spoiled = answers[forms]
    spoiled[order < skipped[:, None]] = MISSING
    answers[forms] = spoiled
    return len(forms)


def complete_forms(answers: Answers, instrument: Instrument) -> NDArray[np.bool_]:
    """Whether every answer of a form is given and in range, shape (forms,)."""
    fits = (answers >= instrument.minimum) & (answers <= instrument.maximum)
    return np.asarray(fits.all(axis=1), dtype=np.bool_)


def give_an_impossible_answer(
    rng: np.random.Generator, answers: Answers, instrument: Instrument
) -> Place:
    """Put one answer outside the range on a form that was complete, in place; say where."""
    row = int(rng.choice(np.flatnonzero(complete_forms(answers, instrument))))
    column = int(rng.integers(instrument.item_count))
    answers[row, column] = IMPOSSIBLE_ANSWER
    return Place(row, column)


def misstate_a_total(
    rng: np.random.Generator, stated: NDArray[np.int64], instrument: Instrument
) -> Place:
    """Move one stated total away from its items but not out of range, in place; say where."""
    row = int(rng.integers(len(stated)))
    highest = instrument.maximum * instrument.item_count
    stated[row] += DISAGREEMENT if stated[row] + DISAGREEMENT <= highest else -DISAGREEMENT
    return Place(row)
