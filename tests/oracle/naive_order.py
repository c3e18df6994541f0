"""In which order do the forms of an episode lie, and between which of them is change taken?

What belongs here: the clock of an episode, its moments, the intervals and their names.
What does not: how a score came about, and what a change means (``naive_change``).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

FIRST_TO_LAST = "first_to_last"
# Timepoints that name an interval; `baseline` and `session n` do not.
NAMED_TIMEPOINTS = ("mid", "end", "follow_up")


class Administration(NamedTuple):
    """One form that is not blank: without a score, or a place in time, it takes no part.

    ``is_on_days`` is the clock of its episode (see ``on_one_clock``) and ``moment`` the number of
    its moment there (see ``with_moments``); None where the forms at hand are all there is.
    """

    administration_key: int
    score: float | None
    day: float | None = None
    occasion_order: float | None = None
    occasion: str | None = None
    timepoint: str | None = None
    is_on_days: bool | None = None
    moment: int | None = None


class Interval(NamedTuple):
    """From one administration to a later one; None where there is none."""

    interval_name: str
    baseline: Administration | None
    final: Administration | None


def on_one_clock(episode: Sequence[Administration]) -> list[Administration]:
    """The forms of one episode, whatever their instrument, told which clock they share.

    Days, unless one of them has none: then occasion order for all, because a day and a rank cannot
    be compared.
    """
    by_day = all(each.day is not None for each in episode)
    return [each._replace(is_on_days=by_day) for each in episode]


def in_order(administrations: Sequence[Administration]) -> list[Administration]:
    """The scored administrations of one episode x scale that have a place in time, first to last.

    Of two at one place the earlier occasion order comes first, an unknown one last; the key breaks
    every tie that is left.
    """
    if any(each.is_on_days is None for each in administrations):
        administrations = on_one_clock(administrations)
    places = []
    for each in administrations:
        place = position(each)
        if each.score is not None and place is not None:
            order = float("inf") if each.occasion_order is None else each.occasion_order
            places.append((place, order, each.administration_key, each))
    return [each for *_, each in sorted(places, key=lambda at: at[:3])]


def position(each: Administration) -> float | None:
    """Where a form lies on the clock of its episode."""
    return each.day if each.is_on_days else each.occasion_order


def with_moments(
    scales: Mapping[str, Mapping[str, Sequence[Administration]]],
) -> dict[str, dict[str, list[Administration]]]:
    """Scale -> episode -> forms on one clock, each told the number of its moment, from 0.

    A moment is a place on the clock at which any scale of the episode has a score.
    """
    moments: dict[str, set[float]] = {}
    for episodes in scales.values():
        for episode, forms in episodes.items():
            places = {position(each) for each in in_order(forms)}
            moments.setdefault(episode, set()).update(at for at in places if at is not None)
    return {
        scale: {
            episode: [
                each._replace(moment=sorted(moments[episode]).index(place))
                if (place := position(each)) in moments[episode]
                else each
                for each in forms
            ]
            for episode, forms in episodes.items()
        }
        for scale, episodes in scales.items()
    }


def intervals(administrations: Sequence[Administration]) -> list[Interval]:
    """``first_to_last``, then ``baseline_to_<label>`` for each label that comes after the baseline.

    The label is the occasion, else the timepoint where it says when (mid, end, follow_up), else the
    number of the moment in the episode. Of two administrations with one label the first counts; the
    baseline keeps its own label, so a repeat of it makes no interval.
    """
    if not administrations:
        return []
    ordered = in_order(administrations)
    if not ordered:
        return [Interval(FIRST_TO_LAST, None, None)]
    baseline, last = ordered[0], ordered[-1]
    found = [Interval(FIRST_TO_LAST, baseline, last if len(ordered) > 1 else None)]
    moments = sorted({position(each) for each in ordered})
    taken = set()
    for each in ordered:
        number = moments.index(position(each)) if each.moment is None else each.moment
        timepoint = each.timepoint if each.timepoint in NAMED_TIMEPOINTS else None
        label = each.occasion or timepoint or str(number)
        if label not in taken and each is not baseline:
            found.append(Interval(f"baseline_to_{label}", baseline, each))
        taken.add(label)
    return found
