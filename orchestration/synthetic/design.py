"""The planted numbers: what is true of the imaginary clinic, written down once.

What belongs here: instruments' shapes, programs, conditions and every coefficient of the model.
What does not: drawing a number, or saying which numbers an estimate can recover (``truth``).

One session is one week. With ``t`` = 0 at the first session, for each client::

    self-compassion  x[t] = own level + (program growth + own growth) * t + white noise
    shame            m[t] = own level - 10 * x[t-1] + trend * t + white noise
    symptoms         y[t] = own level + direct * x[t-1] + by_shame * m[t] + trend * t + white noise

so a gain in self-compassion comes one session before relief, and shame carries part of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAXIMUM_SESSIONS = 16
FIRST_SESSION_TO_LEAVE_AFTER = 4
DAYS_BETWEEN_SESSIONS = 7
WINDOW_START = np.datetime64("2024-01-08", "D")
WINDOW_DAYS = 540  # the last first session is in mid 2025, the last session in late 2025

CLINICS = ("synthetic-clinic-a", "synthetic-clinic-b", "synthetic-clinic-c")
CLINICIANS_PER_CLINIC = 4
CLINIC_WITH_STATED_TOTALS = 0  # this clinic's exports carry the totals it worked out itself


@dataclass(frozen=True)
class Instrument:
    """The shape of one form.

    Attributes:
        instrument_id: the registry's name for it.
        groups: for each item in order, the number of the subscale that it moves with.
        minimum: lowest answer.
        maximum: highest answer.
        spread: standard deviation, in answer categories, of what is lasting about one item of a
            client, and again of what is particular to one answer. It sets internal consistency:
            near .9 for SCS and ESS, .85 for PHQ-9 and GAD-7.
        reversed_items: items (from 1) whose stored answer is minimum + maximum - keyed answer.
        rarer_items: items (from 1) that clients endorse less than the others.
    """

    instrument_id: str
    groups: tuple[int, ...]
    minimum: int
    maximum: int
    spread: float
    reversed_items: frozenset[int] = frozenset()
    rarer_items: frozenset[int] = frozenset()

    @property
    def item_count(self) -> int:
        """How many items the form has."""
        return len(self.groups)

    @property
    def is_reversed(self) -> NDArray[np.bool_]:
        """For each item in order, whether it is stored reversed."""
        return np.isin(np.arange(1, self.item_count + 1), sorted(self.reversed_items))

    @property
    def is_rarer(self) -> NDArray[np.bool_]:
        """For each item in order, whether it is endorsed less than the others."""
        return np.isin(np.arange(1, self.item_count + 1), sorted(self.rarer_items))


def _groups(item_count: int, members: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    group_of = {item: group for group, items in enumerate(members) for item in items}
    return tuple(group_of[item] for item in range(1, item_count + 1))


# Keys as in seeds/scale_items.csv, where their sources stand. The first three SCS groups are the
# compassionate ones, the last three (stored reversed) the uncompassionate ones.
_SCS_GROUPS = (
    (5, 12, 19, 23, 26), (3, 7, 10, 15), (9, 14, 17, 22),
    (1, 8, 11, 16, 21), (4, 13, 18, 25), (2, 6, 20, 24),
)  # fmt: skip
_ESS_GROUPS = (tuple(range(1, 13)), tuple(range(13, 22)), tuple(range(22, 26)))

SCS = Instrument(
    "scs", _groups(26, _SCS_GROUPS), 1, 5, 0.40, frozenset(sum(_SCS_GROUPS[3:], start=()))
)
ESS = Instrument("ess", _groups(25, _ESS_GROUPS), 1, 4, 0.35)
PHQ9 = Instrument("phq9", (0,) * 9, 0, 3, 0.25, rarer_items=frozenset({9}))
GAD7 = Instrument("gad7", (0,) * 7, 0, 3, 0.25)
INSTRUMENTS = (SCS, ESS, PHQ9, GAD7)


@dataclass(frozen=True)
class Program:
    """One imaginary program.

    Attributes:
        program_id: starts with ``synthetic_``.
        program_name: says synthetic.
        family: mindfulness, acceptance, compassion or other.
        self_compassion_content: explicit, implicit or none.
        program_format: individual or group.
        share: probability that a client is in it.
        planned_sessions: the lengths it comes in, equally likely.
        growth: points of mean-of-items self-compassion gained per session.
    """

    program_id: str
    program_name: str
    family: str
    self_compassion_content: str
    program_format: str
    share: float
    planned_sessions: tuple[int, int, int]
    growth: float


PROGRAMS = (
    Program("synthetic_msc", "Synthetic self-compassion course", "compassion", "explicit",
            "group", 0.40, (8, 10, 12), 0.05),
    Program("synthetic_cbt", "Synthetic cognitive therapy", "other", "none",
            "individual", 0.35, (12, 14, 16), 0.02),
    Program("synthetic_mbct", "Synthetic mindfulness course", "mindfulness", "implicit",
            "group", 0.25, (8, 10, 12), 0.035),
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One reason for care; shifts are added to a client's own level, so never to a slope."""

    condition_id: str
    condition_name: str
    transdiagnostic_group: str
    share: float
    phq9_shift: float
    gad7_shift: float
    ess_shift: float


