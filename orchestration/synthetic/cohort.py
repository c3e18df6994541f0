"""Who the imaginary clients are and when they come: attributes, placement, dates.

What belongs here: everything about a client that no total depends on, and ids that say synthetic.
What does not: totals and answers, or any attribute that could point at a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.synthetic.design import (
    CLINICIANS_PER_CLINIC,
    CLINICS,
    CONDITIONS,
    DAYS_BETWEEN_SESSIONS,
    PROGRAMS,
    WINDOW_DAYS,
    WINDOW_START,
)

AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
AGE_SHARES = (0.14, 0.27, 0.24, 0.18, 0.11, 0.06)
GENDERS, GENDER_SHARES = ("f", "m", "n", "u"), (0.62, 0.33, 0.03, 0.02)
ETHNICITIES = ("w", "b", "a", "h", "o", "u")
ETHNICITY_SHARES = (0.58, 0.13, 0.09, 0.13, 0.04, 0.03)
MODES, MODE_SHARES = ("online", "paper"), (0.8, 0.2)

Integers = NDArray[np.int64]
Dates = NDArray[np.datetime64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Cohort:
    """One entry per client in every array, shape (clients,).

    Attributes:
        client_id: such as ``synthetic-000123``.
        episode_id: the client's only episode.
        program: index into ``PROGRAMS``.
        condition: index into ``CONDITIONS``.
        clinic: index into ``CLINICS``.
        clinician: number from 1, nested in clinic.
        planned: planned number of sessions.
        referred_on: date of referral.
        started_on: date of the first session.
        age_band, gender, ethnicity, mode: short codes.
    """

    client_id: Texts
    episode_id: Texts
    program: Integers
    condition: Integers
    clinic: Integers
    clinician: Integers
    planned: Integers
    referred_on: Dates
    started_on: Dates
    age_band: Texts
    gender: Texts
    ethnicity: Texts
    mode: Texts


@dataclass(frozen=True)
class Visits:
    """One entry per client and session, sorted by client then session, shape (visits,)."""

    client: Integers
    number: Integers
    held_on: Dates


def draw_cohort(rng: np.random.Generator, client_count: int) -> Cohort:
    """Draw ``client_count`` clients."""
    number = np.arange(client_count)
    program = rng.choice(len(PROGRAMS), client_count, p=[p.share for p in PROGRAMS])
    condition = rng.choice(len(CONDITIONS), client_count, p=[c.share for c in CONDITIONS])
    clinic = number % len(CLINICS)
    clinician = clinic * CLINICIANS_PER_CLINIC
    clinician = clinician + rng.integers(1, CLINICIANS_PER_CLINIC + 1, client_count)
    lengths = np.array([p.planned_sessions for p in PROGRAMS])
    started_on = WINDOW_START + rng.integers(WINDOW_DAYS, size=client_count)
    return Cohort(
        client_id=_texts(f"synthetic-{i:06d}" for i in range(1, client_count + 1)),
        episode_id=_texts(f"synthetic-{i:06d}-1" for i in range(1, client_count + 1)),
        program=program,
        condition=condition,
        clinic=clinic,
        clinician=clinician,
        planned=lengths[program, rng.integers(lengths.shape[1], size=client_count)],
        referred_on=started_on - rng.integers(7, 60, client_count),
        started_on=started_on,
        age_band=rng.choice(_texts(AGE_BANDS), client_count, p=AGE_SHARES),
        gender=rng.choice(_texts(GENDERS), client_count, p=GENDER_SHARES),
        ethnicity=rng.choice(_texts(ETHNICITIES), client_count, p=ETHNICITY_SHARES),
        mode=rng.choice(_texts(MODES), client_count, p=MODE_SHARES),
    )


def visits(cohort: Cohort, counts: Integers) -> Visits:
    """The first ``counts`` weekly sessions of each client."""
    client = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    number = np.arange(len(client)) - first[client] + 1
    held_on = cohort.started_on[client] + (number - 1) * DAYS_BETWEEN_SESSIONS
    return Visits(client, number, held_on)


def _texts(values: Iterable[str]) -> Texts:
    return np.array(list(values), dtype=np.object_)
