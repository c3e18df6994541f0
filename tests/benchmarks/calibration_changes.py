"""Do the intervals of the link of change with change cover what was planted, and no more?

What belongs here: thousands of small imaginary clinics whose true effects are known, each estimator
of change with change on all of them, and the table of how often an interval held the truth and how
often an effect was found where there was none.
What does not: estimators over time (``calibration``), equality with other software (unit tests).

Run ``python -m tests.benchmarks.calibration_changes``: about two minutes. Every clinic is a program
of one large frame, so that an estimator is called once.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from orchestration.statistics import (
    associations,
    components,
    concordance,
    delivery,
    moderation,
    pooling,
    practice,
    sensitivity,
)
from orchestration.statistics.relative_weights import relative_weights

Floats = NDArray[np.float64]
RESULT = Path(__file__).with_name("calibration_changes.md")
# What the issue asks for.
COVERAGE, FALSE = (0.93, 0.97), (0.04, 0.06)
LINK = {"process_scale_id": "care", "outcome_scale_id": "mood", "interval_name": "first_to_last"}
FLOORS = {"minimum_pairs": 20, "minimum_cases_per_predictor": 10}


def main() -> None:
    """Run all, print the table and write it beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinics", type=int, default=4000)
    parser.add_argument("--clients", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows: list[dict[str, object]] = []
    for place, study in enumerate(STUDIES):
        random = np.random.default_rng([given.seed, place])
        for row in study(random, given.clinics, given.clients):
            rows.append(row)
            sys.stdout.write(" | ".join(str(value) for value in row.values()) + "\n")
    RESULT.write_text(_page(rows, given), encoding="utf-8")


def _page(rows: list[dict[str, object]], given: argparse.Namespace) -> str:
    head = "| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0])
    lines = "\n".join(
        "| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows
    )
    return f"""# Change with change: do the intervals hold?

`python -m tests.benchmarks.calibration_changes --clinics {given.clinics} \
--clients {given.clients} --seed {given.seed}` wrote this table.

{given.clinics} imaginary clinics of {given.clients} clients for each row; estimators are those of \
`orchestration/statistics`. Coverage: how often the 95 % interval held what was planted (wanted: \
93-97 %). Found: how often an interval left out 0, or p < .05, where nothing was planted (wanted: \
4-6 %). By chance alone a share of 5 % is seen as 4.3-5.7 % in 4000 clinics. Bias: mean estimate \
minus the truth.

{head}
{lines}

{NOTES}
"""


def _row(
    estimator: str,
    planted: str,
    frame: pd.DataFrame,
    truth: Floats | float,
    columns: tuple[str, str, str] = ("estimate", "interval_low", "interval_high"),
) -> dict[str, object]:
    """Coverage and bias of one estimator."""
    known = frame[frame["status"] == "estimated"]
    value, low, high = (known[name].to_numpy(float) for name in columns)
    target = np.broadcast_to(np.asarray(truth, float), len(frame))
    target = target[(frame["status"] == "estimated").to_numpy()]
    held = np.isfinite(low) & np.isfinite(high)
    covered = float(np.mean((low <= target) & (target <= high), where=held))
    is_null = bool(np.all(target == 0))
    wanted, share = (FALSE, 1 - covered) if is_null else (COVERAGE, covered)
    return {
        "estimator": estimator,
        "planted": planted,
        "clinics": int(held.sum()),
        "bias": f"{np.nanmean(value - target):+.3f}",
        "coverage": "" if is_null else f"{100 * covered:.1f} %",
        "found": f"{100 * share:.1f} %" if is_null else "",
        "verdict": "holds" if wanted[0] <= share <= wanted[1] else "misses",
    }


def _tested(estimator: str, planted: str, p_values: pd.Series) -> dict[str, object]:
    """How often a test finds what is not there."""
    share = float((p_values.dropna().to_numpy(float) < 0.05).mean())
    return {
        "estimator": estimator,
        "planted": planted,
        "clinics": int(p_values.notna().sum()),
        "bias": "",
        "coverage": "",
        "found": f"{100 * share:.1f} %",
        "verdict": "holds" if FALSE[0] <= share <= FALSE[1] else "misses",
    }


# ---------------------------------------------------------------- associations

# Order: process and outcome at baseline, process and outcome at the end; true scores.
BASELINE_R, RELIABILITY = -0.4, 0.8


def _true_covariance(link: float) -> Floats:
    """Of (pb, ob, pf, of): change is independent of where one began; SD of true change 1."""
    start = np.array([[1.0, BASELINE_R], [BASELINE_R, 1.0]])
    change = np.array([[1.0, link], [link, 1.0]])
    return np.block([[start, start], [start, start + change]])


def _moments(scores: Floats) -> dict[str, Floats]:
    """Moments of each clinic; ``scores`` is clinics x clients x 4."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    covariance = np.einsum("cni,cnj->cij", centred, centred) / (scores.shape[1] - 1)
    spread = np.sqrt(np.einsum("cii->ci", covariance))
    r = covariance / spread[:, :, None] / spread[:, None, :]
    change = scores[:, :, 2:] - scores[:, :, :2]
    moved = change - change.mean(axis=1, keepdims=True)
    squares = np.einsum("cni,cnj->cij", moved, moved) / (scores.shape[1] - 1)
    sd = np.sqrt(np.einsum("cii->ci", squares))
    ranks = stats.rankdata(change, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    rank_squares = np.einsum("cni,cnj->cij", ranks, ranks)
    return {
        "pearson_r": squares[:, 0, 1] / sd.prod(axis=1),
        "spearman_rho": rank_squares[:, 0, 1]
        / np.sqrt(rank_squares[:, 0, 0] * rank_squares[:, 1, 1]),
        "slope": squares[:, 0, 1] / squares[:, 0, 0],
        "process_change_sd": sd[:, 0],
        "outcome_change_sd": sd[:, 1],
        "process_baseline_sd": spread[:, 0],
        "outcome_baseline_sd": spread[:, 1],
        **{
            name: r[:, i, j]
            for name, (i, j) in {
                "r_pb_ob": (0, 1),
                "r_pb_pf": (0, 2),
                "r_pb_of": (0, 3),
                "r_pf_ob": (2, 1),
                "r_pf_of": (2, 3),
                "r_ob_of": (1, 3),
            }.items()
        },
    }


def _associations(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    noise = np.sqrt(1 / RELIABILITY - 1)
    for link, planted in ((0.5, "true r of change .5"), (0.0, "nothing")):
        truth = _true_covariance(link)
        scores = random.multivariate_normal(np.zeros(4), truth, (clinics, clients))
        scores = scores + random.normal(0, noise, scores.shape)
        seen = truth + noise**2 * np.eye(4)
        step = np.array([[-1, 0, 1, 0], [0, -1, 0, 1.0]])
        change = step @ seen @ step.T
        r = change[0, 1] / np.sqrt(change[0, 0] * change[1, 1])
        frame = pd.DataFrame(_moments(scores)).assign(
            **dict.fromkeys(associations.KEYS, "x"),
            **dict.fromkeys(associations.DIRECTIONS, True),
            **dict.fromkeys(associations.SOURCES, "known"),
            sample_size=clients,
            process_reliability=RELIABILITY,
            outcome_reliability=RELIABILITY,
            process_difference_error=1.0,
            outcome_difference_error=1.0,
        )
        found = associations.estimate(frame, minimum_pairs=20)

        def left(given: Floats, covariance: Floats = seen) -> Floats:
            """Covariance of the finals, given linear combinations of the baselines each."""
            take = np.hstack([given, np.eye(2)])
            made: Floats = take @ covariance @ take.T
            return made

        both = np.linalg.solve(seen[:2, :2], seen[:2, 2:]).T
        own = np.diag([seen[0, 2] / seen[0, 0], seen[1, 3] / seen[1, 1]])
        partial, residual = left(-both), left(-own)
        truths = {
            "pearson_r": (r, ""),
            "spearman_rho": (6 / np.pi * np.arcsin(r / 2), "spearman_"),
            "partial_r": (partial[0, 1] / np.sqrt(partial[0, 0] * partial[1, 1]), "partial_"),
            "residualised_r": (
                residual[0, 1] / np.sqrt(residual[0, 0] * residual[1, 1]),
                "residualised_",
            ),
            "slope": (change[0, 1] / change[0, 0], "slope_"),
            "true_r": (link, "true_r_"),
        }
        for name, (target, prefix) in truths.items():
            columns = (name, f"{prefix}interval_low", f"{prefix}interval_high")
            # With nothing planted a partial correlation of noisy scores is not quite 0.
            near = 0.0 if abs(target) < 1e-12 else target
            yield _row(f"associations: {name}", planted, found, near, columns)


# ---------------------------------------------------------------- concordance


def _concordance(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    for improved, others in ((0.6, 0.3), (0.4, 0.4)):
        process = random.random((clinics, clients)) < 0.5
        chance = np.where(process, improved, others)
        outcome = random.random((clinics, clients)) < chance
        cells = dict.fromkeys(concordance.CELLS, 0)
        frame = pd.DataFrame([dict.fromkeys(concordance.KEYS, "x") | cells] * clinics).assign(
            improved_improved_count=(process & outcome).sum(axis=1),
            improved_unchanged_count=(process & ~outcome).sum(axis=1),
            unchanged_improved_count=(~process & outcome).sum(axis=1),
            unchanged_unchanged_count=(~process & ~outcome).sum(axis=1),
        )
        found = concordance.estimate(frame, minimum_pairs=20)
        planted = "nothing" if improved == others else f"difference {improved - others:.1f}"
        yield _row("concordance: difference", planted, found, round(improved - others, 10))


# ---------------------------------------------------------------- components


def _components(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    names = [f"part_{place}" for place in range(6)]
    between = np.full((6, 6), 0.5) + 0.5 * np.eye(6)
    for slopes in (np.array([0.3, 0.15, 0, 0, 0.1, 0]), np.zeros(6)):
        x = random.multivariate_normal(np.zeros(6), between, (clinics, clients))
        y = x @ slopes + random.normal(0, 1, (clinics, clients))
        both = np.concatenate([y[:, :, None], x], axis=2)
        both = both - both.mean(axis=1, keepdims=True)
        covariance = np.einsum("cni,cnj->cij", both, both) / (clients - 1)
        i, j = np.triu_indices(7)
        variables = np.array(["outcome", *names])
        products = pd.DataFrame(
            {
                **dict.fromkeys(components.KEYS, "x"),
                "stratum_id": np.repeat(np.arange(clinics).astype(str), len(i)),
                "left_variable": np.tile(variables[i], clinics),
                "right_variable": np.tile(variables[j], clinics),
                "covariance": covariance[:, i, j].ravel(),
                "sample_size": clients,
            }
        )
        found = components.estimate(products, **FLOORS)
        variance = slopes @ between @ slopes + 1
        r = np.block(
            [
                [np.ones((1, 1)), (between @ slopes)[None] / np.sqrt(variance)],
                [np.zeros((6, 1)), between],
            ]
        )
        r[1:, 0] = r[0, 1:]
        weights = relative_weights(r)
        for place in (0, 1, 2) if slopes.any() else (0,):
            part = found[found["predictor_id"] == names[place]]
            target = slopes[place] / np.sqrt(variance)
            planted = f"slope {target:.2f}" if target else "nothing"
            yield _row("components: standardised slope", planted, part, target)
            if slopes.any():
                yield _row(
                    "components: relative weight",
                    f"weight {weights[place]:.3f}",
                    part,
                    weights[place],
                    tuple(
                        f"relative_weight{end}" for end in ("", "_interval_low", "_interval_high")
                    ),
                )


# ---------------------------------------------------------------- pooling


def _pooling(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    groups, centre = 8, 0.3
    for tau in (0.2, 0.0):
        true = np.arctanh(centre) + random.normal(0, tau, (clinics, groups + 1))
        sizes = np.tile(np.linspace(clients // 2, 2 * clients, groups).astype(int), (clinics, 1))
        # Correlations of samples, drawn as samples: Fisher's z only comes near their law.
        r = np.empty((clinics, groups))
        for group in range(groups):
            n = sizes[0, group]
            x = random.normal(0, 1, (clinics, n))
            rho = np.tanh(true[:, group])[:, None]
            y = rho * x + np.sqrt(1 - rho**2) * random.normal(0, 1, (clinics, n))
            x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
            r[:, group] = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
        frame = pd.DataFrame(
            {
                "stratum_kind": "program",
                "stratum_id": np.tile(np.arange(groups).astype(str), clinics),
                **LINK,
                "process_scale_id": np.repeat(np.arange(clinics).astype(str), groups),
                "sample_size": sizes.ravel(),
                "pearson_r": r.ravel(),
                "status": "estimated",
            }
        )
        found = pooling.estimate(frame, pooled_over=("program",), interval_names=("first_to_last",))
        order = found["process_scale_id"].astype(int).to_numpy()
        planted = f"mean r {centre}, SD of z {tau}"
        yield _row("pooled: mean r", planted, found, centre)
        ends = ("estimate", "prediction_low", "prediction_high")
        if tau:
            another = np.tanh(true[order, groups])
            yield _row("pooled: another group's true r", planted, found, another, ends)
            ends = ("tau_squared", "tau_squared_interval_low", "tau_squared_interval_high")
            yield _row("pooled: tau squared", planted, found, tau**2, ends)
        else:
            yield _tested("pooled: Q", "all groups the same", found["heterogeneity_p_value"])


# ---------------------------------------------------------------- rows


def _rows(
    clinics: int, x: Floats, y: Floats, first: Floats, second: Floats, **columns: object
) -> pd.DataFrame:
    """Every clinic a program; arrays are clinics x clients."""
    count = x.shape[1]
    return pd.DataFrame(
        {
            "episode_number": np.arange(clinics * count),
            "program_id": np.repeat(np.arange(clinics).astype(str), count),
            "is_counted_overall": True,
            "process_scale_id": "care",
            "outcome_scale_id": "mood",
            "is_negative_control": False,
            "is_completer": pd.NA,
            "process_baseline": first.ravel(),
            "process_change": x.ravel(),
            "outcome_baseline": second.ravel(),
            "outcome_change": y.ravel(),
        }
        | columns
    )


def _covariates(values: Floats, kind: str, name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "episode_number": np.arange(values.size),
            "covariate_kind": kind,
            "covariate_id": name,
            "covariate_value": values.ravel(),
        }
    )


def _nothing_known() -> pd.DataFrame:
    columns = [*moderation.GROUP_COLUMNS, "process_reliability", "outcome_reliability"]
    return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns, object))


def _moderation(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for interaction in (0.3, 0.0):
        x, m = random.normal(0, 1, shape), random.normal(0, 1, shape)
        # The spread of what is left grows with the change: what HC3 is for.
        y = (0.4 + interaction * m) * x + 0.2 * m + random.normal(0, 1, shape) * (0.5 + 0.5 * x**2)
        rows = _rows(clinics, x, y, m, random.normal(0, 1, shape))
        found = moderation.estimate(
            rows,
            _covariates(m, "baseline_score", "shy").iloc[:0],
            _nothing_known(),
            group_kinds=(),
            **FLOORS,
        )
        found = found[found["stratum_kind"] == "program"]
        of = {level: found[found["moderator_level"] == level] for level in ("interaction", "mean")}
        planted = f"interaction {interaction}, uneven spread" if interaction else "nothing"
        yield _row("moderation: interaction (HC3)", planted, of["interaction"], interaction)
        if interaction:
            at_mean = 0.4 + interaction * of["mean"]["moderator_value"].to_numpy(float)
            yield _row("moderation: slope at the mean", planted, of["mean"], at_mean)
    groups = 4
    sizes = np.linspace(clients // 2, 2 * clients, groups).astype(int)
    p_values = []
    frames = []
    for group, n in enumerate(sizes):
        x = random.normal(0, 1 + group / 2, (clinics, n))
        y = 0.5 * x + random.normal(0, 2 - group / 3, (clinics, n))
        x, y = (v - v.mean(axis=1, keepdims=True) for v in (x, y))
        slope = (x * y).sum(axis=1) / (x**2).sum(axis=1)
        left = ((y - slope[:, None] * x) ** 2).sum(axis=1) / (n - 2)
        frames.append((slope, left / (x**2).sum(axis=1)))
    slopes, variances = (np.column_stack(part) for part in zip(*frames, strict=True))
    p_values = [
        moderation.welch_p(slope, variance, sizes - 2.0)
        for slope, variance in zip(slopes, variances, strict=True)
    ]
    yield _tested(
        "moderation: Welch's test of slopes", "same slope, uneven spread", pd.Series(p_values)
    )


def _sensitivity(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, 2 * clients)
    for slope, steeper, planted in (
        (-0.5, 0.0, "slope -.5, the worse off leave"),
        (0.0, 0.0, "nothing, the worse off leave"),
        (-0.5, -0.4, "mean slope -.5, steeper for the worse off, who leave"),
    ):
        first, second = random.normal(0, 1, shape), random.normal(0, 1, shape)
        x = random.normal(0, 1, shape)
        y = (slope + steeper * second) * x + random.normal(0, 1, shape)
        stays = random.random(shape) < 1 / (1 + np.exp(second))
        rows = _rows(clinics, x, np.where(stays, y, np.nan), first, second)
        rows["is_completer"] = random.random(len(rows)) < 0.7
        found = sensitivity.estimate(rows, _nothing_known(), minimum_pairs=20)
        found = found[found["stratum_kind"] == "program"]
        kept = ("all_available", "completers_only", "given_both_baselines", "dropout_weighted")
        for name in kept if not steeper else ("all_available", "dropout_weighted"):
            one = found[found["analysis"] == name]
            yield _row(f"sensitivity: {name}", planted, one, slope)


def _delivery(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for slopes in ((0.4, 0.2), (0.0, 0.0)):
        bond = random.normal(0, 1, shape)
        x = 0.5 * bond + np.sqrt(0.75) * random.normal(0, 1, shape)
        y = slopes[0] * x + slopes[1] * bond + random.normal(0, 1, shape)
        spread = np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2 + slopes[0] * slopes[1])
        rows = _rows(clinics, x, y, random.normal(0, 1, shape), random.normal(0, 1, shape))
        found = delivery.estimate(rows, _covariates(bond, "delivery", "alliance"), **FLOORS)
        found = found[found["stratum_kind"] == "program"]
        for name, slope in zip(delivery.PREDICTORS, slopes, strict=True):
            target = slope / spread
            planted = f"standardised slope {target:.2f}" if slope else "nothing"
            yield _row(f"delivery: {name}", planted, found[found["predictor"] == name], target)


def _practice(random: np.random.Generator, clinics: int, clients: int) -> Iterator[dict]:
    shape = (clinics, clients)
    for r in (0.4, 0.0):
        practised = random.normal(0, 1, (4, *shape))
        changed = r * practised[0] + np.sqrt(1 - r**2) * random.normal(0, 1, shape)
        rows = _rows(clinics, changed, changed, changed, changed)
        given = pd.concat(
            [
                *(_covariates(one, "practice", f"p{place}") for place, one in enumerate(practised)),
                _covariates(changed, "component_change", "warm"),
            ]
        )
        found = practice.estimate(rows, given, minimum_pairs=20)
        found = found[found["stratum_kind"] == "program"]
        first = found[found["practice_id"] == "p0"]
        yield _row("practice: r", f"r {r}" if r else "nothing", first, r)
        if not r:
            smallest = found.groupby("stratum_id")["q_value"].min()
            yield _tested("practice: any q < .05 of four", "nothing", smallest)


STUDIES: tuple[Callable[[np.random.Generator, int, int], Iterator[dict]], ...] = (
    _associations,
    _concordance,
    _components,
    _pooling,
    _moderation,
    _sensitivity,
    _delivery,
    _practice,
)
NOTES = """What misses, and why:

* Relative weights are never below 0 and so too large on average (+.01 here); with 80 people their
  intervals hold a weight of .04-.07 in 90-92 of 100 clinics. Subtracting the mean bias made it
  worse (80-87 %), the logarithm too; the square root is what is shipped. They are approximate.
* With severity-dependent dropout and a slope that depends on severity, the slope of all available
  people is biased (+.17 of -.50 here): no interval around it can hold. Weighing for dropout takes
  most of the bias away as long as severity at the start is all that decides who leaves. Where
  severity moves dropout but not the slope, neither is biased.

The usual range of another group (one tau squared, t with k - 2 degrees) held 82-94 % in four of
five trials of 600 pools (3 to 15 groups, SD of Fisher z 0 to .2); the one shipped held 92-96 %."""

if __name__ == "__main__":
    main()
