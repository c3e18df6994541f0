"""Arrays into the tables a clinic would export, in the columns of Scout's landing contract.

What belongs here: one function per tidy file and per local definition, cells ready to be written.
What does not: files (``writing``), item responses (too long for a frame; ``writing`` streams them).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestration.synthetic.cohort import Cohort, Dates, Integers, Texts, Visits, visits
from orchestration.synthetic.design import (
    CLINICS,
    CONDITIONS,
    DAYS_BETWEEN_SESSIONS,
    PRACTICES,
    PROGRAMS,
    Instrument,
)

SOURCE = "scout synth: imaginary, describes nothing real"
PRESENCE_CHANCE, ALLIANCE_CHANCE, PRACTISED_CHANCE = 0.97, 0.90, 0.75
INTERVENTION_CHANCES = {"explicit": 0.95, "implicit": 0.35, "none": 0.02}
MINUTES = (5, 10, 15, 20, 30)
ALLIANCE_MEAN, ALLIANCE_OF_CLIENT, ALLIANCE_OF_SESSION = 5.2, 0.7, 0.4
ALLIANCE_LOW, ALLIANCE_HIGH = 1.0, 7.0

Flags = NDArray[np.bool_]


def clients(cohort: Cohort) -> pd.DataFrame:
    """One row per client."""
    return pd.DataFrame(
        {
            "client_id": cohort.client_id,
            "age_band": cohort.age_band,
            "gender": cohort.gender,
            "ethnicity": cohort.ethnicity,
        }
    )


def episodes(cohort: Cohort, session_counts: Integers, has_left: Flags) -> pd.DataFrame:
    """One row per episode; a client who left is closed on the day of the session they missed."""
    weeks = session_counts - 1 + has_left
    clinicians = np.array([f"synthetic-clinician-{i:02d}" for i in range(100)], dtype=np.object_)
    return pd.DataFrame(
        {
            "client_id": cohort.client_id,
            "episode_id": cohort.episode_id,
            "program_id": _pick([p.program_id for p in PROGRAMS], cohort.program),
            "clinic_id": _pick(CLINICS, cohort.clinic),
            "clinician_id": clinicians[cohort.clinician],
            "condition_id": _pick([c.condition_id for c in CONDITIONS], cohort.condition),
            "referred_on": _iso(cohort.referred_on),
            "started_on": _iso(cohort.started_on),
            "ended_on": _iso(cohort.started_on + weeks * DAYS_BETWEEN_SESSIONS),
            "ending": np.where(has_left, "unplanned", "planned"),
        }
    )


def sittings(cohort: Cohort, attended: Visits) -> pd.DataFrame:
    """One row per attended session: what the forms filled in that day share."""
    return pd.DataFrame(
        {
            "client_id": cohort.client_id[attended.client],
            "episode_id": cohort.episode_id[attended.client],
            "occurred_on": _iso(attended.held_on),
            "occasion": attended.number,
            "mode": cohort.mode[attended.client],
        }
    )


def sessions(
    rng: np.random.Generator, cohort: Cohort, session_counts: Integers, has_left: Flags
) -> pd.DataFrame:
    """One row per session, and one that was missed for each client who left."""
    booked = visits(cohort, session_counts + has_left)
    attended = booked.number <= session_counts[booked.client]
    content = np.array([INTERVENTION_CHANCES[p.self_compassion_content] for p in PROGRAMS])
    interventions = content[cohort.program][booked.client]
    alliance = ALLIANCE_MEAN + rng.normal(0, ALLIANCE_OF_SESSION, len(attended))
    alliance += rng.normal(0, ALLIANCE_OF_CLIENT, len(session_counts))[booked.client]
    tenths = np.clip(alliance, ALLIANCE_LOW, ALLIANCE_HIGH).round(1)
    return pd.DataFrame(
        {
            "episode_id": cohort.episode_id[booked.client],
            "session_number": booked.number,
            "held_on": _iso(booked.held_on),
            "attended": _flag(attended),
            "presence": np.where(attended, _chance(rng, PRESENCE_CHANCE, attended.shape), ""),
            "alliance": np.where(attended, _chance(rng, ALLIANCE_CHANCE, attended.shape), ""),
            "interventions": np.where(attended, _chance(rng, interventions, attended.shape), ""),
            "alliance_score": np.where(attended, tenths.astype("U3"), ""),
        }
    )


def practice(rng: np.random.Generator, cohort: Cohort, attended: Visits) -> pd.DataFrame:
    """One row per home exercise done between two attended sessions, in programs that have one."""
    practice_of = {p.program_id: p.practice_id for p in PRACTICES}
    exercises = np.array([practice_of.get(p.program_id, "") for p in PROGRAMS], dtype=np.object_)
    is_between = np.append(attended.client[1:] == attended.client[:-1], False)
    exercise = exercises[cohort.program[attended.client]]
    done = is_between & (exercise != "") & (rng.random(len(exercise)) < PRACTISED_CHANCE)
    day = attended.held_on[done] + rng.integers(1, DAYS_BETWEEN_SESSIONS, int(done.sum()))
    return pd.DataFrame(
        {
            "client_id": cohort.client_id[attended.client[done]],
            "practice_id": exercise[done],
            "practised_on": _iso(day),
            "minutes": rng.choice(MINUTES, int(done.sum())),
            "assigned": _flag(rng.random(int(done.sum())) < PRACTISED_CHANCE),
        }
    )


def stated_totals(
    sittings_stated: pd.DataFrame, instrument: Instrument, totals: Integers
) -> pd.DataFrame:
    """One row per form whose total the clinic stated; rows and totals are in the same order."""
    return pd.DataFrame(
        {
            "client_id": sittings_stated["client_id"],
            "episode_id": sittings_stated["episode_id"],
            "instrument_id": instrument.instrument_id,
            "scale_id": f"{instrument.instrument_id}_total",
            "score": totals,
            "occurred_on": sittings_stated["occurred_on"],
            "occasion": sittings_stated["occasion"],
        }
    )


def definitions() -> dict[str, pd.DataFrame]:
    """The clinic's own programs, conditions and practices, by the name of their registry file."""
    shared = {"citation": "none: synthetic", "status": "derived", "source": SOURCE}
    programs = [
        {
            "program_id": p.program_id,
            "program_name": p.program_name,
            "family": p.family,
            "self_compassion_content": p.self_compassion_content,
            "format": p.program_format,
        }
        | shared
        for p in PROGRAMS
    ]
    conditions = [
        {
            "condition_id": c.condition_id,
            "condition_name": c.condition_name,
            "transdiagnostic_group": c.transdiagnostic_group,
        }
        for c in CONDITIONS
    ]
    practices = [
        {
            "practice_id": p.practice_id,
            "practice_name": p.practice_name,
            "component_target": p.component_target,
            "tone": p.tone,
        }
        | shared
        for p in PRACTICES
    ]
    return {
        "programs": pd.DataFrame(programs),
        "conditions": pd.DataFrame(conditions),
        "practices": pd.DataFrame(practices),
    }


def _pick(values: tuple[str, ...] | list[str], index: Integers) -> Texts:
    return np.array(values, dtype=np.object_)[index]


def _iso(dates: Dates) -> Texts:
    # Few dates, many rows: spell each date once.
    distinct, where = np.unique(dates, return_inverse=True)
    return distinct.astype(str).astype(np.object_)[where]


def _flag(values: Flags) -> NDArray[np.str_]:
    return np.where(values, "true", "false")


def _chance(
    rng: np.random.Generator, chance: float | NDArray[np.float64], shape: tuple[int, ...]
) -> NDArray[np.str_]:
    return _flag(rng.random(shape) < chance)