CONDITIONS = (
    Condition("synthetic_depression", "Synthetic depression", "emotional", 0.40, 0.8, -0.4, 0.0),
    Condition("synthetic_anxiety", "Synthetic anxiety", "emotional", 0.30, -0.6, 0.8, -1.0),
    Condition("synthetic_trauma", "Synthetic trauma", "trauma", 0.18, 0.4, 0.3, 2.0),
    Condition("synthetic_eating", "Synthetic eating problem", "eating", 0.12, -0.4, -0.5, 2.0),
)


@dataclass(frozen=True)
class Line:
    """How one total follows from what came before it.

    Attributes:
        level: mean at the first session of a client of mean self-compassion and shame.
        level_spread: standard deviation of clients' own levels.
        level_on_scs: how a client's own level leans on the own level of self-compassion. It makes
            the slope between clients differ from the slope within a client, as in life.
        direct: points per point of self-compassion (mean of items) one session earlier.
        by_shame: points per point of shame at the same session.
        trend: points per session that have other causes.
        noise: standard deviation of the white noise.
    """

    level: float
    level_spread: float
    level_on_scs: float
    direct: float
    by_shame: float
    trend: float
    noise: float


SCS_LEVEL, SCS_LEVEL_SPREAD, SCS_GROWTH_SPREAD, SCS_NOISE = 2.45, 0.30, 0.012, 0.22
ESS_LINE = Line(62.0, 7.0, -6.0, -10.0, 0.0, -0.2, 3.0)
PHQ9_LINE = Line(15.0, 3.2, -1.5, -2.0, 0.10, -0.30, 1.6)
GAD7_LINE = Line(12.0, 2.5, -1.0, -1.4, 0.06, -0.20, 1.4)


@dataclass(frozen=True)
class Leaving:
    """Chance of leaving after a session, logistic in the PHQ-9 total observed at that session."""

    intercept: float
    per_point: float
    centre: float


LEAVING = Leaving(intercept=-3.2, per_point=0.16, centre=13.0)

# Chance that a form is incomplete. Skipped items gather at the first form (new) and the last (in a
# hurry), about 1 % of all forms: an analyst who pairs the forms on either side of a gap then
# finds the planted lag nearly undiluted.
INCOMPLETE_AT_AN_END = 0.045
INCOMPLETE_BETWEEN = 0.0015


@dataclass(frozen=True)
class Practice:
    """A home exercise of one program."""

    practice_id: str
    practice_name: str
    component_target: str
    tone: str
    program_id: str


PRACTICES = (
    Practice("synthetic_kind_pause", "Synthetic kind pause", "self_kindness", "tender",
             "synthetic_msc"),
    Practice("synthetic_quiet_sitting", "Synthetic quiet sitting", "mindfulness", "tender",
             "synthetic_mbct"),
)  # fmt: skip
