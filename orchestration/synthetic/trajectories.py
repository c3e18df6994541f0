"""Totals over sessions: how imaginary clients change, and when they leave.

What belongs here: drawing each client's observed total per session from the planted model.
What does not: the planted numbers (``design``), items (``answers``), ids and dates (``clinic``).

Three choices make the planted slopes true of *observed* totals, not of something behind them:
noise is white, so self-compassion never answers to symptoms; what follows from self-compassion or
shame follows from the observed whole-number total; and totals are rounded up or down at random in
proportion, so that rounding adds noise but no bias.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.synthetic.design import (
    CONDITIONS,
    ESS,
    ESS_LINE,
    FIRST_SESSION_TO_LEAVE_AFTER,
    GAD7,
    GAD7_LINE,
    LEAVING,
    MAXIMUM_SESSIONS,
    PHQ9,
    PHQ9_LINE,
    PROGRAMS,
    SCS,
    SCS_GROWTH_SPREAD,
    SCS_LEVEL,
    SCS_LEVEL_SPREAD,
    SCS_NOISE,
    Instrument,
    Line,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Trajectories:
    """Observed totals of every client.

    Attributes:
        session_counts: sessions attended, shape (clients,).
        has_left: whether the client left before the planned end, shape (clients,).
        totals: instrument id to sums of keyed answers, shape (clients, 16); columns from
            ``session_counts`` on never happened.
        clipped_count: totals that had to be moved to the nearest end of their range.
    """

    session_counts: Integers
    has_left: NDArray[np.bool_]
    totals: dict[str, Integers]
    clipped_count: int


def draw_trajectories(
    rng: np.random.Generator, program: Integers, condition: Integers, planned: Integers
) -> Trajectories:
    """Draw observed totals and the session after which each client leaves.

    Args:
        rng: the only source of chance.
        program: index into ``PROGRAMS``, shape (clients,).
        condition: index into ``CONDITIONS``, shape (clients,).
        planned: planned number of sessions, 8-16, shape (clients,).

    Returns:
        Totals, session counts and who left early.
    """
    scs_level = _bounded(rng, program.shape, SCS_LEVEL_SPREAD)
    scs, scs_clipped = _draw_scs(rng, program, scs_level)
    before = scs[:, :-1] / SCS.item_count - SCS_LEVEL  # what each session answers to
    shifts = np.array([[c.ess_shift, c.phq9_shift, c.gad7_shift] for c in CONDITIONS])[condition]
    nothing = np.zeros(before.shape)

    ess, ess_clipped = _follow(rng, ESS, ESS_LINE, scs_level, shifts[:, 0], before, nothing)
    shame = np.asarray(ess - ESS_LINE.level, dtype=np.float64)
    phq9, phq9_clipped = _follow(rng, PHQ9, PHQ9_LINE, scs_level, shifts[:, 1], before, shame)
    gad7, gad7_clipped = _follow(rng, GAD7, GAD7_LINE, scs_level, shifts[:, 2], before, shame)

    session_counts = _leave(rng, phq9, planned)
    attended = np.arange(MAXIMUM_SESSIONS) < session_counts[:, None]
    clipped = scs_clipped[:, 1:].astype(int) + ess_clipped + phq9_clipped + gad7_clipped
    return Trajectories(
        session_counts=session_counts,
        has_left=session_counts < planned,
        totals={"scs": scs[:, 1:], "ess": ess, "phq9": phq9, "gad7": gad7},
        clipped_count=int(clipped[attended].sum()),
    )


def _draw_scs(
    rng: np.random.Generator, program: Integers, level: Floats
) -> tuple[Integers, NDArray[np.bool_]]:
    """Sums of 26 keyed answers; column 0 is the week before the first session, never observed."""
    growth = np.array([p.growth for p in PROGRAMS])[program]
    growth = growth + _bounded(rng, program.shape, SCS_GROWTH_SPREAD)
    session = np.arange(-1, MAXIMUM_SESSIONS)
    noise = _bounded(rng, (len(program), MAXIMUM_SESSIONS + 1), SCS_NOISE)
    means = SCS_LEVEL + level[:, None] + growth[:, None] * session + noise
    return _observe(rng, SCS, means * SCS.item_count)


def _follow(
    rng: np.random.Generator,
    instrument: Instrument,
    line: Line,
    scs_level: Floats,
    shift: Floats,
    before: Floats,
    shame: Floats,
) -> tuple[Integers, NDArray[np.bool_]]:
    """Totals that follow from self-compassion one session earlier and from shame now."""
    level = line.level + line.level_on_scs * scs_level + shift
    level = level + _bounded(rng, level.shape, line.level_spread)
    wanted = (
        level[:, None]
        + line.direct * before
        + line.by_shame * shame
        + line.trend * np.arange(MAXIMUM_SESSIONS)
        + _bounded(rng, before.shape, line.noise)
    )
    return _observe(rng, instrument, wanted)


def _leave(rng: np.random.Generator, phq9: Integers, planned: Integers) -> Integers:
    """Sessions attended: the worse the total just observed, the likelier no further session."""
    number = np.arange(1, MAXIMUM_SESSIONS + 1)
    logit = LEAVING.intercept + LEAVING.per_point * (phq9 - LEAVING.centre)
    leaves = rng.random(phq9.shape) < 1 / (1 + np.exp(-logit))
    leaves &= number >= FIRST_SESSION_TO_LEAVE_AFTER
    leaves |= number >= planned[:, None]
    counts: Integers = leaves.argmax(axis=1) + 1
    return counts


def _bounded(rng: np.random.Generator, shape: tuple[int, ...], spread: float) -> Floats:
    """Bell-shaped noise within three standard deviations, so that totals seldom leave their range.

    The sum of three uniform draws on (-spread, spread) has standard deviation ``spread``.
    """
    noise = rng.uniform(-spread, spread, shape)
    noise += rng.uniform(-spread, spread, shape)
    noise += rng.uniform(-spread, spread, shape)
    return noise


def _observe(
    rng: np.random.Generator, instrument: Instrument, wanted: Floats
) -> tuple[Integers, NDArray[np.bool_]]:
    """Whole totals in the instrument's range, and which of them had to be clipped."""
    whole = np.floor(wanted + rng.random(wanted.shape)).astype(np.int64)
    low, high = instrument.minimum, instrument.maximum
    kept = np.clip(whole, low * instrument.item_count, high * instrument.item_count)
    return kept, kept != whole
