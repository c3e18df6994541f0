"""What score to expect after so long, given the score at the start: a curve and a band around it.

What belongs here: the expected trajectory fitted from sums, each time without one part of the
clients, and how wide its tolerance band is.
What does not: adding up the sums, or setting a client's score beside the band (SQL does both).

The form is that of Finch, Lambert & Schaalje (2001, Clin Psychol Psychother 8:231-242): score on
the logarithm of time by intake score. They fitted a mixed model per band of intake scores; here
intake enters as a number and in product with time, and the fit is by least squares, which a clinic
of any size has from 31 sums. A course's own level and slope then lie in the residual, where a band
for one score of one new client needs them; its variance may differ with time and intake.
"""

import numpy as np
import pandas as pd
from scipy import special

from orchestration.statistics import (
    ESTIMATED,
    NOT_COMPUTABLE,
    NUMERICALLY_ZERO,
    TOO_FEW,
    Floats,
    floats,
    nullable_count,
    nullable_float,
    require_columns,
    text,
)

METHOD = "log_time_by_intake"
KEYS = ("program_id", "scale_id", "client_part")
REACH = ("elapsed_reach", "intake_minimum", "intake_maximum")
COUNTS = ("episode_count", "score_count")

# Powers (score, intake, log time) of each regressor: of the score, and of its squared residual.
MEAN_TERMS = ((0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1))
VARIANCE_TERMS = ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 0))
MEAN_NAMES = ("intercept", "intake_slope", "time_slope", "intake_time_slope")
VARIANCE_NAMES = (
    "variance_intercept",
    "variance_time_slope",
    "variance_time_square_slope",
    "variance_intake_slope",
)
# Scores of one course part ways slowly at first, whence the square of log time. The variance may
# cross zero where there are few scores; it is held up at this share of its mean.
LOWEST_VARIANCE_SHARE = 0.25
NOBODY = -1
DIGITS = 10

Powers = tuple[int, int, int]


def estimate(moments: pd.DataFrame, *, minimum_courses: int, band: float) -> pd.DataFrame:
    """The trajectory of every program and scale: of all clients, and without each part of them.

    A band holds the share ``band`` of single scores of new clients: expected score -+ multiplier x
    SD. The multiplier is the t quantile of episodes less coefficients, times sqrt(1 + 4 / episodes)
    for what estimating four coefficients adds on average, as if all scores of a course told the
    same thing (the cautious end).

    Args:
        moments: one row per program, scale and part of the clients with ``KEYS``, ``REACH``,
            ``COUNTS`` and the sums ``sum_abc`` of score^a x intake^b x log time^c.
        minimum_courses: fewest closed episodes of a program and scale, all parts together.
        band: share of scores the band shall hold, a proportion.

    Returns:
        One row per program, scale and held-out part (``held_out_part``; -1 = nobody is held out):
        ``REACH``, ``COUNTS`` of what it was fitted from, ``MEAN_NAMES`` and ``VARIANCE_NAMES``
        (NULL unless estimated), ``variance_minimum``, ``band_multiplier``, ``status``
        (``estimated``, ``too_few`` episodes, ``not_computable`` where intake or time do not vary or
        nothing is left over), ``method``.

    Raises:
        ValueError: a column is missing, or ``band`` is not between 0 and 1.
    """
    if not 0 < band < 1:
        message = "band is a proportion between 0 and 1, for instance 0.8."
        raise ValueError(message)
    powers = [each for each in _powers() if any(each)]
    require_columns(moments, (*KEYS, *REACH, *COUNTS, *map(_name, powers)))
    ordered = moments.sort_values(list(KEYS), ignore_index=True)
    rows: list[dict[str, object]] = []
    for (program_id, scale_id), group in ordered.groupby(["program_id", "scale_id"], sort=True):
        sums = {each: floats(group, _name(each)) for each in powers}
        sums[0, 0, 0] = floats(group, "score_count")
        episodes = floats(group, "episode_count")
        parts = floats(group, "client_part")
        for held_out in (float(NOBODY), *parts):
            kept = parts != held_out
            count = float(episodes[kept].sum())
            found = {each: float(values[kept].sum()) for each, values in sums.items()}
            enough = episodes.sum() >= minimum_courses and count > len(MEAN_TERMS)
            fitted = _fit(found) if enough else None
            rows.append(
                {
                    "program_id": program_id,
                    "scale_id": scale_id,
                    "held_out_part": held_out,
                    **{name: float(floats(group, name)[0]) for name in REACH},
                    "episode_count": count,
                    "score_count": found[0, 0, 0],
                    "band_multiplier": _multiplier(count, band) if fitted else np.nan,
                    "status": ESTIMATED if fitted else NOT_COMPUTABLE if enough else TOO_FEW,
                    **(fitted or {}),
                }
            )
    return _table(rows)


