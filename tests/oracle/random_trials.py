"""Random clinics for relations: stated totals on a process, a mechanism and an outcome, over time.

What belongs here: how the totals move together, when they are taken, which episodes are alike.
What does not: how a score comes about (``random_clinics``), any claim (``test_*``).
"""

from random import Random

from hypothesis import strategies as st

from tests.oracle.random_clinics import Clinic, Episode, Form
from tests.oracle.random_instruments import CONTENTS, together

SCALES = {
    "process": ("process_total", "process_half"),
    "mechanism": ("mechanism_total",),
    "outcome": ("outcome_total",),
}


def trial(
    seed: int, client_count: int, visits_at_most: int, clock: str, steps: str, noise: float
) -> Clinic:
    """Clients who state four totals at most visits, one or two episodes each.

    ``noise`` is how far the outcome strays from the process: with 0 one follows the other exactly.
    ``steps`` is how scores move: ``tenths`` have no exact floats, ``few`` make ties.
    """
    chance = Random(seed)  # noqa: S311 - not for secrets
    local = together(_stated_only(chance, name) for name in SCALES)
    forms: list[Form] = []
    episodes: list[Episode] = []
    keys = list(range(1, 5000))
    chance.shuffle(keys)
    for number in range(client_count):
        for course in range(chance.choice((1, 1, 2))):
            episode_id = f"e{number}_{course}"
            program = f"program_{chance.choice(CONTENTS)}"
            conditions = tuple(chance.sample(("grief", "ptsd"), k=chance.randint(0, 2)))
            clinic_id = chance.choice(("north", None))
            if chance.random() < 0.8:
                episodes.append(Episode(episode_id, f"c{number}", program, clinic_id, conditions))
            counts_days = clock == "days" or (clock == "either" and chance.random() < 0.5)
            unlabelled = chance.random() < 0.5
            day, level = 0.0, chance.randint(10, 30)
            for visit in range(chance.randint(1, visits_at_most)):
                day += chance.choice((7.0, 7.0, 6.5, 14.0))
                level += chance.randint(-3, 3)
                for name in SCALES:
                    for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 1, 2))):  # 2: a tie in time
                        stated = _values(chance, SCALES[name], level, steps, noise)
                        forms.append(
                            Form(
                                keys.pop(),
                                f"c{number}",
                                episode_id,
                                program,
                                name,
                                {},
                                stated if chance.random() < 0.9 else dict.fromkeys(stated),
                                day=day if counts_days else None,
                                occasion=None if unlabelled else str(visit),
                                occasion_order=float(visit),
                            )
                        )
    return Clinic(forms, episodes, local)


def _values(
    chance: Random, scales: tuple[str, ...], level: int, steps: str, noise: float
) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for scale in scales:
        value = level + round(noise * chance.randint(-6, 6))
        found[scale] = {"tenths": value / 10, "whole": float(value), "few": float(value // 5)}[
            steps
        ]
    return found


def _stated_only(chance: Random, name: str) -> dict[str, list[dict[str, str]]]:
    kinds = ("total", "half") if name == "process" else ("total",)
    return {
        "instruments": [{"instrument_id": name, "role": name, "instrument_name": name}],
        "scales": [
            {
                "scale_id": f"{name}_{kind}",
                "instrument_id": name,
                "scale_kind": kind,
                "is_primary": str(kind == "total").lower(),
                "is_higher_better": chance.choice(("true", "false")),
                "scoring_rule": "stated_only",
                "multiplier": "1",
                "missing_rule": "none",
            }
            for kind in kinds
        ],
    }


def trials() -> st.SearchStrategy[Clinic]:
    return st.builds(
        trial,
        seed=st.integers(0, 2**16),
        client_count=st.sampled_from((0, 2, 8, 16, 24)),
        visits_at_most=st.sampled_from((2, 4, 6)),
        clock=st.sampled_from(("days", "occasions", "either")),
        steps=st.sampled_from(("tenths", "whole", "few")),
        noise=st.sampled_from((1.0, 0.5, 0.0)),
    )
