"""Put the imaginary clinic together: cohort, totals, answers, mistakes, tables, truth.

What belongs here: the order of the steps, and the object that holds what they make.
What does not: the steps themselves, and files (``writing``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.synthetic import mistakes, tables, truth
from orchestration.synthetic.answers import draw_answers
from orchestration.synthetic.cohort import Cohort, Visits, draw_cohort, visits
from orchestration.synthetic.design import (
    CLINIC_WITH_STATED_TOTALS,
    GAD7,
    INSTRUMENTS,
    PHQ9,
)
from orchestration.synthetic.trajectories import Trajectories, draw_trajectories

MOST_CLIENTS = 999_999  # ids have six digits
REPEATED_FILE = ("responses_gad7_again.csv", "responses_gad7.csv")


@dataclass(frozen=True)
class Clinic:
    """An imaginary clinic, held as it will be written.

    Attributes:
        tables: tidy tables other than responses, by the name of their file without ``.csv``.
        definitions: the clinic's own registry rows, by the name of their file without ``.csv``.
        sittings: one row per attended session: client_id, episode_id, occurred_on, occasion, mode.
        answers: instrument id to stored answers, shape (sittings, items); ``mistakes.MISSING``
            is a skipped item. Every client fills in every form at every attended session.
        truth: what is true of the data, ready for JSON.
    """

    tables: Mapping[str, pd.DataFrame]
    definitions: Mapping[str, pd.DataFrame]
    sittings: pd.DataFrame
    answers: Mapping[str, mistakes.Answers]
    truth: Mapping[str, object]


def make_clinic(client_count: int, seed: int) -> Clinic:
    """Draw an imaginary clinic; the same arguments give the same clinic.

    Args:
        client_count: number of clients, 1-999 999; each gives about 670 item responses.
        seed: seed of the random generator, 0 or larger.

    Returns:
        The clinic, with its mistakes planted and its truth stated.

    Raises:
        ValueError: ``client_count`` or ``seed`` is outside its range.
    """
    if not 1 <= client_count <= MOST_CLIENTS:
        message = f"client_count must be 1 to {MOST_CLIENTS}."
        raise ValueError(message)
    if seed < 0:
        message = "seed must be 0 or larger."
        raise ValueError(message)
    for_cohort, for_totals, for_answers, for_mistakes, for_tables = np.random.default_rng(
        seed
    ).spawn(5)

    cohort = draw_cohort(for_cohort, client_count)
    course = draw_trajectories(for_totals, cohort.program, cohort.condition, cohort.planned)
    attended = visits(cohort, course.session_counts)
    answers = {
        instrument.instrument_id: draw_answers(
            for_answers,
            instrument,
            course.totals[instrument.instrument_id][attended.client, attended.number - 1],
            attended.client,
        )
        for instrument in INSTRUMENTS
    }
    sittings = tables.sittings(cohort, attended)
    planted = _spoil(for_mistakes, answers, course, attended)
    scores, misstated = _state_totals(for_mistakes, cohort, attended, sittings, answers)
    planted["disagreeing_stated_totals"] = misstated
    exported = {
        "clients": tables.clients(cohort),
        "episodes": tables.episodes(cohort, course.session_counts, course.has_left),
        "sessions": tables.sessions(for_tables, cohort, course.session_counts, course.has_left),
        "scores": scores,
        "practice": tables.practice(for_tables, cohort, attended),
    }
    return Clinic(
        tables=exported,
        definitions=tables.definitions(),
        sittings=sittings,
        answers=answers,
        truth={
            "statement": truth.STATEMENT,
            "client_count": client_count,
            "seed": seed,
            "effects": truth.effects(),
            "not_claimed": truth.not_claimed(),
            "residual_bias": truth.residual_bias(),
            "clipped_total_count": course.clipped_count,
            "planted_mistakes": planted,
            "row_counts": _row_counts(exported, answers),
            "model": truth.model(),
        },
    )


def _spoil(
    rng: np.random.Generator,
    answers: dict[str, mistakes.Answers],
    course: Trajectories,
    attended: Visits,
) -> dict[str, object]:
    """Skip items and give one impossible answer, in place; say what was done."""
    last = course.session_counts[attended.client]
    is_at_an_end = (attended.number == 1) | (attended.number == last)
    incomplete = {
        name: mistakes.skip_items(rng, given, is_at_an_end) for name, given in answers.items()
    }
    place = mistakes.give_an_impossible_answer(rng, answers[GAD7.instrument_id], GAD7)
    skipped = sum(int((given == mistakes.MISSING).sum()) for given in answers.values())
    return {
        "incomplete_forms": {"count": sum(incomplete.values()), "by_instrument": incomplete},
        "missing_answers": {"count": skipped},
        "out_of_range_answers": {
            "count": 1,
            "file": REPEATED_FILE[1],
            "line": _line(place.row * GAD7.item_count + place.column),
            "reason": "response_out_of_range",
        },
        "repeated_files": {
            "count": 1,
            "file": REPEATED_FILE[0],
            "same_bytes_as": REPEATED_FILE[1],
        },
    }


def _state_totals(
    rng: np.random.Generator,
    cohort: Cohort,
    attended: Visits,
    sittings: pd.DataFrame,
    answers: Mapping[str, mistakes.Answers],
) -> tuple[pd.DataFrame, dict[str, object]]:
    """The totals one clinic works out itself, for its complete forms; one of them is wrong."""
    is_stating = (cohort.clinic == CLINIC_WITH_STATED_TOTALS)[attended.client]
    stated = {}
    for instrument in (PHQ9, GAD7):
        given = answers[instrument.instrument_id]
        rows = np.flatnonzero(is_stating & mistakes.complete_forms(given, instrument))
        stated[instrument] = rows, given[rows].sum(axis=1, dtype=np.int64)
    place = mistakes.misstate_a_total(rng, stated[PHQ9][1], PHQ9)
    frames = [
        tables.stated_totals(sittings.iloc[rows], instrument, totals)
        for instrument, (rows, totals) in stated.items()
    ]
    where = {"count": 1, "file": "scores.csv", "line": _line(place.row), "scale_id": "phq9_total"}
    return pd.concat(frames, ignore_index=True), where


def _line(row: int) -> int:
    """The line of a data row counted from 0: lines count from 1 and the first is the header."""
    return row + 2


def _row_counts(
    exported: Mapping[str, pd.DataFrame], answers: Mapping[str, mistakes.Answers]
) -> dict[str, int]:
    counts = {f"{name}.csv": len(table) for name, table in exported.items() if len(table)}
    counts |= {f"responses_{name}.csv": given.size for name, given in answers.items()}
    return counts | {REPEATED_FILE[0]: counts[REPEATED_FILE[1]]}
