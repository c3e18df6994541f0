"""Imaginary clinics for calibration: what is true of each is planted, and known.

What belongs here: drawing panels, courses and mediations as arrays. What does not: estimating.

A panel is person + within: a lasting level, and a deviation that follows from both deviations one
moment before. Self-compassion stands around 3 (person sd .5, within sd .5), symptoms around 14
(person sd 3, within sd 2); both move with time as the mean course of a clinic does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """What is planted in a clinic's panel.

    Attributes:
        forward: symptom points at a moment per point of self-compassion one moment before.
        backward: points of self-compassion per symptom point one moment before.
        carried: how much of a deviation is left one moment later, on both scales.
        clients, moments: how many.
        is_unbalanced: whether people come between 3 and ``moments`` times.
        leaves_when_worse: whether the worse people are the likelier they do not come again.
        own_course: standard deviation of people's own slopes, as shares of within sd per moment.
    """

    name: str
    forward: float = 0.0
    backward: float = 0.0
    carried: float = 0.3
    clients: int = 200
    moments: int = 8
    is_unbalanced: bool = False
    leaves_when_worse: bool = False
    own_course: float = 0.0

    @property
    def truth(self) -> dict[str, float]:
        """The planted slope in each direction."""
        return {"process_to_outcome": self.forward, "outcome_to_process": self.backward}


PANELS = (
    Panel("no effect"),
    Panel("no effect, four moments", moments=4),
    Panel("self-compassion leads", forward=-0.8),
    Panel("only symptoms lead", backward=-0.05),
    Panel("only symptoms lead, four moments", backward=-0.05, moments=4),
    Panel("both lead", forward=-0.8, backward=-0.05),
    Panel("unbalanced visits", forward=-0.8, is_unbalanced=True),
    Panel("leaving when worse", forward=-0.8, leaves_when_worse=True),
    Panel("no effect, own courses", own_course=0.15),
)

WARM_UP = 30
X_LEVEL, X_PERSON, X_NOISE = 3.0, 0.5, 0.45
Y_LEVEL, Y_PERSON, Y_NOISE = 14.0, 3.0, 1.8
PERSON_CORRELATION, NOISE_CORRELATION = -0.4, -0.2
X_COURSE, Y_COURSE = 0.05, -0.4


def draw_panel(random: np.random.Generator, plan: Panel) -> tuple[Floats, Floats]:
    """Both scales of a clinic, shape (clients, moments), NaN after a person's last moment."""
    n = plan.clients
    person = _pairs(random, (n,), PERSON_CORRELATION)
    x, y = np.zeros(n), np.zeros(n)
    xs, ys = [], []
    course = plan.own_course * random.normal(size=(n, 2))
    for step in range(-WARM_UP, plan.moments):
        noise = _pairs(random, (n,), NOISE_CORRELATION)
        x, y = (
            plan.carried * x + plan.backward * y + X_NOISE * noise[..., 0],
            plan.forward * x + plan.carried * y + Y_NOISE * noise[..., 1],
        )
        if step >= 0:
            own_x = X_LEVEL + X_PERSON * person[:, 0] + (X_COURSE + X_NOISE * course[:, 0]) * step
            own_y = Y_LEVEL + Y_PERSON * person[:, 1] + (Y_COURSE + Y_NOISE * course[:, 1]) * step
            xs.append(own_x + x)
            ys.append(own_y + y)
    process, outcome = np.column_stack(xs), np.column_stack(ys)
    stays = np.full(n, plan.moments)
    if plan.is_unbalanced:
        stays = random.integers(3, plan.moments + 1, n)
    if plan.leaves_when_worse:
        # Like orchestration/synthetic: from the third moment on, logistic in the score just seen.
        chance = 1 / (1 + np.exp(1.7 - 0.25 * (outcome - Y_LEVEL)))
        leaves = random.random(outcome.shape) < chance
        leaves[:, :2] = False
        stays = np.where(leaves.any(axis=1), leaves.argmax(axis=1) + 1, plan.moments)
    gone = np.arange(plan.moments) >= stays[:, None]
    return np.where(gone, np.nan, process), np.where(gone, np.nan, outcome)


def _pairs(random: np.random.Generator, shape: tuple[int, ...], correlation: float) -> Floats:
    """Standard normal pairs with a correlation, shape (*shape, 2)."""
    first, other = random.normal(size=(2, *shape))
    second = correlation * first + np.sqrt(1 - correlation**2) * other
    return np.stack([first, second], axis=-1)


