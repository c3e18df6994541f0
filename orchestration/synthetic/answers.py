"""Totals into answers: item responses whose keyed sum is exactly the total they came from.

What belongs here: sharing a total out over items, and storing reversed items reversed.
What does not: where totals come from (``trajectories``), missing or wrong answers (``mistakes``).
"""

import numpy as np
from numpy.typing import NDArray

from orchestration.synthetic.design import Instrument

# In answer categories, how far a subscale leans from the form's mean: standard deviation of what
# lasts for a client, and of what is particular to one form.
GROUP_OF_CLIENT, GROUP_OF_FORM = 0.25, 0.15
RARER = -0.7  # in answer categories, how far an item that is endorsed less leans
CHUNK_FORMS = 20_000


def draw_answers(
    rng: np.random.Generator,
    instrument: Instrument,
    totals: NDArray[np.int64],
    client: NDArray[np.int64],
) -> NDArray[np.int8]:
    """Draw the answers behind each total.

    Args:
        rng: the only source of chance.
        instrument: the form.
        totals: sums of keyed answers, shape (forms,), within items x minimum to items x maximum.
        client: for each form the client's index from 0, shape (forms,).

    Returns:
        Stored answers, shape (forms, items), within minimum to maximum.

    Raises:
        ValueError: a total lies outside what the items can add up to.
    """
    items, levels = instrument.item_count, instrument.maximum - instrument.minimum
    steps = totals - items * instrument.minimum
    if np.any((steps < 0) | (steps > items * levels)):
        message = f"{instrument.instrument_id}: a total lies outside what its items can add up to."
        raise ValueError(message)
    groups = np.array(instrument.groups)
    client_count = int(client.max(initial=-1)) + 1
    lasting = rng.normal(0, instrument.spread, (client_count, items)).astype(np.float32)
    lasting += _group_noise(rng, groups, client_count, GROUP_OF_CLIENT)
    lasting[:, instrument.is_rarer] += RARER
    answers = np.empty((len(totals), items), dtype=np.int8)
    for start in range(0, len(totals), CHUNK_FORMS):
        chunk = slice(start, start + CHUNK_FORMS)
        leaning = lasting[client[chunk]]
        leaning += _group_noise(rng, groups, len(leaning), GROUP_OF_FORM)
        leaning += rng.normal(0, instrument.spread, leaning.shape).astype(np.float32)
        answers[chunk] = _share_out(leaning, steps[chunk], levels)
    answers += np.int8(instrument.minimum)
    turned = instrument.is_reversed
    answers[:, turned] = instrument.minimum + instrument.maximum - answers[:, turned]
    return answers


def _group_noise(
    rng: np.random.Generator, groups: NDArray[np.int64], rows: int, spread: float
) -> NDArray[np.float32]:
    noise = rng.normal(0, spread, (rows, int(groups.max()) + 1)).astype(np.float32)
    return noise[:, groups]


def _share_out(
    leaning: NDArray[np.float32], steps: NDArray[np.int64], levels: int
) -> NDArray[np.int8]:
    """Answers above the minimum, shape (forms, items), each row adding up to its ``steps``.

    Every item is a ladder of ``levels`` rungs, and rung ``r`` of an item costs ``r`` minus its
    leaning. A form takes its ``steps`` cheapest rungs. Within an item a lower rung is always
    cheaper, so what is taken is an answer, in range, and the sum is exact by construction.
    """
    forms, items = leaning.shape
    cost = np.arange(levels, dtype=np.float32) - leaning[:, :, None]
    # Whole numbers that end in the rung's own number cannot tie: exactly ``steps`` are taken.
    rungs = items * levels
    ranked = (cost.reshape(forms, rungs) * 4096).astype(np.int32) * 128
    ranked += np.arange(rungs, dtype=np.int32)
    ordered = np.sort(ranked, axis=1)
    limit = np.take_along_axis(ordered, np.maximum(steps - 1, 0)[:, None], axis=1)
    taken = (ranked <= limit) & (steps > 0)[:, None]
    answers: NDArray[np.int8] = taken.reshape(forms, items, levels).sum(axis=2, dtype=np.int8)
    return answers
