"""Score one administration on one scale, as one would with the form in hand.

What belongs here: what the registry's scoring columns mean, once, naively.
What does not: which administration it is, and whether a stated total agrees.

An answer is a number on the instrument's own range (a clinic's 1-4 for a 0-3 item is already
shifted), and one that landing would refuse is not here at all: it is missing.
"""

from collections.abc import Iterable, Mapping
from math import fsum
from typing import NamedTuple

from tests.oracle import Row, flag, required_number


class NaiveScore(NamedTuple):
    """One administration x scale.

    ``score`` is None when the rule gives none; ``is_prorated`` says that a score was given although
    answers are missing.
    """

    score: float | None
    items_answered_count: int
    item_count: int
    is_prorated: bool


def score(
    responses: Mapping[int, float | None],
    scale: Row,
    scale_items: Iterable[Row],
    items: Iterable[Row],
) -> NaiveScore:
    """Score ``responses`` (item number -> answer, None or absent = missing) on ``scale``.

    ``scale`` is one row of scales.csv; ``scale_items`` and ``items`` may hold other scales and
    instruments too: what does not belong is passed over.
    """
    mine = [row for row in scale_items if row["scale_id"] == scale["scale_id"]]
    ranges = {
        int(row["item"]): (
            required_number(row, "response_minimum"),
            required_number(row, "response_maximum"),
        )
        for row in items
        if row["instrument_id"] == scale["instrument_id"]
    }

    # Every answered item, turned round where its key says so, under the name of its component. An
    # item of two components (one of the EDE-Q) is answered once and counts in both.
    values: dict[str, list[float]] = {}
    answered_items: set[int] = set()
    for row in mine:
        values.setdefault(row.get("component") or "", [])
        item = int(row["item"])
        answer = responses.get(item)
        if answer is None:
            continue
        if flag(row, "is_reversed"):
            minimum, maximum = ranges[item]
            answer = minimum + maximum - answer
        values[row.get("component") or ""].append(answer)
        answered_items.add(item)

    answered = len(answered_items)
    item_count = len({int(row["item"]) for row in mine})
    result = _score(values, answered, item_count, scale)
    return NaiveScore(result, answered, item_count, result is not None and answered < item_count)


def _score(
    values: dict[str, list[float]], answered: int, item_count: int, scale: Row
) -> float | None:
    rule = scale["scoring_rule"]
    if rule == "stated_only" or answered == 0:
        return None
    if answered < item_count:
        if scale["missing_rule"] == "none":
            return None
        if scale["missing_rule"] != "mean_of_answered":
            message = "the registry names a missing_rule the oracle does not know"
            raise ValueError(message)
        if answered < required_number(scale, "minimum_items_answered"):
            return None

    everything = [value for group in values.values() for value in group]
    if rule == "sum":
        # With nothing missing this is the plain sum; else the mean of the answered, times items.
        plain = fsum(everything) * item_count / answered
    elif rule == "mean":
        plain = fsum(everything) / answered
    elif rule in ("mean_of_component_means", "sum_of_component_means"):
        if any(not group for group in values.values()):
            return None  # a component without one answer has no mean
        means = [fsum(group) / len(group) for group in values.values()]
        plain = fsum(means)
        if rule == "mean_of_component_means":
            plain /= len(means)
    else:
        message = "the registry names a scoring_rule the oracle does not know"
        raise ValueError(message)
    return plain * required_number(scale, "multiplier")