@dataclass(frozen=True)
class Course:
    """What is planted in early change: how the later slope leans on it, and on what else."""

    name: str
    early: float
    is_unbalanced: bool = False
    leaves_when_worse: bool = False
    clients: int = 120


COURSES = (
    Course("no effect", 0.0),
    Course("early change foretells", -0.25),
    Course("early change foretells, unbalanced visits", -0.25, is_unbalanced=True),
    Course("early change foretells, leaving when worse", -0.25, leaves_when_worse=True),
)
DAYS = 7.0 * np.arange(13)
EARLY_WINDOW = (18.0, 31.0)


def draw_course(random: np.random.Generator, plan: Course) -> tuple[Floats, Floats, Floats]:
    """Both scales and the days, shape (clients, 13), weekly; NaN where nobody came.

    Symptoms' later weekly slope is -0.2 + early x (observed early change) - 0.02 x (their own) plus
    what is the person's own (sd .15); self-compassion's later slope leans on nothing.
    """
    n, visits = plan.clients, len(DAYS)
    weeks = DAYS / 7
    level = _pairs(random, (n,), PERSON_CORRELATION)
    gain = 0.08 + 0.05 * random.normal(size=n)
    x = (
        X_LEVEL
        + X_PERSON * level[:, :1]
        + gain[:, None] * weeks
        + X_NOISE * random.normal(size=(n, visits))
    )
    fall = -0.5 + 0.3 * random.normal(size=n)
    y = (
        Y_LEVEL
        + Y_PERSON * level[:, 1:]
        + fall[:, None] * weeks
        + Y_NOISE * random.normal(size=(n, visits))
    )
    last_early = 4
    later_slope = (
        -0.2
        + plan.early * (x[:, last_early] - x[:, 0])
        - 0.02 * (y[:, last_early] - y[:, 0])
        + 0.15 * random.normal(size=n)
    )
    start = Y_LEVEL + Y_PERSON * level[:, 1] + 4 * fall
    after = weeks[last_early + 1 :] - weeks[last_early]
    y[:, last_early + 1 :] = (
        start[:, None]
        + later_slope[:, None] * after
        + Y_NOISE * random.normal(size=(n, len(after)))
    )
    day = np.broadcast_to(DAYS, (n, visits)).copy()
    comes = np.ones((n, visits), dtype=bool)
    if plan.is_unbalanced:
        comes = random.random((n, visits)) < 0.7
        comes[:, [0, last_early]] = True
    if plan.leaves_when_worse:
        chance = 1 / (1 + np.exp(2.2 - 0.25 * (y - Y_LEVEL)))
        leaves = random.random((n, visits)) < chance
        leaves[:, : last_early + 1] = False
        gone = np.cumsum(leaves, axis=1) > leaves
        comes &= ~(gone)
    return tuple(np.where(comes, values, np.nan) for values in (x, y, day))  # type: ignore[return-value]


@dataclass(frozen=True)
class Path:
    """What is planted in a mediation: both paths, and how cause and mediator arise."""

    name: str
    kind: str
    a: float
    b: float
    clients: int = 120


PATHS = (
    Path("both paths", "arm", 0.5, -2.0),
    Path("only a", "arm", 0.5, 0.0),
    Path("only b", "arm", 0.0, -2.0),
    Path("neither", "arm", 0.0, 0.0),
    Path("both paths", "scale", -0.5, -2.0),
    Path("neither", "scale", 0.0, 0.0),
    Path("both paths", "time", 0.4, -2.0),
    Path("only a", "time", 0.4, 0.0),
)


def draw_path(random: np.random.Generator, plan: Path) -> tuple[Floats, Floats, Floats | None]:
    """Mediator and outcome (first, middle, last), shape (clients, 3) each, and the cause.

    The mediator's middle score follows from the cause, the outcome's last from that middle score.
    """
    n = plan.clients
    cause = None
    effect = np.full(n, plan.a)
    if plan.kind == "arm":
        cause = np.arange(n) % 2 * 1.0
        effect = plan.a * cause
    elif plan.kind == "scale":
        cause = random.normal(size=n)
        effect = plan.a * cause
    level = _pairs(random, (n,), PERSON_CORRELATION)
    m = 3 + 0.5 * level[:, :1] + 0.3 * random.normal(size=(n, 3))
    change = effect + 0.3 * random.normal(size=n)
    m[:, 1] = m[:, 0] + change
    m[:, 2] = m[:, 1] + 0.2 * random.normal(size=n)
    y = 14 + 3 * level[:, 1:] + 1.5 * random.normal(size=(n, 3))
    y[:, 2] = y[:, 1] + plan.b * change + 1.5 * random.normal(size=n)
    return m, y, cause