def _powers() -> tuple[Powers, ...]:
    """Every sum that the two regressions need."""
    squares = [(2, 0, 0)]
    squares += [_times(one, other) for one in MEAN_TERMS for other in MEAN_TERMS]
    squares += [_times((1, 0, 0), each) for each in MEAN_TERMS]
    needed = {_times(square, term) for square in squares for term in VARIANCE_TERMS}
    return tuple(sorted(needed | set(MEAN_TERMS)))


def _times(one: Powers, other: Powers) -> Powers:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def _name(powers: Powers) -> str:
    return "sum_{}{}{}".format(*powers)


def _fit(sums: dict[Powers, float]) -> dict[str, float] | None:
    """Coefficients of mean and variance, None where they cannot be had."""
    solved = _solve(sums, MEAN_TERMS, [sums[_times((1, 0, 0), each)] for each in MEAN_TERMS])
    if solved is None:
        return None
    # Squared residuals are a polynomial of the same sums: y^2 - 2 y f + f^2, times each term.
    targets = []
    for term in VARIANCE_TERMS:
        total = sums[_times((2, 0, 0), term)]
        for slope, one in zip(solved, MEAN_TERMS, strict=True):
            total -= 2 * slope * sums[_times(_times((1, 0, 0), one), term)]
            for other_slope, other in zip(solved, MEAN_TERMS, strict=True):
                total += slope * other_slope * sums[_times(_times(one, other), term)]
        targets.append(total)
    mean_variance = targets[0] / sums[0, 0, 0]
    if mean_variance <= NUMERICALLY_ZERO:
        return None
    spread = _solve(sums, VARIANCE_TERMS, targets)
    if spread is None:
        return None
    return {
        **dict(zip(MEAN_NAMES, solved, strict=True)),
        **dict(zip(VARIANCE_NAMES, spread, strict=True)),
        "variance_minimum": LOWEST_VARIANCE_SHARE * mean_variance,
    }


def _solve(
    sums: dict[Powers, float], terms: tuple[Powers, ...], targets: list[float]
) -> Floats | None:
    """Least squares from sums; None where a regressor follows from the others."""
    gram = np.array([[sums[_times(one, other)] for other in terms] for one in terms])
    # Regressors of length 1: their correlation is then what could make the system singular.
    length = np.sqrt(np.diag(gram))
    if (length <= NUMERICALLY_ZERO).any():
        return None
    scaled = gram / np.outer(length, length)
    if np.linalg.eigvalsh(scaled)[0] <= NUMERICALLY_ZERO:
        return None
    solved: Floats = np.linalg.solve(scaled, np.array(targets) / length) / length
    return solved


def _multiplier(episodes: float, band: float) -> float:
    freedom = episodes - len(MEAN_TERMS)
    inflation = np.sqrt(1 + len(MEAN_TERMS) / episodes)
    return float(special.stdtrit(freedom, 0.5 + band / 2) * inflation)


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    numbers = (*REACH, *MEAN_NAMES, *VARIANCE_NAMES, "variance_minimum", "band_multiplier")
    frame = pd.DataFrame(
        rows, columns=["program_id", "scale_id", "held_out_part", *COUNTS, *numbers, "status"]
    )
    known = np.ones(len(frame), dtype=np.bool_)
    columns = {name: text(frame[name]) for name in ("program_id", "scale_id")}
    columns |= {name: nullable_count(floats(frame, name)) for name in ("held_out_part", *COUNTS)}
    columns |= {
        name: nullable_float(np.round(floats(frame, name), DIGITS), known) for name in numbers
    }
    columns["status"] = text(frame["status"])
    columns["method"] = text([METHOD] * len(frame))
    return pd.DataFrame(columns)
