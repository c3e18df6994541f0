"""Six ways to judge one change, a person at a time (metrics.md 2.2).

What belongs here: the index and the classes by each method with a closed form.
What does not: Jacobson-Truax's own index and the cut-off (``naive_change``).
"""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev
from typing import NamedTuple

Z = 1.96
CRITICAL = {
    "jacobson_truax": Z,
    "gulliksen_lord_novick": Z,
    "edwards_nunnally": Z,
    "nunnally_kotsch": Z,
    "hageman_arrindell": 1.65,
    "hsu_linn_lord": Z,
}


class Reference(NamedTuple):
    """Mean and SD of the group that a rule names; either may be unknown."""

    mean: float | None
    deviation: float | None


def indices(
    before: float,
    after: float,
    reference: Reference,
    reliability: float,
    pairs: Sequence[tuple[float, float]],
    fewest_pairs: int,
) -> dict[str, float | None]:
    """Method -> index; None where it cannot be had. ``pairs`` are everybody's (before, after)."""
    found: dict[str, float | None] = dict.fromkeys(CRITICAL)
    m, s = reference
    if s:
        error = s * sqrt(1 - reliability)
        found["jacobson_truax"] = (after - before) / sqrt(2 * error**2)
        if m is not None:
            expected = m + reliability * (before - m)
            found["gulliksen_lord_novick"] = (after - expected) / (s * sqrt(1 - reliability**2))
            found["edwards_nunnally"] = (after - expected) / error
            noise = reliability**2 * s**2 * (1 - reliability) + s**2 * (1 - reliability)
            found["nunnally_kotsch"] = (after - expected) / sqrt(noise)
    if len(pairs) >= fewest_pairs:
        firsts, lasts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        m1, m2, s1, s2 = mean(firsts), mean(lasts), stdev(firsts), stdev(lasts)
        if s1 > 1e-9:
            found["hsu_linn_lord"] = ((after - m2) - reliability * (before - m1)) / (
                s1 * sqrt(1 - reliability**2)
            )
        if s1 > 1e-9 and s2 > 1e-9:
            error = s1 * sqrt(1 - reliability)
            differences = stdev([last - first for first, last in pairs]) ** 2
            r_dd = (differences - 2 * error**2) / differences if differences > 1e-9 else 0
            if r_dd > 0:
                found["hageman_arrindell"] = ((after - before) * r_dd + (m2 - m1) * (1 - r_dd)) / (
                    sqrt(r_dd) * sqrt(2 * error**2)
                )
    return found


def reliable_class(method: str, index: float | None, direction: int) -> str:
    """Strictly beyond the method's critical value counts."""
    if index is None:
        return "unknown"
    if direction * index > CRITICAL[method]:
        return "improved"
    return "deteriorated" if direction * index < -CRITICAL[method] else "unchanged"
